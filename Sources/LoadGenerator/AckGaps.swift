/// The moments at which acknowledgements came, and the longest time without any.
struct AckGaps {
    private(set) var last: UInt64?
    private(set) var longest: UInt64 = 0
    private(set) var count = 0

    /// Begins to look, at `now`: a gap may have begun there.
    mutating func begin(at now: UInt64) {
        last = now
        longest = 0
        count = 0
    }

    /// An acknowledgement came.
    mutating func acknowledged(at now: UInt64) {
        if let last { longest = max(longest, now - min(last, now)) }
        last = now
        count += 1
    }
}
