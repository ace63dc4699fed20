internal import Identity
internal import Node

/// What the groups of the cluster look like from outside, for those who decide what may be broken.
extension SimulatedCluster {
    /// Every group as its newest leader has it; not settled where there is none, or while its
    /// configuration is not the one that is wanted.
    var groups: [FaultBudget.Group] {
        let statuses = nodes.compactMap { $0.status }
        guard let newest = statuses.max(by: { $0.epoch < $1.epoch }) else { return [] }
        return newest.shards.indices.map { position in
            let line = newest.shards[position]
            let replicas = statuses.compactMap {
                position < $0.shards.count ? $0.shards[position].local : nil
            }
            let last = replicas.map(\.last).max() ?? 0
            let leader = replicas.filter(\.isLeader).max { $0.term < $1.term }
            guard let leader else {
                return FaultBudget.Group(
                    shard: line.shard, voters: line.desired.map(\.node).sorted(), isSettled: false,
                    last: last)
            }
            let due = Convergence.due(line.desired, leader.voters)
            let isSettled =
                !leader.isJoint && leader.learners.isEmpty && leader.voters == due.sorted()
            return FaultBudget.Group(
                shard: line.shard, voters: leader.voters.map(\.node).sorted(),
                isSettled: isSettled, last: last)
        }
    }

    /// What a core must have of every group: a majority of the voters whose copies count; of a
    /// group whose configuration may be another than it seems, everybody who may belong to it.
    /// Empty when nobody knows the groups.
    func coreNeeds(isDamaged: (NodeID, ShardID) -> Bool) -> [LivenessCore.Need] {
        let statuses = nodes.compactMap { $0.status }
        return groups.enumerated().map { position, group in
            let replicas = statuses.compactMap {
                position < $0.shards.count ? $0.shards[position].local : nil
            }
            let sound = group.voters.filter { voter in
                !isDamaged(voter, group.shard)
                    && !replicas.contains { $0.replica.node == voter && $0.isSuspect }
            }
            let majority = group.voters.count / 2 + 1
            if group.isSettled, sound.count >= majority {
                return LivenessCore.Need(nodes: sound, count: majority)
            }
            return LivenessCore.Need(everybodyOf: replicas, and: group.voters)
        }
    }

    /// Whether the copy of a shard on a node has all again that its group had, and counts.
    func isWhole(_ damage: FaultBudget.Damage) -> Bool {
        guard let node = running(damage.node), node.disk.rotten.isEmpty,
            let status = node.status,
            let local = status.shards.first(where: { $0.shard == damage.shard })?.local
        else { return false }
        return !local.isSuspect && local.applied >= damage.last
    }

    /// Whether the disk of a node may be put back to an older state: the other voters of its groups
    /// have applied all that it has confirmed, and are in its terms, so that nobody will miss what
    /// it forgets.
    func isDispensable(_ id: NodeID) -> Bool {
        let statuses = nodes.compactMap { $0.status }
        guard let own = statuses.first(where: { $0.node == id }) else { return false }
        for (position, line) in own.shards.enumerated() {
            guard let local = line.local else { continue }
            for voter in local.voters where voter.node != id {
                let other = statuses.first { $0.node == voter.node }?.shards[position].local
                guard let other, other.applied >= local.last, other.term == local.term,
                    !other.isSuspect
                else { return false }
            }
        }
        return true
    }
}
