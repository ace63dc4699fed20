package import Determinism
package import Identity
package import Placement

/// A room that exists from the beginning and belongs to the cluster.
package struct PublicRoom: Hashable, Sendable {
    /// Which chat.
    package let chat: ChatID
    /// Its short, unique name.
    package let name: String
    /// Its full name.
    package let fullName: String

    package init(chat: ChatID, name: String, fullName: String) {
        self.chat = chat
        self.name = name
        self.fullName = fullName
    }
}

/// A one-time permission to join.
package struct JoinToken: Hashable, Sendable {
    /// A hash of the secret; the secret itself is nowhere in the cluster.
    package let hash: [UInt8]
    /// From then on it is refused.
    package let expiry: WallTime
    /// Whether somebody has joined with it.
    package var isUsed: Bool
}

/// What operators can tune while the cluster runs.
package struct RegistrySettings: Hashable, Sendable {
    /// Replicas of a shard, where there are as many members; odd.
    package var replicationFactor: UInt8 = 3
    /// How long a joining node must be alive before it gets data.
    package var joinDelay = Interval.seconds(10)
    /// How long a node must be dead before it is lost.
    package var lostGrace = Interval.seconds(300)
    /// How long two members wait for a third before data is spread over the two.
    package var pairPatience = Interval.seconds(60)

    package init() {}

    /// Whether the replication factor is odd and possible.
    var isWithinLimits: Bool {
        replicationFactor % 2 == 1 && replicationFactor <= RegistryLimits.replicationFactorMax
    }
}

/// Who replicates one shard, and who should.
package struct ShardPlacement: Hashable, Sendable {
    /// Who creates the group at its origin, written down before any replica exists. Never changes.
    package let initial: [ReplicaID]
    /// Who should hold it, the preferred owner first.
    package internal(set) var desired: [ReplicaID]
    /// The newest replica handed to each node that was ever given the shard, by node.
    package internal(set) var handedOut: [ReplicaID]

    /// A group that its origin's nodes should hold.
    init(initial: [ReplicaID]) {
        self.initial = initial
        desired = initial
        handedOut = initial.sorted()
    }

    /// A group as it was stored.
    init(initial: [ReplicaID], desired: [ReplicaID], handedOut: [ReplicaID]) {
        self.initial = initial
        self.desired = desired
        self.handedOut = handedOut
    }

    /// Wants `nodes`: who is wanted already stays the same replica, everybody else is a new one.
    mutating func want(_ nodes: [NodeID]) {
        desired = nodes.map { node in
            if let present = desired.first(where: { $0.node == node }) { return present }
            let last = handedOut.first { $0.node == node }?.incarnation ?? 0
            if last > 0 { Mark.replicaRenewed.hit() }
            let isOld = last > 0 && Canary.reusedIncarnation.lives
            return ReplicaID(node: node, incarnation: isOld ? last : last + 1)
        }
        for replica in desired {
            handedOut.removeAll { $0.node == replica.node }
            handedOut.append(replica)
        }
        handedOut.sort()
    }

    /// The voters that stay although newer replicas of all their nodes are `wanted`; nil: some are
    /// not outdated, and make the newer ones. Whoever is wanted again before a move away from it
    /// was done has all that a newer replica could get, and nobody else to get it from.
    package static func olderReplicas(
        among voters: [ReplicaID], insteadOf wanted: [ReplicaID]
    ) -> [ReplicaID]? {
        let older = voters.filter { old in
            wanted.contains { $0.node == old.node && $0.incarnation > old.incarnation }
        }
        return older.count == wanted.count ? older : nil
    }
}

/// The cluster's own truth, replicated by the registry's group. It is small: the whole of it is one
/// value.
///
/// Invariants: 1. Members are in strictly ascending order and below `nextNodeID`, which never
/// falls, so an id that is below it and not a member's has been removed for ever. 2. Once
/// initialised there are exactly `shardCount` shards, a power of two, and each is wanted by at
/// least one node. 3. The epoch grows with every change and with nothing else. 4. Every wanted
/// replica is the newest one handed to its node for that shard. 5. All collections are within
/// ``RegistryLimits``.
package struct RegistryState: Hashable, Sendable {
    /// Which cluster; nil before ``RegistryAction/initialise(_:)``.
    package internal(set) var clusterID: ClusterID?
    /// Grows with each change.
    package internal(set) var epoch = RegistryEpoch.zero
    /// The latest time of any command: the registry's clock, which never steps back.
    package internal(set) var time = WallTime(milliseconds: 0)
    /// What operators tune.
    package internal(set) var settings = RegistrySettings()
    /// The id of the next node that joins.
    package internal(set) var nextNodeID = NodeID(1)
    /// By node.
    package internal(set) var members: [RegistryMember] = []
    /// Oldest first.
    package internal(set) var tokens: [JoinToken] = []
    /// Fixed by the first command.
    package internal(set) var publicRooms: [PublicRoom] = []
    /// By shard number.
    package internal(set) var shards: [ShardPlacement] = []
    /// Who replicates the registry itself.
    package internal(set) var registryGroup = ShardPlacement(initial: [])
    /// A hash of what the placement was computed from; 0 before the first.
    package internal(set) var placedFor: UInt64 = 0

    /// Before the first command.
    package init() {}

    // MARK: Queries

    /// How many shards of data there are; 0 before the first command.
    package var shardCount: Int { shards.count }

    /// The member `node`; nil when it never was or has been removed.
    package func member(_ node: NodeID) -> RegistryMember? {
        members.first { $0.node == node }
    }

    /// Whether `node` was a member and is none any more: it is refused for ever.
    package func isRemoved(_ node: NodeID) -> Bool {
        node.rawValue > 0 && node < nextNodeID && member(node) == nil
    }

    /// The placement of `shard`, or of the registry's group; nil for a shard that does not exist.
    package func placement(of shard: ShardID) -> ShardPlacement? {
        guard shard != .registry else { return clusterID == nil ? nil : registryGroup }
        let position = Int(shard.rawValue)
        return position < shards.count ? shards[position] : nil
    }

    /// Who should hold what, for routing.
    package var shardMap: ShardMap {
        ShardMap(shards.map { $0.desired.map(\.node) })
    }

    /// The replicas that `node` should hold, the registry's included; ascending by shard.
    package func wantedReplicas(on node: NodeID) -> [(ShardID, ReplicaID)] {
        var wanted: [(ShardID, ReplicaID)] = []
        for (number, shard) in shards.enumerated() {
            for replica in shard.desired where replica.node == node {
                wanted.append((ShardID(UInt32(number)), replica))
            }
        }
        for replica in registryGroup.desired where replica.node == node {
            wanted.append((.registry, replica))
        }
        return wanted
    }

    /// Whether any shard, or the registry, wants `node`.
    package func isWanted(_ node: NodeID) -> Bool {
        registryGroup.desired.contains { $0.node == node }
            || shards.contains { $0.desired.contains { $0.node == node } }
    }
}
