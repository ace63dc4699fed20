internal import Determinism
internal import HummingbirdCore
internal import NIOCore
internal import NIOExtras
internal import NIOWebSocket
internal import Node

/// One WebSocket: bytes to messages for its hub, and the hub's frames to bytes. Confined to its
/// event loop; it decides nothing but what RFC 6455 says.
final class ClientSocket: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// The cluster is being asked who this is; nothing is read meanwhile.
        case authenticating(held: [WebSocketFrame])
        case open
        /// Our close frame is out; what the peer still says is not heard.
        case closing
        case closed
    }

    /// How much waits to be written.
    struct Backlog: Equatable {
        var frameCount = 0
        var byteCount = 0
    }

    private let core: HubCore
    private let token: SessionToken?
    private let origin: String?
    private let timeouts: GatewayTimeouts
    private let metrics: GatewayMetrics
    private(set) var id = SocketID(0)
    private var state = State.closed
    private var assembly = MessageAssembly()
    private var context: ChannelHandlerContext?
    /// The last frame of the turn, kept back so that its promise tells when the turn is written.
    private var last: ByteBuffer?
    private var turn = Backlog()
    private(set) var backlog = Backlog()
    /// Whether the hub knows of a backlog that is not empty.
    var hasReportedBacklog = false
    /// Whether the hub's loop will flush this socket at the end of the turn.
    var isDirty = false

    init(
        core: HubCore, token: SessionToken?, origin: String?, timeouts: GatewayTimeouts,
        metrics: GatewayMetrics
    ) {
        self.core = core
        self.token = token
        self.origin = origin
        self.timeouts = timeouts
        self.metrics = metrics
    }

    // MARK: What the connection says

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        metrics.count(.socketsOpened)
        state = .authenticating(held: [])
        setReading(false)
        id = core.add(self, token: token)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        leave()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        receive(Self.unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            end(1001, reason: "the node is stopping")
        case ChannelEvent.inputClosed:
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? NIOWebSocketError else {
            context.close(promise: nil)
            return
        }
        violate(error == .invalidFrameLength ? 1009 : 1002)
    }

    private func receive(_ frame: WebSocketFrame) {
        switch state {
        case .authenticating(var held):
            guard held.count < ClientSocket.heldFramesMax else {
                violate(1008)
                return
            }
            held.append(frame)
            state = .authenticating(held: held)
        case .open:
            take(assembly.receive(frame))
        case .closing:
            if frame.opcode == .connectionClose { context?.close(promise: nil) }
        case .closed:
            break
        }
    }

    private func take(_ step: MessageAssembly.Step) {
        switch step {
        case .nothing: break
        case .text(let bytes):
            metrics.count(.framesReceived)
            core.submit(.frame(id, bytes))
        case .ping(let data):
            // A peer that does not read gets no pongs (section 5.5.3 lets them be left out).
            if backlog.frameCount < ClientSocket.pongsMax { write(ServerFrameBytes.pong(data)) }
        case .close(let code):
            end(code ?? 1000, reason: "", isAnswer: true)
        case .violation(let code):
            violate(code)
        }
    }

    private func violate(_ code: UInt16) {
        metrics.count(.socketErrors)
        end(code, reason: "")
    }

    // MARK: What the hub says

    /// The cluster has said who this is, or that it is nobody: the hub takes over.
    func open(grant: SessionGrant?) {
        guard case .authenticating(let held) = state else { return }
        state = .open
        core.submit(.opened(id, grant: grant, origin: origin))
        for frame in held { receive(frame) }
        setReading(true)
    }

    /// Writes the bytes of a frame; they leave at the end of the turn.
    func write(_ bytes: ByteBuffer) {
        guard let context, case .open = state else { return }
        if let last { context.write(Self.wrapOutboundOut(last), promise: nil) }
        last = bytes
        turn.frameCount += 1
        turn.byteCount += bytes.readableBytes
        backlog.frameCount += 1
        backlog.byteCount += bytes.readableBytes
        core.markDirty(self)
    }

    /// Flushes what was written in this turn.
    func flush() {
        isDirty = false
        guard let context, let last else { return }
        let written = turn
        self.last = nil
        turn = Backlog()
        metrics.count(.framesSent, by: written.frameCount)
        metrics.count(.bytesSent, by: written.byteCount)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.backlog.frameCount -= written.frameCount
            self.backlog.byteCount -= written.byteCount
            if self.hasReportedBacklog { self.core.reportBacklog(of: self, self.id) }
        }
        context.writeAndFlush(Self.wrapOutboundOut(last), promise: promise)
    }

    /// Sends a close frame after everything written, and closes when the peer has answered, or not
    /// in time.
    func end(_ code: UInt16, reason: String, isAnswer: Bool = false) {
        guard let context else { return }
        switch state {
        case .closing, .closed: return
        case .authenticating, .open: break
        }
        flush()
        state = .closing
        core.remove(self, id)
        let frame = ServerFrameBytes.close(code, reason: reason)
        if isAnswer {
            let channel = context.channel
            context.writeAndFlush(Self.wrapOutboundOut(frame)).whenComplete { _ in
                channel.close(promise: nil)
            }
        } else {
            context.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
        }
        setReading(true)
        let channel = context.channel
        let deadline = context.eventLoop.scheduleTask(in: timeouts.closeHandshake) {
            channel.close(promise: nil)
        }
        channel.closeFuture.whenComplete { _ in deadline.cancel() }
    }

    private func leave() {
        switch state {
        case .closed: return
        case .closing: break
        case .authenticating, .open: core.remove(self, id)
        }
        state = .closed
        last = nil
        metrics.count(.socketsClosed)
    }

    private func setReading(_ isReading: Bool) {
        guard let options = context?.channel.syncOptions else { return }
        try? options.setOption(.autoRead, value: isReading)
    }

    /// What one read may bring while the socket is being authenticated.
    private static let heldFramesMax = 64
    /// Frames that may wait while pings are answered.
    private static let pongsMax = 64
}
