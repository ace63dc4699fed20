internal import HTTPTypes
internal import Identity
internal import Node
internal import Wire

extension GatewayRoutes {
    var drafts: [Route] {
        [
            Route(method: .get, path: "/api/drafts", access: .account, answer: listDrafts),
            Route(
                method: .put, path: "/api/chats/{id}/draft", access: .account, answer: setDraft),
        ]
    }

    private func listDrafts(_ request: GatewayRequest) async throws(Failure) -> Answer {
        var chat: ChatID?
        if let text = request.target.text("chat") {
            chat = ChatID(text: text)
            guard chat != nil else { throw Failure(.badRequest) }
        }
        let question = ClientRequest.drafts(try request.requireCaller().account, of: chat)
        guard case .drafts(let drafts, let inbox) = try await ask(question) else {
            throw unexpected(question)
        }
        return Answer {
            $0.member("drafts", drafts)
            $0.member("inbox", inbox)
        }
    }

    private func setDraft(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let replyTo = try request.fields.optionalNumber("replyTo").map { SequenceNumber($0) }
        let question = ClientRequest.setDraft(
            try request.requireCaller().account, try request.pathID(ChatID.self),
            text: try request.fields.text("text"), replyTo: replyTo,
            cmid: try request.requireKey())
        guard case .draftSaved = try await ask(question) else { throw unexpected(question) }
        return Answer(.noContent)
    }
}
