internal import Identity
internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import Wire

/// One attempt of a link, as a channel handler: it cuts frames and reports; ``PeerLink`` decides.
final class OutgoingConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let link: PeerLink
    private let attempt: UInt64
    private var context: ChannelHandlerContext?
    private var decoder = FrameDecoder(frameBytesMax: PeerLimits.handshakeBytesMax)

    init(link: PeerLink, attempt: UInt64) {
        self.link = link
        self.attempt = attempt
    }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func write(_ frame: PeerFrame) {
        guard let context, let bytes = try? frame.encoded() else { return }
        link.wrote(byteCount: bytes.count)
        context.writeAndFlush(
            wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    }

    func close() {
        context?.close(promise: nil)
    }

    /// The names in the certificate of the other node.
    func peerNames() -> [String] {
        guard let context,
            let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate(),
            let der = try? certificate.toDERBytes()
        else { return [] }
        return PeerCertificate.names(der: der)
    }

    func acceptLargeFrames() {
        decoder.frameBytesMax = PeerLimits.frameBytesMax
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted = event {
            link.secured(self, attempt: attempt)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data).readableBytesView)
        do throws(WireError) {
            while let frame = try decoder.next() {
                link.received(frame, on: self, attempt: attempt)
            }
        } catch {
            context.close(promise: nil)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { link.flush() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        link.failed(error, attempt: attempt)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        link.closed(attempt: attempt)
        context.fireChannelInactive()
    }
}
