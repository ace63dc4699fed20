package import Identity

/// What replicas of one shard say to each other.
///
/// May be lost, doubled, delayed and reordered. `term` is the sender's, except for a pre-vote and a
/// granted pre-vote reply, where it is the term that the candidate would have.
package struct RaftMessage: Hashable, Sendable {
    package let from: ReplicaID
    package let to: ReplicaID
    package let shard: ShardID
    package let term: Term
    package let body: Body

    package init(from: ReplicaID, to: ReplicaID, shard: ShardID, term: Term, body: Body) {
        self.from = from
        self.to = to
        self.shard = shard
        self.term = term
        self.body = body
    }

    /// What is said.
    package enum Body: Hashable, Sendable {
        /// Would you vote for me? Binds nobody (thesis 9.6).
        case preVote(lastIndex: LogIndex, lastTerm: Term)
        case preVoteReply(granted: Bool)
        /// Vote for me (Raft 5.2, 5.4.1). A transfer is answered even while a leader is heard from.
        case vote(lastIndex: LogIndex, lastTerm: Term, isTransfer: Bool)
        case voteReply(granted: Bool)
        /// Entries that follow `previousIndex` of term `previousTerm` (5.3), and the leader's
        /// commit index. Without entries it probes, or tells the commit index.
        case append(
            previousIndex: LogIndex, previousTerm: Term, entries: [LogEntry], commit: LogIndex)
        /// The sender's disk agrees with the leader's log through `match`. While `isRecovering`, it
        /// counts for flow control only, never for a commit.
        case appendReply(match: LogIndex, isRecovering: Bool)
        /// The sender has no entry of the leader's term at `previousIndex`. The highest index at
        /// which the logs may agree is `hintIndex`; the sender's term there is `hintTerm`, zero
        /// when not known.
        case appendRejected(
            previousIndex: LogIndex, hintIndex: LogIndex, hintTerm: Term, isRecovering: Bool)
        /// I lead. The commit index is never above what the receiver has confirmed. `readContext`
        /// grows with every round of heartbeats in a term.
        case heartbeat(commit: LogIndex, readContext: UInt64)
        /// Still following; the highest index the sender has applied. Also sent, with context 0, to
        /// a leader of an earlier term, which steps down on seeing the higher term.
        case heartbeatReply(readContext: UInt64, applied: LogIndex, isRecovering: Bool)
        /// Campaign at once: leadership is handed to you (thesis 3.10).
        case timeoutNow
    }
}
