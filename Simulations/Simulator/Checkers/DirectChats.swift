package import Identity
package import Wire

/// Two people have one direct chat and no more, whoever opens it when and where; nobody else is in
/// it, and it is in the lists of both once it has a message.
package struct DirectChats {
    private struct Pair: Hashable {
        let low: AccountID
        let high: AccountID

        init(_ one: AccountID, _ other: AccountID) {
            low = min(one, other)
            high = max(one, other)
        }

        func has(_ account: AccountID) -> Bool { account == low || account == high }

        func peer(of account: AccountID) -> AccountID { account == low ? high : low }
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many wishes for one were answered.
    package private(set) var openedCount: UInt64 = 0
    /// Looked up only.
    private var chats: [Pair: ChatID] = [:]
    private var pairs: [ChatID: Pair] = [:]
    /// Those with a message, in the order in which they were seen on a disk first.
    private var used: [ChatID] = []
    private var lists: [(account: AccountID, chats: [ClientChat])] = []

    /// Nothing has happened yet.
    package init() {}

    /// Whether the chat is one.
    package func has(_ chat: ChatID) -> Bool { pairs[chat] != nil }

    /// The wish of `one` for its chat with `other` was answered.
    package mutating func opened(
        _ chat: ClientChat, by one: AccountID, with other: AccountID
    ) {
        openedCount += 1
        note(chat.id, of: Pair(one, other))
        judge(chat, of: one)
    }

    /// A replica holds exactly these entries of `chat`; linear.
    package mutating func holds(_ entries: [ClientEntry], of chat: ChatID, on replica: String) {
        guard let first = entries.first, case .opened(let other) = first.content,
            let one = first.from
        else {
            if has(chat) { report("\(replica) has \(chat), which was not opened") }
            return
        }
        let pair = Pair(one, other)
        note(chat, of: pair)
        for entry in entries.dropFirst() {
            let isRight =
                switch entry.content {
                case .text, .edited, .erased, .messageDeleted, .reacted, .pinned, .unpinned: true
                default: false
                }
            if !isRight || !(entry.from.map { pair.has($0) } ?? false) {
                report("\(replica) has \(entry) in \(chat), which is direct")
            }
        }
        if !used.contains(chat), entries.contains(where: { $0.n > .zero }) { used.append(chat) }
    }

    /// The account's list in the end; judged with all others.
    package mutating func lists(_ chats: [ClientChat], to account: AccountID) {
        lists.append((account, chats))
    }

    /// Judges all lists, when all logs are known.
    package mutating func judge() {
        for (account, shown) in lists {
            for chat in shown where chat.kind == .direct || has(chat.id) {
                judge(chat, of: account)
            }
            for chat in used where pairs[chat]?.has(account) ?? false {
                if !shown.contains(where: { $0.id == chat }) {
                    report("\(account) has messages in \(chat) and does not find it listed")
                }
            }
        }
        lists = []
    }

    private mutating func judge(_ chat: ClientChat, of account: AccountID) {
        guard let pair = pairs[chat.id], pair.has(account) else {
            return report("\(account) is shown \(chat.id), the direct chat of others")
        }
        let count: UInt64 = pair.low == pair.high ? 1 : 2
        if chat.kind != .direct || chat.peer != pair.peer(of: account) || !chat.name.isEmpty
            || !chat.fullName.isEmpty || chat.creator != nil || chat.role != .member
            || chat.memberCount != count
        {
            report("\(account) is shown its direct chat as \(chat)")
        }
    }

    private mutating func note(_ chat: ChatID, of pair: Pair) {
        if let known = chats[pair], known != chat {
            report("\(pair.low) and \(pair.high) have the chats \(known) and \(chat)")
        }
        if let known = pairs[chat], known != pair {
            report("\(chat) is the chat of \(known.low) and of \(pair.low)")
        }
        chats[pair] = chat
        pairs[chat] = pair
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "direct chats", words: words))
    }
}
