package import Identity
package import Wire

/// What anybody is told of the reactions to a message is what the log makes of them up to the
/// newest that is counted, and each is of somebody who wanted it.
package struct Reactions {
    private struct Place: Hashable {
        let chat: ChatID
        let seq: SequenceNumber
    }

    private struct Wish: Hashable {
        let account: AccountID?
        let place: Place
        let emoji: String?
    }

    /// What somebody was told of a message.
    private struct Told: Hashable {
        let place: Place
        let reactions: ClientReactions
        let account: AccountID?
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How often a message was shown with reactions.
    package private(set) var shownCount: UInt64 = 0
    private var wishes: Set<Wish> = []
    private var commands: Set<MessageID> = []
    private var told: [Told] = []
    private var known: Set<Told> = []
    /// The `reacted` entries of each message of a chat whose log is known whole; looked up only.
    private var logs: [ChatID: [SequenceNumber: [ClientEntry]]] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// Somebody wants to say `emoji` of a message, or to take back what was said (nil).
    package mutating func asks(
        _ cmid: MessageID, _ emoji: String?, target: SequenceNumber, in chat: ChatID,
        by account: AccountID?
    ) {
        commands.insert(cmid)
        wishes.insert(
            Wish(account: account, place: Place(chat: chat, seq: target), emoji: emoji))
    }

    /// Whether the command is a reaction.
    package func has(_ cmid: MessageID) -> Bool { commands.contains(cmid) }

    /// Somebody was shown the entry; `account` is nil when nobody in particular was.
    package mutating func saw(
        _ entry: ClientEntry, of chat: ChatID, by account: AccountID?, _ whom: String
    ) {
        if case .reacted(let target, let emoji, _) = entry.content {
            let place = Place(chat: chat, seq: target)
            if !wishes.contains(Wish(account: entry.from, place: place, emoji: emoji)) {
                report("\(whom) saw \(entry) of \(chat), which nobody wanted")
            }
        }
        guard let reactions = entry.reactions else { return }
        shownCount += 1
        let one = Told(
            place: Place(chat: chat, seq: entry.seq), reactions: reactions, account: account)
        if known.insert(one).inserted { told.append(one) }
    }

    /// A replica holds exactly these entries of `chat`; linear.
    package mutating func holds(_ entries: [ClientEntry], of chat: ChatID, on replica: String) {
        var log: [SequenceNumber: [ClientEntry]] = [:]
        for entry in entries {
            guard case .reacted(let target, _, let tallies) = entry.content else { continue }
            log[target, default: []].append(entry)
            if Self.recount(log[target, default: []], upTo: entry.seq).tallies != tallies {
                report("\(replica) has \(entry) of \(chat), and a recount says otherwise")
            }
        }
        for entry in entries where entry.n > .zero {
            var counted = log[entry.seq].map { Self.recount($0, upTo: $0.last?.seq ?? .zero) }
            if entry.content == .erased { counted = nil }
            if entry.reactions != counted {
                report("\(replica) has \(entry) of \(chat), not \(String(describing: counted))")
            }
        }
        logs[chat] = log
    }

    /// All logs are known: whatever anybody was told is recounted.
    package mutating func judge() {
        for one in told {
            guard let log = logs[one.place.chat] else { continue }
            let entries = log[one.place.seq, default: []]
            let counted = Self.recount(
                entries, upTo: one.reactions.seq, for: one.account)
            if counted != one.reactions {
                report(
                    "\(String(describing: one.account)) was told of \(one.place) that "
                        + "\(one.reactions), not \(counted)")
            }
        }
    }

    /// What these entries of one message make of each other.
    private static func recount(
        _ entries: [ClientEntry], upTo last: SequenceNumber, for account: AccountID? = nil
    ) -> ClientReactions {
        var emoji: [String] = []
        var people: [String: [AccountID]] = [:]
        var newest = SequenceNumber.zero
        var mine: String?
        for entry in entries where entry.seq <= last {
            guard case .reacted(_, let said, _) = entry.content, let from = entry.from else {
                continue
            }
            newest = entry.seq
            if from == account { mine = said }
            for one in emoji { people[one]?.removeAll { $0 == from } }
            if let said {
                if !emoji.contains(said) { emoji.append(said) }
                people[said, default: []].append(from)
            }
            emoji.removeAll { people[$0, default: []].isEmpty }
        }
        let tallies = emoji.map { one in
            let accounts = people[one, default: []]
            return ClientReactionTally(
                emoji: one, count: UInt64(accounts.count), first: Array(accounts.prefix(3)))
        }
        return ClientReactions(seq: newest, tallies: tallies, mine: mine)
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "reactions", words: words))
    }
}
