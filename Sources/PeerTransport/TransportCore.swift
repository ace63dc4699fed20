internal import Determinism
internal import Identity
internal import Logging
internal import Membership
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Wire

/// All of the transport's state; confined to one event loop.
final class TransportCore {
    let settings: PeerTransportSettings
    let eventLoop: any EventLoop
    private(set) var credentials: PeerCredentials
    let tls: PeerTLS
    weak var delegate: (any PeerTransportDelegate)?
    var rules: HandshakeRules
    var sealer: GossipSealer
    var counters = PeerTransportCounters()
    private(set) var isStopping = false

    private var links: [NodeID: PeerLink] = [:]
    private var incoming: [ObjectIdentifier: IncomingConnection] = [:]
    private var listener: (any Channel)?
    private var gossip: GossipSocket?
    private var refusals: RefusalLog
    private var ticker: Scheduled<Void>?
    private var lastTick = NIODeadline.now()

    /// Throws ``PeerTransportError/badCredentials(_:)``.
    init(
        settings: PeerTransportSettings, eventLoop: any EventLoop, credentials: PeerCredentials,
        delegate: any PeerTransportDelegate, logger: Logger
    ) throws(PeerTransportError) {
        eventLoop.preconditionInEventLoop()
        do throws(CertificateError) {
            try credentials.check(now: settings.wallClock())
        } catch {
            throw .badCredentials("\(error)")
        }
        do {
            sealer = try GossipSealer(
                cluster: credentials.cluster, node: credentials.node,
                generation: settings.generation, keys: credentials.gossipKeys)
        } catch {
            throw .badCredentials("\(error)")
        }
        self.settings = settings
        self.eventLoop = eventLoop
        self.credentials = credentials
        self.delegate = delegate
        tls = try PeerTLS(credentials)
        rules = HandshakeRules(cluster: credentials.cluster, node: credentials.node)
        refusals = RefusalLog(logger: logger)
    }

    // MARK: - Life

    func start() -> EventLoopFuture<PeerPorts> {
        eventLoop.preconditionInEventLoop()
        let host = settings.host
        guard let peerAddress = try? SocketAddress(ipAddress: host, port: Int(settings.peerPort)),
            let gossipAddress = try? SocketAddress(ipAddress: host, port: Int(settings.gossipPort))
        else { return eventLoop.makeFailedFuture(PeerTransportError.badAddress(host)) }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let gossip = GossipSocket(core: self)
        self.gossip = gossip
        let gossipSocket = NIOLoopBound(gossip, eventLoop: eventLoop)
        let settings = settings
        return listen(address: peerAddress)
            .flatMapErrorThrowing { error in
                throw PeerTransportError.cannotBind(
                    host: host, port: settings.peerPort, reason: "\(error)")
            }
            .flatMap { peerPort in
                gossipSocket.value.bind(address: gossipAddress)
                    .flatMapErrorThrowing { error in
                        throw PeerTransportError.cannotBind(
                            host: host, port: settings.gossipPort, reason: "\(error)")
                    }
                    .map { PeerPorts(peer: peerPort, gossip: $0) }
            }
            .map { ports in
                bound.value.scheduleTick()
                return ports
            }
            .flatMapError { error in
                bound.value.stop().flatMapThrowing { throw error }
            }
    }

    private func listen(address: SocketAddress) -> EventLoopFuture<UInt16> {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return ServerBootstrap(group: eventLoop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let core = bound.value
                    let tls = NIOSSLServerHandler(context: core.tls.server)
                    try channel.pipeline.syncOperations.addHandlers([
                        tls, IncomingConnection(core: core),
                    ])
                }
            }
            .bind(to: address)
            .map { channel in
                bound.value.listener = channel
                return UInt16(clamping: channel.localAddress?.port ?? 0)
            }
    }

    /// Closes everything; what waits in queues is written first if it can be.
    func stop() -> EventLoopFuture<Void> {
        eventLoop.preconditionInEventLoop()
        isStopping = true
        ticker?.cancel()
        var closing: [EventLoopFuture<Void>] = []
        for link in links.values { link.stop() }
        links = [:]
        for connection in incoming.values { connection.close() }
        incoming = [:]
        if let listener {
            listener.close(promise: nil)
            closing.append(listener.closeFuture)
        }
        listener = nil
        if let gossip { closing.append(gossip.close()) }
        gossip = nil
        return EventLoopFuture.andAllComplete(closing, on: eventLoop)
    }

    // MARK: - Sending

    func setPeer(_ node: NodeID, host: String, port: UInt16) {
        eventLoop.preconditionInEventLoop()
        guard !isStopping, node != credentials.node, !rules.removed.contains(node) else { return }
        if let link = links[node] {
            link.setAddress(host: host, port: port)
        } else {
            let link = PeerLink(node: node, host: host, port: port, core: self)
            links[node] = link
            link.dialSoon()
        }
    }

    func removePeer(_ node: NodeID) {
        links.removeValue(forKey: node)?.stop()
    }

    func setRemoved(_ nodes: Set<NodeID>) {
        rules.removed = nodes
        for node in nodes { removePeer(node) }
        for connection in incoming.values {
            if let node = connection.node, nodes.contains(node) { connection.close() }
        }
    }

    func send(_ messages: [PeerMessage], to node: NodeID) {
        eventLoop.preconditionInEventLoop()
        guard let link = links[node] else {
            counters.messagesUnsendable += UInt64(messages.count)
            return
        }
        link.send(messages)
    }

    func isLinkUp(_ node: NodeID) -> Bool { links[node]?.isUp ?? false }

    func setGossipKeys(_ keys: [JoinReply.GossipKey]) throws(PeerTransportError) {
        do {
            try sealer.replaceKeys(keys)
        } catch {
            throw .badCredentials("\(error)")
        }
        credentials.gossipKeys = keys
    }

    func sendGossip(_ message: MembershipMessage, to address: GossipAddress) {
        gossip?.send(message, to: address)
    }

    // MARK: - Connections

    /// False when there are too many; the connection closes itself.
    func admit(_ connection: IncomingConnection) -> Bool {
        guard !isStopping, incoming.count < settings.incomingMax else { return false }
        // Strangers may not take the places of the members.
        let strangerCount = incoming.values.count { $0.node == nil }
        guard strangerCount < settings.strangersMax else { return false }
        incoming[ObjectIdentifier(connection)] = connection
        return true
    }

    /// The node has proved who it is: an older connection of it is of no more use, and it is a good
    /// moment to call back.
    func opened(_ connection: IncomingConnection, node: NodeID) {
        for other in incoming.values where other !== connection && other.node == node {
            other.close()
        }
        links[node]?.retryNow()
    }

    func closed(_ connection: IncomingConnection) {
        incoming.removeValue(forKey: ObjectIdentifier(connection))
    }

    /// Calls the delegate from a fresh turn of the loop, so that no call is within another.
    func later(_ call: @escaping (any PeerTransportDelegate) -> Void) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.assumeIsolated().execute {
            if let delegate = bound.value.delegate { call(delegate) }
        }
    }

    func warn(key: String, _ text: String) {
        refusals.warn(key: key, now: .now(), text)
    }

    /// What this node says of itself to `target`.
    func handshake(target: NodeID) -> PeerHandshake {
        PeerHandshake(
            cluster: credentials.cluster, node: credentials.node, target: target,
            generation: settings.generation, wallClock: settings.wallClock())
    }

    // MARK: - Time

    private func scheduleTick() {
        guard !isStopping else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        ticker = eventLoop.scheduleTask(in: TimeAmount(settings.keepalive / 2)) {
            bound.value.tick()
        }
    }

    private func tick() {
        let now = NIODeadline.now()
        // When the loop itself stood still, the silence of others means nothing.
        let wasStalled = now - lastTick > TimeAmount(settings.keepalive * 2)
        lastTick = now
        for link in links.values { link.tick(now: now, wasStalled: wasStalled) }
        for connection in incoming.values { connection.tick(now: now, wasStalled: wasStalled) }
        scheduleTick()
    }
}

extension TimeAmount {
    init(_ interval: Interval) {
        self = .nanoseconds(Int64(clamping: interval.nanoseconds))
    }
}
