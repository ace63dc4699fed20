import Determinism
import Testing

@testable import Simulator

@Suite("Simulated clocks")
struct ClockTests {
    @Test("The world's time of an instant is the first at which the clock shows it, at any rate")
    func inverse() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            var clock = SimulatedClock()
            let begin = Instant(nanoseconds: generator.next(upperBound: 100_000_000_000))
            clock.restart(at: begin)
            let turn = begin + .nanoseconds(generator.next(upperBound: 100_000_000_000))
            let drift = Int64(generator.next(upperBound: UInt64(2_001))) - 1_000
            clock.drift(by: drift, at: turn)
            let local = Instant(
                nanoseconds: clock.instant(at: turn).nanoseconds
                    + 1 + generator.next(upperBound: 500_000_000_000))
            let world = clock.worldTime(of: local)
            #expect(clock.instant(at: world) >= local)
            let before = Instant(nanoseconds: world.nanoseconds - 1)
            #expect(before < turn || clock.instant(at: before) < local)
        }
    }

    @Test("A clock that is a thousandth too fast gains a millisecond in a second, without a jump")
    func drift() {
        var clock = SimulatedClock()
        clock.restart(at: .start)
        let at = Instant(nanoseconds: 5_000_000_000)
        let shown = clock.instant(at: at)
        clock.drift(by: 1_000, at: at)
        #expect(clock.instant(at: at) == shown)
        #expect(clock.instant(at: at + .seconds(1)) - shown == .milliseconds(1_001))
        clock.drift(by: -1_000, at: at + .seconds(1))
        #expect(clock.instant(at: at + .seconds(2)) - shown == .milliseconds(2_000))
    }

    @Test(
        "While a machine is suspended its monotonic clock does not count, and the calendar's does")
    func suspension() {
        var clock = SimulatedClock()
        clock.restart(at: .start)
        let begin = Instant(nanoseconds: 1_000_000_000)
        let shown = clock.instant(at: begin)
        clock.skip(from: begin, until: begin + .seconds(30))
        #expect(clock.instant(at: begin + .seconds(30)) == shown)
        #expect(clock.instant(at: begin + .seconds(31)) - shown == .seconds(1))
        let wall = clock.wall(at: begin + .seconds(30), epoch: 1_000_000)
        #expect(wall == WallTime(milliseconds: 1_031_000))
    }

    @Test("A calendar clock is off by its offset, stands still and goes on")
    func calendar() {
        var clock = SimulatedClock()
        clock.offset = -2_000
        let now = Instant(nanoseconds: 5_000_000_000)
        #expect(clock.wall(at: now, epoch: 10_000).milliseconds == 13_000)
        clock.freeze(at: now)
        #expect(clock.wall(at: now + .seconds(9), epoch: 10_000).milliseconds == 13_000)
        clock.thaw()
        #expect(clock.wall(at: now + .seconds(9), epoch: 10_000).milliseconds == 22_000)
        clock.offset = -100_000
        #expect(clock.wall(at: now, epoch: 10_000).milliseconds == 0)
    }
}
