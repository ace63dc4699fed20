/// A property that did not hold.
package struct Violation: Hashable, Sendable, CustomStringConvertible {
    /// Which one.
    package let property: String
    /// How it was broken.
    package let words: String

    package var description: String { "\(property): \(words)" }
}
