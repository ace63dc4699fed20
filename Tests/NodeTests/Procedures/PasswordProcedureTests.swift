import Determinism
import Identity
import Node
import Testing
import Wire

@Suite("Procedures of passwords")
struct PasswordProcedureTests {
    private static func hash(_ number: UInt8) -> String { "password \(number)" }

    private static func signUp(
        _ number: UInt64, username: String = "alice", cmid id: UInt64 = 1
    ) -> ClientRequest {
        .signUp(
            SignUp(
                name: "Alice", username: username, hash: hash(1), device: "test",
                account: account(number), session: session(number),
                secretHash: [UInt8](repeating: UInt8(number), count: 32), cmid: cmid(id)))
    }

    private static func signIn(_ number: UInt64, cmid id: UInt64) -> ClientRequest {
        .signInByPassword(
            PasswordSignIn(
                account: account(1), number: number, device: "test", session: session(50 + id),
                secretHash: [UInt8](repeating: 5, count: 32), cmid: cmid(id)))
    }

    @Test("Who signs up is signed in, and is found by the username with the password that is kept")
    func signUp() throws {
        var shards = TestShards()
        guard case .signedIn(let alice, session(1))? = try shards.run(Self.signUp(1)) else {
            Issue.record("not signed in")
            return
        }
        #expect(alice.id == account(1) && alice.isComplete && alice.hasPassword)
        #expect(alice.phone.isEmpty)
        #expect(
            try shards.run(.password(.username("Alice")))
                == .password(account(1), FoundPassword(number: 1, hash: Self.hash(1))))
        #expect(
            try shards.run(.password(.account(account(1))))
                == .password(account(1), FoundPassword(number: 1, hash: Self.hash(1))))
        // Of an account without a password, and of no account, there is none.
        let bob = try shards.signIn(2, username: "bobby")
        #expect(try shards.run(.password(.username("bobby"))) == .password(bob, nil))
        #expect(try shards.run(.password(.username("nobody"))) == .password(nil, nil))
    }

    @Test("A username is signed up once; a retry gets the same account, another password none")
    func taken() throws {
        var shards = TestShards()
        let first = try shards.run(Self.signUp(1))
        #expect(try shards.run(Self.signUp(1)) == first)
        #expect(try shards.run(Self.signUp(2, cmid: 2)) == .failed(Failure(.nameTaken)))
        // The same id with another password proposes another account.
        #expect(try shards.run(Self.signUp(3)) == .failed(Failure(.nameTaken)))
        #expect(try shards.run(.me(account(3))) == .failed(Failure(.notFound)))
        #expect(
            try shards.run(Self.signUp(4, username: "no", cmid: 4))
                == .failed(Failure(.badUsername)))
    }

    @Test("A password that was changed while it was compared opens nothing")
    func changedMeanwhile() throws {
        var shards = TestShards()
        try shards.run(Self.signUp(1))
        guard case .signedIn? = try shards.run(Self.signIn(1, cmid: 2)) else {
            Issue.record("not signed in")
            return
        }
        let change = NewPassword(hash: Self.hash(2), replaced: 1, session: session(1))
        #expect(try shards.run(.setPassword(account(1), change, cmid: cmid(3))) == .done)
        #expect(try shards.run(Self.signIn(1, cmid: 4)) == .failed(Failure(.passwordWrong)))
        guard case .devices(let devices)? = try shards.run(.sessions(account(1))) else {
            Issue.record("no sessions")
            return
        }
        #expect(devices.map(\.id) == [session(1)])
    }

    @Test("A phone becomes a second way in, unless it is somebody else's")
    func phone() throws {
        var shards = TestShards()
        try shards.run(Self.signUp(1))
        let hash = [UInt8](repeating: 9, count: 32)
        func add(_ phone: String, _ id: UInt64) throws -> ClientResponse? {
            try shards.run(.requestCode(phone: phone, codeHash: hash, cmid: cmid(id)))
            return try shards.run(
                .setPhone(account(1), phone: phone, codeHash: hash, cmid: cmid(id + 1)))
        }
        #expect(try shards.signIn(2) == account(2))
        shards.wall = shards.wall + .seconds(60)
        #expect(try add("+4915112345012", 10) == .failed(Failure(.phoneTaken)))
        guard case .account(let alice)? = try add("+4915112345077", 20) else {
            Issue.record("no phone")
            return
        }
        #expect(alice.phone == "+4915112345077")
        #expect(try add("+4915112345078", 30) == .failed(Failure(.conflict)))
        // A code sent to it opens the account.
        shards.wall = shards.wall + .seconds(60)
        try shards.run(
            .requestCode(
                phone: "+4915112345077", codeHash: hash, cmid: cmid(40, at: shards.wall)))
        let signIn = SignIn(
            phone: "+4915112345077", codeHash: hash, device: "", newAccount: account(99),
            session: session(99), secretHash: hash, cmid: cmid(41, at: shards.wall))
        guard case .signedIn(let person, _)? = try shards.run(.signIn(signIn)) else {
            Issue.record("not signed in")
            return
        }
        #expect(person.id == account(1))
    }
}
