package import Determinism
package import Identity

/// One entry of the registry's log. Everything that is not a function of the state (times, ids,
/// chosen placements) is inside.
package struct RegistryCommand: Hashable, Sendable {
    /// The proposer's wall clock.
    package let at: WallTime
    /// What to do.
    package let action: RegistryAction

    package init(at: WallTime, _ action: RegistryAction) {
        self.at = at
        self.action = action
    }
}

/// What the first command decides.
package struct RegistryOrigin: Hashable, Sendable {
    /// Chosen at random.
    package var clusterID: ClusterID
    /// A power of two; fixed for the life of the cluster.
    package var shardCount: Int
    /// What operators tune later.
    package var settings: RegistrySettings
    /// The first node; it becomes node 1.
    package var first: MemberDescription
    /// The rooms that every new cluster has.
    package var publicRooms: [PublicRoom]

    package init(
        clusterID: ClusterID, shardCount: Int = 256,
        settings: RegistrySettings = RegistrySettings(), first: MemberDescription,
        publicRooms: [PublicRoom]
    ) {
        self.clusterID = clusterID
        self.shardCount = shardCount
        self.settings = settings
        self.first = first
        self.publicRooms = publicRooms
    }
}

/// A change of the registry.
package enum RegistryAction: Hashable, Sendable {
    /// Makes the cluster; the first entry, once.
    case initialise(RegistryOrigin)
    /// Remembers a join token by its hash.
    case createToken(hash: [UInt8], expiry: WallTime)
    /// Admits a node by a token; the same request again gets the same node id.
    case admit(tokenHash: [UInt8], requestID: MessageID, description: MemberDescription)
    /// A member has other addresses, another zone or weight than when it joined.
    case describe(NodeID, MemberDescription)
    /// A joining, lost or draining member takes replicas.
    case memberUp(NodeID)
    /// A member is to give its replicas away.
    case drain(NodeID)
    /// A draining member holds nothing any more.
    case leave(NodeID)
    /// A member has been dead for too long.
    case markLost(NodeID)
    /// Forgets a member that left or is lost; its id is refused for ever.
    case remove(NodeID)
    /// Replaces who should hold what; void unless the epoch is still `expected`.
    case setPlacement(expected: RegistryEpoch, placedFor: UInt64, shards: [[NodeID]])
    /// Replaces who should replicate the registry; void unless the epoch is still `expected`.
    case setRegistryVoters(expected: RegistryEpoch, nodes: [NodeID])
    /// Changes the settings.
    case changeSettings(RegistrySettings)
}

/// What a command led to.
package enum RegistryOutcome: Hashable, Sendable {
    /// The state has changed.
    case done
    /// Everything was so already.
    case unchanged
    /// A node may join under this id (also as the answer to a repeated request).
    case admitted(NodeID)
    /// The state has not changed.
    case refused(RegistryRefusal)
}

/// Why a command was refused.
package enum RegistryRefusal: Hashable, Sendable {
    /// There is no cluster yet.
    case notInitialised
    /// There is a cluster already.
    case alreadyInitialised
    /// No such token, or it was forgotten a day after it expired.
    case tokenUnknown
    /// Another request has joined with it.
    case tokenUsed
    /// It is too late for this token.
    case tokenExpired
    /// The registry has changed since the proposal was computed.
    case stale(current: RegistryEpoch)
    /// No such member.
    case memberUnknown(NodeID)
    /// A member in this standing cannot do that.
    case wrongStanding(NodeID, MemberStanding)
    /// The member is still wanted by a shard or the registry.
    case stillWanted(NodeID)
    /// Nobody would be left to hold the data.
    case lastMember
    /// A limit of ``RegistryLimits`` is reached.
    case full(max: Int)
    /// A value is outside of its range.
    case invalid(field: String)
}
