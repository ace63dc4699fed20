package import Determinism
package import Identity
internal import Records
internal import Storage

/// What a link is to be like: whom it lets in and for how long.
package struct InviteLinkTerms: Hashable, Sendable {
    /// What it lets people in by.
    package let secret: InviteSecret
    /// What its maker calls it; may be empty.
    package let name: String
    /// From then on it lets nobody in; nil: never.
    package let expires: WallTime?
    /// How many it lets in; nil: no limit.
    package let usesMax: UInt64?

    package init(secret: InviteSecret, name: String, expires: WallTime?, usesMax: UInt64?) {
        self.secret = secret
        self.name = name
        self.expires = expires
        self.usesMax = usesMax
    }

    /// Whether a link may be like this when it is made at `time`.
    func areSound(at time: WallTime) -> Bool {
        let isInTime = expires.map { $0 > time && $0 <= .proposedMax } ?? true
        let isOfUse = usesMax.map { (1...ChatLimits.linkUsesMax).contains($0) } ?? true
        return isInTime && isOfUse
    }
}

/// A link by which people join a chat until it expires, is used up or is revoked, which ends it.
package struct InviteLink: Hashable, Sendable {
    /// Which one of the chat.
    package let id: InviteLinkID
    /// What it is like.
    package let terms: InviteLinkTerms
    /// Who made it.
    package let maker: AccountID
    /// The making command's clock.
    package let created: WallTime
    /// How many it has let in.
    package let uses: UInt64

    package init(
        id: InviteLinkID, terms: InviteLinkTerms, maker: AccountID, created: WallTime, uses: UInt64
    ) {
        self.id = id
        self.terms = terms
        self.maker = maker
        self.created = created
        self.uses = uses
    }

    /// Whether an entry of this time may be a use of it.
    package func isLive(at time: WallTime) -> Bool {
        let isInTime = terms.expires.map { time < $0 } ?? true
        return isInTime && (terms.usesMax.map { uses < $0 } ?? true)
    }

    /// The link after one use more.
    func used() -> InviteLink {
        InviteLink(id: id, terms: terms, maker: maker, created: created, uses: uses + 1)
    }
}

extension InviteLink {
    /// The format that is written, and the only one that is read.
    private static var version: UInt32 { 1 }

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8], id: InviteLinkID) throws(StorageError) {
        guard let record = Records_InviteLinkRecord(recordBytes: bytes),
            record.version == InviteLink.version
        else { throw .corrupt("an invite link") }
        self.init(
            id: id,
            terms: InviteLinkTerms(
                secret: try InviteSecret(stored: record.secret), name: record.name,
                expires: record.expires == 0 ? nil : try WallTime(stored: record.expires),
                usesMax: record.usesMax == 0 ? nil : UInt64(record.usesMax)),
            maker: try AccountID(stored: record.maker),
            created: try WallTime(stored: record.created), uses: record.uses)
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_InviteLinkRecord()
        record.version = InviteLink.version
        record.secret = recordField(terms.secret.bytes)
        record.maker = recordField(maker.bytes)
        record.name = terms.name
        record.created = created.milliseconds
        record.expires = terms.expires?.milliseconds ?? 0
        record.usesMax = UInt32(clamping: terms.usesMax ?? 0)
        record.uses = uses
        return record.recordBytes()
    }
}

/// A link as its list shows it.
package struct ListedLink: Hashable, Sendable {
    package let link: InviteLink
    /// Its maker may not invite any more: it lets nobody in until that changes.
    package let isHeld: Bool

    package init(link: InviteLink, isHeld: Bool) {
        self.link = link
        self.isHeld = isHeld
    }
}

/// What somebody gets to see by a secret.
package enum InvitationView: Hashable, Sendable {
    case shown(ChatInvitation)
    /// `badLink` or `banned`.
    case refused(ChatRejection)
}

/// A chat as somebody sees it who has a link to it.
package struct ChatInvitation: Hashable, Sendable {
    package let chat: ChatID
    package let kind: ChatKind
    package let name: String
    package let fullName: String
    package let memberCount: Int
    /// Who has the link is a member already.
    package let isMember: Bool

    package init(
        chat: ChatID, kind: ChatKind, name: String, fullName: String, memberCount: Int,
        isMember: Bool
    ) {
        self.chat = chat
        self.kind = kind
        self.name = name
        self.fullName = fullName
        self.memberCount = memberCount
        self.isMember = isMember
    }
}
