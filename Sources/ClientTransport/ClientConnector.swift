package import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import NIOWebSocket

/// Opens connections to nodes: TCP, TLS when the address says so, and the change to a WebSocket.
package struct ClientConnector: Sendable {
    /// The loop that everything opened here lives on.
    package let loop: any EventLoop
    private let tls: NIOSSLContext?

    private static let connectTimeout = TimeAmount.seconds(10)
    private static let upgradeTimeout = TimeAmount.seconds(15)

    /// With the authority in the PEM file at `authorityPath` nodes are judged, else only plain
    /// addresses can be opened.
    package init(loop: any EventLoop, authorityPath: String?) throws(TransportError) {
        self.loop = loop
        guard let authorityPath else {
            tls = nil
            return
        }
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = .certificates(
                try NIOSSLCertificate.fromPEMFile(authorityPath))
            configuration.applicationProtocols = ["http/1.1"]
            configuration.minimumTLSVersion = .tlsv13
            tls = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .badAuthority(path: authorityPath)
        }
    }

    /// Connects, from the local address `source` if there is one, and sets the channel up by
    /// `setUp` behind TLS.
    func connect<Output: Sendable>(
        to url: NodeURL, from source: String?,
        _ setUp: @escaping @Sendable (any Channel) throws -> Output
    ) -> EventLoopFuture<(any Channel, Output)> {
        do {
            guard !url.isTLS || tls != nil else {
                throw TransportError.badAddress("\(url) needs an authority")
            }
            var bootstrap = ClientBootstrap(group: loop).connectTimeout(
                ClientConnector.connectTimeout
            ).channelOption(.tcpOption(.tcp_nodelay), value: 1)
            if let source {
                bootstrap = bootstrap.bind(to: try SocketAddress(ipAddress: source, port: 0))
            }
            let made = loop.makePromise(of: Output.self)
            let tls = url.isTLS ? tls : nil
            let connected = bootstrap.channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(
                                context: tls, serverHostname: ClientConnector.name(url.host)))
                    }
                    made.succeed(try setUp(channel))
                }
            }.connect(host: url.host, port: url.port)
            connected.whenFailure { made.fail($0) }
            return connected.and(made.futureResult)
        } catch {
            return loop.makeFailedFuture(error)
        }
    }

    /// TLS names hosts, not addresses; a certificate's addresses are checked without.
    private static func name(_ host: String) -> String? {
        (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
    }

    /// Opens `/ws` for `delegate`. Must be called on the loop.
    package func openSocket(
        to url: NodeURL, bearer: String?, from source: String? = nil,
        delegate: any ClientSocketDelegate
    ) -> EventLoopFuture<NIOLoopBound<ClientSocket>> {
        var headers = HTTPHeaders([("Host", url.authority), ("Content-Length", "0")])
        if let bearer { headers.add(name: "Authorization", value: "Bearer \(bearer)") }
        let request = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: "/ws", headers: headers)
        let socket = NIOLoopBound(
            ClientSocket(delegate: delegate, mask: .random(in: 1 ... .max)), eventLoop: loop)
        let opened = connect(to: url, from: source) { channel in
            var configuration = NIOUpgradableHTTPClientPipelineConfiguration(
                upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
                    upgradeRequestHead: request, upgraders: [SocketUpgrade(socket: socket)],
                    notUpgradingCompletionHandler: { channel in
                        channel.close(promise: nil)
                        return channel.eventLoop.makeFailedFuture(TransportError.notUpgraded)
                    }))
            configuration.leftOverBytesStrategy = .forwardBytes
            return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                configuration: configuration)
        }
        return opened.flatMap { channel, upgraded in
            let deadline = channel.eventLoop.scheduleTask(in: ClientConnector.upgradeTimeout) {
                channel.close(promise: nil)
            }
            upgraded.whenComplete { result in
                deadline.cancel()
                if case .failure = result { channel.close(promise: nil) }
            }
            return upgraded
        }
    }
}

/// The change to a WebSocket: the library's handshake, and our socket instead of its handlers of
/// frames.
private struct SocketUpgrade: NIOTypedHTTPClientProtocolUpgrader {
    let socket: NIOLoopBound<ClientSocket>
    private let handshake = NIOTypedWebSocketClientUpgrader<Void>(
        upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })

    init(socket: NIOLoopBound<ClientSocket>) { self.socket = socket }

    var supportedProtocol: String { handshake.supportedProtocol }

    var requiredUpgradeHeaders: [String] { handshake.requiredUpgradeHeaders }

    func addCustom(upgradeRequestHeaders: inout HTTPHeaders) {
        handshake.addCustom(upgradeRequestHeaders: &upgradeRequestHeaders)
    }

    func shouldAllowUpgrade(upgradeResponse: HTTPResponseHead) -> Bool {
        handshake.shouldAllowUpgrade(upgradeResponse: upgradeResponse)
    }

    func upgrade(
        channel: any Channel, upgradeResponse: HTTPResponseHead
    ) -> EventLoopFuture<NIOLoopBound<ClientSocket>> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(socket.value)
            return socket
        }
    }
}
