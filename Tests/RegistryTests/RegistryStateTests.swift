import Determinism
import Identity
import Placement
import Testing

@testable import Registry

/// What the tests of this room build clusters with.
enum Sample {
    static let start: UInt64 = 1_700_000_000_000

    static func time(_ seconds: UInt64) -> WallTime {
        WallTime(milliseconds: start + seconds * 1_000)
    }

    static func hash(_ number: UInt8) -> [UInt8] { Array(repeating: number, count: 32) }

    static func description(_ number: Int, zone: String = "") -> MemberDescription {
        MemberDescription(
            name: "node-\(number)", zone: zone, host: "10.0.0.\(number)", gossipPort: 7_000,
            peerPort: 7_001, clientURL: "http://10.0.0.\(number):8080")
    }

    static func origin(shards: Int = 16) -> RegistryOrigin {
        RegistryOrigin(
            clusterID: ClusterID(high: 1, low: 2), shardCount: shards, first: description(1),
            publicRooms: [
                PublicRoom(chat: ChatID(high: 1, low: 1), name: "lobby", fullName: "The lobby"),
                PublicRoom(chat: ChatID(high: 1, low: 2), name: "help", fullName: "Questions"),
            ])
    }

    /// A cluster of `count` members, all up, placed by the reconciler.
    static func cluster(_ count: Int, shards: Int = 16, zones: Int = 0) -> RegistryState {
        var state = RegistryState()
        var origin = origin(shards: shards)
        if zones > 0 { origin.first.zone = "z1" }
        _ = state.apply(RegistryCommand(at: time(0), .initialise(origin)))
        for number in 2..<max(2, count + 1) {
            let token = hash(UInt8(number))
            _ = state.apply(
                RegistryCommand(at: time(0), .createToken(hash: token, expiry: time(600))))
            _ = state.apply(
                RegistryCommand(
                    at: time(0),
                    .admit(
                        tokenHash: token, requestID: MessageID(high: 9, low: UInt64(number)),
                        description: description(
                            number, zone: zones > 0 ? "z\(number % zones)" : ""))))
            _ = state.apply(
                RegistryCommand(at: time(0), .memberUp(NodeID(UInt64(number)))))
        }
        settle(&state, living: Array(1...count), at: time(1_000))
        return state
    }

    static func observations(
        living: [Int], of state: RegistryState, aliveFor: UInt64 = 3_600, deadFor: UInt64 = 0,
        held: Int? = nil
    ) -> [MemberObservation] {
        state.members.map { member in
            MemberObservation(
                node: member.node,
                liveness: living.contains(Int(member.node.rawValue))
                    ? .alive(for: .seconds(aliveFor)) : .dead(for: .seconds(deadFor)),
                heldReplicas: held)
        }
    }

    /// Reconciles until nothing is proposed any more.
    static func settle(
        _ state: inout RegistryState, living: [Int], deadFor: UInt64 = 0, held: Int? = nil,
        at wall: WallTime
    ) {
        for _ in 0..<20 {
            let commands = Reconciler.propose(
                state: state,
                observations: observations(
                    living: living, of: state, deadFor: deadFor, held: held), at: wall)
            guard !commands.isEmpty else { return }
            for command in commands { _ = state.apply(command) }
            state.checkInvariants()
        }
    }
}

@Suite("The registry's state")
struct RegistryStateTests {
    /// Applies outside of `#expect`, which cannot take mutating calls.
    private func apply(
        _ state: inout RegistryState, _ action: RegistryAction, at seconds: UInt64 = 1
    ) -> RegistryOutcome {
        let outcome = state.apply(RegistryCommand(at: Sample.time(seconds), action))
        state.checkInvariants()
        return outcome
    }

    @Test("The first command makes a cluster of one, with every group's origin written down")
    func initialise() {
        var state = RegistryState()
        let early = apply(&state, .drain(NodeID(1)))
        #expect(early == .refused(.notInitialised))
        #expect(state.epoch == .zero)
        let first = apply(&state, .initialise(Sample.origin()))
        #expect(first == .done)
        #expect(state.clusterID == ClusterID(high: 1, low: 2))
        #expect(state.shardCount == 16)
        #expect(state.shards.allSatisfy { $0.initial == [ReplicaID(node: NodeID(1))] })
        #expect(state.registryGroup.desired == [ReplicaID(node: NodeID(1))])
        #expect(state.member(NodeID(1))?.standing == .up)
        #expect(state.publicRooms.map(\.name) == ["lobby", "help"])
        #expect(state.epoch == RegistryEpoch(1))
        let again = apply(&state, .initialise(Sample.origin(shards: 64)))
        #expect(again == .refused(.alreadyInitialised))
        #expect(state.shardCount == 16)
    }

    @Test(
        "A shard count that is no power of two, or too high, is refused",
        arguments: [0, 3, 8_192, -4])
    func shardCount(count: Int) {
        var state = RegistryState()
        let outcome = apply(&state, .initialise(Sample.origin(shards: count)))
        #expect(outcome == .refused(.invalid(field: "shardCount")))
        #expect(state.clusterID == nil)
    }

    @Test("A token admits once, and a repeated request gets the same node id")
    func admission() {
        var state = Sample.cluster(1)
        _ = apply(&state, .createToken(hash: Sample.hash(1), expiry: Sample.time(5_000)), at: 2_000)
        func admit(_ request: UInt64, _ hash: UInt8, at seconds: UInt64 = 2_000) -> RegistryOutcome
        {
            apply(
                &state,
                .admit(
                    tokenHash: Sample.hash(hash), requestID: MessageID(high: 5, low: request),
                    description: Sample.description(2)), at: seconds)
        }
        let first = admit(1, 1)
        #expect(first == .admitted(NodeID(2)))
        let epoch = state.epoch
        let repeated = admit(1, 1)
        #expect(repeated == .admitted(NodeID(2)))
        #expect(state.epoch == epoch, "a repetition changes nothing")
        let other = admit(2, 1)
        #expect(other == .refused(.tokenUsed))
        let unknown = admit(2, 7)
        #expect(unknown == .refused(.tokenUnknown))
        #expect(state.member(NodeID(2))?.standing == .joining)
        #expect(state.members.count == 2)
    }

    @Test("An expired token is refused, also when the proposer's clock steps back")
    func expiry() {
        var state = Sample.cluster(1)
        _ = apply(&state, .createToken(hash: Sample.hash(1), expiry: Sample.time(2_000)), at: 1_500)
        let admission = RegistryAction.admit(
            tokenHash: Sample.hash(1), requestID: MessageID(high: 5, low: 5),
            description: Sample.description(2))
        let late = apply(&state, admission, at: 2_000)
        #expect(late == .refused(.tokenExpired))
        let backwards = apply(&state, admission, at: 1_600)
        #expect(backwards == .refused(.tokenExpired))
        let born = apply(
            &state, .createToken(hash: Sample.hash(2), expiry: Sample.time(1_900)), at: 1_700)
        #expect(born == .refused(.tokenExpired))
        // A day later nobody knows it any more.
        _ = apply(
            &state, .createToken(hash: Sample.hash(3), expiry: Sample.time(200_000)), at: 90_000)
        let forgotten = apply(&state, admission, at: 90_000)
        #expect(forgotten == .refused(.tokenUnknown))
    }

    @Test("Tokens are limited")
    func tokenLimit() {
        var state = Sample.cluster(1)
        var outcome = RegistryOutcome.done
        for number in 0..<300 {
            var hash = Sample.hash(1)
            hash[0] = UInt8(number % 256)
            hash[1] = UInt8(number / 256)
            outcome = apply(&state, .createToken(hash: hash, expiry: Sample.time(9_999)), at: 1_000)
        }
        #expect(outcome == .refused(.full(max: 256)))
        #expect(state.tokens.count == 256)
    }

    @Test("Standings change only along their arrows")
    func standings() {
        var state = Sample.cluster(3)
        let unknown = apply(&state, .drain(NodeID(9)))
        #expect(unknown == .refused(.memberUnknown(NodeID(9))))
        let early = apply(&state, .leave(NodeID(3)))
        #expect(early == .refused(.stillWanted(NodeID(3))))
        let remove = apply(&state, .remove(NodeID(3)))
        #expect(remove == .refused(.wrongStanding(NodeID(3), .up)))
        let drain = apply(&state, .drain(NodeID(3)))
        #expect(drain == .done)
        let twice = apply(&state, .drain(NodeID(3)))
        #expect(twice == .unchanged)
        let back = apply(&state, .memberUp(NodeID(3)))
        #expect(back == .done)
        let lost = apply(&state, .markLost(NodeID(3)))
        #expect(lost == .done)
        let drainLost = apply(&state, .drain(NodeID(3)))
        #expect(drainLost == .refused(.wrongStanding(NodeID(3), .lost)))
    }

    @Test("The last member cannot be drained")
    func lastMember() {
        var state = Sample.cluster(1)
        let outcome = apply(&state, .drain(NodeID(1)))
        #expect(outcome == .refused(.lastMember))
    }

    @Test("A removed id is refused for ever and never given out again")
    func removal() {
        var state = Sample.cluster(4)
        _ = apply(&state, .markLost(NodeID(4)), at: 2_000)
        Sample.settle(&state, living: [1, 2, 3], at: Sample.time(3_000))
        let outcome = apply(&state, .remove(NodeID(4)), at: 3_000)
        #expect(outcome == .done)
        #expect(state.isRemoved(NodeID(4)))
        #expect(!state.isRemoved(NodeID(3)) && !state.isRemoved(NodeID(5)))
        let up = apply(&state, .memberUp(NodeID(4)), at: 3_000)
        #expect(up == .refused(.memberUnknown(NodeID(4))))
        _ = apply(
            &state, .createToken(hash: Sample.hash(200), expiry: Sample.time(9_000)), at: 3_000)
        let admitted = apply(
            &state,
            .admit(
                tokenHash: Sample.hash(200), requestID: MessageID(high: 7, low: 7),
                description: Sample.description(4)), at: 3_000)
        #expect(admitted == .admitted(NodeID(5)))
    }

    @Test("The only holder of a shard is not removed")
    func onlyHolder() {
        var state = Sample.cluster(1)
        _ = apply(&state, .markLost(NodeID(1)))
        let outcome = apply(&state, .remove(NodeID(1)))
        #expect(outcome == .refused(.stillWanted(NodeID(1))))
    }

    @Test("A placement computed from an older registry is void")
    func stalePlacement() {
        var state = Sample.cluster(3)
        let before = state.epoch
        _ = apply(&state, .drain(NodeID(3)))
        let wanted = Array(repeating: [NodeID(1)], count: 16)
        let outcome = apply(
            &state, .setPlacement(expected: before, placedFor: 1, shards: wanted))
        #expect(outcome == .refused(.stale(current: state.epoch)))
        let voters = apply(&state, .setRegistryVoters(expected: before, nodes: [NodeID(1)]))
        #expect(voters == .refused(.stale(current: state.epoch)))
    }

    @Test(
        "An impossible placement is refused",
        arguments: [
            [[1]], [[1], []], [[1, 1], [1]], [[9], [1]], [[1, 2, 3, 4, 5, 6, 7, 8], [1]],
            [[1], [1], [1]],
        ])
    func impossiblePlacement(nodes: [[UInt64]]) {
        var state = Sample.cluster(3, shards: 2)
        let wanted = nodes.map { $0.map { NodeID($0) } }
        let outcome = apply(
            &state, .setPlacement(expected: state.epoch, placedFor: 1, shards: wanted))
        #expect(outcome == .refused(.invalid(field: "shards")))
    }

    @Test("A node that is given a shard again is another replica; one that keeps it stays the same")
    func replicaIncarnations() {
        var state = Sample.cluster(3, shards: 1)
        func place(_ nodes: [UInt64]) -> [ReplicaID] {
            _ = apply(
                &state,
                .setPlacement(
                    expected: state.epoch, placedFor: 1, shards: [nodes.map { NodeID($0) }]))
            return state.shards[0].desired
        }
        let start = place([1, 2, 3])
        #expect(start.allSatisfy { $0.incarnation == 1 })
        #expect(place([2, 1]).map(\.incarnation) == [1, 1])
        #expect(
            place([3, 1]) == [
                ReplicaID(node: NodeID(3), incarnation: 2), ReplicaID(node: NodeID(1)),
            ])
        #expect(place([2]) == [ReplicaID(node: NodeID(2), incarnation: 2)])
        #expect(place([1, 2, 3]).map(\.incarnation) == [2, 2, 3])
        #expect(state.shards[0].initial == [ReplicaID(node: NodeID(1))], "the origin never changes")
    }

    @Test("Settings and descriptions are checked")
    func changes() {
        var state = Sample.cluster(1)
        var settings = state.settings
        settings.replicationFactor = 4
        let even = apply(&state, .changeSettings(settings))
        #expect(even == .refused(.invalid(field: "settings")))
        settings.replicationFactor = 5
        let odd = apply(&state, .changeSettings(settings))
        #expect(odd == .done)
        var description = Sample.description(1)
        description.clientURL = String(repeating: "x", count: 513)
        let long = apply(&state, .describe(NodeID(1), description))
        #expect(long == .refused(.invalid(field: "description")))
        let same = apply(&state, .describe(NodeID(1), Sample.description(1)))
        #expect(same == .unchanged)
    }

    @Test("The epoch grows with every change and with nothing else")
    func epochs() {
        var state = Sample.cluster(3)
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<2_000 {
            let before = state
            let outcome = apply(&state, randomAction(&generator, state))
            switch outcome {
            case .done: #expect(state.epoch == before.epoch.next)
            case .admitted(let node):
                #expect(
                    state.epoch == (before.member(node) == nil ? before.epoch.next : before.epoch))
            case .unchanged, .refused:
                var sameTime = before
                sameTime.time = state.time
                #expect(state == sameTime)
            }
        }
        // What is so already is no change.
        var settled = Sample.cluster(4)
        #expect(apply(&settled, .drain(NodeID(4))) == .done)
        let before = settled.epoch
        #expect(apply(&settled, .drain(NodeID(4))) == .unchanged)
        #expect(settled.epoch == before)
    }

    private func randomAction(
        _ generator: inout SeededGenerator, _ state: RegistryState
    ) -> RegistryAction {
        let node = NodeID(generator.next(upperBound: 8))
        switch generator.next(upperBound: UInt64(9)) {
        case 0:
            return .createToken(
                hash: Sample.hash(UInt8(generator.next(upperBound: UInt64(9)))),
                expiry: Sample.time(generator.next(upperBound: 4_000)))
        case 1:
            return .admit(
                tokenHash: Sample.hash(UInt8(generator.next(upperBound: UInt64(9)))),
                requestID: MessageID(high: 1, low: generator.next(upperBound: 12)),
                description: Sample.description(2))
        case 2: return .memberUp(node)
        case 3: return .drain(node)
        case 4: return .leave(node)
        case 5: return .markLost(node)
        case 6: return .remove(node)
        case 7:
            let shards = (0..<16).map { _ in
                (0...Int(generator.next(upperBound: UInt64(2)))).map { _ in
                    NodeID(generator.next(upperBound: 6))
                }
            }
            return .setPlacement(expected: state.epoch, placedFor: 3, shards: shards)
        default:
            return .setRegistryVoters(expected: state.epoch, nodes: [node])
        }
    }
}
