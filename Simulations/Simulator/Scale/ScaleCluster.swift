internal import Determinism
internal import Identity
internal import Membership
internal import Wire

/// Many failure detectors on a light network: nothing but membership, so that hundreds of nodes run
/// on one core.
///
/// Datagrams take 0.2 to 2.2 ms, as on a local network, and get lost with a chance. The peer links
/// are there already; what they lose is sent again after 200 ms, then after twice as long each time
/// (TCP). Bytes are those of the real encoding, with the envelope of a datagram and without the
/// headers of IP and UDP.
struct ScaleCluster {
    /// What was sent.
    struct Traffic: Hashable {
        var datagrams: UInt64 = 0
        var datagramBytes: UInt64 = 0
        var exchanges: UInt64 = 0
        var exchangeBytes: UInt64 = 0
    }

    /// One node's change of mind about the watched node.
    struct Sighting {
        let at: Instant
        let status: MemberStatus
    }

    /// What was said about nodes that are there.
    struct FalseVerdicts: Hashable {
        /// Lives (a node and an incarnation) that somebody suspected.
        var suspicions: UInt64 = 0
        /// Lives that somebody took for dead.
        var deaths: UInt64 = 0
        /// How often a node took another one that is there for dead.
        var beliefs: UInt64 = 0
    }

    private struct Node {
        var detector: FailureDetector?
        var generation: UInt32 = 0
        var address: GossipAddress
        /// When it is to be stepped next.
        var wakeAt: Instant?
    }

    private enum Event {
        case wake(Int, at: Instant)
        case datagram(MembershipMessage, from: Int, to: Int)
        case sync(MembershipSync, from: Int, to: Int)
        case streamPing(from: Int, to: Int, sequence: UInt32)
        case streamPong(from: Int, to: Int, sequence: UInt32)
    }

    private struct Life: Hashable {
        let node: NodeID
        let incarnation: Incarnation
        let status: MemberStatus
    }

    let settings: MembershipSettings
    var lossPercent: UInt64 = 0
    /// Whether pings over the peer link arrive.
    var hasPeerLinks = true
    /// Whose fate is written down in ``sightings``.
    var watched: Int?
    var sightings: [Sighting] = []
    private(set) var now = Instant.start
    private(set) var traffic = Traffic()
    private(set) var falseVerdicts = FalseVerdicts()
    private var nodes: [Node] = []
    private var stopped: [Int] = []
    private var places: [GossipAddress: Int] = [:]
    private var doubted: Set<Life> = []
    private var queue = EventQueue<Event>()
    private var generator: SeededGenerator

    init(seed: UInt64, settings: MembershipSettings) {
        self.settings = settings
        generator = SeededGenerator(seed: seed).forked(named: "scale")
    }

    // MARK: Nodes

    /// How many nodes were ever added.
    var count: Int { nodes.count }

    /// Adds and starts a node that knows the address of the first.
    mutating func add() {
        let number = nodes.count + 1
        let address = GossipAddress(host: "10.1.\(number >> 8).\(number & 255)", port: 7_000)
        places[address] = nodes.count
        nodes.append(Node(address: address))
        start(nodes.count - 1, known: [])
    }

    /// Starts a node again, with what its predecessor knew; a node always has the next generation.
    mutating func restart(_ place: Int) {
        start(place, known: nodes[place].detector?.addresses ?? [])
        stopped.removeAll { $0 == place }
    }

    /// The process is gone; what it knew is on its disk.
    mutating func stop(_ place: Int) {
        stopped.append(place)
        nodes[place].wakeAt = nil
    }

    private mutating func start(_ place: Int, known: [(NodeID, GossipAddress)]) {
        nodes[place].generation += 1
        let node = nodes[place]
        guard let facts = try? MemberFacts(zone: "zone-\(place % 3)", version: "1.0.0"),
            let endpoint = try? MemberEndpoint(
                host: node.address.host, gossipPort: node.address.port, peerPort: 7_001,
                clientURL: "https://chat-\(place).example.org")
        else { preconditionFailure("texts within their limits") }
        let local = MemberRecord(
            node: NodeID(UInt64(place) + 1), incarnation: Incarnation(generation: node.generation),
            endpoint: endpoint, facts: facts)
        nodes[place].detector = FailureDetector(
            local: local, settings: settings, seeds: place == 0 ? [] : [nodes[0].address],
            known: known, at: now, using: &generator)
        nodes[place].wakeAt = nil
        schedule(place, at: nodes[place].detector?.nextDeadline)
    }

    private func isRunning(_ place: Int) -> Bool { !stopped.contains(place) }

    // MARK: Time

    /// Lets time pass.
    mutating func run(for length: Interval) {
        let end = now + length
        while let at = queue.nextAt, at <= end, let next = queue.next() {
            now = max(now, next.at)
            handle(next.event)
        }
        now = end
    }

    /// Lets time pass in steps of `step` until `condition` holds; how long that took, or nil after
    /// `limit`.
    mutating func time(
        until condition: (ScaleCluster) -> Bool, step: Interval, limit: Interval
    ) -> Interval? {
        let start = now
        while !condition(self) {
            guard now - start < limit else { return nil }
            run(for: step)
        }
        return now - start
    }

    private mutating func handle(_ event: Event) {
        let now = now
        switch event {
        case .wake(let place, let at):
            guard isRunning(place), nodes[place].wakeAt == at else { return }
            nodes[place].wakeAt = nil
            step(place) { $0.advance(to: now, using: &$1) }
        case .datagram(let message, let from, let to):
            let address = nodes[from].address
            step(to) { $0.receive(message, from: address, at: now, using: &$1) }
        case .sync(let sync, let from, let to):
            let node = NodeID(UInt64(from) + 1)
            step(to) { $0.receiveSync(sync, from: node, at: now, using: &$1) }
        case .streamPing(let from, let to, let sequence):
            guard isRunning(to) else { return }
            post(.streamPong(from: to, to: from, sequence: sequence), isReliable: true)
        case .streamPong(let from, let to, let sequence):
            let node = NodeID(UInt64(from) + 1)
            step(to) { detector, _ in
                detector.streamPingAnswered(by: node, sequence: sequence, at: now)
            }
        }
    }

    private mutating func step(
        _ place: Int,
        _ body: (inout FailureDetector, inout SeededGenerator) -> [MembershipEffect]
    ) {
        guard isRunning(place), var detector = nodes[place].detector.take() else { return }
        let effects = body(&detector, &generator)
        let deadline = detector.nextDeadline
        nodes[place].detector = consume detector
        for effect in effects { perform(effect, of: place) }
        schedule(place, at: deadline)
    }

    /// Wakes a node at its next deadline, unless it is woken before.
    private mutating func schedule(_ place: Int, at deadline: Instant?) {
        guard let deadline else { return }
        let at = max(deadline, now)
        if let known = nodes[place].wakeAt, known <= at { return }
        nodes[place].wakeAt = at
        queue.schedule(.wake(place, at: at), at: at)
    }

    // MARK: Effects

    private mutating func perform(_ effect: MembershipEffect, of place: Int) {
        switch effect {
        case .sendDatagram(let message, let to):
            traffic.datagrams += 1
            let bytes = (try? message.encoded().count) ?? 0
            precondition(bytes > 0, "what a node sends can be encoded")
            traffic.datagramBytes += UInt64(bytes + GossipDatagram.overheadByteCount)
            guard let target = places[to], !isLost() else { return }
            post(.datagram(message, from: place, to: target), isReliable: false)
        case .sendSync(let sync, let to):
            traffic.exchanges += 1
            let bytes = (try? PeerMessage.membershipSync(sync).encoded().count) ?? 0
            precondition(bytes > 0, "what a node sends can be encoded")
            traffic.exchangeBytes += UInt64(bytes)
            post(.sync(sync, from: place, to: Int(to.rawValue) - 1), isReliable: true)
        case .sendStreamPing(let to, let sequence):
            guard hasPeerLinks else { return }
            let ping = Event.streamPing(from: place, to: Int(to.rawValue) - 1, sequence: sequence)
            post(ping, isReliable: true)
        case .memberChanged(let record, let previous):
            if record.status != previous { note(record) }
        case .selfIsClonedOrOutdated, .conflict:
            preconditionFailure("every node has an identity and an address of its own")
        }
    }

    private mutating func isLost() -> Bool {
        lossPercent > 0 && generator.chance(lossPercent, in: 100)
    }

    private mutating func post(_ event: Event, isReliable: Bool) {
        var delay = Interval.microseconds(200).jittered(by: .milliseconds(2), using: &generator)
        var patience = Interval.milliseconds(200)
        while isReliable, isLost() {
            delay = delay + patience
            patience = patience * 2
        }
        queue.schedule(event, at: now + delay)
    }

    private mutating func note(_ record: MemberRecord) {
        let subject = Int(record.node.rawValue) - 1
        if subject == watched { sightings.append(Sighting(at: now, status: record.status)) }
        guard isRunning(subject), record.status == .suspect || record.status == .dead else {
            return
        }
        let isNew = doubted.insert(
            Life(node: record.node, incarnation: record.incarnation, status: record.status)
        ).inserted
        if record.status == .dead { falseVerdicts.beliefs += 1 }
        guard isNew else { return }
        if record.status == .dead {
            falseVerdicts.deaths += 1
        } else {
            falseVerdicts.suspicions += 1
        }
    }

    // MARK: Questions

    /// Whether every running node believes that `place` has this status.
    func isBelieved(_ place: Int, _ status: MemberStatus) -> Bool {
        let node = NodeID(UInt64(place) + 1)
        return nodes.indices.allSatisfy { observer in
            observer == place || !isRunning(observer)
                || nodes[observer].detector?.member(node)?.status == status
        }
    }

    /// Whether every running node believes that all running nodes are alive.
    var isComplete: Bool {
        let running = nodes.count - stopped.count
        return nodes.indices.allSatisfy { observer in
            !isRunning(observer) || nodes[observer].detector?.aliveCount == running
        }
    }

    /// A generator of its own for whoever drives the cluster.
    func generator(named name: String) -> SeededGenerator { generator.forked(named: name) }
}
