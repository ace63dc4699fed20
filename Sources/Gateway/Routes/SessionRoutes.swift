internal import HTTPTypes
internal import Identity
internal import Node
internal import Wire

extension GatewayRoutes {
    var sessions: [Route] {
        [
            Route(method: .post, path: "/api/sign-out", access: .account, answer: signOut),
            Route(
                method: .post, path: "/api/sign-out/everywhere", access: .account,
                answer: signOutEverywhere),
            Route(method: .get, path: "/api/sessions", access: .account, answer: listSessions),
            Route(
                method: .delete, path: "/api/sessions/{id}", access: .account, answer: closeSession),
        ]
    }

    private func signOut(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let caller = try request.requireCaller()
        let answer = try await askDone(
            .closeSession(caller.account, caller.session, cmid: try request.requireKey()))
        return signOutBrowser(answer, isSecure: request.isSecure)
    }

    private func signOutEverywhere(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let caller = try request.requireCaller()
        let answer = try await askDone(
            .closeAllSessions(caller.account, cmid: try request.requireKey()))
        return signOutBrowser(answer, isSecure: request.isSecure)
    }

    private func listSessions(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let caller = try request.requireCaller()
        let question = ClientRequest.sessions(caller.account)
        guard case .devices(let devices) = try await ask(question) else {
            throw unexpected(question)
        }
        return Answer {
            $0.key("sessions")
            $0.beginArray()
            for device in devices { device.write(to: &$0, current: caller.session) }
            $0.endArray()
        }
    }

    private func closeSession(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let caller = try request.requireCaller()
        let session = try request.pathID(SessionID.self)
        let answer = try await askDone(
            .closeSession(caller.account, session, cmid: try request.requireKey()))
        return session == caller.session
            ? signOutBrowser(answer, isSecure: request.isSecure) : answer
    }

    private func signOutBrowser(_ answer: Answer, isSecure: Bool) -> Answer {
        var answer = answer
        for name in Cookies.Name.allCases {
            answer.setCookie(Cookies.removing(name, isSecure: isSecure))
        }
        return answer
    }
}
