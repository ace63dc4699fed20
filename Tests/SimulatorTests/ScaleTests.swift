import Determinism
import Membership
import Testing

@testable import Simulator

@Suite("Membership and placement at scale")
struct ScaleTests {
    @Test("The same seed gives the same report, another seed another one")
    func isDeterministic() {
        func report(_ seed: UInt64) -> ScaleReport {
            ScaleReport(seed: seed, nodeCounts: [6], shardCounts: [64], lossSecondsMax: 10)
        }
        let first = report(1)
        let second = report(1)
        let other = report(2)
        #expect(first == second)
        #expect(first.text == second.text && first.json == second.json)
        #expect(first.membership != other.membership)
        #expect(first.placement == other.placement, "placement draws nothing")
    }

    @Test("A crash is suspected within some periods, and dead one shortest suspicion later")
    func detects() throws {
        let size = MembershipScale(nodeCount: 10, seed: 3, lossSecondsMax: 1)
        // At most a round of all others, and the rest of the period (SWIM 4.3).
        #expect(size.firstSuspicions.greatest <= 500 * 10)
        #expect(size.firstSuspicions.mean < 3 * size.expectedBySWIM)
        #expect(size.firstDeaths.least >= size.firstSuspicions.least + size.shortestSuspicion)
        #expect(size.lastDeaths.mean < size.firstDeaths.mean + 1_000)
        #expect(try #require(size.bootTime) < 5_000)
        #expect(size.joins.greatest < 5_000)
    }

    @Test("Traffic of a node does not grow with the cluster (SWIM 3.1), and counts real bytes")
    func hasConstantLoad() {
        let small = MembershipScale(nodeCount: 6, seed: 1, lossSecondsMax: 1)
        let large = MembershipScale(nodeCount: 16, seed: 1, lossSecondsMax: 1)
        // A ping and an ack each half second, a digest each five.
        #expect(4_000...4_400 ~= small.datagrams && 4_000...4_400 ~= large.datagrams)
        #expect(large.datagramBytes < small.datagramBytes * 3 / 2)
        #expect(small.datagramBytes > 4 * 40)
    }

    @Test("Loss makes nodes doubt each other, and a network without loss does not")
    func countsDoubts() {
        var cluster = ScaleCluster(seed: 1, settings: MembershipSettings())
        for _ in 0..<8 { cluster.add() }
        cluster.run(for: .seconds(60))
        #expect(cluster.isComplete)
        #expect(cluster.falseVerdicts == ScaleCluster.FalseVerdicts())
        cluster.hasPeerLinks = false
        cluster.lossPercent = 40
        cluster.run(for: .seconds(60))
        #expect(cluster.falseVerdicts.suspicions > 0)
        cluster.lossPercent = 0
        #expect(
            cluster.time(until: { $0.isComplete }, step: .milliseconds(50), limit: .seconds(60))
                != nil, "what was wrong is put right")
    }

    @Test("A stopped node is buried by all and welcomed again with its next generation")
    func restarts() {
        var cluster = ScaleCluster(seed: 1, settings: MembershipSettings())
        for _ in 0..<8 { cluster.add() }
        cluster.run(for: .seconds(5))
        cluster.stop(3)
        #expect(!cluster.isComplete)
        cluster.run(for: .seconds(10))
        #expect(cluster.isBelieved(3, .dead) && cluster.isComplete)
        #expect(cluster.falseVerdicts.deaths == 0, "that one was really gone")
        cluster.restart(3)
        cluster.run(for: .seconds(5))
        #expect(cluster.isBelieved(3, .alive) && cluster.isComplete)
    }

    @Test("What moves is near what must, and nobody has far more than its share")
    func places() {
        let size = PlacementScale(nodeCount: 10, shardCount: 256)
        #expect(size.replicaPeak <= 1_060 && size.ownerPeak <= 1_080)
        #expect(size.movedOnJoin <= size.idealOnJoin * 3 / 2 && size.movedOnJoin > 0)
        #expect(size.movedOnLeave <= size.idealOnLeave * 3 / 2)
        #expect(size.movedOnLeave >= size.idealOnLeave)
    }
}
