internal import Determinism
internal import HTTPTypes
internal import Identity
internal import Node
internal import Wire

extension GatewayRoutes {
    var chatSettings: [Route] {
        [
            Route(method: .get, path: "/api/settings", access: .account, answer: listSettings),
            Route(
                method: .put, path: "/api/chats/{id}/settings", access: .account, answer: setChat),
        ]
    }

    private func listSettings(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let question = ClientRequest.chatSettings(try request.requireCaller().account)
        guard case .chatSettings(let settings, let inbox) = try await ask(question) else {
            throw unexpected(question)
        }
        return Answer {
            $0.member("settings", settings)
            $0.member("inbox", inbox)
        }
    }

    private func setChat(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let question = ClientRequest.setChat(
            try request.requireCaller().account, try request.pathID(ChatID.self),
            try change(in: request.fields), cmid: try request.requireKey())
        guard case .settingsChanged(let settings, told: _, let inbox) = try await ask(question)
        else { throw unexpected(question) }
        return Answer {
            $0.member("settings", settings)
            $0.member("inbox", inbox)
        }
    }

    private func change(in fields: RequestFields) throws(Failure) -> ClientSettingsChange {
        let archive: ClientSettingsChange.Archive?
        switch try fields.optionalFlag("isArchived") {
        case true?:
            // Without the last message it would be back at once.
            guard let n = try fields.optionalNumber("n") else { throw Failure(.badRequest) }
            archive = .through(Ordinal(n))
        case false?: archive = .no
        case nil: archive = nil
        }
        return ClientSettingsChange(
            mutedUntil: try fields.optionalNumber("mutedUntil").map {
                WallTime(milliseconds: $0)
            }, isPinned: try fields.optionalFlag("isPinned"), archive: archive,
            isUnread: try fields.optionalFlag("isUnread"))
    }
}
