extension RaftMessage {
    /// Numbers beyond this never occur; adding to them cannot overflow.
    private static let numberMax: UInt64 = 1 << 62

    /// Whether the parts fit each other: bytes from a peer are checked before they change anything.
    /// Linear in the entries.
    var isWellFormed: Bool {
        guard term.rawValue < Self.numberMax else { return false }
        switch body {
        case .append(let previousIndex, let previousTerm, let entries, let commit):
            guard previousIndex.rawValue < Self.numberMax, commit.rawValue < Self.numberMax else {
                return false
            }
            return previousTerm <= term
                && areEntriesWellFormed(entries, previousIndex, previousTerm)
        case .heartbeat(let commit, _):
            return commit.rawValue < Self.numberMax
        case .appendRejected(let previousIndex, let hintIndex, let hintTerm, _):
            return hintIndex < previousIndex && hintTerm <= term
        case .appendReply(let match, _):
            return match.rawValue < Self.numberMax
        case .preVote, .preVoteReply, .vote, .voteReply, .heartbeatReply, .timeoutNow:
            return true
        }
    }

    private func areEntriesWellFormed(
        _ entries: [LogEntry], _ previousIndex: LogIndex, _ previousTerm: Term
    ) -> Bool {
        var expected = previousIndex.next
        var lowest = previousTerm
        for entry in entries {
            guard entry.index == expected, entry.term >= lowest, entry.term <= term else {
                return false
            }
            if entry.kind == .configuration, (try? Configuration(bytes: entry.payload)) == nil {
                return false
            }
            expected = expected.next
            lowest = entry.term
        }
        return true
    }
}
