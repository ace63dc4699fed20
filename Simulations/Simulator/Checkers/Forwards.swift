package import Identity
package import Wire

/// A forwarded message has the words that its source has or had, and is attributed to whoever wrote
/// these; in no chat are there more of one source than were asked for.
///
/// Every text that people write begins with the id of its message, which tells the source.
package struct Forwards {
    private struct Target: Hashable {
        let chat: ChatID
        let source: MessageID
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many forwarded messages were shown.
    package private(set) var shownCount: UInt64 = 0
    /// Whoever wrote a text; looked up only.
    private var writers: [String: AccountID] = [:]
    private var sources: [MessagePlace: MessageID] = [:]
    private var askedCounts: [Target: Int] = [:]
    private var shown: [Target: Set<SequenceNumber>] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// Somebody writes a text, as a message or as an edit of one.
    package mutating func writes(_ text: String, by account: AccountID?) {
        if let account { writers[text] = account }
    }

    /// Somebody who was told the message at `source` wants it in `chat`.
    package mutating func asks(_ source: MessagePlace, to chat: ChatID) {
        guard let id = sources[source] else { return }
        askedCounts[Target(chat: chat, source: id), default: 0] += 1
    }

    /// Somebody was shown the entry, or a replica holds it.
    package mutating func saw(_ entry: ClientEntry, of chat: ChatID, by whom: String) {
        guard case .text(let text, let replyTo) = entry.content,
            let id = MessageID(text: Substring(text.utf8.prefix(32)))
        else { return }
        sources[MessagePlace(chat: chat, seq: entry.seq)] = id
        guard let origin = entry.origin else { return }
        shownCount += 1
        let target = Target(chat: chat, source: id)
        shown[target, default: []].insert(entry.seq)
        if writers[text] != origin.account || replyTo != nil || entry.edition != nil {
            report("\(whom) saw \(entry) of \(chat), which was not written so")
        }
        if shown[target, default: []].count > askedCounts[target] ?? 0 {
            report("\(whom) saw \(entry) of \(chat), which nobody forwarded, or not so often")
        }
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "forwards", words: words))
    }
}
