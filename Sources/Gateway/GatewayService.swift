internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle

/// The client listener of one node: HTTP, WebSockets and the browser client on one port.
package final class GatewayService: Service {
    private let settings: GatewaySettings
    private let backend: any GatewayBackend
    private let codeSender: any CodeSender
    private let logger: Logger
    private let certificates: CertificateStore?
    private let group: MultiThreadedEventLoopGroup
    private let address: EventLoopPromise<Int>

    /// Checks the settings and reads the certificate; listens only in ``run()``.
    package init(
        settings: GatewaySettings, backend: any GatewayBackend, codeSender: any CodeSender,
        logger: Logger
    ) throws(GatewayError) {
        try settings.validate()
        self.settings = settings
        self.backend = backend
        self.codeSender = codeSender
        self.logger = logger
        if let files = settings.certificate {
            certificates = try CertificateStore(files)
        } else {
            certificates = nil
        }
        group = MultiThreadedEventLoopGroup(numberOfThreads: settings.loopCount)
        // Not on a loop of the group: who asks after the group has gone would never hear.
        address = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: Int.self)
    }

    /// The port that the listener has; waits until it listens and throws when it cannot.
    package var port: Int {
        get async throws { try await address.futureResult.get() }
    }

    /// Serves until graceful shutdown or cancellation; throws ``GatewayError`` when it cannot
    /// listen.
    package func run() async throws {
        let secrets = GatewaySecrets(secret: settings.secret)
        let hubs = HubLoops(group: group, backend: backend, secrets: secrets)
        try await hubs.start()
        let result: Result<Void, any Error>
        do {
            try await application(hubs, secrets).run()
            result = .success(())
        } catch {
            result = .failure(listenError(error))
        }
        address.fail(ChannelError.alreadyClosed)
        try await hubs.stop()
        try await group.shutdownGracefully()
        try result.get()
    }

    /// Reads the certificate and its key again, for connections from now on. When they cannot be
    /// used the old ones stay.
    package func reloadCertificate() throws(GatewayError) {
        guard let certificates else { throw .noCertificate }
        try certificates.reload()
        logger.info("The certificate for clients has been loaded again.")
    }

    private func application(
        _ hubs: HubLoops, _ secrets: GatewaySecrets
    ) -> Application<GatewayResponder> {
        let metrics = GatewayMetrics()
        let proxies = Set(settings.trustedProxies)
        let isTLS = certificates != nil
        let routes = GatewayRoutes(
            backend: backend, secrets: secrets, codeSender: codeSender,
            limiter: SignInLimiter(settings.signInLimits), metrics: metrics, logger: logger)
        let responder = GatewayResponder(
            table: RouteTable(routes.all), assets: WebAssets(), backend: backend, secrets: secrets,
            metrics: metrics, trustedProxies: proxies, isTLS: isTLS, timeouts: settings.timeouts)
        let judge = UpgradeJudge(backend: backend, trustedProxies: proxies, isTLS: isTLS)
        let (certificates, timeouts, address) = (certificates, settings.timeouts, address)
        return Application(
            responder: responder,
            server: HTTPServerBuilder { responder in
                ClientChannel(
                    responder: responder, certificates: certificates, hubs: hubs, judge: judge,
                    timeouts: timeouts, metrics: metrics)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    settings.connectionsMax, logger: logger)),
            onServerRunning: { channel in address.succeed(channel.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .shared(group), logger: logger)
    }

    private func listenError(_ error: any Error) -> any Error {
        guard let error = error as? IOError else { return error }
        return GatewayError.cannotListen(
            host: settings.host, port: settings.port, reason: "\(error)")
    }
}
