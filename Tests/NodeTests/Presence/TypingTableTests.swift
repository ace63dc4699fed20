import Determinism
import Identity
import Testing

@testable import Node

@Suite("Typing at the owner")
struct TypingTableTests {
    private let chat = ChatID(high: 1, low: 1)

    private func isAdmitted(
        _ number: UInt64, _ table: inout TypingTable, in other: ChatID? = nil, at time: UInt64
    ) -> Bool {
        table.admits(account(number), in: other ?? chat, at: .start + .milliseconds(time))
    }

    @Test("Five people of a chat are passed on, and others when they are done")
    func crowd() {
        var table = TypingTable()
        for number in 1...5 as ClosedRange<UInt64> {
            #expect(isAdmitted(number, &table, at: 0))
        }
        #expect(!isAdmitted(6, &table, at: 100))
        #expect(isAdmitted(6, &table, in: ChatID(high: 1, low: 2), at: 100))
        // One of them goes on, the others have stopped.
        #expect(isAdmitted(1, &table, at: 3_000))
        #expect(isAdmitted(6, &table, at: 6_000))
    }

    @Test("What one person says again within a second is not passed on")
    func repetition() {
        var table = TypingTable()
        #expect(isAdmitted(1, &table, at: 0))
        #expect(!isAdmitted(1, &table, at: 999))
        #expect(isAdmitted(1, &table, at: 1_000))
    }

    @Test("Chats in which nobody types any more are forgotten")
    func forgotten() {
        var table = TypingTable()
        for number in 0..<100 as Range<UInt64> {
            _ = isAdmitted(1, &table, in: ChatID(high: 2, low: number), at: 0)
        }
        _ = isAdmitted(1, &table, at: 20_000)
        #expect(table.count == 1)
    }
}
