import Determinism
import Identity
import Placement
import Testing

@testable import Registry

@Suite("Reconciliation")
struct ReconcilerTests {
    private func propose(
        _ state: RegistryState, living: [Int], aliveFor: UInt64 = 3_600, deadFor: UInt64 = 0,
        held: Int? = nil, at seconds: UInt64 = 5_000
    ) -> [RegistryAction] {
        Reconciler.propose(
            state: state,
            observations: Sample.observations(
                living: living, of: state, aliveFor: aliveFor, deadFor: deadFor, held: held),
            at: Sample.time(seconds)
        ).map(\.action)
    }

    private func admit(_ number: Int, into state: inout RegistryState, zone: String = "") {
        let token = Sample.hash(UInt8(100 + number))
        _ = state.apply(
            RegistryCommand(
                at: Sample.time(2_000), .createToken(hash: token, expiry: Sample.time(9_000))))
        let outcome = state.apply(
            RegistryCommand(
                at: Sample.time(2_000),
                .admit(
                    tokenHash: token, requestID: MessageID(high: 3, low: UInt64(number)),
                    description: Sample.description(number, zone: zone))))
        #expect(outcome == .admitted(NodeID(UInt64(number))))
    }

    @Test("A settled cluster gets no proposals, whatever its size", arguments: 1...9)
    func settled(count: Int) {
        let state = Sample.cluster(count)
        #expect(propose(state, living: Array(1...count)).isEmpty)
        #expect(state.members.count == count)
    }

    @Test(
        "Shards have one replica below three members, then three (DESIGN 5)",
        arguments: [(1, 1), (2, 1), (3, 3), (4, 3), (5, 3)])
    func replicas(count: Int, expected: Int) {
        let state = Sample.cluster(count)
        #expect(state.shards.allSatisfy { $0.desired.count == expected })
    }

    @Test(
        "One node replicates the registry below three members, three below five, then five",
        arguments: [(1, 1), (2, 1), (3, 3), (4, 3), (5, 5), (9, 5)])
    func voterCount(count: Int, expected: Int) {
        #expect(Sample.cluster(count).registryGroup.desired.count == expected)
    }

    @Test("The first three come up at once, the fourth after it was stable for ten seconds")
    func arrival() {
        var state = Sample.cluster(2)
        admit(3, into: &state)
        #expect(propose(state, living: [1, 2, 3], aliveFor: 0) == [.memberUp(NodeID(3))])
        state = Sample.cluster(3)
        admit(4, into: &state)
        #expect(propose(state, living: [1, 2, 3, 4], aliveFor: 9).isEmpty)
        #expect(propose(state, living: [1, 2, 3, 4], aliveFor: 10) == [.memberUp(NodeID(4))])
        #expect(propose(state, living: [1, 2, 3], aliveFor: 10).isEmpty, "it has to be there")
    }

    @Test("When the third is up, everything gets three replicas and the first keeps its own")
    func growth() {
        var state = Sample.cluster(1)
        admit(2, into: &state)
        admit(3, into: &state)
        Sample.settle(&state, living: [1, 2, 3], at: Sample.time(2_001))
        #expect(
            state.shards.allSatisfy {
                $0.desired.map(\.node).sorted() == [NodeID(1), NodeID(2), NodeID(3)]
            })
        #expect(
            state.shards.allSatisfy { shard in shard.desired.allSatisfy { $0.incarnation == 1 } })
        #expect(Set(state.shards.map(\.desired[0].node)).count == 3, "owners are spread")
    }

    @Test("Two members wait a minute for a third before data is spread over them")
    func pair() {
        var state = Sample.cluster(1)
        admit(2, into: &state)
        _ = state.apply(RegistryCommand(at: Sample.time(2_000), .memberUp(NodeID(2))))
        #expect(propose(state, living: [1, 2], at: 2_059).isEmpty)
        guard case .setPlacement? = propose(state, living: [1, 2], at: 2_060).first else {
            Issue.record("after a minute it is spread")
            return
        }
    }

    @Test("A dead node is lost only after the grace period, and then its replicas are rebuilt")
    func loss() {
        var state = Sample.cluster(4, shards: 64)
        #expect(propose(state, living: [1, 2, 3], deadFor: 299).isEmpty)
        #expect(propose(state, living: [1, 2, 3], deadFor: 300) == [.markLost(NodeID(4))])
        Sample.settle(&state, living: [1, 2, 3], deadFor: 300, at: Sample.time(5_000))
        #expect(state.member(NodeID(4))?.standing == .lost)
        #expect(!state.isWanted(NodeID(4)))
        #expect(state.shards.allSatisfy { $0.desired.count == 3 })
    }

    @Test("Silence alone makes nobody lost")
    func silence() {
        let state = Sample.cluster(4)
        let seen = Sample.observations(living: [1, 2, 3], of: state).filter { $0.node != NodeID(4) }
        #expect(
            Reconciler.propose(state: state, observations: seen, at: Sample.time(9_000)).isEmpty)
    }

    @Test("One of three that is lost takes no replica with it: there is no better place")
    func lossOfThree() {
        var state = Sample.cluster(3)
        let before = state.shards
        let voters = state.registryGroup
        Sample.settle(&state, living: [1, 2], deadFor: 400, at: Sample.time(5_000))
        #expect(state.member(NodeID(3))?.standing == .lost)
        #expect(state.shards == before)
        #expect(state.registryGroup == voters)
        // It comes back, and nothing had to move.
        Sample.settle(&state, living: [1, 2, 3], at: Sample.time(6_000))
        #expect(state.member(NodeID(3))?.standing == .up)
        #expect(state.shards == before)
    }

    @Test("A lost third is replaced when a fourth joins")
    func replacement() {
        var state = Sample.cluster(3)
        Sample.settle(&state, living: [1, 2], deadFor: 400, at: Sample.time(5_000))
        admit(4, into: &state)
        Sample.settle(&state, living: [1, 2, 4], deadFor: 400, at: Sample.time(6_000))
        let expected = [NodeID(1), NodeID(2), NodeID(4)]
        #expect(state.shards.allSatisfy { $0.desired.map(\.node).sorted() == expected })
        #expect(state.registryGroup.desired.map(\.node).sorted() == expected)
    }

    @Test(
        "While more than a third is not alive, nothing is lost and nothing moves (DESIGN 5)",
        arguments: [(2, [1]), (3, [1]), (4, [1, 2]), (5, [1, 2, 3]), (9, [1, 2, 3, 4, 5])])
    func frozen(count: Int, living: [Int]) {
        var state = Sample.cluster(count)
        #expect(propose(state, living: living, deadFor: 10_000).isEmpty)
        let seen = Sample.observations(living: living, of: state, deadFor: 10_000)
        #expect(Reconciler.isFrozen(state: state, observations: seen))
        // Also what is due for another reason waits.
        _ = state.apply(RegistryCommand(at: Sample.time(2_000), .drain(NodeID(1))))
        #expect(propose(state, living: living, deadFor: 10_000).isEmpty)
    }

    @Test("Exactly a third is not more than a third")
    func notFrozen() {
        #expect(propose(Sample.cluster(3), living: [1, 2], deadFor: 300) == [.markLost(NodeID(3))])
        let lost = propose(Sample.cluster(9), living: [1, 2, 3, 4, 5, 6], deadFor: 300)
        #expect(lost == [.markLost(NodeID(7)), .markLost(NodeID(8)), .markLost(NodeID(9))])
    }

    @Test("A draining node gives everything away first, and leaves when it holds nothing")
    func draining() {
        var state = Sample.cluster(4, shards: 64)
        _ = state.apply(RegistryCommand(at: Sample.time(2_000), .drain(NodeID(2))))
        Sample.settle(&state, living: [1, 2, 3, 4], held: 12, at: Sample.time(2_001))
        #expect(!state.isWanted(NodeID(2)))
        #expect(state.member(NodeID(2))?.standing == .draining, "it still holds twelve")
        #expect(propose(state, living: [1, 2, 3, 4]).isEmpty, "nobody has told")
        Sample.settle(&state, living: [1, 2, 3, 4], held: 0, at: Sample.time(2_002))
        #expect(state.member(NodeID(2))?.standing == .left)
    }

    @Test(
        "Registry voters are stable, and a lost one is replaced by one that is alive, in another zone"
    )
    func voters() {
        var state = Sample.cluster(6, zones: 3)
        let five = state.registryGroup.desired.map(\.node)
        #expect(five.count == 5)
        _ = state.apply(RegistryCommand(at: Sample.time(2_000), .markLost(five[1])))
        let living = (1...6).filter { NodeID(UInt64($0)) != five[1] }
        Sample.settle(&state, living: living, at: Sample.time(2_001))
        let after = state.registryGroup.desired.map(\.node)
        #expect(after.count == 5)
        #expect(!after.contains(five[1]))
        #expect(five.filter { $0 != five[1] }.allSatisfy(after.contains))
        let three = Sample.cluster(4, zones: 3).registryGroup.desired
        #expect(Set(three.map { $0.node.rawValue % 3 }).count == 3)
        // Where there is a choice: the zone of the one that was lost, if somebody lives there.
        for (living, heir) in [([1, 3, 4, 5, 6, 7, 8], 7), ([1, 3, 4, 5, 6, 8], 6)] {
            var wide = Sample.cluster(8, zones: 5)
            #expect(wide.registryGroup.desired.map(\.node.rawValue).sorted() == [1, 2, 3, 4, 5])
            _ = wide.apply(RegistryCommand(at: Sample.time(2_000), .markLost(NodeID(2))))
            Sample.settle(&wide, living: living, at: Sample.time(2_001))
            let heirs = wide.registryGroup.desired.map(\.node.rawValue).filter { $0 > 5 }
            #expect(heirs == [UInt64(heir)])
        }
    }

    @Test("New registry voters are taken from other zones first")
    func voterZones() {
        var state = Sample.cluster(1)
        _ = state.apply(
            RegistryCommand(
                at: Sample.time(1_500), .describe(NodeID(1), Sample.description(1, zone: "a"))))
        for (number, zone) in [(2, "a"), (3, "b"), (4, "c")] {
            admit(number, into: &state, zone: zone)
        }
        Sample.settle(&state, living: [1, 2, 3, 4], at: Sample.time(2_001))
        #expect(state.registryGroup.desired.map(\.node) == [NodeID(1), NodeID(3), NodeID(4)])
    }

    @Test("From five voters to three, the dead go first")
    func fewerVoters() {
        var state = Sample.cluster(5)
        _ = state.apply(RegistryCommand(at: Sample.time(2_000), .drain(NodeID(5))))
        Sample.settle(&state, living: [2, 3, 4, 5], at: Sample.time(2_001))
        #expect(
            state.registryGroup.desired.map(\.node).sorted() == [NodeID(2), NodeID(3), NodeID(4)])
    }

    @Test("A changed weight or zone moves data, a changed address does not")
    func descriptions() {
        var state = Sample.cluster(4, shards: 64)
        var description = Sample.description(2)
        description.peerPort = 9_999
        _ = state.apply(RegistryCommand(at: Sample.time(2_000), .describe(NodeID(2), description)))
        #expect(propose(state, living: [1, 2, 3, 4]).isEmpty)
        description.weight = 50
        _ = state.apply(RegistryCommand(at: Sample.time(2_000), .describe(NodeID(2), description)))
        Sample.settle(&state, living: [1, 2, 3, 4], at: Sample.time(2_001))
        #expect(state.shardMap.shards(on: NodeID(2)).count < 40)
    }

    @Test("Proposals are a function of what is seen")
    func pure() {
        var state = Sample.cluster(5)
        admit(6, into: &state)
        _ = state.apply(RegistryCommand(at: Sample.time(2_000), .memberUp(NodeID(6))))
        let seen = Sample.observations(living: Array(1...6), of: state)
        let first = Reconciler.propose(state: state, observations: seen, at: Sample.time(3_000))
        let second = Reconciler.propose(
            state: state, observations: seen.reversed(), at: Sample.time(3_000))
        #expect(first == second && first.count == 1)
    }

    @Test("Nothing is proposed before there is a cluster")
    func empty() {
        #expect(
            Reconciler.propose(state: RegistryState(), observations: [], at: Sample.time(0)).isEmpty
        )
    }
}
