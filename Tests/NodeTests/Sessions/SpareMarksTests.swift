import Determinism
import Identity
import Testing
import Wire

@testable import Node

@Suite("Sessions: marks that a slow socket is spared")
struct SpareMarksTests {
    private let socket = SocketID(1)
    private let chat = Wide.chat(1)

    @Test("They come although the log went on without the hub meanwhile")
    func comeAfterJump() {
        var harness = HubHarness()
        harness.join(socket, .test(1), chat, at: 4)
        harness.give(.backlog(socket, frameCount: SessionLimits.backlogSoftFrames, byteCount: 1))
        let mark = ReadMark(account: Wide.account(2), n: Ordinal(4))
        harness.give(.marks(chat, version: 7, [mark]))
        harness.give(.head(.chat(chat), epoch: 1, position(6), marksVersion: 8))
        harness.give(.backlog(socket, frameCount: 0, byteCount: 0))
        guard case .difference(_, _, let from)? = harness.asked.first?.request else {
            Issue.record("not asked")
            return
        }
        #expect(from.seq.rawValue == 4)
        #expect(from.marksVersion == 0)
    }
}
