import Benchmark
import Determinism
import Identity
import Placement

func placementBenchmarks() {
    let members = (1...9).map { PlacementMember(node: NodeID(UInt64($0)), zone: "z\($0 % 3)") }
    let placed = Rendezvous.place(members: members, shardCount: 256, replicationFactor: 3)
    let map = ShardMap(placed)

    measure("placement-owner-of-a-chat", prepare: { map }) { map, count in
        for number in 0..<count {
            let key = ChatID(high: 7, low: UInt64(number)).bytes
            blackHole(map.preferredOwner(of: ShardMap.shard(forKey: key, shardCount: 256)))
        }
    }
    let newcomer = PlacementMember(node: NodeID(10), zone: "z1")
    measure(
        "placement-of-256-shards-on-10-nodes", scale: .one, prepare: { members + [newcomer] }
    ) { members, _ in
        blackHole(
            Rendezvous.place(
                members: members, shardCount: 256, replicationFactor: 3, previous: placed))
    }
}
