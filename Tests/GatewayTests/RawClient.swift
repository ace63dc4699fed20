import NIOCore
import NIOPosix
import NIOSSL

/// A connection as an attacker has it: any bytes out, all bytes in.
final class RawClient {
    private let channel: any Channel
    private var incoming: AsyncStream<ByteBuffer>.Iterator
    private var buffer = ByteBuffer()

    /// Connects to a port of this machine; with TLS when `tls` is given.
    init(port: Int, tls: TLSConfiguration? = nil) async throws {
        let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
        let context = try tls.map { try NIOSSLContext(configuration: $0) }
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(
                            try NIOSSLClientHandler(context: context, serverHostname: "localhost"))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        ByteCollector(continuation: continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        incoming = stream.makeAsyncIterator()
    }

    /// Sends bytes; fails when the connection is gone.
    func send(_ bytes: some Sequence<UInt8>) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    /// The bytes up to and including `marker`; nil when the connection ends before.
    func receive(upTo marker: String) async -> String? {
        let marker = Array(marker.utf8)
        var start = 0
        while true {
            let bytes = Array(buffer.readableBytesView)
            while start + marker.count <= bytes.count {
                if Array(bytes[start..<(start + marker.count)]) == marker {
                    return buffer.readString(length: start + marker.count)
                }
                start += 1
            }
            guard await more() else { return nil }
        }
    }

    /// Exactly `count` bytes; nil when the connection ends before.
    func receive(count: Int) async -> [UInt8]? {
        while buffer.readableBytes < count {
            guard await more() else { return nil }
        }
        return buffer.readBytes(length: count)
    }

    /// Everything until the other side closes.
    func receiveAll() async -> [UInt8] {
        while await more() {}
        return Array(buffer.readableBytesView)
    }

    /// Stops or goes on reading what arrives.
    func setReading(_ isReading: Bool) async throws {
        try await channel.setOption(.autoRead, value: isReading).get()
    }

    func close() async { try? await channel.close() }

    private func more() async -> Bool {
        guard var next = await incoming.next(isolation: #isolation) else { return false }
        buffer.writeBuffer(&next)
        return true
    }
}

/// Hands the bytes of a connection to a stream that ends with it.
private final class ByteCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let continuation: AsyncStream<ByteBuffer>.Continuation

    init(continuation: AsyncStream<ByteBuffer>.Continuation) {
        self.continuation = continuation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        continuation.yield(Self.unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) { continuation.finish() }
}
