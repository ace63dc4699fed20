internal import Determinism
internal import Node
internal import Synchronization

/// Counts what somebody tries who could go on guessing, in fixed windows, at one node. The table is
/// bounded: who was silent longest is forgotten first.
final class WindowLimiter<Key: Hashable & Sendable>: Sendable {
    private struct Window {
        var start: Instant
        var count = 0
    }

    private let countMax: Int
    private let window: Interval
    private let windows = Mutex(RecencyTable<Key, Window>(countMax: GatewayLimits.rememberedMax))

    /// Admits `countMax` tries of each in a `window`.
    init(countMax: Int, window: Interval) {
        precondition(countMax > 0, "a limit lets something pass")
        self.countMax = countMax
        self.window = window
    }

    /// Counts a try of `key`, or refuses it with `tooMany` and the time to wait.
    func admit(_ key: Key, at now: Instant) throws(Failure) {
        let wait = windows.withLock { windows -> Interval? in
            var counted = windows.value(of: key) ?? Window(start: now)
            if now - counted.start >= window { counted = Window(start: now) }
            guard counted.count < countMax else { return window - (now - counted.start) }
            counted.count += 1
            windows.set(key, counted)
            return nil
        }
        if let wait { throw Failure(.tooMany, retryAfter: wait) }
    }

    /// A try was right: what was tried before counts no longer.
    func forgive(_ key: Key) {
        windows.withLock { $0.remove(key) }
    }
}
