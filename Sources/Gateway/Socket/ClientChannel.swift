internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import NIOSSL
internal import NIOWebSocket

/// What became of a connection when its first request was read.
enum ConnectionKind: Sendable {
    /// Requests and answers, one after the other.
    case requests(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
    /// A WebSocket, which its hub serves.
    case socket
}

/// A connection that has been accepted.
struct ClientConnection: ServerChildChannelValue {
    let channel: any Channel
    let kind: EventLoopFuture<ConnectionKind>
}

/// Sets up each connection: TLS, HTTP, and for a fitting first request the change to a WebSocket.
/// Only the first request of a connection can become one.
struct ClientChannel: HTTPChannelHandler {
    let responder: HTTPChannelHandler.Responder
    let certificates: CertificateStore?
    let hubs: HubLoops
    let judge: UpgradeJudge
    let timeouts: GatewayTimeouts
    let metrics: GatewayMetrics

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<ClientConnection> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            if let certificates {
                try pipeline.addHandler(NIOSSLServerHandler(context: certificates.context))
            }
            let encoder = HTTPResponseEncoder()
            let decoder = ByteToMessageHandler(
                HTTPRequestDecoder(
                    leftOverBytesStrategy: .forwardBytes,
                    limitConfiguration: ClientChannel.headerLimits))
            let errors = RequestErrorHandler(judge: judge, metrics: metrics)
            let gate = SocketGate(judge: judge)
            let upgrade = NIOTypedHTTPServerUpgradeHandler(
                httpEncoder: encoder, extraHTTPHandlers: [decoder, errors, gate],
                upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration(
                    upgraders: [
                        SocketUpgrader(
                            hubs: hubs, judge: judge, timeouts: timeouts, metrics: metrics)
                    ],
                    notUpgradingCompletionHandler: { channel in
                        serveRequests(channel, logger: logger)
                    }))
            try pipeline.addHandlers([encoder, decoder, errors, gate, upgrade])
            let kind = upgrade.upgradeResultFuture
            let deadline = channel.eventLoop.scheduleTask(in: timeouts.firstRequest) {
                channel.close(promise: nil)
            }
            kind.whenComplete { _ in deadline.cancel() }
            return ClientConnection(channel: channel, kind: kind)
        }
    }

    func handle(value: ClientConnection, logger: Logger) async {
        await withTaskCancellationHandler {
            do {
                switch try await value.kind.get() {
                case .requests(let requests):
                    await handleHTTP(asyncChannel: requests, logger: logger)
                case .socket:
                    try await value.channel.closeFuture.get()
                }
            } catch {
                value.channel.close(promise: nil)
            }
        } onCancel: {
            value.channel.close(promise: nil)
        }
    }

    private func serveRequests(
        _ channel: any Channel, logger: Logger
    ) -> EventLoopFuture<ConnectionKind> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(
                StalledWriteHandler(limit: timeouts.stalledWrite, metrics: metrics))
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: certificates != nil))
            try pipeline.addHandler(
                HTTPConnectionStateHandler(
                    idleTimeout: .nanoseconds(timeouts.idle.nanoseconds), logger: logger))
            return .requests(
                try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true)))
        }
    }

    private static let headerLimits: NIOHTTPDecoderLimitConfiguration = {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = GatewayLimits.headerFieldBytesMax
        limits.maxHeaderListSize = GatewayLimits.headerBytesMax
        limits.maxHeaderFieldCount = GatewayLimits.headerCountMax
        return limits
    }()
}
