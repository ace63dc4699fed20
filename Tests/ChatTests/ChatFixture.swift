import Chat
import Determinism
import Identity
import Storage
import Testing

/// One shard of chats on a store in memory, and the ids that tests speak of.
struct ChatFixture {
    static let start: UInt64 = 1_700_000_000_000
    static let day: UInt64 = 86_400_000

    let shard = ShardID(3)
    var store = MemoryStore()
    var stateHash: UInt64 = 0
    var time = ChatFixture.start
    var generator = SeededGenerator(seed: 1)

    let chat = ChatID(high: 7, low: 7)
    let ann = AccountID(high: 1, low: 1)
    let ben = AccountID(high: 2, low: 2)
    let cat = AccountID(high: 3, low: 3)

    /// The shard's state as queries see it.
    var view: ShardStore { ShardStore(shard: shard, generation: 0, base: store) }

    mutating func nextID() -> MessageID { MessageID(milliseconds: time, using: &generator) }

    /// Applies the command as its bytes say it, at the fixture's time.
    @discardableResult
    mutating func apply(
        _ body: ChatCommand.Body, by actor: AccountID?, cmid: MessageID? = nil,
        chat: ChatID? = nil
    ) throws -> ChatOutcome {
        try apply(
            ChatCommand(
                chat: chat ?? self.chat, cmid: cmid ?? nextID(), actor: actor,
                time: WallTime(milliseconds: time), body: body))
    }

    @discardableResult
    mutating func apply(_ command: ChatCommand) throws -> ChatOutcome {
        var state = StateTransaction(shard: shard, base: store, stateHash: stateHash)
        let outcome = try ChatMachine.apply(ChatCommand(decoding: command.encoded()), to: &state)
        stateHash = state.stateHash
        store.apply(state.takeBatch())
        return outcome
    }

    /// A private chat of Ann's, of which Ben is a member.
    static func withTwo(kind: ChatKind = .private) throws -> ChatFixture {
        var fixture = ChatFixture()
        try fixture.apply(
            .create(kind: kind, name: "tea", fullName: "Tea at five"), by: fixture.ann)
        try fixture.apply(.addMember(fixture.ben), by: fixture.ann)
        return fixture
    }

    func summary(for account: AccountID) throws -> ChatSummary? {
        try ChatQueries.summary(of: chat, for: account, in: shard, view)
    }

    func entries() throws -> [ChatEntry] {
        try ChatQueries.entries(
            from: view.pairs(
                ChatQueries.historyRange(
                    of: chat, in: shard, isNewestFirst: false, countMax: 10_000)))
    }

    /// The state hash that a scan finds.
    func scannedHash() throws -> UInt64 {
        let prefix = Keyspace.statePrefix(shard, generation: 0)
        let range = KeyRange(.data, prefix: prefix, countMax: .max, bytesMax: .max)
        return try store.pairs(range).reduce(0) { sum, pair in
            sum
                &+ StateTransaction.hash(
                    key: Array(pair.key.dropFirst(prefix.count)), value: pair.value)
        }
    }

    /// How many answers are kept.
    func answerCount() throws -> Int {
        try StateView(shard, view).pairs(
            prefix: Keyspace.state(.commandResult), after: nil, countMax: .max
        ).count
    }
}

extension ChatOutcome {
    /// The receipt of an accepted command.
    var receipt: ChatReceipt? {
        if case .accepted(let receipt) = result { receipt } else { nil }
    }

    /// The reason of a refused one.
    var rejection: ChatRejection? {
        if case .rejected(let rejection) = result { rejection } else { nil }
    }
}
