package import Identity

/// Why a replica refused a request, or bytes that it was given.
package enum RaftError: Error, Hashable, Sendable {
    /// Only the leader can do this; `hint` is the leader of this term as far as known.
    case notLeader(hint: ReplicaID?)
    /// A bounded queue is full (uncommitted bytes, or waiting reads); retry later.
    case overloaded
    /// The payload has more bytes than an entry may have.
    case tooLarge(bytesMax: Int)
    /// Leadership is being handed to that replica; retry there in a moment.
    case transferring(to: ReplicaID)
    /// An earlier change of the configuration is not yet applied by a quorum, or this leader has
    /// not yet committed an entry of its own term; retry later.
    case configurationInFlight
    /// The change makes no sense for the configuration in force.
    case invalidConfiguration(ConfigurationFault)
    /// That replica cannot lead: no voter, rebuilding, or too far behind.
    case unfitSuccessor(ReplicaID)
    /// Bytes that are not a configuration of a known version.
    case malformedConfiguration
    /// The state handed over at the start contradicts itself.
    case malformedState
}

/// What is wrong with a change of the configuration.
package enum ConfigurationFault: Hashable, Sendable {
    /// There would be no voter.
    case noVoters
    /// More members than ``Configuration/membersMax``.
    case tooManyMembers
    /// The replica appears twice, or as voter and learner.
    case duplicate(ReplicaID)
    /// The replica to remove is not a learner.
    case notLearner(ReplicaID)
    /// The configuration is joint already; it must be left first.
    case alreadyJoint
    /// The configuration is not joint; there is nothing to leave.
    case notJoint
    /// The change would change nothing.
    case unchanged
}
