internal import Determinism
internal import HTTPTypes
internal import Identity
internal import Node
internal import Wire

extension GatewayRoutes {
    var passwordRoutes: [Route] {
        [
            Route(method: .post, path: "/api/sign-up", access: .everybody, answer: signUp),
            Route(
                method: .post, path: "/api/sign-in/password", access: .everybody,
                answer: signInWithPassword),
            Route(method: .put, path: "/api/me/password", access: .account, answer: setPassword),
            Route(method: .put, path: "/api/me/phone", access: .account, answer: setPhone),
        ]
    }

    /// Makes an account with a username and a password, and a session as a sign-in does.
    private func signUp(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let username = try request.fields.text("username")
        let name = try request.fields.text("name")
        let password = try request.fields.text("password")
        let session = try WantedSession(request.fields)
        let cmid = try request.requireKey()
        try PasswordRules.check(password, username: username)
        // A new account costs the cluster as much as a code does.
        try limiter.admitCode(from: request.address, at: GatewayClock.now)
        let proposal = secrets.proposal(username: username, password: password, cmid: cmid)
        let question = ClientRequest.signUp(
            SignUp(
                name: name, username: username, hash: try await passwords.hash(password),
                device: session.device, account: proposal.account, session: proposal.session,
                secretHash: secrets.digest.digest(proposal.secret), cmid: cmid))
        return try await signedIn(question, proposal.secret, session, of: request)
    }

    /// Exchanges a username and a password for a session. Unknown names and wrong passwords get the
    /// same answer after the same time, and so do accounts without a password.
    private func signInWithPassword(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let username = try request.fields.text("username").lowercased()
        let password = try request.fields.text("password")
        let session = try WantedSession(request.fields)
        let cmid = try request.requireKey()
        let now = GatewayClock.now
        try limiter.admitTry(from: request.address, at: now)
        guard username.utf8.count <= GatewayLimits.usernameBytesMax, !username.isEmpty,
            password.count <= PasswordRules.countMax
        else { throw Failure(.passwordWrong) }
        try usernameLimiter.admit(username, at: now)
        let (account, kept) = try await foundPassword(of: .username(username))
        let isRight = try await passwords.isRight(password, kept: kept?.hash)
        guard isRight, let account, let kept else { throw Failure(.passwordWrong) }
        usernameLimiter.forgive(username)
        let proposal = secrets.proposal(username: username, password: password, cmid: cmid)
        let question = ClientRequest.signInByPassword(
            PasswordSignIn(
                account: account, number: kept.number, device: session.device,
                session: proposal.session, secretHash: secrets.digest.digest(proposal.secret),
                cmid: cmid))
        return try await signedIn(question, proposal.secret, session, of: request)
    }

    /// Sets the password of the account: its first one, or another one with `old`, or without it by
    /// a session that a code has opened just now.
    private func setPassword(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let caller = try request.requireCaller()
        let new = try request.fields.text("password")
        let old = try request.fields.optionalText("old")
        let cmid = try request.requireKey()
        try PasswordRules.check(new, username: caller.username ?? "")
        // Each try costs two hashes, whether it is let through or not.
        try passwordLimiter.admit(caller.account, at: GatewayClock.now)
        let (_, kept) = try await foundPassword(of: .account(caller.account))
        var replaced: UInt64? = kept == nil ? 0 : nil
        if let old, let kept {
            // A wrong one may be a retry of what is done by now: the account knows, and refuses
            // what is not, as no password has this number.
            replaced = try await isRight(old, kept) ? kept.number : .max
        }
        let change = NewPassword(
            hash: try await passwords.hash(new), replaced: replaced, session: caller.session)
        let answer = try await askDone(.setPassword(caller.account, change, cmid: cmid))
        passwordLimiter.forgive(caller.account)
        return answer
    }

    private func isRight(
        _ password: String, _ kept: FoundPassword
    ) async throws(Failure) -> Bool {
        guard password.count <= PasswordRules.countMax else { return false }
        return try await passwords.isRight(password, kept: kept.hash)
    }

    /// Gives an account that was made with a password the phone that the code was sent to, which is
    /// another way in: whoever only got hold of a session does not have the password.
    private func setPhone(_ request: GatewayRequest) async throws(Failure) -> Answer {
        let caller = try request.requireCaller()
        let phone = try GatewayRoutes.phone(request.fields.text("phone"))
        let code = try request.fields.text("code")
        let cmid = try request.requireKey()
        let password = try request.fields.optionalText("password") ?? ""
        guard SignInCode.isCode(code) else { throw Failure(.codeWrong) }
        try limiter.admitTry(from: request.address, at: GatewayClock.now)
        if case (_, let kept?) = try await foundPassword(of: .account(caller.account)) {
            try passwordLimiter.admit(caller.account, at: GatewayClock.now)
            guard try await isRight(password, kept) else { throw Failure(.passwordWrong) }
            passwordLimiter.forgive(caller.account)
        }
        let question = ClientRequest.setPhone(
            caller.account, phone: phone, codeHash: secrets.codeHash(phone: phone, code: code),
            cmid: cmid)
        guard case .account(let account) = try await ask(question) else {
            throw unexpected(question)
        }
        return Answer(.ok, account)
    }

    private func foundPassword(
        of owner: PasswordOwner
    ) async throws(Failure) -> (AccountID?, FoundPassword?) {
        let question = ClientRequest.password(owner)
        guard case .password(let account, let kept) = try await ask(question) else {
            throw unexpected(question)
        }
        return (account, kept)
    }
}
