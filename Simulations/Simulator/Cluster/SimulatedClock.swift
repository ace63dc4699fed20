internal import Determinism

/// The two clocks of one simulated machine: the monotonic one, which counts from the start of the
/// process at a rate of its own, and the calendar's, which may be wrong in every way.
///
/// Whole numbers only. ``worldTime(of:)`` is the first moment of the world at which
/// ``instant(at:)`` has reached an instant, exactly: a timer is never early and never late.
struct SimulatedClock {
    /// The most that a clock may be too fast or too slow, in millionths.
    static let driftMax: Int64 = 1_000

    /// What the calendar clock is ahead of the world's, in milliseconds; may be negative.
    var offset: Int64 = 0
    /// How much too fast the monotonic clock runs, in millionths; negative when it is too slow.
    private(set) var drift: Int64 = 0
    /// When the calendar clock stopped; nil while it runs.
    private(set) var frozenAt: Instant?
    /// A moment of the world, and what the monotonic clock showed then.
    private var worldAnchor = Instant.start
    private var localAnchor: UInt64 = 1

    private static let million: UInt64 = 1_000_000
    private var rate: UInt64 { UInt64(Int64(Self.million) + drift) }

    /// A process begins: its monotonic clock begins with it. The calendar goes on.
    mutating func restart(at now: Instant) {
        worldAnchor = now
        localAnchor = 1
    }

    /// What the monotonic clock shows when the world's is `now`.
    func instant(at now: Instant) -> Instant {
        let product = (now - worldAnchor).nanoseconds.multipliedFullWidth(by: rate)
        return Instant(nanoseconds: localAnchor + Self.million.dividingFullWidth(product).quotient)
    }

    /// The first moment of the world at which the monotonic clock shows `instant` or more.
    func worldTime(of instant: Instant) -> Instant {
        guard instant.nanoseconds > localAnchor else { return worldAnchor }
        let product = (instant.nanoseconds - localAnchor).multipliedFullWidth(by: Self.million)
        let (quotient, remainder) = rate.dividingFullWidth(product)
        return worldAnchor + .nanoseconds(quotient + (remainder == 0 ? 0 : 1))
    }

    /// From `now` on the monotonic clock runs too fast by so many millionths, within
    /// ``driftMax``; it does not jump.
    mutating func drift(by millionths: Int64, at now: Instant) {
        precondition(abs(millionths) <= Self.driftMax, "no oscillator is that bad")
        localAnchor = instant(at: now).nanoseconds
        worldAnchor = now
        drift = millionths
    }

    /// The machine was suspended from `begin` until `end`: the monotonic clock did not count.
    mutating func skip(from begin: Instant, until end: Instant) {
        localAnchor = instant(at: begin).nanoseconds
        worldAnchor = end
    }

    /// The calendar clock stands still from now on.
    mutating func freeze(at now: Instant) { frozenAt = frozenAt ?? now }

    /// The calendar clock runs again, and is right but for its offset.
    mutating func thaw() { frozenAt = nil }

    /// What the calendar clock shows when the world's monotonic time is `now` and its calendar
    /// began at `epoch`, in milliseconds.
    func wall(at now: Instant, epoch: UInt64) -> WallTime {
        let elapsed = (frozenAt ?? now).nanoseconds / 1_000_000
        return WallTime(milliseconds: UInt64(max(0, Int64(epoch + elapsed) + offset)))
    }
}
