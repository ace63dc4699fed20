internal import Determinism
internal import Identity
internal import Records
internal import Storage

/// The stored form of a chat, typed.
struct StoredChat {
    /// The format that is written, and the only one that is read.
    static let version: UInt32 = 1

    /// Who may see it.
    var kind: ChatKind
    /// The short name.
    var name: String
    /// The long one; may be empty.
    var fullName: String
    /// Nil is the cluster.
    var creator: AccountID?
    /// The creating command's clock.
    var created: WallTime
    /// Where the log and the marks end.
    var head: ChatHead
    /// The time of the newest entry.
    var headTime: WallTime
    /// Members that were not removed.
    var memberCount: Int
    /// Whether the last entry says so.
    var isDeleted: Bool
    /// The command under which the name of a public chat was claimed.
    var nameClaim: MessageID?
    /// The newest entry that is a line by itself.
    var shownSeq: SequenceNumber
    /// The newest entry that changed an earlier one; zero when none did.
    var changedSeq: SequenceNumber
    /// What plain members may.
    var permissions: ChatPermissions
    /// What it is about; may be empty.
    var about: String
    /// Accounts that are kept out.
    var bannedCount: Int
    /// The pinned messages, ascending.
    var pins: [SequenceNumber]

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_ChatRecord(recordBytes: bytes) else {
            throw .corrupt("a chat")
        }
        guard record.version == StoredChat.version else {
            throw .corrupt("a chat of format \(record.version)")
        }
        switch record.kind {
        case 1: kind = .private
        case 2: kind = .public
        case 3: kind = .direct
        default: throw .corrupt("a chat of kind \(record.kind)")
        }
        name = record.name
        fullName = record.fullName
        creator = record.creator.isEmpty ? nil : try AccountID(stored: record.creator)
        created = try WallTime(stored: record.created)
        head = ChatHead(
            epoch: record.epoch, seq: SequenceNumber(record.headSeq), n: Ordinal(record.headN),
            marksVersion: record.marksVersion)
        headTime = try WallTime(stored: record.headTime)
        guard record.headSeq < Keyspace.numberMax, record.headN <= record.headSeq,
            record.marksVersion < Keyspace.numberMax
        else { throw .corrupt("the head of a chat") }
        memberCount = Int(record.memberCount)
        isDeleted = record.isDeleted
        nameClaim = record.nameClaim.isEmpty ? nil : try MessageID(stored: record.nameClaim)
        // Records from before there were changes have neither, and only entries that are shown.
        shownSeq = record.shownSeq == 0 ? head.seq : SequenceNumber(record.shownSeq)
        changedSeq = SequenceNumber(record.changedSeq)
        permissions =
            record.hasPermissions
            ? ChatPermissions(rawValue: record.permissions) : .standard(of: kind)
        about = record.about
        bannedCount = Int(record.bannedCount)
        pins = record.pins.map { SequenceNumber($0) }
        guard shownSeq <= head.seq, changedSeq <= head.seq else {
            throw .corrupt("the head of a chat")
        }
    }

    /// A chat before its first entry.
    init(kind: ChatKind, creator: AccountID?, created: WallTime) {
        self.kind = kind
        self.creator = creator
        self.created = created
        name = ""
        fullName = ""
        head = ChatHead(epoch: 1, seq: .zero, n: .zero, marksVersion: 0)
        headTime = WallTime(milliseconds: 0)
        memberCount = 0
        isDeleted = false
        nameClaim = nil
        shownSeq = .zero
        changedSeq = .zero
        permissions = .standard(of: kind)
        about = ""
        bannedCount = 0
        pins = []
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_ChatRecord()
        record.version = StoredChat.version
        record.kind =
            switch kind {
            case .private: 1
            case .public: 2
            case .direct: 3
            }
        record.name = name
        record.fullName = fullName
        if let creator { record.creator = recordField(creator.bytes) }
        record.created = created.milliseconds
        record.epoch = head.epoch
        record.headSeq = head.seq.rawValue
        record.headN = head.n.rawValue
        record.headTime = headTime.milliseconds
        record.memberCount = UInt32(memberCount)
        record.marksVersion = head.marksVersion
        record.isDeleted = isDeleted
        if let nameClaim { record.nameClaim = recordField(nameClaim.bytes) }
        record.shownSeq = shownSeq.rawValue
        record.changedSeq = changedSeq.rawValue
        record.permissions = permissions.rawValue
        record.about = about
        record.bannedCount = UInt32(bannedCount)
        record.pins = pins.map(\.rawValue)
        return record.recordBytes()
    }
}

/// The stored form of a membership, typed.
struct StoredMember {
    /// The format that is written, and the only one that is read.
    static let version: UInt32 = 1

    /// Owner, admin or member.
    var role: ChatRole
    /// The entry that gave it the role.
    var roleSeq: SequenceNumber
    /// The entry that added it.
    var addedSeq: SequenceNumber
    /// Nil while it is a member.
    var removedSeq: SequenceNumber?

    init(role: ChatRole, addedSeq: SequenceNumber) {
        self.role = role
        self.addedSeq = addedSeq
        roleSeq = addedSeq
        removedSeq = nil
    }

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_MemberRecord(recordBytes: bytes),
            record.version == StoredMember.version
        else { throw .corrupt("a member of a chat") }
        switch record.role {
        case 0: role = record.isCreator ? .owner : .member
        case 1: role = .member
        case 2: role = .admin
        case 3: role = .owner
        default: throw .corrupt("the role of a member")
        }
        addedSeq = SequenceNumber(record.addedSeq)
        roleSeq = record.roleSeq == 0 ? addedSeq : SequenceNumber(record.roleSeq)
        removedSeq = record.removedSeq == 0 ? nil : SequenceNumber(record.removedSeq)
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_MemberRecord()
        record.version = StoredMember.version
        record.role =
            switch role {
            case .owner: 3
            case .admin: 2
            case .member, .visitor: 1
            }
        record.roleSeq = roleSeq.rawValue
        record.addedSeq = addedSeq.rawValue
        record.removedSeq = removedSeq?.rawValue ?? 0
        return record.recordBytes()
    }
}

/// The stored form of a ban, typed.
struct StoredBan {
    /// The format that is written, and the only one that is read.
    static let version: UInt32 = 1

    /// The entry that says so.
    let seq: SequenceNumber

    init(seq: SequenceNumber) {
        self.seq = seq
    }

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_BanRecord(recordBytes: bytes),
            record.version == StoredBan.version
        else { throw .corrupt("a ban") }
        seq = SequenceNumber(record.seq)
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_BanRecord()
        record.version = StoredBan.version
        record.seq = seq.rawValue
        return record.recordBytes()
    }
}

/// The stored form of a read mark, typed.
struct StoredMark {
    /// The format that is written, and the only one that is read.
    static let version: UInt32 = 1

    /// All messages up to it are read.
    var n: Ordinal
    /// The version of the chat's marks at which it changed last.
    var marksVersion: UInt64

    init(n: Ordinal, marksVersion: UInt64) {
        self.n = n
        self.marksVersion = marksVersion
    }

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_MarkRecord(recordBytes: bytes),
            record.version == StoredMark.version
        else { throw .corrupt("a read mark") }
        n = Ordinal(record.n)
        marksVersion = record.marksVersion
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_MarkRecord()
        record.version = StoredMark.version
        record.n = n.rawValue
        record.marksVersion = marksVersion
        return record.recordBytes()
    }
}

extension ChatResult {
    private static var version: UInt32 { 1 }

    /// Reads a stored answer.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_ChatResultRecord(recordBytes: bytes),
            record.version == ChatResult.version
        else { throw .corrupt("the answer of a chat") }
        if record.rejection.isEmpty {
            self = .accepted(
                ChatReceipt(
                    seq: SequenceNumber(record.seq), n: Ordinal(record.n),
                    time: try WallTime(stored: record.time)))
        } else if let rejection = ChatRejection(stored: record.rejection) {
            self = .rejected(rejection)
        } else {
            throw .corrupt("the answer of a chat")
        }
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_ChatResultRecord()
        record.version = ChatResult.version
        switch self {
        case .accepted(let receipt):
            record.seq = receipt.seq.rawValue
            record.n = receipt.n.rawValue
            record.time = receipt.time.milliseconds
        case .rejected(let rejection): record.rejection = rejection.rawValue
        }
        return record.recordBytes()
    }
}
