package import NIOCore
package import Wire

/// Whoever a socket belongs to. Called on the socket's event loop.
package protocol ClientSocketDelegate: AnyObject {
    /// A text message came; the bytes are good until the call returns.
    func receive(text: UnsafeRawBufferPointer)
    /// The socket has ended, once: the close code, or 1006 when there was none.
    func socketDidClose(code: UInt16)
}

/// An open WebSocket to a node. Confined to its event loop; what is sent in one turn of the loop
/// leaves in one write.
package final class ClientSocket: ChannelInboundHandler {
    /// Bytes of the connection.
    package typealias InboundIn = ByteBuffer
    /// Bytes of the connection.
    package typealias OutboundOut = ByteBuffer

    private weak var delegate: (any ClientSocketDelegate)?
    private var context: ChannelHandlerContext?
    private var reader = SocketReader()
    /// The beginning of a frame whose end has not come.
    private var partial: ByteBuffer?
    private var pending = ByteBuffer()
    private var isFlushScheduled = false
    private var mask: UInt32
    private var code = ClientSocket.abnormal
    private var hasEnded = false

    /// The code of a connection that was lost (RFC 6455 section 7.1.5).
    package static let abnormal: UInt16 = 1006

    init(delegate: any ClientSocketDelegate, mask: UInt32) {
        self.delegate = delegate
        self.mask = mask
    }

    // MARK: Handlers

    /// The socket has its connection.
    package func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    /// The socket has lost its connection.
    package func handlerRemoved(context: ChannelHandlerContext) {
        end()
        self.context = nil
    }

    /// The connection has ended.
    package func channelInactive(context: ChannelHandlerContext) { end() }

    /// Whatever it is, the connection is of no use any more.
    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Takes in bytes; a frame that is not whole waits for the rest.
    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = Self.unwrapInboundIn(data)
        if var partial {
            partial.writeBuffer(&bytes)
            bytes = partial
            self.partial = nil
        }
        var failure: TransportError?
        let consumed = bytes.withUnsafeReadableBytes { readable -> Int in
            do throws(TransportError) {
                return try reader.read(readable) { event in take(event) }
            } catch {
                failure = error
                return readable.count
            }
        }
        guard failure == nil else {
            context.close(promise: nil)
            return
        }
        bytes.moveReaderIndex(forwardBy: consumed)
        guard bytes.readableBytes > 0 else { return }
        // A copy: the buffer itself is as large as a whole read.
        var rest = context.channel.allocator.buffer(capacity: bytes.readableBytes)
        rest.writeBuffer(&bytes)
        partial = rest
    }

    private func take(_ event: SocketReader.Event) {
        switch event {
        case .text(let text): delegate?.receive(text: text)
        case .ping(let payload): append(.pong, payload)
        case .close(let code):
            if self.code == ClientSocket.abnormal { self.code = code }
            close(code: code == 1005 ? 1000 : code)
        }
    }

    private func end() {
        guard !hasEnded else { return }
        hasEnded = true
        delegate?.socketDidClose(code: code)
    }

    // MARK: What its owner does

    /// Sends one frame of the protocol.
    package func send(_ frame: ClientFrame) { send(text: frame.jsonBytes) }

    /// Sends a text message.
    package func send(text: [UInt8]) { text.withUnsafeBytes { append(.text, $0) } }

    /// Says farewell and closes the connection.
    package func close(code: UInt16 = 1000) {
        withUnsafeBytes(of: code.bigEndian) { append(.close, $0) }
        flush()
        context?.close(promise: nil)
    }

    /// Ends the connection without a word.
    package func abort() { context?.close(promise: nil) }

    /// Reads nothing any more: what the node sends stays in the buffers of both systems, until they
    /// are full. That the connection ends is not noticed either.
    package func stopReading() {
        context?.channel.setOption(.autoRead, value: false).assumeIsolated().whenComplete { _ in }
    }

    /// Tells its owner nothing any more.
    package func forget() { delegate = nil }

    private func append(_ opcode: SocketWriter.Opcode, _ payload: UnsafeRawBufferPointer) {
        guard let context, !hasEnded else { return }
        mask = mask &* 1_664_525 &+ 1_013_904_223
        SocketWriter.append(opcode, payload, mask: mask, to: &pending)
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        context.eventLoop.assumeIsolated().execute { self.flush() }
    }

    private func flush() {
        isFlushScheduled = false
        guard let context, pending.readableBytes > 0 else { return }
        let bytes = pending
        // At rest a socket holds no buffer.
        pending = ByteBuffer()
        context.writeAndFlush(Self.wrapOutboundOut(bytes), promise: nil)
    }
}
