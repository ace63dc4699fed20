import Chat
import Determinism
import Identity
import Storage
import Testing

@Suite("Once")
struct OnceTests {
    @Test("A retry gets the first result and changes nothing, whatever happened since")
    func retry() throws {
        var chats = try ChatFixture.withTwo()
        let cmid = chats.nextID()
        let first = try chats.apply(.send(text: "x"), by: chats.ann, cmid: cmid)
        try chats.apply(.send(text: "y"), by: chats.ann)
        try chats.apply(.delete, by: chats.ann)
        let before = chats.stateHash
        let again = try chats.apply(.send(text: "x"), by: chats.ann, cmid: cmid)
        #expect(again.result == first.result)
        #expect(again.published.isEmpty && again.effects.isEmpty && again.marks == nil)
        #expect(chats.stateHash == before)
    }

    @Test("The same id in another chat is another command")
    func scope() throws {
        var chats = try ChatFixture.withTwo()
        let other = ChatID(high: 8, low: 8)
        try chats.apply(
            .create(kind: .private, name: "other", fullName: ""), by: chats.ann, chat: other)
        let cmid = chats.nextID()
        let first = try chats.apply(.send(text: "x"), by: chats.ann, cmid: cmid)
        let second = try chats.apply(.send(text: "x"), by: chats.ann, cmid: cmid, chat: other)
        #expect(first.published.count == 1 && second.published.count == 1)
    }

    @Test("A refused command leaves nothing behind and is decided anew when it comes again")
    func refusals() throws {
        var chats = try ChatFixture.withTwo()
        let cmid = chats.nextID()
        #expect(
            try chats.apply(.send(text: "x"), by: chats.cat, cmid: cmid).rejection == .notFound)
        try chats.apply(.addMember(chats.cat), by: chats.ann)
        #expect(try chats.apply(.send(text: "x"), by: chats.cat, cmid: cmid).receipt != nil)
    }

    @Test("An id older than a week is refused for good, one ahead by more than a day for now")
    func window() throws {
        var chats = try ChatFixture.withTwo()
        func id(_ milliseconds: UInt64) -> MessageID {
            var generator = SeededGenerator(seed: milliseconds)
            return MessageID(milliseconds: milliseconds, using: &generator)
        }
        let now = ChatFixture.start
        func send(_ milliseconds: UInt64) throws -> ChatRejection? {
            try chats.apply(.send(text: "x"), by: chats.ann, cmid: id(milliseconds)).rejection
        }
        #expect(try send(now - 7 * ChatFixture.day) == nil)
        #expect(try send(now - 7 * ChatFixture.day - 1) == .cmidExpired)
        #expect(try send(now + ChatFixture.day) == nil)
        #expect(try send(now + ChatFixture.day + 1) == .cmidInFuture)
        #expect(try send(0) == .cmidExpired)
        #expect(try send(1 << 48 - 1) == .cmidInFuture)
    }

    @Test("A result is found again until its id is too old to be accepted, and then is forgotten")
    func forgetting() throws {
        var chats = try ChatFixture.withTwo()
        let cmid = chats.nextID()
        let first = try chats.apply(.send(text: "x"), by: chats.ann, cmid: cmid)
        let count = try chats.answerCount()
        chats.time += 7 * ChatFixture.day
        #expect(
            try chats.apply(.send(text: "x"), by: chats.ann, cmid: cmid).result == first.result)
        #expect(try chats.answerCount() == count)
        chats.time += 120_000
        try chats.apply(.send(text: "later"), by: chats.ann)
        #expect(try chats.answerCount() == 1, "only the newest is kept")
        #expect(
            try chats.apply(.send(text: "x"), by: chats.ann, cmid: cmid).rejection == .cmidExpired)
        chats.time -= 3 * ChatFixture.day
        #expect(
            try chats.apply(.send(text: "x"), by: chats.ann, cmid: cmid).rejection == .cmidExpired,
            "a clock that steps back does not bring it back")
        #expect(try chats.entries().filter { $0.kind == .text("x") }.count == 1)
    }

    @Test("A command forgets a bounded number of results; the following ones go on")
    func boundedForgetting() throws {
        var chats = try ChatFixture.withTwo()
        for n in 0..<100 { try chats.apply(.send(text: "\(n)"), by: chats.ann) }
        #expect(try chats.answerCount() == 102)
        chats.time += 8 * ChatFixture.day
        var counts: [Int] = []
        for _ in 0..<5 {
            try chats.apply(.send(text: "x"), by: chats.ann)
            counts.append(try chats.answerCount())
        }
        #expect(counts == [71, 40, 9, 4, 5])
        #expect(try chats.scannedHash() == chats.stateHash)
    }

    @Test("No accepted id outlives its result, whatever the clocks of the proposers do")
    func clocks() throws {
        var chats = try ChatFixture.withTwo()
        var generator = SeededGenerator(seed: 42)
        var sent: [(MessageID, ChatReceipt)] = []
        for _ in 0..<3_000 {
            let step = UInt64.random(in: 0..<4 * ChatFixture.day / 100, using: &generator)
            chats.time += step
            // A proposer whose clock is up to a day late.
            let late = UInt64.random(in: 0..<ChatFixture.day, using: &generator)
            let time = WallTime(milliseconds: chats.time - late)
            let isRetry = generator.chance(1, in: 2) && !sent.isEmpty
            let old = isRetry ? sent.randomElement(using: &generator) : nil
            let cmid = old?.0 ?? MessageID(milliseconds: chats.time, using: &generator)
            let outcome = try chats.apply(
                ChatCommand(
                    chat: chats.chat, cmid: cmid, actor: chats.ann, time: time,
                    body: .send(text: "x")))
            if let (_, receipt) = old {
                #expect(outcome.receipt == receipt || outcome.rejection == .cmidExpired)
            } else if let receipt = outcome.receipt {
                sent.append((cmid, receipt))
            }
        }
        #expect(sent.count > 1_000)
    }

    @Test("A derived id is the same for the same cause and differs for each counter and cause")
    func derived() {
        var generator = SeededGenerator(seed: 5)
        var ids: Set<MessageID> = []
        for _ in 0..<100 {
            let cause = MessageID(milliseconds: ChatFixture.start, using: &generator)
            for counter in 0..<10 {
                let id = cause.derived(counter)
                #expect(id == cause.derived(counter))
                #expect(id.milliseconds == cause.milliseconds)
                #expect(MessageID(clientText: id.text) == id, "it is a UUID of version 7")
                ids.insert(id)
            }
        }
        #expect(ids.count == 1_000)
    }
}
