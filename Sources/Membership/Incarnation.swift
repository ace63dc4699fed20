/// How new a statement about a member is: the boot of its process, then its refutations.
///
/// Only the member itself makes new incarnations. The generation is on its disk before its first
/// packet, so a restart outranks every accusation of an earlier process without any wall clock.
package struct Incarnation: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Counts the boots of the node, from 1.
    package let generation: UInt32
    /// Counts refutations and changed descriptions within one generation, from 0.
    package let counter: UInt32

    package init(generation: UInt32, counter: UInt32 = 0) {
        self.generation = generation
        self.counter = counter
    }

    /// Reads the form of the wire.
    package init(rawValue: UInt64) {
        generation = UInt32(truncatingIfNeeded: rawValue >> 32)
        counter = UInt32(truncatingIfNeeded: rawValue)
    }

    /// The form of the wire: generation in the upper half, counter in the lower.
    package var rawValue: UInt64 { UInt64(generation) << 32 | UInt64(counter) }

    package var description: String { "\(generation).\(counter)" }

    package static func < (lhs: Incarnation, rhs: Incarnation) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}
