import Determinism
import Identity
import Testing
import Wire

@testable import Node

@Suite("Sessions: marks that a socket did not get when they came")
struct MissedMarksTests {
    private let socket = SocketID(1)
    private let chat = Wide.chat(1)

    /// What is asked for a slow socket at entry 4 that was spared marks, once it has drained.
    private func asked(
        _ meanwhile: (inout HubHarness) -> Void = { _ in }
    ) -> LogCursor? {
        var harness = HubHarness()
        harness.join(socket, .test(1), chat, at: 4)
        harness.give(.backlog(socket, frameCount: SessionLimits.backlogSoftFrames, byteCount: 1))
        let mark = ReadMark(account: Wide.account(2), n: Ordinal(4))
        harness.give(.marks(chat, version: 7, [mark]))
        meanwhile(&harness)
        harness.give(.backlog(socket, frameCount: 0, byteCount: 0))
        guard case .difference(_, .chat(chat), let from)? = harness.asked.first?.request else {
            return nil
        }
        return from
    }

    @Test("They come when a slow socket that was spared them has drained")
    func comeWhenDrained() throws {
        let from = try #require(asked())
        #expect(from.seq.rawValue == 4)
        #expect(from.marksVersion == 0)
    }

    @Test("They come although the log went on without the hub meanwhile")
    func comeAfterJump() throws {
        let from = try #require(
            asked { harness in
                harness.give(.head(.chat(chat), epoch: 1, position(6), marksVersion: 8))
            })
        #expect(from.seq.rawValue == 4)
        #expect(from.marksVersion == 0)
    }

    @Test("They come to who has more entries than the hub when it has caught up")
    func comeToWhoIsAhead() {
        var harness = HubHarness()
        harness.join(socket, .test(1), open: [Hello.Open(chat: chat, cursor: cursor(4))])
        harness.give(.head(.chat(chat), epoch: 1, position(4), marksVersion: 1))
        let mark = ReadMark(account: Wide.account(2), n: Ordinal(5))
        harness.give(.marks(chat, version: 2, [mark]))
        let caughtUp = harness.answer(
            difference(.chat(chat), from: 4, to: 5, marks: MarksFields(version: 1, marks: [])))
        #expect(
            caughtUp.frames(to: socket).contains(
                .marks(chat, MarksFields(version: 2, marks: [mark]))))
        harness.give(.published(.chat(chat), epoch: 1, [published(chat, 5)]))
        #expect(harness.asked.isEmpty)
    }

    @Test("Who was catching up when the hub itself missed marks asks for them")
    func missedMarks() {
        var harness = HubHarness()
        harness.join(SocketID(2), .test(2), chat, at: 4)
        harness.join(socket, .test(1), open: [Hello.Open(chat: chat, cursor: cursor(4))])
        harness.give(.head(.chat(chat), epoch: 1, position(4), marksVersion: 1))
        let mark = ReadMark(account: Wide.account(2), n: Ordinal(4))
        harness.give(.marks(chat, version: 2, [mark]))
        let frames = harness.answer(
            difference(.chat(chat), from: 4, to: 4, marks: MarksFields(version: 0, marks: []))
        ).frames(to: socket)
        #expect(!frames.contains(.marks(chat, MarksFields(version: 2, marks: [mark]))))
        guard case .difference(let account, _, let from)? = harness.asked.last?.request else {
            Issue.record("not asked")
            return
        }
        #expect(account == Wide.account(1))
        #expect(from.marksVersion == 0)
    }
}
