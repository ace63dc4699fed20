package import Identity
package import Wire

/// What a chat list says of unread messages is what counting them says.
package struct UnreadCounts {
    private struct Place: Hashable {
        let chat: ChatID
        let account: AccountID
    }

    package private(set) var violations: [Violation] = []
    private var readAtLeast: [Place: Ordinal] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// The account has sent or read the message `n`, and the cluster has said so.
    package mutating func read(_ n: Ordinal, of chat: ChatID, by account: AccountID) {
        let place = Place(chat: chat, account: account)
        readAtLeast[place] = max(readAtLeast[place] ?? .zero, n)
    }

    /// The highest mark that the cluster has said the account to have.
    package func mark(of chat: ChatID, by account: AccountID) -> Ordinal {
        readAtLeast[Place(chat: chat, account: account)] ?? .zero
    }

    /// A list that was asked for when the account had read up to `floor` shows `mark`.
    package mutating func lists(mark: Ordinal, of chat: ChatID, atLeast floor: Ordinal) {
        if mark < floor { report("\(chat) was read up to \(floor) and is listed with \(mark)") }
    }

    /// The account's list shows `chat`, whose log has exactly these entries.
    package mutating func lists(_ chat: ClientChat, for account: AccountID, log: [ClientEntry]) {
        let counted = log.count { entry in
            if case .text = entry.content { entry.n > chat.mark } else { false }
        }
        if chat.unread != UInt64(counted) {
            report("\(account) has \(counted) unread of \(chat.id) and is told \(chat.unread)")
        }
        let erased = log.filter { $0.content == .erased && $0.n > chat.mark }.map(\.n)
        if chat.erased != Array(erased.suffix(1_000)) {
            report("\(account) is told that of \(chat.id) \(chat.erased) are deleted: \(erased)")
        }
        let last = log.last { $0.isShown }
        // What this account says of it is no part of the log: that is for `Reactions`.
        if chat.last?.withoutReactions != last?.withoutReactions {
            report("\(account) is shown \(String(describing: chat.last)) as the last of \(chat.id)")
        }
        if chat.changed != log.last(where: { $0.isChange })?.seq ?? .zero {
            report("\(account) is told that \(chat.changed) changed \(chat.id) last")
        }
        let floor = readAtLeast[Place(chat: chat.id, account: account)] ?? .zero
        if chat.mark < floor {
            report("\(account) read \(chat.id) up to \(floor) and is told \(chat.mark)")
        }
        if chat.head.seq.rawValue != UInt64(log.count) {
            report("\(account) is told that \(chat.id) ends at \(chat.head.seq), not \(log.count)")
        }
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "unread counts", words: words))
    }
}
