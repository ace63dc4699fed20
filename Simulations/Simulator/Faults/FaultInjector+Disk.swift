internal import Determinism
internal import Identity
internal import Storage

/// Faults of disks. What destroys data asks the ``FaultBudget`` first.
extension FaultInjector {
    /// Lets a fault of a disk happen.
    mutating func strikeDisk(_ kind: FaultKind, on cluster: SimulatedCluster) {
        guard let victim = pick(kind, cluster.nodes.filter { $0.isUp && !$0.isPaused }) else {
            return
        }
        switch kind {
        case .slowDisk, .slowRead: slow(kind, victim, on: cluster)
        case .writeError, .syncError, .durableError, .readError, .diskFull, .readOnlyDisk:
            fail(kind, victim, on: cluster)
        case .powerLoss, .tornBatch: cutPower(kind, on: cluster)
        case .logRot, .misdirectedWrite: damageLog(kind, victim, on: cluster)
        case .recordRot: rotRecords(victim, on: cluster)
        case .snapshotDamage:
            count(kind)
            victim.damagedPieces = 1 + Int(number(kind, below: 3))
        case .diskLost:
            guard admits(lossOf: victim, on: cluster) else { return }
            count(kind)
            cluster.loseDisk(of: victim)
        case .diskRollback: copyDisk(victim, on: cluster)
        default: preconditionFailure("\(kind) is no fault of a disk")
        }
    }

    /// Whether everything on a node may be destroyed; if so it counts as destroyed from now on.
    mutating func admits(lossOf node: SimulatedNode, on cluster: SimulatedCluster) -> Bool {
        guard let id = node.id else { return false }
        let groups = cluster.groups
        budget.forget(groups: groups) { cluster.isWhole($0) }
        return budget.admitsLoss(of: id, groups: groups)
    }

    /// Whether one more process may go down for a while without taking too many with it.
    func canSpareProcess(of cluster: SimulatedCluster) -> Bool {
        let members = members(of: cluster)
        let running = members.count { $0.isUp && !$0.isPaused && $0.awaitedFault == nil }
        return members.count - running < max(1, (members.count - 1) / 2)
    }

    // MARK: Slowness and refusals

    private mutating func slow(
        _ kind: FaultKind, _ victim: SimulatedNode, on cluster: SimulatedCluster
    ) {
        count(kind)
        let end = cluster.now + draw(kind, from: .milliseconds(200), upTo: .seconds(5))
        let delay = draw(kind, from: .milliseconds(10), upTo: .milliseconds(500))
        if kind == .slowDisk {
            victim.slowDiskUntil = end
            victim.slowDiskDelay = delay
        } else {
            victim.slowReadsUntil = end
            victim.slowReadsDelay = delay
        }
    }

    /// The next use of the disk fails; the process ends of it and is counted then.
    private mutating func fail(
        _ kind: FaultKind, _ victim: SimulatedNode, on cluster: SimulatedCluster
    ) {
        guard canSpareProcess(of: cluster), victim.awaitedFault == nil else { return }
        victim.awaitedFault = kind
        switch kind {
        case .writeError: victim.disk.nextWriteFault = .lost
        case .syncError: victim.disk.nextWriteFault = .doubtful
        case .durableError: victim.disk.nextWriteFault = .durable
        case .readError: victim.disk.failingReads = 1
        default:
            victim.disk.refusal = kind == .diskFull ? .full : .readOnly
            let time = draw(kind, from: .milliseconds(500), upTo: .seconds(8))
            cluster.schedule(.faultEnds(.diskTakesWrites(victim.name)), after: time)
        }
    }

    private mutating func cutPower(_ kind: FaultKind, on cluster: SimulatedCluster) {
        let writing = cluster.nodes.filter { $0.isUp && $0.disk.unsyncedCount > 0 }
        guard canSpareProcess(of: cluster), let victim = pick(kind, writing) else { return }
        count(kind)
        cluster.crash(victim, losing: kind == .tornBatch ? .torn : .everything)
        startLater(victim, after: kind, on: cluster)
    }

    // MARK: Damage

    /// Damages the log of a node that crashes: only its own checksums can show it.
    private mutating func damageLog(
        _ kind: FaultKind, _ victim: SimulatedNode, on cluster: SimulatedCluster
    ) {
        guard victim.awaitedFault == nil, victim.disk.logEntries.count > 1,
            admits(lossOf: victim, on: cluster)
        else { return }
        cluster.crash(victim)
        startLater(victim, after: kind, on: cluster)
        let entries = victim.disk.logEntries
        guard let entry = youngEntry(kind, of: entries) else { return }
        count(kind)
        victim.hasDamagedLog = true
        if kind == .logRot {
            victim.disk.flipBit(of: entry, using: &generators[kind, default: Self.spare])
        } else if let other = pick(kind, entries.filter { $0.key != entry.key }) {
            victim.disk.misdirect(entry, to: other)
        }
    }

    /// One of the newest entries of any shard: what is older has been applied and is hardly read.
    private mutating func youngEntry(_ kind: FaultKind, of entries: [KeyValue]) -> KeyValue? {
        guard let any = pick(kind, entries) else { return nil }
        let shard = any.key.prefix(4)
        return pick(kind, Array(entries.filter { $0.key.prefix(4) == shard }.suffix(4)))
    }

    /// Some blocks fail their checksum from now on; who reads one ends, and is set up anew.
    private mutating func rotRecords(_ victim: SimulatedNode, on cluster: SimulatedCluster) {
        let records = victim.disk.recordKeys
        guard !records.isEmpty, admits(lossOf: victim, on: cluster) else { return }
        count(.recordRot)
        for _ in 0..<4 {
            if let record = pick(.recordRot, records) { victim.disk.rot(record) }
        }
    }

    // MARK: Old copies

    /// Somebody copies the disk as it is now, to put it back later. Not of a cluster with single
    /// copies: a node that decides alone finds out by nobody that it has forgotten who else
    /// decides.
    private mutating func copyDisk(_ victim: SimulatedNode, on cluster: SimulatedCluster) {
        guard let id = victim.id, diskCopies[victim.name] == nil,
            cluster.settings.replicaCount > 1
        else { return }
        diskCopies[victim.name] = DiskCopy(
            content: victim.disk.durable, node: id, run: victim.run, triesLeft: 60)
        let time = draw(.diskRollback, from: .milliseconds(200), upTo: .seconds(6))
        cluster.schedule(.faultEnds(.putBackDisk(victim.name)), after: time)
    }

    /// Puts the copy of a disk back, as soon as nobody will miss what it lacks.
    mutating func putBackDisk(_ victim: SimulatedNode, on cluster: SimulatedCluster) {
        guard let copy = diskCopies[victim.name], copy.triesLeft > 0, victim.id == copy.node else {
            diskCopies[victim.name] = nil
            return
        }
        // After one more start the copy would begin with the number of a start that was: whether
        // the others see that is chance, and the handshake of links does not.
        let isTold = victim.run == copy.run || victim.run >= copy.run + 2
        guard isTold, victim.isUp, cluster.isDispensable(copy.node),
            admits(lossOf: victim, on: cluster)
        else {
            diskCopies[victim.name]?.triesLeft -= 1
            cluster.schedule(.faultEnds(.putBackDisk(victim.name)), after: .milliseconds(250))
            return
        }
        diskCopies[victim.name] = nil
        count(.diskRollback)
        cluster.crash(victim)
        victim.disk.replace(by: copy.content)
        victim.wasRolledBack = true
        startLater(victim, after: .diskRollback, on: cluster)
    }
}

/// A disk as it once was.
struct DiskCopy {
    let content: MemoryStore
    let node: NodeID
    let run: UInt64
    var triesLeft: Int
}
