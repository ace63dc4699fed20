import Determinism
import Identity
import Node
import Testing
import Wire

@Suite("Session hub: who is there")
struct WatchTests {
    private let one = SocketID(1)
    private let two = SocketID(2)

    private func watching(_ accounts: [UInt64]) -> HubHarness {
        var harness = HubHarness()
        harness.join(one, .test(1))
        harness.say(.watch(accounts.map { Wide.account($0) }), one)
        return harness
    }

    private func told(_ people: (UInt64, Presence)...) -> HubDelivery {
        .presence(people.map { PersonPresence(account: Wide.account($0.0), presence: $0.1) })
    }

    private func frame(_ people: (UInt64, Presence)...) -> ServerFrame {
        .presence(people.map { PersonPresence(account: Wide.account($0.0), presence: $0.1) })
    }

    private func seen(daysAgo days: UInt64, in harness: HubHarness) -> Presence {
        .offline(
            lastSeen: WallTime(milliseconds: harness.wall.milliseconds - days * 86_400_000))
    }

    @Test("An account is there while one of its sockets is in use")
    func active() {
        var harness = HubHarness()
        harness.join(one, .test(1))
        harness.join(two, .test(1, session: 9))
        let account = Wide.account(1)
        #expect(
            harness.say(.presence(isActive: true), one)
                == [.signal(.presence(account, isActive: true))])
        #expect(harness.say(.presence(isActive: true), one).isEmpty, "it was said")
        #expect(harness.say(.presence(isActive: true), two).isEmpty, "another device")
        #expect(harness.say(.presence(isActive: false), one).isEmpty)
        #expect(
            harness.give(.closed(two)).contains(.signal(.presence(account, isActive: false))))
    }

    @Test("Whom a socket watches is asked for once for all sockets, with its own account")
    func union() {
        var harness = HubHarness()
        harness.join(one, .test(1))
        harness.join(two, .test(2))
        #expect(
            harness.say(.watch([Wide.account(7), Wide.account(1)]), one)
                == [.signal(.watch([Wide.account(7), Wide.account(1)]))])
        #expect(
            harness.say(.watch([Wide.account(7)]), two) == [.signal(.watch([Wide.account(2)]))])
        #expect(
            harness.say(.watch([]), one) == [.signal(.unwatch([Wide.account(1)]))],
            "the other socket goes on")
        #expect(
            harness.give(.closed(two)).contains(
                .signal(.unwatch([Wide.account(7), Wide.account(2)]))))
    }

    @Test("Changes are told to those who watch, and to nobody else")
    func changes() {
        var harness = watching([7])
        harness.join(two, .test(2))
        harness.give(told((1, .online), (7, .offline(lastSeen: harness.wall))))
        let effects = harness.give(told((7, .online)))
        #expect(effects.frames(to: one) == [frame((7, .online))])
        #expect(effects.frames(to: two).isEmpty)
        #expect(harness.give(told((7, .online))).isEmpty, "no change")
        #expect(harness.give(told((8, .online))).isEmpty, "nobody watches")
    }

    @Test("Nothing is told before it is known whether the one who looks hides the own")
    func unknown() {
        var harness = watching([7])
        #expect(harness.give(told((7, .online))).isEmpty)
        #expect(harness.give(told((1, .online))).frames(to: one) == [frame((7, .online))])
    }

    @Test("Who hides the own is told of nobody exactly; when that ends, of all at once")
    func hides() {
        var harness = watching([7, 8, 9])
        let (week, long) = (seen(daysAgo: 5, in: harness), seen(daysAgo: 90, in: harness))
        harness.give(told((1, .recently), (7, .online)))
        let effects = harness.give(told((8, week), (9, long)))
        #expect(effects.frames(to: one) == [frame((8, .withinWeek), (9, .longAgo))])
        let shown = harness.give(told((1, .online)))
        #expect(shown.frames(to: one) == [frame((7, .online), (8, week), (9, long))])
        let hidden = harness.give(told((1, .recently)))
        #expect(
            hidden.frames(to: one)
                == [frame((7, .recently), (8, .withinWeek), (9, .longAgo))])
    }

    @Test("What is blurred says no more than within how many days")
    func blurred() {
        let harness = HubHarness()
        func blurred(_ days: UInt64) -> Presence {
            seen(daysAgo: days, in: harness).blurred(at: harness.wall)
        }
        #expect(Presence.online.blurred(at: harness.wall) == .recently)
        #expect(
            [0, 3, 4, 7, 8, 30, 31].map(blurred) == [
                .recently, .recently, .withinWeek, .withinWeek, .withinMonth, .withinMonth,
                .longAgo,
            ])
        let never = Presence.offline(lastSeen: WallTime(milliseconds: 0))
        #expect(never.blurred(at: harness.wall) == .longAgo)
    }

    @Test("A slow socket is spared changes, and told how it is when it has drained")
    func slow() {
        var harness = watching([7])
        harness.give(told((1, .online), (7, .offline(lastSeen: harness.wall))))
        harness.give(
            .backlog(one, frameCount: SessionLimits.backlogSoftFrames, byteCount: 0))
        #expect(harness.give(told((7, .online))).isEmpty)
        let drained = harness.give(.backlog(one, frameCount: 0, byteCount: 0))
        #expect(drained.frames(to: one) == [frame((7, .online))])
    }
}
