import Histogram

/// Latencies of one run, in a histogram of three significant digits from a microsecond to ten
/// minutes.
struct LatencyMeter {
    private var histogram = Histogram<UInt64>(
        lowestDiscernibleValue: 1_000, highestTrackableValue: 600_000_000_000,
        numberOfSignificantValueDigits: .three)
    private(set) var max: UInt64 = 0

    private static let highest: UInt64 = 600_000_000_000

    /// What is told of a histogram, in nanoseconds.
    struct Summary: Equatable {
        var count: UInt64 = 0
        var p50: UInt64 = 0
        var p99: UInt64 = 0
        var p999: UInt64 = 0
        var max: UInt64 = 0
    }

    /// Takes in one latency in nanoseconds; longer ones count as ten minutes.
    mutating func record(_ nanoseconds: UInt64) {
        _ = histogram.record(min(nanoseconds, LatencyMeter.highest))
        max = Swift.max(max, nanoseconds)
    }

    /// Begins anew.
    mutating func reset() {
        histogram.reset()
        max = 0
    }

    /// What was taken in; all zero when nothing was.
    var summary: Summary {
        guard histogram.totalCount > 0 else { return Summary() }
        // A percentile is the upper end of its bucket, which may lie above the longest one.
        func percentile(_ percent: Double) -> UInt64 {
            min(histogram.valueAtPercentile(percent), max)
        }
        return Summary(
            count: histogram.totalCount, p50: percentile(50), p99: percentile(99),
            p999: percentile(99.9), max: max)
    }
}
