import Accounts
import Determinism
import Identity
import Storage
import Testing

@Suite("Passwords")
struct PasswordTests {
    static func hash(_ number: UInt8) -> String { "password \(number)" }

    /// Claims the username and makes the account with the password 1 and the session 1.
    @discardableResult
    static func signUp(
        _ accounts: inout AccountsFixture, name: String = "Ann", username: String = "annie",
        cmid: MessageID? = nil
    ) throws -> AccountOutcome {
        let cmid = cmid ?? accounts.nextID()
        try accounts.claim(
            .claimName(owner: .account(accounts.ann), then: []), .name(username), cmid: cmid)
        return try accounts.apply(
            .signUp(
                NewAccount(
                    name: name, username: username, hash: hash(1),
                    session: session(1, by: .password(1)))), cmid: cmid)
    }

    static func session(_ number: UInt8, by proof: NewSession.Proof) -> NewSession {
        NewSession(
            proof: proof, session: AccountsFixture.session(number),
            secretHash: AccountsFixture.hash(number), device: "device \(number)")
    }

    static func change(
        to number: UInt8, replaced: UInt64?, by session: UInt8
    ) -> AccountCommand.Body {
        .setPassword(
            PasswordChange(
                hash: hash(number), replaced: replaced,
                session: AccountsFixture.session(session)))
    }

    private func password(_ accounts: AccountsFixture) throws -> KeptPassword? {
        try AccountQueries.password(of: accounts.ann, in: accounts.shard, accounts.view)
    }

    private func isSound(_ accounts: AccountsFixture) throws -> Bool {
        try AccountInvariants.violations(of: accounts.ann, in: accounts.shard, accounts.view)
            .isEmpty
    }

    @Test("A sign-up makes a whole account with its session, once, and without a phone")
    func signUp() throws {
        var accounts = try AccountsFixture()
        let cmid = accounts.nextID()
        let first = try Self.signUp(&accounts, cmid: cmid)
        #expect(first.receipt?.account == accounts.ann)
        let facts = try #require(try accounts.facts())
        #expect(facts.isComplete && facts.hasPassword && facts.phone == nil)
        #expect(try accounts.isAuthentic(1, AccountsFixture.hash(1)))
        #expect(try password(accounts) == KeptPassword(number: 1, hash: Self.hash(1)))
        #expect(try Self.signUp(&accounts, cmid: cmid).receipt == first.receipt)
        #expect(try accounts.inbox().count == 2)
        #expect(try isSound(accounts))
    }

    @Test(
        "A sign-up that is refused lets its username go; of an account that is there none is made")
    func refusedSignUp() throws {
        var accounts = try AccountsFixture()
        let cmid = accounts.nextID()
        let refused = try Self.signUp(&accounts, name: "", cmid: cmid)
        #expect(refused.rejection == .badName)
        #expect(
            refused.effects.map(\.body) == [.releaseName("annie", accounts.ann, claim: cmid)])
        #expect(try accounts.facts() == nil)
        try Self.signUp(&accounts)
        let again = try Self.signUp(&accounts, username: "annie2")
        #expect(again.rejection == .badRequest)
        #expect(try accounts.facts()?.username == "annie")
    }

    @Test("A session opens by the password that is kept now, and by no earlier one")
    func openByPassword() throws {
        var accounts = try AccountsFixture()
        try Self.signUp(&accounts)
        try accounts.apply(.openSession(Self.session(2, by: .password(1))))
        try accounts.apply(Self.change(to: 2, replaced: 1, by: 1))
        #expect(
            try accounts.apply(.openSession(Self.session(3, by: .password(1)))).rejection
                == .passwordWrong)
        #expect(try accounts.apply(.openSession(Self.session(3, by: .password(2)))).receipt != nil)
        #expect(try accounts.sessions() == [1, 3].map(AccountsFixture.session))
        #expect(try isSound(accounts))
    }

    @Test("Nobody has the password 0: an account without one opens by a code alone")
    func noPassword() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        #expect(
            try accounts.apply(.openSession(Self.session(2, by: .phone(accounts.phone)))).receipt
                != nil)
        var other = try AccountsFixture()
        #expect(
            try other.apply(.openSession(Self.session(2, by: .phone(other.phone)))).receipt != nil)
        #expect(try password(accounts) == nil)
    }

    @Test("Another password closes all sessions but the one that set it; a first one closes none")
    func closesOthers() throws {
        var accounts = try AccountsFixture()
        for number in 1...3 as ClosedRange<UInt8> { try accounts.open(number) }
        try accounts.apply(Self.change(to: 1, replaced: 0, by: 1))
        #expect(try accounts.sessions().count == 3)
        let outcome = try accounts.apply(Self.change(to: 2, replaced: 1, by: 2))
        #expect(
            try outcome.published.map { try InboxEntry(decoding: $0.bytes).kind } == [
                .sessionRevoked(AccountsFixture.session(1)),
                .sessionRevoked(AccountsFixture.session(3)), .profileChanged,
            ])
        #expect(try accounts.sessions() == [AccountsFixture.session(2)])
        #expect(try isSound(accounts))
    }

    @Test("Of two changes that were given the same password the later is refused")
    func overtaken() throws {
        var accounts = try AccountsFixture()
        try Self.signUp(&accounts)
        try accounts.apply(Self.change(to: 2, replaced: 1, by: 1))
        #expect(
            try accounts.apply(Self.change(to: 3, replaced: 1, by: 1)).rejection
                == .passwordWrong)
        #expect(try password(accounts) == KeptPassword(number: 2, hash: Self.hash(2)))
    }

    @Test(
        "A forgotten password is replaced within 10 minutes of a sign-in by a code, and not later")
    func reset() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        try accounts.apply(Self.change(to: 1, replaced: 0, by: 1))
        try accounts.apply(.openSession(Self.session(2, by: .password(1))))
        #expect(
            try accounts.apply(Self.change(to: 2, replaced: nil, by: 2)).rejection
                == .passwordWrong)
        accounts.time += 599_999
        #expect(try accounts.apply(Self.change(to: 2, replaced: nil, by: 1)).receipt != nil)
        accounts.time += 1
        #expect(
            try accounts.apply(Self.change(to: 3, replaced: nil, by: 1)).rejection
                == .passwordWrong)
        #expect(
            try accounts.apply(Self.change(to: 3, replaced: 2, by: 9)).rejection == .unauthorised)
    }

    @Test("An account gets a phone once; another number is a conflict")
    func phone() throws {
        var accounts = try AccountsFixture()
        let other = try #require(PhoneNumber(canonical: "+4915100000009"))
        #expect(try accounts.apply(.setPhone(accounts.phone)).rejection == .notFound)
        try Self.signUp(&accounts)
        #expect(try accounts.apply(.setPhone(accounts.phone)).published.count == 1)
        #expect(try accounts.apply(.setPhone(accounts.phone)).published.isEmpty)
        #expect(try accounts.apply(.setPhone(other)).rejection == .conflict)
        #expect(try accounts.facts()?.phone == accounts.phone)
    }

    @Test("The recount finds a password that is missing")
    func recountFinds() throws {
        var accounts = try AccountsFixture()
        try Self.signUp(&accounts)
        var batch = WriteBatch()
        batch.delete(
            Keyspace.statePrefix(accounts.shard, generation: 0) + Keyspace.password(accounts.ann),
            in: .data)
        accounts.store.apply(batch)
        #expect(try !isSound(accounts))
    }
}
