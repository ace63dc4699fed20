package import Identity

/// What the host must do after it has stepped a replica, and in which order.
///
/// 1. Persist `truncateFrom`, then `entries`, then `hardState`, then `suspicion`, as one atomic
///    batch. Batches become durable in the order of their tokens; then call `persisted(through:)`.
///    If `mustSync` is false, the token counts as durable as soon as every earlier one is.
/// 2. `messages` may leave at once, before anything is on disk.
/// 3. `messagesAfterPersist` leave only when this token **and every earlier one** are durable.
/// 4. `committed` are applied in order, each exactly once; the host then calls `applied(through:)`,
///    at once or later. They are durable on this replica already, so the applied state is never
///    ahead of the local log.
/// 5. The rest are notices and requests; their order does not matter.
package struct RaftReady: Sendable {
    /// Grows by one with each; hand it back to `persisted(through:)`.
    package let token: UInt64
    /// Whether this token needs an fsync of its own. False when only the commit index changed, or
    /// when nothing is to be written.
    package var mustSync = false
    /// To be persisted when present.
    package var hardState: HardState?
    /// Entries at and after this index are removed from disk before `entries` are written.
    package var truncateFrom: LogIndex?
    /// To be written to the log: dense, and following what the log then ends with.
    package var entries: [LogEntry] = []
    /// Present when the replica became suspect (true) or is rebuilt (false): to be persisted with
    /// this token and handed back in ``RaftRestoredState`` after a restart.
    package var suspicion: Bool?
    /// May leave at once.
    package var messages: [RaftMessage] = []
    /// May leave when this token and every earlier one are durable: votes, requests for votes, and
    /// confirmations of entries.
    package var messagesAfterPersist: [RaftMessage] = []
    /// To apply, in order: committed, and durable here.
    package var committed: [LogEntry] = []
    /// Entries that a slow follower needs and that are not in memory any more: read them off the
    /// core loop and answer with `logRead`. A request without answer stops the flow to that
    /// follower.
    package var logReads: [LogReadRequest] = []
    /// Reads that may be served once `index` is applied.
    package var readsReady: [ReadReady] = []
    /// Reads that this replica cannot answer because it no longer leads; retry elsewhere.
    package var readsFailed: [UInt64] = []
    /// Followers that need a snapshot because the log no longer reaches back: stream one of at
    /// least the replica's `firstIndex` and then call `snapshotSent(to:success:)`.
    package var snapshotsToSend: [ReplicaID] = []
    /// Present when the role, the term or the leader changed.
    package var leadership: Leadership?
    /// Leadership was lost since the last one: proposals that were not applied may or may not
    /// survive.
    package var proposalsLost = false
    /// Present when another configuration took effect.
    package var configuration: Configuration?

    package init(token: UInt64) {
        self.token = token
    }
}

/// Who leads, as far as a replica knows.
package struct Leadership: Hashable, Sendable {
    package let role: RaftRole
    package let term: Term
    package let leader: ReplicaID?

    package init(role: RaftRole, term: Term, leader: ReplicaID?) {
        self.role = role
        self.term = term
        self.leader = leader
    }
}

/// What a replica does at the moment (Raft 5.1; thesis 9.6 for the pre-candidate).
package enum RaftRole: UInt8, Hashable, Sendable {
    /// Waits for a leader. Becomes pre-candidate when none is heard from.
    case follower
    /// Asks whether it could win. Becomes candidate with a quorum, else follower.
    case preCandidate
    /// Asks for votes in a new term. Becomes leader with a quorum, else follower.
    case candidate
    /// Replicates its log. Becomes follower on a higher term, without a quorum, or when removed.
    case leader
}

/// A read that is linearizable once `index` has been applied (thesis 6.4).
package struct ReadReady: Hashable, Sendable {
    /// As given to `requestRead(token:)`.
    package let token: UInt64
    /// To be applied before the state is read.
    package let index: LogIndex

    package init(token: UInt64, index: LogIndex) {
        self.token = token
        self.index = index
    }
}

/// Entries to read from disk for a slow follower.
package struct LogReadRequest: Hashable, Sendable {
    /// The follower that they are for.
    package let follower: ReplicaID
    /// The leader's term when it asked; an answer to an earlier term is dropped.
    package let term: Term
    /// The first entry wanted.
    package let from: LogIndex
    /// The last entry wanted, not before `from`; fewer may be returned.
    package let through: LogIndex
    /// Stop before the entry that exceeds this, but return one at least.
    package let bytesMax: Int

    package init(
        follower: ReplicaID, term: Term, from: LogIndex, through: LogIndex, bytesMax: Int
    ) {
        self.follower = follower
        self.term = term
        self.from = from
        self.through = through
        self.bytesMax = bytesMax
    }
}

/// The answer to a ``LogReadRequest``.
package struct LogReadResult: Hashable, Sendable {
    /// What was found.
    package enum Outcome: Hashable, Sendable {
        /// The entries from `request.from` on, in order, one at least, and the term of the entry
        /// before them (of the log's origin, if that is the one before).
        case entries(previousTerm: Term, [LogEntry])
        /// The log no longer reaches back that far, or could not be read: send a snapshot.
        case unavailable
    }

    package let request: LogReadRequest
    package let outcome: Outcome

    package init(request: LogReadRequest, outcome: Outcome) {
        self.request = request
        self.outcome = outcome
    }
}

/// What to do with a snapshot that has arrived complete and checked.
package enum SnapshotDecision: Hashable, Sendable {
    /// Replace the state and the whole log by it, atomically and durably, after every earlier token
    /// and before every later one; then call `snapshotInstalled(_:)` or `snapshotAbandoned()`.
    case install
    /// It brings nothing new; throw it away.
    case ignore
}

/// How far a member of the group is, as its leader sees it.
package struct MemberProgress: Hashable, Sendable {
    /// How the leader sends to it.
    package enum State: UInt8, Hashable, Sendable {
        /// One message at a time, to find where the logs agree.
        case probe
        /// Pipelined, within the window.
        case replicate
        /// Waits for a snapshot to be streamed.
        case snapshot
    }

    package let id: ReplicaID
    /// Everything through this is on its disk.
    package let match: LogIndex
    /// It said that it has applied through this.
    package let applied: LogIndex
    package let state: State
    package let isVoter: Bool
    /// Heard from since about an election timeout.
    package let isActive: Bool
    /// It lost acknowledged data and is being rebuilt; it does not count.
    package let isRecovering: Bool

    package init(
        id: ReplicaID, match: LogIndex, applied: LogIndex, state: State, isVoter: Bool,
        isActive: Bool, isRecovering: Bool
    ) {
        self.id = id
        self.match = match
        self.applied = applied
        self.state = state
        self.isVoter = isVoter
        self.isActive = isActive
        self.isRecovering = isRecovering
    }
}

extension RaftReady {
    /// Whether there is nothing to do.
    var isEmpty: Bool {
        hardState == nil && truncateFrom == nil && entries.isEmpty && suspicion == nil
            && messages.isEmpty && messagesAfterPersist.isEmpty && committed.isEmpty
            && logReads.isEmpty && readsReady.isEmpty && readsFailed.isEmpty
            && snapshotsToSend.isEmpty && leadership == nil && !proposalsLost
            && configuration == nil
    }
}
