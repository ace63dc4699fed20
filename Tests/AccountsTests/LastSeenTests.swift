import Accounts
import Determinism
import Identity
import Storage
import Testing

@Suite("When an account was last there")
struct LastSeenTests {
    private func facts(_ accounts: AccountsFixture) throws -> AccountFacts {
        try #require(
            try AccountQueries.account(accounts.ann, in: accounts.shard, accounts.view))
    }

    private func violations(_ accounts: AccountsFixture) throws -> [String] {
        try AccountInvariants.violations(
            of: accounts.ann, in: accounts.shard, accounts.view)
    }

    private func time(_ accounts: AccountsFixture, before milliseconds: UInt64) -> WallTime {
        WallTime(milliseconds: accounts.time - milliseconds)
    }

    @Test("The latest time counts, whatever comes later, and nobody is told by the inbox")
    func latest() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        #expect(try facts(accounts).lastSeen == WallTime(milliseconds: 0))
        let entryCount = try accounts.inbox().count
        for milliseconds in [500, 200, 900, 200] as [UInt64] {
            try accounts.apply(.see(at: time(accounts, before: milliseconds)))
        }
        #expect(try facts(accounts).lastSeen == time(accounts, before: 200))
        #expect(try accounts.inbox().count == entryCount)
    }

    @Test("Nobody was there in the time to come")
    func future() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        try accounts.apply(.see(at: WallTime(milliseconds: accounts.time + 1)))
        #expect(try facts(accounts).lastSeen == WallTime(milliseconds: 0))
        try accounts.apply(.see(at: WallTime(milliseconds: accounts.time)))
        #expect(try facts(accounts).lastSeen == WallTime(milliseconds: accounts.time))
    }

    @Test("Who may know it is everybody until that is changed, which the inbox tells once")
    func rule() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        #expect(try facts(accounts).lastSeenRule == .everybody)
        #expect(try accounts.apply(.setLastSeenRule(.everybody)).published.isEmpty)
        #expect(try accounts.apply(.setLastSeenRule(.nobody)).published.count == 1)
        #expect(try accounts.apply(.setLastSeenRule(.nobody)).published.isEmpty)
        #expect(try facts(accounts).lastSeenRule == .nobody)
        #expect(try accounts.inbox().last?.kind == .privacyChanged(.nobody))
        #expect(try violations(accounts).isEmpty)
    }

    @Test("A change that comes again after another one changes nothing")
    func repeated() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let cmid = accounts.nextID()
        try accounts.apply(.setLastSeenRule(.nobody), cmid: cmid)
        try accounts.apply(.setLastSeenRule(.everybody))
        #expect(try accounts.apply(.setLastSeenRule(.nobody), cmid: cmid).published.isEmpty)
        #expect(try facts(accounts).lastSeenRule == .everybody)
    }

    @Test("A rule that this version does not know hides more, not less")
    func unknownRule() {
        #expect(LastSeenRule(stored: 0) == .everybody)
        #expect(LastSeenRule(stored: 3) == .nobody)
    }

    @Test("Neither is known of an account that is not there")
    func nobody() throws {
        var accounts = try AccountsFixture()
        let seen = try accounts.apply(.see(at: WallTime(milliseconds: 1)))
        let set = try accounts.apply(.setLastSeenRule(.nobody))
        #expect(seen.receipt == nil && set.receipt == nil)
    }
}
