internal import HTTPTypes
internal import Identity
internal import Node
internal import Wire

extension GatewayRoutes {
    /// Looking for messages.
    var searches: [Route] {
        [
            Route(method: .get, path: "/api/search", access: .account) { request throws(Failure) in
                try await search(request, in: nil)
            },
            Route(
                method: .get, path: "/api/chats/{id}/search", access: .account
            ) { request throws(Failure) in
                try await search(request, in: try request.pathID(ChatID.self))
            },
        ]
    }

    private func search(
        _ request: GatewayRequest, in chat: ChatID?
    ) async throws(Failure) -> Answer {
        let limit = try request.target.number("limit") ?? UInt64(GatewayLimits.pageHits)
        guard (1...UInt64(GatewayLimits.pageHitsMax)).contains(limit) else {
            throw Failure(.tooLarge)
        }
        var zone = 0
        if let text = request.target.text("zone") {
            guard let minutes = Int(text), abs(minutes) <= GatewayLimits.zoneMinutesMax else {
                throw Failure(.badRequest)
            }
            zone = minutes
        }
        let search = MessageSearch(
            in: chat, request.target.text("q") ?? "", zone: zone,
            cursor: request.target.text("cursor"), limit: Int(limit))
        let question = ClientRequest.search(try request.requireCaller().account, search)
        guard case .found(let found) = try await ask(question) else { throw unexpected(question) }
        return Answer {
            $0.member("hits", found.hits)
            $0.key("next")
            if let next = found.next { $0.string(next) } else { $0.null() }
            $0.member("isPartial", found.isPartial)
        }
    }
}
