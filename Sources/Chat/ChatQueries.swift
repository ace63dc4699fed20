package import Identity
package import Storage

/// Questions about chats: pure functions of a shard's state. What an account may see is decided
/// here, at the position of the log that the store has. The store's keys are those of
/// ``Storage/ShardStore``.
package enum ChatQueries {
    /// The chat as `account` sees it; nil when it may not or the chat is not there.
    package static func summary(
        of chat: ChatID, for account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> ChatSummary? {
        try ChatState(StateView(shard, store)).summary(of: chat, for: account)
    }

    /// The members of `chat`, at most ``ChatLimits/membersMax``, in order of their ids; nil when
    /// `account` may not see the chat.
    package static func members(
        of chat: ChatID, for account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> [ChatMember]? {
        let state = ChatState(StateView(shard, store))
        guard case .full = try state.access(of: account, to: chat) else { return nil }
        return try state.members(of: chat)
    }

    /// The accounts that are kept out of `chat`, at most ``ChatLimits/bannedMax``, in order of
    /// their ids. Who may know them is for the caller to ask: ``ChatRole/mayAdminister``.
    package static func banned(
        from chat: ChatID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> [AccountID] {
        try ChatState(StateView(shard, store)).banned(from: chat)
    }

    /// Where the log and the marks of `chat` end; nil when it was never made. A deleted chat has
    /// one.
    package static func head(
        of chat: ChatID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> ChatHead? {
        try ChatState(StateView(shard, store)).chat(chat)?.head
    }

    /// One entry of `chat`; nil beyond its head.
    package static func entry(
        _ seq: SequenceNumber, of chat: ChatID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> ChatEntry? {
        try ChatState(StateView(shard, store)).entry(seq, of: chat)
    }

    /// What `account` may see of `chat`.
    package static func access(
        of account: AccountID, to chat: ChatID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> ChatAccess {
        try ChatState(StateView(shard, store)).access(of: account, to: chat)
    }

    /// Where the log of `chat` ends, if `account` may write there; nil when it may not.
    package static func headForWriter(
        _ account: AccountID, of chat: ChatID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> ChatHead? {
        let state = ChatState(StateView(shard, store))
        guard let stored = try state.chat(chat),
            case .full(let role) = try state.access(of: account, to: chat, stored),
            role.may(.send, where: stored.permissions)
        else { return nil }
        return stored.head
    }

    /// The marks of `chat` that changed after `version`, in the order of their changes, at most
    /// ``ChatLimits/marksMax``; the answer's version is that of the last one told, so a caller that
    /// finds it below the head's asks again.
    package static func marks(
        of chat: ChatID, since version: UInt64, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> MarksChange {
        try ChatState(StateView(shard, store)).marks(of: chat, since: version)
    }

    /// Which pairs hold the entries of `chat` after `after` and before `before` (both exclusive):
    /// the newest `countMax` of them when `isNewestFirst`, else the oldest. For ``entries(from:)``.
    package static func historyRange(
        of chat: ChatID, in shard: ShardID, after: SequenceNumber = .zero,
        before: SequenceNumber? = nil, isNewestFirst: Bool, countMax: Int, bytesMax: Int = 1 << 20
    ) -> KeyRange {
        let prefix = Keyspace.statePrefix(shard) + Keyspace.chatEntries(chat)
        let from =
            after.rawValue == .max
            ? KeyRange.end(of: prefix) : prefix + Keyspace.bytes(after.next.rawValue)
        let to = before.map { prefix + Keyspace.bytes($0.rawValue) } ?? KeyRange.end(of: prefix)
        return KeyRange(
            .data, from: from, to: from.lexicographicallyPrecedes(to) ? to : from,
            isReversed: isNewestFirst, countMax: countMax, bytesMax: bytesMax)
    }

    /// Stored entries as somebody may see them who may know the log up to `last` (nil: all of it):
    /// a message that got its words later is not told to them.
    package static func seen(
        _ entries: [[UInt8]], through last: SequenceNumber?
    ) throws(StorageError) -> [[UInt8]] {
        guard let last else { return entries }
        return try entries.map { bytes throws(StorageError) in
            try ChatEntry(decoding: bytes).seen(through: last).encoded()
        }
    }

    /// The entries in the pairs of a
    /// ``historyRange(of:in:after:before:isNewestFirst:countMax:bytesMax:)``, ascending.
    package static func entries(from pairs: [KeyValue]) throws(StorageError) -> [ChatEntry] {
        var entries: [ChatEntry] = []
        for pair in pairs { entries.append(try ChatEntry(decoding: pair.value)) }
        return entries.sorted { $0.seq < $1.seq }
    }
}
