package import Identity
package import Membership
package import Raft

/// What happened inside a node that its host may log, count or check. Nothing depends on events.
package enum NodeEvent: Sendable {
    /// A replica's role, term or leader changed.
    case leadership(shard: ShardID, replica: ReplicaID, Leadership)
    /// A replica applied entries, the last of which has this chained checksum and left the state
    /// with this hash. `entries` is empty unless ``NodeSettings/reportsApplied``.
    case applied(
        shard: ShardID, replica: ReplicaID, entries: [LogEntry], last: LogIndex, checksum: UInt32,
        stateHash: UInt64)
    /// A replica added these entries to its log. Told only with ``NodeSettings/reportsApplied``.
    case appended(shard: ShardID, replica: ReplicaID, [LogPlace])
    case compacted(shard: ShardID, replica: ReplicaID, through: LogIndex)
    case snapshotStarted(shard: ShardID, from: ReplicaID, to: ReplicaID)
    case snapshotEnded(shard: ShardID, from: ReplicaID, to: ReplicaID, success: Bool)
    case snapshotInstalled(shard: ShardID, replica: ReplicaID, index: LogIndex, stateHash: UInt64)
    case replicaCreated(shard: ShardID, ReplicaID)
    case replicaDestroyed(shard: ShardID, ReplicaID)
    /// The log of a replica lost acknowledged data; it is rebuilt by its peers before it counts.
    case replicaSuspect(shard: ShardID, ReplicaID, reason: String)
    case configuration(shard: ShardID, replica: ReplicaID, Configuration)
    case member(MemberRecord, previous: MemberStatus?)
    case memberConflict(NodeID)
    /// The registry that this node knows has this epoch now.
    case registry(RegistryEpoch)
    /// Something that should not happen was ignored: a message that cannot be, a bad record.
    case ignored(String)
}
