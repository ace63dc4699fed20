internal import Determinism
internal import Identity
internal import Records
internal import Storage

/// Who invites a phone number that nobody has claimed, and what was sent to it; kept beside the
/// claim until somebody signs up with the number.
struct StoredInvitations {
    /// The format that is written, and the only one that is read.
    static let version: UInt32 = 1

    /// One person invites the number to one chat.
    struct Invitation: Hashable {
        let chat: ChatID
        let inviter: AccountID
        /// When it was said last.
        let time: WallTime
    }

    /// Oldest first, each pair of chat and inviter once.
    var invitations: [Invitation] = []
    /// When the messages of the last hour were sent, oldest first.
    var told: [WallTime] = []

    init() {}

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_PhoneInvitationsRecord(recordBytes: bytes),
            record.version == StoredInvitations.version
        else { throw .corrupt("the invitations of a phone number") }
        for invitation in record.invitations {
            invitations.append(
                Invitation(
                    chat: try ChatID(stored: invitation.chat),
                    inviter: try AccountID(stored: invitation.inviter),
                    time: try WallTime(stored: invitation.time)))
        }
        for time in record.told { told.append(try WallTime(stored: time)) }
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_PhoneInvitationsRecord()
        record.version = StoredInvitations.version
        record.invitations = invitations.map { invitation in
            var stored = Records_PhoneInvitation()
            stored.chat = recordField(invitation.chat.bytes)
            stored.inviter = recordField(invitation.inviter.bytes)
            stored.time = invitation.time.milliseconds
            return stored
        }
        record.told = told.map(\.milliseconds)
        return record.recordBytes()
    }

    /// Forgets what is over at `now`. Times from far ahead are those of a clock that was wrong;
    /// those from a little ahead count from now on, and not for longer than any other.
    mutating func forget(at now: WallTime) {
        invitations.removeAll { $0.time + AccountLimits.invitationLifetime <= now }
        told.removeAll {
            $0 + AccountLimits.codeWindow <= now || now + AccountLimits.codeWindow < $0
        }
        told = told.map { min($0, now) }
    }

    /// How long nothing may be sent to the number; nil when something may be.
    func wait(at now: WallTime) -> Interval? {
        if let last = told.last, last + AccountLimits.codeResendInterval > now {
            return (last + AccountLimits.codeResendInterval) - now
        }
        guard told.count >= AccountLimits.codesMax, let first = told.first else { return nil }
        return (first + AccountLimits.codeWindow) - now
    }
}

extension ClaimState {
    /// Who invites the phone number.
    func invitations(of key: ClaimKey) throws(StorageError) -> StoredInvitations {
        guard let bytes = try state.value(for: Keyspace.state(.phoneInvitations, key.bytes)) else {
            return StoredInvitations()
        }
        return try StoredInvitations(decoding: bytes)
    }
}

extension ClaimState where State == StateTransaction {
    /// Stores who invites the phone number; nil: nobody any more.
    mutating func put(
        _ invitations: StoredInvitations?, as key: ClaimKey
    ) throws(StorageError) {
        let stateKey = Keyspace.state(.phoneInvitations, key.bytes)
        if let invitations {
            try state.put(invitations.encoded(), for: stateKey)
        } else {
            try state.remove(stateKey)
        }
    }
}

extension ClaimChange {
    /// Keeps an invitation until somebody signs up with the number, and says whether a message may
    /// be sent to it: as many as codes, but counted apart, so that nobody is kept from a code by
    /// invitations. Somebody may have signed up meanwhile: the answer names who.
    mutating func invite(
        to chat: ChatID, by inviter: AccountID
    ) throws(StorageError) -> AccountOutcome {
        switch try claims.owner(of: command.key) {
        case .account(let owner): return ClaimChange.accepted(owner, at: command.time)
        case .chat: throw .corrupt("a phone number of a chat")
        case nil: break
        }
        let now = command.time
        var stored = try claims.invitations(of: command.key)
        stored.forget(at: now)
        if let wait = stored.wait(at: now) {
            return ClaimChange.refused(.tooMany(retryAfter: wait))
        }
        stored.invitations.removeAll { $0.chat == chat && $0.inviter == inviter }
        guard stored.invitations.count < AccountLimits.invitationsMax else {
            return ClaimChange.refused(.tooMany(retryAfter: nil))
        }
        stored.invitations.append(
            StoredInvitations.Invitation(chat: chat, inviter: inviter, time: now))
        stored.told.append(now)
        try claims.put(stored, as: command.key)
        return ClaimChange.accepted(nil, at: now + AccountLimits.invitationLifetime)
    }

    /// The number is `account`'s from now on: who invited it is asked to make it a member, each in
    /// the chat's own shard, which decides whether that may still be.
    mutating func acceptInvitations(
        for account: AccountID
    ) throws(StorageError) -> [AccountEffect] {
        var stored = try claims.invitations(of: command.key)
        guard !stored.invitations.isEmpty || !stored.told.isEmpty else { return [] }
        stored.forget(at: command.time)
        try claims.put(nil as StoredInvitations?, as: command.key)
        var effects: [AccountEffect] = []
        for (counter, invitation) in stored.invitations.enumerated() {
            effects.append(
                AccountEffect(
                    cmid: command.cmid.derived(counter),
                    body: .accepted(account, invitation.chat, by: invitation.inviter)))
        }
        return effects
    }
}
