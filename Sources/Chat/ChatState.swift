internal import Determinism
internal import Identity
internal import Storage

/// The chats of one shard as typed records over the shard's state; every read and write of a chat
/// goes through it.
///
/// Invariants: 1. the entries of a chat are those from 1 to its head without a gap; 2. so are the
/// ordinals of its messages; 3. times of entries grow; 4. each mark lies at or below the head, and
/// the index of versions has exactly one key for each mark; 5. `memberCount` is the number of
/// members that were not removed, and `bannedCount` that of the bans, none of which is a member's;
/// 6. a message that was edited has the words of its newest `edited` entry, which is of its own
/// sender, and no other entry has words of it; 7. `shownSeq` is the newest entry that is a line by
/// itself (or a deleted message that had none within reach before it), and `changedSeq` the newest
/// that changed an earlier one; 8. a message that was deleted has no words, its newest change is
/// the entry that says so, and the index has one key for each; 9. a direct chat has the id of its
/// two members and no name, and its first entry alone says who they are; 10. a chat that somebody
/// made has one owner, who is a member, until it is deleted, and no other chat has one; 11. what is
/// said of a message is what its `reacted` entries make of each other; 12. `pins` are the messages
/// that were pinned last, and neither unpinned nor deleted since; 13. the uses of a link are the
/// entries that name it, never more than its limit, and a chat keeps no more links than it may.
struct ChatState<State: StateReader> {
    /// What is read and, in a transaction, changed.
    var state: State

    init(_ state: State) {
        self.state = state
    }

    // MARK: - Reads

    /// The chat, a deleted one too.
    func chat(_ chat: ChatID) throws(StorageError) -> StoredChat? {
        guard let bytes = try state.value(for: Keyspace.chat(chat)) else { return nil }
        return try StoredChat(decoding: bytes)
    }

    /// The membership, an ended one too.
    func member(_ account: AccountID, of chat: ChatID) throws(StorageError) -> StoredMember? {
        guard let bytes = try state.value(for: Keyspace.member(chat, account)) else { return nil }
        return try StoredMember(decoding: bytes)
    }

    /// What keeps the account out; nil when nothing does.
    func ban(_ account: AccountID, from chat: ChatID) throws(StorageError) -> StoredBan? {
        guard let bytes = try state.value(for: Keyspace.ban(chat, account)) else { return nil }
        return try StoredBan(decoding: bytes)
    }

    /// The accounts that are kept out, in order of their ids.
    func banned(from chat: ChatID) throws(StorageError) -> [AccountID] {
        let prefix = Keyspace.bans(chat)
        return try state.pairs(prefix: prefix, after: nil, countMax: ChatLimits.bannedMax).map {
            pair throws(StorageError) in
            try AccountID(stored: pair.key.dropFirst(prefix.count))
        }
    }

    /// How far the account has read; nil when it never said.
    func mark(_ account: AccountID, in chat: ChatID) throws(StorageError) -> StoredMark? {
        guard let bytes = try state.value(for: Keyspace.mark(chat, account)) else { return nil }
        return try StoredMark(decoding: bytes)
    }

    /// What `account` may see of `chat`, which is nil when there is none.
    func access(of account: AccountID, to chat: ChatID) throws(StorageError) -> ChatAccess {
        guard let stored = try self.chat(chat) else { return .none }
        return try access(of: account, to: chat, stored)
    }

    /// What `account` may see of `chat`, whose record is `stored`.
    func access(
        of account: AccountID, to chat: ChatID, _ stored: StoredChat
    ) throws(StorageError) -> ChatAccess {
        guard !stored.isDeleted else { return .none }
        let member = try self.member(account, of: chat)
        if let member, member.removedSeq == nil {
            return .full(member.role)
        }
        if stored.kind == .public {
            guard stored.bannedCount > 0, let ban = try ban(account, from: chat) else {
                return .full(.visitor)
            }
            return .until(ban.seq)
        }
        return member?.removedSeq.map { .until($0) } ?? .none
    }

    /// The members that were not removed, in order of their ids.
    func members(of chat: ChatID) throws(StorageError) -> [ChatMember] {
        try storedMembers(of: chat).map { ChatMember(account: $0.account, role: $0.stored.role) }
    }

    /// Who gets the chat when its owner goes: who has been an admin longest, else who has been a
    /// member longest; nil when nobody is left. Linear in the members.
    func heir(of chat: ChatID) throws(StorageError) -> (account: AccountID, stored: StoredMember)? {
        let others = try storedMembers(of: chat).filter { $0.stored.role != .owner }
        let admins = others.filter { $0.stored.role == .admin }
        return admins.min { $0.stored.roleSeq < $1.stored.roleSeq }
            ?? others.min { $0.stored.addedSeq < $1.stored.addedSeq }
    }

    /// The memberships that were not ended, in order of the accounts' ids.
    private func storedMembers(
        of chat: ChatID
    ) throws(StorageError) -> [(account: AccountID, stored: StoredMember)] {
        var members: [(account: AccountID, stored: StoredMember)] = []
        let prefix = Keyspace.members(chat)
        var after: [UInt8]?
        // Ended memberships lie between the others, so this goes on until all are found.
        while members.count < ChatLimits.membersMax {
            let pairs = try state.pairs(
                prefix: prefix, after: after, countMax: ChatLimits.membersMax)
            for pair in pairs {
                let stored = try StoredMember(decoding: pair.value)
                guard stored.removedSeq == nil else { continue }
                let account = try AccountID(stored: pair.key.dropFirst(prefix.count))
                members.append((account, stored))
            }
            guard let last = pairs.last, pairs.count == ChatLimits.membersMax else { break }
            after = last.key
        }
        return Array(members.prefix(ChatLimits.membersMax))
    }

    /// The marks that changed after `version`, oldest change first.
    func marks(of chat: ChatID, since version: UInt64) throws(StorageError) -> MarksChange {
        let prefix = Keyspace.markVersions(chat)
        let pairs = try state.pairs(
            prefix: prefix, after: Keyspace.markVersion(chat, version),
            countMax: ChatLimits.marksMax)
        var marks: [MemberMark] = []
        var newest = version
        for pair in pairs {
            let account = try AccountID(stored: pair.value.prefix(AccountID.byteCount))
            guard let version = Keyspace.number(pair.key.dropFirst(prefix.count)),
                let n = Keyspace.number(pair.value.dropFirst(AccountID.byteCount))
            else { throw .corrupt("the index of read marks") }
            marks.append(MemberMark(account: account, n: Ordinal(n)))
            newest = version
        }
        return MarksChange(chat: chat, version: newest, marks: marks)
    }

    /// One entry; nil beyond the head.
    func entry(_ seq: SequenceNumber, of chat: ChatID) throws(StorageError) -> ChatEntry? {
        guard let bytes = try state.value(for: Keyspace.chatEntry(chat, seq)) else { return nil }
        return try ChatEntry(decoding: bytes)
    }

    /// The chat as `account` sees it.
    func summary(of chat: ChatID, for account: AccountID) throws(StorageError) -> ChatSummary? {
        guard let stored = try self.chat(chat),
            case .full(let role) = try access(of: account, to: chat, stored)
        else { return nil }
        let since = try newestMarks(of: chat, until: stored.head.marksVersion)
        let read = try mark(account, in: chat)?.n ?? .zero
        let erased = try self.erased(of: chat, after: read)
        return ChatSummary(
            chat: chat, kind: stored.kind, name: stored.name, fullName: stored.fullName,
            creator: stored.creator, role: role, memberCount: stored.memberCount,
            head: stored.head, mark: read,
            marks: try marks(of: chat, since: since).marks.reversed(),
            last: try entry(stored.shownSeq, of: chat), changed: stored.changedSeq,
            erasedCount: erased.count, erased: erased.newest,
            peer: stored.kind == .direct ? try peer(of: account, in: chat) : nil,
            about: stored.about, permissions: stored.permissions,
            pins: stored.pins)
    }

    /// The other member of a direct chat; `account` itself where it is alone.
    private func peer(
        of account: AccountID, in chat: ChatID
    ) throws(StorageError) -> AccountID {
        try members(of: chat).map(\.account).first { $0 != account } ?? account
    }

    /// How many messages of `chat` above `n` were deleted, and the newest of them, ascending. It is
    /// linear in that number alone.
    func erased(
        of chat: ChatID, after n: Ordinal
    ) throws(StorageError) -> (count: UInt64, newest: [Ordinal]) {
        let prefix = Keyspace.erased(chat)
        var count: UInt64 = 0
        var newest: [Ordinal] = []
        var after = Keyspace.erased(chat, n)
        while true {
            let pairs = try state.pairs(
                prefix: prefix, after: after, countMax: ChatLimits.erasedMax)
            for pair in pairs {
                guard let n = Keyspace.number(pair.key.dropFirst(prefix.count)) else {
                    throw .corrupt("the index of deleted messages")
                }
                newest.append(Ordinal(n))
            }
            count += UInt64(pairs.count)
            newest.removeFirst(max(0, newest.count - ChatLimits.erasedMax))
            guard pairs.count == ChatLimits.erasedMax, let last = pairs.last else { break }
            after = last.key
        }
        return (count, newest)
    }

    /// The newest line before `target`; `target` itself when there is none within reach.
    func newestShown(
        before target: SequenceNumber, of chat: ChatID
    ) throws(StorageError) -> SequenceNumber {
        var seq = target.rawValue
        while seq > 1, target.rawValue - seq < ChatLimits.shownDistanceMax {
            seq -= 1
            if let entry = try entry(SequenceNumber(seq), of: chat), entry.isShown {
                return entry.seq
            }
        }
        return target
    }

    /// The version after which all the marks of `chat` that are told at once have changed. Each
    /// version has one mark at most, but few have one when the same members go on reading.
    private func newestMarks(
        of chat: ChatID, until version: UInt64
    ) throws(StorageError) -> UInt64 {
        let countMax = UInt64(ChatLimits.marksMax)
        guard version > countMax else { return 0 }
        let oldest = try state.pairs(
            prefix: Keyspace.markVersions(chat), after: nil, countMax: ChatLimits.marksMax + 1)
        return oldest.count > ChatLimits.marksMax ? version - countMax : 0
    }
}

// MARK: - Writes

extension ChatState where State == StateTransaction {
    /// Stores the chat.
    mutating func put(_ stored: StoredChat, as chat: ChatID) throws(StorageError) {
        try state.put(stored.encoded(), for: Keyspace.chat(chat))
    }

    /// Stores a membership.
    mutating func put(
        _ member: StoredMember, _ account: AccountID, of chat: ChatID
    ) throws(StorageError) {
        try state.put(member.encoded(), for: Keyspace.member(chat, account))
    }

    /// Keeps an account out of the chat.
    mutating func put(
        _ ban: StoredBan, on account: AccountID, from chat: ChatID
    ) throws(StorageError) {
        try state.put(ban.encoded(), for: Keyspace.ban(chat, account))
    }

    /// Lets an account come again.
    mutating func removeBan(on account: AccountID, from chat: ChatID) throws(StorageError) {
        try state.remove(Keyspace.ban(chat, account))
    }

    /// Gives the next entry its numbers and its time, and stores it; `stored` is the caller's to
    /// put.
    mutating func append(
        _ kind: ChatEntry.Kind, from actor: AccountID?, at time: WallTime, to chat: ChatID,
        _ stored: inout StoredChat, origin: ChatOrigin? = nil
    ) -> (receipt: ChatReceipt, published: PublishedEntry) {
        let seq = stored.head.seq.next
        var headN = stored.head.n
        var n = Ordinal.zero
        if case .text = kind {
            headN = headN.next
            n = headN
        }
        let earliest = stored.headTime + ChatLimits.timeStep
        let entry = ChatEntry(
            seq: seq, n: n, time: max(time, earliest), from: actor, kind: kind, origin: origin)
        assert(entry.time > stored.headTime, "times of entries grow")
        stored.head = ChatHead(
            epoch: stored.head.epoch, seq: seq, n: headN, marksVersion: stored.head.marksVersion)
        stored.headTime = entry.time
        if entry.isShown { stored.shownSeq = seq }
        let bytes = entry.encoded()
        state.insert(bytes, for: Keyspace.chatEntry(chat, seq))
        return (
            ChatReceipt(seq: seq, n: n, time: entry.time),
            PublishedEntry(
                log: .chat(chat), epoch: stored.head.epoch, seq: seq, n: n, bytes: bytes)
        )
    }

    /// Stores `entry` in the place of the one with its number, which keeps its own.
    mutating func replace(_ entry: ChatEntry, in chat: ChatID) throws(StorageError) {
        try state.put(entry.encoded(), for: Keyspace.chatEntry(chat, entry.seq))
    }

    /// Takes the words out of the entry that gave `message` those that it has, because it gets
    /// others: only the newest are kept, and in one edit no more than one entry is written anew.
    mutating func forgetWords(of message: ChatEntry, in chat: ChatID) throws(StorageError) {
        guard let edition = message.edition else { return }
        guard let earlier = try entry(edition.seq, of: chat),
            case .edited(let target, _) = earlier.kind, target == message.seq
        else { throw .corrupt("the edit of a message") }
        try replace(earlier.changed(to: .edited(target, text: nil), by: nil), in: chat)
    }

    /// Moves the mark of `account` up to `n`, never beyond the head and never back; nil when it
    /// stays. `stored` is the caller's to put.
    mutating func moveMark(
        _ account: AccountID, to n: Ordinal, in chat: ChatID, _ stored: inout StoredChat
    ) throws(StorageError) -> MarksChange? {
        let target = min(n, stored.head.n)
        let earlier = try mark(account, in: chat)
        guard target > earlier?.n ?? .zero || Canary.markGoesBack.lives else { return nil }
        if let earlier { try state.remove(Keyspace.markVersion(chat, earlier.marksVersion)) }
        let version = stored.head.marksVersion + 1
        stored.head = ChatHead(
            epoch: stored.head.epoch, seq: stored.head.seq, n: stored.head.n,
            marksVersion: version)
        try state.put(
            StoredMark(n: target, marksVersion: version).encoded(),
            for: Keyspace.mark(chat, account))
        state.insert(
            account.bytes + Keyspace.bytes(target.rawValue),
            for: Keyspace.markVersion(chat, version))
        return MarksChange(
            chat: chat, version: version, marks: [MemberMark(account: account, n: target)])
    }
}
