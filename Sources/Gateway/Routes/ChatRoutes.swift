internal import HTTPTypes
internal import Identity
internal import Node
internal import Wire

extension GatewayRoutes {
    var chats: [Route] {
        [
            Route(method: .get, path: "/api/chats", access: .account, answer: listChats),
            Route(method: .post, path: "/api/chats", access: .account, answer: createChat),
            Route(method: .get, path: "/api/chats/{id}", access: .account, answer: showChat),
            Route(method: .patch, path: "/api/chats/{id}", access: .account, answer: changeChat),
            Route(method: .delete, path: "/api/chats/{id}", access: .account, answer: deleteChat),
            Route(
                method: .post, path: "/api/chats/{id}/members", access: .account, answer: invite),
            Route(
                method: .delete, path: "/api/chats/{id}/members/{account}", access: .account,
                answer: removeMember),
            Route(
                method: .get, path: "/api/chats/{id}/entries", access: .account, answer: showEntries
            ),
        ]
    }

    private func listChats(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let question = ClientRequest.chats(try request.requireCaller().account)
        guard case .chats(let chats, let inbox) = try await ask(question) else {
            throw unexpected(question)
        }
        return Answer {
            $0.member("chats", chats)
            $0.member("inbox", inbox)
        }
    }

    private func createChat(_ request: GatewayRequest) async throws(Failure) -> Answer {
        guard let kind = ClientChatKind(rawValue: try request.fields.text("kind")) else {
            throw Failure(.badRequest)
        }
        let account = try request.requireCaller().account
        let cmid = try request.requireKey()
        let question =
            switch kind {
            case .direct:
                ClientRequest.openChat(account, with: try invitee(in: request.fields), cmid: cmid)
            case .private, .public:
                ClientRequest.createChat(
                    account, kind: kind, name: try request.fields.text("name"),
                    fullName: try request.fields.optionalText("fullName") ?? "", cmid: cmid)
            }
        guard case .chat(let chat, _) = try await ask(question) else { throw unexpected(question) }
        return Answer(.created, chat)
    }

    private func showChat(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let question = ClientRequest.chat(
            try request.requireCaller().account, try request.pathID(ChatID.self))
        guard case .chat(let chat, let members) = try await ask(question) else {
            throw unexpected(question)
        }
        var writer = JSONWriter()
        chat.write(to: &writer, memberList: members)
        return Answer(type: Answer.json, body: writer.bytes)
    }

    /// The names, what it is about, or both: these are two entries.
    private func changeChat(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let account = try request.requireCaller().account
        let chat = try request.pathID(ChatID.self)
        let key = try request.requireKey()
        let name = try request.fields.optionalText("name")
        let about = try request.fields.optionalText("about")
        var questions: [ClientRequest] = []
        if let name {
            let fullName = try request.fields.optionalText("fullName") ?? ""
            questions.append(.renameChat(account, chat, name: name, fullName: fullName, cmid: key))
        }
        if let about {
            questions.append(.describeChat(account, chat, about: about, cmid: key))
        }
        var changed: ClientChat?
        for question in questions {
            guard case .renamed(let chat, _) = try await ask(question) else {
                throw unexpected(question)
            }
            changed = chat
        }
        guard let changed else { throw Failure(.badJSON) }
        return Answer(.ok, changed)
    }

    private func deleteChat(_ request: GatewayRequest) async throws(Failure) -> Answer {
        try await askDone(
            .deleteChat(
                try request.requireCaller().account, try request.pathID(ChatID.self),
                cmid: try request.requireKey()))
    }

    private func invite(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let invitee = try invitee(in: request.fields)
        let question = ClientRequest.invite(
            try request.requireCaller().account, try request.pathID(ChatID.self), invitee,
            cmid: try request.requireKey())
        // It may send a message, as a code does, and says whether the number has an account.
        if case .phone = invitee {
            try limiter.admitCode(from: request.address, at: GatewayClock.now)
        }
        switch try await ask(question) {
        case .person(let person): return Answer(.created) { $0.member("person", person) }
        case .awaited(let awaited): return try await tell(awaited, for: request)
        default: throw unexpected(question)
        }
    }

    private func removeMember(_ request: GatewayRequest) async throws(Failure) -> Answer {
        try await askDone(
            .removeMember(
                try request.requireCaller().account, try request.pathID(ChatID.self),
                try request.pathAccount(), cmid: try request.requireKey()))
    }

    /// Whom a body means: by exactly one of the ways to name somebody.
    private func invitee(in fields: RequestFields) throws(Failure) -> Invitee {
        let account = try fields.optionalText("account")
        let username = try fields.optionalText("username")
        let phone = try fields.optionalText("phone")
        switch (account, username, phone) {
        case (let account?, nil, nil):
            guard let account = AccountID(text: account) else { throw Failure(.badRequest) }
            return .account(account)
        case (nil, let username?, nil): return .username(username)
        case (nil, nil, let phone?): return .phone(try GatewayRoutes.phone(phone))
        default: throw Failure(.badRequest)
        }
    }

    private func showEntries(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let before = try request.target.number("before").map { SequenceNumber($0) }
        let after = try request.target.number("after").map { SequenceNumber($0) }
        let limit = try request.target.number("limit") ?? UInt64(GatewayLimits.pageEntriesMax)
        guard (1...UInt64(GatewayLimits.pageEntriesMax)).contains(limit) else {
            throw Failure(.tooLarge)
        }
        guard before == nil || after == nil else { throw Failure(.badRequest) }
        let question = ClientRequest.history(
            try request.requireCaller().account, try request.pathID(ChatID.self), before: before,
            after: after, limit: Int(limit))
        guard case .page(let page) = try await ask(question) else { throw unexpected(question) }
        return Answer {
            $0.member("epoch", page.epoch)
            $0.member("entries", page.entries)
            $0.member("head", page.head)
            $0.member("tail", page.tail)
        }
    }
}
