internal import Determinism
internal import Identity
internal import Node

/// How a fault goes on, and ends.
enum FaultEnd: Hashable {
    /// The process starts again.
    case start(Int)
    /// The process that has said goodbye ends.
    case stop(Int, run: UInt64)
    /// A fault of the network that lasts until then.
    case heal(LastingFault.ID)
    case endDelaySpike
    /// All streams of the machine with this name break once more.
    case storm(Int, roundsLeft: Int)
    /// The address of the machine with this name is its own again.
    case returnAddress(Int)
    /// A cut that comes and goes does so once more; which of them all.
    case flap(Int)
    /// A swizzle takes its next step; which of them all.
    case swizzle(Int)
    /// There is room on the disk again, or it may be written again.
    case diskTakesWrites(Int)
    /// The copy of the disk is put back.
    case putBackDisk(Int)
    /// The process that has said goodbye ends, and what its disk holds is erased.
    case reformat(Int, run: UInt64)
    /// The calendar clock runs again.
    case clockGoesOn(Int)
    case processorIsFast(Int)
    /// The process crashes again, so many times.
    case crashAgain(Int, times: Int)
    /// All nodes have the newest key of datagrams, and no other.
    case keysAreRotated
}

/// Brings the faults of a plan upon a cluster, each kind by its own generator, and counts them.
///
/// What destroys data stays within the ``FaultBudget``, so that whatever was confirmed by a quorum
/// can always be brought back.
struct FaultInjector {
    /// How often each kind happened, in the order of the kinds.
    private(set) var counts: [FaultKind: UInt64] = [:]
    /// Cuts that come and go, and swizzles, in the order in which they began.
    var flaps: [Flap] = []
    var swizzles: [Swizzle] = []
    var isOver = false
    /// What may still be destroyed.
    var budget: FaultBudget
    /// Copies of disks that will be put back, by machine; looked up only.
    var diskCopies: [Int: DiskCopy] = [:]
    var generators: [FaultKind: SeededGenerator] = [:]
    /// Draws the core that goes on alone, and what becomes of the machines outside.
    var coreGenerator: SeededGenerator
    /// When the next machine may fail, where they fail one after another.
    private var nextToleratedFault = Instant.start
    /// How long there is between two of them at the least.
    private static let recoveryTime = Interval.seconds(6)
    private let plan: FaultPlan

    init(plan: FaultPlan, seed: UInt64) {
        self.plan = plan
        budget = FaultBudget(mayBeExceeded: plan.exceedsBudget)
        let root = SeededGenerator(seed: seed)
        coreGenerator = root.forked(named: "core")
        for kind in FaultKind.allCases {
            generators[kind] = root.forked(named: "fault \(kind.rawValue)")
        }
    }

    /// Draws where a kind has no generator, which never happens.
    static let spare = SeededGenerator(seed: 0)

    /// From now on faults happen.
    mutating func begin(on cluster: SimulatedCluster) {
        for fault in DatagramFault.allCases {
            cluster.network.datagramFaults.set(fault, perMille: plan.perMille(of: fault.kind))
        }
        for kind in FaultKind.allCases { scheduleNext(kind, on: cluster) }
    }

    /// Ends all faults: every cut heals, every process runs.
    mutating func end(on cluster: SimulatedCluster) {
        isOver = true
        cluster.healNetwork(among: cluster.nodes.map(\.name))
        for node in cluster.nodes { heal(node, on: cluster) }
    }

    /// Whether the plan has this kind.
    func has(_ kind: FaultKind) -> Bool { plan.mean(of: kind) != nil }

    mutating func count(_ kind: FaultKind) { counts[kind, default: 0] += 1 }

    private mutating func scheduleNext(_ kind: FaultKind, on cluster: SimulatedCluster) {
        guard let mean = plan.mean(of: kind) else { return }
        let delay = draw(kind, from: .milliseconds(10), upTo: mean * 2)
        cluster.schedule(.fault(kind), after: delay)
    }

    mutating func draw(_ kind: FaultKind, from least: Interval, upTo most: Interval) -> Interval {
        least.jittered(
            by: most - least, using: &generators[kind, default: Self.spare])
    }

    mutating func pick<Element>(_ kind: FaultKind, _ all: [Element]) -> Element? {
        guard !all.isEmpty else { return nil }
        return all[Int(number(kind, below: UInt64(all.count)))]
    }

    mutating func number(_ kind: FaultKind, below bound: UInt64) -> UInt64 {
        generators[kind, default: Self.spare].next(upperBound: bound)
    }

    // MARK: Faults of nodes and network

    /// In a run whose faults the cluster is to tolerate, machines fail one after another, and each
    /// has recovered before the next.
    private mutating func mayStrike(_ kind: FaultKind, on cluster: SimulatedCluster) -> Bool {
        let isOfOne =
            kind.isOfMachines || kind.isOfProcesses || kind == .slowDisk || kind == .slowRead
        guard plan.promise == .everything, isOfOne else { return true }
        guard cluster.now >= nextToleratedFault, isWell(cluster) else { return false }
        nextToleratedFault = cluster.now + Self.recoveryTime
        return true
    }

    /// Whether every process runs and every group is as it should be.
    private func isWell(_ cluster: SimulatedCluster) -> Bool {
        members(of: cluster).allSatisfy {
            $0.isUp && !$0.isPaused && !$0.hasSaidGoodbye && $0.awaitedFault == nil
                && cluster.now >= max($0.slowDiskUntil, $0.slowReadsUntil)
        } && cluster.groups.allSatisfy(\.isSettled)
    }

    /// Lets a fault of `kind` happen, unless it is one of clients or operators; answers whether it
    /// is.
    mutating func strike(_ kind: FaultKind, on cluster: SimulatedCluster) -> Bool {
        guard !isOver else { return true }
        scheduleNext(kind, on: cluster)
        guard mayStrike(kind, on: cluster) else { return true }
        switch kind {
        case .crash: crash(on: cluster)
        case .crashAll: crashAll(on: cluster)
        case .stop: stop(on: cluster)
        case .isolate, .oneWay, .split, .splitBySize, .splitOneWay, .bridge:
            partition(kind, on: cluster)
        case .flapping: flap(on: cluster)
        case .swizzle: swizzle(on: cluster)
        case .clientCut: cutClients(on: cluster)
        case .messageFilter: filter(on: cluster)
        case .streamBreak, .streamStall, .halfOpen, .midFrameReset, .slowPeer:
            disturbStream(kind, on: cluster)
        case .reconnectStorm: storm(on: cluster)
        case .portReuse: reusePort(on: cluster)
        case .delaySpike: spike(on: cluster)
        case .loss, .duplication, .replay, .reorder, .corruption, .truncation, .oversize,
            .wrongCluster, .forgedSender:
            break
        case .writeError, .syncError, .durableError, .readError, .powerLoss, .tornBatch, .logRot,
            .recordRot, .misdirectedWrite, .diskFull, .readOnlyDisk, .slowDisk, .slowRead,
            .snapshotDamage, .diskLost, .diskRollback:
            strikeDisk(kind, on: cluster)
        case .clockOffset, .clockStep, .clockDrift, .clockFreeze, .leapSecond:
            strikeClock(kind, on: cluster)
        case .crashInBatch, .crashLoop, .pause, .suspend, .slowProcessor, .outOfMemory, .reformat:
            strikeProcess(kind, on: cluster)
        case .wrongSeeds, .configMismatch, .keyRotation, .restartAll:
            strikeConfiguration(kind, on: cluster)
        case .join, .drain, .removal, .twoRemovals, .readdition, .replacement, .secondInit,
            .badToken:
            return false
        case .socketBreak, .silentSocket, .slowReader, .neverReader, .hotChat, .bigChat,
            .connectStorm, .idleSockets, .secondDevice, .revocation, .oversizedMessage,
            .duplicateSend, .clockNonsense, .badRequest, .malformedFrames, .healBurst:
            return false
        }
        return true
    }

    /// Lets a fault end.
    mutating func finish(_ end: FaultEnd, on cluster: SimulatedCluster) {
        guard !isOver else { return }
        switch end {
        case .start(let name): cluster.start(cluster.nodes[name])
        case .diskTakesWrites(let name):
            let node = cluster.nodes[name]
            node.disk.refusal = nil
            if node.isUp, [.diskFull, .readOnlyDisk].contains(node.awaitedFault) {
                node.awaitedFault = nil
            }
        case .putBackDisk(let name): putBackDisk(cluster.nodes[name], on: cluster)
        case .reformat(let name, let run):
            let node = cluster.nodes[name]
            if node.run == run, node.isUp { reformat(node, on: cluster) }
        case .clockGoesOn(let name): cluster.nodes[name].clock.thaw()
        case .processorIsFast(let name): cluster.endSlowness(of: cluster.nodes[name])
        case .crashAgain(let name, let times):
            crashAgain(cluster.nodes[name], times: times, on: cluster)
        case .stop(let name, let run):
            let node = cluster.nodes[name]
            guard node.run == run, node.isUp else { return }
            cluster.stop(node)
            let downtime = draw(.stop, from: .milliseconds(50), upTo: .seconds(4))
            cluster.schedule(.faultEnds(.start(name)), after: downtime)
        case .heal(let fault): cluster.heal(fault)
        case .endDelaySpike: cluster.network.spikeWidth = nil
        case .storm(let name, let roundsLeft):
            breakStreams(of: cluster.nodes[name], roundsLeft: roundsLeft, on: cluster)
        case .returnAddress(let name): cluster.captures.removeAll { $0.owner == name }
        case .flap(let number): flapAgain(number, on: cluster)
        case .swizzle(let number): swizzleOn(number, on: cluster)
        case .keysAreRotated: endRotation(on: cluster)
        }
    }

    func members(of cluster: SimulatedCluster) -> [SimulatedNode] {
        cluster.nodes.filter { $0.id != nil }
    }

    private mutating func crash(on cluster: SimulatedCluster) {
        let members = members(of: cluster)
        let running = members.filter(\.isUp)
        let bearable = max(1, (members.count - 1) / 2)
        let mayExceed = number(.crash, below: 100) < 10
        guard members.count - running.count < bearable || mayExceed,
            let victim = pick(.crash, running)
        else { return }
        count(.crash)
        cluster.crash(victim)
        if number(.crash, below: 3) == 0 { cluster.changePorts(of: victim) }
        let downtime = draw(.crash, from: .milliseconds(50), upTo: .seconds(6))
        cluster.schedule(.faultEnds(.start(victim.name)), after: downtime)
    }

    private mutating func crashAll(on cluster: SimulatedCluster) {
        count(.crashAll)
        for node in members(of: cluster) where node.isUp {
            cluster.crash(node)
            let downtime = draw(.crashAll, from: .milliseconds(50), upTo: .seconds(2))
            cluster.schedule(.faultEnds(.start(node.name)), after: downtime)
        }
    }

    private mutating func stop(on cluster: SimulatedCluster) {
        let members = members(of: cluster)
        let running = members.filter { $0.isUp && !$0.isPaused }
        guard members.count - running.count < max(1, (members.count - 1) / 2),
            let leaver = pick(.stop, running)
        else { return }
        count(.stop)
        sayGoodbye(leaver, on: cluster)
        let time = draw(.stop, from: .milliseconds(100), upTo: .seconds(4))
        cluster.schedule(.faultEnds(.stop(leaver.name, run: leaver.run)), after: time)
    }
}
