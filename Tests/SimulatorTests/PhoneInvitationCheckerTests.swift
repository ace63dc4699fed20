import Determinism
import Identity
import Testing
import Wire

@testable import Simulator

@Suite("Checkers: invitations of phone numbers")
struct PhoneInvitationCheckerTests {
    @Test("Who signed up and never came in is found, unless the right may have been lost")
    func lost() {
        let chat = ChatID(high: 1, low: 1)
        let (ann, ben) = (AccountID(high: 2, low: 1), AccountID(high: 2, low: 2))
        func violations(
            _ contents: [ClientEntry.Content], accounts: [String: AccountID] = [:],
            mayLack: Bool = false
        ) -> Int {
            var checker = PhoneInvitations()
            checker.awaits("+1", in: chat, by: ann)
            let entries = contents.enumerated().map { place, content in
                ClientEntry(
                    seq: SequenceNumber(UInt64(place) + 1), n: .zero,
                    time: WallTime(milliseconds: 1), from: ann, content: content)
            }
            checker.holds(entries, of: chat)
            checker.judge(accounts: accounts) { _, _ in mayLack }
            return checker.violations.count
        }
        let made = ClientEntry.Content.created(name: "tea", fullName: "")
        #expect(violations([made]) == 0, "nobody has the number")
        #expect(violations([made, .memberAdded(ben)], accounts: ["+1": ben]) == 0)
        #expect(violations([made], accounts: ["+1": ben]) == 1)
        #expect(violations([made], accounts: ["+1": ben], mayLack: true) == 0)
        #expect(violations([made, .memberAdded(ann)], accounts: ["+1": ben]) == 1)
    }
}
