package import Determinism
package import Identity

/// What both ends of a link say first: who they are, and what they speak.
package struct PeerHandshake: Hashable, Sendable {
    /// The sender's cluster.
    package let cluster: ClusterID
    /// The sender; its certificate must say the same.
    package let node: NodeID
    /// Whom the sender wants to talk to.
    package let target: NodeID
    /// The sender's boot counter.
    package let generation: UInt32
    /// The oldest protocol that the sender speaks.
    package let protocolMin: UInt16
    /// The newest protocol that the sender speaks.
    package let protocolMax: UInt16
    /// The sender's calendar clock.
    package let wallClock: WallTime

    /// The largest difference between the clocks of two nodes.
    package static let clockDifferenceMax: Interval = .seconds(60)

    package init(
        cluster: ClusterID, node: NodeID, target: NodeID, generation: UInt32,
        protocolMin: UInt16 = PeerLimits.protocolMin, protocolMax: UInt16 = PeerLimits.protocolMax,
        wallClock: WallTime
    ) {
        self.cluster = cluster
        self.node = node
        self.target = target
        self.generation = generation
        self.protocolMin = protocolMin
        self.protocolMax = protocolMax
        self.wallClock = wallClock
    }

    /// The payload of a handshake frame.
    package func encoded() throws(WireError) -> [UInt8] {
        var wire = WireHandshake()
        wire.cluster = WireWideIdentifier(cluster)
        wire.node = node.rawValue
        wire.target = target.rawValue
        wire.generation = generation
        wire.protocolMin = UInt32(protocolMin)
        wire.protocolMax = UInt32(protocolMax)
        wire.wallClock = wallClock.milliseconds
        return try serialized(wire)
    }

    /// Reads the payload of a handshake frame; total.
    package init(decoding bytes: [UInt8]) throws(WireError) {
        try checkLimit("handshake", bytes.count, max: PeerLimits.handshakeBytesMax)
        let wire = try parsed(WireHandshake.self, bytes, "handshake")
        guard wire.hasCluster else { throw .missing("handshake.cluster") }
        self.init(
            cluster: ClusterID(wire: wire.cluster), node: NodeID(wire.node),
            target: NodeID(wire.target), generation: wire.generation,
            protocolMin: try narrowed(wire.protocolMin, "protocolMin"),
            protocolMax: try narrowed(wire.protocolMax, "protocolMax"),
            wallClock: WallTime(milliseconds: wire.wallClock))
    }
}

/// Why a node does not talk to another, or does not let it join.
package struct PeerRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons, stable across versions.
    package enum Code: UInt32, Hashable, Sendable, CaseIterable {
        /// A reason that a newer version made up.
        case other = 0
        /// The other node belongs to another cluster.
        case wrongCluster = 1
        /// The two speak no common protocol.
        case protocolVersion = 2
        /// The clocks differ by more than a minute.
        case clockOff = 3
        /// The certificate does not belong to the node that the handshake names.
        case wrongIdentity = 4
        /// A newer process with this node's id has been seen: this one runs on a copied disk.
        case outdated = 5
        /// The registry has removed the node for ever.
        case removed = 6
        /// The first frame was none that this kind of connection begins with.
        case protocolViolation = 7
        /// The join token is not known, was used, or is not for this cluster.
        case tokenUnknown = 8
        /// The join token's time is over.
        case tokenExpired = 9
        /// The node cannot admit anybody now; try again.
        case unavailable = 10
        /// The request to join has something in it that cannot be.
        case badRequest = 11
        /// The join token was used already, by another key.
        case tokenUsed = 12
    }

    /// Which reason.
    package let code: Code
    /// A sentence that says what to do.
    package let reason: String

    /// A refusal; `reason` is cut at ``PeerLimits/reasonBytesMax``.
    package init(code: Code, reason: String) {
        self.code = code
        if reason.utf8.count <= PeerLimits.reasonBytesMax {
            self.reason = reason
        } else {
            self.reason = String(
                decoding: reason.utf8.prefix(PeerLimits.reasonBytesMax - 3), as: UTF8.self)
        }
    }

    /// Whether asking again later may help.
    package var isRetryable: Bool { code == .unavailable || code == .clockOff }

    package var description: String { reason }

    /// The payload of a refusal frame.
    package func encoded() throws(WireError) -> [UInt8] {
        var wire = WireRefusal()
        wire.code = code.rawValue
        wire.reason = reason
        return try serialized(wire)
    }

    /// Reads the payload of a refusal frame; total. An unknown code is ``Code/other``.
    package init(decoding bytes: [UInt8]) throws(WireError) {
        try checkLimit("refusal", bytes.count, max: PeerLimits.handshakeBytesMax)
        let wire = try parsed(WireRefusal.self, bytes, "refusal")
        try checkLimit("reason", wire.reason.utf8.count, max: PeerLimits.reasonBytesMax)
        self.init(code: Code(rawValue: wire.code) ?? .other, reason: wire.reason)
    }
}
