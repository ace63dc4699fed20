import Determinism
import Testing

@Suite("Instant, Interval and WallTime")
struct TimeTests {
    @Test("The difference of instants is never negative")
    func differences() {
        let early = Instant.start + .milliseconds(5)
        let late = early + .seconds(2)
        #expect(late - early == .seconds(2))
        #expect(early - late == .zero)
        #expect(early < late)
        #expect(WallTime(milliseconds: 5) - WallTime(milliseconds: 9) == .zero)
        #expect(Interval.seconds(1) - .seconds(2) == .zero)
    }

    @Test("Units convert exactly and print in the largest one that is whole")
    func units() {
        #expect(Interval.seconds(3) == .milliseconds(3_000))
        #expect(Interval.milliseconds(3) == .microseconds(3_000))
        #expect(Interval.microseconds(3) == .nanoseconds(3_000))
        #expect(Interval.milliseconds(1_500).description == "1500ms")
        #expect(Interval.seconds(2).description == "2s")
        #expect(Interval.microseconds(7).description == "7us")
        #expect(Instant(nanoseconds: 12_034_000_000).description == "12.034s")
        #expect(Interval.seconds(2) * 3 / 4 == .milliseconds(1_500))
    }

    @Test("Jitter stays within its width and is drawn from the generator")
    func jitter() {
        var generator = SeededGenerator(seed: 1)
        let drawn = (0..<200).map { _ in
            Interval.milliseconds(100).jittered(by: .milliseconds(50), using: &generator)
        }
        #expect(drawn.allSatisfy { $0 >= .milliseconds(100) && $0 < .milliseconds(150) })
        #expect(Set(drawn).count > 150)
        #expect(Interval.seconds(1).jittered(by: .zero, using: &generator) == .seconds(1))
    }
}
