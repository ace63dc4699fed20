import Determinism
import Identity
import Testing

@testable import Placement

/// What a placement is judged by.
private struct Judgement {
    let loads: [NodeID: Int]
    let owners: [NodeID: Int]

    init(_ placed: [[NodeID]]) {
        var loads: [NodeID: Int] = [:]
        var owners: [NodeID: Int] = [:]
        for nodes in placed {
            for node in nodes { loads[node, default: 0] += 1 }
            if let first = nodes.first { owners[first, default: 0] += 1 }
        }
        self.loads = loads
        self.owners = owners
    }
}

private func nodes(_ numbers: some Sequence<Int>, zones: Int = 0) -> [PlacementMember] {
    numbers.map {
        PlacementMember(node: NodeID(UInt64($0)), zone: zones == 0 ? "" : "z\($0 % zones)")
    }
}

/// 105/100 of the average, rounded up.
private func bound(total: Int, nodes: Int) -> Int {
    (total * 105 + nodes * 100 - 1) / (nodes * 100)
}

/// The number of members and shards that every property is tried with.
private let sizes: [(Int, Int)] = {
    var sizes: [(Int, Int)] = []
    for members in [1, 2, 3, 4, 5, 6, 7, 8, 9, 16] {
        for shards in [1, 16, 64, 256] { sizes.append((members, shards)) }
    }
    return sizes + [(5, 1_024), (16, 1_024), (100, 256)]
}()

@Suite("Rendezvous placement")
struct RendezvousTests {
    @Test(
        "Every shard has its replicas, and no node has more than 105/100 of the average (DESIGN 5)",
        arguments: sizes)
    func boundedLoads(members: Int, shards: Int) {
        let factor = Rendezvous.replicationFactor(setting: 3, members: members)
        let placed = Rendezvous.place(
            members: nodes(1...members), shardCount: shards, replicationFactor: factor)
        #expect(placed.count == shards)
        #expect(placed.allSatisfy { $0.count == factor && Set($0).count == factor })
        let judgement = Judgement(placed)
        let most = bound(total: shards * factor, nodes: members)
        #expect((judgement.loads.values.max() ?? 0) <= most)
        let mostOwned = bound(total: shards, nodes: members)
        #expect((judgement.owners.values.max() ?? 0) <= mostOwned)
    }

    @Test(
        "A node that joins takes about its share, and almost nobody else receives", arguments: sizes
    )
    func joining(members: Int, shards: Int) {
        guard members >= 3, shards >= 64 else { return }
        let before = Rendezvous.place(
            members: nodes(1...members), shardCount: shards, replicationFactor: 3)
        let after = Rendezvous.place(
            members: nodes(1...members + 1), shardCount: shards, replicationFactor: 3,
            previous: before)
        let newcomer = NodeID(UInt64(members + 1))
        let moved = ShardMap(before).movedReplicas(to: ShardMap(after))
        let received = Judgement(after).loads[newcomer] ?? 0
        let share = shards * 3 / (members + 1)
        #expect(received * 100 >= share * 90 && received * 100 <= share * 106 + 100)
        // With a hundred nodes a replica more or less is a large part of a node's load.
        let spare = members > 16 ? received * 2 : max(2, moved / 10)
        #expect(moved - received <= spare, "others received \(moved - received)")
        let most = bound(total: shards * 3, nodes: members + 1)
        #expect((Judgement(after).loads.values.max() ?? 0) <= most)
        let mostOwned = bound(total: shards, nodes: members + 1)
        #expect((Judgement(after).owners.values.max() ?? 0) <= mostOwned)
    }

    @Test("The table of how well it balances: replicas and owners to the average, moved by a join")
    func table() {
        let rows = [(64, 9), (256, 5), (256, 16), (1_024, 16)].map { shards, members in
            let placed = Rendezvous.place(
                members: nodes(1...members), shardCount: shards, replicationFactor: 3)
            let joined = Rendezvous.place(
                members: nodes(1...members + 1), shardCount: shards, replicationFactor: 3,
                previous: placed)
            let judgement = Judgement(placed)
            let most = (judgement.loads.values.max() ?? 0) * members * 100 / (shards * 3)
            let mostOwned = (judgement.owners.values.max() ?? 0) * members * 100 / shards
            let moved = ShardMap(placed).movedReplicas(to: ShardMap(joined)) * 1_000 / (shards * 3)
            return "\(shards) shards, \(members) nodes: \(most) % \(mostOwned) % \(moved)/1000"
        }
        #expect(
            rows == [
                "64 shards, 9 nodes: 107 % 112 % 93/1000",
                "256 shards, 5 nodes: 105 % 105 % 157/1000",
                "256 shards, 16 nodes: 106 % 106 % 54/1000",
                "1024 shards, 16 nodes: 104 % 106 % 55/1000",
            ])
    }

    @Test("When a node leaves, little more than what it had moves", arguments: sizes)
    func leaving(members: Int, shards: Int) {
        guard members >= 4, shards >= 64 else { return }
        let before = Rendezvous.place(
            members: nodes(1...members), shardCount: shards, replicationFactor: 3)
        let after = Rendezvous.place(
            members: nodes(2...members), shardCount: shards, replicationFactor: 3,
            previous: before)
        let had = Judgement(before).loads[NodeID(1)] ?? 0
        let moved = ShardMap(before).movedReplicas(to: ShardMap(after))
        #expect(moved >= had && moved <= had + max(2, had / 10))
        #expect((Judgement(after).loads[NodeID(1)] ?? 0) == 0)
        let most = bound(total: shards * 3, nodes: members - 1)
        #expect((Judgement(after).loads.values.max() ?? 0) <= most)
    }

    @Test("Placing again what is placed changes nothing", arguments: sizes)
    func fixpoint(members: Int, shards: Int) {
        let factor = Rendezvous.replicationFactor(setting: 3, members: members)
        for zones in [0, 3] {
            let cluster = nodes(1...members, zones: zones)
            let once = Rendezvous.place(
                members: cluster, shardCount: shards, replicationFactor: factor)
            let twice = Rendezvous.place(
                members: cluster, shardCount: shards, replicationFactor: factor, previous: once)
            #expect(once == twice)
        }
    }

    @Test("The result does not depend on the order of the members")
    func order() {
        let forwards = Rendezvous.place(
            members: nodes(1...9, zones: 3), shardCount: 256, replicationFactor: 3)
        let backwards = Rendezvous.place(
            members: nodes((1...9).reversed(), zones: 3), shardCount: 256, replicationFactor: 3)
        #expect(forwards == backwards)
    }

    @Test("The function is specified: its values never change")
    func golden() {
        let placed = Rendezvous.place(
            members: nodes(1...5), shardCount: 256, replicationFactor: 3)
        var bytes: [UInt8] = []
        for shard in placed { for node in shard { bytes.append(UInt8(node.rawValue)) } }
        #expect(StableHash.of(bytes) == 1_482_642_013_990_970_820)
        #expect(ShardMap.shard(forKey: Array("chaticket".utf8), shardCount: 256) == ShardID(188))
    }

    @Test(
        "With enough zones the replicas of a shard are in different ones",
        arguments: [3, 4, 5, 6, 7, 8, 9, 16])
    func zones(members: Int) {
        for shards in [1, 64, 256] {
            let cluster = nodes(1...members, zones: 3)
            let placed = Rendezvous.place(
                members: cluster, shardCount: shards, replicationFactor: 3)
            #expect(placed.allSatisfy { Set($0.map { $0.rawValue % 3 }).count == 3 })
            // The bound is that of the smallest zone, which holds a replica of every shard.
            let most = bound(total: shards, nodes: members / 3)
            #expect((Judgement(placed).loads.values.max() ?? 0) <= most)
        }
    }

    @Test("Zones that appear later separate what shares one")
    func zonesAppear() {
        let before = Rendezvous.place(
            members: nodes(1...6), shardCount: 64, replicationFactor: 3)
        let after = Rendezvous.place(
            members: nodes(1...6, zones: 3), shardCount: 64, replicationFactor: 3,
            previous: before)
        #expect(after.allSatisfy { Set($0.map { $0.rawValue % 3 }).count == 3 })
    }

    @Test("Two zones are not enough for three replicas, and do not keep a shard from having them")
    func tooFewZones() {
        let placed = Rendezvous.place(
            members: nodes(1...4, zones: 2), shardCount: 64, replicationFactor: 3)
        #expect(placed.allSatisfy { $0.count == 3 })
    }

    @Test("A node of twice the weight gets twice the replicas")
    func weights() {
        var cluster = nodes(1...5)
        cluster[0] = PlacementMember(node: NodeID(1), weight: 200)
        let loads = Judgement(
            Rendezvous.place(members: cluster, shardCount: 1_024, replicationFactor: 3)
        ).loads
        let double = loads[NodeID(1)] ?? 0
        #expect((950...1_024).contains(double), "\(double)")
        #expect((2...5).allSatisfy { (loads[NodeID($0)] ?? 0) < 540 })
    }

    @Test("Growing from one member to three keeps the first as a replica of everything")
    func growing() {
        let alone = Rendezvous.place(members: nodes(1...1), shardCount: 64, replicationFactor: 1)
        #expect(alone.allSatisfy { $0 == [NodeID(1)] })
        let three = Rendezvous.place(
            members: nodes(1...3), shardCount: 64, replicationFactor: 3, previous: alone)
        #expect(three.allSatisfy { Set($0) == Set([NodeID(1), NodeID(2), NodeID(3)]) })
        let owners = Judgement(three).owners
        #expect((1...3).allSatisfy { (20...23).contains(owners[NodeID($0)] ?? 0) })
    }

    @Test("Nobody holds anything when nobody is there")
    func nobody() {
        #expect(Rendezvous.place(members: [], shardCount: 2, replicationFactor: 3) == [[], []])
    }

    @Test(
        "Below three members there is one replica, and never an even number (DESIGN 5)",
        arguments: [
            (3, 1, 1), (3, 2, 1), (3, 3, 3), (3, 9, 3), (5, 3, 3), (5, 4, 3), (5, 5, 5), (1, 9, 1),
            (7, 6, 5),
        ])
    func factor(setting: Int, members: Int, expected: Int) {
        #expect(Rendezvous.replicationFactor(setting: setting, members: members) == expected)
    }

    @Test("A cost is the logarithm of the hash: half of all costs are below one bit")
    func costs() {
        let one: UInt64 = (1 << 40) / 100
        let cheap = (0..<4_096).count {
            Rendezvous.cost(shard: $0, node: NodeID(7), weight: 100) < one
        }
        #expect((1_950...2_150).contains(cheap))
    }

    @Test(
        "Keys go to shards by the top bits of their hash, and a doubling splits each shard in two")
    func keys() {
        var counts = Array(repeating: 0, count: 64)
        for number in 0..<6_400 {
            let key = Array("chat \(number)".utf8)
            let shard = ShardMap.shard(forKey: key, shardCount: 64)
            counts[Int(shard.rawValue)] += 1
            let finer = ShardMap.shard(forKey: key, shardCount: 128)
            #expect(finer.rawValue / 2 == shard.rawValue)
            #expect(UInt64(shard.rawValue) == StableHash.of(key) >> 58)
            #expect(ShardMap.shard(forKey: key, shardCount: 1) == ShardID(0))
        }
        #expect((counts.min() ?? 0) > 60 && (counts.max() ?? 0) < 140)
    }

    @Test("A map answers who holds what")
    func map() {
        let map = ShardMap([[NodeID(1), NodeID(2)], [NodeID(2)]])
        #expect(map.preferredOwner(of: ShardID(0)) == NodeID(1))
        #expect(map.replicas(of: ShardID(2)).isEmpty)
        #expect(map.shards(on: NodeID(2)) == [ShardID(0), ShardID(1)])
        let other = ShardMap([[NodeID(2), NodeID(3)], [NodeID(2)]])
        #expect(map.movedReplicas(to: other) == 1)
    }
}
