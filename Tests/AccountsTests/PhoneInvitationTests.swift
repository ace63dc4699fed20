import Accounts
import Determinism
import Identity
import Storage
import Testing

@Suite("Invitations of phone numbers")
struct PhoneInvitationTests {
    private static let code = AccountsFixture.hash(1)

    private func room(_ low: UInt64) -> ChatID { ChatID(high: 7, low: low) }

    private func signUp(
        _ accounts: inout AccountsFixture, as account: AccountID
    ) throws -> [AccountEffect.Body] {
        let key = ClaimKey.phone(accounts.phone)
        try accounts.claim(.requestCode(codeHash: Self.code), key)
        return try accounts.claim(.verifyCode(codeHash: Self.code, proposed: account), key)
            .effects.map(\.body)
    }

    @Test("Who signs up with the number is asked into every chat that waits, once")
    func waits() throws {
        var accounts = try AccountsFixture()
        let key = ClaimKey.phone(accounts.phone)
        let first = try accounts.claim(.invite(to: room(1), by: accounts.ann), key)
        #expect(first.receipt?.account == nil && first.effects.isEmpty)
        #expect(first.receipt?.time.milliseconds == accounts.time + 30 * AccountsFixture.day)
        accounts.time += 30_000
        try accounts.claim(.invite(to: room(2), by: accounts.ann), key)
        let other = AccountID(high: 3, low: 3)
        let asked = try signUp(&accounts, as: accounts.ben)
        #expect(
            asked == [
                .accepted(accounts.ben, room(1), by: accounts.ann),
                .accepted(accounts.ben, room(2), by: accounts.ann),
            ])
        accounts.time += 60_000
        #expect(try signUp(&accounts, as: other).isEmpty, "the next sign-in asks nobody")
        let late = try accounts.claim(.invite(to: room(3), by: accounts.ann), key)
        #expect(late.receipt?.account == accounts.ben, "who has the number is no secret then")
        let state = StateView(accounts.shard, accounts.view)
        #expect(
            try state.pairs(
                prefix: Keyspace.state(.phoneInvitations), after: nil, countMax: 9
            ).isEmpty)
    }

    @Test("The same invitation again is one, the same command is done once")
    func once() throws {
        var accounts = try AccountsFixture()
        let key = ClaimKey.phone(accounts.phone)
        let cmid = accounts.nextID()
        let first = try accounts.claim(.invite(to: room(1), by: accounts.ann), key, cmid: cmid)
        let retry = try accounts.claim(.invite(to: room(1), by: accounts.ann), key, cmid: cmid)
        #expect(first.result == retry.result)
        accounts.time += 30_000
        #expect(try accounts.claim(.invite(to: room(1), by: accounts.ann), key).receipt != nil)
        #expect(try signUp(&accounts, as: accounts.ben).count == 1)
    }

    @Test("A number is told every 30 s at most and five times an hour, apart from its codes")
    func told() throws {
        var accounts = try AccountsFixture()
        let key = ClaimKey.phone(accounts.phone)
        try accounts.claim(.invite(to: room(1), by: accounts.ann), key)
        #expect(
            try accounts.claim(.invite(to: room(2), by: accounts.ann), key).rejection
                == .tooMany(retryAfter: .seconds(30)))
        #expect(try accounts.claim(.requestCode(codeHash: Self.code), key).receipt != nil)
        for low in UInt64(2)...5 {
            accounts.time += 30_000
            #expect(
                try accounts.claim(.invite(to: room(low), by: accounts.ann), key).receipt != nil)
        }
        accounts.time += 30_000
        let wait = Interval.milliseconds(AccountsFixture.start + 3_600_000 - accounts.time)
        #expect(
            try accounts.claim(.invite(to: room(6), by: accounts.ann), key).rejection
                == .tooMany(retryAfter: wait))
        #expect(try signUp(&accounts, as: accounts.ben).count == 5, "what was refused is not kept")
    }

    @Test("After thirty days an invitation is over; twenty wait for one number at most")
    func limits() throws {
        var accounts = try AccountsFixture()
        let key = ClaimKey.phone(accounts.phone)
        for low in UInt64(1)...20 {
            try accounts.claim(.invite(to: room(low), by: accounts.ann), key)
            accounts.time += 3_600_000
        }
        #expect(
            try accounts.claim(.invite(to: room(21), by: accounts.ann), key).rejection
                == .tooMany(retryAfter: nil))
        accounts.time = AccountsFixture.start + 30 * AccountsFixture.day
        #expect(try accounts.claim(.invite(to: room(21), by: accounts.ann), key).receipt != nil)
        let asked = try signUp(&accounts, as: accounts.ben)
        #expect(
            asked.count == 20 && asked.first == .accepted(accounts.ben, room(2), by: accounts.ann))
        var late = try AccountsFixture()
        try late.claim(.invite(to: room(1), by: late.ann), key)
        late.time += 30 * AccountsFixture.day
        #expect(try signUp(&late, as: late.ben).isEmpty)
    }

    @Test("Names are not invited")
    func names() throws {
        var accounts = try AccountsFixture()
        #expect(
            try accounts.claim(.invite(to: room(1), by: accounts.ann), .name("ada_1")).rejection
                == .badRequest)
    }
}
