internal import Determinism
internal import Identity
internal import Node

/// How a fault ends.
enum FaultEnd: Hashable {
    /// The process starts again.
    case start(Int)
    /// The process that has said goodbye ends.
    case stop(Int, run: UInt64)
    case healCuts
    case endDelaySpike
}

/// Brings the faults of a plan upon a cluster, each kind by its own generator, and counts them.
///
/// No disk is ever erased, so whatever was confirmed by a quorum can always be brought back.
struct FaultInjector {
    /// How often each kind happened, in the order of the kinds.
    private(set) var counts: [FaultKind: UInt64] = [:]
    private(set) var isOver = false
    private var generators: [FaultKind: SeededGenerator] = [:]
    private let plan: FaultPlan
    private var delayWidth = Interval.zero
    private var isSpiking = false

    init(plan: FaultPlan, seed: UInt64) {
        self.plan = plan
        let root = SeededGenerator(seed: seed)
        for kind in FaultKind.allCases {
            generators[kind] = root.forked(named: "fault \(kind.rawValue)")
        }
    }

    /// From now on faults happen.
    mutating func begin(on cluster: SimulatedCluster) {
        delayWidth = cluster.network.settings.delayWidth
        cluster.network.settings.lossPerMille = plan.lossPerMille
        cluster.network.settings.duplicationPerMille = plan.duplicationPerMille
        cluster.network.settings.reorderPerMille = plan.reorderPerMille
        for kind in FaultKind.allCases { scheduleNext(kind, on: cluster) }
    }

    /// Ends all faults: every cut heals, every process runs.
    mutating func end(on cluster: SimulatedCluster) {
        isOver = true
        cluster.network.settings.lossPerMille = 0
        cluster.network.settings.duplicationPerMille = 0
        cluster.network.settings.reorderPerMille = 0
        cluster.network.settings.delayWidth = delayWidth
        cluster.healCuts()
        for node in cluster.nodes {
            node.slowDiskUntil = .start
            // Who has said goodbye serves no more until it begins again.
            if node.isUp, node.hasSaidGoodbye { cluster.stop(node) }
            if node.isPaused { cluster.resume(node) }
            cluster.start(node)
        }
    }

    mutating func count(_ kind: FaultKind) { counts[kind, default: 0] += 1 }

    private mutating func scheduleNext(_ kind: FaultKind, on cluster: SimulatedCluster) {
        guard let mean = plan.mean(of: kind) else { return }
        let delay = draw(kind, from: .milliseconds(10), upTo: mean * 2)
        cluster.schedule(.fault(kind), after: delay)
    }

    mutating func draw(_ kind: FaultKind, from least: Interval, upTo most: Interval) -> Interval {
        least.jittered(
            by: most - least, using: &generators[kind, default: SeededGenerator(seed: 0)])
    }

    mutating func pick<Element>(_ kind: FaultKind, _ all: [Element]) -> Element? {
        guard !all.isEmpty else { return nil }
        return all[Int(number(kind, below: UInt64(all.count)))]
    }

    mutating func number(_ kind: FaultKind, below bound: UInt64) -> UInt64 {
        generators[kind, default: SeededGenerator(seed: 0)].next(upperBound: bound)
    }

    // MARK: Faults of nodes and network

    /// Lets a fault of `kind` happen, unless it is one of clients or operators; answers whether it
    /// is.
    mutating func strike(_ kind: FaultKind, on cluster: SimulatedCluster) -> Bool {
        guard !isOver else { return true }
        scheduleNext(kind, on: cluster)
        switch kind {
        case .crash: crash(on: cluster)
        case .crashAll: crashAll(on: cluster)
        case .stop: stop(on: cluster)
        case .pause: pause(on: cluster)
        case .isolate, .oneWay, .split: cut(kind, on: cluster)
        case .streamBreak, .streamStall: disturbStream(kind, on: cluster)
        case .delaySpike: spike(on: cluster)
        case .slowDisk: slowDisk(on: cluster)
        case .clockStep: stepClock(on: cluster)
        case .socketBreak, .slowReader, .join, .drain: return false
        }
        return true
    }

    /// Lets a fault end.
    mutating func finish(_ end: FaultEnd, on cluster: SimulatedCluster) {
        guard !isOver else { return }
        switch end {
        case .start(let node): cluster.start(cluster.nodes[node])
        case .stop(let name, let run):
            let node = cluster.nodes[name]
            guard node.run == run, node.isUp else { return }
            cluster.stop(node)
            let downtime = draw(.stop, from: .milliseconds(50), upTo: .seconds(4))
            cluster.schedule(.faultEnds(.start(name)), after: downtime)
        case .healCuts: cluster.healCuts()
        case .endDelaySpike:
            isSpiking = false
            cluster.network.settings.delayWidth = delayWidth
        }
    }

    private func members(of cluster: SimulatedCluster) -> [SimulatedNode] {
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
        cluster.tell(
            .delivery(
                .goaway(after: .zero, spread: .seconds(2), reason: "restart")), toHubOf: leaver)
        leaver.hasSaidGoodbye = true
        cluster.feed(.leave, to: leaver)
        let time = draw(.stop, from: .milliseconds(100), upTo: .seconds(4))
        cluster.schedule(.faultEnds(.stop(leaver.name, run: leaver.run)), after: time)
    }

    private mutating func pause(on cluster: SimulatedCluster) {
        guard let victim = pick(.pause, cluster.nodes.filter { $0.isUp && !$0.isPaused }) else {
            return
        }
        count(.pause)
        victim.isPaused = true
        let isLong = number(.pause, below: 4) == 0
        let time = draw(
            .pause, from: .milliseconds(10), upTo: isLong ? .seconds(10) : .milliseconds(1_500))
        cluster.queue.schedule(.resume(victim.name), at: cluster.now + time)
    }

    private mutating func cut(_ kind: FaultKind, on cluster: SimulatedCluster) {
        let ids = members(of: cluster).compactMap(\.id)
        guard ids.count > 1, let victim = pick(kind, ids) else { return }
        count(kind)
        var paths: [SimulatedNetwork.Path] = []
        switch kind {
        case .split:
            let side = ids.map { _ in number(kind, below: 2) == 0 }
            for (from, isLeft) in zip(ids, side) {
                for (to, isAlso) in zip(ids, side) where isLeft != isAlso {
                    paths.append(SimulatedNetwork.Path(from: from, to: to))
                }
            }
        case .oneWay:
            guard let other = pick(kind, ids.filter { $0 != victim }) else { return }
            let isDeaf = number(kind, below: 2) == 0
            let isTotal = number(kind, below: 2) == 0
            for peer in ids where peer != victim && (isTotal || peer == other) {
                let path = SimulatedNetwork.Path(from: victim, to: peer)
                paths.append(isDeaf ? path.back : path)
            }
        default:
            for peer in ids where peer != victim {
                let path = SimulatedNetwork.Path(from: victim, to: peer)
                paths += [path, path.back]
            }
        }
        cluster.cut(paths)
        let time = draw(kind, from: .milliseconds(100), upTo: .seconds(8))
        cluster.schedule(.faultEnds(.healCuts), after: time)
    }

    private mutating func disturbStream(_ kind: FaultKind, on cluster: SimulatedCluster) {
        let ids = members(of: cluster).compactMap(\.id)
        guard let from = pick(kind, ids), let to = pick(kind, ids.filter { $0 != from }) else {
            return
        }
        let path = SimulatedNetwork.Path(from: from, to: to)
        guard cluster.network.stream(path) != nil else { return }
        count(kind)
        if kind == .streamBreak {
            cluster.breakStream(path, isRefused: false, noticedAfter: .milliseconds(1))
        } else {
            let time = draw(kind, from: .milliseconds(50), upTo: .seconds(4))
            cluster.network.stall(path, until: cluster.now + time)
        }
    }

    private mutating func spike(on cluster: SimulatedCluster) {
        guard !isSpiking else { return }
        count(.delaySpike)
        isSpiking = true
        cluster.network.settings.delayWidth = draw(
            .delaySpike, from: .milliseconds(20), upTo: .milliseconds(400))
        let time = draw(.delaySpike, from: .milliseconds(200), upTo: .seconds(5))
        cluster.schedule(.faultEnds(.endDelaySpike), after: time)
    }

    private mutating func slowDisk(on cluster: SimulatedCluster) {
        guard let victim = pick(.slowDisk, members(of: cluster)) else { return }
        count(.slowDisk)
        victim.slowDiskUntil =
            cluster.now + draw(.slowDisk, from: .milliseconds(200), upTo: .seconds(5))
        victim.slowDiskDelay = draw(.slowDisk, from: .milliseconds(10), upTo: .milliseconds(500))
    }

    private mutating func stepClock(on cluster: SimulatedCluster) {
        guard let victim = pick(.clockStep, members(of: cluster)) else { return }
        count(.clockStep)
        let step = draw(.clockStep, from: .zero, upTo: .seconds(60)).milliseconds
        victim.clockOffset = Int64(step) - 30_000
    }
}
