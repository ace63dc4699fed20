/// A reading of the calendar clock: milliseconds since 1970, UTC.
///
/// For display, for expiry of codes and sessions, and for nothing that orders or elects: the clock
/// may be wrong, stand still or step back.
package struct WallTime: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let milliseconds: UInt64

    package init(milliseconds: UInt64) {
        self.milliseconds = milliseconds
    }

    package var description: String { "\(milliseconds)" }

    package static func < (lhs: WallTime, rhs: WallTime) -> Bool {
        lhs.milliseconds < rhs.milliseconds
    }

    package static func + (lhs: WallTime, rhs: Interval) -> WallTime {
        WallTime(milliseconds: lhs.milliseconds + rhs.milliseconds)
    }

    /// The time from `rhs` to `lhs`; zero when `rhs` is the later one.
    package static func - (lhs: WallTime, rhs: WallTime) -> Interval {
        .milliseconds(
            lhs.milliseconds >= rhs.milliseconds ? lhs.milliseconds - rhs.milliseconds : 0)
    }
}
