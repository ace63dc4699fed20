package import Identity
package import Wire

/// What an account began to write is on every node the text that was acknowledged last, in the
/// order of its inbox, and is there exactly when the inbox says so.
package struct Drafts {
    private struct Told {
        /// The newest entry about each chat, and whether a draft is there.
        var chats: [ChatID: (seq: SequenceNumber, isThere: Bool)] = [:]
        var last = SequenceNumber.zero
        /// Whether it was told every entry from the first on.
        var isWhole = true
    }

    private struct Place: Hashable {
        let account: AccountID
        let chat: ChatID
        let told: SequenceNumber
    }

    private struct Words: Hashable {
        let text: String
        let replyTo: SequenceNumber?
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many drafts were compared in the end.
    package private(set) var comparedCount: UInt64 = 0
    private var told: [Int: Told] = [:]
    /// What was acknowledged, by the end of the inbox then; looked up only. An id that is told
    /// twice got the first answer again, and others may have changed the draft since.
    private var acked: [Place: Set<Words>] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// A client was told this entry of the inbox of its account.
    package mutating func told(_ entry: ClientEntry, to client: Int) {
        var told = told[client, default: Told()]
        if entry.seq != told.last.next { told.isWhole = false }
        told.last = entry.seq
        if case .draft(let chat, let isThere) = entry.content {
            if !isThere, told.isWhole, told.chats[chat]?.isThere != true {
                report("client \(client) was told of the end of a draft that was not there")
            }
            told.chats[chat] = (entry.seq, isThere)
        }
        self.told[client] = told
    }

    /// The client begins anew, with nothing.
    package mutating func forgets(_ client: Int) { told[client] = nil }

    /// A text was acknowledged: the inbox had told of it when it came to `told`.
    package mutating func acked(
        _ text: String, replyTo: SequenceNumber?, in chat: ChatID, by account: AccountID,
        told: SequenceNumber
    ) {
        acked[Place(account: account, chat: chat, told: told), default: []]
            .insert(Words(text: text, replyTo: text.isEmpty ? nil : replyTo))
    }

    /// A node says what the account of a client began to write, in the end.
    package mutating func lists(
        _ drafts: [ClientDraft], inbox: LogCursor, of account: AccountID, to client: Int
    ) {
        guard let told = told[client], told.isWhole, told.last == inbox.seq else { return }
        comparedCount += UInt64(drafts.count)
        let there = told.chats.filter { $0.value.isThere }
        if Set(drafts.map(\.chat)) != Set(there.map(\.key)) || drafts.count != there.count {
            report("client \(client) knows of \(there.count) drafts, a node of \(drafts.count)")
        }
        for (chat, newest) in told.chats.sorted(by: { $0.key < $1.key }) {
            let place = Place(account: account, chat: chat, told: newest.seq)
            guard let acked = acked[place] else { continue }
            let draft = drafts.first { $0.chat == chat }
            let said = Words(text: draft?.text ?? "", replyTo: draft?.replyTo)
            if !acked.contains(said) {
                report("\(account) has the draft \(said) in \(chat), and not \(acked.count) others")
            }
        }
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "drafts", words: words))
    }
}
