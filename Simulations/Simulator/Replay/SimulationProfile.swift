internal import Determinism
internal import Node
internal import Registry

extension SimulationSettings {
    /// A fixed load to measure the speed of the simulation: 5 nodes, 64 shards, no faults, and
    /// eight people who together send 200 messages a second for a minute, and hear them.
    package static var profile: SimulationSettings {
        var settings = SimulationSettings(seed: 1, nodeCount: 5)
        settings.spareCount = 0
        settings.shardCount = 64
        settings.personCount = 8
        settings.workload = Workload()
        settings.workload.thinkTime = .milliseconds(28)
        settings.workload.shares = PersonAct.allCases.map { act in
            switch act {
            case .write: 96
            case .mark: 2
            case .create, .invite: 1
            default: 0
            }
        }
        settings.safetyTime = .seconds(60)
        settings.usesCodecs = false
        settings.node = .init()
        settings.node.reportsApplied = true
        settings.registry = .init()
        settings.registry.joinDelay = .seconds(1)
        settings.network = NetworkSettings()
        settings.disk = DiskSettings()
        settings.faults = FaultPlan()
        settings.perturbationSeed = nil
        settings.hasCore = false
        return settings
    }
}
