internal import Identity
internal import Placement

/// How evenly shards are placed on so many nodes, and how much moves when a node comes or goes.
/// Shares are in thousandths.
package struct PlacementScale: Hashable, Sendable {
    /// How many nodes, all alike.
    package let nodeCount: Int
    /// How many shards, of three replicas each.
    package let shardCount: Int
    /// The most replicas on a node, relative to the mean.
    package let replicaPeak: UInt64
    /// The most shards that a node is the preferred owner of, relative to the mean.
    package let ownerPeak: UInt64
    /// The share of all replicas that are made anew when one node joins.
    package let movedOnJoin: UInt64
    /// The least share that could: that of the new node.
    package let idealOnJoin: UInt64
    /// The share of all replicas that are made anew when one node leaves.
    package let movedOnLeave: UInt64
    /// The least share that could: what the node had.
    package let idealOnLeave: UInt64

    private static let replicas = 3

    /// Places `shardCount` shards, lets a node join, and instead lets one leave.
    package init(nodeCount: Int, shardCount: Int) {
        self.nodeCount = nodeCount
        self.shardCount = shardCount
        let nodes = (1...nodeCount + 1).map { PlacementMember(node: NodeID(UInt64($0))) }
        let members = Array(nodes.prefix(nodeCount))
        func map(_ members: [PlacementMember], after previous: ShardMap?) -> ShardMap {
            ShardMap(
                Rendezvous.place(
                    members: members, shardCount: shardCount, replicationFactor: Self.replicas,
                    previous: previous?.shards ?? []))
        }
        let first = map(members, after: nil)
        let total = UInt64(shardCount * Self.replicas)
        var replicas = Array(repeating: UInt64(0), count: nodeCount)
        var owners = replicas
        for shard in first.shards {
            for (rank, node) in shard.enumerated() {
                replicas[Int(node.rawValue) - 1] += 1
                if rank == 0 { owners[Int(node.rawValue) - 1] += 1 }
            }
        }
        let count = UInt64(nodeCount)
        replicaPeak = (replicas.max() ?? 0) * count * 1_000 / total
        ownerPeak = (owners.max() ?? 0) * count * 1_000 / UInt64(shardCount)
        let joined = map(nodes, after: first)
        movedOnJoin = UInt64(first.movedReplicas(to: joined)) * 1_000 / total
        idealOnJoin = 1_000 / (count + 1)
        // The node in the middle, which is like any other.
        let leaver = nodeCount / 2
        let left = map(members.filter { $0.node != members[leaver].node }, after: first)
        movedOnLeave = UInt64(first.movedReplicas(to: left)) * 1_000 / total
        idealOnLeave = replicas[leaver] * 1_000 / total
    }
}
