internal import Chat
internal import Determinism
internal import Identity
internal import Storage
internal import Wire

// Links by which people join chats.
extension ProcedureContext {
    /// The steps of a request of these kinds.
    func linkFlow(of request: ClientRequest) -> Flow {
        switch request {
        case .makeLink(let account, let chat, let terms, let secret, let cmid):
            makeLink(account, chat, terms, secret, cmid)
        case .links(let account, let chat):
            links(account, chat) { .done(.links($0)) }
        case .revokeLink(let account, let chat, let link, let cmid):
            receipt(chat, cmid, by: account, .revokeLink(link))
        case .invitation(let account, let chat, let secret):
            invitation(account, chat, secret)
        case .join(let account, let chat, let secret, let cmid):
            join(account, chat, secret, cmid)
        default: .failed(.internal)
        }
    }

    /// A retry may bring another secret: the link has that of the try that was done, so the answer
    /// is what the chat's shard has.
    private func makeLink(
        _ account: AccountID, _ chat: ChatID, _ terms: ClientLinkTerms, _ secret: InviteSecret,
        _ cmid: MessageID
    ) -> Flow {
        // In a record these two would stand for no limit.
        guard terms.uses != 0, terms.expires?.milliseconds != 0 else { return .failed(.badTerms) }
        let context = self
        let command = ChatCommand(
            chat: chat, cmid: cmid, actor: account, time: wall,
            body: .makeLink(
                InviteLinkTerms(
                    secret: secret, name: terms.name, expires: terms.expires,
                    usesMax: terms.uses)))
        return .command(.chat(command)) { _ in
            context.links(account, chat) { links in
                guard let link = links.first(where: { $0.id == InviteLinkID(cmid) }) else {
                    // It was made, and revoked before this answer.
                    return .failed(.notFound)
                }
                return .done(.links([link]))
            }
        }
    }

    private func links(
        _ account: AccountID, _ chat: ChatID, then: @escaping @Sendable ([ClientLink]) -> Flow
    ) -> Flow {
        .ask(ShardKey(chat), .links(chat, for: account)) { response in
            guard case .links(let links) = response else { return .failed(.internal) }
            return then(links.map { ClientLink($0) })
        }
    }

    private func invitation(
        _ account: AccountID, _ chat: ChatID, _ secret: InviteSecret
    ) -> Flow {
        let query = ShardQuery.invitation(chat, by: secret, for: account, at: wall)
        return .ask(ShardKey(chat), query) { response in
            guard case .invitation(let invitation) = response else { return .failed(.internal) }
            return .done(.invitation(ClientInvitation(invitation)))
        }
    }

    /// The chat decides; the account's list follows as with every new member.
    private func join(
        _ account: AccountID, _ chat: ChatID, _ secret: InviteSecret, _ cmid: MessageID
    ) -> Flow {
        let context = self
        let command = ChatCommand(
            chat: chat, cmid: cmid, actor: account, time: wall, body: .join(by: secret))
        return .command(.chat(command)) { response in
            guard case .receipt(let receipt) = response else { return .failed(.internal) }
            return context.listed(account, chat, at: receipt.seq, cmid)
        }
    }
}

extension ClientLink {
    init(_ listed: ListedLink) {
        let link = listed.link
        self.init(
            id: link.id, secret: link.terms.secret,
            terms: ClientLinkTerms(
                name: link.terms.name, expires: link.terms.expires, uses: link.terms.usesMax),
            maker: link.maker, created: link.created, used: link.uses, isHeld: listed.isHeld)
    }
}

extension ClientInvitation {
    init(_ invitation: ChatInvitation) {
        self.init(
            chat: invitation.chat, kind: ClientChatKind(invitation.kind), name: invitation.name,
            fullName: invitation.fullName, memberCount: UInt64(invitation.memberCount),
            isMember: invitation.isMember)
    }
}
