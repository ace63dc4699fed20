/// A point of monotonic time: nanoseconds since the node's process started.
///
/// The only time that a core may measure with. It says nothing about the calendar.
package struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Nanoseconds since the start.
    package let nanoseconds: UInt64

    package init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// The start of the process.
    package static let start = Instant(nanoseconds: 0)

    package var description: String {
        let milliseconds = nanoseconds / 1_000_000
        let fraction = String(milliseconds % 1_000)
        let padding = String(repeating: "0", count: 3 - fraction.count)
        return "\(milliseconds / 1_000).\(padding)\(fraction)s"
    }

    package static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

    package static func + (lhs: Instant, rhs: Interval) -> Instant {
        Instant(nanoseconds: lhs.nanoseconds + rhs.nanoseconds)
    }

    /// The time from `rhs` to `lhs`; zero when `rhs` is the later one.
    package static func - (lhs: Instant, rhs: Instant) -> Interval {
        .nanoseconds(lhs.nanoseconds >= rhs.nanoseconds ? lhs.nanoseconds - rhs.nanoseconds : 0)
    }
}
