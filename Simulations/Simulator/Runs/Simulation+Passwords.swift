internal import Determinism
internal import Identity
internal import Node

/// How people set passwords and come in with them. What a node compares outside of the cluster is
/// here a part of the hash that says which password it is.
extension Simulation {
    private static func hash(_ number: UInt64) -> String { "the password \(number)" }

    /// The command `cmid` sets a password instead of sending a message; for most it does not. Its
    /// id decides. The first one may be wanted by several devices at once; another one closes the
    /// other sessions, so that only who has no other device wants it.
    func setPassword(
        _ cmid: MessageID, by person: SimulatedPerson, _ account: AccountID
    ) -> Bool {
        guard cmid.low % 31 == 9, let session = person.session else { return false }
        let known = person.owner.password
        let isAlone = people.allSatisfy {
            $0.owner !== person.owner || $0.login === person.login
        }
        guard known == 0 || isAlone && !person.owner.isSigningIn else { return false }
        // Nobody comes in whom the change would close out again.
        if known > 0 { person.owner.isSigningIn = true }
        let new = NewPassword(hash: Self.hash(known + 1), replaced: known, session: session)
        ask(.setPassword(account, new, cmid: cmid), for: .setPassword(known + 1), by: person)
        return true
    }

    /// A device of an account that has a password asks how it is kept, to come in with it; false
    /// for one that takes a code.
    func asksForPassword(_ person: SimulatedPerson) -> Bool {
        guard let account = person.account, person.owner.password > 0,
            person.generator.chance(1, in: 2)
        else { return false }
        person.owner.isSigningIn = true
        ask(
            .password(.username(person.username)),
            for: .askPassword(floor: history.passwords.begin(for: account)), by: person)
        return true
    }

    /// Whether it was an answer about a password.
    func usePassword(
        _ response: ClientResponse, of operation: ClientOperation, _ person: SimulatedPerson
    ) -> Bool {
        guard let account = person.account else { return false }
        switch (operation.purpose, response) {
        case (.setPassword(let number), .done):
            if number > 1 { person.owner.isSigningIn = false }
            person.owner.password = max(person.owner.password, number)
            history.passwords.set(number, of: account)
        case (.askPassword(let floor), .password(let owner, let kept)):
            history.passwords.met(
                kept?.number ?? 0, floor: floor, of: account, by: "client \(person.index)")
            guard owner == account, let kept, kept.hash == Self.hash(kept.number) else {
                history.report("sense", "the password of \(person.username) is \(response)")
                return true
            }
            person.owner.password = max(person.owner.password, kept.number)
            ask(
                .signInByPassword(
                    PasswordSignIn(
                        account: account, number: kept.number, device: "simulated",
                        session: SessionID(using: &person.generator),
                        secretHash: SimulatedDigest().digest(person.login.secret),
                        cmid: freshID(of: person))),
                for: .signInByPassword(
                    kept.number, floor: history.passwords.begin(for: account)), by: person)
        case (.signInByPassword(let number, let floor), .signedIn(_, let session)):
            history.passwords.met(
                number, floor: floor, of: account, by: "client \(person.index)")
            person.owner.isSigningIn = false
            person.login.id = session
            ask(.chats(account), for: .firstChats, by: person)
        default: return false
        }
        return true
    }

    /// Whether the refusal is right: a password was changed meanwhile, another device set the first
    /// one, or the session that wanted to is over.
    func expectsPasswordRefusal(_ code: FailureCode, of operation: ClientOperation) -> Bool {
        let owner = people[operation.person].owner
        switch (operation.purpose, code) {
        case (.setPassword(let number), .passwordWrong):
            if number > 1 { owner.isSigningIn = false }
            // There is this one or a later one.
            owner.password = max(owner.password, number)
            return true
        case (.setPassword(let number), .unauthorised):
            if number > 1 { owner.isSigningIn = false }
            return true
        case (.signInByPassword, .passwordWrong):
            owner.isSigningIn = false
            return true
        default: return false
        }
    }
}
