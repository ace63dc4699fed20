import Chat
import Determinism
import Identity
import Storage
import Testing

@Suite("Reactions")
struct ReactionTests {
    /// A chat in which Ben has sent the message 3.
    private static func withMessage() throws -> (ChatFixture, SequenceNumber) {
        var chats = try ChatFixture.withTwo()
        let sent = try #require(try chats.apply(.send(text: "tea?"), by: chats.ben).receipt)
        return (chats, sent.seq)
    }

    private func violations(_ chats: ChatFixture) throws -> [String] {
        try ChatInvariants.violations(of: chats.chat, in: chats.shard, chats.view)
    }

    private func message(_ chats: ChatFixture) throws -> ChatEntry {
        try #require(try chats.entries().first { $0.seq == SequenceNumber(3) })
    }

    @Test("A reaction is an entry without ordinal that is no line, and the message has it")
    func react() throws {
        var (chats, target) = try Self.withMessage()
        let unread = try chats.summary(for: chats.ann)?.unread
        let outcome = try chats.apply(.react(to: target, emoji: "👍"), by: chats.ann)
        let receipt = try #require(outcome.receipt)
        #expect(receipt.seq == target.next && receipt.n == .zero)
        let tally = ReactionTally(emoji: "👍", count: 1, first: [chats.ann])
        let published = try #require(outcome.published.first)
        let entry = try ChatEntry(decoding: published.bytes)
        #expect(entry.kind == .reacted(target, emoji: "👍", tallies: [tally]))
        #expect(entry.from == chats.ann && !entry.isShown)
        #expect(try message(chats).reactions?.tallies == [tally])
        #expect(try message(chats).reactions?.seq == receipt.seq)
        #expect(try message(chats).reactions?.emoji(of: chats.ann) == "👍")
        #expect(try message(chats).reactions?.emoji(of: chats.ben) == nil)
        let summary = try #require(try chats.summary(for: chats.ann))
        #expect(summary.unread == unread && summary.changed == receipt.seq)
        #expect(summary.last?.seq == target)
        #expect(try violations(chats).isEmpty)
    }

    @Test("Another emoji takes the place of the first, and none takes it back")
    func replaced() throws {
        var (chats, target) = try Self.withMessage()
        for (actor, emoji) in [(chats.ann, "👍"), (chats.ben, "👍"), (chats.ann, "🔥")] {
            try chats.apply(.react(to: target, emoji: emoji), by: actor)
        }
        #expect(
            try message(chats).reactions?.tallies == [
                ReactionTally(emoji: "👍", count: 1, first: [chats.ben]),
                ReactionTally(emoji: "🔥", count: 1, first: [chats.ann]),
            ])
        for actor in [chats.ben, chats.ann] {
            try chats.apply(.react(to: target, emoji: nil), by: actor)
        }
        #expect(try message(chats).reactions?.groups == [])
        #expect(try message(chats).reactions?.seq == SequenceNumber(8))
        #expect(try violations(chats).isEmpty)
    }

    @Test("To say again what one says, or to take back nothing, makes no entry")
    func nothingNew() throws {
        var (chats, target) = try Self.withMessage()
        let back = try chats.apply(.react(to: target, emoji: nil), by: chats.ann)
        #expect(back.receipt?.seq == target && back.published.isEmpty)
        let cmid = chats.nextID()
        let first = try chats.apply(.react(to: target, emoji: "👍"), by: chats.ann, cmid: cmid)
        let again = try chats.apply(.react(to: target, emoji: "👍"), by: chats.ann)
        #expect(again.receipt?.seq == first.receipt?.seq && again.published.isEmpty)
        try chats.apply(.react(to: target, emoji: nil), by: chats.ann)
        // A try that comes late is the one that was done long ago.
        let late = try chats.apply(.react(to: target, emoji: "👍"), by: chats.ann, cmid: cmid)
        #expect(late.receipt == first.receipt && late.published.isEmpty)
        #expect(try message(chats).reactions?.groups == [])
    }

    @Test("An edit keeps what is said of a message, a deletion takes it, and then nothing is said")
    func changed() throws {
        var (chats, target) = try Self.withMessage()
        try chats.apply(.react(to: target, emoji: "👍"), by: chats.ann)
        try chats.apply(.edit(target: target, text: "coffee?"), by: chats.ben)
        #expect(try message(chats).reactions?.tallies.count == 1)
        try chats.apply(.react(to: target, emoji: "🔥"), by: chats.ben)
        #expect(try message(chats).edition != nil)
        #expect(try violations(chats).isEmpty)
        try chats.apply(.deleteMessage(target), by: chats.ben)
        #expect(try message(chats).reactions == nil)
        for emoji in ["👍", nil] {
            let outcome = try chats.apply(.react(to: target, emoji: emoji), by: chats.ann)
            #expect(outcome.rejection == .messageDeleted)
        }
        #expect(try violations(chats).isEmpty)
    }

    @Test("Strangers, former members, lines of the chat and what is no emoji are refused")
    func refused() throws {
        var (chats, target) = try Self.withMessage()
        func rejection(
            _ emoji: String?, to seq: SequenceNumber? = nil, by actor: AccountID?
        ) throws -> ChatRejection? {
            try chats.apply(.react(to: seq ?? target, emoji: emoji), by: actor).rejection
        }
        #expect(try rejection("👍", by: chats.cat) == .notFound)
        #expect(try rejection("👍", by: nil) == .forbidden)
        #expect(try rejection("👍", to: SequenceNumber(1), by: chats.ann) == .badTarget)
        #expect(try rejection("👍", to: SequenceNumber(99), by: chats.ann) == .badTarget)
        for text in ["", "no", "👍👍", "👍 "] {
            #expect(try rejection(text, by: chats.ann) == .badEmoji)
        }
        try chats.apply(.removeMember(chats.ben), by: chats.ann)
        #expect(try rejection("👍", by: chats.ben) == .notMember)
        #expect(try rejection(nil, by: chats.ben) == .notMember)
    }

    @Test("A message has twenty different emoji, and the twenty-first is refused")
    func limit() throws {
        var chats = ChatFixture()
        try chats.apply(.create(kind: .public, name: "tea", fullName: ""), by: chats.ann)
        let target = try #require(try chats.apply(.send(text: "x"), by: chats.ann).receipt?.seq)
        for number in 0..<20 as Range<UInt32> {
            let scalar = try #require(Unicode.Scalar(0x1F600 + number))
            let visitor = AccountID(high: 7, low: UInt64(number))
            let outcome = try chats.apply(
                .react(to: target, emoji: String(Character(scalar))), by: visitor)
            #expect(outcome.receipt != nil)
        }
        #expect(
            try chats.apply(.react(to: target, emoji: "👍"), by: chats.ann).rejection
                == .tooManyReactions)
        let first = "\u{1F600}"
        #expect(try chats.apply(.react(to: target, emoji: first), by: chats.ann).receipt != nil)
        // Whoever said one alone may say another instead.
        let second = AccountID(high: 7, low: 1)
        #expect(try chats.apply(.react(to: target, emoji: "👍"), by: second).receipt != nil)
        #expect(try violations(chats).isEmpty)
    }

    @Test("Everybody is told of the first three who said the same, and of how many there are")
    func tallies() throws {
        var chats = ChatFixture()
        try chats.apply(.create(kind: .public, name: "tea", fullName: ""), by: chats.ann)
        let target = try #require(try chats.apply(.send(text: "x"), by: chats.ann).receipt?.seq)
        let people = (1...5).map { AccountID(high: 7, low: $0) }
        for person in people { try chats.apply(.react(to: target, emoji: "👍"), by: person) }
        try chats.apply(.react(to: target, emoji: nil), by: people[1])
        let message = try #require(try chats.entries().first { $0.seq == target })
        #expect(
            message.reactions?.tallies == [
                ReactionTally(emoji: "👍", count: 4, first: [people[0], people[2], people[3]])
            ])
    }

    @Test("A former member is told nothing of what is said after its end")
    func formerMember() throws {
        var (chats, target) = try Self.withMessage()
        try chats.apply(.react(to: target, emoji: "👍"), by: chats.ann)
        let end = try #require(
            try chats.apply(.removeMember(chats.ben), by: chats.ann).receipt?.seq)
        #expect(try message(chats).seen(through: end).reactions != nil)
        try chats.apply(.react(to: target, emoji: "🔥"), by: chats.ann)
        let seen = try message(chats).seen(through: end)
        #expect(seen.reactions == nil && seen.kind == .text("tea?"))
    }
}
