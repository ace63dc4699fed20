import Chat
import Determinism
import Identity
import Storage
import Testing

@Suite("Messages")
struct MessageTests {
    @Test("Sequence numbers are dense over all entries, ordinals over the messages alone")
    func numbers() throws {
        var chats = try ChatFixture.withTwo()
        let first = try #require(try chats.apply(.send(text: "one"), by: chats.ann).receipt)
        try chats.apply(.rename(name: "coffee", fullName: ""), by: chats.ann)
        let second = try #require(try chats.apply(.send(text: "two"), by: chats.ben).receipt)
        #expect(first.seq == SequenceNumber(3) && first.n == Ordinal(1))
        #expect(second.seq == SequenceNumber(5) && second.n == Ordinal(2))
        let entries = try chats.entries()
        #expect(entries.map(\.seq.rawValue) == [1, 2, 3, 4, 5])
        #expect(entries.map(\.n.rawValue) == [0, 0, 1, 0, 2])
        #expect(entries[4].kind == .text("two") && entries[4].from == chats.ben)
    }

    @Test("The published entry is the stored one, with its log, epoch and numbers")
    func published() throws {
        var chats = try ChatFixture.withTwo()
        let outcome = try chats.apply(.send(text: "hello"), by: chats.ann)
        let published = try #require(outcome.published.first)
        #expect(outcome.published.count == 1 && published.log == .chat(chats.chat))
        #expect(published.epoch == 1 && published.n == Ordinal(1))
        #expect(try ChatEntry(decoding: published.bytes) == chats.entries().last)
    }

    @Test("An entry's time is the clock's, but 1 ms after the one before at least")
    func times() throws {
        var chats = try ChatFixture.withTwo()
        chats.time = ChatFixture.start + 1_000
        let first = try #require(try chats.apply(.send(text: "a"), by: chats.ann).receipt)
        let second = try #require(try chats.apply(.send(text: "b"), by: chats.ann).receipt)
        chats.time = ChatFixture.start
        let third = try #require(try chats.apply(.send(text: "c"), by: chats.ann).receipt)
        #expect(first.time.milliseconds == ChatFixture.start + 1_000)
        #expect(second.time.milliseconds == ChatFixture.start + 1_001)
        #expect(third.time.milliseconds == ChatFixture.start + 1_002)
    }

    @Test(
        "A text that is empty, blank, too long or has control characters is refused",
        arguments: [
            "", "   ", "\n\t ", "\u{200B}\u{2009}", "a\u{0}b", "bell\u{7}", "del\u{7F}",
            String(repeating: "x", count: 4_097), String(repeating: "\u{1F600}", count: 4_097),
        ])
    func badText(text: String) throws {
        var chats = try ChatFixture.withTwo()
        let before = chats.stateHash
        #expect(try chats.apply(.send(text: text), by: chats.ann).rejection == .badText)
        #expect(chats.stateHash == before)
    }

    @Test(
        "A text up to the limits, with newlines and tabs, is taken as it is",
        arguments: [
            "a\n\tb", " x ", String(repeating: "x", count: 4_096),
            String(repeating: "\u{1F600}", count: 4_096), "\u{5E9}\u{5DC}\u{5D5}\u{5DD}",
        ])
    func goodText(text: String) throws {
        var chats = try ChatFixture.withTwo()
        #expect(try chats.apply(.send(text: text), by: chats.ann).receipt != nil)
        #expect(try chats.entries().last?.kind == .text(text))
    }

    @Test("Only members may send to a private chat; to a stranger it does not exist")
    func privateSend() throws {
        var chats = try ChatFixture.withTwo()
        #expect(try chats.apply(.send(text: "x"), by: chats.cat).rejection == .notFound)
        #expect(try chats.apply(.mark(Ordinal(1)), by: chats.cat).rejection == .notFound)
        #expect(try chats.apply(.send(text: "x"), by: nil).rejection == .forbidden)
        let absent = ChatID(high: 9, low: 9)
        #expect(
            try chats.apply(.send(text: "x"), by: chats.cat, chat: absent).rejection == .notFound)
    }

    @Test("Every account may send to a public chat")
    func publicSend() throws {
        var chats = try ChatFixture.withTwo(kind: .public)
        #expect(try chats.apply(.send(text: "x"), by: chats.cat).receipt != nil)
        #expect(try chats.summary(for: chats.cat)?.role == .visitor)
    }
}

@Suite("Read marks")
struct MarkTests {
    @Test("One's own message moves one's own mark; unread is the head's ordinal minus the mark")
    func unread() throws {
        var chats = try ChatFixture.withTwo()
        let outcome = try chats.apply(.send(text: "1"), by: chats.ann)
        #expect(outcome.marks?.marks == [MemberMark(account: chats.ann, n: Ordinal(1))])
        try chats.apply(.send(text: "2"), by: chats.ann)
        #expect(try chats.summary(for: chats.ann)?.unread == 0)
        #expect(try chats.summary(for: chats.ben)?.unread == 2)
        try chats.apply(.mark(Ordinal(1)), by: chats.ben)
        #expect(try chats.summary(for: chats.ben)?.unread == 1)
        try chats.apply(.send(text: "3"), by: chats.ben)
        #expect(try chats.summary(for: chats.ben)?.unread == 0)
        #expect(try chats.summary(for: chats.ann)?.unread == 1)
    }

    @Test("A mark never goes back and never beyond the head; only a change has a version")
    func monotone() throws {
        var chats = try ChatFixture.withTwo()
        for text in ["1", "2", "3"] { try chats.apply(.send(text: text), by: chats.ann) }
        #expect(try chats.apply(.mark(Ordinal(2)), by: chats.ben).marks?.version == 4)
        let before = chats.stateHash
        for n: UInt64 in [0, 1, 2] {
            let outcome = try chats.apply(.mark(Ordinal(n)), by: chats.ben)
            #expect(outcome.marks == nil && outcome.receipt?.n == Ordinal(2))
        }
        #expect(chats.stateHash == before, "a mark that stays changes nothing at all")
        let beyond = try chats.apply(.mark(Ordinal(.max)), by: chats.ben)
        #expect(beyond.marks?.marks == [MemberMark(account: chats.ben, n: Ordinal(3))])
        #expect(beyond.marks?.version == 5)
    }

    @Test("The marks since a version are the absolute values of those that changed after it")
    func since() throws {
        var chats = try ChatFixture.withTwo()
        try chats.apply(.send(text: "1"), by: chats.ann)
        try chats.apply(.mark(Ordinal(1)), by: chats.ben)
        try chats.apply(.send(text: "2"), by: chats.ann)
        func marks(_ version: UInt64) throws -> MarksChange {
            try ChatQueries.marks(of: chats.chat, since: version, in: chats.shard, chats.view)
        }
        let ann = MemberMark(account: chats.ann, n: Ordinal(2))
        let ben = MemberMark(account: chats.ben, n: Ordinal(1))
        #expect(try marks(0) == MarksChange(chat: chats.chat, version: 3, marks: [ben, ann]))
        #expect(try marks(1) == MarksChange(chat: chats.chat, version: 3, marks: [ben, ann]))
        #expect(try marks(2) == MarksChange(chat: chats.chat, version: 3, marks: [ann]))
        #expect(try marks(3) == MarksChange(chat: chats.chat, version: 3, marks: []))
        #expect(try marks(.max).marks.isEmpty)
        #expect(try chats.summary(for: chats.ben)?.marks == [ann, ben])
    }

    @Test("A summary tells the newest marks when a public chat has more than are told at once")
    func manyMarks() throws {
        var chats = try ChatFixture.withTwo(kind: .public)
        try chats.apply(.send(text: "1"), by: chats.ann)
        for low in 1...1_050 as ClosedRange<UInt64> {
            try chats.apply(.mark(Ordinal(1)), by: AccountID(high: 50, low: low))
        }
        let marks = try #require(try chats.summary(for: chats.ann)).marks
        #expect(marks.count == ChatLimits.marksMax)
        #expect(marks.first?.account == AccountID(high: 50, low: 1_050))
        let page = try ChatQueries.marks(
            of: chats.chat, since: 0, in: chats.shard, chats.view)
        #expect(page.marks.count == ChatLimits.marksMax && page.version == 1_000)
    }

    @Test("Two members who go on reading keep two marks, however many versions there were")
    func fewMarks() throws {
        var chats = try ChatFixture.withTwo()
        for n in 1...1_010 as ClosedRange<UInt64> {
            try chats.apply(.send(text: "\(n)"), by: n.isMultiple(of: 2) ? chats.ann : chats.ben)
        }
        let summary = try #require(try chats.summary(for: chats.ann))
        #expect(summary.head.marksVersion == 1_010 && summary.marks.count == 2)
    }
}
