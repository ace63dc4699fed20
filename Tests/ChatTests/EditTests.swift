import Chat
import Determinism
import Identity
import Storage
import Testing

@Suite("Edits")
struct EditTests {
    /// A chat in which Ben has sent the message 3.
    private static func withMessage() throws -> (ChatFixture, SequenceNumber) {
        var chats = try ChatFixture.withTwo()
        let sent = try #require(try chats.apply(.send(text: "tee"), by: chats.ben).receipt)
        return (chats, sent.seq)
    }

    private func violations(_ chats: ChatFixture) throws -> [String] {
        try ChatInvariants.violations(of: chats.chat, in: chats.shard, chats.view)
    }

    @Test("An edit is an entry without ordinal, and the message has the new words from then on")
    func edit() throws {
        var (chats, message) = try EditTests.withMessage()
        let outcome = try chats.apply(.edit(target: message, text: "tea"), by: chats.ben)
        let receipt = try #require(outcome.receipt)
        #expect(receipt.seq == message.next && receipt.n == .zero)
        let published = try #require(outcome.published.first)
        let entry = try ChatEntry(decoding: published.bytes)
        #expect(entry.kind == .edited(message, text: "tea") && entry.from == chats.ben)
        #expect(published.n == .zero && published.seq == receipt.seq)
        let stored = try chats.entries()
        #expect(stored[2].kind == .text("tea"))
        #expect(stored[2].n == Ordinal(1))
        #expect(stored[2].edition == ChatEdition(seq: receipt.seq, time: receipt.time))
        #expect(stored[3] == entry)
        #expect(try violations(chats).isEmpty)
    }

    @Test("Of several edits the last one's words stay, and those before are nowhere any more")
    func severalEdits() throws {
        var (chats, message) = try EditTests.withMessage()
        for text in ["one", "two", "three"] {
            try chats.apply(.edit(target: message, text: text), by: chats.ben)
        }
        let stored = try chats.entries()
        #expect(stored[2].kind == .text("three"))
        #expect(stored[2].edition?.seq == SequenceNumber(6))
        #expect(
            stored[3...].map(\.kind) == [
                .edited(message, text: nil), .edited(message, text: nil),
                .edited(message, text: "three"),
            ])
        let range = KeyRange(
            .data, prefix: Keyspace.statePrefix(chats.shard, generation: 0), countMax: .max,
            bytesMax: .max)
        for words in ["tee", "one", "two"] {
            let isThere = try chats.store.pairs(range).contains { pair in
                pair.value.indices.contains {
                    pair.value[$0...].starts(with: Array(words.utf8))
                }
            }
            #expect(!isThere, "\(words) is still stored")
        }
        #expect(try violations(chats).isEmpty)
        #expect(chats.stateHash == (try chats.scannedHash()))
    }

    @Test("An edit keeps what the message answers, and the message may be answered as before")
    func replies() throws {
        var (chats, message) = try EditTests.withMessage()
        let reply = try #require(
            try chats.apply(.send(text: "yes", replyTo: message), by: chats.ann).receipt)
        try chats.apply(.edit(target: reply.seq, text: "no"), by: chats.ann)
        try chats.apply(.edit(target: message, text: "coffee"), by: chats.ben)
        #expect(try chats.entries()[3].kind == .text("no", replyTo: message))
        #expect(
            try chats.apply(.send(text: "x", replyTo: reply.seq), by: chats.ben).receipt != nil)
    }

    @Test("An edit makes nothing unread, moves no mark and leaves the line of the list in place")
    func unread() throws {
        var (chats, message) = try EditTests.withMessage()
        let before = try #require(try chats.summary(for: chats.ann))
        let edit = try #require(
            try chats.apply(.edit(target: message, text: "tea"), by: chats.ben).receipt)
        let after = try #require(try chats.summary(for: chats.ann))
        #expect(after.unread == 1 && after.unread == before.unread)
        #expect(after.marks == before.marks && after.head.n == before.head.n)
        #expect(after.head.seq == edit.seq && after.changed == edit.seq)
        #expect(before.changed == .zero)
        #expect(after.last?.seq == message && after.last?.kind == .text("tea"))
        // What comes next is the line again.
        let next = try #require(try chats.apply(.send(text: "x"), by: chats.ann).receipt)
        #expect(try chats.summary(for: chats.ben)?.last?.seq == next.seq)
        #expect(try chats.summary(for: chats.ben)?.changed == edit.seq)
    }

    @Test("Only the sender may edit a message: not the creator of the chat, and not the cluster")
    func notSender() throws {
        var (chats, message) = try EditTests.withMessage()
        let hash = chats.stateHash
        let edit = ChatCommand.Body.edit(target: message, text: "x")
        #expect(try chats.apply(edit, by: chats.ann).rejection == .notSender)
        #expect(try chats.apply(edit, by: nil).rejection == .forbidden)
        #expect(chats.stateHash == hash)
    }

    @Test(
        "What is no message of the chat cannot be edited",
        arguments: [0, 1, 2, 4, 5, 99, 1 << 53, UInt64.max])
    func badTarget(target: UInt64) throws {
        var (chats, message) = try EditTests.withMessage()
        // The number 4 is an edit itself.
        try chats.apply(.edit(target: message, text: "tea"), by: chats.ben)
        let hash = chats.stateHash
        let outcome = try chats.apply(
            .edit(target: SequenceNumber(target), text: "x"), by: chats.ben)
        #expect(outcome.rejection == .badTarget && outcome.published.isEmpty)
        #expect(chats.stateHash == hash)
    }

    @Test("The words of an edit must be those of a message")
    func badText() throws {
        var (chats, message) = try EditTests.withMessage()
        for text in ["", " \n", "a\u{0}b", String(repeating: "x", count: 4_097)] {
            #expect(
                try chats.apply(.edit(target: message, text: text), by: chats.ben).rejection
                    == .badText)
        }
        let longest = String(repeating: "x", count: 4_096)
        #expect(
            try chats.apply(.edit(target: message, text: longest), by: chats.ben).receipt != nil)
    }

    @Test("A message may be edited for 48 hours by the times of the log, and no longer")
    func tooOld() throws {
        var (chats, message) = try EditTests.withMessage()
        let sent = try chats.entries()[2].time
        chats.time = sent.milliseconds + 48 * 3_600_000
        let edit = ChatCommand.Body.edit(target: message, text: "x")
        #expect(try chats.apply(edit, by: chats.ben).receipt != nil)
        chats.time += 1
        #expect(try chats.apply(edit, by: chats.ben).rejection == .tooOld)
        // A proposer whose clock is behind does not give more time than the log has.
        try chats.apply(.send(text: "later"), by: chats.ann)
        chats.time -= 3_600_000
        #expect(try chats.apply(edit, by: chats.ben).rejection == .tooOld)
    }

    @Test("Who is not, or not any more, in the chat cannot edit, and hears nothing of the message")
    func outsiders() throws {
        var (chats, message) = try EditTests.withMessage()
        for target in [message, SequenceNumber(99)] {
            let edit = ChatCommand.Body.edit(target: target, text: "x")
            #expect(try chats.apply(edit, by: chats.cat).rejection == .notFound)
        }
        try chats.apply(.removeMember(chats.ben), by: chats.ann)
        for target in [message, SequenceNumber(99)] {
            let edit = ChatCommand.Body.edit(target: target, text: "x")
            #expect(try chats.apply(edit, by: chats.ben).rejection == .notMember)
        }
    }

    @Test("A visitor of a public chat may edit what it sent")
    func visitor() throws {
        var chats = try ChatFixture.withTwo(kind: .public)
        let sent = try #require(try chats.apply(.send(text: "1"), by: chats.cat).receipt)
        #expect(
            try chats.apply(.edit(target: sent.seq, text: "2"), by: chats.cat).receipt != nil)
    }

    @Test("A repeated edit gets its first answer and undoes no later one")
    func repeated() throws {
        var (chats, message) = try EditTests.withMessage()
        let cmid = chats.nextID()
        let edit = ChatCommand.Body.edit(target: message, text: "first")
        let first = try chats.apply(edit, by: chats.ben, cmid: cmid)
        try chats.apply(.edit(target: message, text: "second"), by: chats.ben)
        let again = try chats.apply(edit, by: chats.ben, cmid: cmid)
        #expect(again.result == first.result && again.published.isEmpty)
        #expect(try chats.entries()[2].kind == .text("second"))
    }

    @Test("Who was removed is not told words that were written after that")
    func formerMember() throws {
        var (chats, message) = try EditTests.withMessage()
        let own = try #require(try chats.apply(.send(text: "mine"), by: chats.ann).receipt)
        try chats.apply(.edit(target: own.seq, text: "early"), by: chats.ann)
        let removal = try #require(
            try chats.apply(.removeMember(chats.cat), by: chats.ann).rejection)
        #expect(removal == .notFound)
        let end = try #require(
            try chats.apply(.removeMember(chats.ben), by: chats.ann).receipt)
        func seen(_ last: SequenceNumber?) throws -> [ChatEntry] {
            try ChatQueries.seen(chats.entries().map { $0.encoded() }, through: last)
                .map { try ChatEntry(decoding: $0) }
        }
        #expect(try seen(end.seq)[3].kind == .text("early"))
        try chats.apply(.edit(target: own.seq, text: "secret"), by: chats.ann)
        let told = try seen(end.seq)
        #expect(told[3].kind == .erased && told[3].edition == nil)
        #expect(told[3].seq == own.seq && told[3].n == own.n)
        #expect(told[Int(message.rawValue) - 1].kind == .text("tee"))
        #expect(try seen(nil)[3].kind == .text("secret"))
    }
}
