package import Determinism
package import Identity

/// What a link is to be like, as a client asks for it.
package struct ClientLinkTerms: Hashable, Sendable {
    /// What its maker calls it; may be empty.
    package let name: String
    /// From then on it lets nobody in; nil: never.
    package let expires: WallTime?
    /// How many it lets in; nil: no limit.
    package let uses: UInt64?

    package init(name: String, expires: WallTime?, uses: UInt64?) {
        self.name = name
        self.expires = expires
        self.uses = uses
    }
}

/// A link by which people join a chat, as those see it who may revoke it.
package struct ClientLink: Hashable, Sendable {
    package let id: InviteLinkID
    /// The second half of the fragment `#/join/<chat>.<secret>`.
    package let secret: InviteSecret
    package let terms: ClientLinkTerms
    package let maker: AccountID
    package let created: WallTime
    /// How many it has let in.
    package let used: UInt64
    /// Its maker may not invite any more: it lets nobody in until that changes.
    package let isHeld: Bool

    package init(
        id: InviteLinkID, secret: InviteSecret, terms: ClientLinkTerms, maker: AccountID,
        created: WallTime, used: UInt64, isHeld: Bool
    ) {
        self.id = id
        self.secret = secret
        self.terms = terms
        self.maker = maker
        self.created = created
        self.used = used
        self.isHeld = isHeld
    }
}

extension ClientLink: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.text)
        writer.member("secret", secret.text)
        writer.member("name", terms.name)
        if let expires = terms.expires { writer.member("expires", expires.milliseconds) }
        if let uses = terms.uses { writer.member("uses", uses) }
        writer.member("maker", maker.text)
        writer.member("created", created.milliseconds)
        writer.member("used", used)
        writer.member("isHeld", isHeld)
        writer.endObject()
    }
}

/// A chat as somebody sees it who has a link to it.
package struct ClientInvitation: Hashable, Sendable {
    package let chat: ChatID
    package let kind: ClientChatKind
    package let name: String
    package let fullName: String
    package let memberCount: UInt64
    /// Who has the link is a member already.
    package let isMember: Bool

    package init(
        chat: ChatID, kind: ClientChatKind, name: String, fullName: String, memberCount: UInt64,
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

extension ClientInvitation: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("chat", chat.text)
        writer.member("kind", kind.rawValue)
        writer.member("name", name)
        writer.member("fullName", fullName)
        writer.member("members", memberCount)
        writer.member("isMember", isMember)
        writer.endObject()
    }
}
