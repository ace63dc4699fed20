import Determinism
import Identity
import Testing
import Wire

@testable import ClientSession

@Suite("Client core: who types and who is there")
struct PresenceTests {
    private let chat = ChatID(high: 1, low: 1)
    private let ann = AccountID(high: 2, low: 1)
    private let ben = AccountID(high: 2, low: 2)

    /// A core whose socket has come to its welcome from a node with this pause.
    private func welcomed(_ core: inout ClientCore, typingPause: UInt64) -> [ClientEffect] {
        _ = core.receive(.opened, random: 0)
        let limits = ClientLimits(
            textCharacters: 1, textBytes: 1, frameBytes: 1, differenceEntries: 1, pageEntries: 1,
            nameCharacters: 1, fullNameCharacters: 1, openChats: 1, typingPause: typingPause)
        let welcome = Welcome(
            account: ClientPerson(id: ann, name: "Ann", username: nil),
            session: SessionID(high: 3, low: 1), heartbeat: .seconds(25),
            now: WallTime(milliseconds: 1), limits: limits, nodes: ["a"], ticket: "t",
            bearer: nil, inbox: .nothing)
        _ = core.receive(.frame(.welcome(welcome)), random: 0)
        return core.receive(.frame(.live), random: 0)
    }

    private func started(typingPause: UInt64 = 3_000) -> ClientCore {
        var core = ClientCore()
        _ = core.receive(.start(ClientStart(home: "a", nodes: ["a"], bearer: "b")), random: 0)
        _ = welcomed(&core, typingPause: typingPause)
        return core
    }

    @Test("What the person does is said at once, and once")
    func said() {
        var core = started()
        #expect(core.receive(.typing(chat), random: 0) == [.sendFrame(.typing(chat))])
        #expect(
            core.receive(.active(true), random: 0) == [.sendFrame(.presence(isActive: true))])
        #expect(core.receive(.active(true), random: 0) == [])
        #expect(core.receive(.watch([ben, ann]), random: 0) == [.sendFrame(.watch([ann, ben]))])
        #expect(core.receive(.watch([ann, ben, ben]), random: 0) == [])
    }

    @Test("Another socket is told it anew, and nothing while there is none")
    func another() {
        var core = started()
        _ = core.receive(.active(true), random: 0)
        _ = core.receive(.closed(code: 1006), random: 0)
        #expect(core.receive(.typing(chat), random: 0) == [])
        #expect(core.receive(.watch([ben]), random: 0) == [])
        _ = core.receive(.timer(.reconnect), random: 0)
        _ = core.receive(.follow(chat, .nothing), random: 0)
        let frames = welcomed(&core, typingPause: 3_000).filter {
            if case .sendFrame = $0 { true } else { false }
        }
        #expect(
            Array(frames.prefix(2)) == [
                .sendFrame(.presence(isActive: true)), .sendFrame(.watch([ben])),
            ])
    }

    @Test("What may have been refused as too much at once is said again after the pause")
    func refused() {
        var core = started()
        _ = core.receive(.active(true), random: 0)
        _ = core.receive(.active(false), random: 0)
        _ = core.receive(.frame(.slowDown(retryAfter: .seconds(1))), random: 0)
        #expect(
            core.receive(.timer(.outbox), random: 0) == [
                .sendFrame(.presence(isActive: false)), .sendFrame(.watch([])),
            ])
    }

    @Test("A node that does not know these frames is sent none")
    func older() {
        var core = started(typingPause: 0)
        #expect(core.receive(.typing(chat), random: 0) == [])
        #expect(core.receive(.active(true), random: 0) == [])
        #expect(core.receive(.watch([ben]), random: 0) == [])
    }

    @Test("What comes is told on")
    func told() {
        var core = started()
        let seq = SequenceNumber(4)
        #expect(
            core.receive(.frame(.typing(chat, ben, seq: seq)), random: 0)
                == [.typing(chat, ben, seq: seq)])
        let people = [PersonPresence(account: ben, presence: .online)]
        #expect(core.receive(.frame(.presence(people)), random: 0) == [.presence(people)])
    }
}
