import Accounts
import Determinism
import Identity
import Storage
import Testing

@Suite("What an account keeps about its chats")
struct ChatSettingsTests {
    private func settings(_ accounts: AccountsFixture) throws -> [KeptSettings] {
        try AccountQueries.settings(
            from: accounts.view.pairs(
                AccountQueries.settingsRange(of: accounts.ann, in: accounts.shard)))
    }

    private func violations(_ accounts: AccountsFixture) throws -> [String] {
        try AccountInvariants.violations(
            of: accounts.ann, in: accounts.shard, accounts.view)
    }

    private static func chat(_ number: UInt64) -> ChatID { ChatID(high: 7, low: number) }

    @Test("A change is told as the whole of what is kept, and once")
    func told() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let room = accounts.room
        let muted = ChatSettingsChange(mutedUntil: .proposedMax)
        #expect(try accounts.apply(.setChat(room, muted)).published.count == 1)
        #expect(try accounts.apply(.setChat(room, muted)).published.isEmpty)
        try accounts.apply(.setChat(room, ChatSettingsChange(isUnread: true)))
        let kept = KeptSettings(
            chat: room, settings: ChatSettings(mutedUntil: .proposedMax, isUnread: true))
        #expect(try accounts.inbox().last?.kind == .chatSettings(kept))
        #expect(try settings(accounts) == [kept])
        let nothing = ChatSettingsChange(mutedUntil: WallTime(milliseconds: 0), isUnread: false)
        try accounts.apply(.setChat(room, nothing))
        #expect(
            try accounts.inbox().last?.kind
                == .chatSettings(KeptSettings(chat: room, settings: .none)))
        #expect(try settings(accounts).isEmpty && violations(accounts).isEmpty)
    }

    @Test("A change that comes again after another one changes nothing")
    func repeated() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let cmid = accounts.nextID()
        let unread = ChatSettingsChange(isUnread: true)
        let first = try accounts.apply(.setChat(accounts.room, unread), cmid: cmid)
        try accounts.apply(.setChat(accounts.room, ChatSettingsChange(isUnread: false)))
        let again = try accounts.apply(.setChat(accounts.room, unread), cmid: cmid)
        #expect(again.receipt == first.receipt && again.published.isEmpty)
        #expect(try settings(accounts).isEmpty)
    }

    @Test("Five chats can be pinned, the last on top; one that is there comes to the top")
    func pins() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let pin = ChatSettingsChange(isPinned: true)
        for number in 1...5 as ClosedRange<UInt64> {
            try accounts.apply(.setChat(Self.chat(number), pin))
        }
        #expect(try accounts.apply(.setChat(Self.chat(6), pin)).rejection == .tooManyPinnedChats)
        #expect(try accounts.apply(.setChat(Self.chat(2), pin)).receipt != nil)
        let order = try settings(accounts).sorted { $0.settings.pin > $1.settings.pin }
        #expect(order.map(\.chat) == [2, 5, 4, 3, 1].map { Self.chat($0) })
        try accounts.apply(.setChat(Self.chat(5), ChatSettingsChange(isPinned: false)))
        #expect(try accounts.apply(.setChat(Self.chat(6), pin)).receipt != nil)
        #expect(try violations(accounts).isEmpty)
    }

    @Test("What is archived is not pinned, and what gets pinned is not archived")
    func onePlace() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let room = accounts.room
        try accounts.apply(.setChat(room, ChatSettingsChange(isPinned: true)))
        try accounts.apply(.setChat(room, ChatSettingsChange(archive: .through(Ordinal(7)))))
        #expect(try settings(accounts).map(\.settings) == [ChatSettings(archived: Ordinal(7))])
        // A device that is behind forgets no message that another one knew.
        try accounts.apply(.setChat(room, ChatSettingsChange(archive: .through(Ordinal(3)))))
        #expect(try settings(accounts).map(\.settings) == [ChatSettings(archived: Ordinal(7))])
        try accounts.apply(.setChat(room, ChatSettingsChange(isPinned: true)))
        let kept = try settings(accounts).map(\.settings)
        #expect(kept.count == 1 && kept[0].archived == nil && kept[0].pin > .zero)
        #expect(try violations(accounts).isEmpty)
    }

    @Test("Who leaves a chat, or is in it anew, keeps nothing about it")
    func left() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let (room, unread) = (accounts.room, ChatSettingsChange(isUnread: true))
        try accounts.apply(.listChat(room, at: SequenceNumber(1)))
        try accounts.apply(.setChat(room, unread))
        try accounts.apply(.unlistChat(room, at: SequenceNumber(2)))
        #expect(
            try accounts.inbox().suffix(2).map(\.kind) == [
                .chatRemoved(room), .chatSettings(KeptSettings(chat: room, settings: .none)),
            ])
        #expect(try accounts.apply(.setChat(room, unread)).rejection == .notFound)
        try accounts.apply(.listChat(room, at: SequenceNumber(3)))
        try accounts.apply(.setChat(room, unread))
        // The end between the two was not heard of.
        try accounts.apply(.listChat(room, at: SequenceNumber(5)))
        #expect(try settings(accounts).isEmpty && violations(accounts).isEmpty)
    }

    @Test("Nobody keeps anything, and no message has that number")
    func refused() throws {
        var accounts = try AccountsFixture()
        let unread = ChatSettingsChange(isUnread: true)
        #expect(try accounts.apply(.setChat(accounts.room, unread)).rejection == .notFound)
        try accounts.open(1)
        let far = ChatSettingsChange(archive: .through(Ordinal(1 << 53)))
        #expect(try accounts.apply(.setChat(accounts.room, far)).rejection == .badRequest)
    }

    @Test("There are as many chats with settings as chats")
    func limit() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        let unread = ChatSettingsChange(isUnread: true)
        for number in 1...UInt64(AccountLimits.chatsMax) {
            try accounts.apply(.setChat(Self.chat(number), unread))
        }
        let next = Self.chat(UInt64(AccountLimits.chatsMax) + 1)
        #expect(try accounts.apply(.setChat(next, unread)).rejection == .tooLarge)
        let muted = ChatSettingsChange(mutedUntil: .proposedMax)
        #expect(try accounts.apply(.setChat(Self.chat(1), muted)).receipt != nil)
    }

    @Test("The recount finds settings that are missing and those that nobody was told of")
    func recount() throws {
        var accounts = try AccountsFixture()
        try accounts.open(1)
        try accounts.apply(.setChat(accounts.room, ChatSettingsChange(isPinned: true)))
        let prefix = Keyspace.statePrefix(accounts.shard, generation: 0)
        var batch = WriteBatch()
        batch.delete(
            prefix + Keyspace.chatSettings(accounts.ann, accounts.room), in: .data)
        accounts.store.apply(batch)
        let found = try violations(accounts)
        #expect(found.contains { $0.hasPrefix("3:") } && found.contains { $0.hasPrefix("5:") })
    }
}
