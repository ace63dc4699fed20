import Accounts
import Determinism
import Identity
import Storage
import Testing

@Suite("Stars")
struct StarTests {
    private let message = SequenceNumber(4)

    private func stars(_ accounts: AccountsFixture) throws -> [Star] {
        try AccountQueries.stars(
            from: accounts.view.pairs(
                AccountQueries.starsRange(of: accounts.ann, in: accounts.shard)))
    }

    @Test("A star is told in the inbox once, listed with its place there, and taken away once")
    func starred() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let room = accounts.room
        #expect(try accounts.apply(.star(room, message)).published.count == 1)
        #expect(try accounts.apply(.star(room, message)).published.isEmpty)
        let place = try #require(try accounts.inbox().last)
        #expect(place.kind == .starred(room, message))
        #expect(try stars(accounts) == [Star(chat: room, seq: message, place: place.seq)])
        #expect(try accounts.apply(.unstar(room, message)).published.count == 1)
        #expect(try accounts.apply(.unstar(room, message)).published.isEmpty)
        #expect(try accounts.inbox().last?.kind == .unstarred(room, message))
        #expect(try stars(accounts).isEmpty)
        #expect(
            try AccountInvariants.violations(of: accounts.ann, in: accounts.shard, accounts.view)
                .isEmpty)
    }

    @Test("A star that comes again after it was taken away changes nothing")
    func repeated() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let cmid = accounts.nextID()
        let first = try accounts.apply(.star(accounts.room, message), cmid: cmid)
        try accounts.apply(.unstar(accounts.room, message))
        let again = try accounts.apply(.star(accounts.room, message), cmid: cmid)
        #expect(again.receipt == first.receipt && again.published.isEmpty)
        #expect(try stars(accounts).isEmpty)
    }

    @Test("Nobody, and no message, has no star", arguments: [0, 1 << 53, UInt64.max])
    func refused(number: UInt64) throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let star = AccountCommand.Body.star(accounts.room, SequenceNumber(number))
        #expect(try accounts.apply(star).rejection == .badRequest)
        #expect(
            try accounts.apply(.star(accounts.room, message), to: accounts.ben).rejection
                == .notFound)
    }

    @Test("There are 10,000 at most; then one has to be taken away for another")
    func limit() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let room = accounts.room
        for number in 1...UInt64(AccountLimits.starsMax) {
            #expect(try accounts.apply(.star(room, SequenceNumber(number))).receipt != nil)
        }
        let next = SequenceNumber(UInt64(AccountLimits.starsMax) + 1)
        #expect(try accounts.apply(.star(room, next)).rejection == .tooManyStars)
        // One that is there already is no other one.
        #expect(try accounts.apply(.star(room, message)).receipt != nil)
        try accounts.apply(.unstar(room, message))
        #expect(try accounts.apply(.star(room, next)).receipt != nil)
        #expect(try stars(accounts).count == AccountLimits.starsMax)
    }

    @Test("The recount finds a star that is missing and one that nobody was told of")
    func recount() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        try accounts.apply(.star(accounts.room, message))
        let prefix = Keyspace.statePrefix(accounts.shard, generation: 0)
        var batch = WriteBatch()
        batch.delete(prefix + Keyspace.star(accounts.ann, accounts.room, message), in: .data)
        accounts.store.apply(batch)
        let found = try AccountInvariants.violations(
            of: accounts.ann, in: accounts.shard, accounts.view)
        #expect(found.contains { $0.hasPrefix("3:") } && found.contains { $0.hasPrefix("4:") })
    }
}
