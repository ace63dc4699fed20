import Chat
import Determinism
import Identity
import Storage
import Testing

@Suite("Replies")
struct ReplyTests {
    @Test("A reply is a message of its own, which names the message that it answers")
    func stored() throws {
        var chats = try ChatFixture.withTwo()
        let question = try #require(try chats.apply(.send(text: "tea?"), by: chats.ann).receipt)
        let outcome = try chats.apply(
            .send(text: "yes", replyTo: question.seq), by: chats.ben)
        let answer = try #require(outcome.receipt)
        #expect(answer.seq == question.seq.next && answer.n == Ordinal(2))
        let last = try #require(try chats.entries().last)
        #expect(last.kind == .text("yes", replyTo: question.seq))
        let published = try #require(outcome.published.first)
        #expect(try ChatEntry(decoding: published.bytes) == last)
        #expect(try chats.summary(for: chats.ann)?.last == last)
    }

    @Test("One may answer a reply, a message of somebody who left, and one's own message")
    func targets() throws {
        var chats = try ChatFixture.withTwo()
        let first = try #require(try chats.apply(.send(text: "1"), by: chats.ben).receipt)
        let second = try #require(
            try chats.apply(.send(text: "2", replyTo: first.seq), by: chats.ben).receipt)
        try chats.apply(.removeMember(chats.ben), by: chats.ann)
        for target in [first.seq, second.seq] {
            #expect(
                try chats.apply(.send(text: "x", replyTo: target), by: chats.ann).receipt != nil)
        }
    }

    @Test(
        "What is no earlier message of the chat cannot be answered, and nothing is changed",
        arguments: [
            // Made, a member, renamed; itself; later; the last number of all.
            1, 2, 4, 5, 6, 1 << 53, UInt64.max,
        ])
    func badTarget(target: UInt64) throws {
        var chats = try ChatFixture.withTwo()
        try chats.apply(.send(text: "hello"), by: chats.ann)
        try chats.apply(.rename(name: "coffee", fullName: ""), by: chats.ann)
        let before = chats.stateHash
        let outcome = try chats.apply(
            .send(text: "x", replyTo: SequenceNumber(target)), by: chats.ben)
        #expect(outcome.rejection == .badReply)
        #expect(outcome.published.isEmpty && chats.stateHash == before)
        // The number 3 is the message.
        #expect(
            try chats.apply(.send(text: "x", replyTo: SequenceNumber(3)), by: chats.ben).receipt
                != nil)
    }

    @Test("A message of another chat cannot be answered")
    func otherChat() throws {
        var chats = try ChatFixture.withTwo()
        let other = ChatID(high: 8, low: 8)
        try chats.apply(
            .create(kind: .private, name: "two", fullName: ""), by: chats.ann, chat: other)
        for text in ["2", "3"] { try chats.apply(.send(text: text), by: chats.ann, chat: other) }
        #expect(
            try chats.apply(.send(text: "x", replyTo: SequenceNumber(3)), by: chats.ann).rejection
                == .badReply)
        #expect(
            try chats.apply(
                .send(text: "x", replyTo: SequenceNumber(3)), by: chats.ann, chat: other
            ).receipt != nil)
    }

    @Test("To somebody who may not write, what is answered says nothing of the chat")
    func stranger() throws {
        var chats = try ChatFixture.withTwo()
        try chats.apply(.send(text: "secret"), by: chats.ann)
        for target in [1, 3, 99] as [UInt64] {
            let reply = ChatCommand.Body.send(text: "x", replyTo: SequenceNumber(target))
            #expect(try chats.apply(reply, by: chats.cat).rejection == .notFound)
        }
        try chats.apply(.removeMember(chats.ben), by: chats.ann)
        for target in [1, 3, 99] as [UInt64] {
            let reply = ChatCommand.Body.send(text: "x", replyTo: SequenceNumber(target))
            #expect(try chats.apply(reply, by: chats.ben).rejection == .notMember)
        }
    }

    @Test("A repeated reply gets its first answer, whatever it says that it answers")
    func repeated() throws {
        var chats = try ChatFixture.withTwo()
        let target = try #require(try chats.apply(.send(text: "1"), by: chats.ann).receipt)
        let cmid = chats.nextID()
        let first = try chats.apply(
            .send(text: "x", replyTo: target.seq), by: chats.ben, cmid: cmid)
        let again = try chats.apply(
            .send(text: "x", replyTo: SequenceNumber(99)), by: chats.ben, cmid: cmid)
        #expect(again.result == first.result && again.published.isEmpty)
        #expect(try chats.entries().last?.kind == .text("x", replyTo: target.seq))
    }

    @Test("A reply that was refused may be sent again with the same id, and then answers nothing")
    func refusedThenPlain() throws {
        var chats = try ChatFixture.withTwo()
        let cmid = chats.nextID()
        let bad = ChatCommand.Body.send(text: "x", replyTo: SequenceNumber(99))
        #expect(try chats.apply(bad, by: chats.ann, cmid: cmid).rejection == .badReply)
        #expect(try chats.apply(.send(text: "x"), by: chats.ann, cmid: cmid).receipt != nil)
        #expect(try chats.entries().last?.kind == .text("x"))
    }
}
