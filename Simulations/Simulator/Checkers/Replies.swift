package import Identity

/// A message answers what its writer wrote that it answers, wherever it is shown, and always a
/// message before it.
package struct Replies {
    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many replies were shown.
    package private(set) var shownCount: UInt64 = 0
    private var targets: [MessageID: SequenceNumber?] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// Somebody writes the message, for the first time or again; nil answers nothing.
    package mutating func writes(_ cmid: MessageID, replyTo: SequenceNumber?) {
        targets[cmid] = .some(replyTo)
    }

    /// Somebody was shown the message at `seq` of `chat`, or a replica holds it.
    package mutating func saw(
        _ cmid: MessageID, replyTo: SequenceNumber?, at seq: SequenceNumber, of chat: ChatID,
        by whom: String
    ) {
        if let replyTo {
            shownCount += 1
            if replyTo >= seq { report("\(whom) saw \(seq) of \(chat) answer \(replyTo)") }
        }
        guard let written = targets[cmid], written != replyTo else { return }
        report(
            "\(whom) saw \(seq) of \(chat) answer \(words(replyTo)), it was written to answer "
                + words(written))
    }

    private func words(_ target: SequenceNumber?) -> String {
        target.map { "\($0)" } ?? "nothing"
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "replies", words: words))
    }
}
