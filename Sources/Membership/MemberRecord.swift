package import Identity

/// What is believed about a member. In the order of this list, a later status outranks an earlier
/// one of the same incarnation (SWIM 4.2; the paper's "confirm" is `dead`).
package enum MemberStatus: UInt8, Hashable, Comparable, Sendable, CaseIterable {
    /// It answers, or has not been doubted since it last spoke for itself.
    case alive = 0
    /// Somebody's probe failed; it may still refute.
    case suspect = 1
    /// Its suspicion ran out. Only the registry removes it.
    case dead = 2
    /// It said goodbye itself.
    case left = 3

    package static func < (lhs: MemberStatus, rhs: MemberStatus) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}

/// Where a datagram goes or came from. An address identifies nobody: the node id does.
package struct GossipAddress: Hashable, Sendable, CustomStringConvertible {
    /// An IP address as text.
    package let host: String
    /// The UDP port.
    package let port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Where a member listens. Together with ``MemberFacts`` it has at most 256 bytes.
package struct MemberEndpoint: Hashable, Sendable {
    /// An IP address as text, at most ``hostBytesMax`` bytes.
    package let host: String
    /// UDP, for gossip.
    package let gossipPort: UInt16
    /// TCP, for everything else between nodes.
    package let peerPort: UInt16
    /// What a browser opens, at most ``clientURLBytesMax`` bytes.
    package let clientURL: String

    /// The longest text of an IPv6 address.
    package static let hostBytesMax = 45
    /// The longest public address of a node.
    package static let clientURLBytesMax = 120

    /// Throws ``MembershipError/textTooLong(field:bytesMax:)``.
    package init(
        host: String, gossipPort: UInt16, peerPort: UInt16, clientURL: String
    ) throws(MembershipError) {
        try checkLength(host, "host", Self.hostBytesMax)
        try checkLength(clientURL, "clientURL", Self.clientURLBytesMax)
        self.host = host
        self.gossipPort = gossipPort
        self.peerPort = peerPort
        self.clientURL = clientURL
    }

    /// Where this member's datagrams go.
    package var gossipAddress: GossipAddress { GossipAddress(host: host, port: gossipPort) }
}

/// What a member tells about itself: hints, nothing that needs an order.
package struct MemberFacts: Hashable, Sendable {
    /// Replicas of a shard go to different zones; at most ``zoneBytesMax`` bytes.
    package let zone: String
    /// The oldest peer protocol that it speaks.
    package let protocolMin: UInt16
    /// The newest peer protocol that it speaks.
    package let protocolMax: UInt16
    /// Capacity relative to the other nodes; 100 is normal.
    package let weight: UInt16
    /// How busy it is, in thousandths.
    package let load: UInt16
    /// The newest registry that it has applied.
    package let registryEpoch: RegistryEpoch
    /// The version of its binary, at most ``versionBytesMax`` bytes.
    package let version: String

    /// The longest zone name.
    package static let zoneBytesMax = 32
    /// The longest version.
    package static let versionBytesMax = 24

    /// Throws ``MembershipError/textTooLong(field:bytesMax:)``.
    package init(
        zone: String = "", protocolMin: UInt16 = 1, protocolMax: UInt16 = 1, weight: UInt16 = 100,
        load: UInt16 = 0, registryEpoch: RegistryEpoch = .zero, version: String = ""
    ) throws(MembershipError) {
        try checkLength(zone, "zone", Self.zoneBytesMax)
        try checkLength(version, "version", Self.versionBytesMax)
        self.zone = zone
        self.protocolMin = protocolMin
        self.protocolMax = protocolMax
        self.weight = weight
        self.load = load
        self.registryEpoch = registryEpoch
        self.version = version
    }
}

/// One node's belief about one member.
package struct MemberRecord: Hashable, Sendable {
    /// Who it is.
    package let node: NodeID
    /// The newest incarnation of which there is any evidence.
    package var incarnation: Incarnation
    /// What is believed about that incarnation.
    package var status: MemberStatus
    /// Where it listens.
    package var endpoint: MemberEndpoint
    /// What it last told about itself.
    package var facts: MemberFacts

    package init(
        node: NodeID, incarnation: Incarnation, status: MemberStatus = .alive,
        endpoint: MemberEndpoint, facts: MemberFacts
    ) {
        self.node = node
        self.incarnation = incarnation
        self.status = status
        self.endpoint = endpoint
        self.facts = facts
    }

    /// Where somebody thinks that a member is, below whatever it says of itself: generations count
    /// from 1.
    var addressUpdate: MemberUpdate {
        .alive(
            node: node, incarnation: Incarnation(generation: 0), endpoint: endpoint, facts: facts)
    }

    /// What a member says of itself, to be gossiped.
    var aliveUpdate: MemberUpdate {
        .alive(node: node, incarnation: incarnation, endpoint: endpoint, facts: facts)
    }

    /// True for members that take part: alive, or suspected and not yet dead.
    package var isLive: Bool { status <= .suspect }
}

private func checkLength(
    _ text: String, _ field: String, _ bytesMax: Int
) throws(MembershipError) {
    guard text.utf8.count <= bytesMax else {
        throw .textTooLong(field: field, bytesMax: bytesMax)
    }
}
