import Determinism
import Testing

@testable import Simulator

@Suite("Faults of machines")
struct MachineFaultTests {
    private static let kinds: [FaultKind] = [
        .crashInBatch, .crashLoop, .outOfMemory, .pause, .suspend, .slowProcessor, .reformat,
        .slowDisk, .slowRead, .writeError, .syncError, .durableError, .readError, .powerLoss,
        .tornBatch, .logRot, .recordRot, .misdirectedWrite, .diskFull, .readOnlyDisk,
        .snapshotDamage, .diskLost, .diskRollback, .clockOffset, .clockStep, .clockDrift,
        .clockFreeze, .leapSecond,
    ]

    private func settings(seed: UInt64, _ kind: FaultKind) -> SimulationSettings {
        var settings = SimulationSettings(seed: seed, nodeCount: 3)
        settings.shardCount = 2
        settings.personCount = 3
        settings.safetyTime = .seconds(20)
        settings.perturbationSeed = nil
        settings.faults = FaultPlan()
        settings.faults.include(kind, every: .seconds(2))
        return settings
    }

    @Test("Each fault of a machine happens, and everything holds", arguments: kinds)
    func alone(kind: FaultKind) {
        let report = Simulation(settings: settings(seed: 12, kind)).run()
        #expect(report.violations == [])
        #expect(report.verdict == .passed)
        #expect((report.faults[kind] ?? 0) > 0)
    }

    @Test("A run that destroys more than the model tolerates is neither passed nor failed")
    func beyondModel() {
        var settings = settings(seed: 12, .diskLost)
        settings.faults.exceedsBudget = true
        let report = Simulation(settings: settings).run()
        #expect(!report.hasPassed)
        #expect(report.verdict != .failed)
        #expect(report.violations == [])
        #expect(report.beyondModel?.isEmpty == false)
    }

    @Test("When faults settle the core is healed, and what is wrong elsewhere stays so")
    func settlement() {
        var settings = settings(seed: 12, .diskFull)
        settings.spareCount = 0
        let cluster = SimulatedCluster(settings: settings)
        for node in cluster.nodes {
            node.isPaused = true
            node.disk.refusal = .full
            node.eventCost = .milliseconds(1)
            node.clock.offset = 500
            node.slowDiskUntil = .start + .seconds(1)
        }
        var injector = FaultInjector(plan: FaultPlan(), seed: 12)
        injector.settleMachines(core: [0, 2], on: cluster)
        #expect(injector.isOver)
        #expect(cluster.nodes.map(\.isPaused) == [false, true, false])
        #expect(cluster.nodes.map(\.staysPaused) == [false, true, false])
        #expect(cluster.nodes.map(\.disk.refusal) == [nil, .full, nil])
        #expect(cluster.nodes.map(\.eventCost) == [.zero, .milliseconds(1), .zero])
        #expect(cluster.nodes.map(\.clock.offset) == [0, 500, 0])
        #expect(cluster.nodes[1].slowDiskUntil > .start + .seconds(1_000_000))
    }
}
