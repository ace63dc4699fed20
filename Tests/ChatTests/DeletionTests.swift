import Chat
import Determinism
import Identity
import Storage
import Testing

@Suite("Deleted messages")
struct DeletionTests {
    /// A chat of Ann's in which Ben has sent the message 3.
    private static func withMessage(
        kind: ChatKind = .private
    ) throws -> (ChatFixture, SequenceNumber) {
        var chats = try ChatFixture.withTwo(kind: kind)
        let sent = try #require(try chats.apply(.send(text: "secret"), by: chats.ben).receipt)
        return (chats, sent.seq)
    }

    private func violations(_ chats: ChatFixture) throws -> [String] {
        try ChatInvariants.violations(of: chats.chat, in: chats.shard, chats.view)
    }

    private func stores(_ words: String, _ chats: ChatFixture) throws -> Bool {
        let range = KeyRange(
            .data, prefix: Keyspace.statePrefix(chats.shard, generation: 0), countMax: .max,
            bytesMax: .max)
        return try chats.store.pairs(range).contains { pair in
            pair.value.indices.contains { pair.value[$0...].starts(with: Array(words.utf8)) }
        }
    }

    @Test("A deletion is an entry without ordinal; the message keeps its place and loses its words")
    func deletion() throws {
        var (chats, message) = try DeletionTests.withMessage()
        let before = try chats.entries()[2]
        let outcome = try chats.apply(.deleteMessage(message), by: chats.ben)
        let receipt = try #require(outcome.receipt)
        #expect(receipt.seq == message.next && receipt.n == .zero)
        let published = try #require(outcome.published.first)
        let entry = try ChatEntry(decoding: published.bytes)
        #expect(entry.kind == .messageDeleted(message, n: Ordinal(1)) && entry.from == chats.ben)
        let stored = try chats.entries()
        #expect(stored[2].kind == .erased)
        #expect(stored[2].n == before.n && stored[2].time == before.time)
        #expect(stored[2].from == before.from)
        #expect(stored[2].edition == ChatEdition(seq: receipt.seq, time: receipt.time))
        #expect(try violations(chats).isEmpty)
    }

    @Test("Neither the words nor any that an edit gave are in the store any more")
    func noWords() throws {
        var (chats, message) = try DeletionTests.withMessage()
        try chats.apply(.edit(target: message, text: "covert"), by: chats.ben)
        try chats.apply(.edit(target: message, text: "hidden"), by: chats.ben)
        #expect(try stores("hidden", chats))
        try chats.apply(.deleteMessage(message), by: chats.ben)
        for words in ["secret", "covert", "hidden"] { #expect(try !stores(words, chats)) }
        #expect(
            try chats.entries()[3...4].allSatisfy { $0.kind == .edited(message, text: nil) })
        #expect(try violations(chats).isEmpty)
        #expect(chats.stateHash == (try chats.scannedHash()))
    }

    @Test("The sender deletes its own, the creator anybody's, and nobody else")
    func whoMay() throws {
        var (chats, message) = try DeletionTests.withMessage()
        let own = try #require(try chats.apply(.send(text: "mine"), by: chats.ann).receipt)
        let hash = chats.stateHash
        #expect(try chats.apply(.deleteMessage(own.seq), by: chats.ben).rejection == .notSender)
        #expect(try chats.apply(.deleteMessage(own.seq), by: nil).rejection == .forbidden)
        #expect(try chats.apply(.deleteMessage(own.seq), by: chats.cat).rejection == .notFound)
        #expect(chats.stateHash == hash)
        #expect(try chats.apply(.deleteMessage(message), by: chats.ann).receipt != nil)
        #expect(try chats.apply(.deleteMessage(own.seq), by: chats.ann).receipt != nil)
        try chats.apply(.removeMember(chats.ben), by: chats.ann)
        #expect(try chats.apply(.deleteMessage(message), by: chats.ben).rejection == .notMember)
    }

    @Test("In a room of the cluster, which has no creator, only the sender deletes")
    func clusterRoom() throws {
        var chats = ChatFixture()
        try chats.apply(.create(kind: .public, name: "lobby", fullName: ""), by: nil)
        let sent = try #require(try chats.apply(.send(text: "x"), by: chats.ann).receipt)
        #expect(try chats.apply(.deleteMessage(sent.seq), by: chats.ben).rejection == .notSender)
        #expect(try chats.apply(.deleteMessage(sent.seq), by: nil).rejection == .forbidden)
        #expect(try chats.apply(.deleteMessage(sent.seq), by: chats.ann).receipt != nil)
    }

    @Test(
        "What is no message of the chat cannot be deleted",
        arguments: [0, 1, 2, 4, 99, 1 << 53, UInt64.max])
    func badTarget(target: UInt64) throws {
        var (chats, message) = try DeletionTests.withMessage()
        try chats.apply(.edit(target: message, text: "x"), by: chats.ben)
        let outcome = try chats.apply(.deleteMessage(SequenceNumber(target)), by: chats.ann)
        #expect(outcome.rejection == .badTarget && outcome.published.isEmpty)
    }

    @Test("A message that is deleted already is deleted for whoever asks again, without an entry")
    func twice() throws {
        var (chats, message) = try DeletionTests.withMessage()
        let cmid = chats.nextID()
        let first = try chats.apply(.deleteMessage(message), by: chats.ben, cmid: cmid)
        let other = try chats.apply(.deleteMessage(message), by: chats.ann)
        #expect(other.receipt?.seq == first.receipt?.seq && other.published.isEmpty)
        try chats.apply(.send(text: "x"), by: chats.ann)
        let again = try chats.apply(.deleteMessage(message), by: chats.ben, cmid: cmid)
        #expect(again.result == first.result && again.published.isEmpty)
        #expect(try chats.entries().count == 5)
    }

    @Test("What was deleted cannot be edited or answered, and what answers it already stays")
    func afterwards() throws {
        var (chats, message) = try DeletionTests.withMessage()
        let reply = try #require(
            try chats.apply(.send(text: "yes", replyTo: message), by: chats.ann).receipt)
        try chats.apply(.deleteMessage(message), by: chats.ben)
        #expect(
            try chats.apply(.edit(target: message, text: "x"), by: chats.ben).rejection
                == .messageDeleted)
        #expect(
            try chats.apply(.send(text: "x", replyTo: message), by: chats.ann).rejection
                == .badReply)
        #expect(try chats.entries()[3].kind == .text("yes", replyTo: message))
        #expect(reply.seq == SequenceNumber(4))
    }

    @Test("What is deleted is not unread, whether one had read it or not")
    func unread() throws {
        var (chats, first) = try DeletionTests.withMessage()
        var sent = [first]
        for number in 2...5 {
            sent.append(
                try #require(try chats.apply(.send(text: "\(number)"), by: chats.ben).receipt).seq)
        }
        func unread() throws -> UInt64? { try chats.summary(for: chats.ann)?.unread }
        #expect(try unread() == 5)
        try chats.apply(.mark(Ordinal(2)), by: chats.ann)
        #expect(try unread() == 3)
        // One that was read, one that was not.
        try chats.apply(.deleteMessage(sent[0]), by: chats.ben)
        #expect(try unread() == 3)
        try chats.apply(.deleteMessage(sent[3]), by: chats.ben)
        #expect(try unread() == 2)
        #expect(try chats.summary(for: chats.ann)?.erased == [Ordinal(4)])
        try chats.apply(.mark(Ordinal(3)), by: chats.ann)
        #expect(try unread() == 1)
        try chats.apply(.deleteMessage(sent[4]), by: chats.ann)
        #expect(try unread() == 0)
        try chats.apply(.mark(Ordinal(5)), by: chats.ann)
        #expect(try unread() == 0)
        #expect(try chats.summary(for: chats.ann)?.erased == [])
        try chats.apply(.send(text: "6"), by: chats.ben)
        #expect(try unread() == 1)
        #expect(try chats.summary(for: chats.ben)?.unread == 0)
    }

    @Test("When the last line is deleted, the one before it is the last")
    func lastLine() throws {
        var (chats, message) = try DeletionTests.withMessage()
        func last() throws -> ChatEntry? { try chats.summary(for: chats.ann)?.last }
        let second = try #require(try chats.apply(.send(text: "2"), by: chats.ann).receipt)
        try chats.apply(.edit(target: message, text: "1"), by: chats.ben)
        let deletion = try #require(
            try chats.apply(.deleteMessage(second.seq), by: chats.ann).receipt)
        #expect(try last()?.seq == message)
        #expect(try chats.summary(for: chats.ann)?.changed == deletion.seq)
        // One in the middle changes nothing.
        try chats.apply(.deleteMessage(message), by: chats.ben)
        #expect(try last()?.kind == .memberAdded(chats.ben))
    }

    @Test("The last line is looked for within bounds; without one it is what the message left")
    func lastLineFarAway() throws {
        var (chats, message) = try DeletionTests.withMessage()
        for _ in 0..<1_000 { try chats.apply(.edit(target: message, text: "x"), by: chats.ben) }
        let last = try #require(try chats.apply(.send(text: "y"), by: chats.ben).receipt)
        try chats.apply(.deleteMessage(last.seq), by: chats.ben)
        #expect(try chats.summary(for: chats.ann)?.last?.seq == last.seq)
        #expect(try chats.summary(for: chats.ann)?.last?.kind == .erased)
        #expect(try violations(chats).isEmpty)
    }

    @Test("More deleted messages than are told at once are counted all the same")
    func many() throws {
        var chats = try ChatFixture.withTwo()
        for _ in 0..<1_010 { try chats.apply(.send(text: "x"), by: chats.ben) }
        for seq in 3..<1_008 as Range<UInt64> {
            try chats.apply(.deleteMessage(SequenceNumber(seq)), by: chats.ben)
        }
        let summary = try #require(try chats.summary(for: chats.ann))
        #expect(summary.unread == 5)
        #expect(summary.erased.map(\.rawValue) == Array(6...1_005))
    }
}
