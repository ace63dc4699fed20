/// When each operation of an open loop is meant to begin, whatever became of those before it.
/// Latency is measured from there, so that a server that stalls cannot hide it by slowing its
/// clients (coordinated omission).
struct OpenLoopSchedule: Equatable {
    /// Operations in a second.
    let rate: UInt64
    /// How many have been given out.
    private(set) var count: UInt64 = 0

    private static let second: UInt64 = 1_000_000_000

    init(rate: UInt64) {
        precondition(rate > 0 && rate <= OpenLoopSchedule.second, "a rate is 1 to 10^9 a second")
        self.rate = rate
    }

    /// Nanoseconds from the start at which operation `index` is meant to begin. Exact: the error of
    /// the division does not add up.
    func intended(_ index: UInt64) -> UInt64 {
        index / rate * OpenLoopSchedule.second
            + index % rate * OpenLoopSchedule.second / rate
    }

    /// When the next one is meant to begin.
    var next: UInt64 { intended(count) }

    /// Gives out the next operation if it is due at `elapsed` nanoseconds.
    mutating func take(at elapsed: UInt64) -> (index: UInt64, intended: UInt64)? {
        let moment = next
        guard moment <= elapsed else { return nil }
        defer { count += 1 }
        return (count, moment)
    }
}
