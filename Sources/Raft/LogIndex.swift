/// The place of an entry in the replicated log: dense, from 1.
package struct LogIndex: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Before the first.
    package static let zero = LogIndex(0)

    /// The one that follows.
    package var next: LogIndex { LogIndex(rawValue + 1) }

    /// The one before; zero for zero.
    package var previous: LogIndex { LogIndex(rawValue == 0 ? 0 : rawValue - 1) }

    package var description: String { "\(rawValue)" }

    /// How many entries lie in `start ..< self`; zero when `start` is not the earlier one.
    package func distance(from start: LogIndex) -> Int {
        rawValue > start.rawValue ? Int(clamping: rawValue - start.rawValue) : 0
    }

    package static func < (lhs: LogIndex, rhs: LogIndex) -> Bool { lhs.rawValue < rhs.rawValue }

    /// The index `count` places later; `count` is not negative.
    package static func + (lhs: LogIndex, count: Int) -> LogIndex {
        precondition(count >= 0, "an index moves forward by +")
        return LogIndex(lhs.rawValue + UInt64(count))
    }

    /// The index `count` places earlier, zero at the least; `count` is not negative.
    package static func - (lhs: LogIndex, count: Int) -> LogIndex {
        precondition(count >= 0, "an index moves backward by -")
        let places = UInt64(count)
        return LogIndex(lhs.rawValue > places ? lhs.rawValue - places : 0)
    }
}
