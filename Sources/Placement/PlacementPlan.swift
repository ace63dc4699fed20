import Identity

/// A placement in the making. Nodes are positions in `members`, which is sorted by node.
///
/// Invariants: 1. `loads[n]` is how many shards hold `n`. 2. No node twice in a shard. 3. At most
/// `replicas` nodes in a shard.
struct PlacementPlan {
    /// By node.
    let members: [PlacementMember]
    /// How many replicas each shard gets.
    let replicas: Int
    /// The zone of each node, as a number.
    let zones: [Int]
    /// Whether replicas of a shard must be in different zones: there are enough zones.
    let isZoned: Bool
    /// The cost of each shard on each node.
    let costs: [[UInt64]]
    /// The fair share of each node, in units of ``LoadTarget/unit``.
    let shares: [UInt64]
    /// The nodes of each shard, in no particular order.
    private(set) var placed: [[Int]]
    /// How many replicas each node has.
    private(set) var loads: [Int]

    /// Starts from what is left of `previous`.
    init(members: [PlacementMember], shardCount: Int, replicas: Int, previous: [[NodeID]]) {
        let members = members.sorted { $0.node < $1.node }
        precondition(
            zip(members, members.dropFirst()).allSatisfy { $0.node != $1.node }, "listed once")
        self.members = members
        self.replicas = replicas
        let names = members.map(\.zone).reduce(into: [String]()) { names, name in
            if !names.contains(name) { names.append(name) }
        }
        zones = members.map { member in names.firstIndex(of: member.zone) ?? 0 }
        isZoned = replicas > 1 && names.count >= replicas
        costs = (0..<shardCount).map { shard in
            members.map { Rendezvous.cost(shard: shard, node: $0.node, weight: $0.weight) }
        }
        shares = Self.fairShares(
            members: members, zones: zones, zoneCount: names.count, isZoned: isZoned,
            shardCount: shardCount, replicas: replicas)
        placed = Array(repeating: [], count: shardCount)
        loads = Array(repeating: 0, count: members.count)
        for (shard, nodes) in previous.prefix(shardCount).enumerated() {
            for node in nodes {
                guard let place = Self.position(of: node, in: members) else { continue }
                if placed[shard].count < replicas, !placed[shard].contains(place) {
                    placed[shard].append(place)
                    loads[place] += 1
                }
            }
        }
    }

    private static func position(of node: NodeID, in members: [PlacementMember]) -> Int? {
        var low = 0
        var high = members.count
        while low < high {
            let middle = (low + high) / 2
            if members[middle].node < node { low = middle + 1 } else { high = middle }
        }
        return low < members.count && members[low].node == node ? low : nil
    }

    /// Shares first among zones, which hold at most one replica of a shard each, then among the
    /// nodes of each zone.
    private static func fairShares(
        members: [PlacementMember], zones: [Int], zoneCount: Int, isZoned: Bool, shardCount: Int,
        replicas: Int
    ) -> [UInt64] {
        let whole = UInt64(shardCount) * LoadTarget.unit
        let total = whole * UInt64(replicas)
        let weights = members.map { UInt64(max(1, $0.weight)) }
        guard isZoned else {
            return LoadTarget.shares(
                of: total, weights: weights, limits: members.map { _ in whole })
        }
        var zoneWeights: [UInt64] = Array(repeating: 0, count: zoneCount)
        for (place, zone) in zones.enumerated() { zoneWeights[zone] += weights[place] }
        let zoneShares = LoadTarget.shares(
            of: total, weights: zoneWeights, limits: zoneWeights.map { _ in whole })
        return zones.enumerated().map { place, zone in
            zoneShares[zone] * weights[place] / zoneWeights[zone]
        }
    }

    // MARK: Steps

    /// Separates replicas that share a zone although there are enough zones.
    mutating func repairZones() {
        guard isZoned else { return }
        for shard in placed.indices {
            while let crowded = placed[shard].filter({ place in
                placed[shard].contains { $0 != place && zones[$0] == zones[place] }
            }).max(by: { isCheaper($0, $1, shard) }) {
                drop(shard, crowded)
            }
        }
    }

    /// Adds missing replicas: the cheapest node that is below its bound and in another zone.
    mutating func fill() {
        for shard in placed.indices {
            while placed[shard].count < replicas {
                let free = members.indices.filter { !placed[shard].contains($0) }
                let apart = free.filter { canJoin($0, shard) }
                let roomy = apart.filter { loads[$0] < LoadTarget.ceiling(shares[$0]) }
                let best =
                    roomy.min { isCheaper($0, $1, shard) }
                    ?? apart.min { excess($0) < excess($1) } ?? free.min { excess($0) < excess($1) }
                guard let best else { break }
                placed[shard].append(best)
                loads[best] += 1
            }
        }
    }

    /// Moves replicas from nodes above their bound, then to nodes far below their share: this is
    /// also how a node that has just joined gets its part.
    mutating func level() {
        // Each move brings one node closer to its share, so this many are enough.
        var movesLeft = placed.count * replicas * 2
        while movesLeft > 0, let over = mostExcessive(), relieve(over) { movesLeft -= 1 }
        while movesLeft > 0, let under = mostLacking(), supply(under) { movesLeft -= 1 }
    }

    private func mostExcessive() -> Int? {
        members.indices.filter { loads[$0] > LoadTarget.ceiling(shares[$0]) }
            .max { excess($0) < excess($1) }
    }

    private func mostLacking() -> Int? {
        members.indices.filter { loads[$0] < LoadTarget.floor(shares[$0]) }
            .min { excess($0) < excess($1) }
    }

    /// Takes one replica from `over`; false when no rule allows it.
    private mutating func relieve(_ over: Int) -> Bool {
        let below = members.indices.filter { excess($0) < 0 }
        let roomy = members.indices.filter { loads[$0] < LoadTarget.ceiling(shares[$0]) }
        return moveBest(from: [over], to: below) || moveBest(from: [over], to: roomy)
            || moveThroughThird(from: [over], to: roomy)
    }

    /// Gives one replica to `under`, from nodes above their share; false when no rule allows it.
    private mutating func supply(_ under: Int) -> Bool {
        let above = members.indices.filter { excess($0) > 0 }
        return moveBest(from: above, to: [under]) || moveThroughThird(from: above, to: [under])
    }

    /// Makes the move that is the most natural: where the cost grows the least.
    private mutating func moveBest(from givers: [Int], to takers: [Int]) -> Bool {
        var best: (shard: Int, giver: Int, taker: Int, growth: Int64)?
        for shard in placed.indices {
            for giver in placed[shard] where givers.contains(giver) {
                for taker in takers where canReplace(giver, by: taker, in: shard) {
                    let growth = Int64(costs[shard][taker]) - Int64(costs[shard][giver])
                    if let best, best.growth <= growth { continue }
                    best = (shard, giver, taker, growth)
                }
            }
        }
        guard let best else { return false }
        move(best.shard, from: best.giver, to: best.taker)
        return true
    }

    /// Zones can forbid every direct move; then a third node passes on one of its replicas.
    private mutating func moveThroughThird(from givers: [Int], to takers: [Int]) -> Bool {
        for third in members.indices where !givers.contains(third) && !takers.contains(third) {
            let saved = self
            if moveBest(from: [third], to: takers), moveBest(from: givers, to: [third]) {
                return true
            }
            self = saved
        }
        return false
    }

    // MARK: Rules

    /// How far `place` is above its fair share, in units.
    private func excess(_ place: Int) -> Int64 {
        Int64(loads[place]) * Int64(LoadTarget.unit) - Int64(shares[place])
    }

    /// Whether `shard` rather wants `lhs`; a total order.
    func isCheaper(_ lhs: Int, _ rhs: Int, _ shard: Int) -> Bool {
        (costs[shard][lhs], lhs) < (costs[shard][rhs], rhs)
    }

    /// Whether the zone of `place`, which does not hold `shard`, is free for it.
    private func canJoin(_ place: Int, _ shard: Int) -> Bool {
        !(isZoned && placed[shard].contains { zones[$0] == zones[place] })
    }

    private func canReplace(_ old: Int, by new: Int, in shard: Int) -> Bool {
        !placed[shard].contains(new)
            && !(isZoned && placed[shard].contains { $0 != old && zones[$0] == zones[new] })
    }

    private mutating func move(_ shard: Int, from old: Int, to new: Int) {
        drop(shard, old)
        placed[shard].append(new)
        loads[new] += 1
    }

    private mutating func drop(_ shard: Int, _ place: Int) {
        placed[shard].removeAll { $0 == place }
        loads[place] -= 1
    }
}
