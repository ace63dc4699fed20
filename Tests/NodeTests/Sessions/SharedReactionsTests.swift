import Chat
import Determinism
import Identity
import Node
import Testing
import Wire

private let one = SocketID(1)
private let two = SocketID(2)
private let chat = Wide.chat(1)
private let log = LogID.chat(chat)

/// Found by the simulation (seed 4): what several clients are told in one frame said of each what
/// only one of them, or nobody, had said of a message.
@Suite("Session hub: reactions in frames for several")
struct SharedReactionsTests {
    @Test("A push, the same for all, says nothing of what each has said of the message")
    func push() {
        var harness = HubHarness()
        harness.join(one, .test(1), chat, at: 4)
        let group = ChatReactions.Group(emoji: "👍", accounts: [Wide.account(1)])
        let entry = ChatEntry(
            seq: SequenceNumber(5), n: Ordinal(5), time: WallTime(milliseconds: 5), from: nil,
            kind: .text("read late"),
            reactions: ChatReactions(seq: SequenceNumber(6), groups: [group]))
        let late = PublishedEntry(
            log: log, epoch: 1, seq: entry.seq, n: entry.n, bytes: entry.encoded())
        let frames = harness.give(.published(log, epoch: 1, [late])).frames(to: one)
        guard case .push(_, _, let told)? = frames.first else {
            Issue.record("not a push")
            return
        }
        #expect(told.content == .text("read late"))
        #expect(told.reactions == nil)
    }

    @Test("A difference for several says nothing of it either; that for one says what it said")
    func difference() {
        #expect(told(to: [one])?.reactions?.mine == "👍")
        #expect(told(to: [one, two])?.content == .text("read late"))
        #expect(told(to: [one, two])?.reactions == nil)
    }

    /// Entry 5 as these sockets are told of it when the log went on without the hub.
    private func told(to sockets: [SocketID]) -> ClientEntry? {
        var harness = HubHarness()
        for socket in sockets { harness.join(socket, .test(socket.rawValue), chat, at: 4) }
        harness.give(.head(log, epoch: 1, position(6)))
        let tally = ClientReactionTally(emoji: "👍", count: 1, first: [Wide.account(1)])
        let reactions = ClientReactions(seq: SequenceNumber(6), tallies: [tally], mine: "👍")
        let text = ClientEntry(
            seq: SequenceNumber(5), n: Ordinal(5), time: WallTime(milliseconds: 5), from: nil,
            content: .text("read late"), reactions: reactions)
        let reacted = ClientEntry(
            seq: SequenceNumber(6), n: .zero, time: WallTime(milliseconds: 6),
            from: Wide.account(1),
            content: .reacted(SequenceNumber(5), emoji: "👍", tallies: [tally]))
        let effects = harness.answer(
            .difference(
                LogDifference(
                    log: log, epoch: 1, entries: [text, reacted], head: position(6), marks: nil,
                    hasMore: false)))
        for case .difference(let frame)? in [effects.frames(to: sockets[0]).first] {
            return frame.entries.first
        }
        return nil
    }
}
