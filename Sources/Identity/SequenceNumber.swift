/// The place of an entry in the log of one chat or inbox: dense, from 1 (`seq` on the wire).
package struct SequenceNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Before the first.
    package static let zero = SequenceNumber(0)

    /// The one that follows.
    package var next: SequenceNumber { SequenceNumber(rawValue + 1) }

    package var description: String { "\(rawValue)" }

    package static func < (lhs: SequenceNumber, rhs: SequenceNumber) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}
