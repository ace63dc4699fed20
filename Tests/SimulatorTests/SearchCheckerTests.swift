import Determinism
import Identity
import Node
import Testing
import Wire

@testable import Simulator

@Suite("Checker of searches")
struct SearchCheckerTests {
    private let chat = ChatID(high: 1, low: 1)

    private func hit(_ seq: UInt64, _ text: String, in chat: ChatID? = nil) -> FoundMessage {
        let entry = ClientEntry(
            seq: SequenceNumber(seq), n: Ordinal(seq), time: WallTime(milliseconds: seq),
            from: AccountID(high: 1, low: 1), content: .text(text))
        return FoundMessage(chat: chat ?? self.chat, entry: entry, marks: [0..<3])
    }

    private func violations(
        _ hits: [FoundMessage], mayBeGone: Bool = false, isPartial: Bool = false
    ) -> Int {
        var checker = Search()
        let wish = Search.Wish(
            chat: chat, seq: SequenceNumber(5), part: "tea", isEverywhere: false)
        checker.answered(
            FoundMessages(hits: hits, next: nil, isPartial: isPartial), to: wish,
            mayBeGone: mayBeGone, by: "somebody")
        return checker.violations.count
    }

    @Test("It is content when the message is found, newest first, and when it may be gone")
    func content() {
        #expect(violations([hit(9, "tea"), hit(5, "tea time")]) == 0)
        #expect(violations([], mayBeGone: true) == 0)
        #expect(violations([], isPartial: true) == 0)
    }

    @Test(
        "It fails for a hit that is missing, has other words, is elsewhere, doubled or out of order"
    )
    func different() {
        #expect(violations([]) == 1)
        #expect(violations([hit(9, "tea")]) == 1)
        #expect(violations([hit(9, "coffee"), hit(5, "tea")]) == 1)
        #expect(violations([hit(9, "tea", in: ChatID(high: 2, low: 2)), hit(5, "tea")]) == 1)
        #expect(violations([hit(5, "tea"), hit(5, "tea")]) == 1)
        #expect(violations([hit(5, "tea"), hit(9, "tea")]) == 1)
    }
}
