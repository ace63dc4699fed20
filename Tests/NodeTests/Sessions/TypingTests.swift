import Chat
import Determinism
import Identity
import Node
import Testing
import Wire

@Suite("Session hub: who types")
struct TypingTests {
    private let one = SocketID(1)
    private let two = SocketID(2)
    private let chat = Wide.chat(1)
    private var log: LogID { .chat(chat) }

    /// Two people in a chat whose log ends at 4.
    private func pair() -> HubHarness {
        var harness = HubHarness()
        harness.join(one, .test(1), chat, at: 4)
        harness.join(two, .test(2), chat, at: 4)
        return harness
    }

    private func typing(_ account: UInt64, at seq: UInt64, epoch: UInt64 = 1) -> HubDelivery {
        .typing(chat, epoch: epoch, seq: SequenceNumber(seq), Wide.account(account))
    }

    private func frame(_ account: UInt64, at seq: UInt64) -> ServerFrame {
        .typing(chat, Wide.account(account), seq: SequenceNumber(seq))
    }

    @Test("It goes to the node, and from there to all who have the chat but the person itself")
    func others() {
        var harness = pair()
        let said = harness.say(.typing(chat), one)
        #expect(said == [.signal(.typing(Wide.account(1), chat))])
        // Another device of the same person.
        harness.join(SocketID(3), .test(1, session: 9), chat, at: 4)
        let told = harness.give(typing(1, at: 4))
        #expect(told.frames(to: two) == [frame(1, at: 4)])
        #expect(told.frames(to: one).isEmpty && told.frames(to: SocketID(3)).isEmpty)
        #expect(told.allSatisfy { if case .send(_, _, .ephemeral) = $0 { true } else { false } })
    }

    @Test("What is said sooner than a second after the last is not passed on")
    func rate() {
        var harness = pair()
        #expect(!harness.say(.typing(chat), one).isEmpty)
        harness.wait(.milliseconds(900))
        #expect(harness.say(.typing(chat), one).isEmpty)
        harness.wait(.milliseconds(100))
        #expect(!harness.say(.typing(chat), one).isEmpty)
        #expect(!harness.say(.typing(chat), two).isEmpty, "each socket has its own rate")
    }

    @Test("Nobody types in a chat that the socket does not follow")
    func unfollowed() {
        var harness = pair()
        #expect(harness.say(.typing(Wide.chat(9)), one).isEmpty)
    }

    @Test("A hub that has not heard of all that the owner knew tells nobody")
    func behind() {
        var harness = pair()
        #expect(harness.give(typing(1, at: 5)).isEmpty)
        harness.give(.published(log, epoch: 1, [published(chat, 5)]))
        #expect(harness.give(typing(1, at: 5)).frames(to: two).count == 1)
        #expect(harness.give(typing(1, at: 4)).isEmpty, "what was right before may be so no longer")
        #expect(harness.give(typing(1, at: 5, epoch: 2)).isEmpty)
    }

    @Test("Who was removed is not told, before and after that is known for sure")
    func removed() {
        var harness = pair()
        let removal = ChatEntry.Kind.memberRemoved(Wide.account(2))
        harness.give(.published(log, epoch: 1, [published(chat, 5, removal)]))
        #expect(harness.give(typing(1, at: 5)).frames(to: two).isEmpty)
        harness.answer(.failed(Failure(.notMember)))
        #expect(harness.give(typing(1, at: 5)).frames(to: two).isEmpty)
    }

    @Test("A slow socket is spared it")
    func slow() {
        var harness = pair()
        harness.give(
            .backlog(two, frameCount: SessionLimits.backlogSoftFrames, byteCount: 0))
        #expect(harness.give(typing(1, at: 4)).isEmpty)
        harness.give(.backlog(two, frameCount: 0, byteCount: 0))
        #expect(harness.give(typing(1, at: 4)).frames(to: two).count == 1)
    }

    @Test("The welcome says how often to say it and how many may be watched")
    func limits() {
        var harness = HubHarness()
        harness.give(.opened(one, grant: .test(1), origin: nil))
        harness.say(.hello(Hello()), one)
        let welcomed = harness.answer(difference(.inbox(Wide.account(1)), from: 0, to: 0))
        guard case .welcome(let welcome) = welcomed.frames(to: one).first else {
            Issue.record("no welcome")
            return
        }
        #expect(welcome.limits.typingPause == 3_000 && welcome.limits.watched == 256)
    }
}
