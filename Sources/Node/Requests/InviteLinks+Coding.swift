internal import Chat
internal import Determinism
internal import Identity
internal import Records
internal import Storage

// How the answers about invite links travel between nodes; used by `ShardResponse`.

extension ListedLink {
    var answer: Records_LinkAnswer {
        var answer = Records_LinkAnswer()
        answer.id = recordField(link.id.bytes)
        answer.secret = recordField(link.terms.secret.bytes)
        answer.maker = recordField(link.maker.bytes)
        answer.name = link.terms.name
        answer.created = link.created.milliseconds
        answer.expires = link.terms.expires?.milliseconds ?? 0
        answer.usesMax = UInt32(clamping: link.terms.usesMax ?? 0)
        answer.uses = link.uses
        answer.isHeld = isHeld
        return answer
    }

    init(_ answer: Records_LinkAnswer) throws(StorageError) {
        let terms = InviteLinkTerms(
            secret: try InviteSecret(stored: answer.secret), name: answer.name,
            expires: answer.expires == 0 ? nil : try WallTime(stored: answer.expires),
            usesMax: answer.usesMax == 0 ? nil : UInt64(answer.usesMax))
        self.init(
            link: InviteLink(
                id: try InviteLinkID(stored: answer.id), terms: terms,
                maker: try AccountID(stored: answer.maker),
                created: try WallTime(stored: answer.created), uses: answer.uses),
            isHeld: answer.isHeld)
    }
}

extension ChatInvitation {
    var answer: Records_InvitationAnswer {
        var answer = Records_InvitationAnswer()
        answer.chat = recordField(chat.bytes)
        answer.kind = kind.record
        answer.name = name
        answer.fullName = fullName
        answer.memberCount = UInt32(clamping: memberCount)
        answer.isMember = isMember
        return answer
    }

    init(_ answer: Records_InvitationAnswer) throws(StorageError) {
        guard let kind = ChatKind(answer.kind) else { throw .corrupt("the kind of a chat") }
        self.init(
            chat: try ChatID(stored: answer.chat), kind: kind, name: answer.name,
            fullName: answer.fullName, memberCount: Int(answer.memberCount),
            isMember: answer.isMember)
    }
}
