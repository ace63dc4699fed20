import Determinism
import Identity
import Testing

@testable import Node
@testable import Simulator

@Suite("Liveness: a core that goes on alone")
struct LivenessTests {
    private let shard = ShardID(2)

    private func node(_ number: UInt64) -> NodeID { NodeID(number) }

    @Test("Of every group the core has enough nodes, of all nodes more than half")
    func meetsNeeds() throws {
        let members = (1...9).map { node($0) }
        let needs = [
            LivenessCore.Need(nodes: [node(1), node(4), node(5)], count: 2),
            LivenessCore.Need(nodes: [node(7), node(8)], count: 2),
        ]
        var sizes: [Int] = []
        for seed in 1...50 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let core = try #require(
                LivenessCore(members: members, needs: needs, using: &generator))
            #expect(needs.allSatisfy { $0.isMet(by: core.inside) })
            #expect(core.inside.count >= 5)
            #expect((core.inside + core.outside).sorted() == members)
            #expect(!core.outside.isEmpty)
            sizes.append(core.inside.count)
        }
        #expect(sizes.min() == 5)
        #expect(sizes.max() == 8)
    }

    @Test("Where nobody can be spared there is no core")
    func sparesNobody() {
        var generator = SeededGenerator(seed: 1)
        let pair = [node(1), node(2)]
        #expect(LivenessCore(members: pair, needs: [], using: &generator) == nil)
        let all = LivenessCore.Need(nodes: [node(1), node(2), node(3)], count: 3)
        #expect(LivenessCore(members: all.nodes, needs: [all], using: &generator) == nil)
    }

    @Test("A group whose voters change needs everybody, also those who are about to leave")
    func needsWhoLeaves() {
        // Of n1, n2 and the lost n3 to n2, n4 and n5: without n1 the old voters have no majority.
        let voters = [2, 4, 5].map { node($0) }
        let replica = ReplicaStatus(
            replica: ReplicaID(node: node(4)), isLeader: false, term: 9, applied: 23, commit: 23,
            last: 23, voters: voters.map { ReplicaID(node: $0) }, learners: [],
            outgoing: [1, 2, 3].map { ReplicaID(node: node($0)) }, isSuspect: false, stateHash: 1,
            lag: [])
        let need = LivenessCore.Need(everybodyOf: [replica], and: voters)
        #expect(need.nodes == (1...5).map { node($0) })
        #expect(!need.isMet(by: voters))
    }

    @Test("Without other faults a core goes on alone, and then everybody comes together again")
    func goesOnAlone() {
        var settings = SimulationSettings(seed: 11, nodeCount: 3)
        settings.shardCount = 2
        settings.personCount = 3
        settings.safetyTime = .seconds(5)
        settings.faults = FaultPlan()
        settings.hasCore = true
        let report = Simulation(settings: settings).run()
        #expect(report.violations == [])
        #expect(report.counters.coreCount == 1)
    }

    @Test("Liveness holds when every group commits in time and no node finds excuses")
    func holds() {
        var checker = BoundedLiveness()
        checker.begin(at: .start, commits: [(shard, 7)])
        checker.said("unavailable", by: "node 1", at: .start + .seconds(14))
        checker.committed(shard, through: 7, at: .start + .seconds(6))
        #expect(!checker.hasCommitted)
        checker.committed(shard, through: 8, at: .start + .seconds(4))
        #expect(checker.hasCommitted)
        checker.end(differences: [])
        #expect(checker.violations.isEmpty)
        // Outside of the phase nothing is promised.
        checker.said("unavailable", by: "node 1", at: .start + .seconds(100))
        #expect(checker.violations.isEmpty)
    }

    @Test("Liveness fails when a group commits late or never")
    func commits() {
        var late = BoundedLiveness()
        late.begin(at: .start, commits: [(shard, 7)])
        late.committed(shard, through: 8, at: .start + .seconds(9))
        #expect(late.violations.count == 1)
        var never = BoundedLiveness()
        never.begin(at: .start, commits: [(shard, 7)])
        never.end(differences: [])
        #expect(never.violations.count == 1)
    }

    @Test("Liveness fails when a node of the core still says that something cannot be reached")
    func excuses() {
        var checker = BoundedLiveness()
        checker.begin(at: .start, commits: [])
        checker.said("unknown", by: "node 1", at: .start + .seconds(19))
        #expect(checker.violations.count == 1)
    }

    @Test("Liveness fails when something is missing in the end")
    func convergence() {
        var checker = BoundedLiveness()
        checker.begin(at: .start, commits: [])
        checker.end(differences: ["client 3 is waiting"])
        #expect(checker.violations.count == 1)
    }
}
