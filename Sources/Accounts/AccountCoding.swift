internal import Determinism
internal import Identity
internal import Records
package import Storage

extension AccountCommand {
    /// The bytes that the shard's log keeps; equal commands have equal bytes.
    package func encoded() -> [UInt8] {
        var record = Records_AccountCommand()
        record.account = recordField(account.bytes)
        record.cmid = recordField(cmid.bytes)
        record.time = time.milliseconds
        switch body {
        case .openSession(let new):
            record.openSession = new.record
        case .closeSession(let session): record.closeSession = recordField(session.bytes)
        case .closeAllSessions: record.closeAllSessions = Records_Empty()
        case .redeemTicket(let redemption):
            var redeem = Records_RedeemTicket()
            redeem.session = recordField(redemption.session.bytes)
            redeem.nonce = recordField(redemption.nonce)
            redeem.expires = redemption.expires.milliseconds
            redeem.secretHash = recordField(redemption.newSecretHash)
            record.redeemTicket = redeem
        case .touchSession(let session): record.touchSession = recordField(session.bytes)
        case .setProfile(let name): record.setProfile = name
        case .setUsername(let name): record.setUsername = name
        case .listChat(let chat, let seq): record.listChat = listed(chat, seq)
        case .unlistChat(let chat, let seq): record.unlistChat = listed(chat, seq)
        case .star(let chat, let seq): record.star = starred(chat, seq)
        case .unstar(let chat, let seq): record.unstar = starred(chat, seq)
        case .setChat(let chat, let change): record.setChat = change.record(of: chat)
        case .setDraft(let chat, let text, let replyTo):
            record.setDraft.chat = recordField(chat.bytes)
            record.setDraft.text = text
            record.setDraft.replyTo = replyTo?.rawValue ?? 0
        case .signUp(let new):
            record.signUp.name = new.name
            record.signUp.username = new.username
            record.signUp.password = new.hash
            record.signUp.session = new.session.record
        case .setPassword(let change):
            record.setPassword.password = change.hash
            if let replaced = change.replaced { record.setPassword.replaced = replaced }
            record.setPassword.session = recordField(change.session.bytes)
        case .setPhone(let phone): record.setPhone = phone.text
        case .see(let time): record.see = time.milliseconds
        case .setLastSeenRule(let rule): record.setLastSeenRule = rule.rawValue
        }
        return record.recordBytes()
    }

    /// Reads the form of ``encoded()``; `corrupt` for anything else.
    package init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_AccountCommand(recordBytes: bytes), let recordBody = record.body
        else { throw .corrupt("a command of an account") }
        let body: Body
        switch recordBody {
        case .openSession(let open):
            body = .openSession(try NewSession(open))
        case .closeSession(let session): body = .closeSession(try SessionID(stored: session))
        case .closeAllSessions: body = .closeAllSessions
        case .redeemTicket(let redeem):
            body = .redeemTicket(
                TicketRedemption(
                    session: try SessionID(stored: redeem.session), nonce: Array(redeem.nonce),
                    expires: try WallTime(stored: redeem.expires),
                    newSecretHash: Array(redeem.secretHash)))
        case .touchSession(let session): body = .touchSession(try SessionID(stored: session))
        case .setProfile(let name): body = .setProfile(name: name)
        case .setUsername(let name): body = .setUsername(name)
        case .listChat(let listed):
            body = .listChat(try ChatID(stored: listed.chat), at: SequenceNumber(listed.seq))
        case .unlistChat(let listed):
            body = .unlistChat(try ChatID(stored: listed.chat), at: SequenceNumber(listed.seq))
        case .star(let message):
            body = .star(try ChatID(stored: message.chat), SequenceNumber(message.seq))
        case .unstar(let message):
            body = .unstar(try ChatID(stored: message.chat), SequenceNumber(message.seq))
        case .setChat(let set):
            body = .setChat(try ChatID(stored: set.chat), try ChatSettingsChange(set))
        case .setDraft(let set):
            body = .setDraft(
                try ChatID(stored: set.chat), text: set.text,
                replyTo: set.replyTo == 0 ? nil : SequenceNumber(set.replyTo))
        case .signUp(let new):
            body = .signUp(
                NewAccount(
                    name: new.name, username: new.username, hash: new.password,
                    session: try NewSession(new.session)))
        case .setPassword(let set):
            body = .setPassword(
                PasswordChange(
                    hash: set.password,
                    replaced: set.hasReplaced ? set.replaced : nil,
                    session: try SessionID(stored: set.session)))
        case .setPhone(let text):
            guard let phone = PhoneNumber(canonical: text) else {
                throw .corrupt("the phone number of a command")
            }
            body = .setPhone(phone)
        case .see(let time): body = .see(at: try WallTime(stored: time))
        case .setLastSeenRule(let rule): body = .setLastSeenRule(LastSeenRule(stored: rule))
        }
        self.init(
            account: try AccountID(stored: record.account),
            cmid: try MessageID(stored: record.cmid), time: try WallTime(stored: record.time),
            body: body)
    }

    private func listed(_ chat: ChatID, _ seq: SequenceNumber) -> Records_ListedChat {
        var listed = Records_ListedChat()
        listed.chat = recordField(chat.bytes)
        listed.seq = seq.rawValue
        return listed
    }
}

extension NewSession {
    fileprivate var record: Records_OpenSession {
        var record = Records_OpenSession()
        switch proof {
        case .phone(let phone): record.phone = phone.text
        case .password(let number): record.password = number
        }
        record.session = recordField(session.bytes)
        record.secretHash = recordField(secretHash)
        record.device = device
        return record
    }

    fileprivate init(_ record: Records_OpenSession) throws(StorageError) {
        let proof: Proof
        if record.password > 0, record.phone.isEmpty {
            proof = .password(record.password)
        } else if let phone = PhoneNumber(canonical: record.phone), record.password == 0 {
            proof = .phone(phone)
        } else {
            throw .corrupt("the proof of a command")
        }
        self.init(
            proof: proof, session: try SessionID(stored: record.session),
            secretHash: Array(record.secretHash), device: record.device)
    }
}

private func starred(_ chat: ChatID, _ seq: SequenceNumber) -> Records_StarredMessage {
    var message = Records_StarredMessage()
    message.chat = recordField(chat.bytes)
    message.seq = seq.rawValue
    return message
}

extension ClaimCommand {
    /// The bytes that the shard's log keeps; equal commands have equal bytes.
    package func encoded() -> [UInt8] {
        var record = Records_ClaimCommand()
        record.key = key.text
        record.cmid = recordField(cmid.bytes)
        record.time = time.milliseconds
        switch body {
        case .requestCode(let codeHash): record.requestCode = recordField(codeHash)
        case .verifyCode(let codeHash, let proposed):
            var verify = Records_VerifyCode()
            verify.codeHash = recordField(codeHash)
            verify.proposed = recordField(proposed.bytes)
            record.verifyCode = verify
        case .claimName(let owner, let then):
            var claim = Records_ClaimName()
            claim.owner = owner.record
            claim.then = then.map { recordField($0) }
            record.claimName = claim
        case .releaseName(let owner, let claim):
            var release = Records_ReleaseName()
            release.owner = owner.record
            release.claim = recordField(claim.bytes)
            record.releaseName = release
        case .invite(let chat, let inviter):
            var invite = Records_InvitePhone()
            invite.chat = recordField(chat.bytes)
            invite.inviter = recordField(inviter.bytes)
            record.invitePhone = invite
        }
        return record.recordBytes()
    }

    /// Reads the form of ``encoded()``; `corrupt` for anything else.
    package init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_ClaimCommand(recordBytes: bytes), let recordBody = record.body,
            let key = ClaimKey(text: record.key)
        else { throw .corrupt("a command of a claim") }
        let body: Body
        switch recordBody {
        case .requestCode(let codeHash): body = .requestCode(codeHash: Array(codeHash))
        case .verifyCode(let verify):
            body = .verifyCode(
                codeHash: Array(verify.codeHash), proposed: try AccountID(stored: verify.proposed))
        case .claimName(let claim):
            body = .claimName(
                owner: try ClaimOwner(claim.owner), then: claim.then.map { Array($0) })
        case .releaseName(let release):
            body = .releaseName(
                owner: try ClaimOwner(release.owner), claim: try MessageID(stored: release.claim))
        case .invitePhone(let invite):
            body = .invite(
                to: try ChatID(stored: invite.chat), by: try AccountID(stored: invite.inviter))
        }
        self.init(
            key: key, cmid: try MessageID(stored: record.cmid),
            time: try WallTime(stored: record.time), body: body)
    }
}

extension ClaimOwner {
    fileprivate var record: Records_Owner {
        var record = Records_Owner()
        switch self {
        case .account(let account): record.account = recordField(account.bytes)
        case .chat(let chat): record.chat = recordField(chat.bytes)
        }
        return record
    }

    fileprivate init(_ record: Records_Owner) throws(StorageError) {
        switch record.kind {
        case .account(let account): self = .account(try AccountID(stored: account))
        case .chat(let chat): self = .chat(try ChatID(stored: chat))
        case nil: throw .corrupt("an owner of a claim")
        }
    }
}

extension AccountEffect {
    /// The bytes that the outbox keeps; equal effects have equal bytes.
    package func encoded() -> [UInt8] {
        var record = Records_AccountEffect()
        record.cmid = recordField(cmid.bytes)
        switch body {
        case .releaseName(let name, let account, let claim):
            var released = Records_ReleasedName()
            released.name = name
            released.account = recordField(account.bytes)
            released.claim = recordField(claim.bytes)
            record.releaseName = released
        case .carried(let bytes): record.carried = recordField(bytes)
        case .accepted(let account, let chat, let inviter):
            var accepted = Records_AcceptedInvitation()
            accepted.account = recordField(account.bytes)
            accepted.chat = recordField(chat.bytes)
            accepted.inviter = recordField(inviter.bytes)
            record.accepted = accepted
        }
        return record.recordBytes()
    }

    /// Reads the form of ``encoded()``; `corrupt` for anything else.
    package init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_AccountEffect(recordBytes: bytes), let recordBody = record.body
        else { throw .corrupt("an effect of an account") }
        let body: Body
        switch recordBody {
        case .releaseName(let released):
            body = .releaseName(
                released.name, try AccountID(stored: released.account),
                claim: try MessageID(stored: released.claim))
        case .carried(let bytes): body = .carried(Array(bytes))
        case .accepted(let accepted):
            body = .accepted(
                try AccountID(stored: accepted.account), try ChatID(stored: accepted.chat),
                by: try AccountID(stored: accepted.inviter))
        }
        self.init(cmid: try MessageID(stored: record.cmid), body: body)
    }
}

extension InboxEntry {
    /// The bytes that the log keeps and peers carry.
    package func encoded() -> [UInt8] {
        var record = Records_InboxEntry()
        record.seq = seq.rawValue
        record.time = time.milliseconds
        switch kind {
        case .chatAdded(let chat): record.chatAdded = recordField(chat.bytes)
        case .chatRemoved(let chat): record.chatRemoved = recordField(chat.bytes)
        case .profileChanged: record.profileChanged = Records_Empty()
        case .sessionOpened(let session, let device):
            var opened = Records_SessionOpened()
            opened.session = recordField(session.bytes)
            opened.device = device
            record.sessionOpened = opened
        case .sessionRevoked(let session): record.sessionRevoked = recordField(session.bytes)
        case .starred(let chat, let seq): record.starred = starred(chat, seq)
        case .unstarred(let chat, let seq): record.unstarred = starred(chat, seq)
        case .chatSettings(let set): record.chatSettings = set.record
        case .draft(let chat, let isThere):
            record.draft.chat = recordField(chat.bytes)
            record.draft.isThere = isThere
        case .privacyChanged(let rule): record.privacyChanged.lastSeenRule = rule.rawValue
        case .unknown: break
        }
        return record.recordBytes()
    }

    /// Reads the form of ``encoded()``; `corrupt` when it is none. A kind of a later version reads
    /// as `unknown`.
    package init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_InboxEntry(recordBytes: bytes), record.seq > 0 else {
            throw .corrupt("an entry of an inbox")
        }
        let kind: Kind
        switch record.kind {
        case .chatAdded(let chat): kind = .chatAdded(try ChatID(stored: chat))
        case .chatRemoved(let chat): kind = .chatRemoved(try ChatID(stored: chat))
        case .profileChanged: kind = .profileChanged
        case .sessionOpened(let opened):
            kind = .sessionOpened(try SessionID(stored: opened.session), device: opened.device)
        case .sessionRevoked(let session): kind = .sessionRevoked(try SessionID(stored: session))
        case .starred(let message):
            kind = .starred(try ChatID(stored: message.chat), SequenceNumber(message.seq))
        case .unstarred(let message):
            kind = .unstarred(try ChatID(stored: message.chat), SequenceNumber(message.seq))
        case .chatSettings(let set): kind = .chatSettings(try KeptSettings(set))
        case .draft(let changed):
            kind = .draft(try ChatID(stored: changed.chat), isThere: changed.isThere)
        case .privacyChanged(let changed):
            kind = .privacyChanged(LastSeenRule(stored: changed.lastSeenRule))
        case nil: kind = .unknown
        }
        self.init(
            seq: SequenceNumber(record.seq), time: try WallTime(stored: record.time), kind: kind)
    }
}
