import Determinism
import Identity
import Registry
import Testing

@testable import Simulator

@Suite("Faults of operators")
struct OperatorFaultTests {
    private static let kinds: [FaultKind] = [
        .join, .drain, .removal, .twoRemovals, .readdition, .replacement, .secondInit, .badToken,
        .wrongSeeds, .configMismatch, .keyRotation, .restartAll,
    ]

    private func settings(seed: UInt64, _ kind: FaultKind) -> SimulationSettings {
        var settings = SimulationSettings(seed: seed, nodeCount: 5, replicaCount: 3)
        settings.shardCount = 2
        settings.personCount = 3
        settings.safetyTime = .seconds(15)
        settings.perturbationSeed = nil
        settings.faults = FaultPlan()
        settings.faults.include(kind, every: .seconds(3))
        return settings
    }

    @Test("Each fault of an operator happens, and everything holds", arguments: kinds)
    func alone(kind: FaultKind) {
        let report = Simulation(settings: settings(seed: 21, kind)).run()
        #expect(report.violations == [])
        #expect(report.verdict == .passed)
        #expect((report.faults[kind] ?? 0) > 0)
    }

    @Test("While a rotation of keys is half done, some datagrams cannot be opened")
    func halfRotation() {
        let report = Simulation(settings: settings(seed: 21, .keyRotation)).run()
        #expect(report.counters.datagramsUnopened > 0)
    }

    @Test("A mistake must be refused for its own reason, and for no other")
    func mistakes() {
        let mistakes: [OperatorMistake] = [.secondInit, .unknownToken, .usedToken, .expiredToken]
        let refusals: [RegistryRefusal] = [
            .alreadyInitialised, .tokenUnknown, .tokenUsed, .tokenExpired,
        ]
        for (position, mistake) in mistakes.enumerated() {
            for (other, refusal) in refusals.enumerated() {
                #expect(mistake.isRefused(with: refusal) == (position == other))
            }
        }
    }
}
