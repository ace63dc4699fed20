internal import Determinism
internal import Identity
internal import Records
internal import Storage

/// The stored form of an account, typed.
struct StoredAccount {
    /// The format that is written, and the only one that is read.
    static let version: UInt32 = 1

    /// Nil for an account that was only put into a chat so far.
    var phone: PhoneNumber?
    /// The display name; empty until it is chosen.
    var name = ""
    /// Nil until it is chosen.
    var username: String?
    /// The command under which the username was claimed.
    var usernameClaim: MessageID?
    /// When it was made.
    var created: WallTime
    /// Where its inbox ends.
    var inbox = InboxHead(epoch: 1, seq: .zero)
    /// The time of the newest inbox entry.
    var inboxTime = WallTime(milliseconds: 0)
    /// Chats in its list.
    var chatCount = 0
    /// Open sessions.
    var sessionCount = 0
    /// Stars.
    var starCount = 0
    /// Chats about which something is kept.
    var settingsCount = 0
    /// Pinned ones of them.
    var pinCount = 0
    /// Chats in which something was begun.
    var draftCount = 0
    /// How often a password was set; 0: there is none.
    var passwordNumber: UInt64 = 0
    /// When it was last there; zero: never, as far as is known.
    var lastSeen = WallTime(milliseconds: 0)
    /// Who may know that.
    var lastSeenRule = LastSeenRule.everybody

    init(created: WallTime) {
        self.created = created
    }

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_AccountRecord(recordBytes: bytes) else {
            throw .corrupt("an account")
        }
        guard record.version == StoredAccount.version else {
            throw .corrupt("an account of format \(record.version)")
        }
        if !record.phone.isEmpty {
            guard let phone = PhoneNumber(canonical: record.phone) else {
                throw .corrupt("the phone number of an account")
            }
            self.phone = phone
        }
        guard record.inboxSeq < Keyspace.numberMax else {
            throw .corrupt("the head of an inbox")
        }
        name = record.name
        username = record.username.isEmpty ? nil : record.username
        usernameClaim =
            record.usernameClaim.isEmpty ? nil : try MessageID(stored: record.usernameClaim)
        created = try WallTime(stored: record.created)
        inbox = InboxHead(epoch: record.inboxEpoch, seq: SequenceNumber(record.inboxSeq))
        inboxTime = try WallTime(stored: record.inboxTime)
        chatCount = Int(record.chatCount)
        sessionCount = Int(record.sessionCount)
        starCount = Int(record.starCount)
        settingsCount = Int(record.settingsCount)
        pinCount = Int(record.pinCount)
        draftCount = Int(record.draftCount)
        passwordNumber = record.passwordNumber
        lastSeen = try WallTime(stored: record.lastSeen)
        lastSeenRule = LastSeenRule(stored: record.lastSeenRule)
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_AccountRecord()
        record.version = StoredAccount.version
        record.phone = phone?.text ?? ""
        record.name = name
        record.username = username ?? ""
        if let usernameClaim { record.usernameClaim = recordField(usernameClaim.bytes) }
        record.created = created.milliseconds
        record.inboxEpoch = inbox.epoch
        record.inboxSeq = inbox.seq.rawValue
        record.inboxTime = inboxTime.milliseconds
        record.chatCount = UInt32(chatCount)
        record.sessionCount = UInt32(sessionCount)
        record.starCount = UInt32(starCount)
        record.settingsCount = UInt32(settingsCount)
        record.pinCount = UInt32(pinCount)
        record.draftCount = UInt32(draftCount)
        record.passwordNumber = passwordNumber
        record.lastSeen = lastSeen.milliseconds
        // The default is no field, so that who never chose costs nothing.
        record.lastSeenRule = lastSeenRule == .everybody ? 0 : lastSeenRule.rawValue
        return record.recordBytes()
    }
}

/// The stored form of a session, typed.
struct StoredSession {
    /// The format that is written, and the only one that is read.
    static let version: UInt32 = 1

    /// What the device calls itself.
    var device: String
    /// When it was made.
    var created: WallTime
    /// When it was last known to be used.
    var lastSeen: WallTime
    /// Oldest first, at most ``AccountLimits/secretsMax``.
    var secretHashes: [[UInt8]]
    /// Whether it was opened by a code sent to the phone.
    var isByCode = false

    init(device: String, created: WallTime, secretHash: [UInt8]) {
        self.device = device
        self.created = created
        lastSeen = created
        secretHashes = [secretHash]
    }

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_SessionRecord(recordBytes: bytes),
            record.version == StoredSession.version
        else { throw .corrupt("a session") }
        device = record.device
        created = try WallTime(stored: record.created)
        lastSeen = try WallTime(stored: record.lastSeen)
        secretHashes = record.secretHashes.map { Array($0) }
        isByCode = record.isByCode
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_SessionRecord()
        record.version = StoredSession.version
        record.device = device
        record.created = created.milliseconds
        record.lastSeen = lastSeen.milliseconds
        record.secretHashes = secretHashes.map { recordField($0) }
        record.isByCode = isByCode
        return record.recordBytes()
    }
}

/// The stored form of a redeemed ticket, typed.
struct StoredTicket {
    /// The format that is written, and the only one that is read.
    static let version: UInt32 = 1

    /// When the ticket is over.
    var expires: WallTime

    init(expires: WallTime) {
        self.expires = expires
    }

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_TicketRecord(recordBytes: bytes),
            record.version == StoredTicket.version
        else { throw .corrupt("a ticket") }
        expires = try WallTime(stored: record.expires)
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_TicketRecord()
        record.version = StoredTicket.version
        record.expires = expires.milliseconds
        return record.recordBytes()
    }
}

/// The stored form of an account's password, typed.
struct StoredPassword {
    /// The format that is written, and the only one that is read.
    static let version: UInt32 = 1

    /// What was made of it.
    var hash: String

    init(hash: String) {
        self.hash = hash
    }

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_PasswordRecord(recordBytes: bytes),
            record.version == StoredPassword.version
        else { throw .corrupt("a password") }
        hash = record.hash
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_PasswordRecord()
        record.version = StoredPassword.version
        record.hash = hash
        return record.recordBytes()
    }
}

/// The stored form of a chat's place in a list, typed; kept after the chat was taken off, so that
/// an older command that arrives later is known as older.
struct StoredListing {
    /// The format that is written, and the only one that is read.
    static let version: UInt32 = 1

    /// Whether it is in the list.
    var isListed: Bool
    /// The entry of the chat that said so.
    var seq: SequenceNumber

    init(isListed: Bool, seq: SequenceNumber) {
        self.isListed = isListed
        self.seq = seq
    }

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_ListedChatRecord(recordBytes: bytes),
            record.version == StoredListing.version
        else { throw .corrupt("a chat in a list") }
        isListed = record.isListed
        seq = SequenceNumber(record.seq)
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_ListedChatRecord()
        record.version = StoredListing.version
        record.isListed = isListed
        record.seq = seq.rawValue
        return record.recordBytes()
    }
}

extension Star {
    /// The format that is written, and the only one that is read.
    private static let version: UInt32 = 1

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_StarRecord(recordBytes: bytes), record.version == Star.version
        else { throw .corrupt("a star") }
        self.init(
            chat: try ChatID(stored: record.chat), seq: SequenceNumber(record.seq),
            place: SequenceNumber(record.place))
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_StarRecord()
        record.version = Star.version
        record.chat = recordField(chat.bytes)
        record.seq = seq.rawValue
        record.place = place.rawValue
        return record.recordBytes()
    }
}

/// The stored form of a claim, typed.
struct StoredClaim {
    /// The format that is written, and the only one that is read.
    static let version: UInt32 = 1

    /// Who has the value.
    var owner: ClaimOwner
    /// The commands that hold it, sorted; never empty for a name.
    var claims: [MessageID]

    init(owner: ClaimOwner, claims: [MessageID]) {
        self.owner = owner
        self.claims = claims
    }

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_ClaimRecord(recordBytes: bytes),
            record.version == StoredClaim.version, record.account.isEmpty != record.chat.isEmpty
        else { throw .corrupt("a claim") }
        owner =
            record.chat.isEmpty
            ? .account(try AccountID(stored: record.account))
            : .chat(try ChatID(stored: record.chat))
        claims = []
        for claim in record.claims { claims.append(try MessageID(stored: claim)) }
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_ClaimRecord()
        record.version = StoredClaim.version
        switch owner {
        case .account(let account): record.account = recordField(account.bytes)
        case .chat(let chat): record.chat = recordField(chat.bytes)
        }
        record.claims = claims.map { recordField($0.bytes) }
        return record.recordBytes()
    }
}

/// The stored form of a phone's sign-in code, typed.
struct StoredCode {
    /// The format that is written, and the only one that is read.
    static let version: UInt32 = 1

    /// Empty before the first code.
    var codeHash: [UInt8] = []
    /// When the code is over.
    var expires = WallTime(milliseconds: 0)
    /// Wrong tries of this code.
    var tries = 0
    /// Whether the code was given rightly.
    var isUsed = false
    /// When the codes of the last hour were asked for, oldest first.
    var requested: [WallTime] = []

    init() {}

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_CodeRecord(recordBytes: bytes),
            record.version == StoredCode.version
        else { throw .corrupt("a sign-in code") }
        codeHash = Array(record.codeHash)
        expires = try WallTime(stored: record.expires)
        tries = Int(record.tries)
        isUsed = record.isUsed
        for time in record.requested { requested.append(try WallTime(stored: time)) }
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_CodeRecord()
        record.version = StoredCode.version
        record.codeHash = recordField(codeHash)
        record.expires = expires.milliseconds
        record.tries = UInt32(tries)
        record.isUsed = isUsed
        record.requested = requested.map(\.milliseconds)
        return record.recordBytes()
    }
}

extension AccountResult {
    private static var version: UInt32 { 1 }

    /// Reads a stored answer.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_AccountResultRecord(recordBytes: bytes),
            record.version == AccountResult.version
        else { throw .corrupt("the answer of an account") }
        if record.rejection.isEmpty {
            self = .accepted(
                AccountReceipt(
                    account: record.account.isEmpty ? nil : try AccountID(stored: record.account),
                    inbox: SequenceNumber(record.seq), time: try WallTime(stored: record.time)))
        } else if record.retryAfter < 1 << 40,
            let rejection = AccountRejection(
                code: record.rejection,
                retryAfter: record.retryAfter == 0 ? nil : .milliseconds(record.retryAfter))
        {
            self = .rejected(rejection)
        } else {
            throw .corrupt("the answer of an account")
        }
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_AccountResultRecord()
        record.version = AccountResult.version
        switch self {
        case .accepted(let receipt):
            if let account = receipt.account { record.account = recordField(account.bytes) }
            record.seq = receipt.inbox.rawValue
            record.time = receipt.time.milliseconds
        case .rejected(let rejection):
            record.rejection = rejection.code
            record.retryAfter = rejection.retryAfter?.milliseconds ?? 0
        }
        return record.recordBytes()
    }
}
