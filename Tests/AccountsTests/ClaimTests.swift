import Accounts
import Determinism
import Identity
import Storage
import Testing

@Suite("Sign-in codes")
struct CodeTests {
    private static let right = AccountsFixture.hash(1)
    private static let wrong = AccountsFixture.hash(2)

    private static func verify(_ hash: [UInt8], _ account: AccountID) -> ClaimCommand.Body {
        .verifyCode(codeHash: hash, proposed: account)
    }

    @Test("The right code answers the account of the phone: the proposed one first, then always it")
    func owner() throws {
        var accounts = try AccountsFixture()
        let key = ClaimKey.phone(accounts.phone)
        let requested = try accounts.claim(.requestCode(codeHash: CodeTests.right), key)
        #expect(requested.receipt?.time.milliseconds == accounts.time + 300_000)
        let first = try accounts.claim(CodeTests.verify(CodeTests.right, accounts.ann), key)
        #expect(first.receipt?.account == accounts.ann)
        #expect(try accounts.owner(key) == .account(accounts.ann))
        accounts.time += 30_000
        try accounts.claim(.requestCode(codeHash: CodeTests.wrong), key)
        let second = try accounts.claim(CodeTests.verify(CodeTests.wrong, accounts.ben), key)
        #expect(second.receipt?.account == accounts.ann)
    }

    @Test(
        "A code is used once; a retry with id and code gets the first result"
    )
    func once() throws {
        var accounts = try AccountsFixture()
        let key = ClaimKey.phone(accounts.phone)
        try accounts.claim(.requestCode(codeHash: CodeTests.right), key)
        let cmid = accounts.nextID()
        let body = CodeTests.verify(CodeTests.right, accounts.ann)
        let first = try accounts.claim(body, key, cmid: cmid)
        accounts.time += 1_000_000
        #expect(try accounts.claim(body, key, cmid: cmid).result == first.result)
        accounts.time -= 1_000_000
        #expect(try accounts.claim(body, key).rejection == .codeUsed)
        #expect(
            try accounts.claim(CodeTests.verify(CodeTests.wrong, accounts.ben), key, cmid: cmid)
                .rejection == .codeUsed, "who knows the id but not the code learns nothing")
    }

    @Test("Five wrong tries are the end of a code; the same try delivered twice is one")
    func tries() throws {
        var accounts = try AccountsFixture()
        let key = ClaimKey.phone(accounts.phone)
        try accounts.claim(.requestCode(codeHash: CodeTests.right), key)
        let body = CodeTests.verify(CodeTests.wrong, accounts.ann)
        for _ in 0..<5 {
            let cmid = accounts.nextID()
            #expect(try accounts.claim(body, key, cmid: cmid).rejection == .codeWrong)
            #expect(try accounts.claim(body, key, cmid: cmid).rejection == .codeWrong)
        }
        #expect(
            try accounts.claim(CodeTests.verify(CodeTests.right, accounts.ann), key).rejection
                == .codeTooManyTries)
        accounts.time += 30_000
        try accounts.claim(.requestCode(codeHash: CodeTests.right), key)
        #expect(
            try accounts.claim(CodeTests.verify(CodeTests.right, accounts.ann), key).receipt != nil)
    }

    @Test("A code is good for five minutes, and none is good before it is asked for")
    func expiry() throws {
        var accounts = try AccountsFixture()
        let key = ClaimKey.phone(accounts.phone)
        let body = CodeTests.verify(CodeTests.right, accounts.ann)
        #expect(try accounts.claim(body, key).rejection == .codeExpired)
        try accounts.claim(.requestCode(codeHash: CodeTests.right), key)
        accounts.time += 300_000
        #expect(try accounts.claim(body, key).rejection == .codeExpired)
        accounts.time -= 1
        #expect(try accounts.claim(body, key).receipt != nil)
    }

    @Test("A phone gets a code every 30 s at most, and five an hour; the refusal says when")
    func limits() throws {
        var accounts = try AccountsFixture()
        let key = ClaimKey.phone(accounts.phone)
        let body = ClaimCommand.Body.requestCode(codeHash: CodeTests.right)
        #expect(try accounts.claim(body, key).receipt != nil)
        accounts.time += 10_000
        #expect(
            try accounts.claim(body, key).rejection == .tooMany(retryAfter: .seconds(20)))
        for _ in 0..<4 {
            accounts.time += 30_000
            #expect(try accounts.claim(body, key).receipt != nil)
        }
        accounts.time += 30_000
        let wait = Interval.milliseconds(AccountsFixture.start + 3_600_000 - accounts.time)
        #expect(try accounts.claim(body, key).rejection == .tooMany(retryAfter: wait))
        accounts.time = AccountsFixture.start + 3_600_000
        #expect(try accounts.claim(body, key).receipt != nil)
        let other = ClaimKey.phone(try #require(PhoneNumber("+12025550123")))
        #expect(try accounts.claim(body, other).receipt != nil)
    }

    @Test("A request delivered twice is one request")
    func requestTwice() throws {
        var accounts = try AccountsFixture()
        let key = ClaimKey.phone(accounts.phone)
        let cmid = accounts.nextID()
        let body = ClaimCommand.Body.requestCode(codeHash: CodeTests.right)
        let first = try accounts.claim(body, key, cmid: cmid)
        accounts.time += 60_000
        let before = accounts.stateHash
        #expect(try accounts.claim(body, key, cmid: cmid).result == first.result)
        #expect(accounts.stateHash != before || first.receipt != nil)
        try accounts.claim(CodeTests.verify(CodeTests.right, accounts.ann), key)
        #expect(try accounts.claim(body, key, cmid: cmid).result == first.result)
        #expect(
            try accounts.claim(CodeTests.verify(CodeTests.right, accounts.ann), key).rejection
                == .codeUsed, "the retry did not renew the code")
    }

    @Test("A clock that was a little ahead holds the next code back no longer than a right one")
    func slightlyAhead() throws {
        var accounts = try AccountsFixture()
        let key = ClaimKey.phone(accounts.phone)
        let body = ClaimCommand.Body.requestCode(codeHash: CodeTests.right)
        accounts.time += 25_000
        #expect(try accounts.claim(body, key).receipt != nil)
        accounts.time -= 25_000
        #expect(
            try accounts.claim(body, key).rejection == .tooMany(retryAfter: .seconds(30)))
        accounts.time += 29_000
        #expect(try accounts.claim(body, key).rejection == .tooMany(retryAfter: .seconds(1)))
        accounts.time += 1_000
        #expect(try accounts.claim(body, key).receipt != nil)
    }

    @Test("A clock that was years ahead does not lock a phone out once it is right again")
    func wrongClock() throws {
        var accounts = try AccountsFixture()
        let key = ClaimKey.phone(accounts.phone)
        let body = ClaimCommand.Body.requestCode(codeHash: CodeTests.right)
        accounts.time += 3_000_000
        #expect(try accounts.claim(body, key).receipt != nil)
        accounts.time -= 3_000_000
        let refused = try #require(try accounts.claim(body, key).rejection)
        #expect(refused.retryAfter == .seconds(30))
        accounts.time -= 3_000_000_000
        let cmid = MessageID(milliseconds: AccountsFixture.start, using: &accounts.generator)
        #expect(try accounts.claim(body, key, cmid: cmid).receipt != nil)
    }
}

@Suite("Names")
struct NameTests {
    @Test(
        "A name is claimed by one owner at most, person or public chat, and what follows goes on"
    )
    func exclusive() throws {
        var accounts = try AccountsFixture()
        let key = ClaimKey.name("annie")
        let owner = ClaimOwner.account(accounts.ann)
        let cmid = accounts.nextID()
        let then: [[UInt8]] = [[1, 2], [3]]
        let claimed = try accounts.claim(.claimName(owner: owner, then: then), key, cmid: cmid)
        #expect(claimed.receipt?.account == accounts.ann)
        #expect(
            claimed.effects == [
                AccountEffect(cmid: cmid.derived(0), body: .carried([1, 2])),
                AccountEffect(cmid: cmid.derived(1), body: .carried([3])),
            ])
        let again = try accounts.claim(.claimName(owner: owner, then: then), key, cmid: cmid)
        #expect(again.result == claimed.result && again.effects.isEmpty)
        for other in [ClaimOwner.account(accounts.ben), .chat(accounts.room)] {
            let refused = try accounts.claim(.claimName(owner: other, then: then), key)
            #expect(refused.rejection == .nameTaken && refused.effects.isEmpty)
        }
        #expect(try accounts.claim(.claimName(owner: owner, then: []), key).receipt != nil)
        #expect(try accounts.owner(key) == owner)
    }

    @Test("Capital letters are the same name")
    func folded() throws {
        var accounts = try AccountsFixture()
        let room = ClaimOwner.chat(accounts.room)
        try accounts.claim(.claimName(owner: room, then: []), .name("Lobby"))
        #expect(try accounts.owner(.name("lobby")) == room)
        #expect(ClaimKey.name("Lobby") == .name("lOBBY"))
        #expect(ClaimKey.name("Lobby").bytes == Array("name:lobby".utf8))
        #expect(
            try accounts.claim(
                .claimName(owner: .account(accounts.ann), then: []), .name("LOBBY")
            ).rejection == .nameTaken)
    }

    @Test("Only its owner lets a name go, and it is free when the last claim is let go")
    func release() throws {
        var accounts = try AccountsFixture()
        let key = ClaimKey.name("annie")
        let owner = ClaimOwner.account(accounts.ann)
        let first = accounts.nextID()
        let second = accounts.nextID()
        try accounts.claim(.claimName(owner: owner, then: []), key, cmid: first)
        try accounts.claim(.claimName(owner: owner, then: []), key, cmid: second)
        func release(_ owner: ClaimOwner, _ claim: MessageID) throws {
            #expect(
                try accounts.claim(.releaseName(owner: owner, claim: claim), key).receipt != nil)
        }
        try release(.account(accounts.ben), first)
        try release(.account(accounts.ben), second)
        for _ in 0..<2 { try release(owner, first) }
        #expect(try accounts.owner(key) == owner, "the second claim holds it")
        try release(owner, second)
        #expect(try accounts.owner(key) == nil)
        let room = ClaimOwner.chat(accounts.room)
        #expect(try accounts.claim(.claimName(owner: room, then: []), key).receipt != nil)
        try release(owner, second)
        #expect(try accounts.owner(key) == room, "a late delivery takes nothing from the new owner")
    }

    @Test("A person's name must be a username, a chat's a visible name; what follows has limits")
    func invalid() throws {
        var accounts = try AccountsFixture()
        let ann = ClaimOwner.account(accounts.ann)
        let room = ClaimOwner.chat(accounts.room)
        func rejection(_ name: String, _ owner: ClaimOwner, _ then: [[UInt8]] = []) throws
            -> AccountRejection?
        {
            try accounts.claim(.claimName(owner: owner, then: then), .name(name)).rejection
        }
        #expect(try rejection("ann", ann) == .badUsername)
        #expect(try rejection("ann", room) == nil)
        #expect(try rejection(" ann", room) == .badName)
        #expect(try rejection("annie", ann, [[], [], [], [], []]) == .badRequest)
        #expect(
            try rejection("annie", ann, [Array(repeating: 0, count: 32_769)]) == .badRequest)
    }

    @Test("A command for a phone does not fit a name, nor the other way round")
    func misfits() throws {
        var accounts = try AccountsFixture()
        let phone = ClaimKey.phone(accounts.phone)
        let name = ClaimKey.name("annie")
        let owner = ClaimOwner.account(accounts.ann)
        #expect(
            try accounts.claim(.claimName(owner: owner, then: []), phone).rejection == .badRequest)
        #expect(
            try accounts.claim(.releaseName(owner: owner, claim: accounts.nextID()), phone)
                .rejection == .badRequest)
        #expect(
            try accounts.claim(.requestCode(codeHash: [1]), name).rejection == .badRequest)
        #expect(
            try accounts.claim(.verifyCode(codeHash: [1], proposed: accounts.ann), name).rejection
                == .badRequest)
    }

    @Test("Unfinished claims of one name have a limit")
    func claimLimit() throws {
        var accounts = try AccountsFixture()
        let owner = ClaimOwner.account(accounts.ann)
        for _ in 0..<AccountLimits.claimsMax {
            #expect(
                try accounts.claim(.claimName(owner: owner, then: []), .name("annie")).receipt
                    != nil)
        }
        #expect(
            try accounts.claim(.claimName(owner: owner, then: []), .name("annie")).rejection
                == .tooMany(retryAfter: nil))
    }
}
