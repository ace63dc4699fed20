import Determinism
import Identity
import Testing
import Wire

@testable import Simulator

@Suite("Checkers: direct chats")
struct DirectChatTests {
    private let chat = ChatID(high: 1, low: 1)
    private let ann = AccountID(high: 2, low: 1)
    private let ben = AccountID(high: 2, low: 2)

    private func entry(
        _ seq: UInt64, n: UInt64 = 0, by account: AccountID, _ content: ClientEntry.Content
    ) -> ClientEntry {
        ClientEntry(
            seq: SequenceNumber(seq), n: Ordinal(n), time: WallTime(milliseconds: seq),
            from: account, content: content)
    }

    private func shown(
        to account: AccountID, _ chat: ChatID? = nil, peer: AccountID? = nil, name: String = "",
        memberCount: UInt64 = 2
    ) -> ClientChat {
        ClientChat(
            id: chat ?? self.chat, kind: .direct, name: name, fullName: "", creator: nil,
            role: .member, memberCount: memberCount, epoch: 1, head: .zero, mark: .zero,
            marksVersion: 0, marks: [], last: nil, peer: peer ?? (account == ann ? ben : ann))
    }

    @Test("They hold for one chat of two who both opened it, and for one with oneself")
    func sound() {
        var checker = DirectChats()
        checker.opened(shown(to: ann), by: ann, with: ben)
        checker.opened(shown(to: ben), by: ben, with: ann)
        checker.holds(
            [entry(1, by: ann, .opened(with: ben)), entry(2, n: 1, by: ben, .text("x"))],
            of: chat, on: "one")
        let own = ChatID(high: 1, low: 2)
        checker.opened(shown(to: ann, own, peer: ann, memberCount: 1), by: ann, with: ann)
        checker.lists([shown(to: ann), shown(to: ann, own, peer: ann, memberCount: 1)], to: ann)
        checker.lists([shown(to: ben)], to: ben)
        checker.judge()
        #expect(checker.violations.isEmpty && checker.openedCount == 3)
    }

    @Test("They fail for a second chat of two people, and for a chat of two pairs")
    func second() {
        var checker = DirectChats()
        checker.opened(shown(to: ann), by: ann, with: ben)
        checker.opened(shown(to: ben, ChatID(high: 1, low: 2)), by: ben, with: ann)
        #expect(checker.violations.count == 1)
        checker.holds(
            [entry(1, by: ann, .opened(with: AccountID(high: 2, low: 3)))], of: chat, on: "one")
        #expect(checker.violations.count == 2)
    }

    @Test("They fail for a third person, a name, a wrong peer and a log with more than messages")
    func shape() {
        var checker = DirectChats()
        checker.opened(shown(to: ann, name: "us"), by: ann, with: ben)
        checker.opened(shown(to: ann, peer: ann), by: ann, with: ben)
        checker.opened(shown(to: ann, memberCount: 3), by: ann, with: ben)
        #expect(checker.violations.count == 3)
        let third = AccountID(high: 2, low: 3)
        checker.holds(
            [
                entry(1, by: ann, .opened(with: ben)), entry(2, by: ann, .memberAdded(third)),
                entry(3, n: 1, by: third, .text("x")),
            ], of: chat, on: "one")
        #expect(checker.violations.count == 5)
    }

    @Test("They fail when a chat with a message is not in the list of one of its two")
    func listed() {
        var checker = DirectChats()
        let opening = entry(1, by: ann, .opened(with: ben))
        checker.holds([opening], of: chat, on: "one")
        checker.lists([], to: ben)
        checker.judge()
        #expect(checker.violations.isEmpty, "there is nothing to read yet")
        checker.holds([opening, entry(2, n: 1, by: ann, .text("x"))], of: chat, on: "one")
        checker.lists([], to: ben)
        checker.judge()
        #expect(checker.violations.count == 1)
    }
}
