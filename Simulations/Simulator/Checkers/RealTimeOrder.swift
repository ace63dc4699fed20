package import Identity

/// What is begun after an acknowledgement of the same chat comes after it: a later message has a
/// higher number, and a later read sees the acknowledged one.
package struct RealTimeOrder {
    package private(set) var violations: [Violation] = []
    private var ackedMax: [ChatID: SequenceNumber] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// The highest number that is acknowledged in `chat` now: what is begun now must see it.
    package func begin(in chat: ChatID) -> SequenceNumber { ackedMax[chat] ?? .zero }

    /// A message that was begun when `floor` was acknowledged got the number `seq`.
    package mutating func acked(
        _ seq: SequenceNumber, in chat: ChatID, begunAt floor: SequenceNumber
    ) {
        if seq <= floor {
            report("a message got \(seq) in \(chat) when \(floor) had been acknowledged before")
        }
        ackedMax[chat] = max(ackedMax[chat] ?? .zero, seq)
    }

    /// A read that was begun when `floor` was acknowledged found the log to end at `head`.
    package mutating func read(
        head: SequenceNumber, of chat: ChatID, begunAt floor: SequenceNumber
    ) {
        if head < floor {
            report("a read saw \(chat) end at \(head) when \(floor) had been acknowledged before")
        }
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "real-time order", words: words))
    }
}
