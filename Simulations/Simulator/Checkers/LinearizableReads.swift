package import Identity

/// A read sees all that was known before it began: what was acknowledged, and what an earlier read
/// saw (thesis 6.4).
package struct LinearizableReads {
    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many reads were begun when something was known.
    package private(set) var comparedCount: UInt64 = 0
    private var knownMax: [ChatID: SequenceNumber] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// Where `chat` is known to reach now: what is begun now must see that.
    package func begin(in chat: ChatID) -> SequenceNumber { knownMax[chat] ?? .zero }

    /// A message was acknowledged at `seq`.
    package mutating func acked(_ seq: SequenceNumber, in chat: ChatID) { learn(seq, of: chat) }

    /// A read that was begun when `floor` was known found the log to end at `head`.
    package mutating func read(
        head: SequenceNumber, of chat: ChatID, begunAt floor: SequenceNumber
    ) {
        if floor > .zero { comparedCount += 1 }
        if head < floor {
            violations.append(
                Violation(
                    property: "linearizable reads",
                    words: "a read saw \(chat) end at \(head) when \(floor) was known before"))
        }
        learn(head, of: chat)
    }

    private mutating func learn(_ seq: SequenceNumber, of chat: ChatID) {
        knownMax[chat] = max(knownMax[chat] ?? .zero, seq)
    }
}
