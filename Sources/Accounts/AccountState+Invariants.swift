package import Identity
package import Storage

/// The invariants of ``AccountState``, recounted from the whole state; for simulations and tests.
package enum AccountInvariants {
    /// What is wrong with `account`, in the numbering of ``AccountState``; empty when all is well,
    /// also when there is no such account. Reads everything that the account has: linear.
    package static func violations(
        of account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> [String] {
        let state = AccountState(StateView(shard, store))
        guard let stored = try state.account(account) else { return [] }
        var found: [String] = []
        var seq = SequenceNumber.zero
        var time = stored.inboxTime
        var told: [[UInt8]: SequenceNumber] = [:]
        var settings: [[UInt8]: ChatSettings] = [:]
        var drafts: Set<[UInt8]> = []
        var rule = LastSeenRule.everybody
        for pair in try state.state.pairs(
            prefix: Keyspace.inboxEntries(account), after: nil, countMax: .max)
        {
            let entry = try InboxEntry(decoding: pair.value)
            if entry.seq != seq.next || pair.key != Keyspace.inboxEntry(account, entry.seq) {
                found.append("1: \(entry.seq) follows \(seq)")
            }
            if seq > .zero, entry.time <= time { found.append("2: \(entry.seq) is not later") }
            switch entry.kind {
            case .starred(let chat, let message):
                told[Keyspace.star(account, chat, message)] = entry.seq
            case .unstarred(let chat, let message):
                told[Keyspace.star(account, chat, message)] = nil
            case .chatSettings(let set):
                settings[Keyspace.chatSettings(account, set.chat)] =
                    set.settings == .none ? nil : set.settings
            case .draft(let chat, let isThere):
                let key = Keyspace.draft(account, chat)
                if isThere { drafts.insert(key) } else { drafts.remove(key) }
            case .privacyChanged(let changed): rule = changed
            default: break
            }
            seq = entry.seq
            time = entry.time
        }
        if seq != stored.inbox.seq {
            found.append("1: the head is \(stored.inbox.seq), not \(seq)")
        }
        if time != stored.inboxTime { found.append("2: the head's time") }
        if rule != stored.lastSeenRule { found.append("8: \(stored.lastSeenRule) was not told") }
        let sessions = try state.state.pairs(
            prefix: Keyspace.sessions(account), after: nil, countMax: .max)
        if sessions.count != stored.sessionCount || sessions.count > AccountLimits.sessionsMax {
            found.append("3: \(sessions.count) sessions, but \(stored.sessionCount) counted")
        }
        var chatCount = 0
        for pair in try state.state.pairs(
            prefix: Keyspace.listedChats(account), after: nil, countMax: .max)
        where try StoredListing(decoding: pair.value).isListed {
            chatCount += 1
        }
        if chatCount != stored.chatCount || chatCount > AccountLimits.chatsMax {
            found.append("3: \(chatCount) chats, but \(stored.chatCount) counted")
        }
        let isKept = try state.state.value(for: Keyspace.password(account)) != nil
        if isKept != (stored.passwordNumber > 0) {
            found.append("7: \(stored.passwordNumber) passwords were set")
        }
        return try found + violations(ofStars: account, stored, told: told, state)
            + violations(ofSettings: account, stored, told: settings, state)
            + violations(ofDrafts: account, stored, told: drafts, state)
    }

    /// `told` has what is kept about every chat, by its key.
    private static func violations(
        ofSettings account: AccountID, _ stored: StoredAccount, told: [[UInt8]: ChatSettings],
        _ state: AccountState<StateView>
    ) throws(StorageError) -> [String] {
        var found: [String] = []
        var pinCount = 0
        let pairs = try state.state.pairs(
            prefix: Keyspace.chatSettings(account), after: nil, countMax: .max)
        for pair in pairs {
            let settings = try ChatSettings(decoding: pair.value)
            if settings.pin > .zero { pinCount += 1 }
            let hasTwoPlaces = settings.pin > .zero && settings.archived != nil
            if told[pair.key] != settings || hasTwoPlaces {
                found.append("5: the settings at \(pair.key)")
            }
        }
        if pairs.count != told.count {
            found.append("5: \(pairs.count) settings, but \(told.count) told")
        }
        if pairs.count != stored.settingsCount || pairs.count > AccountLimits.chatsMax {
            found.append("3: \(pairs.count) settings, but \(stored.settingsCount) counted")
        }
        if pinCount != stored.pinCount || pinCount > AccountLimits.pinsMax {
            found.append("3: \(pinCount) pinned chats, but \(stored.pinCount) counted")
        }
        return found
    }

    /// `told` has the key of every draft.
    private static func violations(
        ofDrafts account: AccountID, _ stored: StoredAccount, told: Set<[UInt8]>,
        _ state: AccountState<StateView>
    ) throws(StorageError) -> [String] {
        var found: [String] = []
        let pairs = try state.state.pairs(
            prefix: Keyspace.drafts(account), after: nil, countMax: .max)
        if Set(pairs.map(\.key)) != told {
            found.append("6: \(pairs.count) drafts, but \(told.count) told")
        }
        if pairs.count != stored.draftCount || pairs.count > AccountLimits.draftsMax {
            found.append("3: \(pairs.count) drafts, but \(stored.draftCount) counted")
        }
        return found
    }

    /// `told` has the place of every star, by its key.
    private static func violations(
        ofStars account: AccountID, _ stored: StoredAccount, told: [[UInt8]: SequenceNumber],
        _ state: AccountState<StateView>
    ) throws(StorageError) -> [String] {
        var found: [String] = []
        let stars = try state.state.pairs(
            prefix: Keyspace.stars(account), after: nil, countMax: .max)
        if stars.count != stored.starCount || stars.count > AccountLimits.starsMax {
            found.append("3: \(stars.count) stars, but \(stored.starCount) counted")
        }
        for pair in stars {
            let star = try Star(decoding: pair.value)
            if pair.key != Keyspace.star(account, star.chat, star.seq)
                || told[pair.key] != star.place
            {
                found.append("4: the star at \(star.seq) of \(star.chat)")
            }
        }
        if told.count != stars.count {
            found.append("4: \(stars.count) stars, but \(told.count) told")
        }
        return found
    }
}
