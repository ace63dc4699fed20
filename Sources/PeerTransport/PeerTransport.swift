package import Identity
package import Logging
package import Membership
package import NIOCore
package import Wire

/// How a node talks to the others: links (TCP, mutual TLS) for everything that has an order or a size,
/// datagrams (UDP, sealed) for gossip, and the door for those who want to join.
///
/// It lives on one event loop, the node's core loop: everything but ``start()`` and ``stop()`` is
/// called there, and the delegate is called there.
package final class PeerTransport: Sendable {
    private let core: NIOLoopBound<TransportCore>

    /// Must be called on `eventLoop`. The delegate is not kept alive. Throws
    /// ``PeerTransportError/badCredentials(_:)``, also when the certificate has expired.
    package init(
        settings: PeerTransportSettings, eventLoop: any EventLoop, credentials: PeerCredentials,
        delegate: any PeerTransportDelegate, logger: Logger
    ) throws(PeerTransportError) {
        core = NIOLoopBound(
            try TransportCore(
                settings: settings, eventLoop: eventLoop, credentials: credentials,
                delegate: delegate, logger: logger),
            eventLoop: eventLoop)
    }

    /// Binds both sockets and begins to take connections and datagrams; once. Throws
    /// ``PeerTransportError``.
    package func start() async throws -> PeerPorts {
        let core = core
        return try await core.eventLoop.flatSubmit { core.value.start() }.get()
    }

    /// Closes every link and both sockets; what waits for open links is written first. For good.
    package func stop() async {
        let core = core
        try? await core.eventLoop.flatSubmit { core.value.stop() }.get()
    }

    /// Keeps a link to `node` at this address from now on; another address than before replaces it.
    package func setPeer(_ node: NodeID, host: String, port: UInt16) {
        core.value.setPeer(node, host: host, port: port)
    }

    /// Closes the link to `node` and forgets its address; no event is told.
    package func removePeer(_ node: NodeID) {
        core.value.removePeer(node)
    }

    /// These nodes are refused for ever, their connections closed.
    package func setRemoved(_ nodes: Set<NodeID>) {
        core.value.setRemoved(nodes)
    }

    /// Queues messages for `node`. They leave in this order, in one write per turn of the loop, or
    /// are lost: without a link, when the queue is full, when the link breaks.
    package func send(_ messages: [PeerMessage], to node: NodeID) {
        core.value.send(messages, to: node)
    }

    /// Whether the link to `node` is up.
    package func isLinkUp(_ node: NodeID) -> Bool {
        core.value.isLinkUp(node)
    }

    /// Seals and sends one datagram; it may get lost.
    package func sendGossip(_ message: MembershipMessage, to address: GossipAddress) {
        core.value.sendGossip(message, to: address)
    }

    /// Puts other gossip keys in place; the first seals, all open. Throws
    /// ``PeerTransportError/badCredentials(_:)``.
    package func setGossipKeys(_ keys: [JoinReply.GossipKey]) throws(PeerTransportError) {
        try core.value.setGossipKeys(keys)
    }

    /// What was counted since the start.
    package var counters: PeerTransportCounters { core.value.counters }
}
