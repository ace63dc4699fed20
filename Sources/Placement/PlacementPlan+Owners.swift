import Identity

extension PlacementPlan {
    /// The result: in each shard the preferred owner first, then the others by cost.
    ///
    /// An owner stays the owner while it can. The owners are balanced like the replicas: above the
    /// bound an owner hands a shard to another replica, if need be along a chain of nodes.
    func ordered(previous: [[NodeID]]) -> [[NodeID]] {
        var owners: [Int] = placed.indices.map { shard in
            let before = shard < previous.count ? previous[shard].first : nil
            return placed[shard].first { members[$0].node == before }
                ?? placed[shard].min { isCheaper($0, $1, shard) } ?? 0
        }
        balance(&owners)
        return placed.indices.map { shard in
            let others = placed[shard].filter { $0 != owners[shard] }
                .sorted { isCheaper($0, $1, shard) }
            return ([owners[shard]] + others).map { members[$0].node }
        }
    }

    private func balance(_ owners: inout [Int]) {
        let whole = UInt64(placed.count) * LoadTarget.unit
        let shares = LoadTarget.shares(
            of: whole, weights: members.map { UInt64(max(1, $0.weight)) },
            limits: members.map { _ in whole })
        var counts = Array(repeating: 0, count: members.count)
        for owner in owners { counts[owner] += 1 }
        func excess(_ place: Int) -> Int64 {
            Int64(counts[place]) * Int64(LoadTarget.unit) - Int64(shares[place])
        }
        // Each hand-over brings one node closer to its share and none further away.
        for _ in 0..<placed.count {
            let over = members.indices.filter { counts[$0] > LoadTarget.ceiling(shares[$0]) }
                .max { excess($0) < excess($1) }
            let under = members.indices.filter { counts[$0] < LoadTarget.floor(shares[$0]) }
                .min { excess($0) < excess($1) }
            let path: [(shard: Int, to: Int)]?
            if let over {
                path = handover(owners, from: [over], to: { excess($0) < 0 })
            } else if let under {
                let givers = members.indices.filter { excess($0) > 0 }
                path = handover(owners, from: givers, to: { $0 == under })
            } else {
                return
            }
            guard let path else { return }
            for step in path {
                counts[owners[step.shard]] -= 1
                owners[step.shard] = step.to
                counts[step.to] += 1
            }
        }
    }

    /// The shortest chain of shards that change owner, from a giver to a node that takes.
    private func handover(
        _ owners: [Int], from givers: [Int], to takes: (Int) -> Bool
    ) -> [(shard: Int, to: Int)]? {
        var cameBy: [(shard: Int, from: Int)?] = Array(repeating: nil, count: members.count)
        var isSeen = Array(repeating: false, count: members.count)
        for giver in givers { isSeen[giver] = true }
        var queue = givers
        var next = 0
        while next < queue.count {
            let giver = queue[next]
            next += 1
            for shard in placed.indices where owners[shard] == giver {
                for taker in placed[shard] where !isSeen[taker] {
                    isSeen[taker] = true
                    cameBy[taker] = (shard, giver)
                    guard !takes(taker) else { return chain(to: taker, cameBy) }
                    queue.append(taker)
                }
            }
        }
        return nil
    }

    private func chain(
        to last: Int, _ cameBy: [(shard: Int, from: Int)?]
    ) -> [(shard: Int, to: Int)] {
        var path: [(shard: Int, to: Int)] = []
        var place = last
        while let step = cameBy[place] {
            path.append((step.shard, place))
            place = step.from
        }
        return path
    }
}
