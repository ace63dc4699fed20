/// Remembers which packets of one sender have been seen: the newest counter and the 63 before it.
///
/// Only ask after the packet has been proved authentic; otherwise anybody could move the window.
package struct ReplayWindow: Hashable, Sendable {
    /// How many counters, up to the newest, are told apart.
    package static let width: UInt64 = 64

    private var generation: UInt32 = 0
    private var newest: UInt64 = 0
    /// Bit `i` is set when `newest - i` has been seen.
    private var seen: UInt64 = 0

    package init() {}

    /// Whether the packet is seen for the first time; remembers it. Packets of an earlier generation,
    /// and those too old to be told apart, count as replays.
    package mutating func admit(generation: UInt32, counter: UInt64) -> Bool {
        guard generation >= self.generation else { return false }
        if generation > self.generation {
            self.generation = generation
            newest = counter
            seen = 1
            return true
        }
        if counter > newest {
            let distance = counter - newest
            seen = distance < Self.width ? seen << distance | 1 : 1
            newest = counter
            return true
        }
        let age = newest - counter
        guard age < Self.width, seen & (1 << age) == 0 else { return false }
        seen |= 1 << age
        return true
    }
}
