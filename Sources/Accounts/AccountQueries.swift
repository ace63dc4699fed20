package import Identity
package import Storage

/// Questions about accounts: pure functions of a shard's state.
package enum AccountQueries {
    /// The account as its owner sees it; nil when there is none.
    package static func account(
        _ account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> AccountFacts? {
        try AccountState(StateView(shard, store)).facts(of: account)
    }

    /// The account as everybody sees it; nil when there is none.
    package static func person(
        _ account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> Person? {
        guard let facts = try self.account(account, in: shard, store) else { return nil }
        return Person(account: account, name: facts.name, username: facts.username)
    }

    /// How the password of `account` is kept; nil when it has none.
    package static func password(
        of account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> KeptPassword? {
        try AccountState(StateView(shard, store)).password(of: account)
    }

    /// The open sessions of `account`, in order of their ids; at most
    /// ``AccountLimits/sessionsMax``.
    package static func sessions(
        of account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> [SessionFacts] {
        try AccountState(StateView(shard, store)).sessions(of: account)
    }

    /// The session if it is open and one of its secrets has this hash; the comparison takes the
    /// same time wherever they differ.
    package static func authenticate(
        _ account: AccountID, _ session: SessionID, secretHash: [UInt8], in shard: ShardID,
        _ store: any ReadableStore
    ) throws(StorageError) -> SessionFacts? {
        try AccountState(StateView(shard, store))
            .authenticate(account, session, secretHash: secretHash)
    }

    /// The chats in the list of `account`, in order of their ids; at most
    /// ``AccountLimits/chatsMax``.
    package static func chatList(
        of account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> [ChatID] {
        try AccountState(StateView(shard, store)).chatList(of: account)
    }

    /// Where the inbox of `account` ends; nil when there is no account.
    package static func inboxHead(
        of account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> InboxHead? {
        try self.account(account, in: shard, store)?.inbox
    }

    /// Which pairs hold the stars of `account`, in order of chats and messages; at most
    /// ``AccountLimits/starsMax``. For ``stars(from:)``.
    package static func starsRange(of account: AccountID, in shard: ShardID) -> KeyRange {
        KeyRange(
            .data, prefix: Keyspace.statePrefix(shard) + Keyspace.stars(account),
            countMax: AccountLimits.starsMax, bytesMax: 1 << 21)
    }

    /// The stars in the pairs of a ``starsRange(of:in:)``, in the same order.
    package static func stars(from pairs: [KeyValue]) throws(StorageError) -> [Star] {
        var stars: [Star] = []
        stars.reserveCapacity(pairs.count)
        for pair in pairs { stars.append(try Star(decoding: pair.value)) }
        return stars
    }

    /// What `account` keeps about `chat`.
    package static func settings(
        of chat: ChatID, for account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> ChatSettings {
        try AccountState(StateView(shard, store)).settings(of: chat, account)
    }

    /// Which pairs hold what `account` keeps about its chats, in their order; at most
    /// ``AccountLimits/chatsMax``. For ``settings(from:)``.
    package static func settingsRange(of account: AccountID, in shard: ShardID) -> KeyRange {
        KeyRange(
            .data, prefix: Keyspace.statePrefix(shard) + Keyspace.chatSettings(account),
            countMax: AccountLimits.chatsMax, bytesMax: 1 << 20)
    }

    /// The settings in the pairs of a ``settingsRange(of:in:)``, in the same order.
    package static func settings(
        from pairs: [KeyValue]
    ) throws(StorageError) -> [KeptSettings] {
        var all: [KeptSettings] = []
        all.reserveCapacity(pairs.count)
        for pair in pairs {
            all.append(
                KeptSettings(
                    chat: try ChatID(stored: pair.key.suffix(16)),
                    settings: try ChatSettings(decoding: pair.value)))
        }
        return all
    }

    /// What `account` began to write in `chat`.
    package static func draft(
        of chat: ChatID, for account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> ChatDraft? {
        try AccountState(StateView(shard, store)).draft(of: chat, account)
    }

    /// Which pairs hold what `account` began to write, in order of the chats; at most
    /// ``AccountLimits/draftsMax``. For ``drafts(from:)``.
    package static func draftsRange(of account: AccountID, in shard: ShardID) -> KeyRange {
        KeyRange(
            .data, prefix: Keyspace.statePrefix(shard) + Keyspace.drafts(account),
            countMax: AccountLimits.draftsMax, bytesMax: 1 << 21)
    }

    /// The drafts in the pairs of a ``draftsRange(of:in:)``, in the same order.
    package static func drafts(from pairs: [KeyValue]) throws(StorageError) -> [ChatDraft] {
        var drafts: [ChatDraft] = []
        for pair in pairs {
            drafts.append(
                try ChatDraft(
                    decoding: pair.value, of: try ChatID(stored: pair.key.suffix(16))))
        }
        return drafts
    }

    /// Which pairs hold the oldest `countMax` entries of the inbox after `after`. For
    /// ``entries(from:)``.
    package static func inboxRange(
        of account: AccountID, in shard: ShardID, after: SequenceNumber, countMax: Int,
        bytesMax: Int = 1 << 20
    ) -> KeyRange {
        let prefix = Keyspace.statePrefix(shard) + Keyspace.inboxEntries(account)
        let end = KeyRange.end(of: prefix)
        let from = after.rawValue == .max ? end : prefix + Keyspace.bytes(after.next.rawValue)
        return KeyRange(.data, from: from, to: end, countMax: countMax, bytesMax: bytesMax)
    }

    /// The entries in the pairs of an ``inboxRange(of:in:after:countMax:bytesMax:)``, ascending.
    package static func entries(from pairs: [KeyValue]) throws(StorageError) -> [InboxEntry] {
        var entries: [InboxEntry] = []
        for pair in pairs { entries.append(try InboxEntry(decoding: pair.value)) }
        return entries.sorted { $0.seq < $1.seq }
    }
}

/// Questions about claimed values.
package enum ClaimQueries {
    /// Who owns the value; nil when it is free.
    package static func owner(
        of key: ClaimKey, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> ClaimOwner? {
        try ClaimState(StateView(shard, store)).owner(of: key)
    }
}
