internal import Accounts
internal import Chat
internal import Determinism
internal import Identity
internal import Storage
internal import Wire

// What clients are told, made of what the rooms say.

extension SessionGrant {
    init(_ facts: AccountFacts, _ session: SessionID, inbox: SequenceNumber) {
        self.init(
            account: facts.account, session: session, name: facts.name, username: facts.username,
            inbox: LogCursor(epoch: facts.inbox.epoch, seq: inbox))
    }
}

extension ClientAccount {
    init(_ facts: AccountFacts) {
        self.init(
            id: facts.account, phone: facts.phone?.text ?? "", name: facts.name,
            username: facts.username, hasPassword: facts.hasPassword,
            lastSeen: ClientLastSeenRule(facts.lastSeenRule))
    }

    /// 5 to 32 of a-z, 0-9 and _, beginning with a letter.
    static func isUsername(_ text: String) -> Bool {
        let utf8 = Array(text.utf8)
        guard 5...32 ~= utf8.count, let first = utf8.first,
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= first
        else { return false }
        return utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "_")
        }
    }
}

extension ClientLastSeenRule {
    init(_ rule: LastSeenRule) {
        switch rule {
        case .everybody: self = .everybody
        case .nobody: self = .nobody
        }
    }

    /// The rule of the account's room.
    var stored: LastSeenRule {
        switch self {
        case .everybody: .everybody
        case .nobody: .nobody
        }
    }
}

extension ClientPerson {
    init(_ person: Person) {
        self.init(id: person.account, name: person.name, username: person.username)
    }
}

extension ClientDevice {
    init(_ session: SessionFacts) {
        self.init(
            id: session.session, device: session.device, created: session.created,
            lastSeen: session.lastSeen)
    }
}

extension ClientMember {
    init(_ member: ChatMember) {
        self.init(account: member.account, role: ClientRole(member.role))
    }
}

extension ClientRole {
    init(_ role: ChatRole) {
        switch role {
        case .owner: self = .owner
        case .admin: self = .admin
        case .member: self = .member
        case .visitor: self = .visitor
        }
    }
}

extension ClientPermission {
    /// The switch in the chat's rules.
    var switched: ChatPermissions {
        switch self {
        case .send: .send
        case .media: .media
        case .invite: .invite
        case .pin: .pin
        case .info: .info
        case .delete: .delete
        }
    }

    /// Those that are on, in the order of the protocol.
    static func named(_ permissions: ChatPermissions) -> [ClientPermission] {
        allCases.filter { permissions.contains($0.switched) }
    }
}

extension ChatPermissions {
    init(_ named: [ClientPermission]) {
        self = named.reduce(into: []) { $0.formUnion($1.switched) }
    }
}

extension ClientChatKind {
    init(_ kind: ChatKind) {
        switch kind {
        case .private: self = .private
        case .public: self = .public
        case .direct: self = .direct
        }
    }
}

extension ClientChat {
    init(_ summary: ChatSummary, for account: AccountID) {
        self.init(
            id: summary.chat, kind: ClientChatKind(summary.kind),
            name: summary.name, fullName: summary.fullName, creator: summary.creator,
            role: ClientRole(summary.role), memberCount: UInt64(summary.memberCount),
            epoch: summary.head.epoch, head: summary.head.position, mark: summary.mark,
            marksVersion: summary.head.marksVersion,
            marks: summary.marks.map { ReadMark(account: $0.account, n: $0.n) },
            last: summary.last.map { ClientEntry($0, for: account) }, changed: summary.changed,
            unread: summary.unread, erased: summary.erased, peer: summary.peer,
            about: summary.about, permissions: ClientPermission.named(summary.permissions),
            pins: summary.pins)
    }
}

extension ChatHead {
    var position: LogPosition { LogPosition(seq: seq, n: n) }
}

extension Receipt {
    init(_ receipt: ChatReceipt) {
        self.init(seq: receipt.seq, n: receipt.n, time: receipt.time)
    }
}

extension ClientEntry {
    /// Entries of `log` from their stored form, as `account` is told of them; nil when one cannot
    /// be read.
    static func decoded(
        _ stored: [[UInt8]], of log: LogID, for account: AccountID
    ) -> [ClientEntry]? {
        do throws(StorageError) {
            return try stored.map { bytes throws(StorageError) in
                try ClientEntry(stored: bytes, of: log, for: account)
            }
        } catch { return nil }
    }
}

extension ChatID {
    /// The id of the chat that `account` makes by the command `cmid`: a retry makes the same one.
    init(of account: AccountID, _ cmid: MessageID) {
        let bytes = account.bytes + cmid.bytes
        self.init(high: StableHash.of(bytes, seed: 1), low: StableHash.of(bytes, seed: 2))
    }
}

extension MessageID {
    /// For commands that keep no result under their id.
    init(unkeptAt wall: WallTime) {
        self.init(high: wall.milliseconds << 16 | 0x7000, low: 1 << 63)
    }
}
