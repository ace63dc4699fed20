/// Counts only the messages of a chat, from 1 (`n` on the wire); unread counts come from it.
package struct Ordinal: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Before the first.
    package static let zero = Ordinal(0)

    /// The one that follows.
    package var next: Ordinal { Ordinal(rawValue + 1) }

    package var description: String { "\(rawValue)" }

    package static func < (lhs: Ordinal, rhs: Ordinal) -> Bool { lhs.rawValue < rhs.rawValue }
}
