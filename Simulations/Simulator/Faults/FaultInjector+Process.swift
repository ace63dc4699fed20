internal import Determinism
internal import Node

/// Faults of processes and of the machines under them.
extension FaultInjector {
    /// Lets a fault of a process happen.
    mutating func strikeProcess(_ kind: FaultKind, on cluster: SimulatedCluster) {
        let running = cluster.nodes.filter { $0.isUp && !$0.isPaused }
        guard let victim = pick(kind, running) else { return }
        switch kind {
        case .pause, .suspend: pause(kind, victim, on: cluster)
        case .slowProcessor:
            count(kind)
            victim.eventCost = draw(kind, from: .microseconds(100), upTo: .milliseconds(3))
            let time = draw(kind, from: .milliseconds(500), upTo: .seconds(8))
            cluster.schedule(.faultEnds(.processorIsFast(victim.name)), after: time)
        case .crashInBatch:
            guard canSpareProcess(of: cluster), victim.awaitedFault == nil else { return }
            victim.awaitedFault = kind
            victim.effectsLeft = Int(number(kind, below: 8))
        case .crashLoop:
            guard canSpareProcess(of: cluster) else { return }
            crashAgain(victim, times: 2 + Int(number(kind, below: 5)), on: cluster)
        case .outOfMemory:
            // Who has most to do has most in memory.
            let load = running.map { $0.backlog.count + $0.disk.unsyncedCount }
            guard canSpareProcess(of: cluster), let most = load.max(),
                let fattest = pick(kind, zip(running, load).filter { $1 == most }.map(\.0))
            else { return }
            count(kind)
            cluster.crash(fattest)
            startLater(fattest, after: kind, on: cluster)
        case .reformat:
            guard canSpareProcess(of: cluster) else { return }
            sayGoodbye(victim, on: cluster)
            let time = draw(kind, from: .milliseconds(100), upTo: .seconds(3))
            cluster.schedule(.faultEnds(.reformat(victim.name, run: victim.run)), after: time)
        default: preconditionFailure("\(kind) is no fault of a process")
        }
    }

    /// The process of a node that is down begins again after a while.
    mutating func startLater(
        _ node: SimulatedNode, after kind: FaultKind, on cluster: SimulatedCluster
    ) {
        let downtime = draw(kind, from: .milliseconds(50), upTo: .seconds(4))
        cluster.schedule(.faultEnds(.start(node.name)), after: downtime)
    }

    /// A process has ended of the fault that waited for it, if one did: it is begun again.
    mutating func note(deathOf node: SimulatedNode, on cluster: SimulatedCluster) {
        let kind = node.awaitedFault ?? .crash
        if node.awaitedFault != nil { count(kind) }
        node.awaitedFault = nil
        startLater(node, after: kind, on: cluster)
    }

    mutating func sayGoodbye(_ leaver: SimulatedNode, on cluster: SimulatedCluster) {
        cluster.tell(
            .delivery(
                .goaway(after: .zero, spread: .seconds(2), reason: "restart")), toHubOf: leaver)
        leaver.hasSaidGoodbye = true
        cluster.feed(.leave, to: leaver)
    }

    /// Ends the process in good order, and with it, if the budget bears that, what its disk holds.
    mutating func reformat(_ node: SimulatedNode, on cluster: SimulatedCluster) {
        let isAdmitted = admits(lossOf: node, on: cluster)
        cluster.stop(node)
        guard isAdmitted else { return startLater(node, after: .reformat, on: cluster) }
        count(.reformat)
        cluster.loseDisk(of: node)
    }

    /// Kills a process, and again soon after each of its next starts.
    mutating func crashAgain(_ node: SimulatedNode, times: Int, on cluster: SimulatedCluster) {
        guard node.isUp else { return }
        count(.crashLoop)
        cluster.crash(node)
        let rest = draw(.crashLoop, from: .milliseconds(20), upTo: .milliseconds(800))
        cluster.schedule(.faultEnds(.start(node.name)), after: rest)
        guard times > 1 else { return }
        let life = draw(.crashLoop, from: .milliseconds(1), upTo: .milliseconds(1_200))
        cluster.schedule(.faultEnds(.crashAgain(node.name, times: times - 1)), after: rest + life)
    }

    private mutating func pause(
        _ kind: FaultKind, _ victim: SimulatedNode, on cluster: SimulatedCluster
    ) {
        count(kind)
        victim.isPaused = true
        if kind == .suspend { victim.suspendedAt = cluster.now }
        let most: Interval =
            switch number(kind, below: 16) {
            case 0: .seconds(60)
            case 1...4: .seconds(10)
            default: .milliseconds(1_500)
            }
        let time = draw(kind, from: .milliseconds(10), upTo: most)
        cluster.queue.schedule(.resume(victim.name), at: cluster.now + time)
    }

    // MARK: Endings

    /// Ends the faults of disks, clocks and processes on the machines of `core` (their names) and
    /// makes those of all others permanent: who is down stays down, who stands still stays so, what
    /// is slow, full or wrong remains. For the liveness phase, in which nothing may heal by luck.
    /// No fault begins or ends by itself from now on.
    mutating func settleMachines(core: [Int], on cluster: SimulatedCluster) {
        isOver = true
        for node in cluster.nodes {
            if core.contains(node.name) {
                heal(node, on: cluster)
            } else {
                stay(node, on: cluster)
            }
        }
    }

    /// Ends all faults of one machine; its process runs, if its disk is a node's.
    mutating func heal(_ node: SimulatedNode, on cluster: SimulatedCluster) {
        node.slowDiskUntil = .start
        node.slowReadsUntil = .start
        node.damagedPieces = 0
        node.effectsLeft = nil
        node.awaitedFault = nil
        node.disk.heal()
        node.gossipKeys = [cluster.newestKey]
        node.hasWrongSeeds = false
        node.clock.thaw()
        node.clock.offset = 0
        node.clock.drift(by: 0, at: cluster.now)
        // Who has said goodbye serves no more until it begins again.
        if node.isUp, node.hasSaidGoodbye { cluster.stop(node) }
        cluster.endSlowness(of: node)
        if node.isPaused { cluster.resume(node) }
        cluster.start(node)
    }

    /// Makes the faults of one machine permanent.
    private func stay(_ node: SimulatedNode, on cluster: SimulatedCluster) {
        let never = Instant(nanoseconds: .max)
        if node.slowDiskUntil > cluster.now { node.slowDiskUntil = never }
        if node.slowReadsUntil > cluster.now { node.slowReadsUntil = never }
        if node.isPaused { node.staysPaused = true }
        if node.isUp, node.hasSaidGoodbye { cluster.stop(node) }
    }
}
