package import Identity

/// What a replica may never forget (Raft 5.2, figure 2): its term and its vote are on disk before
/// any message that depends on them leaves.
///
/// The commit index on disk may be behind, but it is written together with every batch of entries
/// and must come back after a restart: a log with two changes of the configuration says by it that
/// the first one is committed, so that nobody campaigns with the configuration before both.
package struct HardState: Hashable, Sendable {
    /// The latest term that the replica has seen.
    package var term: Term
    /// Whom it voted for in that term.
    package var vote: ReplicaID?
    /// The highest index known to be committed when this was written.
    package var commit: LogIndex

    package init(term: Term = .zero, vote: ReplicaID? = nil, commit: LogIndex = .zero) {
        self.term = term
        self.vote = vote
        self.commit = commit
    }
}
