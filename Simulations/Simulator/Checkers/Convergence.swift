internal import Identity
internal import Node
internal import Registry

/// After all faults have ended every group has exactly the replicas that it should have, and they
/// are equal.
enum Convergence {
    /// What is not yet as it should be, in words; empty when the nodes agree. Each status is that
    /// of a running node.
    static func differences(of statuses: [ClusterStatus]) -> [String] {
        guard let first = statuses.first else { return ["no node runs"] }
        var differences: [String] = []
        for status in statuses where status.epoch != first.epoch {
            differences.append("\(status.node) knows epoch \(status.epoch), not \(first.epoch)")
        }
        for (position, line) in first.shards.enumerated() {
            let lines = statuses.compactMap { status in
                position < status.shards.count ? (status.node, status.shards[position]) : nil
            }
            differences += Self.differences(of: line.shard, desired: line.desired, lines)
        }
        return differences
    }

    /// What is not yet as it should be among the nodes of a core, in words. Who belongs to a group
    /// may be on its way to change, and wait for somebody outside; but each group has one leader,
    /// and whoever votes in it and is here has what it has committed.
    static func coreDifferences(of statuses: [ClusterStatus]) -> [String] {
        guard let first = statuses.max(by: { $0.epoch < $1.epoch }) else { return ["no node runs"] }
        var differences: [String] = []
        for status in statuses where status.epoch != first.epoch {
            differences.append("\(status.node) knows epoch \(status.epoch), not \(first.epoch)")
        }
        for (position, line) in first.shards.enumerated() {
            let held = statuses.compactMap { status in
                position < status.shards.count ? status.shards[position].local : nil
            }
            guard let leader = held.filter(\.isLeader).max(by: { $0.term < $1.term }) else {
                differences.append("\(line.shard) has no leader")
                continue
            }
            for other in held where leader.voters.contains(other.replica) {
                if other.isSuspect {
                    differences.append("\(other.replica) of \(line.shard) is suspect")
                } else if other.applied < leader.commit || leader.commit < leader.last {
                    differences.append(
                        "\(other.replica) of \(line.shard) applied \(other.applied), "
                            + "\(leader.replica) has \(leader.last), committed \(leader.commit)")
                }
            }
        }
        return differences
    }

    /// Who should hold a group that has `voters` and for which the registry wants `desired`.
    static func due(_ desired: [ReplicaID], _ voters: [ReplicaID]) -> [ReplicaID] {
        ShardPlacement.olderReplicas(among: voters, insteadOf: desired) ?? desired
    }

    private static func differences(
        of shard: ShardID, desired: [ReplicaID], _ lines: [(NodeID, ShardStatusLine)]
    ) -> [String] {
        var differences: [String] = []
        var held: [ReplicaStatus] = []
        let leader = lines.compactMap(\.1.local).first(where: \.isLeader)
        let due = due(desired, leader?.voters ?? [])
        for (node, line) in lines {
            guard let local = line.local else { continue }
            held.append(local)
            if !due.contains(local.replica) {
                differences.append("\(node) still has \(local.replica) of \(shard)")
            } else if local.voters != due.sorted() || !local.learners.isEmpty || local.isJoint {
                differences.append(
                    "\(local.replica) of \(shard) has the voters \(local.voters), the learners "
                        + "\(local.learners)\(local.isJoint ? ", joint" : ""), wanted \(due)")
            } else if local.isSuspect {
                differences.append("\(local.replica) of \(shard) is suspect")
            }
        }
        for replica in due where !held.contains(where: { $0.replica == replica }) {
            differences.append("\(replica) of \(shard) is missing")
        }
        if held.count(where: \.isLeader) != 1 {
            differences.append("\(shard) has \(held.count(where: \.isLeader)) leaders")
        }
        if let one = held.first {
            for other in held.dropFirst() where other.applied != one.applied {
                differences.append(
                    "\(other.replica) of \(shard) applied \(other.applied)"
                        + ", \(one.replica) \(one.applied)")
            }
            for other in held.dropFirst()
            where other.applied == one.applied && other.stateHash != one.stateHash {
                differences.append("\(other.replica) of \(shard) has another state")
            }
        }
        return differences
    }
}
