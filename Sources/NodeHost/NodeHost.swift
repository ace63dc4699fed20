internal import Determinism
package import Gateway
package import Identity
package import Logging
internal import Membership
internal import NIOCore
internal import NIOPosix
package import Node
package import PeerTransport
internal import RocksStore
internal import ServiceLifecycle
internal import Storage
package import Wire

/// All that a node needs to run which is not in its data directory.
package struct NodeHostSettings: Sendable {
    /// Where the store and the credentials are.
    package var dataDirectory: String
    /// The address to bind for other nodes, and what they are told; an IP address as text.
    package var host: String
    package var peerPort: UInt16
    package var gossipPort: UInt16
    /// The client listener; its secret is filled in from the cluster's own.
    package var clientHost: String
    package var clientPort: Int
    package var certificate: CertificateFiles?
    package var trustedProxies: [String] = []
    package var loopCount = 1
    /// What browsers open; made of `clientHost` and the port when nil.
    package var clientURL: String?
    /// Origins of public names in front of the nodes, besides the nodes' own.
    package var publicOrigins: [Origin] = []
    package var zone = ""
    package var weight: UInt16 = 100
    /// Members to look for besides those that the store remembers.
    package var seeds: [SeedAddress] = []
    /// The key of encryption at rest; nil leaves a new store in the clear.
    package var encryptionKey: [UInt8]?
    /// Where the console shows sign-in codes, besides the log; nil does not.
    package var codeFile: String?
    package var node = NodeSettings()
    package var version = "0.1"

    package init(
        dataDirectory: String, host: String, peerPort: UInt16, gossipPort: UInt16,
        clientHost: String, clientPort: Int
    ) {
        self.dataDirectory = dataDirectory
        self.host = host
        self.peerPort = peerPort
        self.gossipPort = gossipPort
        self.clientHost = clientHost
        self.clientPort = clientPort
    }

    /// Where the store is.
    package var storeDirectory: String { dataDirectory + "/store" }
}

/// Where a running node listens.
package struct NodeAddresses: Hashable, Sendable {
    package let node: NodeID
    package let cluster: ClusterID
    package let clientURL: String
    package let peerPort: UInt16
    package let gossipPort: UInt16
}

/// One node as a process runs it: store, disk thread, links, client listener, and the loop between.
///
/// ``run()`` serves until it is told to stop gracefully; the process then ends in good order.
/// Anything that makes going on unsafe (a doubtful write, a copied disk) ends the process at once
/// through `die`.
package final class NodeHost: Service {
    let settings: NodeHostSettings
    let credentials: PeerCredentials
    let logger: Logger
    let codeSender: any CodeSender
    let die: @Sendable (NodeDeath) -> Void
    private let started: EventLoopPromise<NodeAddresses>
    private let loops: MultiThreadedEventLoopGroup
    let loop: any EventLoop
    private let control: NIOLoopBoundBox<Control?>

    /// What can be asked of the node while it runs.
    private struct Control {
        let runner: NodeRunner
        let gateway: GatewayService
    }

    /// `die` must end the process; it is called on any thread.
    package init(
        settings: NodeHostSettings, credentials: PeerCredentials, logger: Logger,
        die: @escaping @Sendable (NodeDeath) -> Void
    ) {
        self.settings = settings
        self.credentials = credentials
        self.logger = logger
        self.die = die
        codeSender = ConsoleCodeSender(path: settings.codeFile, logger: logger)
        loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loop = loops.next()
        started = loop.makePromise(of: NodeAddresses.self)
        control = NIOLoopBoundBox.makeBoxSendingValue(nil, eventLoop: loop)
    }

    /// Where the node listens; waits until it does.
    package var addresses: NodeAddresses {
        get async throws { try await started.futureResult.get() }
    }

    /// Serves until graceful shutdown. Throws when the node cannot start, with the reason.
    package func run() async throws {
        do {
            try await serve()
        } catch {
            started.fail(error)
            throw error
        }
        started.fail(ChannelError.alreadyClosed)
    }

    /// Asks the node something as an operator.
    package func operate(_ request: OperatorRequest) async throws -> OperatorResponse {
        let promise = loop.makePromise(of: OperatorResponse.self)
        let control = control
        loop.execute {
            guard let runner = control.value?.runner else {
                promise.fail(ChannelError.ioOnClosedChannel)
                return
            }
            runner.operate(request) { promise.succeed($0) }
        }
        return try await promise.futureResult.get()
    }

    /// Reads the client listener's certificate again.
    package func reloadCertificate() async throws {
        let control = control
        try await loop.submit { try control.value?.gateway.reloadCertificate() }.get()
    }

    private func serve() async throws {
        try credentials.check(now: SystemClock.wall)
        var options = RocksOptions(
            cluster: credentials.cluster, encryptionKey: settings.encryptionKey)
        options.createdBy = "chaticket \(settings.version)"
        let database = try RocksDatabase.open(path: settings.storeDirectory, options: options)
        defer { database.close() }
        let identity = try raiseGeneration(in: database)
        let parts = try await assemble(identity: identity, database: database)
        let result: Result<Void, any Error>
        do {
            try await serveClients(parts)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        let control = control
        _ = try? await loop.submit {
            control.value?.runner.stop()
            control.value = nil
        }.get()
        await parts.transport.stop()
        parts.disk.stop()
        try result.get()
    }

    /// Serves clients; on shutdown asks them to move and hands over what the node leads.
    private func serveClients(_ parts: Assembly) async throws {
        let control = control
        let loop = loop
        try await withGracefulShutdownHandler {
            try await parts.gateway.run()
        } onGracefulShutdown: {
            loop.execute {
                control.value?.runner.sayGoodbye(
                    after: .zero, spread: .seconds(2), reason: "the node stops")
            }
        }
    }

    /// Binds the node's ports and brings its parts together.
    private func assemble(
        identity: NodeIdentity, database: RocksDatabase
    ) async throws -> Assembly {
        let loop = loop
        let die = die
        let relay = NIOLoopBoundBox.makeBoxSendingValue(NodeRelay(), eventLoop: loop)
        let (settings, credentials, logger) = (settings, credentials, logger)
        let transport = try await loop.submit {
            try PeerTransport(
                settings: PeerTransportSettings(
                    host: settings.host, peerPort: settings.peerPort,
                    gossipPort: settings.gossipPort, generation: identity.generation,
                    wallClock: { SystemClock.wall }),
                eventLoop: loop, credentials: credentials, delegate: relay.value, logger: logger)
        }.get()
        let ports = try await transport.start()
        let disk = DiskThread(
            database: database,
            written: { number in loop.execute { relay.value.runner?.written(through: number) } },
            fatal: { die(.disk($0)) })
        let control = control
        let parts = try await loop.submit { [self] in
            let runner = try makeRunner(
                identity: identity, database: database, ports: ports, disk: disk)
            relay.value.runner = runner
            runner.transport = transport
            runner.relay = relay.value
            let backend = NodeBackend(
                runner: runner, eventLoop: loop,
                facts: GatewayFacts(isReady: false, reason: "the node is starting"))
            let gateway = try makeGateway(backend)
            control.value = Control(runner: runner, gateway: gateway)
            keepFacts(of: backend, upToDateBy: runner)
            runner.enqueue(.timer)
            return Assembly(
                gateway: gateway, transport: transport, disk: disk, backend: backend)
        }.get()
        started.succeed(
            NodeAddresses(
                node: identity.node, cluster: identity.cluster, clientURL: clientURL,
                peerPort: ports.peer, gossipPort: ports.gossip))
        return parts
    }

    private func raiseGeneration(in database: RocksDatabase) throws -> NodeIdentity {
        guard var identity = try NodeIdentity.stored(in: database) else {
            throw NodeHostError.emptyStore(path: settings.dataDirectory)
        }
        guard identity.node == credentials.node else {
            throw NodeHostError.foreignCredentials(
                store: identity.node, credentials: credentials.node)
        }
        identity.generation += 1
        var batch = WriteBatch()
        identity.write(to: &batch)
        try database.write(batch, sync: true)
        return identity
    }
}
