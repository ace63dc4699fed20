internal import Raft

extension ClusterNode {
    /// Traps unless the invariants of ``ClusterNode`` and of its parts hold. Linear in the
    /// replicas; the simulation calls it after every step.
    package func checkInvariants() {
        for (earlier, later) in zip(replicas, replicas.dropFirst()) {
            precondition(earlier.shard < later.shard, "1: one replica for each shard, in order")
        }
        for (earlier, later) in zip(writing, writing.dropFirst()) {
            precondition(earlier.token < later.token, "3: writes have growing tokens")
        }
        for replica in replicas { replica.checkInvariants() }
        precondition(
            step.snapshotsOut == replicas.reduce(0) { $0 + $1.outgoing.count },
            "5: snapshots that are sent are counted")
        precondition(
            step.snapshotsIn == replicas.count { $0.incoming != nil },
            "5: snapshots that are received are counted")
    }
}

extension ShardReplica {
    /// Traps unless the invariants of ``ShardReplica`` hold.
    func checkInvariants() {
        withRaft { $0.checkInvariants() }
        precondition(
            applied.position.index <= lastPosition.index, "1: what is applied is in the log")
        if incoming?.isInstalling != true {
            precondition(
                raft.appliedIndex == applied.position.index, "2: Raft knows what is applied")
            precondition(
                withRaft { $0.lastIndex } == lastPosition.index,
                "1: the log on disk is the log of Raft")
        }
        precondition(origin.index <= applied.position.index, "1: the log reaches back far enough")
    }
}
