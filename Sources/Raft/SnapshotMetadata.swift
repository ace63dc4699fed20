/// What a snapshot stands for: the state after applying the log through `index`.
package struct SnapshotMetadata: Hashable, Sendable {
    /// The last entry that the snapshot contains.
    package let index: LogIndex
    /// The term of that entry.
    package let term: Term
    /// The configuration in force after that entry was applied.
    package let configuration: Configuration

    package init(index: LogIndex, term: Term, configuration: Configuration) {
        self.index = index
        self.term = term
        self.configuration = configuration
    }
}
