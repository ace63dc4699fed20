/// Grows with each change of the registry; newer content has a higher epoch.
package struct RegistryEpoch: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Before the first.
    package static let zero = RegistryEpoch(0)

    /// The one that follows.
    package var next: RegistryEpoch { RegistryEpoch(rawValue + 1) }

    package var description: String { "\(rawValue)" }

    package static func < (lhs: RegistryEpoch, rhs: RegistryEpoch) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}
