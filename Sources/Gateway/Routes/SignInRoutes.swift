internal import Determinism
internal import HTTPTypes
internal import Identity
internal import Logging
internal import Node
internal import Wire

extension GatewayRoutes {
    var signIn: [Route] {
        [
            Route(method: .get, path: "/api/csrf", access: .everybody, answer: giveCSRFToken),
            Route(
                method: .post, path: "/api/sign-in/code", access: .everybody, answer: requestCode),
            Route(method: .post, path: "/api/sign-in", access: .everybody, answer: signInWithCode),
        ]
    }

    /// Gives the browser a token bound to its session, or to a cookie of its own before the
    /// sign-in. A token that is good already stays, so that two tabs do not take it from each
    /// other.
    private func giveCSRFToken(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let guardian = CrossSiteGuard(secrets: secrets)
        if let binding = request.cookies.csrfBinding, let token = request.cookies[.csrfToken],
            guardian.isValid(token, binding: binding)
        {
            return Answer { $0.member("csrftoken", token) }
        }
        var early: String?
        if request.cookies.csrfBinding == nil { early = secrets.freshBinding() }
        let binding =
            early.map(Cookies.csrfBinding(beforeSession:)) ?? request.cookies.csrfBinding ?? ""
        let token = guardian.makeToken(binding: binding)
        var answer = Answer { $0.member("csrftoken", token) }
        if let early {
            answer.setCookie(Cookies.setting(.beforeSession, early, isSecure: request.isSecure))
        }
        answer.setCookie(Cookies.setting(.csrfToken, token, isSecure: request.isSecure))
        return answer
    }

    /// Has the cluster keep the hash of a code, then sends the code. The answer is the same whether
    /// the number has an account or not.
    private func requestCode(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let phone = try GatewayRoutes.phone(request.fields.text("phone"))
        let cmid = try request.requireKey()
        let now = GatewayClock.now
        try limiter.admitCode(from: request.address, at: now)
        let code = secrets.code(phone: phone, cmid: cmid)
        let question = ClientRequest.requestCode(
            phone: phone, codeHash: secrets.codeHash(phone: phone, code: code.text), cmid: cmid)
        guard case .codeRequested(let expiresIn, let digits) = try await ask(question) else {
            throw unexpected(question)
        }
        if limiter.claimSending(of: cmid) {
            do {
                try await codeSender.send(code, to: phone, expires: GatewayClock.wall + expiresIn)
                metrics.count(.codesSent)
            } catch {
                limiter.releaseSending(of: cmid)
                logger.error(
                    "A sign-in code could not be sent.", metadata: ["reason": "\(error)"])
                throw Failure(.unavailable, retryAfter: .seconds(5))
            }
        }
        return Answer(.accepted) {
            $0.member("expiresIn", expiresIn.milliseconds / 1_000)
            $0.member("digits", UInt64(digits))
        }
    }

    /// Exchanges a code for a session: in cookies, or with `session: token` in the body, once.
    private func signInWithCode(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let phone = try GatewayRoutes.phone(request.fields.text("phone"))
        let code = try request.fields.text("code")
        guard SignInCode.isCode(code) else { throw Failure(.codeWrong) }
        let wanted = try WantedSession(request.fields)
        let cmid = try request.requireKey()
        try limiter.admitTry(from: request.address, at: GatewayClock.now)
        let codeHash = secrets.codeHash(phone: phone, code: code)
        let proposal = secrets.proposal(phone: phone, codeHash: codeHash, cmid: cmid)
        let question = ClientRequest.signIn(
            SignIn(
                phone: phone, codeHash: codeHash, device: wanted.device,
                newAccount: proposal.account,
                session: proposal.session, secretHash: secrets.digest.digest(proposal.secret),
                cmid: cmid))
        return try await signedIn(question, proposal.secret, wanted, of: request)
    }

    /// Asks for a session with the secret, and gives it to who asked: in cookies, or in the body,
    /// once.
    func signedIn(
        _ question: ClientRequest, _ secret: [UInt8], _ wanted: WantedSession,
        of request: GatewayRequest
    ) async throws(Failure) -> Answer {
        guard case .signedIn(let account, let session) = try await ask(question) else {
            throw unexpected(question)
        }
        metrics.count(.signIns)
        let token = SessionToken(account: account.id, session: session, secret: secret).text
        var answer = Answer {
            $0.member("account", account)
            $0.member("session", session.text)
            if wanted.isToken { $0.member("token", token) }
        }
        if !wanted.isToken { signInBrowser(token, &answer, isSecure: request.isSecure) }
        return answer
    }

    /// Sets the cookies of a fresh session; the CSRF token of the time before ends here.
    private func signInBrowser(_ token: String, _ answer: inout Answer, isSecure: Bool) {
        let guardian = CrossSiteGuard(secrets: secrets)
        let csrf = guardian.makeToken(binding: Cookies.csrfBinding(session: token))
        answer.setCookie(Cookies.setting(.session, token, isSecure: isSecure))
        answer.setCookie(Cookies.setting(.csrfToken, csrf, isSecure: isSecure))
        answer.setCookie(Cookies.removing(.beforeSession, isSecure: isSecure))
    }

    /// The shape of E.164; whether the calling code exists is for the cluster to say.
    static func phone(_ text: String) throws(Failure) -> String {
        let digits = text.utf8.dropFirst()
        guard text.utf8.first == UInt8(ascii: "+"), (8...15).contains(digits.count),
            digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { throw Failure(.badPhone) }
        return text
    }
}

/// What somebody who signs in says of the session.
struct WantedSession: Sendable {
    /// Whether it is handed over in the body, and not in cookies.
    let isToken: Bool
    /// What the device calls itself; may be empty.
    let device: String

    init(_ fields: RequestFields) throws(Failure) {
        switch try fields.optionalText("session") {
        case nil, "cookie": isToken = false
        case "token": isToken = true
        default: throw Failure(.badRequest)
        }
        device = try fields.optionalText("device") ?? ""
        guard device.count <= SessionLimits.deviceCharactersMax else { throw Failure(.badText) }
    }
}
