internal import Determinism
internal import NIOCore

#if canImport(Glibc)
    internal import Glibc
#endif

/// The clocks of the machine, as the cores want them.
enum GatewayClock {
    private static let start = NIODeadline.now()

    /// Monotonic time since the first reading.
    static var now: Instant {
        let elapsed = NIODeadline.now() - start
        return Instant(nanoseconds: UInt64(max(0, elapsed.nanoseconds)))
    }

    /// The calendar clock.
    static var wall: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let milliseconds = Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
        return WallTime(milliseconds: UInt64(max(0, milliseconds)))
    }

    /// When the event loops reach `instant`.
    static func deadline(_ instant: Instant) -> NIODeadline {
        start + .nanoseconds(Int64(clamping: instant.nanoseconds))
    }
}
