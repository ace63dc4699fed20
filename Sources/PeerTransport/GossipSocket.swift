internal import Membership
internal import NIOCore
internal import NIOPosix

/// The UDP socket of gossip: datagrams in, datagrams out. Nothing that arrives can close it or trap.
final class GossipSocket: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    /// Above the largest datagram, so that what is too large is seen to be.
    private static let receiveBytes = 2_048
    private static let datagramsPerRead = 16
    private static let socketBufferBytes = 1_024 * 1_024
    private static let addressesMax = 4_096

    private let core: TransportCore
    private var channel: (any Channel)?
    private var addresses: [GossipAddress: SocketAddress] = [:]

    init(core: TransportCore) {
        self.core = core
    }

    /// Binds; the future has the real port.
    func bind(address: SocketAddress) -> EventLoopFuture<UInt16> {
        let handler = NIOLoopBound(self, eventLoop: core.eventLoop)
        return DatagramBootstrap(group: core.eventLoop)
            .channelOption(.socketOption(.so_rcvbuf), value: Self.socketBufferBytes)
            .channelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(
                    capacity: Self.receiveBytes * Self.datagramsPerRead)
            )
            .channelOption(.datagramVectorReadMessageCount, value: Self.datagramsPerRead)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
            .bind(to: address)
            .map { channel in
                handler.value.channel = channel
                return UInt16(clamping: channel.localAddress?.port ?? 0)
            }
    }

    /// Sends what it can; a datagram may always get lost.
    func send(_ message: MembershipMessage, to address: GossipAddress) {
        guard let channel, channel.isWritable, let target = socketAddress(address),
            let bytes = core.sealer.seal(message)
        else {
            core.counters.datagramsUnsendable += 1
            return
        }
        core.counters.datagramsSent += 1
        let envelope = AddressedEnvelope(
            remoteAddress: target, data: channel.allocator.buffer(bytes: bytes))
        channel.writeAndFlush(envelope, promise: nil)
    }

    func close() -> EventLoopFuture<Void> {
        guard let channel else { return core.eventLoop.makeSucceededVoidFuture() }
        self.channel = nil
        channel.close(promise: nil)
        return channel.closeFuture
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let host = envelope.remoteAddress.ipAddress, let port = envelope.remoteAddress.port
        else { return }
        switch core.sealer.open(Array(envelope.data.readableBytesView)) {
        case .success(let message):
            core.counters.datagramsReceived += 1
            core.delegate?.transport(
                received: message, from: GossipAddress(host: host, port: UInt16(clamping: port)))
        case .failure(let drop):
            core.counters.datagramsDropped[drop.reason, default: 0] += 1
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // An unreachable receiver is reported as an error of the socket; it says nothing about the
        // socket itself, and membership notices by itself.
        core.counters.datagramsUnsendable += 1
    }

    private func socketAddress(_ address: GossipAddress) -> SocketAddress? {
        if let known = addresses[address] { return known }
        guard let made = try? SocketAddress(ipAddress: address.host, port: Int(address.port)) else {
            return nil
        }
        if addresses.count >= Self.addressesMax { addresses = [:] }
        addresses[address] = made
        return made
    }
}
