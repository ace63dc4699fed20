internal import HTTPTypes
internal import Identity
internal import Node
internal import Wire

extension GatewayRoutes {
    /// Who is what in a chat, who stays out, and what plain members may.
    var roles: [Route] {
        [
            Route(
                method: .put, path: "/api/chats/{id}/members/{account}", access: .account,
                answer: setRole),
            Route(
                method: .get, path: "/api/chats/{id}/bans", access: .account, answer: showBanned),
            Route(
                method: .put, path: "/api/chats/{id}/bans/{account}", access: .account,
                answer: ban),
            Route(
                method: .delete, path: "/api/chats/{id}/bans/{account}", access: .account,
                answer: unban),
            Route(
                method: .put, path: "/api/chats/{id}/permissions", access: .account,
                answer: setPermissions),
        ]
    }

    /// The role `owner` passes the chat on.
    private func setRole(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let account = try request.requireCaller().account
        let chat = try request.pathID(ChatID.self)
        let member = try request.pathAccount()
        let cmid = try request.requireKey()
        switch ClientRole(rawValue: try request.fields.text("role")) {
        case .owner: return try await askDone(.setOwner(account, chat, member, cmid: cmid))
        case .admin:
            return try await askDone(.setRole(account, chat, member, isAdmin: true, cmid: cmid))
        case .member:
            return try await askDone(.setRole(account, chat, member, isAdmin: false, cmid: cmid))
        case .visitor, nil: throw Failure(.badRequest)
        }
    }

    private func showBanned(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let question = ClientRequest.banned(
            try request.requireCaller().account, try request.pathID(ChatID.self))
        guard case .banned(let accounts) = try await ask(question) else {
            throw unexpected(question)
        }
        return Answer { writer in
            writer.key("banned")
            writer.beginArray()
            for account in accounts { writer.string(account.text) }
            writer.endArray()
        }
    }

    private func ban(_ request: GatewayRequest) async throws(Failure) -> Answer {
        try await turnBan(request, isOn: true)
    }

    private func unban(_ request: GatewayRequest) async throws(Failure) -> Answer {
        try await turnBan(request, isOn: false)
    }

    private func turnBan(
        _ request: GatewayRequest, isOn: Bool
    ) async throws(Failure) -> Answer {
        try await askDone(
            .ban(
                try request.requireCaller().account, try request.pathID(ChatID.self),
                try request.pathAccount(), isOn: isOn, cmid: try request.requireKey()))
    }

    private func setPermissions(_ request: GatewayRequest) async throws(Failure) -> Answer {
        var permissions: [ClientPermission] = []
        for word in try request.fields.texts("permissions") {
            guard let permission = ClientPermission(rawValue: word) else {
                throw Failure(.badRequest)
            }
            permissions.append(permission)
        }
        return try await askDone(
            .setPermissions(
                try request.requireCaller().account, try request.pathID(ChatID.self), permissions,
                cmid: try request.requireKey()))
    }
}
