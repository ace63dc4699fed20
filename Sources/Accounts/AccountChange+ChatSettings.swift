internal import Identity
internal import Storage

// What an account keeps about its chats.
extension AccountChange {
    /// Changes what is kept about a chat. That there is such a chat is not looked at: a setting
    /// tells nothing about it. A chat that the account has left keeps none.
    mutating func set(
        _ chat: ChatID, _ change: ChatSettingsChange
    ) throws(StorageError) -> AccountOutcome {
        guard var stored = try accounts.account(command.account) else {
            return try refused(.notFound)
        }
        if case .through(let n)? = change.archive, n.rawValue >= Keyspace.numberMax {
            return try refused(.badRequest)
        }
        if let listing = try accounts.listing(of: chat, command.account), !listing.isListed {
            return try refused(.notFound)
        }
        let before = try accounts.settings(of: chat, command.account)
        let after = before.changed(by: change, at: stored.inbox.seq.next)
        guard after != before else { return accepted(stored) }
        guard before.pin > .zero || after.pin == .zero || stored.pinCount < AccountLimits.pinsMax
        else { return try refused(.tooManyPinnedChats) }
        guard before != .none || stored.settingsCount < AccountLimits.chatsMax else {
            return try refused(.tooLarge)
        }
        let published = try put(after, insteadOf: before, chat, &stored)
        return try accepted(stored, [published])
    }

    /// Nothing is kept any more about a chat that was left; nil when nothing was. `stored` is the
    /// caller's to put.
    mutating func forgetSettings(
        of chat: ChatID, _ stored: inout StoredAccount
    ) throws(StorageError) -> PublishedEntry? {
        let before = try accounts.settings(of: chat, command.account)
        guard before != .none else { return nil }
        return try put(.none, insteadOf: before, chat, &stored)
    }

    private mutating func put(
        _ after: ChatSettings, insteadOf before: ChatSettings, _ chat: ChatID,
        _ stored: inout StoredAccount
    ) throws(StorageError) -> PublishedEntry {
        if before != .none {
            guard stored.settingsCount > 0 else { throw .corrupt("the count of settings") }
            stored.settingsCount -= 1
        }
        if before.pin > .zero {
            guard stored.pinCount > 0 else { throw .corrupt("the count of pinned chats") }
            stored.pinCount -= 1
        }
        let key = Keyspace.chatSettings(command.account, chat)
        if after == .none {
            try accounts.state.remove(key)
        } else {
            try accounts.state.put(after.encoded(), for: key)
            stored.settingsCount += 1
        }
        if after.pin > .zero { stored.pinCount += 1 }
        assert(stored.pinCount <= AccountLimits.pinsMax, "pinned chats have a limit")
        return append(.chatSettings(KeptSettings(chat: chat, settings: after)), &stored)
    }
}
