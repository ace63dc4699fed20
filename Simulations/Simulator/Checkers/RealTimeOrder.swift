package import Identity

/// A message that is begun after another of the same chat was acknowledged comes after it.
package struct RealTimeOrder {
    /// What did not hold.
    package private(set) var violations: [Violation] = []
    private var ackedMax: [ChatID: SequenceNumber] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// The highest number that is acknowledged in `chat` now: what is begun now comes after it.
    package func begin(in chat: ChatID) -> SequenceNumber { ackedMax[chat] ?? .zero }

    /// A message that was begun when `floor` was acknowledged got the number `seq`.
    package mutating func acked(
        _ seq: SequenceNumber, in chat: ChatID, begunAt floor: SequenceNumber
    ) {
        if seq <= floor {
            violations.append(
                Violation(
                    property: "real-time order",
                    words: "a message got \(seq) in \(chat) when \(floor) had been acknowledged "
                        + "before"))
        }
        ackedMax[chat] = max(ackedMax[chat] ?? .zero, seq)
    }
}
