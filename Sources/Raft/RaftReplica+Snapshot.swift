package import Determinism
package import Identity

// Snapshots and compaction (Raft 7). Streaming is the host's; what it means for the log is decided
// here.
extension RaftReplica {
    // MARK: Sender

    /// The host has streamed a snapshot to a follower, or has given up.
    package mutating func snapshotSent(to follower: ReplicaID, success: Bool) {
        guard role == .leader, let position = position(of: follower),
            members[position].state == .snapshot
        else { return }
        if success {
            // Whatever it installed reaches at least to where the log starts.
            members[position].becomeProbe(next: log.firstIndex)
        } else {
            Mark.snapshotStreamFailed.hit()
            // Its next answer to a heartbeat tries again, rather than a loop at full speed.
            members[position].becomeProbe(next: members[position].match.next)
            members[position].isProbing = true
        }
    }

    /// Asks the host for a snapshot; only for somebody who answers.
    mutating func requestSnapshot(for position: Int) {
        guard members[position].isReachable else { return }
        members[position].becomeSnapshot()
        output.snapshotsToSend.append(members[position].id)
    }

    /// Notes that the host has removed the log through `index`, of `term`, from the disk. `index`
    /// is not above `appliedIndex`; an older one than the log's origin changes nothing.
    package mutating func compacted(through index: LogIndex, term: Term) {
        guard index > log.originIndex else { return }
        precondition(index <= appliedIndex, "only what was applied may go")
        precondition(log.term(at: index).map { $0 == term } ?? true, "that entry has another term")
        log.compact(through: index, term: term)
    }

    // MARK: Receiver

    /// A complete and checked snapshot has arrived from `sender`, which led in `term`: says whether
    /// to install it.
    package mutating func receiveSnapshot(
        _ metadata: SnapshotMetadata, from sender: ReplicaID, term senderTerm: Term,
        at now: Instant, using generator: inout some RandomNumberGenerator
    ) -> SnapshotDecision {
        advance(to: now)
        defer { armElectionTimer(using: &generator) }
        guard senderTerm >= term else {
            send(neutralReply, to: sender)
            return .ignore
        }
        if senderTerm > term { becomeFollower(term: senderTerm, leader: sender) }
        guard follow(sender), installing == nil else { return .ignore }
        if metadata.index > commitIndex, log.term(at: metadata.index) != metadata.term {
            installing = metadata
            return .install
        }
        Mark.snapshotNeedless.hit()
        // The log has it all; a snapshot only says how far it is committed.
        advanceCommit(to: metadata.index)
        sendAfterPersist(.appendReply(match: commitIndex, isRecovering: isSuspect), to: sender)
        return .ignore
    }

    /// The snapshot has replaced the state and the log, durably: this replica starts from it.
    package mutating func snapshotInstalled(_ metadata: SnapshotMetadata) {
        precondition(installing == metadata, "only what was decided on is installed")
        installing = nil
        guard metadata.index > commitIndex else {
            preconditionFailure("nothing is committed while a snapshot is installed")
        }
        if metadata.configuration.isJoint { Mark.snapshotOfJoint.hit() }
        if log.lastIndex > commitIndex { Mark.snapshotReplacedLog.hit() }
        log.reset(toIndex: metadata.index, term: metadata.term)
        commitIndex = metadata.index
        emittedIndex = metadata.index
        appliedIndex = metadata.index
        waitingConfigurations = []
        if !Canary.snapshotWithoutConfiguration.lives { configuration = metadata.configuration }
        output.configuration = metadata.configuration
        if let leader {
            sendAfterPersist(
                .appendReply(match: metadata.index, isRecovering: isSuspect), to: leader)
        }
    }

    /// The snapshot could not be installed; state and log are as they were.
    package mutating func snapshotAbandoned() {
        installing = nil
    }
}
