import Determinism
package import Identity

/// Which nodes hold which shard: for every shard its replicas, the preferred owner first.
///
/// Invariant: no node twice in one shard.
package struct ShardMap: Hashable, Sendable {
    /// The replicas of each shard, by shard number.
    package let shards: [[NodeID]]

    package init(_ shards: [[NodeID]]) {
        self.shards = shards
    }

    /// How many shards there are.
    package var count: Int { shards.count }

    /// The replicas of `shard`, the preferred owner first; empty for a shard that does not exist.
    package func replicas(of shard: ShardID) -> [NodeID] {
        let position = Int(shard.rawValue)
        return position < shards.count ? shards[position] : []
    }

    /// Who should lead `shard`.
    package func preferredOwner(of shard: ShardID) -> NodeID? { replicas(of: shard).first }

    /// The shards that `node` holds, ascending.
    package func shards(on node: NodeID) -> [ShardID] {
        shards.indices.filter { shards[$0].contains(node) }.map { ShardID(UInt32($0)) }
    }

    /// How many replicas have to be made anew to get from this map to `other`.
    package func movedReplicas(to other: ShardMap) -> Int {
        zip(shards, other.shards).reduce(0) { sum, pair in
            sum + pair.1.count { !pair.0.contains($0) }
        }
    }

    /// The shard of `key`: the top bits of its hash. `shardCount` is a power of two.
    package static func shard(forKey key: [UInt8], shardCount: Int) -> ShardID {
        precondition(
            shardCount > 0 && shardCount & (shardCount - 1) == 0, "a power of two has whole bits")
        let bits = UInt64(shardCount.trailingZeroBitCount)
        guard bits > 0 else { return ShardID(0) }
        return ShardID(UInt32(truncatingIfNeeded: StableHash.of(key) >> (64 - bits)))
    }
}
