internal import Determinism
internal import Identity
internal import Membership
internal import Node
internal import Registry
internal import Storage
internal import Wire

/// A whole cluster in one process: nodes, disks and network on virtual time, from one seed.
///
/// Every node is the same ``ClusterNode`` that production runs, with the same ``SessionHub``.
/// Nothing here decides anything for it: this carries out what the node wants done, late, in
/// another order, or not at all, as far as its contract allows.
final class SimulatedCluster {
    /// What happens at some time.
    enum Event {
        case timer(Int, run: UInt64)
        /// Sealed with the key of this number.
        case datagram(MembershipMessage, from: GossipAddress, to: GossipAddress, key: UInt8)
        case messages([PeerMessage], SimulatedNetwork.Path, stream: UInt64)
        case dial(SimulatedNetwork.Path, run: UInt64)
        case linkBroken(SimulatedNetwork.Path, run: UInt64)
        /// Patience with a stream that has been silent for so long is over.
        case linkTimeout(SimulatedNetwork.Path, stream: UInt64)
        case written(Int, run: UInt64, NodeReady)
        case read(Int, run: UInt64, token: UInt64, [KeyValue])
        case found(Int, run: UInt64, token: UInt64, StoreFinding)
        case hub(Int, run: UInt64, HubInput)
        case hubTimer(Int, run: UInt64)
        /// What a hub asked of its node.
        case fromHub(Int, run: UInt64, HubEffect)
        /// Something of a client reaches a node's machine.
        case arrival(Int, ClientArrival)
        case resume(Int)
        /// A process with a slow processor takes the next event.
        case turn(Int)
        /// Something outside of the nodes.
        case world(WorldEvent)
    }

    /// The calendar time at which every simulation begins.
    static let epoch: UInt64 = 1_800_000_000_000
    /// How often it is looked at how much a process holds.
    private static let inspectionInterval = Interval.milliseconds(200)
    /// More events than any cluster has cause for within a second: nodes answer each other for
    /// ever.
    static let eventsPerSecondMax = 1_000_000
    /// How long a hop between the threads of one process takes.
    static let hop = Interval.microseconds(5)

    let settings: SimulationSettings
    private(set) var now = Instant.start
    var queue = EventQueue<Event>()
    var nodes: [SimulatedNode]
    let network: SimulatedNetwork
    /// Addresses at which others listen than those whose they were.
    var captures: [AddressCapture] = []
    var networkGenerator: SeededGenerator
    var diskGenerator: SeededGenerator
    var crashGenerator: SeededGenerator
    var trace = SimulationTrace()
    /// The second in which events are counted ends then.
    private var secondEnd = Instant.start
    private var eventsInSecond = 0
    /// The key of datagrams that was made last, and whether some nodes have not got it yet.
    var newestKey: UInt8 = 0
    var isRotatingKeys = false
    /// How many datagrams nobody could open.
    var unopenedCount: UInt64 = 0
    /// How many batches crashes have had the chance to lose.
    var unsyncedAtCrashCount: UInt64 = 0
    /// How many pieces of snapshots were sent damaged.
    var damagedPieceCount: UInt64 = 0

    // Who is told what; set once by the simulation.
    var onEvent: (SimulatedNode, NodeEvent) -> Void = { _, _ in }
    var onResponse: (UInt64, ClientResponse) -> Void = { _, _ in }
    var onOperatorResponse: (UInt64, OperatorResponse) -> Void = { _, _ in }
    var onHubEffect: (SimulatedNode, HubEffect) -> Void = { _, _ in }
    var onArrival: (SimulatedNode, ClientArrival) -> Void = { _, _ in }
    var onWorld: (WorldEvent) -> Void = { _ in }
    /// A message that did not come through its codec as it was.
    var onDamage: (String) -> Void = { _ in }
    var onCrash: (SimulatedNode) -> Void = { _ in }
    /// It is time to look at how much a machine's process holds.
    var onInspection: (SimulatedNode) -> Void = { _ in }
    /// More happened within a second than ``eventsPerSecondMax``.
    var onStorm: () -> Void = {}
    /// Clients may reach machines that they did not reach.
    var onClientsHealed: () -> Void = {}
    // For whoever writes a run down; nil in all others. An event comes with when it was scheduled.
    var onStep: ((Event, Instant) -> Void)?
    var onTold: ((SimulatedNode, NodeEvent) -> Void)?

    init(settings: SimulationSettings) {
        self.settings = settings
        let root = SeededGenerator(seed: settings.seed)
        networkGenerator = root.forked(named: "network")
        diskGenerator = root.forked(named: "disk")
        crashGenerator = root.forked(named: "what a crash loses")
        network = SimulatedNetwork(settings: NetworkSettings(), seed: settings.seed)
        nodes = (0..<(settings.nodeCount + settings.spareCount)).map {
            SimulatedNode(name: $0, generator: root.forked(named: "node \($0)"))
        }
    }

    // MARK: Running

    /// Lets the next thing happen; false when nothing ever will.
    func step() -> Bool {
        guard let (at, event) = queue.next() else { return false }
        now = max(now, at)
        countEvent()
        trace.note(event, at: now)
        onStep?(event, queue.since)
        if let node = process(of: event), node.isBusy(at: now) || node.eventCost > .zero {
            queueUp(event, at: node)
        } else {
            handle(event)
        }
        return true
    }

    private func countEvent() {
        if now >= secondEnd { (secondEnd, eventsInSecond) = (now + .seconds(1), 0) }
        eventsInSecond += 1
        if eventsInSecond == Self.eventsPerSecondMax + 1 { onStorm() }
    }

    /// Lets everything happen that happens before `deadline`.
    func run(until deadline: Instant) {
        while let next = queue.nextAt, next <= deadline, step() {}
        now = max(now, deadline)
    }

    /// Lets things happen while `condition` holds; whether it ended before `deadline`.
    func run(until deadline: Instant, while condition: () -> Bool) -> Bool {
        while condition() {
            guard let next = queue.nextAt, next <= deadline, step() else { return !condition() }
        }
        return true
    }

    /// Schedules something outside of the nodes.
    func schedule(_ event: WorldEvent, after delay: Interval) {
        queue.schedule(.world(event), at: now + delay)
    }

    func handle(_ event: Event) {
        switch event {
        case .timer(let index, let run):
            // One that was to ring later than a newer one is void, or each would have successors.
            guard let node = current(index, run), isDue(node.timerAt) else { return }
            node.timerAt = nil
            feed(.timer, to: node)
            if now >= node.nextInspection {
                node.nextInspection = now + Self.inspectionInterval
                onInspection(node)
            }
        case .datagram(let message, let from, let to, let key):
            arrive(message, from: from, to: to, key: key)
        case .messages(let messages, let path, let stream):
            arrive(messages, on: path, stream: stream)
        case .dial(let path, let run): dial(path, run: run)
        case .linkBroken(let path, let run): linkBroken(path, run: run)
        case .linkTimeout(let path, let stream): giveUp(path, stream: stream)
        case .written(let index, let run, let ready):
            if let node = current(index, run) { written(ready, on: node) }
        case .read(let index, let run, let token, let pairs):
            if let node = current(index, run) { feed(.read(token: token, pairs: pairs), to: node) }
        case .found(let index, let run, let token, let finding):
            if let node = current(index, run) { feed(.found(token: token, finding), to: node) }
        case .hub(let index, let run, let input):
            if let node = current(index, run) { feedHub(input, of: node) }
        case .hubTimer(let index, let run):
            if let node = current(index, run), isDue(node.hubTimerAt) { advanceHub(of: node) }
        case .fromHub(let index, let run, let effect):
            if let node = current(index, run) { carryOut(effect, toNodeOf: node) }
        case .arrival(let index, let arrival): onArrival(nodes[index], arrival)
        case .resume(let index): if !nodes[index].staysPaused { resume(nodes[index]) }
        case .turn(let index): takeTurn(nodes[index])
        case .world(let event): onWorld(event)
        }
    }

    /// The machine whose process has to do with the event; nil when none has.
    private func process(of event: Event) -> SimulatedNode? {
        switch event {
        case .timer(let index, _), .written(let index, _, _), .read(let index, _, _, _),
            .found(let index, _, _, _), .hub(let index, _, _), .hubTimer(let index, _),
            .fromHub(let index, _, _), .arrival(let index, _):
            nodes[index]
        case .datagram(_, _, let to, _): listener(at: to)
        case .messages(_, let path, _): running(path.to)
        case .dial(let path, _), .linkBroken(let path, _): running(path.from)
        case .resume, .turn, .linkTimeout, .world: nil
        }
    }

    private func isDue(_ timer: Instant?) -> Bool { timer.map { $0 <= now } ?? false }

    private func current(_ index: Int, _ run: UInt64) -> SimulatedNode? {
        nodes[index].isUp && nodes[index].run == run ? nodes[index] : nil
    }

    func wall(of node: SimulatedNode) -> WallTime {
        node.clock.wall(at: now, epoch: Self.epoch)
    }

    /// The calendar time of the world, which clients use.
    var wall: WallTime { WallTime(milliseconds: Self.epoch + now.nanoseconds / 1_000_000) }

    func running(_ id: NodeID) -> SimulatedNode? {
        nodes.first { $0.id == id && $0.isUp }
    }

    /// Gives a node an input, and does what it then wants done.
    func feed(_ input: NodeInput, to node: SimulatedNode) {
        node.node?.receive(
            input, at: node.instant(at: now), wall: wall(of: node), using: &node.generator)
        carryOut(of: node)
    }

    /// Gives a node's hub an input, and does what it then wants done.
    func feedHub(_ input: HubInput, of node: SimulatedNode) {
        let effects =
            node.hub?.receive(
                input, at: node.instant(at: now), wall: wall(of: node), using: &node.generator)
            ?? []
        carryOut(effects, ofHubOf: node)
    }
}
