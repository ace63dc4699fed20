internal import Accounts
internal import Determinism
internal import Identity
internal import Storage
internal import Wire

// What concerns one account: signing in, sessions, profile, people.
extension ProcedureContext {
    func requestCode(_ phone: String, _ codeHash: [UInt8], _ cmid: MessageID) -> Flow {
        guard let phone = PhoneNumber(phone) else { return .failed(.badPhone) }
        let wall = wall
        let command = ClaimCommand(
            key: .phone(phone), cmid: cmid, time: wall, body: .requestCode(codeHash: codeHash))
        return .command(.claim(command)) { response in
            guard case .accountReceipt(let receipt) = response else { return .failed(.internal) }
            return .done(
                .codeRequested(expiresIn: receipt.time - wall, digits: AccountLimits.codeDigits))
        }
    }

    /// The code is compared where the phone is claimed; the answer says whose it is.
    func signIn(_ signIn: SignIn) -> Flow {
        guard let phone = PhoneNumber(signIn.phone) else { return .failed(.badPhone) }
        let wall = wall
        let verify = ClaimCommand(
            key: .phone(phone), cmid: signIn.cmid, time: wall,
            body: .verifyCode(codeHash: signIn.codeHash, proposed: signIn.newAccount))
        return .command(.claim(verify)) { response in
            guard case .accountReceipt(let receipt) = response, let account = receipt.account else {
                return .failed(.internal)
            }
            let open = AccountCommand(
                account: account, cmid: signIn.cmid, time: wall,
                body: .openSession(
                    NewSession(
                        proof: .phone(phone), session: signIn.session,
                        secretHash: signIn.secretHash,
                        device: signIn.device)))
            return .command(.account(open)) { _ in
                withFacts(of: account) { .signedIn(ClientAccount($0), signIn.session) }
            }
        }
    }

    func authenticate(_ account: AccountID, _ session: SessionID, _ secretHash: [UInt8]) -> Flow {
        let wall = wall
        let query = ShardQuery.authenticate(account, session, secretHash: secretHash)
        return .ask(ShardKey(account), query) { response in
            guard case .authenticated(let facts, let session) = response else {
                return .failed(.internal)
            }
            let granted = ClientResponse.granted(
                SessionGrant(facts, session.session, inbox: facts.inbox.seq))
            guard wall - session.lastSeen >= AccountLimits.touchInterval else {
                return .done(granted)
            }
            let touch = AccountCommand(
                account: account, cmid: MessageID(unkeptAt: wall), time: wall,
                body: .touchSession(session.session))
            // Whether that is noted does not matter to who wants in.
            return .run([(ShardKey(account), .command(.account(touch)))]) { _ in .done(granted) }
        }
    }

    func redeem(_ exchange: TicketExchange) -> Flow {
        // An id of its own for every try: a used ticket must not get the first answer again.
        let cmid = MessageID(
            high: wall.milliseconds << 16 | 0x7000,
            low: StableHash.of(exchange.secretHash, seed: 1) >> 2 | 1 << 63)
        let command = AccountCommand(
            account: exchange.account, cmid: cmid, time: wall,
            body: .redeemTicket(
                Accounts.TicketRedemption(
                    session: exchange.session, nonce: exchange.nonce, expires: exchange.expiry,
                    newSecretHash: exchange.secretHash)))
        // The question first: a shard without a quorum cannot answer it. A command that it kept and
        // committed after the client has gone would use up the ticket that the client tries again.
        return .ask(ShardKey(exchange.account), .account(exchange.account)) { _ in
            use(command, of: exchange)
        }
    }

    private func use(_ command: AccountCommand, of exchange: TicketExchange) -> Flow {
        .command(.account(command)) { response in
            guard case .accountReceipt(let receipt) = response else { return .failed(.internal) }
            // The session was open at the receipt's place of the inbox; later revocations show there.
            return withFacts(of: exchange.account) { facts in
                .granted(SessionGrant(facts, exchange.session, inbox: receipt.inbox))
            }
        }
    }

    func me(_ account: AccountID) -> Flow { withFacts(of: account) { .account(ClientAccount($0)) } }

    /// The name first, which only its owner can have wrong; then the username, which must be claimed.
    func setProfile(
        _ account: AccountID, name: String, username: String?, _ cmid: MessageID
    ) -> Flow {
        if let username, !ClientAccount.isUsername(username) { return .failed(.badUsername) }
        let context = self
        return .ask(ShardKey(account), .account(account)) { response in
            guard case .account(.some(let facts)) = response else { return .failed(.notFound) }
            let claim: @Sendable () -> Flow = {
                guard let username, username != facts.username else {
                    return context.me(account)
                }
                return context.setUsername(account, username, cmid)
            }
            guard name != facts.name else { return claim() }
            let command = AccountCommand(
                account: account, cmid: cmid.derived(profileCounter), time: context.wall,
                body: .setProfile(name: name))
            return .command(.account(command)) { _ in claim() }
        }
    }

    private func setUsername(_ account: AccountID, _ username: String, _ cmid: MessageID) -> Flow {
        let context = self
        let set = ShardCommand.account(
            AccountCommand(
                account: account, cmid: cmid, time: wall, body: .setUsername(username)))
        let claim = ClaimCommand(
            key: .name(username), cmid: cmid, time: wall,
            body: .claimName(owner: .account(account), then: [set.encoded()]))
        return .command(.claim(claim)) { _ in .command(set) { _ in context.me(account) } }
    }

    func setLastSeenRule(
        _ account: AccountID, _ rule: ClientLastSeenRule, _ cmid: MessageID
    ) -> Flow {
        let context = self
        let command = AccountCommand(
            account: account, cmid: cmid, time: wall, body: .setLastSeenRule(rule.stored))
        return .command(.account(command)) { _ in context.me(account) }
    }

    /// The answer keeps the order of the question; unknown accounts are left out.
    func people(_ accounts: [AccountID]) -> Flow {
        guard accounts.count <= ShardQuery.chatsMax else { return .failed(.tooLarge) }
        let questions = grouped(accounts) { ShardKey($0) }.map { ($0.0, ShardQuery.people($0.1)) }
        return .askAll(questions) { responses in
            var found: [AccountID: ClientPerson] = [:]
            for response in responses {
                guard case .people(let people) = response else { return .failed(.internal) }
                for person in people { found[person.account] = ClientPerson(person) }
            }
            return .done(.people(accounts.compactMap { found[$0] }))
        }
    }

    func sessions(_ account: AccountID) -> Flow {
        .ask(ShardKey(account), .sessions(account)) { response in
            guard case .sessions(let sessions) = response else { return .failed(.internal) }
            return .done(.devices(sessions.map { ClientDevice($0) }))
        }
    }

    func closeSession(_ account: AccountID, _ session: SessionID, _ cmid: MessageID) -> Flow {
        let command = ShardCommand.account(
            AccountCommand(
                account: account, cmid: cmid, time: wall, body: .closeSession(session)))
        return .run([(ShardKey(account), .command(command))]) { responses in
            switch responses[0] {
            case .failed(let failure) where failure.code != .notFound: .done(.failed(failure))
            default: .done(.done)
            }
        }
    }

    func star(_ account: AccountID, _ place: MessagePlace, isOn: Bool, _ cmid: MessageID) -> Flow {
        let command = AccountCommand(
            account: account, cmid: cmid, time: wall,
            body: isOn ? .star(place.chat, place.seq) : .unstar(place.chat, place.seq))
        return .command(.account(command)) { _ in .done(.done) }
    }

    func stars(_ account: AccountID) -> Flow {
        .ask(ShardKey(account), .stars(account)) { response in
            guard case .stars(let stars, let inbox) = response else { return .failed(.internal) }
            return .done(
                .stars(
                    stars.map {
                        ClientStar(
                            message: MessagePlace(chat: $0.chat, seq: $0.seq), place: $0.place)
                    }, inbox: LogCursor(epoch: inbox.epoch, seq: inbox.seq)))
        }
    }

    func closeAllSessions(_ account: AccountID, _ cmid: MessageID) -> Flow {
        let command = AccountCommand(
            account: account, cmid: cmid, time: wall, body: .closeAllSessions)
        return .command(.account(command)) { _ in .done(.done) }
    }
}

/// Tells the name's command from the username's, which has the client's own id.
private let profileCounter = 1_000_001

/// Ends with something about the account as it is now.
func withFacts(
    of account: AccountID, _ make: @escaping @Sendable (AccountFacts) -> ClientResponse
) -> Flow {
    .ask(ShardKey(account), .account(account)) { response in
        guard case .account(.some(let facts)) = response else { return .failed(.notFound) }
        return .done(make(facts))
    }
}
