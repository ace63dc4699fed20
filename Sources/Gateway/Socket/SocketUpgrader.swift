internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket

/// Turns a connection into a WebSocket once ``SocketGate`` has let its request pass.
struct SocketUpgrader: NIOTypedHTTPServerProtocolUpgrader {
    let hubs: HubLoops
    let judge: UpgradeJudge
    let timeouts: GatewayTimeouts
    let metrics: GatewayMetrics

    var supportedProtocol: String { "websocket" }

    var requiredUpgradeHeaders: [String] { [] }

    /// The library's answer to the opening handshake, with our headers.
    func buildUpgradeResponse(
        channel: any Channel, upgradeRequest: HTTPRequestHead, initialResponseHeaders: HTTPHeaders
    ) -> EventLoopFuture<HTTPHeaders> {
        let headers = HTTPHeaders(judge.securityHeaders.pairs)
        return NIOTypedWebSocketServerUpgrader<ConnectionKind>(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(headers) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededFuture(.socket) }
        ).buildUpgradeResponse(
            channel: channel, upgradeRequest: upgradeRequest,
            initialResponseHeaders: initialResponseHeaders)
    }

    /// Adds the frame decoder and the socket. There is no frame encoder: frames for many sockets
    /// are encoded once, by the hub's loop.
    func upgrade(
        channel: any Channel, upgradeRequest: HTTPRequestHead
    ) -> EventLoopFuture<ConnectionKind> {
        channel.eventLoop.makeCompletedFuture {
            let origin: String? =
                switch judge.facts(upgradeRequest, channel).origin {
                case .same: judge.facts(upgradeRequest, channel).own?.description
                case .public(let origin): origin.description
                case .unsaid, .foreign: nil
                }
            let loop = hubs.loop(of: channel.eventLoop)
            let socket = ClientSocket(
                core: loop.core, token: judge.token(upgradeRequest), origin: origin,
                timeouts: timeouts, metrics: metrics)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(
                ByteToMessageHandler(
                    WebSocketFrameDecoder(maxFrameSize: GatewayLimits.messageBytesMax)))
            try pipeline.addHandler(socket)
            return .socket
        }
    }
}
