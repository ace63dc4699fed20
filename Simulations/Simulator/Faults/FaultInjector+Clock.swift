internal import Determinism

/// Faults of clocks: nothing that orders or elects may depend on the calendar, nor on two clocks
/// that run alike.
extension FaultInjector {
    /// Lets a fault of a clock happen.
    mutating func strikeClock(_ kind: FaultKind, on cluster: SimulatedCluster) {
        let members = members(of: cluster)
        guard let victim = pick(kind, members) else { return }
        switch kind {
        case .clockOffset:
            for node in members { node.clock.offset = milliseconds(kind, within: 50_000) }
        case .clockStep: victim.clock.offset += milliseconds(kind, within: 30_000)
        case .leapSecond:
            // A leap second is added for all at once; those who smear it are right half of the
            // time.
            let step: Int64 = number(kind, below: 4) == 0 ? 1_000 : -1_000
            for node in members where number(kind, below: 4) != 0 { node.clock.offset += step }
        case .clockDrift:
            let span = UInt64(2 * SimulatedClock.driftMax + 1)
            let drift = Int64(number(kind, below: span)) - SimulatedClock.driftMax
            victim.clock.drift(by: drift, at: cluster.now)
        case .clockFreeze:
            victim.clock.freeze(at: cluster.now)
            let time = draw(kind, from: .milliseconds(500), upTo: .seconds(10))
            cluster.schedule(.faultEnds(.clockGoesOn(victim.name)), after: time)
        default: preconditionFailure("\(kind) is no fault of a clock")
        }
        count(kind)
    }

    private mutating func milliseconds(_ kind: FaultKind, within bound: Int64) -> Int64 {
        Int64(number(kind, below: UInt64(2 * bound + 1))) - bound
    }
}
