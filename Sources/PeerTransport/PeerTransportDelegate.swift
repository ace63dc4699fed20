package import Identity
package import Membership
package import Wire

/// Whom the transport tells. Every call comes on the transport's event loop, and never from within a
/// call of the delegate to the transport.
package protocol PeerTransportDelegate: AnyObject {
    /// Messages of a node that has proved who it is, in the order in which it sent them.
    func transport(received messages: [PeerMessage], from node: NodeID)
    /// An authentic datagram of this cluster, seen for the first time, from a member (whose id is in
    /// it) at `address`.
    func transport(received datagram: MembershipMessage, from address: GossipAddress)
    /// The link by which this node sends to `node` is up.
    func transport(linkUp node: NodeID)
    /// The link by which this node sends to `node` is down, and what was on its way may be lost.
    ///
    /// Told at once when an open link breaks (`isRefused` is false); told a second time, with
    /// `isRefused` true, when nobody listens at its address any more: the process is gone.
    func transport(linkDown node: NodeID, isRefused: Bool)
    /// Batches for `node` were dropped, the oldest first, because it takes them too slowly.
    func transport(linkCongested node: NodeID, droppedBatchCount: Int)
    /// `node` does not talk to this node, or this one not to it; told at every attempt.
    func transport(linkRefused node: NodeID, by refusal: PeerRefusal)
    /// Somebody with the secret of a join token wants to become a member. Call `decide` once, on the
    /// event loop, with what the registry decided.
    func transport(
        joinRequested request: JoinRequest,
        decide: @escaping (Result<JoinAdmission, PeerRefusal>) -> Void)
}

/// What the registry decided for a new node. The transport adds certificate and keys.
package struct JoinAdmission: Hashable, Sendable {
    /// The new node's id. The same public key and token must get the same one again.
    package let node: NodeID
    /// The registry, encoded by its own rules.
    package let registry: [UInt8]
    /// Members to begin with.
    package let seeds: [SeedAddress]

    package init(node: NodeID, registry: [UInt8], seeds: [SeedAddress]) {
        self.node = node
        self.registry = registry
        self.seeds = seeds
    }
}

/// What the transport counts, since the start.
package struct PeerTransportCounters: Hashable, Sendable {
    /// Messages handed to links.
    package var messagesSent: UInt64 = 0
    /// Messages received on links.
    package var messagesReceived: UInt64 = 0
    /// Bytes of frames sent, before TLS.
    package var bytesSent: UInt64 = 0
    /// Bytes of frames received, after TLS.
    package var bytesReceived: UInt64 = 0
    /// Messages that found no link, or could not be encoded.
    package var messagesUnsendable: UInt64 = 0
    /// Batches dropped because a queue was full.
    package var batchesDropped: UInt64 = 0
    /// Connections closed because of what they sent.
    package var protocolErrors: UInt64 = 0
    /// Connections whose TLS failed: no or a foreign certificate, an expired one, or no TLS at all.
    package var tlsFailures: UInt64 = 0
    /// Connections refused by a handshake rule.
    package var refusals: UInt64 = 0
    /// Datagrams sent.
    package var datagramsSent: UInt64 = 0
    /// Datagrams received and passed on.
    package var datagramsReceived: UInt64 = 0
    /// Datagrams that could not be sent.
    package var datagramsUnsendable: UInt64 = 0
    /// Datagrams dropped, by reason.
    package var datagramsDropped: [GossipDrop: UInt64] = [:]

    package init() {}
}
