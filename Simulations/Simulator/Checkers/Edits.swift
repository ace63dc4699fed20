package import Identity
package import Wire

/// A message has the words that its sender gave it last, and says when, wherever it is shown; words
/// that it had before are kept nowhere.
///
/// The text of an edit begins with the id of the message and goes on with its own.
package struct Edits {
    private struct Place: Hashable {
        let chat: ChatID
        let seq: SequenceNumber
    }

    private struct Edit {
        let target: Place
        let text: String
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many messages were shown with other words than those that they were sent with.
    package private(set) var shownCount: UInt64 = 0
    private var edits: [MessageID: Edit] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// Somebody gives the message at `target` other words, for the first time or again.
    package mutating func writes(
        _ cmid: MessageID, target: SequenceNumber, in chat: ChatID, text: String
    ) {
        edits[cmid] = Edit(target: Place(chat: chat, seq: target), text: text)
    }

    /// Whether the command is an edit.
    package func has(_ cmid: MessageID) -> Bool { edits[cmid] != nil }

    /// Somebody was shown the entry.
    package mutating func saw(_ entry: ClientEntry, of chat: ChatID, by whom: String) {
        switch entry.content {
        // The words of a forwarded message are somebody else's, and stay as they are.
        case .text where entry.origin != nil: break
        case .text(let text, _):
            if entry.edition != nil { shownCount += 1 }
            judge(
                text, of: entry.seq, in: chat, isEdited: entry.edition != nil,
                "\(whom) saw \(entry)")
        case .edited(let target, let text):
            if target >= entry.seq { report("\(whom) saw \(entry) edit what comes after it") }
            if let text {
                judge(text, of: target, in: chat, isEdited: true, "\(whom) saw \(entry)")
            }
        default: break
        }
    }

    private mutating func judge(
        _ text: String, of target: SequenceNumber, in chat: ChatID, isEdited: Bool,
        _ words: @autoclosure () -> String
    ) {
        let edit = ClientEntry.editID(in: text).flatMap { edits[$0] }
        if let edit {
            let isRight = edit.text == text && edit.target == Place(chat: chat, seq: target)
            if !isRight || !isEdited {
                report("\(words()), which is the edit of \(edit.target.seq)")
            }
        } else if isEdited {
            report("\(words()), which nobody wrote")
        }
    }

    /// A replica holds exactly these entries of `chat`; linear.
    package mutating func holds(_ entries: [ClientEntry], of chat: ChatID, on replica: String) {
        var newest: [SequenceNumber: ClientEntry] = [:]
        var all: [SequenceNumber: ClientEntry] = [:]
        for entry in entries {
            all[entry.seq] = entry
            if case .edited(let target, _) = entry.content { newest[target] = entry }
        }
        for entry in entries {
            switch entry.content {
            case .text(let text, _):
                let edit = newest[entry.seq]
                if entry.edition?.seq != edit?.seq || entry.edition?.time != edit?.time
                    || edit.map({ $0.content != .edited(entry.seq, text: text) }) ?? false
                {
                    report("\(replica) has \(entry) in \(chat) and \(String(describing: edit))")
                }
            case .edited(let target, let text):
                let message = all[target]
                let isNewest = newest[target] == entry && message?.content != .erased
                if message?.from != entry.from || (text != nil) != isNewest {
                    report("\(replica) has \(entry) in \(chat) of \(String(describing: message))")
                }
            default: break
            }
        }
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "edits", words: words))
    }
}

extension ClientEntry {
    /// The id under which a simulated person edited a message to this text; nil when it is the text
    /// of none.
    static func editID(in text: String) -> MessageID? {
        let bytes = text.utf8.prefix(64)
        return bytes.count == 64 ? MessageID(text: Substring(bytes.dropFirst(32))) : nil
    }

    /// A message without what people say of it; everything else as it is.
    var withoutReactions: ClientEntry {
        ClientEntry(
            seq: seq, n: n, time: time, from: from, content: content, edition: edition,
            origin: origin)
    }

    /// A message or an edit without its words, without whose they are, and without what people say
    /// of it; everything else as it is.
    var withoutWords: ClientEntry {
        let content: Content
        switch self.content {
        case .text: content = .erased
        case .erased: content = .erased
        case .edited(let target, _): content = .edited(target, text: nil)
        default: return self
        }
        return ClientEntry(seq: seq, n: n, time: time, from: from, content: content)
    }
}
