package import Determinism
package import Node
internal import Raft
package import Registry

/// Everything that a simulation is a function of, drawn from its seed.
package struct SimulationSettings: Sendable {
    package var seed: UInt64
    /// Nodes at the beginning.
    package var nodeCount = 3
    /// Machines that may join later.
    package var spareCount = 1
    /// A power of two.
    package var shardCount = 4
    /// Whoever chats.
    package var personCount = 4
    /// How long faults go on.
    package var safetyTime = Interval.seconds(40)
    /// How long everything may take to converge when they have ended.
    package var healingTime = Interval.seconds(120)
    /// What people do, and how often.
    package var workload = Workload()
    /// Whether messages between nodes really become bytes and back.
    package var usesCodecs = false
    /// The limits and times of every node.
    package var node = NodeSettings()
    /// How the cluster is made.
    package var registry = RegistrySettings()
    /// The limits and times that were drawn, in words.
    var knobs: [String] = []
    /// How fast the network is.
    package var network = NetworkSettings()
    /// How fast the disks are.
    package var disk = DiskSettings()
    /// What goes wrong, and how often.
    package var faults = FaultPlan()
    /// What the perturbations of the code are drawn from; nil when there are none.
    package var perturbationSeed: UInt64?
    /// Whether a part of the cluster goes on alone before all heals.
    package var hasCore = false
    /// The planted bug that lives; without effect unless the build has them.
    package var canary: Canary?

    /// The settings that `seed` draws; `nodeCount` and `replicaCount`, an odd one, only for a run
    /// that insists on them.
    package init(seed: UInt64, nodeCount: Int? = nil, replicaCount: Int? = nil) {
        self.seed = seed
        var generator = SeededGenerator(seed: seed).forked(named: "settings")
        let drawn = [3, 3, 3, 3, 3, 3, 5, 5, 5, 4, 4, 1, 2, 6, 7, 9]
        self.nodeCount = drawn[Int(generator.next(upperBound: UInt64(drawn.count)))]
        if let nodeCount { self.nodeCount = nodeCount }
        shardCount = 1 << generator.number(below: 4)
        var shards = SeededGenerator(seed: seed).forked(named: "shards")
        // Many shards are much work for the same paths.
        if shards.chance(1, in: 4) { shardCount = 16 << shards.number(below: 3) }
        personCount = 2 + generator.number(below: 6)
        hastenPresence()
        workload = Workload(using: &generator)
        safetyTime = .seconds(20 + generator.next(upperBound: 40))
        if generator.chance(2, in: 3) {
            // Logs so short that followers fall behind them.
            node.logEntriesMax = 10 + generator.number(below: 80)
            node.logEntriesKept = node.logEntriesMax / 2
            node.logTruncationStep = 1 + generator.number(below: 5)
        }
        var search = SeededGenerator(seed: seed).forked(named: "search")
        node.indexStep = 1 + search.number(below: 40)
        if generator.chance(1, in: 2) {
            node.snapshotPairsPerPiece = 10 + generator.number(below: 60)
            node.snapshotBytesPerPiece = 2_000 + generator.number(below: 8_000)
        }
        if generator.chance(1, in: 3) {
            node.raft.inflightMessagesMax = 1 + generator.number(below: 8)
            node.raft.cacheEntriesMax = generator.number(below: 8)
        }
        network.delayMin = .microseconds(50 + generator.next(upperBound: 3_000))
        network.delayWidth = .microseconds(100 + generator.next(upperBound: 10_000))
        disk.syncWidth = .microseconds(500 + generator.next(upperBound: 8_000))
        node.reportsApplied = true
        drawKnobs()
        if let replicaCount { registry.replicationFactor = UInt8(replicaCount) }
        usesCodecs = generator.chance(1, in: 4)
        faults = FaultPlan(canSpareNode: self.replicaCount >= 3, using: &generator)
        if faults.promise == .half { drawTightLimits() }
        var perturbations = SeededGenerator(seed: seed).forked(named: "perturbations")
        if perturbations.chance(1, in: 2), faults.promise != .everyTry {
            perturbationSeed = perturbations.next()
        }
        var cores = SeededGenerator(seed: seed).forked(named: "whether a core goes on alone")
        hasCore = cores.chance(1, in: 2) && faults.promise == .half
    }
}

/// How fast the simulated disks are.
package struct DiskSettings: Hashable, Sendable {
    /// The least time of a write that is synced.
    package var syncMin = Interval.microseconds(100)
    /// How much longer it may take.
    package var syncWidth = Interval.milliseconds(2)
    /// Syncs do nothing, to see that this is found out.
    package var forgetsSyncs = false

    /// A fast disk that keeps its word.
    package init() {}
}

extension SimulationSettings {
    /// One line for people.
    package var words: String {
        "\(nodeCount) nodes, \(shardCount) shards, \(registry.words), \(personCount) people, "
            + "\(workload.words), faults for \(safetyTime), "
            + "logs of \(node.logEntriesMax), network \(network.delayMin) to "
            + "\(network.delayMin + network.delayWidth), "
            + (knobs + [faults.words]).joined(separator: ", ")
    }
}

extension RegistrySettings {
    /// A few words for people.
    fileprivate var words: String {
        "\(replicationFactor) replicas, given up after \(lostGrace)"
    }
}
