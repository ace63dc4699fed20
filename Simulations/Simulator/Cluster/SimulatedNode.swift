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
    var clock = SimulatedClock()
    /// Who this is; nil before it has joined.
    var id: NodeID?
    var node: ClusterNode?
    var hub: SessionHub?
    /// Counts the starts: events of an earlier run are void.
    var run: UInt64 = 0
    /// The process stands still.
    var isPaused = false
    /// It stands still for good, whatever its pause would have ended with.
    var staysPaused = false
    /// Since when the whole machine is suspended: its monotonic clock does not count.
    var suspendedAt: Instant?
    /// The process is about to end in good order.
    var hasSaidGoodbye = false
    /// The earliest timer that is scheduled, for the node and for its hub.
    var timerAt: Instant?
    var hubTimerAt: Instant?
    var endpoint: MemberEndpoint? {
        didSet { gossipAddress = endpoint?.gossipAddress }
    }
    /// Where it listens for datagrams, looked up at each of them.
    private(set) var gossipAddress: GossipAddress?
    /// When it is looked at next how much the process holds.
    var nextInspection = Instant.start
    /// How often this machine has changed its ports.
    var portChanges = 0
    /// Where it believes the others to listen for links; looked up only.
    var peers: [NodeID: NodePeer] = [:]
    /// What it was told last of its links; looked up only.
    var linkReports: [NodeID: LinkReport] = [:]
    /// The keys of datagrams that it has, by number: the first seals, all open.
    var gossipKeys: [UInt8] = [0]
    /// It looks for the cluster where nobody is.
    var hasWrongSeeds = false
    /// The limits and times of its processes, when they are others than those of the run.
    var ownSettings: NodeSettings?
    /// The machine never becomes a node again.
    var isScrapped = false
    /// How many datagrams it has sent.
    var datagramCount: UInt64 = 0
    /// What arrived while the process stood still or was busy.
    var backlog: [SimulatedCluster.Event] = []
    /// How long the process works on each event: zero but for a slow processor.
    var eventCost = Interval.zero
    /// Until when it works on the last one, and whether its next turn is scheduled.
    var busyUntil = Instant.start
    var hasTurn = false
    /// After so many more effects of a batch the process dies; nil for never.
    var effectsLeft: Int?
    /// The fault that its process will die of, and which counts then.
    var awaitedFault: FaultKind?
    /// How many pieces of snapshots that it sends next are damaged.
    var damagedPieces = 0
    /// Until when every write takes longer, and how much.
    var slowDiskUntil = Instant.start
    var slowDiskDelay = Interval.zero
    /// Until when every read takes longer, and how much.
    var slowReadsUntil = Instant.start
    var slowReadsDelay = Interval.zero
    /// The newest run of each other node that opened a link to this process, which refuses older
    /// ones; looked up only.
    var generations: [NodeID: UInt32] = [:]
    /// Which start of the node this process is, as its disk says.
    var generation: UInt32 = 0
    /// An older state of the disk was put back: the process may find that it is outdated.
    var wasRolledBack = false
    /// Entries of its logs were damaged: its next process may suspect its replicas.
    var hasDamagedLog = false
    /// How often the machine was set up anew after its disk was lost.
    var replacementCount = 0

    init(name: Int, generator: SeededGenerator) {
        self.name = name
        self.generator = generator
        disk = SimulatedDisk()
    }

    var isUp: Bool { node != nil }

    /// Where clients connect.
    var clientURL: String { "http://node\(name)" }

    /// Its own clock when the world's is `now`.
    func instant(at now: Instant) -> Instant { clock.instant(at: now) }

    /// The world's time when its own clock shows `instant`.
    func worldTime(of instant: Instant) -> Instant { clock.worldTime(of: instant) }

    /// Whether this process takes a link of `other`: not of an older run than it has seen, as the
    /// handshake of links rules.
    func welcomes(_ other: SimulatedNode) -> Bool {
        guard let id = other.id, other.generation >= generations[id] ?? 0 else { return false }
        generations[id] = other.generation
        return true
    }

    /// Whether what happens to the process has to wait.
    func isBusy(at now: Instant) -> Bool {
        isPaused || now < busyUntil || !backlog.isEmpty
    }
}
