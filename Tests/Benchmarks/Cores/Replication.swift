import Determinism
import Identity
import Raft

/// The leader of a group of three whose followers and disk answer at once.
private struct LeaderBench {
    private static let shard = ShardID(1)
    private static let followers = [ReplicaID(node: NodeID(2)), ReplicaID(node: NodeID(3))]

    private var replica: RaftReplica
    private var generator = SeededGenerator(seed: 1)
    private var now = Instant.start

    init() {
        let id = ReplicaID(node: NodeID(1))
        let voters = [id] + Self.followers
        let restored = RaftRestoredState.genesis(must { try Configuration(voters: voters) })
        replica = RaftReplica(
            id: id, shard: Self.shard, settings: RaftSettings(), restored: restored, at: now,
            using: &generator)
        while replica.role != .leader {
            now = now + .milliseconds(50)
            replica.tick(at: now, using: &generator)
            settle()
        }
    }

    /// Proposes the payloads together; they are committed and applied when it returns.
    mutating func commit(_ payload: [UInt8], count: Int) {
        for _ in 0..<count { must { _ = try replica.propose(payload) } }
        now = now + .microseconds(100)
        replica.tick(at: now, using: &generator)
        settle()
    }

    /// The disk, the state machine and the followers do at once what they are asked.
    private mutating func settle() {
        while let ready = replica.takeReady() {
            replica.persisted(through: ready.token)
            if let last = ready.committed.last { replica.applied(through: last.index) }
            for message in ready.messages + ready.messagesAfterPersist {
                guard let (body, term) = answer(to: message) else { continue }
                let reply = RaftMessage(
                    from: message.to, to: replica.id, shard: Self.shard, term: term, body: body)
                replica.receive(reply, at: now, using: &generator)
            }
            // A node compacts: the log in memory stays as short as there.
            if let last = ready.committed.last, last.index.rawValue.isMultiple(of: 1_024) {
                replica.compacted(through: last.index, term: last.term)
            }
        }
    }

    private func answer(to message: RaftMessage) -> (RaftMessage.Body, Term)? {
        switch message.body {
        case .preVote: (.preVoteReply(granted: true), message.term)
        case .vote: (.voteReply(granted: true), message.term)
        case .append(let previous, _, let entries, _):
            (
                .appendReply(match: entries.last?.index ?? previous, isRecovering: false),
                message.term
            )
        case .heartbeat(_, let context):
            (
                .heartbeatReply(
                    readContext: context, applied: replica.lastIndex, isRecovering: false),
                message.term
            )
        default: nil
        }
    }
}

func replicationBenchmarks() {
    let payload = [UInt8](repeating: 7, count: 180)
    for batch in [1, 20] {
        measure("raft-entry-committed-\(batch)-a-step", prepare: { LeaderBench() }) {
            leader, count in
            for _ in 0..<count / batch { leader.commit(payload, count: batch) }
        }
    }
}
