internal import Determinism
internal import Identity
internal import Membership
internal import Raft
internal import Wire

/// A fault of the network that lasts until it is healed.
struct LastingFault {
    /// Which of all that ever began.
    struct ID: Hashable {
        let rawValue: UInt64
    }

    /// What it does.
    enum Effect {
        /// Nothing gets over the paths, each in its direction only.
        case cut([SimulatedNetwork.Path])
        /// Some messages do not get through.
        case filter(MessageFilter)
        /// The receiver of the path reads slowly.
        case slowReading(SimulatedNetwork.Path, SlowReading)
        /// Clients do not reach a machine that all nodes reach.
        case clientCut(ClientCut)
    }

    let id: ID
    let effect: Effect

    /// What is left of it on the paths for which `condition` holds; nil when that is nothing.
    func filtered(by condition: (SimulatedNetwork.Path) -> Bool) -> LastingFault? {
        switch effect {
        case .cut(let paths):
            let rest = paths.filter(condition)
            return rest.isEmpty ? nil : LastingFault(id: id, effect: .cut(rest))
        case .slowReading(let path, _): return condition(path) ? self : nil
        // A filter is of a node, and asks at each message whether its path is calm.
        case .filter, .clientCut: return self
        }
    }
}

/// How slowly the receiver of a path reads.
struct SlowReading: Hashable {
    /// How long it takes for one batch.
    let pause: Interval
    /// The most batches under way; what is more waits at the sender.
    let underWayMax: Int
    /// The most batches that wait at the sender; the oldest is dropped beyond it, as the queue of a
    /// link does it.
    let waitingMax: Int
}

/// Clients that do not reach a machine.
struct ClientCut: Hashable {
    /// By name.
    let machine: Int
    /// Ascending; nil for everybody.
    let people: [Int]?
}

/// Messages of one kind that do not get through from or to one node: a rule of a firewall, a frame
/// that something on the way cannot bear.
struct MessageFilter: Hashable {
    /// What is filtered.
    enum Kind: String, Hashable, CaseIterable {
        // Datagrams.
        case ping, pingRequest, ack, nack, gossip, digest
        // Raft.
        case vote, voteReply, append, appendReply, heartbeat, heartbeatReply, timeoutNow
        // All else on streams.
        case request, response, follow, heads, published, marks, registry
        case snapshotChunk, snapshotAck, membershipSync, streamPing, replicaMembership
    }

    let kind: Kind
    /// The node from which, or to which, they are sent.
    let node: NodeID
    let isFromNode: Bool
    /// A stream on which one of them is sent breaks; otherwise the message alone is lost.
    let breaksStream: Bool

    /// Whether it looks at messages on `path`.
    func touches(_ path: SimulatedNetwork.Path) -> Bool {
        (isFromNode ? path.from : path.to) == node
    }

    /// Whether it takes a datagram out.
    func takes(_ message: MembershipMessage) -> Bool {
        switch message.body {
        case .ping: kind == .ping
        case .pingRequest: kind == .pingRequest
        case .ack: kind == .ack
        case .nack: kind == .nack
        case .gossip: kind == .gossip
        case .digest: kind == .digest
        }
    }

    /// The message without what is taken out; nil when nothing is left.
    func rest(of message: PeerMessage) -> PeerMessage? {
        if case .raft(let messages) = message {
            let rest = messages.filter { !takes($0) }
            return rest.isEmpty ? nil : rest.count == messages.count ? message : .raft(rest)
        }
        return Self.kind(of: message) == kind ? nil : message
    }

    private func takes(_ message: RaftMessage) -> Bool {
        switch message.body {
        case .preVote, .vote: kind == .vote
        case .preVoteReply, .voteReply: kind == .voteReply
        case .append: kind == .append
        case .appendReply, .appendRejected: kind == .appendReply
        case .heartbeat: kind == .heartbeat
        case .heartbeatReply: kind == .heartbeatReply
        case .timeoutNow: kind == .timeoutNow
        }
    }

    private static func kind(of message: PeerMessage) -> Kind? {
        switch message {
        case .raft, .goodbye: nil
        case .request: .request
        case .response, .notLeader: .response
        case .follow, .unfollow: .follow
        case .heads, .notOwner: .heads
        case .published: .published
        // What else may get lost for good.
        case .marks, .typing, .typed, .presenceClaims, .presenceWatch, .presenceStates: .marks
        case .registryFetch, .registryState: .registry
        case .snapshotChunk: .snapshotChunk
        case .snapshotAck: .snapshotAck
        case .membershipSync: .membershipSync
        case .streamPing, .streamPong: .streamPing
        case .isMember, .isNoMember: .replicaMembership
        }
    }
}
