import Chat
import Determinism
import Identity
import Storage
import Testing

@Suite("Pinned messages")
struct PinTests {
    /// A chat in which Ben has sent so many messages, from 3 on.
    private static func withMessages(
        _ count: Int = 3, kind: ChatKind = .private
    ) throws -> (ChatFixture, [SequenceNumber]) {
        var chats = try ChatFixture.withTwo(kind: kind)
        var sent: [SequenceNumber] = []
        for number in 0..<count {
            sent.append(
                try #require(
                    try chats.apply(.send(text: "\(number)"), by: chats.ben).receipt?.seq))
        }
        return (chats, sent)
    }

    private func violations(_ chats: ChatFixture) throws -> [String] {
        try ChatInvariants.violations(of: chats.chat, in: chats.shard, chats.view)
    }

    @Test("Pins are in the order of their messages; to pin is a line of the chat, to unpin is none")
    func pins() throws {
        var (chats, sent) = try Self.withMessages()
        let unread = try chats.summary(for: chats.ann)?.unread
        for target in [sent[2], sent[0]] {
            let outcome = try chats.apply(.pin(target, isOn: true), by: chats.ben)
            let published = try #require(outcome.published.first)
            let entry = try ChatEntry(decoding: published.bytes)
            #expect(entry.kind == .pinned(target) && entry.isShown && entry.n == .zero)
        }
        let pinned = try #require(try chats.summary(for: chats.ann))
        #expect(pinned.pins == [sent[0], sent[2]])
        #expect(pinned.unread == unread && pinned.last?.kind == .pinned(sent[0]))
        let outcome = try chats.apply(.pin(sent[2], isOn: false), by: chats.ann)
        let receipt = try #require(outcome.receipt)
        let left = try #require(try chats.summary(for: chats.ann))
        #expect(left.pins == [sent[0]] && left.changed == receipt.seq)
        #expect(left.last?.kind == .pinned(sent[0]))
        #expect(try violations(chats).isEmpty)
    }

    @Test("What is pinned already, or is not, makes no entry; the same id is done once")
    func nothingNew() throws {
        var (chats, sent) = try Self.withMessages()
        let none = try chats.apply(.pin(sent[0], isOn: false), by: chats.ann)
        #expect(none.receipt?.seq == sent[2] && none.published.isEmpty)
        let cmid = chats.nextID()
        let first = try chats.apply(.pin(sent[0], isOn: true), by: chats.ann, cmid: cmid)
        #expect(try chats.apply(.pin(sent[0], isOn: true), by: chats.ben).published.isEmpty)
        try chats.apply(.pin(sent[0], isOn: false), by: chats.ben)
        let late = try chats.apply(.pin(sent[0], isOn: true), by: chats.ann, cmid: cmid)
        #expect(late.receipt == first.receipt && late.published.isEmpty)
        #expect(try chats.summary(for: chats.ann)?.pins == [])
    }

    @Test("A deleted message is pinned no longer and never again")
    func deleted() throws {
        var (chats, sent) = try Self.withMessages()
        for target in sent { try chats.apply(.pin(target, isOn: true), by: chats.ann) }
        try chats.apply(.deleteMessage(sent[1]), by: chats.ben)
        #expect(try chats.summary(for: chats.ann)?.pins == [sent[0], sent[2]])
        #expect(
            try chats.apply(.pin(sent[1], isOn: true), by: chats.ann).rejection == .messageDeleted)
        #expect(try chats.apply(.pin(sent[1], isOn: false), by: chats.ann).receipt != nil)
        #expect(try violations(chats).isEmpty)
    }

    @Test("Members pin where its switch is on; nobody pins lines, or in others' chats")
    func whoMay() throws {
        var (chats, sent) = try Self.withMessages()
        #expect(try chats.apply(.pin(sent[0], isOn: true), by: chats.cat).rejection == .notFound)
        #expect(try chats.apply(.pin(sent[0], isOn: true), by: nil).rejection == .forbidden)
        for line in [1, 99] as [UInt64] {
            #expect(
                try chats.apply(.pin(SequenceNumber(line), isOn: true), by: chats.ann).rejection
                    == .badTarget)
        }
        try chats.apply(.removeMember(chats.ben), by: chats.ann)
        #expect(try chats.apply(.pin(sent[0], isOn: true), by: chats.ben).rejection == .notMember)
        var (open, said) = try Self.withMessages(kind: .public)
        for isOn in [true, false] {
            #expect(
                try open.apply(.pin(said[0], isOn: isOn), by: open.ben).rejection == .noRight)
        }
        #expect(try open.apply(.pin(said[0], isOn: true), by: open.ann).receipt != nil)
    }

    @Test("A chat has a hundred pins, and the next is refused until one goes")
    func limit() throws {
        var (chats, sent) = try Self.withMessages(101)
        for target in sent.prefix(100) {
            #expect(try chats.apply(.pin(target, isOn: true), by: chats.ann).receipt != nil)
        }
        #expect(
            try chats.apply(.pin(sent[100], isOn: true), by: chats.ann).rejection == .tooManyPins)
        try chats.apply(.pin(sent[50], isOn: false), by: chats.ann)
        #expect(try chats.apply(.pin(sent[100], isOn: true), by: chats.ann).receipt != nil)
        #expect(try chats.summary(for: chats.ann)?.pins.count == 100)
        #expect(try violations(chats).isEmpty)
    }
}
