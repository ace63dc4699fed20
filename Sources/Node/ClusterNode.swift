package import Determinism
internal import Identity
internal import Membership
internal import Placement
internal import Raft
package import Registry
internal import Storage
internal import Wire

/// One node of the cluster as one state machine: what happens outside goes in, what shall be done
/// comes out. It never waits and touches nothing but the bounded reads of its store.
///
/// In production a host steps it on one event loop; in simulation many are stepped in one process.
/// It brings the rooms together: Membership says who is alive, the registry who should hold what,
/// Raft orders and replicates, Chat and Accounts say what an entry means.
///
/// Invariants:
/// 1. `replicas` has at most one replica for each shard, in the order of the shards.
/// 2. `registry` never goes back in its epoch.
/// 3. Writes get dense tokens, and their waits are settled in that order.
/// 4. What must not leave before the disk has confirmed waits in `writing`.
/// 5. `step` counts the snapshots on their way.
package struct ClusterNode {
    /// Who this is.
    package let identity: NodeIdentity
    package let settings: NodeSettings
    /// The newest registry that this node knows.
    package internal(set) var registry: RegistryState

    let store: NodeStore
    var members: FailureDetector
    var replicas: [ShardReplica] = []
    /// The newest replica of each shard that was given up here, sorted by shard.
    var destroyed: [(shard: ShardID, replica: ReplicaID)] = []
    var router: RequestRouter
    var following = Following()
    var procedures: [UInt64: RunningProcedure] = [:]
    var nextProcedure: UInt64 = 1

    /// Whom this node believes to lead each shard; soft.
    var leaders: [ShardID: NodeID] = [:]
    /// Counts follows, to try every replica in turn when nobody knows the owner.
    var followAttempts = 0
    /// How many hints about the owner of a shard were followed since the last retry.
    var followRedirects: [ShardID: Int] = [:]
    /// Links that are open, sorted.
    var links: [NodeID] = []
    /// The addresses that the host was given, sorted by node.
    var peers: [NodePeer] = []
    /// When each member was last seen to change between alive and dead, sorted by node.
    var livenessSince: [LivenessSince] = []

    var step: NodeStep
    var ready = NodeReady()
    /// The reason to end was given; nothing is taken any more.
    var hasEnded = false
    /// Batches that the disk has not confirmed, oldest first.
    var writing: [(token: UInt64, waits: [NodeStep.Wait])] = []
    var reading: [UInt64: NodeStep.ReadPurpose] = [:]
    /// Views that nobody needs but a read that is under way; at most one for each read.
    var viewsClosing: [UInt64] = []
    var nextRead: UInt64 = 1
    /// Who was said to type of late, in the chats that this node owns.
    var typing = TypingTable()
    /// Who is at the sockets of this node, and whom they watch.
    var presence = LocalPresence()
    /// Chats whose index of messages is behind.
    var indexing = Indexing()

    var nextTick: Instant
    var nextFollowRetry: Instant
    var nextFollowRefresh: Instant
    var nextReconcile: Instant
    var nextRegistryFetch: Instant
    /// The wall clock of the input at hand.
    var wall = WallTime(milliseconds: 0)
    var isLeaving = false
    /// When a node that leaves says so to the gossip at the latest.
    var leavesGossipAt: Instant?
    /// Public rooms that are known to exist, and those that were asked for.
    var roomsKnown: [ChatID] = []
    var roomsAsked: [ChatID] = []
    /// How far the local replica of the registry was when it was read last.
    var registryApplied = LogIndex.zero
    /// The epoch for which the replicas of this node were made.
    var matchedEpoch = RegistryEpoch.zero
    var nextMoves = Instant.start
    var nextHandOver = Instant.start
    /// Where clients may connect, as the hubs were told last; this node first.
    var clientURLs: [String] = []

    /// Since when a member is believed to be alive, or not to be.
    struct LivenessSince {
        let node: NodeID
        var isAlive: Bool
        var since: Instant
    }

    /// A procedure and what it still waits for.
    struct RunningProcedure {
        var procedure: Procedure
        let source: RequestSource
        var responses: [ShardResponse?]
        var missing: Int
    }

    /// When the host must call with ``NodeInput/timer`` at the latest.
    package var nextDeadline: Instant {
        min(nextTick, members.nextDeadline ?? nextTick)
    }

    /// Takes one input. What it leads to is in ``takeReady()``.
    package mutating func receive(
        _ input: NodeInput, at now: Instant, wall: WallTime,
        using generator: inout some RandomNumberGenerator
    ) {
        guard !hasEnded else { return }
        self.wall = wall
        step.now = now
        do throws(StorageError) {
            try handle(input, using: &generator)
            try settle(using: &generator)
        } catch {
            // Half a step is not to be written, nor told to anybody.
            step = NodeStep(after: step)
            ready.exit = .storage(error)
        }
        if ready.exit != nil { hasEnded = true }
    }

    /// What is to be done since the last call; nil when there is nothing.
    package mutating func takeReady() -> NodeReady? {
        collect()
        guard !ready.isEmpty else { return nil }
        var taken = NodeReady()
        swap(&taken, &ready)
        return taken
    }

    private mutating func handle(
        _ input: NodeInput, using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        switch input {
        case .timer: try advance(using: &generator)
        case .datagram(let message, let address):
            carryOut(members.receive(message, from: address, at: step.now, using: &generator))
        case .messages(let messages, let node):
            for message in messages { try receive(message, from: node, using: &generator) }
        case .linkUp(let node): try linkUp(node)
        case .linkDown(let node, let isRefused):
            try linkDown(node, isRefused: isRefused, using: &generator)
        case .written(let token): try written(through: token)
        case .read(let token, let pairs): try finishRead(token, pairs: pairs)
        case .found(let token, let finding): take(finding, of: token)
        case .client(let source, let request): try begin(request, for: source, using: &generator)
        case .operate(let id, let request): try operate(request, id: id)
        case .follow(let hub, let log): follow(log, for: hub)
        case .unfollow(let hub, let log): unfollow(log, for: hub)
        case .hubClosed(let hub):
            for log in following.logs(of: hub) { unfollow(log, for: hub) }
            presence.close(hub, at: step.now, wall: wall)
        case .signal(let hub, let signal): try receive(signal, from: hub)
        case .leave: leave(using: &generator)
        }
    }

    // MARK: Time

    private mutating func advance(
        using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        let now = step.now
        carryOut(members.advance(to: now, using: &generator))
        guard nextTick <= now else { return }
        nextTick = now + settings.raft.tickInterval
        for replica in replicas {
            try replica.tick(at: now, store: store, step: &step, using: &generator)
        }
        try retryRequests()
        refreshFollowing()
        try refreshPresence()
        try drainOutboxes()
        try reconcile(using: &generator)
        extendIndex()
    }

    // MARK: Disk

    private mutating func written(through token: UInt64) throws(StorageError) {
        store.drop(through: token)
        while let first = writing.first, first.token <= token {
            writing.removeFirst()
            for wait in first.waits { try settle(wait) }
        }
    }

    private mutating func settle(_ wait: NodeStep.Wait) throws(StorageError) {
        if case .indexed = wait.notice { return endIndexing() }
        guard let replica = replica(of: wait.shard) else { return }
        switch wait.notice {
        case .indexed: break
        case .persisted(let id, let token, let messages):
            guard replica.id == id else { return }
            try replica.persisted(through: token, messages: messages, store: store, step: &step)
            if wait.shard == .registry { try adoptRegistry(from: replica) }
        case .snapshotPiece(let ack, let node):
            step.outbound.append(.snapshotAck(ack), to: node)
        case .snapshotInstalled(let metadata, let ack, let node):
            guard replica.id == ack.from else { return }
            try replica.installed(metadata, store: store, step: &step)
            step.outbound.append(.snapshotAck(ack), to: node)
            if wait.shard == .registry { try loadRegistry(from: replica) }
        }
    }

    private mutating func finishRead(
        _ token: UInt64, pairs: [KeyValue]
    ) throws(StorageError) {
        guard let purpose = reading.removeValue(forKey: token) else { return }
        switch purpose {
        case .log(let shard, let request):
            try replica(of: shard)?.finishLogRead(
                request, pairs: pairs, store: store, step: &step)
        case .query(let shard, let id, let ticket):
            guard let replica = replica(of: shard), replica.id == id else { return }
            try replica.finishQuery(ticket, pairs: pairs, step: &step)
        case .snapshot(let shard, let stream):
            if let position = viewsClosing.firstIndex(of: stream) {
                viewsClosing.remove(at: position)
                step.viewsClosed.append(stream)
            } else {
                replica(of: shard)?.sendPage(pairs, of: stream, step: &step)
            }
        case .search, .indexing: preconditionFailure("a question is not answered by a read")
        }
    }

    // MARK: Output

    /// Brings what the step produced to where it belongs, until nothing new comes of it.
    private mutating func settle(
        using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        while !step.answers.isEmpty || !step.publications.isEmpty {
            let answers = step.answers
            step.answers = []
            for answer in answers { try deliver(answer, using: &generator) }
            let publications = step.publications
            step.publications = []
            for publication in publications { try publish(publication) }
        }
    }

    private mutating func collect() {
        guard !step.isEmpty else { return }
        if !step.batch.isEmpty || !step.waits.isEmpty || !step.derived.isEmpty {
            store.stage(&step)
            let token = store.seal()
            writing.append((token, step.waits))
            var batch = step.batch
            batch.append(contentsOf: step.derived)
            ready.write = NodeWrite(token: token, batch: batch, mustSync: step.mustSync)
        }
        for question in step.questions {
            let token = nextRead
            nextRead += 1
            reading[token] = question.purpose
            ready.questions.append(NodeQuestion(token: token, question: question.question))
        }
        indexing.add(step.behind, countMax: settings.indexingMax)
        for read in step.reads {
            let token = nextRead
            nextRead += 1
            reading[token] = read.purpose
            ready.reads.append(NodeRead(token: token, view: read.view, range: read.range))
        }
        ready.viewsOpened += step.viewsOpened
        closeViews()
        for (node, messages) in step.outbound.take() {
            ready.messages.append(NodeMessages(to: node, messages: messages))
        }
        ready.events += step.events
        step = NodeStep(after: step)
    }

    /// A view is closed when nothing reads it any more: a host opens views with their first read.
    private mutating func closeViews() {
        for view in step.viewsClosed {
            let isRead = reading.values.contains { purpose in
                if case .snapshot(_, view) = purpose { true } else { false }
            }
            if isRead { viewsClosing.append(view) } else { ready.viewsClosed.append(view) }
        }
    }

    // MARK: Replicas

    /// This node's replica of `shard`.
    func replica(of shard: ShardID) -> ShardReplica? {
        let position = position(of: shard)
        guard position < replicas.count, replicas[position].shard == shard else { return nil }
        return replicas[position]
    }

    /// Where the replica of `shard` is, or would be.
    func position(of shard: ShardID) -> Int {
        var low = 0
        var high = replicas.count
        while low < high {
            let middle = (low + high) / 2
            if replicas[middle].shard < shard { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension NodeReady {
    var isEmpty: Bool {
        write == nil && viewsOpened.isEmpty && reads.isEmpty && questions.isEmpty
            && viewsClosed.isEmpty
            && datagrams.isEmpty && messages.isEmpty && peers.isEmpty && peersRemoved.isEmpty
            && deliveries.isEmpty && clientURLs == nil && responses.isEmpty
            && operatorResponses.isEmpty
            && events.isEmpty && exit == nil
    }
}
