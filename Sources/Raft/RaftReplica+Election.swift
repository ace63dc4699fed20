package import Determinism
import Identity

// Elections: pre-vote, vote, check-quorum, step down (Raft 5.1, 5.2, 5.4.1; thesis 3.10, 6.2, 9.6).
extension RaftReplica {
    // MARK: Handlers

    /// The link to the leader's node broke and cannot be opened again: starts a pre-vote without
    /// waiting for the election timeout.
    ///
    /// Voters start one after the other, by rank, so that they do not split the vote. If only the
    /// link failed, the others still hear the leader and do not answer, and its next heartbeat
    /// makes this replica follow again.
    package mutating func forgetLeader(
        at now: Instant, using generator: inout some RandomNumberGenerator
    ) {
        advance(to: now)
        guard role == .follower, let forgotten = leader else { return }
        Mark.leaderForgotten.hit()
        leader = nil
        let successors = configuration.voters.filter { $0 != forgotten }
        guard let rank = successors.firstIndex(of: id) else { return }
        electionTimer = ElectionTimer(
            start: self.now, timeout: settings.successionStagger * UInt64(rank))
        if rank == 0 { electionTimedOut() }
        armElectionTimer(using: &generator)
    }

    /// Draws the timeout of an election timer that has none.
    mutating func armElectionTimer(using generator: inout some RandomNumberGenerator) {
        guard electionTimer.timeout == nil else { return }
        let timeout = settings.electionTimeoutMin.jittered(
            by: settings.electionTimeoutMin, using: &generator)
        electionTimer.timeout = configuration.isVoter(id) ? timeout : timeout * 3
        if Perturbation.earlyElection.fires {
            electionTimer.timeout = settings.electionTimeoutMin / 2
        } else if Perturbation.lateElection.fires {
            electionTimer.timeout = settings.electionTimeoutMin * 3
        }
    }

    mutating func electionTimedOut() {
        if role == .candidate { Mark.electionSplit.hit() }
        resetElectionTimer()
        leader = nil
        guard canCampaign else {
            Mark.campaignHeldBack.hit()
            if role != .follower { becomeFollower(term: term, leader: nil) }
            return
        }
        startPreVote()
    }

    /// Whether a message of a higher term is to be looked into; its term is adopted where it binds.
    mutating func admitHigherTerm(_ message: RaftMessage) -> Bool {
        switch message.body {
        case .preVote:
            // While a leader is heard from, nobody is helped to replace it (thesis 6.2, 9.6).
            if hearsLeader { Mark.preVoteRefusedByLiveLeader.hit() }
            return !hearsLeader
        case .vote(_, _, let isTransfer):
            guard isTransfer || !hearsLeader else {
                Mark.voteIgnoredByLiveLeader.hit()
                return false
            }
            becomeFollower(term: message.term, leader: nil)
        case .preVoteReply(granted: true):
            // The term is that of the campaign that was asked about; nobody has it yet.
            break
        case .append, .heartbeat:
            becomeFollower(term: message.term, leader: message.from)
        default:
            if case .preVoteReply = message.body { Mark.refusalTaughtTerm.hit() }
            // A refused pre-vote too: whoever asks in vain adopts the higher term, or it would ask
            // with its own for ever (openraft #1796).
            becomeFollower(term: message.term, leader: nil)
        }
        return true
    }

    /// Answers whoever is behind, so that it learns of the higher term; else it might lead or ask
    /// for ever (etcd #8501).
    mutating func answerLowerTerm(_ message: RaftMessage) {
        switch message.body {
        case .append, .heartbeat:
            Mark.olderLeaderAnswered.hit()
            send(neutralReply, to: message.from)
        case .preVote:
            send(.preVoteReply(granted: false), to: message.from)
        case .vote:
            send(.voteReply(granted: false), to: message.from)
        case .preVoteReply, .voteReply, .appendReply, .appendRejected, .heartbeatReply, .timeoutNow:
            break
        }
    }

    /// Tells the term and nothing else.
    var neutralReply: RaftMessage.Body {
        .heartbeatReply(readContext: 0, applied: appliedIndex, isRecovering: isSuspect)
    }

    mutating func receivePreVote(
        from candidate: ReplicaID, at campaignTerm: Term, lastIndex: LogIndex, lastTerm: Term
    ) {
        let isFree = campaignTerm > term || (leader == nil && (vote == nil || vote == candidate))
        let granted = isFree && !isSuspect && isUpToDate(lastIndex: lastIndex, lastTerm: lastTerm)
        // A refusal carries this replica's own term.
        send(
            .preVoteReply(granted: granted), to: candidate, term: granted ? campaignTerm : term)
    }

    mutating func receivePreVoteReply(
        from voter: ReplicaID, at replyTerm: Term, granted: Bool
    ) {
        guard role == .preCandidate, !granted || replyTerm == term.next else { return }
        countBallot(of: voter, isGranted: granted)
    }

    mutating func receiveVote(from candidate: ReplicaID, lastIndex: LogIndex, lastTerm: Term) {
        // One vote in a term; the same candidate gets the same answer again. Learners vote too: one
        // that is being promoted may not know yet.
        let isFree =
            vote == candidate || (vote == nil && leader == nil)
            || (Canary.secondVote.lives && role == .follower)
        let granted = isFree && !isSuspect && isUpToDate(lastIndex: lastIndex, lastTerm: lastTerm)
        if granted {
            if !configuration.isVoter(id) { Mark.learnerVoted.hit() }
            vote = candidate
            resetElectionTimer()
        } else {
            markRefusal(wasFree: isFree)
        }
        sendAfterPersist(.voteReply(granted: granted), to: candidate)
    }

    private func markRefusal(wasFree: Bool) {
        if isSuspect {
            Mark.voteRefusedAsSuspect.hit()
        } else if wasFree {
            Mark.voteRefusedAsBehind.hit()
        } else {
            Mark.voteRefusedAsGiven.hit()
        }
    }

    mutating func receiveTimeoutNow(from sender: ReplicaID) {
        guard role == .follower, leader == sender, canCampaign else { return }
        startElection(isTransfer: true)
    }

    /// Counts one voter's answer; the first one counts.
    mutating func countBallot(of voter: ReplicaID, isGranted: Bool) {
        guard !ballots.contains(where: { $0.voter == voter }) else { return }
        ballots.append(Ballot(voter: voter, isGranted: isGranted))
        let verdict = Quorum.verdict(in: configuration) { id in
            ballots.first { $0.voter == id }?.isGranted
        }
        switch verdict {
        case .pending: break
        case .lost:
            if role == .candidate { Mark.electionLost.hit() }
            becomeFollower(term: term, leader: nil)
        case .won where role == .preCandidate: startElection(isTransfer: false)
        case .won where durableTerm < term: break  // The own vote comes last, and decides.
        case .won: becomeLeader()
        }
    }

    // MARK: Transitions

    private mutating func startPreVote() {
        if !configuration.isVoter(id) { Mark.nonVoterCampaigned.hit() }
        role = .preCandidate
        ballots = []
        for voter in electors {
            send(
                .preVote(lastIndex: log.lastIndex, lastTerm: log.lastTerm), to: voter,
                term: term.next)
        }
        countBallot(of: id, isGranted: true)
    }

    private mutating func startElection(isTransfer: Bool) {
        precondition(canCampaign, "whoever may not lead does not ask for votes")
        role = .candidate
        term = term.next
        vote = id
        leader = nil
        ballots = []
        resetElectionTimer()
        // Its own vote counts once it is durable; see `persisted(through:)`.
        for voter in electors {
            sendAfterPersist(
                .vote(
                    lastIndex: log.lastIndex, lastTerm: log.lastTerm, isTransfer: isTransfer),
                to: voter)
        }
    }

    private mutating func becomeLeader() {
        precondition(role == .candidate, "only a candidate is elected")
        if configuration.isJoint { Mark.electedWhileJoint.hit() }
        role = .leader
        leader = id
        ballots = []
        reads = ReadRounds()
        members = configuration.members.map { member in
            FollowerProgress(id: member, next: log.lastIndex.next)
        }
        uncommittedBytes = log.byteCount(after: commitIndex)
        heartbeatDue = now + settings.heartbeatInterval
        quorumCheckDue = now + settings.electionTimeoutMin
        if let own = position(of: id) {
            _ = members[own].confirm(log.durableIndex)
            members[own].applied = appliedIndex
        }
        electionIndex = log.lastIndex.next
        configurationFence = electionIndex
        let bytes =
            Perturbation.largeEntry.fires ? settings.entryBytesMax - LogEntry.overheadBytes : 0
        appendOwn(kind: .noop, payload: Array(repeating: 0, count: bytes))
    }

    /// Follows `leader` in `term`, which is not lower than the own one.
    mutating func becomeFollower(term newTerm: Term, leader newLeader: ReplicaID?) {
        precondition(newTerm >= term, "terms never decrease")
        if newTerm > term {
            term = newTerm
            vote = nil
        }
        if role == .leader {
            if uncommittedBytes > 0 { Mark.proposalsLost.hit() }
            if reads.count > 0 { Mark.readsLost.hit() }
            output.proposalsLost = true
            output.readsFailed += reads.takeAll()
            output.snapshotsToSend = []
            output.logReads = []
            members = []
            transferee = nil
            uncommittedBytes = 0
        }
        role = .follower
        leader = newLeader
        ballots = []
        if newLeader != nil { leaderContact = now }
        resetElectionTimer()
    }

    /// Notes a sign of life of the leader of this term; false when there cannot be one.
    mutating func follow(_ sender: ReplicaID) -> Bool {
        // Another leader of the own term cannot be (election safety, Raft 5.2); do not listen to
        // it.
        guard role != .leader, leader == nil || leader == sender else { return false }
        if role == .follower, leader == sender {
            leaderContact = now
            electionTimer.start = now
        } else {
            if role == .candidate { Mark.candidateFoundLeader.hit() }
            if role == .preCandidate { Mark.preCandidateFoundLeader.hit() }
            becomeFollower(term: term, leader: sender)
        }
        return true
    }

    mutating func tickAsLeader() {
        if now >= quorumCheckDue {
            quorumCheckDue = now + settings.electionTimeoutMin
            guard hearsQuorum else {
                Mark.quorumLost.hit()
                // Others may have elected another leader long ago (thesis 6.2).
                becomeFollower(term: term, leader: nil)
                return
            }
            for position in members.indices { members[position].startActivityPeriod() }
        }
        if transferee != nil, now >= transferDue {
            Mark.transferExpired.hit()
            transferee = nil
        }
        if now >= heartbeatDue { broadcastHeartbeat() }
    }

    // MARK: Suspicion

    /// Stops counting: confirmed data is gone. The higher term ends every term in which this
    /// replica confirmed it, so that late confirmations count for nobody.
    mutating func becomeSuspect() {
        if !isSuspect {
            Mark.becameSuspect.hit()
            isSuspect = true
            output.suspicion = true
        }
        becomeFollower(term: term.next, leader: nil)
    }

    /// Counts again once the log holds a committed entry of the present leader's term. That leader
    /// was elected without this replica, so what precedes its entry is all that was ever committed.
    mutating func liftSuspicionIfRebuilt() {
        guard isSuspect, installing == nil, role == .follower, leader != nil,
            log.term(at: commitIndex) == term, log.durableIndex >= commitIndex
        else { return }
        Mark.suspicionLifted.hit()
        isSuspect = false
        output.suspicion = false
    }

    // MARK: Questions

    /// Whether this replica may campaign: intact, and with no configuration to apply first.
    ///
    /// Not only voters (thesis 4.2.2): a leader that was voted out may be the only one whose log is
    /// complete and who knows that it was. Its vote does not count, and it leads only until the
    /// voters know too. Others than voters wait longer.
    private var canCampaign: Bool {
        !configuration.isEmpty && !isSuspect && installing == nil
            && !waitingConfigurations.contains { $0.index <= commitIndex }
    }

    /// Whether a leader was heard from within the least election timeout; a leader hears itself.
    private var hearsLeader: Bool {
        if role == .leader { return true }
        return leader != nil && now - leaderContact < settings.electionTimeoutMin
    }

    private var hearsQuorum: Bool {
        Quorum.holds(in: configuration) { member in
            member == id || position(of: member).map { members[$0].isActive } ?? false
        }
    }

    /// Whom to ask for votes.
    private var electors: [ReplicaID] {
        configuration.members.filter { $0 != id && configuration.isVoter($0) }
    }

    /// Whether a log that ends so has all that this one has (Raft 5.4.1).
    private func isUpToDate(lastIndex: LogIndex, lastTerm: Term) -> Bool {
        Canary.behindElected.lives || (lastTerm, lastIndex) >= (log.lastTerm, log.lastIndex)
    }

    private mutating func resetElectionTimer() {
        electionTimer = ElectionTimer(start: now, timeout: nil)
    }
}
