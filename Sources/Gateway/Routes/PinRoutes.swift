internal import HTTPTypes
internal import Identity
internal import Node
internal import Wire

extension GatewayRoutes {
    var pins: [Route] {
        [
            Route(method: .put, path: "/api/chats/{id}/pins/{seq}", access: .account, answer: pin),
            Route(
                method: .delete, path: "/api/chats/{id}/pins/{seq}", access: .account,
                answer: unpin),
        ]
    }

    private func pin(_ request: GatewayRequest) async throws(Failure) -> Answer {
        try await change(request, isOn: true)
    }

    private func unpin(_ request: GatewayRequest) async throws(Failure) -> Answer {
        try await change(request, isOn: false)
    }

    private func change(_ request: GatewayRequest, isOn: Bool) async throws(Failure) -> Answer {
        let place = MessagePlace(
            chat: try request.pathID(ChatID.self), seq: try request.pathSeq())
        return try await askDone(
            .pin(
                try request.requireCaller().account, place, isOn: isOn,
                cmid: try request.requireKey()))
    }
}
