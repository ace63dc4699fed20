internal import Determinism
internal import Identity
package import Records
package import Storage

extension ChatCommand {
    /// The bytes that the shard's log keeps; equal commands have equal bytes.
    package func encoded() -> [UInt8] {
        var record = Records_ChatCommand()
        record.chat = recordField(chat.bytes)
        record.cmid = recordField(cmid.bytes)
        if let actor { record.actor = recordField(actor.bytes) }
        record.time = time.milliseconds
        switch body {
        case .create(let kind, let name, let fullName):
            var create = Records_CreateChat()
            create.kind = kind.record
            create.name = name
            create.fullName = fullName
            record.create = create
        case .open(let account): record.open = recordField(account.bytes)
        case .send(let text, let replyTo):
            record.send = text
            record.replyTo = replyTo?.rawValue ?? 0
        case .forward(let message):
            var forward = Records_ForwardMessage()
            if let message {
                forward.text = message.text
                forward.origin = message.origin.record
            }
            record.forward = forward
        case .edit(let target, let text):
            var edit = Records_EditMessage()
            edit.target = target.rawValue
            edit.text = text
            record.edit = edit
        case .deleteMessage(let target): record.deleteMessage = target.rawValue
        case .rename(let name, let fullName):
            var rename = Records_RenameChat()
            rename.name = name
            rename.fullName = fullName
            record.rename = rename
        case .delete: record.delete = Records_Empty()
        case .addMember(let account): record.addMember = recordField(account.bytes)
        case .removeMember(let account): record.removeMember = recordField(account.bytes)
        case .mark(let n): record.mark = n.rawValue
        case .setRole(let account, let isAdmin): record.setRole = role(account, isAdmin: isAdmin)
        case .setOwner(let account): record.setOwner = recordField(account.bytes)
        case .ban(let account): record.ban = recordField(account.bytes)
        case .unban(let account): record.unban = recordField(account.bytes)
        case .describe(let about): record.describe = about
        case .setPermissions(let permissions): record.setPermissions = permissions.rawValue
        case .react(let target, let emoji):
            var react = Records_ReactToMessage()
            react.target = target.rawValue
            if let emoji { react.emoji = emoji }
            record.react = react
        case .pin(let target, let isOn):
            var pin = Records_PinMessage()
            pin.target = target.rawValue
            pin.isOn = isOn
            record.pin = pin
        case .makeLink(let terms): record.makeLink = terms.record
        case .revokeLink(let link): record.revokeLink = recordField(link.bytes)
        case .join(let secret): record.join = recordField(secret.bytes)
        }
        return record.recordBytes()
    }

    /// Reads the form of ``encoded()``; `corrupt` for anything else.
    package init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_ChatCommand(recordBytes: bytes), let recordBody = record.body
        else { throw .corrupt("a command of a chat") }
        let body: Body
        switch recordBody {
        case .create(let create):
            guard let kind = ChatKind(create.kind) else { throw .corrupt("a command of a chat") }
            body = .create(kind: kind, name: create.name, fullName: create.fullName)
        case .open(let account): body = .open(with: try AccountID(stored: account))
        case .send(let text):
            body = .send(text: text, replyTo: repliedTo(record.replyTo))
        case .forward(let forward):
            body = .forward(
                forward.hasText
                    ? ForwardedMessage(text: forward.text, origin: try ChatOrigin(forward.origin))
                    : nil)
        case .edit(let edit):
            body = .edit(target: SequenceNumber(edit.target), text: edit.text)
        case .deleteMessage(let target): body = .deleteMessage(SequenceNumber(target))
        case .rename(let rename): body = .rename(name: rename.name, fullName: rename.fullName)
        case .delete: body = .delete
        case .addMember(let account): body = .addMember(try AccountID(stored: account))
        case .removeMember(let account): body = .removeMember(try AccountID(stored: account))
        case .mark(let n): body = .mark(Ordinal(n))
        case .setRole(let change):
            body = .setRole(try AccountID(stored: change.account), isAdmin: try change.isAdmin())
        case .setOwner(let account): body = .setOwner(try AccountID(stored: account))
        case .ban(let account): body = .ban(try AccountID(stored: account))
        case .unban(let account): body = .unban(try AccountID(stored: account))
        case .describe(let about): body = .describe(about: about)
        case .setPermissions(let bits): body = .setPermissions(ChatPermissions(rawValue: bits))
        case .react(let react):
            body = .react(
                to: SequenceNumber(react.target), emoji: react.hasEmoji ? react.emoji : nil)
        case .pin(let pin): body = .pin(SequenceNumber(pin.target), isOn: pin.isOn)
        case .makeLink(let terms): body = .makeLink(try InviteLinkTerms(terms))
        case .revokeLink(let link): body = .revokeLink(try InviteLinkID(stored: link))
        case .join(let secret): body = .join(by: try InviteSecret(stored: secret))
        }
        self.init(
            chat: try ChatID(stored: record.chat), cmid: try MessageID(stored: record.cmid),
            actor: record.actor.isEmpty ? nil : try AccountID(stored: record.actor),
            time: try WallTime(stored: record.time), body: body)
    }
}

extension ChatKind {
    /// The form in commands and answers.
    package var record: Records_ChatKind {
        switch self {
        case .private: .private
        case .public: .public
        case .direct: .direct
        }
    }

    /// Reads the form of ``record``; nil for what this version does not know.
    package init?(_ record: Records_ChatKind) {
        switch record {
        case .private: self = .private
        case .public: self = .public
        case .direct: self = .direct
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension ChatEffect {
    /// The bytes that the outbox keeps; equal effects have equal bytes.
    package func encoded() -> [UInt8] {
        var record = Records_ChatEffect()
        record.cmid = recordField(cmid.bytes)
        switch body {
        case .listChat(let account, let chat, let seq):
            record.listChat = listed(account, chat, seq)
        case .unlistChat(let account, let chat, let seq):
            record.unlistChat = listed(account, chat, seq)
        case .releaseName(let name, let chat, let claim):
            var released = Records_ReleasedName()
            released.name = name
            released.chat = recordField(chat.bytes)
            released.claim = recordField(claim.bytes)
            record.releaseName = released
        }
        return record.recordBytes()
    }

    /// Reads the form of ``encoded()``; `corrupt` for anything else.
    package init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_ChatEffect(recordBytes: bytes), let recordBody = record.body
        else { throw .corrupt("an effect of a chat") }
        let body: Body
        switch recordBody {
        case .listChat(let listed):
            body = .listChat(
                try AccountID(stored: listed.account), try ChatID(stored: listed.chat),
                at: SequenceNumber(listed.seq))
        case .unlistChat(let listed):
            body = .unlistChat(
                try AccountID(stored: listed.account), try ChatID(stored: listed.chat),
                at: SequenceNumber(listed.seq))
        case .releaseName(let released):
            body = .releaseName(
                released.name, try ChatID(stored: released.chat),
                claim: try MessageID(stored: released.claim))
        }
        self.init(cmid: try MessageID(stored: record.cmid), body: body)
    }

    private func listed(
        _ account: AccountID, _ chat: ChatID, _ seq: SequenceNumber
    ) -> Records_ListedChat {
        var listed = Records_ListedChat()
        listed.account = recordField(account.bytes)
        listed.chat = recordField(chat.bytes)
        listed.seq = seq.rawValue
        return listed
    }
}

extension ChatEntry {
    /// The bytes that the log keeps and peers carry.
    package func encoded() -> [UInt8] {
        var record = Records_ChatEntry()
        record.seq = seq.rawValue
        record.n = n.rawValue
        record.time = time.milliseconds
        if let from { record.from = recordField(from.bytes) }
        record.editedSeq = edition?.seq.rawValue ?? 0
        record.editedTime = edition?.time.milliseconds ?? 0
        switch kind {
        case .text(let text, let replyTo):
            record.text = text
            record.replyTo = replyTo?.rawValue ?? 0
            if let origin { record.origin = origin.record }
            if let reactions { record.reactions = reactions.record }
        case .edited(let target, let text):
            var edited = Records_EditedMessage()
            edited.target = target.rawValue
            if let text { edited.text = text }
            record.edited = edited
        case .erased: record.erased = Records_Empty()
        case .messageDeleted(let target, let n):
            var deleted = Records_DeletedMessage()
            deleted.target = target.rawValue
            deleted.n = n.rawValue
            record.messageDeleted = deleted
        case .created(let name, let fullName): record.created = title(name, fullName)
        case .opened(let account): record.opened = recordField(account.bytes)
        case .renamed(let name, let fullName): record.renamed = title(name, fullName)
        case .memberAdded(let account, let link):
            record.memberAdded = recordField(account.bytes)
            if let link { record.link = recordField(link.bytes) }
        case .memberRemoved(let account): record.memberRemoved = recordField(account.bytes)
        case .deleted: record.deleted = Records_Empty()
        case .roleChanged(let account, let isAdmin):
            record.roleChanged = role(account, isAdmin: isAdmin)
        case .ownerChanged(let account): record.ownerChanged = recordField(account.bytes)
        case .memberBanned(let account, let wasMember):
            var banned = Records_BannedAccount()
            banned.account = recordField(account.bytes)
            banned.wasMember = wasMember
            record.memberBanned = banned
        case .memberUnbanned(let account): record.memberUnbanned = recordField(account.bytes)
        case .described(let about): record.described = about
        case .permissionsChanged(let permissions):
            record.permissionsChanged = permissions.rawValue
        case .unknown: break
        case .reacted(let target, let emoji, let tallies):
            record.reacted = ReactionRecords.reacted(target, emoji, tallies)
        case .pinned(let target): record.pinned = target.rawValue
        case .unpinned(let target): record.unpinned = target.rawValue
        }
        return record.recordBytes()
    }

    /// Reads the form of ``encoded()``; `corrupt` when it is none. A kind of a later version reads
    /// as `unknown`.
    package init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_ChatEntry(recordBytes: bytes), record.seq > 0 else {
            throw .corrupt("an entry of a chat")
        }
        let kind: Kind
        switch record.kind {
        case .text(let text): kind = .text(text, replyTo: repliedTo(record.replyTo))
        case .edited(let edited):
            kind = .edited(
                SequenceNumber(edited.target), text: edited.hasText ? edited.text : nil)
        case .erased: kind = .erased
        case .messageDeleted(let deleted):
            kind = .messageDeleted(SequenceNumber(deleted.target), n: Ordinal(deleted.n))
        case .created(let title): kind = .created(name: title.name, fullName: title.fullName)
        case .opened(let account): kind = .opened(with: try AccountID(stored: account))
        case .renamed(let title): kind = .renamed(name: title.name, fullName: title.fullName)
        case .memberAdded(let account):
            kind = .memberAdded(
                try AccountID(stored: account),
                link: record.link.isEmpty ? nil : try InviteLinkID(stored: record.link))
        case .memberRemoved(let account): kind = .memberRemoved(try AccountID(stored: account))
        case .deleted: kind = .deleted
        case .roleChanged(let change):
            kind = .roleChanged(
                try AccountID(stored: change.account), isAdmin: try change.isAdmin())
        case .ownerChanged(let account): kind = .ownerChanged(try AccountID(stored: account))
        case .memberBanned(let banned):
            kind = .memberBanned(
                try AccountID(stored: banned.account), wasMember: banned.wasMember)
        case .memberUnbanned(let account): kind = .memberUnbanned(try AccountID(stored: account))
        case .described(let about): kind = .described(about: about)
        case .permissionsChanged(let bits):
            kind = .permissionsChanged(ChatPermissions(rawValue: bits))
        case .reacted(let reacted): kind = try ReactionRecords.kind(reacted)
        case .pinned(let target): kind = .pinned(SequenceNumber(target))
        case .unpinned(let target): kind = .unpinned(SequenceNumber(target))
        case nil: kind = .unknown
        }
        self.init(
            seq: SequenceNumber(record.seq), n: Ordinal(record.n),
            time: try WallTime(stored: record.time),
            from: record.from.isEmpty ? nil : try AccountID(stored: record.from), kind: kind,
            edition: record.editedSeq == 0
                ? nil
                : ChatEdition(
                    seq: SequenceNumber(record.editedSeq),
                    time: try WallTime(stored: record.editedTime)),
            origin: record.hasOrigin ? try ChatOrigin(record.origin) : nil,
            reactions: record.hasReactions ? try ChatReactions(record.reactions) : nil)
    }

    private func title(_ name: String, _ fullName: String) -> Records_ChatTitle {
        var title = Records_ChatTitle()
        title.name = name
        title.fullName = fullName
        return title
    }
}

extension InviteLinkTerms {
    fileprivate var record: Records_MakeInviteLink {
        var record = Records_MakeInviteLink()
        record.secret = recordField(secret.bytes)
        record.name = name
        record.expires = expires?.milliseconds ?? 0
        record.usesMax = UInt32(clamping: usesMax ?? 0)
        return record
    }

    fileprivate init(_ record: Records_MakeInviteLink) throws(StorageError) {
        self.init(
            secret: try InviteSecret(stored: record.secret), name: record.name,
            expires: record.expires == 0 ? nil : try WallTime(stored: record.expires),
            usesMax: record.usesMax == 0 ? nil : UInt64(record.usesMax))
    }
}

extension ChatOrigin {
    fileprivate var record: Records_Origin {
        var record = Records_Origin()
        record.account = recordField(account.bytes)
        record.name = name
        record.time = time.milliseconds
        return record
    }

    fileprivate init(_ record: Records_Origin) throws(StorageError) {
        self.init(
            account: try AccountID(stored: record.account), name: record.name,
            time: try WallTime(stored: record.time))
    }
}

private func role(_ account: AccountID, isAdmin: Bool) -> Records_SetRole {
    var change = Records_SetRole()
    change.account = recordField(account.bytes)
    change.role = isAdmin ? 2 : 1
    return change
}

extension Records_SetRole {
    fileprivate func isAdmin() throws(StorageError) -> Bool {
        switch role {
        case 1: false
        case 2: true
        default: throw .corrupt("the role of a member")
        }
    }
}

/// The message that a stored one answers: 0 is none.
private func repliedTo(_ seq: UInt64) -> SequenceNumber? {
    seq == 0 ? nil : SequenceNumber(seq)
}
