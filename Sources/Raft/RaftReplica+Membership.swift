import Determinism
package import Identity

// Changes of the configuration and of the leader (Raft 6; thesis 3.10, 4).
extension RaftReplica {
    // MARK: Handlers

    /// Adds a change of the configuration to the log of the leader; it takes effect when it is
    /// applied. One at a time.
    ///
    /// Throws ``RaftError/notLeader(hint:)``, ``RaftError/transferring(to:)``,
    /// ``RaftError/configurationInFlight`` or ``RaftError/invalidConfiguration(_:)``.
    @discardableResult
    package mutating func proposeConfiguration(
        _ change: ConfigurationChange
    ) throws(RaftError) -> (index: LogIndex, term: Term) {
        try requireLeadership()
        guard isLastChangeApplied else { throw .configurationInFlight }
        let target = try configuration.applying(change)
        return appendConfiguration(target)
    }

    /// Hands leadership to a voter that has nearly everything. Proposals are refused until that has
    /// happened, or for one election timeout.
    ///
    /// Throws ``RaftError/notLeader(hint:)``, ``RaftError/transferring(to:)`` for another
    /// successor, or ``RaftError/unfitSuccessor(_:)``.
    package mutating func transferLeadership(to successor: ReplicaID) throws(RaftError) {
        if role == .leader, transferee == successor { return }
        try requireLeadership()
        guard successor != id, configuration.voters.contains(successor),
            let position = position(of: successor), members[position].isReachable,
            !members[position].isRecovering,
            log.lastIndex.distance(from: members[position].match) <= settings.transferLagMax
        else { throw .unfitSuccessor(successor) }
        if configuration.isJoint { Mark.transferWhileJoint.hit() }
        transferee = successor
        transferDue = now + settings.electionTimeoutMin
        completeTransferIfDue()
    }

    // MARK: Queries

    /// On the leader: whether no change of the configuration is under way, and a quorum has applied
    /// the last one.
    package var isConfigurationSettled: Bool {
        role == .leader && !configuration.isJoint && isLastChangeApplied
    }

    // MARK: Shared

    /// Lets the successor campaign as soon as it has the whole log.
    mutating func completeTransferIfDue() {
        guard let transferee, let position = position(of: transferee) else { return }
        guard members[position].match == log.lastIndex else { return Mark.transferWaited.hit() }
        send(.timeoutNow, to: transferee)
    }

    /// Remembers a configuration of the log until it is applied. Its bytes were checked when they
    /// came in.
    mutating func noteConfiguration(of entry: LogEntry) {
        guard entry.kind == .configuration,
            let target = try? Configuration(bytes: entry.payload)
        else { return }
        waitingConfigurations.append(
            WaitingConfiguration(index: entry.index, configuration: target))
    }

    mutating func activate(_ target: Configuration) {
        configuration = target
        output.configuration = target
        guard role == .leader else { return }
        members = target.members.map { member in
            position(of: member).map { members[$0] }
                ?? FollowerProgress(id: member, next: log.lastIndex.next)
        }
        if let transferee, !target.voters.contains(transferee) { self.transferee = nil }
        // A smaller quorum may be complete already.
        advanceCommitByQuorum()
        confirmReads()
    }

    /// Leaves a joint configuration that no quorum has reason to wait for; whichever leader finds
    /// it so, or the group would stay joint after a change of leaders (etcd #12136).
    mutating func leaveJointIfDue() {
        guard configuration.isJoint, configuration.autoLeave, isLastChangeApplied,
            transferee == nil,
            let target = try? configuration.applying(.leaveJoint)
        else { return }
        if configurationFence == electionIndex { Mark.jointLeftBySuccessor.hit() }
        appendConfiguration(target)
    }

    /// A leader that is no voter steps down (Raft 6), but not before a quorum has applied that it
    /// is none: nobody else might be electable under the configuration before (etcd #12359). One of
    /// the others that has the whole log need not wait until it is missed.
    mutating func retireIfDue() {
        guard !configuration.isVoter(id), isLastChangeApplied else { return }
        let successor = members.first {
            configuration.voters.contains($0.id) && $0.match == log.lastIndex && $0.isReachable
                && $0.applied >= configurationFence && !$0.isRecovering
        }
        guard let successor else { return Mark.retirementWaited.hit() }
        Mark.leaderRetired.hit()
        send(.timeoutNow, to: successor.id)
        becomeFollower(term: term, leader: nil)
    }

    @discardableResult
    private mutating func appendConfiguration(
        _ target: Configuration
    ) -> (index: LogIndex, term: Term) {
        let place = appendOwn(kind: .configuration, payload: target.bytes)
        configurationFence = place.index
        return place
    }

    /// Whether this leader has committed in its own term, and a quorum has applied all that may
    /// have changed the configuration: else two majorities might not know of each other (etcd
    /// #12359).
    private var isLastChangeApplied: Bool {
        // The fence is at the first entry of the own term, or later.
        appliedIndex >= configurationFence
            && Quorum.holds(in: configuration) { member in
                position(of: member).map { members[$0].applied >= configurationFence } ?? false
            }
    }

}
