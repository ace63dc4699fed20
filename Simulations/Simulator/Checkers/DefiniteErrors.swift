package import Identity

/// An error that is definite says that nothing was done: what was refused for good is in no log,
/// and nobody is told that it is. Whoever gets another error does not know, and asks again with the
/// same id.
package struct DefiniteErrors {
    /// What did not hold.
    package private(set) var violations: [Violation] = []
    private var codes: [MessageID: String] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// How many messages were refused for good.
    package var refusedCount: Int { codes.count }

    /// The message was refused with `code`, which no further try will change. That its sender is no
    /// member, or has no right to it, may change: who is invited again may have a copy done that
    /// was under way.
    package mutating func refused(_ cmid: MessageID, with code: String) {
        if !DefiniteErrors.passing.contains(code) { codes[cmid] = code }
    }

    private static let passing = ["notMember", "noRight", "banned", "notSender"]

    /// The message was acknowledged, or is in the log of `chat`.
    package mutating func saw(_ cmid: MessageID, in chat: ChatID) {
        guard let code = codes[cmid] else { return }
        violations.append(
            Violation(
                property: "definite errors",
                words: "\(cmid) was refused with \(code) and is in \(chat)"))
    }
}
