package import Determinism
package import Identity

/// Where a member stands in the cluster. Only commands change it; gossip never does.
package enum MemberStanding: UInt8, Hashable, Sendable, CaseIterable {
    /// Admitted, not yet trusted with data. Becomes `up` or `lost`.
    case joining = 1
    /// Takes replicas. Becomes `draining` or `lost`.
    case up = 2
    /// Gives its replicas away. Becomes `left`, `lost` or `up` again.
    case draining = 3
    /// Holds nothing and may be removed.
    case left = 4
    /// Dead for longer than the grace period; its replicas are rebuilt elsewhere. Becomes `up` when
    /// it returns.
    case lost = 5
}

/// What a node says of itself when it joins.
package struct MemberDescription: Hashable, Sendable {
    /// The operator's name for it.
    package var name: String
    /// Replicas of a shard go to different zones.
    package var zone: String
    /// Capacity relative to others; 100 is normal.
    package var weight: UInt16
    /// An IP address as text, as of now: gossip knows better later.
    package var host: String
    /// UDP port of gossip at that time.
    package var gossipPort: UInt16
    /// TCP port of the peer link at that time.
    package var peerPort: UInt16
    /// What browsers open.
    package var clientURL: String

    package init(
        name: String, zone: String = "", weight: UInt16 = 100, host: String, gossipPort: UInt16,
        peerPort: UInt16, clientURL: String = ""
    ) {
        self.name = name
        self.zone = zone
        self.weight = weight
        self.host = host
        self.gossipPort = gossipPort
        self.peerPort = peerPort
        self.clientURL = clientURL
    }

    /// Whether every text is within its limit.
    var isWithinLimits: Bool {
        name.utf8.count <= RegistryLimits.nameBytesMax
            && zone.utf8.count <= RegistryLimits.nameBytesMax
            && host.utf8.count <= RegistryLimits.nameBytesMax
            && clientURL.utf8.count <= RegistryLimits.textBytesMax
    }
}

/// One member of the cluster.
package struct RegistryMember: Hashable, Sendable {
    /// Who.
    package let node: NodeID
    /// Where it stands.
    package var standing: MemberStanding
    /// What it said of itself.
    package var description: MemberDescription
    /// The request that admitted it: the same request gets the same node id.
    package let requestID: MessageID
    /// When its standing last changed, by the registry's time.
    package var changedAt: WallTime
}
