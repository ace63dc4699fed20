import Chat
import Determinism
import Identity
import Storage
import Testing

@Suite("Forwarded messages")
struct ForwardTests {
    private static let origin = ChatOrigin(
        account: AccountID(high: 9, low: 9), name: "Grace",
        time: WallTime(milliseconds: ChatFixture.start - ChatFixture.day))
    private static let words = ForwardedMessage(text: "tea at five", origin: origin)

    @Test("A forwarded message is a message of its sender, with who wrote its words")
    func stored() throws {
        var chats = try ChatFixture.withTwo()
        let outcome = try chats.apply(.forward(Self.words), by: chats.ben)
        let receipt = try #require(outcome.receipt)
        #expect(receipt.n == Ordinal(1))
        let last = try #require(try chats.entries().last)
        #expect(last.kind == .text("tea at five") && last.from == chats.ben)
        #expect(last.origin == Self.origin)
        let published = try #require(outcome.published.first)
        #expect(try ChatEntry(decoding: published.bytes) == last)
        #expect(try chats.summary(for: chats.ann)?.last == last)
        #expect(try chats.summary(for: chats.ann)?.unread == 1)
    }

    @Test("Who may not write, or words that are no message, are refused as with any message")
    func refused() throws {
        var chats = try ChatFixture.withTwo()
        #expect(try chats.apply(.forward(Self.words), by: chats.cat).rejection == .notFound)
        #expect(try chats.apply(.forward(Self.words), by: nil).rejection == .forbidden)
        let nothing = ForwardedMessage(text: "", origin: Self.origin)
        #expect(try chats.apply(.forward(nothing), by: chats.ben).rejection == .badText)
    }

    @Test("Nobody edits a forwarded message; its sender deletes it, and who wrote it goes along")
    func changed() throws {
        var chats = try ChatFixture.withTwo()
        let message = try #require(
            try chats.apply(.forward(Self.words), by: chats.ben).receipt?.seq)
        #expect(
            try chats.apply(.edit(target: message, text: "x"), by: chats.ben).rejection
                == .badTarget)
        #expect(try chats.apply(.deleteMessage(message), by: chats.ben).receipt != nil)
        let erased = try #require(try chats.entries().first { $0.seq == message })
        #expect(erased.kind == .erased && erased.origin == nil)
    }

    @Test("A try that found no source gets the answer of an earlier one that did")
    func foundBefore() throws {
        var chats = try ChatFixture.withTwo()
        let cmid = chats.nextID()
        let first = try chats.apply(.forward(Self.words), by: chats.ben, cmid: cmid)
        let before = chats.stateHash
        let second = try chats.apply(.forward(nil), by: chats.ben, cmid: cmid)
        #expect(first.receipt != nil && second.receipt == first.receipt)
        #expect(second.published.isEmpty && chats.stateHash == before)
    }

    @Test("Once it is refused for want of a source, an earlier try that comes late is refused, too")
    func foundLate() throws {
        var chats = try ChatFixture.withTwo()
        let cmid = chats.nextID()
        for message in [nil, Self.words] {
            let outcome = try chats.apply(.forward(message), by: chats.ben, cmid: cmid)
            #expect(outcome.rejection == .badForward && outcome.published.isEmpty)
        }
        #expect(try chats.summary(for: chats.ann)?.head.n == .zero)
    }
}
