internal import Determinism
internal import HTTPTypes
internal import Identity
internal import Node
internal import Seal
internal import Wire

extension GatewayRoutes {
    /// Links by which people join. Secrets come in bodies, because addresses are logged.
    var links: [Route] {
        [
            Route(
                method: .get, path: "/api/chats/{id}/links", access: .account, answer: listLinks),
            Route(
                method: .post, path: "/api/chats/{id}/links", access: .account, answer: makeLink),
            Route(
                method: .delete, path: "/api/chats/{id}/links/{link}", access: .account,
                answer: revokeLink),
            Route(
                method: .post, path: "/api/chats/{id}/invitation", access: .account,
                answer: showInvitation),
            Route(method: .post, path: "/api/chats/{id}/join", access: .account, answer: join),
        ]
    }

    private func listLinks(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let question = ClientRequest.links(
            try request.requireCaller().account, try request.pathID(ChatID.self))
        guard case .links(let links) = try await ask(question) else { throw unexpected(question) }
        return Answer { $0.member("links", links) }
    }

    private func makeLink(_ request: GatewayRequest) async throws(Failure) -> Answer {
        guard let secret = InviteSecret(bytes: SystemGenerator.bytes(count: InviteSecret.byteCount))
        else { throw Failure(.internal) }
        let terms = ClientLinkTerms(
            name: try request.fields.optionalText("name") ?? "",
            expires: try request.fields.optionalNumber("expires").map {
                WallTime(milliseconds: $0)
            }, uses: try request.fields.optionalNumber("uses"))
        let question = ClientRequest.makeLink(
            try request.requireCaller().account, try request.pathID(ChatID.self), terms, secret,
            cmid: try request.requireKey())
        guard case .links(let links) = try await ask(question), let link = links.first else {
            throw unexpected(question)
        }
        return Answer(.created, link)
    }

    private func revokeLink(_ request: GatewayRequest) async throws(Failure) -> Answer {
        guard let text = request.parameters.last, let link = InviteLinkID(text: text) else {
            throw Failure(.notFound)
        }
        return try await askDone(
            .revokeLink(
                try request.requireCaller().account, try request.pathID(ChatID.self), link,
                cmid: try request.requireKey()))
    }

    private func showInvitation(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let account = try request.requireCaller().account
        let chat = try request.pathID(ChatID.self)
        let question = ClientRequest.invitation(account, chat, try secret(of: request, account))
        guard case .invitation(let invitation) = try await ask(question) else {
            throw unexpected(question)
        }
        return Answer(.ok, invitation)
    }

    private func join(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let account = try request.requireCaller().account
        let chat = try request.pathID(ChatID.self)
        let key = try request.requireKey()
        let question = ClientRequest.join(
            account, chat, try secret(of: request, account), cmid: key)
        guard case .chat(let joined, _) = try await ask(question) else {
            throw unexpected(question)
        }
        return Answer(.created, joined)
    }

    /// The secret of a body; what is none is no link. Every one that is shown counts.
    private func secret(
        of request: GatewayRequest, _ account: AccountID
    ) throws(Failure) -> InviteSecret {
        let text = try request.fields.text("secret")
        try secretLimiter.admit(account, at: GatewayClock.now)
        guard let secret = InviteSecret(text: text) else { throw Failure(.badLink) }
        return secret
    }
}
