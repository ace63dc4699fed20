package import Identity

/// One piece of news about a member, carried by any datagram.
package enum MemberUpdate: Hashable, Sendable {
    /// The member speaks for itself. The only update that makes a member known.
    case alive(
        node: NodeID, incarnation: Incarnation, endpoint: MemberEndpoint, facts: MemberFacts)
    /// `from` could not reach it.
    case suspect(node: NodeID, incarnation: Incarnation, from: NodeID)
    /// `from` gave it up; when `from` is the member itself, it left.
    case dead(node: NodeID, incarnation: Incarnation, from: NodeID)

    /// Whom it is about.
    package var node: NodeID {
        switch self {
        case .alive(let node, _, _, _), .suspect(let node, _, _), .dead(let node, _, _): node
        }
    }

    /// Which incarnation it is about.
    package var incarnation: Incarnation {
        switch self {
        case .alive(_, let incarnation, _, _), .suspect(_, let incarnation, _),
            .dead(_, let incarnation, _):
            incarnation
        }
    }

    /// An upper bound of what this update takes in a datagram, in bytes.
    ///
    /// The bound is that of protobuf with every number at its longest varint: 39 bytes for an
    /// accusation (two nested headers, three numbers of at most 11), 77 bytes plus the texts for an
    /// alive. Some bytes are kept in reserve for new fields.
    package var encodedBytesMax: Int {
        switch self {
        case .alive(_, _, let endpoint, let facts):
            88 + endpoint.host.utf8.count + endpoint.clientURL.utf8.count
                + facts.zone.utf8.count + facts.version.utf8.count
        case .suspect, .dead:
            44
        }
    }
}

/// One datagram.
package struct MembershipMessage: Hashable, Sendable {
    /// What the datagram is for.
    package enum Body: Hashable, Sendable {
        /// Asks `target` for an ack. Another identity at its address keeps silent; nil asks whoever
        /// is there, for first contact with a seed.
        case ping(sequence: UInt32, target: NodeID?)
        /// Asks the receiver to ping `target` (at `address`, unless it knows better) and to tell.
        case pingRequest(sequence: UInt32, target: NodeID, address: GossipAddress)
        /// Answers the ping or the ping request with this number.
        case ack(sequence: UInt32)
        /// The receiver of a ping request lives, but has not heard the target in time (Lifeguard).
        case nack(sequence: UInt32)
        /// Nothing but updates.
        case gossip
        /// All that the sender believes, in short; at most ``MemberDigest/entriesMax`` members.
        case digest(MemberDigest)
    }

    /// Who sent it.
    package let from: NodeID
    /// The sender's own incarnation: an outdated process is found by it.
    package let fromIncarnation: Incarnation
    /// The sender asks for the receiver's own `alive`, because it does not know the receiver.
    package let wantsRecord: Bool
    /// What it is for.
    package let body: Body
    /// News, at most ``updatesMax``, the most urgent first.
    package let updates: [MemberUpdate]

    /// The most updates that a datagram may carry.
    package static let updatesMax = 32
    /// The largest datagram, envelope included, in bytes: an IPv6 packet that is never fragmented.
    package static let datagramBytesMax = 1_200
    /// What the envelope (magic, version, cluster, key, nonce, tag) may take of it, in bytes.
    package static let envelopeBytesMax = 64

    package init(
        from: NodeID, fromIncarnation: Incarnation, wantsRecord: Bool = false, body: Body,
        updates: [MemberUpdate] = []
    ) {
        self.from = from
        self.fromIncarnation = fromIncarnation
        self.wantsRecord = wantsRecord
        self.body = body
        self.updates = updates
    }

    /// An upper bound of the encoded message without the envelope, in bytes.
    package var encodedBytesMax: Int {
        Self.headerBytesMax(of: body) + updates.reduce(0) { $0 + $1.encodedBytesMax }
    }

    /// An upper bound of everything but the updates, in bytes.
    static func headerBytesMax(of body: Body) -> Int {
        switch body {
        case .ping, .ack, .nack, .gossip: 56
        case .pingRequest: 56 + 64
        case .digest(let digest): 40 + digest.entries.count * MemberDigest.entryBytes
        }
    }
}

/// A full exchange over the peer link: on join, and when digests differ.
package struct MembershipSync: Hashable, Sendable {
    /// All that the sender knows, itself included; at most ``membersMax``.
    package let members: [MemberRecord]
    /// An answer is not answered.
    package let isReply: Bool
    /// The sender has just started.
    package let isJoin: Bool

    /// The most members of a cluster.
    package static let membersMax = 1_024

    package init(members: [MemberRecord], isReply: Bool, isJoin: Bool) {
        self.members = members
        self.isReply = isReply
        self.isJoin = isJoin
    }
}
