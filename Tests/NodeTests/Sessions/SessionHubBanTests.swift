import Chat
import Identity
import Node
import Testing
import Wire

@Suite("Session hub: bans")
struct SessionHubBanTests {
    @Test(
        "Who is banned, a member or not, gets the entry that says so, and nothing after it",
        arguments: [true, false])
    func banned(wasMember: Bool) {
        let one = SocketID(1)
        let two = SocketID(2)
        let chat = Wide.chat(1)
        let log = LogID.chat(chat)
        let ban = ChatEntry.Kind.memberBanned(Wide.account(1), wasMember: wasMember)
        var harness = HubHarness()
        harness.join(one, .test(1), chat, at: 4)
        harness.join(two, .test(2), chat, at: 4)
        let told = harness.give(
            .published(log, epoch: 1, [published(chat, 5, ban), published(chat, 6)]))
        #expect(told.frames(to: one).count == 1)
        #expect(told.frames(to: two).count == 2)
        let refused = harness.answer(.failed(Failure(.notMember)))
        guard case .error(let error)? = refused.frames(to: one).first else {
            Issue.record("not told")
            return
        }
        #expect(error.code == "notMember")
        let after = harness.give(.published(log, epoch: 1, [published(chat, 7)]))
        #expect(after.frames(to: one).isEmpty)
        #expect(after.frames(to: two).count == 1)
    }
}
