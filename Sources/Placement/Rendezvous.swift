import Determinism
package import Identity

/// Rendezvous placement (highest random weight, Thaler and Ravishankar 1998) with bounded loads
/// (Mirrokni, Thorup, Zadimoghaddam 2018) and zones.
///
/// Every pair of shard and node has a fixed pseudo-random cost; a shard wants the nodes that are
/// cheapest for it. Three things may overrule this: replicas of a shard are in different zones
/// where there are enough; no node has more than 105/100 of its fair share, rounded up; and what is
/// placed already stays, unless the first two rules forbid it or a node has less than 95/100 of its
/// fair share. So a node that joins takes about its share, of what wants it the most, and is almost
/// the only one that receives anything; and little more than what a leaving node had moves.
///
/// A zone with too few nodes still has to hold its part of every shard: then the fair share of its
/// nodes, and with it their bound, is higher than the average of all.
package enum Rendezvous {
    /// How many replicas a shard has: at most `setting` and as many as there are members, and odd,
    /// because an even number costs more and survives no more; so one below three members.
    package static func replicationFactor(setting: Int, members: Int) -> Int {
        let factor = max(1, min(setting, members))
        return factor % 2 == 1 ? factor : factor - 1
    }

    /// Places `replicationFactor` replicas of each of `shardCount` shards on `members`, starting
    /// from `previous` (empty for the first time). The first replica of each shard is its preferred
    /// owner, and these are balanced too. The same arguments give the same result, in whatever
    /// order the members are. O(shards * members * replicas).
    package static func place(
        members: [PlacementMember], shardCount: Int, replicationFactor: Int,
        previous: [[NodeID]] = []
    ) -> [[NodeID]] {
        precondition(shardCount > 0 && replicationFactor > 0, "something has to be placed")
        guard !members.isEmpty else { return Array(repeating: [], count: shardCount) }
        var plan = PlacementPlan(
            members: members, shardCount: shardCount,
            replicas: min(replicationFactor, members.count), previous: previous)
        plan.repairZones()
        plan.fill()
        plan.level()
        return plan.ordered(previous: previous)
    }

    /// What it costs to put `shard` on `node`: -log2 of a uniform hash, divided by the weight, so
    /// that a node is cheapest with a probability in proportion to its weight.
    static func cost(shard: Int, node: NodeID, weight: UInt16) -> UInt64 {
        let hash = max(1, StableHash.of(node.rawValue, seed: StableHash.of(UInt64(shard))))
        let zeros = hash.leadingZeroBitCount
        // The mantissa in 1.63 fixed point; squaring it yields the bits of its logarithm.
        var mantissa = hash << UInt64(zeros)
        var fraction: UInt64 = 0
        for _ in 0..<fractionBits {
            let square = mantissa.multipliedFullWidth(by: mantissa)
            fraction <<= 1
            if square.high >> 63 == 1 {
                fraction |= 1
                mantissa = square.high
            } else {
                mantissa = square.high << 1 | square.low >> 63
            }
        }
        let logarithm = (UInt64(zeros) + 1) << fractionBits - fraction
        return logarithm << 16 / UInt64(max(1, weight))
    }

    private static let fractionBits: UInt64 = 24
}
