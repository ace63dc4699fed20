package import Determinism
internal import Glibc
internal import NIOCore

/// The machine's clocks, as the cores are given them.
package struct SystemClock: Sendable {
    private let start = NIODeadline.now()

    /// Monotonic time since this value was made.
    var now: Instant {
        Instant(nanoseconds: UInt64(max(0, (NIODeadline.now() - start).nanoseconds)))
    }

    /// The machine's calendar clock.
    package static var wall: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(
            milliseconds: UInt64(max(0, time.tv_sec)) * 1_000
                + UInt64(max(0, time.tv_nsec)) / 1_000_000)
    }

    /// How long it is until `instant`; zero when it is past.
    func amount(until instant: Instant) -> TimeAmount {
        .nanoseconds(Int64(clamping: (instant - now).nanoseconds))
    }
}
