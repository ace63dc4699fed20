import Determinism
import Identity

/// A running suspicion of one member: it starts at the longest patience and shortens towards the
/// shortest as others confirm it independently (Lifeguard IV-B).
///
/// Invariant: nobody is counted twice, and `confirmers` has at most `required` names.
struct Suspicion: Hashable, Sendable {
    /// Who suspected first; does not count as a confirmation.
    let accuser: NodeID
    /// Who confirmed, in order of arrival.
    private(set) var confirmers: [NodeID] = []
    /// How many confirmations bring the patience to its minimum; 0 begins there.
    let required: Int
    private let start: Instant
    private let shortest: Interval
    private let longest: Interval

    /// Begins now, with the patience of this moment's number of members.
    init(
        accuser: NodeID, required: Int, shortest: Interval, longest: Interval, at start: Instant
    ) {
        precondition(shortest <= longest, "patience shrinks, never grows")
        self.accuser = accuser
        self.required = required
        self.start = start
        self.shortest = shortest
        self.longest = longest
    }

    /// When the member is to be given up.
    var deadline: Instant {
        let decay = LogarithmTable.decayThousandths(
            confirmations: confirmers.count, required: required)
        let width = longest - shortest
        // Whole milliseconds, like memberlist's floor.
        let cut = Interval.milliseconds(width.milliseconds * decay / 1_000)
        return start + max(shortest, longest - cut)
    }

    /// Counts `node`; true when it is new and still counts, and so is worth telling others.
    mutating func confirm(by node: NodeID) -> Bool {
        guard confirmers.count < required, node != accuser, !confirmers.contains(node) else {
            return false
        }
        confirmers.append(node)
        return true
    }
}
