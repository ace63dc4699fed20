internal import HTTPTypes
internal import Identity
internal import Node
internal import Wire

extension GatewayRoutes {
    var stars: [Route] {
        [
            Route(method: .get, path: "/api/stars", access: .account, answer: listStars),
            Route(
                method: .put, path: "/api/chats/{id}/stars/{seq}", access: .account, answer: star),
            Route(
                method: .delete, path: "/api/chats/{id}/stars/{seq}", access: .account,
                answer: unstar),
        ]
    }

    private func listStars(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let question = ClientRequest.stars(try request.requireCaller().account)
        guard case .stars(let stars, let inbox) = try await ask(question) else {
            throw unexpected(question)
        }
        return Answer {
            $0.member("stars", stars)
            $0.member("inbox", inbox)
        }
    }

    private func star(_ request: GatewayRequest) async throws(Failure) -> Answer {
        try await change(request, isOn: true)
    }

    private func unstar(_ request: GatewayRequest) async throws(Failure) -> Answer {
        try await change(request, isOn: false)
    }

    private func change(_ request: GatewayRequest, isOn: Bool) async throws(Failure) -> Answer {
        let place = MessagePlace(
            chat: try request.pathID(ChatID.self), seq: try request.pathSeq())
        return try await askDone(
            .star(
                try request.requireCaller().account, place, isOn: isOn,
                cmid: try request.requireKey()))
    }
}
