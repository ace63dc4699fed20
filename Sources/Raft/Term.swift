/// A period with at most one leader (Raft 5.1): grows with every election, never with time.
package struct Term: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Before the first election.
    package static let zero = Term(0)

    /// The one that follows.
    package var next: Term { Term(rawValue + 1) }

    package var description: String { "\(rawValue)" }

    package static func < (lhs: Term, rhs: Term) -> Bool { lhs.rawValue < rhs.rawValue }
}
