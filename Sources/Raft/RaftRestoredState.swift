/// What a replica starts from: what the host found on disk, checked against its own checksums.
package struct RaftRestoredState: Hashable, Sendable {
    /// Term and vote as last persisted. The commit index is raised to `applied` when it is behind.
    package var hardState: HardState
    /// Where the log on disk starts: the entry before its first one, from a snapshot or a
    /// compaction.
    package var originIndex: LogIndex
    /// The term of the entry at `originIndex`.
    package var originTerm: Term
    /// The configuration in force after `applied`.
    package var configuration: Configuration
    /// The highest index whose effect is in the state.
    package var applied: LogIndex
    /// The term of the entry at `applied`: whoever leads from here on must be able to say it, also
    /// when that entry can no longer be read.
    package var appliedTerm: Term
    /// The last entry on disk; `originIndex` when there is none.
    package var lastIndex: LogIndex
    /// The term of that entry; `originTerm` when there is none.
    package var lastTerm: Term
    /// The entries after `applied`, through `lastIndex`; all of them, in order.
    package var entries: [LogEntry]
    /// The log is damaged or missing below its durable watermark. Such a replica does not vote,
    /// campaign, confirm or serve until its log has been rebuilt by a leader elected without it.
    package var isSuspect: Bool

    package init(
        hardState: HardState, originIndex: LogIndex, originTerm: Term, configuration: Configuration,
        applied: LogIndex, appliedTerm: Term, lastIndex: LogIndex, lastTerm: Term,
        entries: [LogEntry], isSuspect: Bool = false
    ) {
        self.hardState = hardState
        self.originIndex = originIndex
        self.originTerm = originTerm
        self.configuration = configuration
        self.applied = applied
        self.appliedTerm = appliedTerm
        self.lastIndex = lastIndex
        self.lastTerm = lastTerm
        self.entries = entries
        self.isSuspect = isSuspect
    }

    /// A replica that has nothing and knows nobody: it follows whoever leads, and gets a snapshot.
    package static let uninitialized = RaftRestoredState(
        hardState: HardState(), originIndex: .zero, originTerm: .zero, configuration: .empty,
        applied: .zero, appliedTerm: .zero, lastIndex: .zero, lastTerm: .zero, entries: [])

    /// The index at which every group starts. It is not zero, so that an empty log is never
    /// mistaken for that of a new group.
    package static let genesisIndex = LogIndex(10)
    /// The term at which every group starts.
    package static let genesisTerm = Term(5)

    /// The state of each of the first replicas of a new group, to be persisted before the first
    /// start; identical on all of them.
    package static func genesis(_ configuration: Configuration) -> RaftRestoredState {
        RaftRestoredState(
            hardState: HardState(term: genesisTerm, vote: nil, commit: genesisIndex),
            originIndex: genesisIndex, originTerm: genesisTerm, configuration: configuration,
            applied: genesisIndex, appliedTerm: genesisTerm, lastIndex: genesisIndex,
            lastTerm: genesisTerm, entries: [])
    }

    /// Checks that the parts fit each other; throws ``RaftError/malformedState``, or
    /// ``RaftError/malformedConfiguration`` for an entry that this version cannot read.
    ///
    /// Linear in the number of entries.
    package func validate() throws(RaftError) {
        guard originIndex <= applied, applied <= lastIndex, hardState.commit <= lastIndex,
            lastIndex.distance(from: applied) == entries.count, lastTerm <= hardState.term,
            originTerm <= appliedTerm, appliedTerm <= lastTerm,
            applied > originIndex || appliedTerm == originTerm
        else { throw .malformedState }
        var expected = applied.next
        var term = appliedTerm
        for entry in entries {
            guard entry.index == expected, entry.term >= term else { throw .malformedState }
            if entry.kind == .configuration { _ = try Configuration(bytes: entry.payload) }
            expected = expected.next
            term = entry.term
        }
        guard term == lastTerm else { throw .malformedState }
    }
}
