package import Determinism
package import Node

/// Everything that a simulation is a function of.
package struct SimulationSettings: Sendable {
    package var seed: UInt64
    package var nodeCount = 3
    package var shardCount = 4
    package var node = NodeSettings()
    package var network = NetworkSettings()
    package var disk = DiskSettings()

    package init(seed: UInt64) {
        self.seed = seed
        node.reportsApplied = true
    }
}

/// How fast the simulated disks are.
package struct DiskSettings: Hashable, Sendable {
    /// The least time of a write that is synced.
    package var syncMin = Interval.microseconds(100)
    /// How much longer it may take.
    package var syncWidth = Interval.milliseconds(2)

    package init() {}
}
