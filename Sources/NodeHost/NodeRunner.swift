internal import Determinism
internal import Gateway
internal import Identity
internal import Logging
internal import Membership
internal import NIOCore
internal import Node
internal import PeerTransport
internal import Registry
internal import RocksStore
internal import Seal
internal import Storage
internal import Wire

/// Steps one node on one event loop and carries out what it wants done. It decides nothing.
///
/// Every callback of sockets, disk and hubs only queues an input. The queue is handed to the node
/// in one go, and what came of it is carried out once: so writes of one turn share a batch, and
/// messages to one node a frame.
final class NodeRunner {
    private let eventLoop: any EventLoop
    private let clock = SystemClock()
    private var generator = SystemGenerator()
    private var node: ClusterNode
    private let disk: DiskThread
    private let views = StoreViews()
    private let logger: Logger
    private let exit: (NodeExit) -> Void

    /// Set once, before the first input.
    var transport: PeerTransport?
    let metrics = NodeMetrics()

    private var inputs: [NodeInput] = []
    private var isScheduled = false
    private var isStopped = false
    private var timer: Scheduled<Void>?
    private var timerAt: Instant?
    /// The number that the disk gave the write of a token: both grow together.
    private var writes: [(number: UInt64, token: UInt64)] = []
    private var hubs: [HubLink] = []
    private var nextRequest: UInt64 = 1
    private var responses: [UInt64: (ClientResponse) -> Void] = [:]
    private var operatorResponses: [UInt64: (OperatorResponse) -> Void] = [:]
    private var clientURLs: [String] = []
    private var factsChanged: ([String], [String], Bool, String) -> Void = { _, _, _, _ in }
    private var toldURLs: [String]?
    private var wasReady: Bool?
    private var factsDue: Instant?
    private static let factsPause = Interval.milliseconds(100)
    /// Kept alive for the transport, which does not.
    var relay: NodeRelay?

    init(
        start: NodeStart, database: RocksDatabase, disk: DiskThread, eventLoop: any EventLoop,
        logger: Logger, exit: @escaping (NodeExit) -> Void
    ) throws(NodeStartError) {
        self.eventLoop = eventLoop
        self.disk = disk
        self.logger = logger
        self.exit = exit
        node = try ClusterNode(
            start, store: database, at: clock.now, wall: SystemClock.wall, using: &generator)
    }

    // MARK: Inputs

    /// Queues an input; it is handled in this turn of the loop or the next.
    func enqueue(_ input: NodeInput) {
        guard !isStopped else { return }
        inputs.append(input)
        guard !isScheduled else { return }
        isScheduled = true
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute { bound.value.run() }
    }

    /// A group of writes is in the store, the last of which had this number.
    func written(through number: UInt64) {
        var last: UInt64?
        while let first = writes.first, first.number <= number {
            last = first.token
            writes.removeFirst()
        }
        if let last { enqueue(.written(through: last)) }
    }

    func perform(_ request: ClientRequest, answer: @escaping (ClientResponse) -> Void) {
        let id = nextRequest
        nextRequest += 1
        responses[id] = answer
        enqueue(.client(.host(id), request))
    }

    func operate(_ request: OperatorRequest, answer: @escaping (OperatorResponse) -> Void) {
        let id = nextRequest
        nextRequest += 1
        operatorResponses[id] = answer
        enqueue(.operate(id, request))
    }

    func attach(_ link: HubLink) {
        hubs.append(link)
        if !clientURLs.isEmpty { link.deliver([.nodes(clientURLs)]) }
    }

    func detach(_ link: HubLink) {
        hubs.removeAll { $0 == link }
        enqueue(.hubClosed(HubID(UInt32(link.number))))
    }

    func receive(_ calls: [HubCall], from link: HubLink) {
        let hub = HubID(UInt32(link.number))
        for call in calls {
            switch call {
            case .request(let token, let request):
                enqueue(.client(.hub(hub, token), request))
            case .follow(let log): enqueue(.follow(hub, log))
            case .unfollow(let log): enqueue(.unfollow(hub, log))
            case .signal(let signal): enqueue(.signal(hub, signal))
            }
        }
    }

    /// Calls `changed` with the nodes that clients may connect to, those that their pages may come
    /// from, and whether the node can serve them or else why not, now and whenever that changes.
    func observe(_ changed: @escaping ([String], [String], Bool, String) -> Void) {
        factsChanged = changed
        tellFacts()
    }

    private func tellFacts() {
        // That it cannot serve any more is told a moment late: to know it costs a look at each
        // shard.
        if wasReady == true, toldURLs == clientURLs, let factsDue, clock.now < factsDue {
            return
        }
        factsDue = clock.now + NodeRunner.factsPause
        let isReady = node.isReadyForClients
        guard isReady != wasReady || toldURLs != clientURLs else { return }
        wasReady = isReady
        toldURLs = clientURLs
        factsChanged(
            clientURLs, node.pageURLs, isReady,
            isReady ? "" : "the node has not found its place and the leaders of its shards yet")
    }

    var registry: RegistryState { node.registry }
    var status: ClusterStatus { node.status }
    var identity: NodeIdentity { node.identity }
    var diskCounters: DiskCounters { disk.counters }

    /// Tells every hub that the node goes away.
    func sayGoodbye(after: Interval, spread: Interval, reason: String) {
        for hub in hubs { hub.deliver([.goaway(after: after, spread: spread, reason: reason)]) }
        enqueue(.leave)
    }

    // MARK: Running

    /// Steps the node no more: the store is about to be closed.
    func stop() {
        isStopped = true
        timer?.cancel()
        inputs = []
    }

    private func run() {
        guard !isStopped else { return }
        isScheduled = false
        let queued = inputs
        inputs = []
        let now = clock.now
        let wall = SystemClock.wall
        if node.nextDeadline <= now {
            node.receive(.timer, at: now, wall: wall, using: &generator)
        }
        for input in queued { node.receive(input, at: now, wall: wall, using: &generator) }
        metrics.inputs += UInt64(queued.count)
        while let ready = node.takeReady() { carryOut(ready) }
        tellFacts()
        scheduleTimer()
    }

    private func scheduleTimer() {
        let deadline = node.nextDeadline
        if let timerAt, timerAt <= deadline, timerAt > clock.now { return }
        timer?.cancel()
        timerAt = deadline
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        timer = eventLoop.scheduleTask(in: clock.amount(until: deadline)) {
            bound.value.timerAt = nil
            bound.value.run()
        }
    }

    private func carryOut(_ ready: NodeReady) {
        if let write = ready.write {
            // Queued before the disk can answer: the answer comes by way of this loop.
            let number = disk.submit(write.batch, sync: write.mustSync)
            writes.append((number, write.token))
        }
        for read in ready.reads { submit(read) }
        for question in ready.questions { submit(question) }
        for view in ready.viewsClosed { views.close(view) }
        for peer in ready.peers {
            transport?.setPeer(peer.node, host: peer.host, port: peer.port)
        }
        for node in ready.peersRemoved { transport?.removePeer(node) }
        for batch in ready.messages { transport?.send(batch.messages, to: batch.to) }
        for datagram in ready.datagrams {
            transport?.sendGossip(datagram.message, to: datagram.to)
        }
        deliver(ready.deliveries)
        if let urls = ready.clientURLs {
            clientURLs = urls
            for hub in hubs { hub.deliver([.nodes(urls)]) }
        }
        for response in ready.responses {
            responses.removeValue(forKey: response.id)?(response.response)
        }
        for response in ready.operatorResponses {
            operatorResponses.removeValue(forKey: response.id)?(response.response)
        }
        for event in ready.events { metrics.note(event, logger: logger) }
        if let reason = ready.exit { exit(reason) }
    }

    private func deliver(_ deliveries: [NodeDelivery]) {
        guard !deliveries.isEmpty else { return }
        for hub in hubs {
            let own = deliveries.filter { $0.hub.rawValue == UInt32(hub.number) }
            if !own.isEmpty { hub.deliver(own.map(\.delivery)) }
        }
    }

    private func submit(_ read: NodeRead) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let eventLoop = eventLoop
        let views = views
        disk.snapshotRead { offered in
            let result = offered.flatMap { offered in
                let snapshot = read.view.map { views.snapshot(of: $0, or: offered) } ?? offered
                return Result { () throws(StorageError) in try snapshot.pairs(read.range) }
            }
            eventLoop.execute {
                switch result {
                case .success(let pairs):
                    bound.value.enqueue(.read(token: read.token, pairs: pairs))
                case .failure(let error):
                    if !bound.value.isStopped { bound.value.exit(.storage(error)) }
                }
            }
        }
    }
}

extension NodeRunner {
    private func submit(_ asked: NodeQuestion) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let eventLoop = eventLoop
        disk.snapshotRead { offered in
            let result = offered.flatMap { snapshot in
                Result { () throws(StorageError) in try asked.question.answer(from: snapshot) }
            }
            eventLoop.execute {
                switch result {
                case .success(let finding):
                    bound.value.enqueue(.found(token: asked.token, finding))
                case .failure(let error):
                    if !bound.value.isStopped { bound.value.exit(.storage(error)) }
                }
            }
        }
    }

    /// A node takes messages too slowly.
    func noteCongestion(of node: NodeID, batchCount: Int) {
        logger.warning(
            "A node takes messages too slowly; the oldest were dropped.",
            metadata: ["node": "\(node)", "batches": "\(batchCount)"])
    }

    /// Asks the registry whether somebody with a join token may become a member.
    func admit(
        _ request: JoinRequest, decide: @escaping (Result<JoinAdmission, PeerRefusal>) -> Void
    ) {
        let description = MemberDescription(
            name: "", zone: request.facts.zone, weight: request.facts.weight,
            host: request.endpoint.host, gossipPort: request.endpoint.gossipPort,
            peerPort: request.endpoint.peerPort, clientURL: request.endpoint.clientURL)
        // The same key and token get the same answer again.
        let digest = Digest.sha256(request.publicKey + request.secret)
        guard let requestID = MessageID(bytes: digest.prefix(MessageID.byteCount)) else { return }
        let action = RegistryAction.admit(
            tokenHash: Digest.sha256(request.secret),
            requestID: requestID, description: description)
        operate(.change(action)) { [self] response in decide(admission(response)) }
    }

    private func admission(
        _ response: OperatorResponse
    ) -> Result<JoinAdmission, PeerRefusal> {
        func refused(_ code: PeerRefusal.Code, _ reason: String) -> Result<
            JoinAdmission, PeerRefusal
        > {
            .failure(PeerRefusal(code: code, reason: reason))
        }
        switch response {
        case .outcome(.admitted(let node)):
            let seeds = registry.members.prefix(JoinReply.seedsMax).map {
                SeedAddress(
                    host: $0.description.host, gossipPort: $0.description.gossipPort,
                    peerPort: $0.description.peerPort)
            }
            return .success(
                JoinAdmission(node: node, registry: registry.encoded, seeds: Array(seeds)))
        case .outcome(.refused(.tokenUsed)):
            return refused(
                .tokenUsed, "The join token was used already: make another with 'cluster token'.")
        case .outcome(.refused(.tokenExpired)):
            return refused(
                .tokenExpired, "The join token has expired: make another with 'cluster token'.")
        case .outcome(.refused(.tokenUnknown)):
            return refused(
                .tokenUnknown,
                "The cluster does not know the join token: make one with "
                    + "'cluster token'.")
        case .outcome(.refused(let refusal)):
            return refused(.badRequest, "The registry refuses: \(refusal).")
        default:
            return refused(.unavailable, "The registry cannot be reached now: try again.")
        }
    }

    /// What the node and its host count, as Prometheus text.
    var metricsText: String {
        let status = node.status
        let led = status.shards.count { $0.local?.isLeader == true }
        let held = status.shards.count { $0.local != nil }
        let disk = diskCounters
        let lines: [(String, String, UInt64)] = [
            ("chaticket_node_inputs_total", "counter", metrics.inputs),
            ("chaticket_node_entries_applied_total", "counter", metrics.entriesApplied),
            ("chaticket_node_leader_changes_total", "counter", metrics.leaderChanges),
            ("chaticket_node_snapshots_sent_total", "counter", metrics.snapshotsSent),
            ("chaticket_node_snapshots_installed_total", "counter", metrics.snapshotsInstalled),
            ("chaticket_node_links_refused_total", "counter", metrics.linksRefused),
            ("chaticket_node_replicas", "gauge", UInt64(held)),
            ("chaticket_node_shards_led", "gauge", UInt64(led)),
            ("chaticket_registry_epoch", "gauge", status.epoch.rawValue),
            ("chaticket_disk_batches_total", "counter", disk.batchCount),
            ("chaticket_disk_writes_total", "counter", disk.writeCount),
            ("chaticket_disk_syncs_total", "counter", disk.syncCount),
            ("chaticket_disk_bytes_total", "counter", disk.byteCount),
        ]
        return lines.map { "# TYPE \($0.0) \($0.1)\n\($0.0) \($0.2)\n" }.joined()
    }
}
