package import Identity
package import Membership
package import Registry

/// What one node knows of the cluster, for `cluster status`.
package struct ClusterStatus: Hashable, Sendable {
    /// The node that tells.
    package let node: NodeID
    package let cluster: ClusterID
    package let epoch: RegistryEpoch
    package let members: [MemberStatusLine]
    package let shards: [ShardStatusLine]
}

/// One member, as the registry and gossip see it.
package struct MemberStatusLine: Hashable, Sendable {
    package let node: NodeID
    package let standing: MemberStanding
    /// What gossip believes; nil when it never heard of the member.
    package let liveness: MemberStatus?
    package let endpoint: MemberEndpoint?
    package let name: String
    package let zone: String
    /// How many replicas the registry wants on it.
    package let wanted: Int
}

/// One shard (the registry's group last), as this node knows it.
package struct ShardStatusLine: Hashable, Sendable {
    package let shard: ShardID
    package let desired: [ReplicaID]
    /// The leader, as far as this node knows.
    package let leader: NodeID?
    /// This node's replica; nil when it has none.
    package let local: ReplicaStatus?
}

/// One replica, as it sees itself.
package struct ReplicaStatus: Hashable, Sendable {
    package let replica: ReplicaID
    package let isLeader: Bool
    package let term: UInt64
    package let applied: UInt64
    package let commit: UInt64
    package let last: UInt64
    package let voters: [ReplicaID]
    package let learners: [ReplicaID]
    /// Who voted before and still does while the voters change (Raft 6); else empty.
    package let outgoing: [ReplicaID]
    package let isSuspect: Bool
    package let stateHash: UInt64
    /// Followers and how many entries each is behind, if this replica leads.
    package let lag: [ReplicaLag]

    /// Whether the voters change.
    package var isJoint: Bool { !outgoing.isEmpty }
}

/// How far a follower is behind its leader, in entries.
package struct ReplicaLag: Hashable, Sendable {
    package let replica: ReplicaID
    package let entries: Int
    package let isActive: Bool
}

/// Where a chat lives, for `cluster locate`.
package struct ChatLocation: Hashable, Sendable {
    package let chat: ChatID
    package let hash: UInt64
    package let shard: ShardID
    package let epoch: RegistryEpoch
    package let desired: [ReplicaID]
    /// Who votes in the shard's group as this node's replica knows it; empty when it holds none.
    package let actual: [ReplicaID]
    package let owner: NodeID?
}
