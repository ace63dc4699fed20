internal import Determinism
internal import Identity
internal import Storage

/// The accounts of one shard as typed records over the shard's state; every read and write of an
/// account goes through it.
///
/// Invariants: 1. the entries of an inbox are those from 1 to its head without a gap; 2. their
/// times grow; 3. `sessionCount`, `chatCount`, `starCount`, `settingsCount`, `pinCount` and
/// `draftCount` are the numbers of open sessions, of listed chats, of stars, of chats with
/// settings, of pinned ones and of drafts, within their limits; 4. the stars are those that the
/// inbox leaves; 5. so are the settings, and no chat is pinned and archived; 6. so are the chats
/// that have drafts; 7. there is a password exactly when `passwordNumber` is not zero; 8. who may
/// know when it was last there is what the inbox said last.
struct AccountState<State: StateReader> {
    /// What is read and, in a transaction, changed.
    var state: State

    init(_ state: State) {
        self.state = state
    }

    // MARK: - Reads

    /// The account; nil when there is none.
    func account(_ account: AccountID) throws(StorageError) -> StoredAccount? {
        guard let bytes = try state.value(for: Keyspace.account(account)) else { return nil }
        return try StoredAccount(decoding: bytes)
    }

    /// The account as its owner sees it.
    func facts(of account: AccountID) throws(StorageError) -> AccountFacts? {
        guard let stored = try self.account(account) else { return nil }
        return AccountFacts(
            account: account, phone: stored.phone, name: stored.name, username: stored.username,
            created: stored.created, inbox: stored.inbox,
            hasPassword: stored.passwordNumber > 0, lastSeen: stored.lastSeen,
            lastSeenRule: stored.lastSeenRule)
    }

    /// The session; nil when it is not open.
    func session(
        _ session: SessionID, of account: AccountID
    ) throws(StorageError) -> StoredSession? {
        guard let bytes = try state.value(for: Keyspace.session(account, session)) else {
            return nil
        }
        return try StoredSession(decoding: bytes)
    }

    /// The open sessions in order of their ids.
    func sessions(of account: AccountID) throws(StorageError) -> [SessionFacts] {
        let prefix = Keyspace.sessions(account)
        var sessions: [SessionFacts] = []
        for pair in try state.pairs(prefix: prefix, after: nil, countMax: AccountLimits.sessionsMax)
        {
            let stored = try StoredSession(decoding: pair.value)
            sessions.append(
                stored.facts(account, try SessionID(stored: pair.key.dropFirst(prefix.count))))
        }
        return sessions
    }

    /// The session if one of its secrets has this hash.
    func authenticate(
        _ account: AccountID, _ session: SessionID, secretHash: [UInt8]
    ) throws(StorageError) -> SessionFacts? {
        guard let stored = try self.session(session, of: account) else { return nil }
        var isOne = false
        // Every one is compared, so that the time does not say which.
        for hash in stored.secretHashes where SecretHash.areEqual(hash, secretHash) { isOne = true }
        return isOne ? stored.facts(account, session) : nil
    }

    /// The chat's place in the list, or that it was taken off.
    func listing(
        of chat: ChatID, _ account: AccountID
    ) throws(StorageError) -> StoredListing? {
        guard let bytes = try state.value(for: Keyspace.listedChat(account, chat)) else {
            return nil
        }
        return try StoredListing(decoding: bytes)
    }

    /// What the account keeps about the chat.
    func settings(
        of chat: ChatID, _ account: AccountID
    ) throws(StorageError) -> ChatSettings {
        guard let bytes = try state.value(for: Keyspace.chatSettings(account, chat)) else {
            return .none
        }
        return try ChatSettings(decoding: bytes)
    }

    /// What the account began to write in the chat.
    func draft(of chat: ChatID, _ account: AccountID) throws(StorageError) -> ChatDraft? {
        guard let bytes = try state.value(for: Keyspace.draft(account, chat)) else { return nil }
        return try ChatDraft(decoding: bytes, of: chat)
    }

    /// The account's password; nil when it has none.
    func password(of account: AccountID) throws(StorageError) -> KeptPassword? {
        guard let stored = try self.account(account), stored.passwordNumber > 0 else { return nil }
        guard let bytes = try state.value(for: Keyspace.password(account)) else {
            throw .corrupt("a missing password")
        }
        return KeptPassword(
            number: stored.passwordNumber, hash: try StoredPassword(decoding: bytes).hash)
    }

    /// The listed chats in order of their ids.
    func chatList(of account: AccountID) throws(StorageError) -> [ChatID] {
        let prefix = Keyspace.listedChats(account)
        var chats: [ChatID] = []
        var after: [UInt8]?
        // Chats that were taken off lie between the others, so this goes on until all are found.
        while chats.count < AccountLimits.chatsMax {
            let pairs = try state.pairs(
                prefix: prefix, after: after, countMax: AccountLimits.chatsMax)
            for pair in pairs where try StoredListing(decoding: pair.value).isListed {
                chats.append(try ChatID(stored: pair.key.dropFirst(prefix.count)))
            }
            guard let last = pairs.last, pairs.count == AccountLimits.chatsMax else { break }
            after = last.key
        }
        return Array(chats.prefix(AccountLimits.chatsMax))
    }
}

// MARK: - Writes

extension AccountState where State == StateTransaction {
    /// Stores the account.
    mutating func put(_ stored: StoredAccount, as account: AccountID) throws(StorageError) {
        try state.put(stored.encoded(), for: Keyspace.account(account))
    }

    /// Stores the session.
    mutating func put(
        _ stored: StoredSession, as session: SessionID, of account: AccountID
    ) throws(StorageError) {
        try state.put(stored.encoded(), for: Keyspace.session(account, session))
    }

    /// Gives the next inbox entry its number and its time, and stores it; `stored` is the caller's
    /// to put.
    mutating func append(
        _ kind: InboxEntry.Kind, at time: WallTime, to account: AccountID,
        _ stored: inout StoredAccount
    ) -> PublishedEntry {
        let seq = stored.inbox.seq.next
        let earliest = stored.inboxTime + .milliseconds(1)
        let entry = InboxEntry(seq: seq, time: max(time, earliest), kind: kind)
        assert(entry.time > stored.inboxTime, "times of entries grow")
        stored.inbox = InboxHead(epoch: stored.inbox.epoch, seq: seq)
        stored.inboxTime = entry.time
        let bytes = entry.encoded()
        state.insert(bytes, for: Keyspace.inboxEntry(account, seq))
        return PublishedEntry(
            log: .inbox(account), epoch: stored.inbox.epoch, seq: seq, bytes: bytes)
    }
}

extension StoredSession {
    fileprivate func facts(_ account: AccountID, _ session: SessionID) -> SessionFacts {
        SessionFacts(
            account: account, session: session, device: device, created: created,
            lastSeen: lastSeen)
    }
}

/// Hashes of secrets.
enum SecretHash {
    /// Whether both are the same, in a time that depends on their counts alone.
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(left, right) { difference |= one ^ other }
        return difference == 0
    }

    /// Whether this may be one.
    static func isValid(_ hash: [UInt8]) -> Bool {
        (1...AccountLimits.hashBytesMax).contains(hash.count)
    }
}
