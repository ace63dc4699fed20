internal import Accounts
internal import Determinism
internal import Identity
internal import Wire

// Signing up and in with a password, and the second way into an account.
extension ProcedureContext {
    /// How a password is kept. An unknown name takes as many steps as a known one.
    func password(_ owner: PasswordOwner) -> Flow {
        let name: String
        switch owner {
        case .account(let account): return password(of: account, isKnown: true)
        case .username(let username): name = username
        }
        return .ask(ShardKey(ClaimKey.name(name)), .owner(.name(name))) { response in
            guard case .owner(let owner) = response else { return .failed(.internal) }
            if case .account(let account) = owner { return password(of: account, isKnown: true) }
            let bytes = Array(name.utf8)
            let nobody = AccountID(
                high: StableHash.of(bytes, seed: 1), low: StableHash.of(bytes, seed: 2))
            return password(of: nobody, isKnown: false)
        }
    }

    private func password(of account: AccountID, isKnown: Bool) -> Flow {
        .ask(ShardKey(account), .password(account)) { response in
            guard case .password(let kept) = response else { return .failed(.internal) }
            return .done(
                .password(
                    isKnown ? account : nil,
                    kept.map { FoundPassword(number: $0.number, hash: $0.hash) }))
        }
    }

    /// The username first; the account and its session travel with the claim.
    func signUp(_ new: SignUp) -> Flow {
        guard ClientAccount.isUsername(new.username) else { return .failed(.badUsername) }
        let account = new.account
        let command = ShardCommand.account(
            AccountCommand(
                account: account, cmid: new.cmid, time: wall,
                body: .signUp(
                    NewAccount(
                        name: new.name, username: new.username, hash: new.hash,
                        session: NewSession(
                            proof: .password(1), session: new.session,
                            secretHash: new.secretHash, device: new.device)))))
        let claim = ClaimCommand(
            key: .name(new.username), cmid: new.cmid, time: wall,
            body: .claimName(owner: .account(account), then: [command.encoded()]))
        return .command(.claim(claim)) { response in
            guard case .accountReceipt(let receipt) = response else { return .failed(.internal) }
            // The same id with another password is another account, which has no claim.
            guard receipt.account == account else { return .failed(.nameTaken) }
            return .command(command) { _ in
                withFacts(of: account) { .signedIn(ClientAccount($0), new.session) }
            }
        }
    }

    func signIn(_ signIn: PasswordSignIn) -> Flow {
        let open = AccountCommand(
            account: signIn.account, cmid: signIn.cmid, time: wall,
            body: .openSession(
                NewSession(
                    proof: .password(signIn.number), session: signIn.session,
                    secretHash: signIn.secretHash, device: signIn.device)))
        return .command(.account(open)) { _ in
            withFacts(of: signIn.account) { .signedIn(ClientAccount($0), signIn.session) }
        }
    }

    func setPassword(_ account: AccountID, _ new: NewPassword, _ cmid: MessageID) -> Flow {
        let command = AccountCommand(
            account: account, cmid: cmid, time: wall,
            body: .setPassword(
                PasswordChange(hash: new.hash, replaced: new.replaced, session: new.session)))
        return .command(.account(command)) { _ in .done(.done) }
    }

    /// The code is compared where the phone is claimed, which claims it for the account if nobody
    /// has it; then the account is told. When that is cut off, the next code sent to the number
    /// makes up for it: it is the account's.
    func setPhone(
        _ account: AccountID, _ phone: String, _ codeHash: [UInt8], _ cmid: MessageID
    ) -> Flow {
        guard let phone = PhoneNumber(phone) else { return .failed(.badPhone) }
        let wall = wall
        return .ask(ShardKey(account), .account(account)) { response in
            guard case .account(.some(let facts)) = response else { return .failed(.notFound) }
            guard facts.phone == nil || facts.phone == phone else { return .failed(.conflict) }
            let verify = ClaimCommand(
                key: .phone(phone), cmid: cmid, time: wall,
                body: .verifyCode(codeHash: codeHash, proposed: account))
            return .command(.claim(verify)) { response in
                guard case .accountReceipt(let receipt) = response else {
                    return .failed(.internal)
                }
                guard receipt.account == account else { return .failed(.phoneTaken) }
                let set = AccountCommand(
                    account: account, cmid: cmid, time: wall, body: .setPhone(phone))
                return .command(.account(set)) { _ in
                    withFacts(of: account) { .account(ClientAccount($0)) }
                }
            }
        }
    }
}
