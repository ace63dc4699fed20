package import Identity
package import Wire

/// A message is deleted when somebody who may asked for it, and never otherwise; what was said to
/// be deleted has no words anywhere.
package struct Deletions {
    private struct Place: Hashable {
        let chat: ChatID
        let seq: SequenceNumber
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many deleted messages were shown as such.
    package private(set) var shownCount: UInt64 = 0
    private var asked: Set<Place> = []
    private var commands: [MessageID: Place] = [:]
    private var acked: Set<Place> = []

    /// Nothing has happened yet.
    package init() {}

    /// Somebody who may wants the message at `target` deleted.
    package mutating func asks(_ cmid: MessageID, target: SequenceNumber, in chat: ChatID) {
        let place = Place(chat: chat, seq: target)
        asked.insert(place)
        commands[cmid] = place
    }

    /// Whether somebody wanted the message at `seq` deleted; it may be so or not.
    package func isAsked(_ seq: SequenceNumber, in chat: ChatID) -> Bool {
        asked.contains(Place(chat: chat, seq: seq))
    }

    /// The command was acknowledged; answers whether it is a deletion.
    package mutating func acked(_ cmid: MessageID) -> Bool {
        guard let place = commands[cmid] else { return false }
        acked.insert(place)
        return true
    }

    /// Somebody was shown the entry.
    package mutating func saw(_ entry: ClientEntry, of chat: ChatID, by whom: String) {
        let target: SequenceNumber
        switch entry.content {
        case .erased: target = entry.seq
        case .messageDeleted(let seq, _): target = seq
        default: return
        }
        shownCount += 1
        if !isAsked(target, in: chat) {
            report("\(whom) saw \(entry) of \(chat), and nobody asked for that")
        }
    }

    /// A replica holds exactly these entries of `chat`; linear.
    package mutating func holds(_ entries: [ClientEntry], of chat: ChatID, on replica: String) {
        var deletions: [SequenceNumber: ClientEntry] = [:]
        for entry in entries {
            guard case .messageDeleted(let target, _) = entry.content else { continue }
            if deletions[target] != nil { report("\(replica) deletes \(target) of \(chat) twice") }
            deletions[target] = entry
        }
        for entry in entries {
            if acked.contains(Place(chat: chat, seq: entry.seq)), entry.content != .erased {
                report("\(replica) has \(entry) of \(chat), which was said to be deleted")
            }
            if case .edited(let target, _?) = entry.content, deletions[target] != nil {
                report("\(replica) has \(entry) of \(chat), of a message that was deleted")
            }
            let deletion = deletions[entry.seq]
            let isErased = entry.content == .erased
            if isErased != (deletion != nil) || (isErased && entry.edition?.seq != deletion?.seq)
                || (isErased && deletion?.content != .messageDeleted(entry.seq, n: entry.n))
            {
                report("\(replica) has \(entry) of \(chat) and \(String(describing: deletion))")
            }
        }
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "deletions", words: words))
    }
}
