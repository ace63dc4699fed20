import Determinism
import Testing

@testable import Simulator

@Suite("Simulation runs")
struct RunTests {
    /// Small enough for a debug build.
    private func settings(seed: UInt64) -> SimulationSettings {
        var settings = SimulationSettings(seed: seed, nodeCount: 3)
        settings.shardCount = 2
        settings.personCount = 3
        settings.safetyTime = .seconds(8)
        return settings
    }

    @Test("The same seed gives the same trace twice, another seed another")
    func determinism() {
        let first = Simulation(settings: settings(seed: 2)).run()
        let again = Simulation(settings: settings(seed: 2)).run()
        #expect(first.hash == again.hash)
        #expect(first.eventCount == again.eventCount)
        #expect(first.violations == again.violations)
        #expect(Simulation(settings: settings(seed: 3)).run().hash != first.hash)
    }

    @Test("Without faults people chat and everything holds")
    func calm() {
        var settings = settings(seed: 7)
        settings.faults = FaultPlan()
        let report = Simulation(settings: settings).run()
        #expect(report.violations == [])
        #expect(report.counters.acks > 0)
    }

    @Test(
        "People chat through crashes, cuts and pauses, and nothing is lost", arguments: [4, 5, 6])
    func faults(seed: UInt64) {
        let report = Simulation(settings: settings(seed: seed)).run()
        #expect(report.violations == [])
        #expect(report.counters.acks > 0)
    }

    @Test("A disk that forgets what it said was synced is found out")
    func lyingDisk() {
        var settings = settings(seed: 9)
        settings.safetyTime = .seconds(30)
        settings.disk.forgetsSyncs = true
        settings.faults = FaultPlan()
        settings.faults.means = FaultKind.allCases.map { $0 == .crashAll ? .seconds(4) : nil }
        let report = Simulation(settings: settings).run()
        #expect(!report.hasPassed)
    }

    @Test("A run in which nothing may converge says so, with the last events")
    func failure() {
        var settings = settings(seed: 8)
        settings.workload.thinkTime = .milliseconds(5)
        settings.healingTime = .milliseconds(1)
        let report = Simulation(settings: settings, keepsTail: true).run()
        #expect(report.violations.map(\.property) == ["convergence"])
        #expect(!report.tail.isEmpty)
    }
}
