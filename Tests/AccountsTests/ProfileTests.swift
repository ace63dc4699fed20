import Accounts
import Determinism
import Identity
import Storage
import Testing

@Suite("Profiles")
struct ProfileTests {
    @Test("A name of 1 to 64 visible characters is taken and told in the inbox once")
    func name() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        #expect(try accounts.apply(.setProfile(name: "Ann")).published.count == 1)
        #expect(try accounts.apply(.setProfile(name: "Ann")).published.isEmpty)
        #expect(try accounts.facts()?.name == "Ann")
        #expect(try accounts.inbox().last?.kind == .profileChanged)
        let longest = String(repeating: "\u{E9}", count: 64)
        #expect(try accounts.apply(.setProfile(name: longest)).receipt != nil)
        for name in ["", " ", " Ann", "A\nn", "A\u{202E}n", longest + "x"] {
            #expect(try accounts.apply(.setProfile(name: name)).rejection == .badName)
        }
        #expect(
            try accounts.apply(.setProfile(name: "x"), to: accounts.ben).rejection == .notFound)
    }

    @Test("A new username lets the old one go, as it was claimed, and completes the profile")
    func username() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        try accounts.apply(.setProfile(name: "Ann"))
        let first = accounts.nextID()
        let set = try accounts.apply(.setUsername("annie"), cmid: first)
        #expect(set.effects.isEmpty && set.published.count == 1)
        #expect(try accounts.facts()?.isComplete == true)
        let changed = try accounts.apply(.setUsername("anna_2"))
        #expect(
            changed.effects.map(\.body) == [.releaseName("annie", accounts.ann, claim: first)])
        let person = try AccountQueries.person(accounts.ann, in: accounts.shard, accounts.view)
        #expect(person == Person(account: accounts.ann, name: "Ann", username: "anna_2"))
    }

    @Test("Setting the same username again lets the first claim go and keeps the second")
    func sameUsername() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let first = accounts.nextID()
        try accounts.apply(.setUsername("annie"), cmid: first)
        let again = try accounts.apply(.setUsername("annie"))
        #expect(again.effects.map(\.body) == [.releaseName("annie", accounts.ann, claim: first)])
        #expect(again.published.isEmpty)
    }

    @Test("A username that cannot be set is let go again, unless this command had set it")
    func refusedUsername() throws {
        var accounts = try AccountsFixture()
        let cmid = accounts.nextID()
        let refused = try accounts.apply(.setUsername("annie"), cmid: cmid)
        #expect(refused.rejection == .notFound)
        #expect(refused.effects.map(\.body) == [.releaseName("annie", accounts.ann, claim: cmid)])
        try accounts.open(1)
        #expect(try accounts.apply(.setUsername("annie"), cmid: cmid).rejection == .notFound)
        let second = accounts.nextID()
        try accounts.apply(.setUsername("annie"), cmid: second)
        accounts.time += 9 * AccountsFixture.day
        try accounts.apply(.setProfile(name: "Ann"))
        let late = try accounts.apply(.setUsername("annie"), cmid: second)
        #expect(late.rejection == .cmidExpired && late.effects.isEmpty)
    }

    @Test(
        "A username is 5 to 32 of a-z, 0-9 and _, beginning with a letter",
        arguments: [
            ("annie", true), ("a1_23", true), (String(repeating: "x", count: 32), true),
            ("anni", false), ("1nnie", false), ("_nnie", false), ("Annie", false),
            ("ann e", false), ("ann\u{E9}e", false), (String(repeating: "x", count: 33), false),
            ("", false), ("annie\u{0}", false),
        ])
    func usernames(username: String, isValid: Bool) {
        #expect(Username.isValid(username) == isValid)
    }
}

@Suite("Chat lists")
struct ChatListTests {
    @Test("A chat is added once and taken off once, however often that is delivered")
    func idempotent() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        for _ in 0..<3 { try accounts.apply(.listChat(accounts.room, at: SequenceNumber(1))) }
        #expect(try accounts.chatList() == [accounts.room])
        for _ in 0..<3 { try accounts.apply(.unlistChat(accounts.room, at: SequenceNumber(5))) }
        #expect(try accounts.chatList().isEmpty)
        #expect(
            try accounts.inbox().dropFirst().map(\.kind) == [
                .chatAdded(accounts.room), .chatRemoved(accounts.room),
            ])
    }

    @Test("What the chat said last wins, in whatever order it arrives")
    func order() throws {
        let room = ChatID(high: 7, low: 7)
        let said: [AccountCommand.Body] = [
            .listChat(room, at: SequenceNumber(1)), .unlistChat(room, at: SequenceNumber(4)),
            .listChat(room, at: SequenceNumber(6)), .unlistChat(room, at: SequenceNumber(9)),
        ]
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<50 {
            var accounts = try AccountsFixture()
            try accounts.open(1)
            for body in said.shuffled(using: &generator) { try accounts.apply(body) }
            #expect(try accounts.chatList().isEmpty)
            try accounts.apply(.listChat(room, at: SequenceNumber(10)))
            #expect(try accounts.chatList() == [room])
        }
    }

    @Test("A chat that is listed again by a later entry is told again, and counted once")
    func listedAgain() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        for seq in [1, 6, 6] as [UInt64] {
            try accounts.apply(.listChat(accounts.room, at: SequenceNumber(seq)))
        }
        // The removal between the two comes too late to be heard.
        try accounts.apply(.unlistChat(accounts.room, at: SequenceNumber(4)))
        #expect(try accounts.chatList() == [accounts.room])
        #expect(
            try accounts.inbox().dropFirst().map(\.kind) == [
                .chatAdded(accounts.room), .chatAdded(accounts.room),
            ])
    }

    @Test("An account that nobody has signed in to yet can be invited, and completes later")
    func invitedFirst() throws {
        var accounts = try AccountsFixture()
        try accounts.apply(.listChat(accounts.room, at: SequenceNumber(1)))
        #expect(try accounts.facts()?.phone == nil)
        try accounts.open(1)
        #expect(try accounts.facts()?.phone == accounts.phone)
        #expect(try accounts.chatList() == [accounts.room])
    }

    @Test("An account lists 2,000 chats and no more; a place that gets free can be taken")
    func limit() throws {
        var accounts = try AccountsFixture()
        for low in 1...2_000 as ClosedRange<UInt64> {
            try accounts.apply(.listChat(ChatID(high: 1, low: low), at: SequenceNumber(1)))
        }
        let over = AccountCommand.Body.listChat(accounts.room, at: SequenceNumber(1))
        #expect(try accounts.apply(over).rejection == .tooLarge)
        #expect(try accounts.chatList().count == 2_000)
        try accounts.apply(.unlistChat(ChatID(high: 1, low: 9), at: SequenceNumber(2)))
        #expect(try accounts.apply(over).receipt != nil)
        let list = try accounts.chatList()
        #expect(list.count == 2_000 && list.contains(accounts.room) && list == list.sorted())
    }
}
