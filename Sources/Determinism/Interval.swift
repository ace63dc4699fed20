/// A length of time in whole nanoseconds, never negative.
package struct Interval: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let nanoseconds: UInt64

    private init(raw nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// No time at all.
    package static let zero = Interval(raw: 0)

    /// `count` nanoseconds.
    package static func nanoseconds(_ count: UInt64) -> Interval { Interval(raw: count) }

    /// `count` microseconds; traps beyond 584 years, as the longer units do.
    package static func microseconds(_ count: UInt64) -> Interval { Interval(raw: count * 1_000) }

    /// `count` milliseconds.
    package static func milliseconds(_ count: UInt64) -> Interval {
        Interval(raw: count * 1_000_000)
    }

    /// `count` seconds.
    package static func seconds(_ count: UInt64) -> Interval {
        Interval(raw: count * 1_000_000_000)
    }

    /// Whole milliseconds, rounded down.
    package var milliseconds: UInt64 { nanoseconds / 1_000_000 }

    package var description: String {
        if nanoseconds % 1_000_000_000 == 0 { return "\(nanoseconds / 1_000_000_000)s" }
        if nanoseconds % 1_000_000 == 0 { return "\(nanoseconds / 1_000_000)ms" }
        return "\(nanoseconds / 1_000)us"
    }

    package static func < (lhs: Interval, rhs: Interval) -> Bool {
        lhs.nanoseconds < rhs.nanoseconds
    }

    package static func + (lhs: Interval, rhs: Interval) -> Interval {
        Interval(raw: lhs.nanoseconds + rhs.nanoseconds)
    }

    /// The difference, zero when `rhs` is longer.
    package static func - (lhs: Interval, rhs: Interval) -> Interval {
        Interval(raw: lhs.nanoseconds >= rhs.nanoseconds ? lhs.nanoseconds - rhs.nanoseconds : 0)
    }

    package static func * (lhs: Interval, rhs: UInt64) -> Interval {
        Interval(raw: lhs.nanoseconds * rhs)
    }

    package static func / (lhs: Interval, rhs: UInt64) -> Interval {
        Interval(raw: lhs.nanoseconds / rhs)
    }

    /// An interval in `self ..< self + width`, drawn from `generator`: jitter.
    package func jittered(
        by width: Interval, using generator: inout some RandomNumberGenerator
    ) -> Interval {
        guard width.nanoseconds > 0 else { return self }
        return Interval(raw: nanoseconds + generator.next(upperBound: width.nanoseconds))
    }
}
