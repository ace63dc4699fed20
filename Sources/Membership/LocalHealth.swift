/// How well this node itself seems to work (Lifeguard IV-A): a score of 0 is healthy, and the
/// higher it is the more patient the node is with others.
struct LocalHealth: Hashable, Sendable {
    /// Always below `limit`.
    private(set) var score: UInt64 = 0
    private let limit: UInt64

    /// Healthy; the score will stay below `limit`.
    init(limit: UInt64) {
        precondition(limit > 0, "a health score needs room")
        self.limit = limit
    }

    /// Something went as it should.
    mutating func improve() {
        if score > 0 { score -= 1 }
    }

    /// `count` things suggest that the fault is here.
    mutating func worsen(by count: UInt64 = 1) {
        score = min(limit - 1, score + count)
    }

    /// By how much the probe interval is stretched: 1 to `limit`.
    var multiplier: UInt64 { score + 1 }
}
