internal import Identity
internal import Storage

// What an account began to write.
extension AccountChange {
    /// Keeps what was begun in a chat, or nothing any more when `text` is empty. The inbox says
    /// that it is another one, and not what: its entries stay, and what is deleted is to be gone.
    mutating func setDraft(
        _ chat: ChatID, _ text: String, _ replyTo: SequenceNumber?
    ) throws(StorageError) -> AccountOutcome {
        guard var stored = try accounts.account(command.account) else {
            return try refused(.notFound)
        }
        guard text.utf8.count <= AccountLimits.draftBytesMax,
            text.unicodeScalars.count <= AccountLimits.draftScalarsMax,
            replyTo.map({ $0 > .zero && $0.rawValue < Keyspace.numberMax }) ?? true
        else { return try refused(.badRequest) }
        if text.isEmpty {
            guard let forgotten = try forgetDraft(of: chat, &stored) else {
                return accepted(stored)
            }
            return try accepted(stored, [forgotten])
        }
        if let listing = try accounts.listing(of: chat, command.account), !listing.isListed {
            return try refused(.notFound)
        }
        let before = try accounts.draft(of: chat, command.account)
        if let before, before.says(text, replyTo: replyTo) { return accepted(stored) }
        if before == nil {
            guard stored.draftCount < AccountLimits.draftsMax else {
                return try refused(.tooLarge)
            }
            stored.draftCount += 1
        }
        let draft = ChatDraft(chat: chat, text: text, replyTo: replyTo, time: command.time)
        try accounts.state.put(draft.encoded(), for: Keyspace.draft(command.account, chat))
        let published = append(.draft(chat, isThere: true), &stored)
        return try accepted(stored, [published])
    }

    /// Nothing is begun any more in a chat; nil when nothing was. `stored` is the caller's to put.
    mutating func forgetDraft(
        of chat: ChatID, _ stored: inout StoredAccount
    ) throws(StorageError) -> PublishedEntry? {
        let key = Keyspace.draft(command.account, chat)
        guard try accounts.state.value(for: key) != nil else { return nil }
        guard stored.draftCount > 0 else { throw .corrupt("the count of drafts") }
        try accounts.state.remove(key)
        stored.draftCount -= 1
        return append(.draft(chat, isThere: false), &stored)
    }
}
