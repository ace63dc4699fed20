internal import Determinism
internal import Identity
internal import Membership
internal import Node
internal import Storage

/// One machine of the simulated cluster: its disk, its clock and, while it runs, its node.
final class SimulatedNode {
    let name: Int
    let disk: SimulatedDisk
    /// Draws what the node asks for at random.
    var generator: SeededGenerator
    /// What its calendar clock is ahead of the world's, in milliseconds; the world's clock starts late
    /// enough that this may be negative.
    var clockOffset: Int64 = 0
    /// Who this is; nil before it has joined.
    var id: NodeID?
    var node: ClusterNode?
    /// Counts the starts: events of an earlier run are void.
    var run: UInt64 = 0
    var startedAt = Instant.start
    /// The process stands still until then; nil when it runs.
    var pausedUntil: Instant?
    /// The earliest timer that is scheduled.
    var timerAt: Instant?
    var endpoint: MemberEndpoint?
    /// What arrived while the process stood still.
    var backlog: [NodeInput] = []

    init(name: Int, generator: SeededGenerator) {
        self.name = name
        self.generator = generator
        disk = SimulatedDisk()
    }

    var isUp: Bool { node != nil }

    /// Its own clock when the world's is `now`.
    func instant(at now: Instant) -> Instant {
        Instant(nanoseconds: (now - startedAt).nanoseconds + 1)
    }

    /// The world's time when its own clock shows `instant`.
    func worldTime(of instant: Instant) -> Instant {
        startedAt + .nanoseconds(max(instant.nanoseconds, 1) - 1)
    }
}
