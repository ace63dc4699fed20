import Accounts
import Determinism
import Identity
import Storage
import Testing

@Suite("Sessions")
struct SessionTests {
    @Test("The first session makes the account; each is told in the inbox, which is dense from 1")
    func open() throws {
        var accounts = try AccountsFixture()
        let outcome = try accounts.open(1)
        #expect(outcome.receipt?.account == accounts.ann)
        #expect(outcome.receipt?.inbox == SequenceNumber(1))
        #expect(outcome.published.map(\.log) == [.inbox(accounts.ann)])
        try accounts.open(2)
        let facts = try #require(try accounts.facts())
        #expect(facts.phone == accounts.phone && facts.name.isEmpty && !facts.isComplete)
        #expect(facts.inbox == InboxHead(epoch: 1, seq: SequenceNumber(2)))
        #expect(
            try accounts.inbox().map(\.kind) == [
                .sessionOpened(AccountsFixture.session(1), device: "device 1"),
                .sessionOpened(AccountsFixture.session(2), device: "device 2"),
            ])
        #expect(try accounts.sessions().count == 2)
    }

    @Test("A retry of an opening opens nothing more; another one of the same session is refused")
    func openTwice() throws {
        var accounts = try AccountsFixture()
        let cmid = accounts.nextID()
        let body = AccountCommand.Body.openSession(
            NewSession(
                proof: .phone(accounts.phone), session: AccountsFixture.session(1),
                secretHash: AccountsFixture.hash(1), device: ""))
        let first = try accounts.apply(body, cmid: cmid)
        let again = try accounts.apply(body, cmid: cmid)
        #expect(first.result == again.result && again.published.isEmpty)
        #expect(try accounts.apply(body).rejection == .badRequest)
        #expect(try accounts.inbox().count == 1)
    }

    @Test("A session is authentic with its own secret alone, and only while it is open")
    func authenticate() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        try accounts.open(2)
        #expect(try accounts.isAuthentic(1, AccountsFixture.hash(1)))
        #expect(try !accounts.isAuthentic(1, AccountsFixture.hash(2)))
        #expect(try !accounts.isAuthentic(1, Array(AccountsFixture.hash(1).dropLast())))
        #expect(try !accounts.isAuthentic(1, []))
        #expect(try !accounts.isAuthentic(3, AccountsFixture.hash(3)))
        try accounts.apply(.closeSession(AccountsFixture.session(1)))
        #expect(try !accounts.isAuthentic(1, AccountsFixture.hash(1)))
        #expect(
            try AccountQueries.authenticate(
                accounts.ben, AccountsFixture.session(2), secretHash: AccountsFixture.hash(2),
                in: accounts.shard, accounts.view) == nil)
    }

    @Test("The 21st session closes the one that was idle longest")
    func limit() throws {
        var accounts = try AccountsFixture()
        for number in 1...20 as ClosedRange<UInt8> {
            try accounts.open(number)
            accounts.time += 1_000
        }
        accounts.time += 3_600_000
        try accounts.apply(.touchSession(AccountsFixture.session(1)))
        let outcome = try accounts.open(21)
        let told = try outcome.published.map { try InboxEntry(decoding: $0.bytes).kind }
        #expect(
            told == [
                .sessionRevoked(AccountsFixture.session(2)),
                .sessionOpened(AccountsFixture.session(21), device: "device 21"),
            ])
        let sessions = try accounts.sessions()
        #expect(sessions.count == 20 && !sessions.contains(AccountsFixture.session(2)))
        #expect(try accounts.isAuthentic(1, AccountsFixture.hash(1)))
    }

    @Test("Closing one or all revokes each in the inbox; what is not open is not found")
    func close() throws {
        var accounts = try AccountsFixture()
        for number in 1...3 as ClosedRange<UInt8> { try accounts.open(number) }
        let one = try accounts.apply(.closeSession(AccountsFixture.session(2)))
        #expect(one.published.count == 1)
        #expect(
            try accounts.apply(.closeSession(AccountsFixture.session(2))).rejection == .notFound)
        let all = try accounts.apply(.closeAllSessions)
        #expect(
            try all.published.map { try InboxEntry(decoding: $0.bytes).kind } == [
                .sessionRevoked(AccountsFixture.session(1)),
                .sessionRevoked(AccountsFixture.session(3)),
            ])
        #expect(try accounts.sessions().isEmpty)
        #expect(try accounts.apply(.closeAllSessions, to: accounts.ben).rejection == .notFound)
    }

    @Test("A use is noted at most every ten minutes")
    func touch() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let before = accounts.stateHash
        accounts.time += 599_999
        try accounts.apply(.touchSession(AccountsFixture.session(1)))
        #expect(accounts.stateHash == before)
        accounts.time += 1
        try accounts.apply(.touchSession(AccountsFixture.session(1)))
        let seen = try AccountQueries.sessions(
            of: accounts.ann, in: accounts.shard, accounts.view)
        #expect(seen.first?.lastSeen.milliseconds == AccountsFixture.start + 600_000)
        #expect(seen.first?.created.milliseconds == AccountsFixture.start)
    }
}

@Suite("Resume tickets")
struct TicketTests {
    private static func redeem(
        _ accounts: AccountsFixture, nonce: UInt8, secret: UInt8, lifetime: UInt64 = 600_000,
        session: UInt8 = 1
    ) -> AccountCommand.Body {
        .redeemTicket(
            TicketRedemption(
                session: AccountsFixture.session(session), nonce: [nonce],
                expires: WallTime(milliseconds: accounts.time + lifetime),
                newSecretHash: AccountsFixture.hash(secret)))
    }

    @Test("A ticket gives one more secret, once; its retry gets the first result")
    func single() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let cmid = accounts.nextID()
        let body = TicketTests.redeem(accounts, nonce: 1, secret: 50)
        let first = try accounts.apply(body, cmid: cmid)
        #expect(first.receipt != nil)
        #expect(try accounts.isAuthentic(1, AccountsFixture.hash(50)))
        #expect(try accounts.isAuthentic(1, AccountsFixture.hash(1)))
        #expect(try accounts.apply(body, cmid: cmid).result == first.result)
        #expect(
            try accounts.apply(TicketTests.redeem(accounts, nonce: 1, secret: 51)).rejection
                == .unauthorised)
        #expect(try !accounts.isAuthentic(1, AccountsFixture.hash(51)))
    }

    @Test("A ticket that is over, from too far ahead or of a closed session is worth nothing")
    func refused() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        func rejection(_ body: AccountCommand.Body) throws -> AccountRejection? {
            try accounts.apply(body).rejection
        }
        for lifetime: UInt64 in [0, 3_600_001, 1 << 47] {
            #expect(
                try rejection(
                    TicketTests.redeem(accounts, nonce: 1, secret: 2, lifetime: lifetime))
                    == .unauthorised)
        }
        #expect(
            try rejection(TicketTests.redeem(accounts, nonce: 1, secret: 2, session: 2))
                == .unauthorised)
        try accounts.apply(.closeSession(AccountsFixture.session(1)))
        #expect(
            try accounts.apply(TicketTests.redeem(accounts, nonce: 1, secret: 2)).rejection
                == .unauthorised)
    }

    @Test("A session has four secrets at most: its own, and the newest three bearers")
    func secrets() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        for number in 10...13 as ClosedRange<UInt8> {
            try accounts.apply(TicketTests.redeem(accounts, nonce: number, secret: number))
        }
        #expect(try accounts.isAuthentic(1, AccountsFixture.hash(1)))
        #expect(try !accounts.isAuthentic(1, AccountsFixture.hash(10)))
        for number in 11...13 as ClosedRange<UInt8> {
            #expect(try accounts.isAuthentic(1, AccountsFixture.hash(number)))
        }
    }

    @Test("Used tickets are remembered beyond their end, and forgotten in time")
    func forgetting() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        func ticketCount() throws -> Int {
            try StateView(accounts.shard, accounts.view).pairs(
                prefix: Keyspace.tickets(accounts.ann), after: nil, countMax: 1_000
            ).count
        }
        for number in 1...5 as ClosedRange<UInt8> {
            try accounts.apply(TicketTests.redeem(accounts, nonce: number, secret: number))
        }
        accounts.time += 600_000 + 3_600_000
        try accounts.apply(TicketTests.redeem(accounts, nonce: 6, secret: 6))
        #expect(try ticketCount() == 6)
        accounts.time += 1
        try accounts.apply(TicketTests.redeem(accounts, nonce: 7, secret: 7))
        #expect(try ticketCount() == 2)
    }
}
