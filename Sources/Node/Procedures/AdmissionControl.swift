internal import Determinism

/// How many messages of its clients a node has under way at once, so that what it takes is soon
/// answered, also while more is asked for than the cluster can do.
///
/// The limit moves. Each period the quickest answer is looked at: if even that took long, there is a
/// queue that does not drain, and the limit falls below what is under way; if it did not, and
/// somebody was refused, the limit rises. The quickest, not the mean, because a queue that drains
/// in between does no harm (Nichols, Jacobson: Controlling Queue Delay, 2012), and because a shard
/// without a leader makes some answers late, not all. What is long is told from the least ever seen
/// lately, so that a cluster over long lines is not taken for a busy one.
///
/// Invariants:
/// 1. `limit` lies between `AdmissionControl/limitMin` and `AdmissionControl/limitMax`.
/// 2. `count` is how many messages were admitted and have not ended.
struct AdmissionControl {
    /// How many may be under way.
    private(set) var limit = 1_024
    /// How many are.
    private(set) var count = 0
    /// The quickest answer of this period.
    private var quickest: Interval?
    /// The quickest answer lately; forgets by itself, twice as much in five minutes.
    private var base: Interval?
    private var wasFull = false
    private var periodEnd = Instant.start

    static let limitMin = 16
    static let limitMax = 4_096
    private static let period = Interval.milliseconds(100)
    /// An answer within this is never late.
    private static let targetMin = Interval.milliseconds(20)
    /// An answer later than this always is.
    private static let targetMax = Interval.milliseconds(500)

    /// Takes one more message, or says that there are too many.
    mutating func admit(at now: Instant) -> Bool {
        adapt(at: now)
        guard count < limit else {
            wasFull = true
            return false
        }
        count += 1
        return true
    }

    /// A message that was admitted has been answered, or given up.
    mutating func end(after latency: Interval, isAnswered: Bool, at now: Instant) {
        precondition(count > 0, "only what was admitted ends")
        count -= 1
        if isAnswered { quickest = min(quickest ?? latency, latency) }
        adapt(at: now)
    }

    private mutating func adapt(at now: Instant) {
        guard now >= periodEnd else { return }
        periodEnd = now + Self.period
        defer { (quickest, wasFull) = (nil, false) }
        guard let quickest else { return }
        let base = min(
            quickest,
            self.base.map { .nanoseconds($0.nanoseconds + $0.nanoseconds / 4_096 + 1) } ?? quickest)
        self.base = base
        if quickest > min(max(Self.targetMin, base * 3), Self.targetMax) {
            limit = max(Self.limitMin, min(limit, count) * 4 / 5)
        } else if wasFull {
            limit = min(Self.limitMax, limit + max(4, limit / 8))
        }
    }
}

extension ClientRequest {
    /// Whether it is a new message: those are what a busy node refuses.
    var isMessage: Bool {
        switch self {
        case .send, .forward: true
        default: false
        }
    }
}
