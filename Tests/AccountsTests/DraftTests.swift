import Accounts
import Determinism
import Identity
import Storage
import Testing

@Suite("Drafts")
struct DraftTests {
    private func drafts(_ accounts: AccountsFixture) throws -> [ChatDraft] {
        try AccountQueries.drafts(
            from: accounts.view.pairs(
                AccountQueries.draftsRange(of: accounts.ann, in: accounts.shard)))
    }

    private func violations(_ accounts: AccountsFixture) throws -> [String] {
        try AccountInvariants.violations(
            of: accounts.ann, in: accounts.shard, accounts.view)
    }

    private static func chat(_ number: UInt64) -> ChatID { ChatID(high: 7, low: number) }

    @Test("The last text is kept, the inbox says that it is there, and neither says it twice")
    func kept() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let (room, answered) = (accounts.room, SequenceNumber(4))
        #expect(
            try accounts.apply(.setDraft(room, text: "hal", replyTo: nil)).published.count == 1)
        #expect(
            try accounts.apply(.setDraft(room, text: "hal", replyTo: nil)).published.isEmpty)
        try accounts.apply(.setDraft(room, text: "half", replyTo: answered))
        #expect(try accounts.inbox().last?.kind == .draft(room, isThere: true))
        let draft = ChatDraft(
            chat: room, text: "half", replyTo: answered,
            time: WallTime(milliseconds: accounts.time))
        #expect(try drafts(accounts) == [draft])
        #expect(
            try AccountQueries.draft(
                of: room, for: accounts.ann, in: accounts.shard, accounts.view) == draft)
        let cleared = try accounts.apply(.setDraft(room, text: "", replyTo: answered))
        #expect(cleared.published.count == 1)
        #expect(try accounts.inbox().last?.kind == .draft(room, isThere: false))
        #expect(try accounts.apply(.setDraft(room, text: "", replyTo: nil)).published.isEmpty)
        #expect(try drafts(accounts).isEmpty && violations(accounts).isEmpty)
    }

    @Test("A text that comes again after it was sent does not come back")
    func repeated() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let cmid = accounts.nextID()
        let save = AccountCommand.Body.setDraft(accounts.room, text: "half", replyTo: nil)
        let first = try accounts.apply(save, cmid: cmid)
        try accounts.apply(.setDraft(accounts.room, text: "", replyTo: nil))
        let again = try accounts.apply(save, cmid: cmid)
        #expect(again.receipt == first.receipt && again.published.isEmpty)
        #expect(try drafts(accounts).isEmpty)
    }

    @Test("Nothing is left on the disk of what was begun in a chat that was left")
    func left() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let save = AccountCommand.Body.setDraft(accounts.room, text: "half", replyTo: nil)
        try accounts.apply(.listChat(accounts.room, at: SequenceNumber(1)))
        try accounts.apply(save)
        try accounts.apply(.unlistChat(accounts.room, at: SequenceNumber(2)))
        #expect(try accounts.inbox().last?.kind == .draft(accounts.room, isThere: false))
        #expect(try drafts(accounts).isEmpty && violations(accounts).isEmpty)
        #expect(try accounts.apply(save).rejection == .notFound)
        // What is not there may be cleared.
        let clear = AccountCommand.Body.setDraft(accounts.room, text: "", replyTo: nil)
        #expect(try accounts.apply(clear).receipt != nil)
    }

    @Test(
        "What is longer than a message, or answers none, is refused",
        arguments: [
            (String(repeating: "x", count: 4_097), 1), (String(repeating: "🙂", count: 4_097), 1),
            ("x", 1 << 53),
        ] as [(String, UInt64)])
    func refused(text: String, replyTo: UInt64) throws {
        var accounts = try AccountsFixture()
        let save = AccountCommand.Body.setDraft(
            accounts.room, text: text, replyTo: SequenceNumber(replyTo))
        #expect(try accounts.apply(save).rejection == .notFound)
        try accounts.open(1)
        #expect(try accounts.apply(save).rejection == .badRequest)
        let longest = String(repeating: "🙂", count: 4_096)
        #expect(
            try accounts.apply(.setDraft(accounts.room, text: longest, replyTo: nil)).receipt
                != nil)
    }

    @Test("Drafts have a limit, and one more fits when one is gone")
    func limit() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let all = UInt64(AccountLimits.draftsMax)
        for number in 1...all {
            try accounts.apply(.setDraft(Self.chat(number), text: "half", replyTo: nil))
        }
        let next = AccountCommand.Body.setDraft(Self.chat(all + 1), text: "half", replyTo: nil)
        #expect(try accounts.apply(next).rejection == .tooLarge)
        try accounts.apply(.setDraft(Self.chat(1), text: "", replyTo: nil))
        #expect(try accounts.apply(next).receipt != nil)
        #expect(try violations(accounts).isEmpty)
    }

    @Test("The recount finds a draft that is missing and one that nobody was told of")
    func recount() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        try accounts.apply(.setDraft(accounts.room, text: "half", replyTo: nil))
        let prefix = Keyspace.statePrefix(accounts.shard, generation: 0)
        var batch = WriteBatch()
        batch.delete(prefix + Keyspace.draft(accounts.ann, accounts.room), in: .data)
        accounts.store.apply(batch)
        let found = try violations(accounts)
        #expect(found.contains { $0.hasPrefix("3:") } && found.contains { $0.hasPrefix("6:") })
    }
}
