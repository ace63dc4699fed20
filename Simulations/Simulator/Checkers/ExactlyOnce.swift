package import Identity

/// A message that was sent under one id, however often, has one number.
package struct ExactlyOnce {
    private struct Place: Hashable {
        let chat: ChatID
        let cmid: MessageID
    }

    package private(set) var violations: [Violation] = []
    private var numbers: [Place: SequenceNumber] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// The message `cmid` was seen, or acknowledged, at `seq` of `chat`.
    package mutating func saw(_ cmid: MessageID, in chat: ChatID, at seq: SequenceNumber) {
        let place = Place(chat: chat, cmid: cmid)
        guard let first = numbers[place] else {
            numbers[place] = seq
            return
        }
        if first != seq {
            violations.append(
                Violation(
                    property: "exactly once",
                    words: "the message \(cmid) is at \(first) and at \(seq) of \(chat)"))
        }
    }
}
