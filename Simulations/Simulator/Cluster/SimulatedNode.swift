internal import Determinism
internal import Identity
internal import Membership
internal import Node
internal import Storage

/// One machine of the simulated cluster: its disk, its clock and, while it runs, its node and the
/// hub of its clients' sessions.
final class SimulatedNode {
    let name: Int
    let disk: SimulatedDisk
    /// Draws what the node asks for at random.
    var generator: SeededGenerator
    /// What its calendar clock is ahead of the world's, in milliseconds; the world's clock starts
    /// late enough that this may be negative.
    var clockOffset: Int64 = 0
    /// Who this is; nil before it has joined.
    var id: NodeID?
    var node: ClusterNode?
    var hub: SessionHub?
    /// Counts the starts: events of an earlier run are void.
    var run: UInt64 = 0
    var startedAt = Instant.start
    /// The process stands still.
    var isPaused = false
    /// The process is about to end in good order.
    var hasSaidGoodbye = false
    /// The earliest timer that is scheduled, for the node and for its hub.
    var timerAt: Instant?
    var hubTimerAt: Instant?
    var endpoint: MemberEndpoint?
    /// How often this machine has changed its ports.
    var portChanges = 0
    /// Where it believes the others to listen for links; looked up only.
    var peers: [NodeID: NodePeer] = [:]
    /// What arrived while the process stood still.
    var backlog: [SimulatedCluster.Event] = []
    /// Until when every write takes longer, and how much.
    var slowDiskUntil = Instant.start
    var slowDiskDelay = Interval.zero

    init(name: Int, generator: SeededGenerator) {
        self.name = name
        self.generator = generator
        disk = SimulatedDisk()
    }

    var isUp: Bool { node != nil }

    /// Where clients connect.
    var clientURL: String { "http://node\(name)" }

    /// Its own clock when the world's is `now`.
    func instant(at now: Instant) -> Instant {
        Instant(nanoseconds: (now - startedAt).nanoseconds + 1)
    }

    /// The world's time when its own clock shows `instant`.
    func worldTime(of instant: Instant) -> Instant {
        startedAt + .nanoseconds(max(instant.nanoseconds, 1) - 1)
    }
}
