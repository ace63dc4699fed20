internal import HTTPTypes
internal import Identity
internal import Node
internal import Wire

extension GatewayRoutes {
    var profile: [Route] {
        [
            Route(method: .get, path: "/api/me", access: .account, answer: showMe),
            Route(method: .put, path: "/api/me", access: .account, answer: changeMe),
            Route(
                method: .put, path: "/api/me/privacy", access: .account, answer: changePrivacy),
            Route(method: .get, path: "/api/people", access: .account, answer: showPeople),
        ]
    }

    private func showMe(_ request: GatewayRequest) async throws(Failure) -> Answer {
        try await answerAccount(.me(try request.requireCaller().account))
    }

    private func changeMe(_ request: GatewayRequest) async throws(Failure) -> Answer {
        try await answerAccount(
            .setProfile(
                try request.requireCaller().account, name: try request.fields.text("name"),
                username: try request.fields.optionalText("username"),
                cmid: try request.requireKey()))
    }

    private func changePrivacy(_ request: GatewayRequest) async throws(Failure) -> Answer {
        guard let rule = ClientLastSeenRule(rawValue: try request.fields.text("lastSeen")) else {
            throw Failure(.badRequest)
        }
        return try await answerAccount(
            .setLastSeenRule(
                try request.requireCaller().account, rule, cmid: try request.requireKey()))
    }

    private func answerAccount(_ question: ClientRequest) async throws(Failure) -> Answer {
        guard case .account(let account) = try await ask(question) else {
            throw unexpected(question)
        }
        return Answer(.ok, account)
    }

    private func showPeople(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let caller = try request.requireCaller()
        let texts = (request.target.text("ids") ?? "").split(separator: ",")
        guard texts.count <= GatewayLimits.peopleMax else { throw Failure(.tooLarge) }
        var ids: [AccountID] = []
        for text in texts {
            guard let id = AccountID(text: text) else { throw Failure(.badRequest) }
            ids.append(id)
        }
        guard !ids.isEmpty else { return Answer { $0.member("people", [ClientPerson]()) } }
        let question = ClientRequest.people(ids, by: caller.account)
        guard case .people(let people) = try await ask(question) else { throw unexpected(question) }
        return Answer { $0.member("people", people) }
    }
}
