internal import Determinism
internal import Identity
internal import Raft
internal import Storage
internal import Wire

/// One replica of one shard on this node: its Raft log, its state, and who waits for what.
///
/// Owned by ``ClusterNode`` and used on its loop only; a class, so that stepping one of hundreds of
/// replicas copies nothing. What it has to say goes into the ``NodeStep`` at hand.
///
/// Invariants:
/// 1. `applied.position` is at most the last log entry; `tail` has one element for each entry after
///    it.
/// 2. Effects of an entry and the record that it was applied are in one batch.
/// 3. A proposal waits under the index and the term that Raft gave it.
final class ShardReplica {
    let shard: ShardID
    var raft: RaftReplica

    /// How far the state is, and under which generation it is kept.
    var applied: AppliedRecord
    /// The place before the first entry of the log on disk.
    var origin: LogPlace
    /// The entries after `applied`, in order: their terms and chained checksums.
    var tail: [TailEntry]
    /// The newest entry that was written with a sync.
    var watermark: LogPlace
    var hardState: HardState
    var isSuspect: Bool
    /// Bytes of payload in the log after the origin, roughly: what compaction goes by.
    var logBytes = 0

    /// Proposals of this term by index.
    var proposals: [LogIndex: Proposal] = [:]
    /// Queries on their way through ReadIndex, by Raft's token.
    var queries: [UInt64: Query] = [:]
    /// Queries that may run once their index is applied, in the order of their indexes' arrival.
    var queriesReady: [(index: LogIndex, query: Query)] = []
    /// Queries that wait for a range read.
    var queriesReading: [UInt64: QueryRead] = [:]
    var nextTicket: UInt64 = 1

    /// Snapshot streams to other replicas, and the one that is received.
    var outgoing: [OutgoingSnapshot] = []
    var incoming: IncomingSnapshot?

    /// Nodes that follow a log of this shard, while this replica leads.
    var interest = Interest()
    /// Who of the accounts of this shard is there, while this replica leads.
    var presence = PresenceTable()

    /// Raft tokens handed to the disk and not yet durable.
    var writesOutstanding = 0
    var leadership: Leadership
    /// Whether the outbox may hold something; false only when it is known to be empty.
    var mayHaveEffects = true
    /// Effects on their way to other shards, or delivered and not yet out of the outbox, by their
    /// place in it; at most ``NodeSettings/outboxInFlightMax``.
    var outboxInFlight: [UInt64] = []
    /// Since when the registry does not want this replica any more.
    var unwantedSince: Instant?

    let settings: NodeSettings

    /// What is remembered of an entry that is not applied yet.
    struct TailEntry: Hashable {
        let term: Term
        let checksum: UInt32
    }

    /// One command that was proposed here.
    struct Proposal {
        let term: Term
        let requester: Requester
    }

    /// One query that was asked here.
    struct Query {
        let bytes: [UInt8]
        let requester: Requester
    }

    /// One query whose range is being read.
    struct QueryRead {
        let requester: Requester
        let store: ShardStore
        let finish: ([KeyValue]) throws(StorageError) -> [UInt8]
    }

    init(
        shard: ShardID, raft: RaftReplica, applied: AppliedRecord, origin: LogPlace,
        tail: [TailEntry], watermark: LogPlace, hardState: HardState, isSuspect: Bool,
        settings: NodeSettings
    ) {
        self.shard = shard
        self.raft = raft
        self.applied = applied
        self.origin = origin
        self.tail = tail
        self.watermark = watermark
        self.hardState = hardState
        self.isSuspect = isSuspect
        self.settings = settings
        leadership = Leadership(role: raft.role, term: raft.term, leader: raft.leader)
    }

    var id: ReplicaID { raft.id }

    /// Whether this replica may answer for its shard.
    var isLeader: Bool { raft.role == .leader }

    /// The node that leads as far as this replica knows; nil also when that is this replica's own
    /// node but it does not lead.
    var leaderHint: NodeID? { raft.leader?.node }

    /// Whether it leads, and nothing of earlier terms is left to apply before it serves.
    var isReadyToServe: Bool { withRaft { $0.isReadyToServe } }

    /// Asks Raft something in place: asking a value that a class holds copies all of it first.
    func withRaft<Answer>(_ ask: (inout RaftReplica) -> Answer) -> Answer { ask(&raft) }

    /// The state as its machine reads it.
    func store(over base: NodeStore) -> ShardStore {
        ShardStore(shard: shard, generation: applied.generation, base: base)
    }

    // MARK: Handlers

    /// Lets time pass: to be called every ``RaftSettings/tickInterval``.
    func tick(
        at now: Instant, store: NodeStore, step: inout NodeStep,
        using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        raft.tick(at: now, using: &generator)
        advanceSnapshots(at: now, step: &step)
        try pump(store: store, step: &step)
    }

    /// Takes messages of Raft, in order.
    func receive(
        _ message: RaftMessage, at now: Instant, store: NodeStore, step: inout NodeStep,
        using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        raft.receive(message, at: now, using: &generator)
        try pump(store: store, step: &step)
    }

    /// Proposes an encoded command, or says at once that it cannot.
    func propose(
        _ payload: [UInt8], for requester: Requester, store: NodeStore, step: inout NodeStep
    ) throws(StorageError) {
        guard proposals.count < settings.proposalsMax else {
            refuse(requester, .overloaded, step: &step)
            return
        }
        do {
            let position = try raft.propose(payload)
            proposals[position.index] = Proposal(term: position.term, requester: requester)
        } catch {
            step.answers.append(
                NodeStep.Answer(requester: requester, outcome: refusal(of: error)))
            return
        }
        try pump(store: store, step: &step)
    }

    /// Answers a query once this replica is known to lead and has applied all that was committed.
    func ask(
        _ query: [UInt8], for requester: Requester, store: NodeStore, step: inout NodeStep
    ) throws(StorageError) {
        guard
            queries.count + queriesReady.count + queriesReading.count < settings.queriesMax
        else {
            refuse(requester, .overloaded, step: &step)
            return
        }
        let token = nextTicket
        nextTicket += 1
        do {
            try raft.requestRead(token: token)
            queries[token] = Query(bytes: query, requester: requester)
        } catch {
            step.answers.append(
                NodeStep.Answer(requester: requester, outcome: refusal(of: error)))
            return
        }
        try pump(store: store, step: &step)
    }

    /// Does what Raft wants done, until it wants nothing more.
    func pump(store: NodeStore, step: inout NodeStep) throws(StorageError) {
        while let ready = raft.takeReady() {
            try persist(ready, step: &step)
            for message in ready.messages { step.outbound.append(message) }
            for request in ready.logReads { readLog(request, step: &step) }
            for replica in ready.snapshotsToSend { startSnapshot(to: replica, step: &step) }
            if let leadership = ready.leadership { note(leadership, step: &step) }
            if let configuration = ready.configuration {
                step.events.append(
                    .configuration(shard: shard, replica: id, configuration))
            }
            if ready.proposalsLost { loseProposals(step: &step) }
            try apply(ready.committed, store: store, step: &step)
            for read in ready.readsReady {
                if let query = queries.removeValue(forKey: read.token) {
                    queriesReady.append((read.index, query))
                }
            }
            for token in ready.readsFailed {
                if let query = queries.removeValue(forKey: token) {
                    step.answers.append(
                        NodeStep.Answer(
                            requester: query.requester, outcome: .notLeader(hint: leaderHint)))
                }
            }
            try runReadyQueries(store: store, step: &step)
        }
        // Entries that cannot be committed yet fill the log, too.
        if logBytes > settings.logBytesMax { try compact(store: store, step: &step) }
    }

    private func note(_ leadership: Leadership, step: inout NodeStep) {
        let led = self.leadership.role == .leader
        self.leadership = leadership
        step.events.append(.leadership(shard: shard, replica: id, leadership))
        if Canary.forgottenEffects.lives { mayHaveEffects = false }
        if led, leadership.role != .leader {
            outboxInFlight = []
            step.publications.append(
                .ownerLost(
                    shard, followers: interest.allFollowers, hint: leadership.leader?.node))
            interest = Interest()
            presence = PresenceTable()
        }
    }

    private func loseProposals(step: inout NodeStep) {
        for index in proposals.keys.sorted() {
            guard let proposal = proposals[index] else { continue }
            step.answers.append(
                NodeStep.Answer(
                    requester: proposal.requester, outcome: .notLeader(hint: leaderHint)))
        }
        proposals = [:]
    }

    /// Answers everybody who waits for this replica, which is given up.
    func abandonRequests(step: inout NodeStep) {
        loseProposals(step: &step)
        var requesters: [Requester] = []
        for token in queries.keys.sorted() {
            if let query = queries[token] { requesters.append(query.requester) }
        }
        requesters += queriesReady.map(\.query.requester)
        queries = [:]
        queriesReady = []
        for requester in requesters {
            step.answers.append(
                NodeStep.Answer(requester: requester, outcome: .notLeader(hint: nil)))
        }
        abandonReads(step: &step)
    }

    /// Answers those whose query waits for a read of a state that is gone.
    func abandonReads(step: inout NodeStep) {
        for ticket in queriesReading.keys.sorted() {
            guard let query = queriesReading[ticket] else { continue }
            step.answers.append(
                NodeStep.Answer(
                    requester: query.requester, outcome: .notLeader(hint: leaderHint)))
        }
        queriesReading = [:]
    }

    private func refuse(_ requester: Requester, _ code: FailureCode, step: inout NodeStep) {
        step.answers.append(
            NodeStep.Answer(requester: requester, outcome: .done(ShardMachine.failure(code))))
    }

    private func refusal(of error: RaftError) -> ShardAnswer {
        switch error {
        case .notLeader(let hint): .notLeader(hint: hint?.node)
        case .transferring(let successor): .notLeader(hint: successor.node)
        case .overloaded, .tooLarge, .configurationInFlight, .invalidConfiguration,
            .unfitSuccessor, .malformedConfiguration, .malformedState:
            .done(ShardMachine.failure(of: error))
        }
    }
}
