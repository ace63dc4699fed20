package import Identity

/// What had to be refused was refused with the right word, and is in no log.
package struct Refusals {
    private struct Refusal {
        let cmid: MessageID
        let codes: [String]
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    private var refusals: [MessageID: Refusal] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// Somebody sends what must be refused with one of `codes`.
    package mutating func sends(_ cmid: MessageID, toBeRefusedWith codes: [String]) {
        refusals[cmid] = Refusal(cmid: cmid, codes: codes)
    }

    /// Whether `code` is the right word for the message.
    package func expects(_ code: String, for cmid: MessageID) -> Bool {
        refusals[cmid]?.codes.contains(code) ?? false
    }

    /// The message was acknowledged, or is in the log of `chat`.
    package mutating func saw(_ cmid: MessageID, in chat: ChatID) {
        guard let refusal = refusals[cmid] else { return }
        violations.append(
            Violation(
                property: "refusals",
                words: "\(cmid) is in \(chat), and had to be refused with \(refusal.codes)"))
    }
}
