package import Determinism
package import Identity

/// One replica of one shard's log (Ongaro and Ousterhout 2014, "Raft"; Ongaro's thesis): a
/// deterministic state machine. The host feeds it time, messages and confirmations, and does what
/// ``takeReady()`` says after each step.
///
/// ```
///              no leader heard            would win               has a quorum
///   follower ───────────────► preCandidate ───────► candidate ───────────────► leader
///      ▲                           │                    │                         │
///      └───────────────────────────┴────────────────────┴─────────────────────────┘
///           leader heard, higher term, vote lost, no quorum heard, or removed
/// ```
///
/// Where it goes beyond the paper, or deviates from it:
/// - Pre-vote and check-quorum are always on, and only together: the first keeps a returning
///   replica from disturbing a leader, the second lets a leader that nobody can hear step down. A
///   replica with a higher term answers an older leader, so that it steps down and an election can
///   follow.
/// - A configuration takes effect when its entry is *applied* (as in etcd), not when it is
///   appended. Three guards: no campaign with a committed and unapplied configuration; the next
///   change only when a quorum has applied the last; the commit index is told to all before a
///   change counts as settled.
/// - A candidate asks for votes only when its own vote is durable, so that no vote can outlive the
///   log that it was given for.
/// - What is committed is handed out to be applied, whether or not this replica's own disk has it
///   already: a majority has. The host writes the effects behind the entries, so that no crash
///   keeps the effects without the entries. A configuration alone waits for the own disk, because
///   the second guard counts on who has applied it.
/// - A *suspect* replica has lost data that it had confirmed. It takes on a higher term, which ends
///   every term in which it confirmed anything, and neither votes nor counts until its log contains
///   a committed entry of the term of a later leader: one elected without it.
///
/// Invariants:
/// 1. `appliedIndex <= emittedIndex <= commitIndex <= lastIndex`, and no configuration between
///    `durableIndex` and `emittedIndex`.
/// 2. The leader's members are exactly those of the configuration; for each `match < next`.
/// 3. Only a leader has members, reads or a transferee; it has voted for itself and is not suspect.
/// 4. The term and vote that others may know of are durable: they leave after their token.
/// 5. Configurations that wait are those of the log after `appliedIndex`, in order.
package struct RaftReplica: Sendable {
    /// Which replica this is.
    package let id: ReplicaID
    /// Which group it belongs to.
    package let shard: ShardID
    /// Times and limits.
    package let settings: RaftSettings

    /// What this replica does at the moment.
    package internal(set) var role: RaftRole = .follower
    /// The latest term it has seen.
    package internal(set) var term: Term
    /// The leader of that term, if known.
    package internal(set) var leader: ReplicaID?
    /// The configuration in force: that of the last applied configuration entry.
    package internal(set) var configuration: Configuration
    /// The highest index known to be committed.
    package internal(set) var commitIndex: LogIndex
    /// The highest index that the host has applied.
    package internal(set) var appliedIndex: LogIndex
    /// Whether confirmed data was lost and is being rebuilt.
    package internal(set) var isSuspect: Bool
    /// The replica that leadership is being handed to.
    package internal(set) var transferee: ReplicaID?

    var vote: ReplicaID?
    var log: RaftLog
    /// What the host was given to apply.
    var emittedIndex: LogIndex
    /// Nothing more is given to it before; a perturbation alone makes it later than the start.
    private var emitsFrom = Instant.start
    /// Configurations in the log that are not applied yet, in order.
    var waitingConfigurations: [WaitingConfiguration] = []
    /// The snapshot that the host is installing.
    var installing: SnapshotMetadata?

    var now: Instant
    var electionTimer: ElectionTimer
    /// When the leader was last heard.
    var leaderContact: Instant
    /// The answers to this campaign, in order of arrival.
    var ballots: [Ballot] = []

    /// Leader: the members, sorted, this replica included.
    var members: [FollowerProgress] = []
    /// Leader: its own first entry; nothing is served before it is committed (Raft 8).
    var electionIndex: LogIndex = .zero
    /// Leader: the next change of the configuration waits until a quorum has applied this.
    var configurationFence: LogIndex = .zero
    /// Leader: bytes of entries after the commit index.
    var uncommittedBytes = 0
    var heartbeatDue: Instant
    var quorumCheckDue: Instant
    var transferDue: Instant
    var reads = ReadRounds()

    var output: RaftReady
    var hardWrites: [HardWrite] = []
    var emittedHardState: HardState
    var emittedLeadership: Leadership
    /// The term and vote that are on disk.
    var durableTerm: Term
    var durableVote: ReplicaID?

    /// A configuration entry of the log.
    struct WaitingConfiguration: Sendable {
        let index: LogIndex
        let configuration: Configuration
    }

    /// When the next election starts; the timeout is drawn as soon as there is a generator.
    struct ElectionTimer: Sendable {
        var start: Instant
        var timeout: Interval?
    }

    /// One voter's answer.
    struct Ballot: Sendable {
        let voter: ReplicaID
        let isGranted: Bool
    }

    /// A term and vote on their way to the disk.
    struct HardWrite: Sendable {
        let token: UInt64
        let term: Term
        let vote: ReplicaID?
    }

    /// Starts as a follower from what was on disk, which must be valid (see
    /// ``RaftRestoredState/validate()``); linear in the entries.
    package init(
        id: ReplicaID, shard: ShardID, settings: RaftSettings, restored: RaftRestoredState,
        at now: Instant, using generator: inout some RandomNumberGenerator
    ) {
        settings.validate()
        self.id = id
        self.shard = shard
        self.settings = settings
        term = restored.hardState.term
        vote = restored.hardState.vote
        commitIndex = max(restored.hardState.commit, restored.applied)
        appliedIndex = restored.applied
        emittedIndex = restored.applied
        configuration = restored.configuration
        isSuspect = restored.isSuspect
        log = RaftLog(restored)
        self.now = now
        electionTimer = ElectionTimer(start: now, timeout: nil)
        leaderContact = now
        heartbeatDue = now
        quorumCheckDue = now
        transferDue = now
        output = RaftReady(token: 1)
        emittedHardState = HardState(
            term: restored.hardState.term, vote: restored.hardState.vote,
            commit: restored.hardState.commit)
        emittedLeadership = Leadership(role: .follower, term: term, leader: nil)
        durableTerm = term
        durableVote = vote
        if log.lastIndex > commitIndex { Mark.restartedWithUnacked.hit() }
        for entry in restored.entries { noteConfiguration(of: entry) }
        if isSuspect { becomeFollower(term: term.next, leader: nil) }
        armElectionTimer(using: &generator)
    }

    // MARK: Handlers

    /// Lets time pass: elections, heartbeats, the check of the quorum, the end of a transfer. To be
    /// called every ``RaftSettings/tickInterval``.
    package mutating func tick(at now: Instant, using generator: inout some RandomNumberGenerator) {
        advance(to: now)
        armElectionTimer(using: &generator)
        if role == .leader {
            tickAsLeader()
        } else if let timeout = electionTimer.timeout, self.now >= electionTimer.start + timeout {
            electionTimedOut()
        }
        armElectionTimer(using: &generator)
    }

    /// Takes a message from another replica. One that is not for this replica, is malformed or
    /// comes too late changes nothing; linear in its entries.
    package mutating func receive(
        _ message: RaftMessage, at now: Instant, using generator: inout some RandomNumberGenerator
    ) {
        advance(to: now)
        guard message.to == id, message.shard == shard, message.from != id, message.isWellFormed
        else { return }
        if message.term > term {
            guard admitHigherTerm(message) else { return }
        } else if message.term < term, !isForgivenTerm(of: message) {
            answerLowerTerm(message)
            return
        }
        dispatch(message)
        armElectionTimer(using: &generator)
    }

    /// Notes that everything that was to be persisted under tokens through `token` is on disk.
    package mutating func persisted(through token: UInt64) {
        precondition(token < output.token, "only what was handed out can be on disk")
        var count = 0
        for write in hardWrites where write.token <= token {
            (durableTerm, durableVote) = (write.term, write.vote)
            count += 1
        }
        hardWrites.removeFirst(count)
        log.persisted(through: token)
        trimLog()
        switch role {
        case .leader:
            // The leader's own disk is one of the quorum, no earlier than it has the entries.
            if let own = position(of: id), members[own].confirm(log.durableIndex) {
                advanceCommitByQuorum()
            }
        case .candidate:
            if durableTerm == term, durableVote == id { countBallot(of: id, isGranted: true) }
        case .follower, .preCandidate:
            break
        }
    }

    /// Notes that the host has applied the log through `index`; configurations up to there take
    /// effect.
    package mutating func applied(through index: LogIndex) {
        guard index > appliedIndex else { return }
        precondition(index <= emittedIndex, "only what was handed out can be applied")
        appliedIndex = index
        if let own = position(of: id) { members[own].applied = index }
        while let waiting = waitingConfigurations.first, waiting.index <= index {
            waitingConfigurations.removeFirst()
            activate(waiting.configuration)
        }
        trimLog()
    }

    /// Takes what the host must do now; nil when there is nothing. To be called after every step,
    /// until it is nil. See ``RaftReady`` for the order.
    package mutating func takeReady() -> RaftReady? {
        if role == .leader { flushAsLeader() }
        liftSuspicionIfRebuilt()
        collectWrites()
        collectCommitted()
        let leadership = Leadership(role: role, term: term, leader: leader)
        if leadership != emittedLeadership {
            emittedLeadership = leadership
            output.leadership = leadership
        }
        guard !output.isEmpty else { return nil }
        var ready = RaftReady(token: output.token + 1)
        swap(&ready, &output)
        return ready
    }

    // MARK: Queries

    /// The last entry of the log, durable or not.
    package var lastIndex: LogIndex { log.lastIndex }

    /// The first entry that the log still has.
    package var firstIndex: LogIndex { log.firstIndex }

    /// Everything through this is on this replica's disk.
    package var durableIndex: LogIndex { log.durableIndex }

    /// Whether it leads, has committed an entry of its own term and has applied all through it.
    package var isReadyToServe: Bool {
        role == .leader && commitIndex >= electionIndex && appliedIndex >= electionIndex
    }

    /// The members as the leader sees them, sorted; empty unless it leads.
    package var progress: [MemberProgress] {
        members.map { member in
            MemberProgress(
                id: member.id, match: member.match, applied: member.applied, state: member.state,
                isVoter: configuration.isVoter(member.id),
                isActive: member.id == id || member.isReachable, isRecovering: member.isRecovering)
        }
    }

    // MARK: Shared by the aspects

    mutating func advance(to now: Instant) {
        self.now = max(self.now, now)
    }

    func position(of member: ReplicaID) -> Int? { members.position(of: member) }

    func message(to receiver: ReplicaID, term: Term? = nil, _ body: RaftMessage.Body) -> RaftMessage
    {
        RaftMessage(from: id, to: receiver, shard: shard, term: term ?? self.term, body: body)
    }

    /// Sends at once.
    mutating func send(_ body: RaftMessage.Body, to receiver: ReplicaID, term: Term? = nil) {
        output.messages.append(message(to: receiver, term: term, body))
    }

    /// Sends when all that this replica has decided so far is durable.
    mutating func sendAfterPersist(_ body: RaftMessage.Body, to receiver: ReplicaID) {
        output.messagesAfterPersist.append(message(to: receiver, body))
    }

    private mutating func dispatch(_ message: RaftMessage) {
        let sender = message.from
        switch message.body {
        case .preVote(let lastIndex, let lastTerm):
            receivePreVote(from: sender, at: message.term, lastIndex: lastIndex, lastTerm: lastTerm)
        case .preVoteReply(let granted):
            receivePreVoteReply(from: sender, at: message.term, granted: granted)
        case .vote(let lastIndex, let lastTerm, _):
            receiveVote(from: sender, lastIndex: lastIndex, lastTerm: lastTerm)
        case .voteReply(let granted):
            if role == .candidate { countBallot(of: sender, isGranted: granted) }
        case .append(let previousIndex, let previousTerm, let entries, let commit):
            receiveAppend(
                from: sender, previousIndex: previousIndex, previousTerm: previousTerm,
                entries: entries, commit: commit)
        case .appendReply(let match, let isRecovering):
            receiveAppendReply(from: sender, match: match, isRecovering: isRecovering)
        case .appendRejected(let previousIndex, let hintIndex, let hintTerm, let isRecovering):
            receiveAppendRejected(
                from: sender, previousIndex: previousIndex, hintIndex: hintIndex,
                hintTerm: hintTerm, isRecovering: isRecovering)
        case .heartbeat(let commit, let readContext):
            receiveHeartbeat(from: sender, commit: commit, readContext: readContext)
        case .heartbeatReply(let readContext, let applied, let isRecovering):
            receiveHeartbeatReply(
                from: sender, readContext: readContext, applied: applied,
                isRecovering: isRecovering)
        case .timeoutNow:
            receiveTimeoutNow(from: sender)
        }
    }

    private func isForgivenTerm(of message: RaftMessage) -> Bool {
        guard Canary.ignoredTermOnAck.lives else { return false }
        switch message.body {
        case .appendReply, .voteReply, .heartbeatReply: return true
        default: return false
        }
    }

    private mutating func collectWrites() {
        let token = output.token
        let hasNewVote = term != emittedHardState.term || vote != emittedHardState.vote
        if hasNewVote || log.hasUnwritten {
            let state = HardState(term: term, vote: vote, commit: commitIndex)
            if state != emittedHardState {
                emittedHardState = state
                output.hardState = state
                hardWrites.append(HardWrite(token: token, term: term, vote: vote))
            }
            (output.truncateFrom, output.entries) = log.takeWrite(token: token)
            output.mustSync = true
        }
        if output.suspicion != nil { output.mustSync = true }
    }

    private mutating func collectCommitted() {
        guard installing == nil else { return }
        let undurable = waitingConfigurations.first { $0.index > log.durableIndex }
        let end = min(commitIndex, undurable?.index.previous ?? commitIndex)
        guard end > emittedIndex, now >= emitsFrom else { return }
        if now >= emitsFrom + .seconds(2), Perturbation.lateApplication.fires {
            emitsFrom = now + settings.heartbeatInterval * 2
            return
        }
        if end > log.durableIndex { Mark.appliedBeforeOwnDisk.hit() }
        output.committed = log.entries(
            from: emittedIndex.next, through: end, bytesMax: settings.committedBytesPerReadyMax)
        precondition(output.committed.last != nil, "whatever is not applied is in memory")
        emittedIndex = output.committed.last?.index ?? emittedIndex
    }

    private mutating func trimLog() {
        log.trimCache(
            through: appliedIndex, entriesMax: settings.cacheEntriesMax,
            bytesMax: settings.cacheBytesMax)
    }
}
