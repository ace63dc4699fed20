internal import HTTPTypes
internal import Node
internal import Wire

extension GatewayRoutes {
    /// What machines ask: no account, no secrets.
    var operations: [Route] {
        [
            Route(method: .get, path: "/openapi.json", access: .everybody) { _ in
                Answer(type: Answer.json, body: Array(OpenAPIDocument.text.utf8))
            },
            Route(method: .get, path: "/healthz", access: .everybody) { _ in
                Answer { $0.member("status", "ok") }
            },
            Route(method: .get, path: "/readyz", access: .everybody, answer: showReadiness),
            Route(method: .get, path: "/metrics", access: .everybody, answer: showMetrics),
        ]
    }

    private func showReadiness(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let facts = backend.facts
        return Answer(facts.isReady ? .ok : .serviceUnavailable) {
            $0.member("status", facts.isReady ? "ready" : "notReady")
            if !facts.isReady { $0.member("reason", facts.reason) }
        }
    }

    private func showMetrics(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let text = metrics.text + (await backend.metrics())
        return Answer(type: "text/plain; version=0.0.4; charset=utf-8", body: Array(text.utf8))
    }
}
