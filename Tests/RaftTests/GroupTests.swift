import Testing

@testable import Raft

@Suite("Whole groups under faults")
struct GroupTests {
    @Test(
        "The five properties of Raft figure 3 hold, reads are linearizable, calm brings progress",
        arguments: 0..<10)
    func holdsUnderFaults(batch: Int) throws {
        var reads = 0
        var changes = 0
        for seed in UInt64(batch * 30)..<UInt64(batch * 30 + 30) {
            var group = try SimulatedGroup(GroupOptions(seed: seed))
            group.run()
            #expect(group.violations.isEmpty, "seed \(seed): \(group.violations)")
            reads += group.readsAnswered
            changes += group.configurationsApplied
        }
        #expect(reads > 100, "the runs must read")
        #expect(changes > 25, "the runs must change configurations")
    }

    @Test(
        "The checkers notice a host that breaks its contract",
        arguments: GroupOptions.Sabotage.allCases)
    func noticesSabotage(sabotage: GroupOptions.Sabotage) throws {
        for seed in UInt64(100)..<500 {
            var group = try SimulatedGroup(
                GroupOptions(seed: seed, sabotage: sabotage, chaosSteps: 3_000, isRough: true))
            group.run()
            if group.violations.contains(where: { !$0.hasPrefix("no progress") }) { return }
        }
        Issue.record("nothing was noticed")
    }

    @Test("The same seed gives the same run")
    func isDeterministic() throws {
        var first = try SimulatedGroup(GroupOptions(seed: 7))
        var second = try SimulatedGroup(GroupOptions(seed: 7))
        first.run()
        second.run()
        #expect(first.summary == second.summary)
        #expect(first.step == second.step)
    }
}
