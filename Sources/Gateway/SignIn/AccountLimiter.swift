internal import Determinism
internal import Identity
internal import Node
internal import Synchronization

/// Counts what an account tries that it could go on guessing, in fixed windows, at one node. The
/// table is bounded: the account that was silent longest is forgotten first.
final class AccountLimiter: Sendable {
    private struct Window {
        var start: Instant
        var count = 0
    }

    private let countMax: Int
    private let window: Interval
    private let accounts: Mutex<RecencyTable<AccountID, Window>>

    /// Admits `countMax` tries of an account in a `window`.
    init(countMax: Int, window: Interval) {
        precondition(countMax > 0, "a limit lets something pass")
        self.countMax = countMax
        self.window = window
        accounts = Mutex(RecencyTable(countMax: GatewayLimits.rememberedMax))
    }

    /// Counts a try, or refuses it with `tooMany` and the time to wait.
    func admit(_ account: AccountID, at now: Instant) throws(Failure) {
        let wait = accounts.withLock { accounts -> Interval? in
            var counted = accounts.value(of: account) ?? Window(start: now)
            if now - counted.start >= window { counted = Window(start: now) }
            guard counted.count < countMax else { return window - (now - counted.start) }
            counted.count += 1
            accounts.set(account, counted)
            return nil
        }
        if let wait { throw Failure(.tooMany, retryAfter: wait) }
    }
}
