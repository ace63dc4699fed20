internal import Determinism
internal import Identity
internal import Wire

/// Whether two nodes may talk: the same questions are asked at both ends of a link.
struct HandshakeRules {
    let cluster: ClusterID
    let node: NodeID
    /// The highest boot counter seen of each node.
    private(set) var generations: [NodeID: UInt32] = [:]
    /// Nodes that the registry has removed.
    var removed: Set<NodeID> = []

    init(cluster: ClusterID, node: NodeID) {
        self.cluster = cluster
        self.node = node
    }

    /// Nil when `handshake`, from a peer whose certificate carries `names`, is in order; then its
    /// boot counter is remembered. `expected` is whom this node wanted to reach, if it dialled.
    mutating func check(
        _ handshake: PeerHandshake, names: [String], expected: NodeID?, now: WallTime
    ) -> PeerRefusal? {
        guard handshake.cluster == cluster else {
            return PeerRefusal(
                code: .wrongCluster,
                reason: "This is a node of cluster \(cluster), not \(handshake.cluster).")
        }
        let name = PeerCertificate.name(of: handshake.node, in: cluster)
        guard names.contains(name), handshake.node != node else {
            return PeerRefusal(
                code: .wrongIdentity, reason: "The certificate does not name \(name).")
        }
        if let expected, handshake.node != expected {
            return PeerRefusal(
                code: .wrongIdentity,
                reason: "\(expected) was expected here, but this is \(handshake.node).")
        }
        guard handshake.target == node else {
            return PeerRefusal(
                code: .wrongIdentity,
                reason: "\(handshake.target) was expected here, but this is \(node).")
        }
        guard !removed.contains(handshake.node) else {
            return PeerRefusal(
                code: .removed,
                reason: "\(handshake.node) was removed from the cluster; join again as a new node.")
        }
        guard handshake.protocolMin <= PeerLimits.protocolMax,
            handshake.protocolMax >= PeerLimits.protocolMin
        else {
            return PeerRefusal(
                code: .protocolVersion,
                reason: "This node speaks protocol \(PeerLimits.protocolMin) to "
                    + "\(PeerLimits.protocolMax), the other one \(handshake.protocolMin) to "
                    + "\(handshake.protocolMax).")
        }
        if let refusal = Self.clockRefusal(handshake.wallClock, now: now) { return refusal }
        let newest = generations[handshake.node] ?? 0
        guard handshake.generation >= newest else {
            return PeerRefusal(
                code: .outdated,
                reason: "A newer process of \(handshake.node) has been seen (boot \(newest), not "
                    + "\(handshake.generation)); two nodes may not run on copies of one disk.")
        }
        generations[handshake.node] = handshake.generation
        return nil
    }

    /// A refusal when the two clocks differ by more than a minute.
    static func clockRefusal(_ theirs: WallTime, now: WallTime) -> PeerRefusal? {
        let difference = max(theirs - now, now - theirs)
        guard difference > PeerHandshake.clockDifferenceMax else { return nil }
        return PeerRefusal(
            code: .clockOff,
            reason: "The clocks differ by \(difference.milliseconds / 1_000) s; at most "
                + "\(PeerHandshake.clockDifferenceMax.milliseconds / 1_000) s are allowed. "
                + "Set the clock (NTP).")
    }
}
