package import Determinism
internal import Identity
internal import Membership
internal import Node
internal import Registry
internal import Storage
internal import Wire

/// A whole cluster in one process: nodes, disks, network and clients on virtual time, from one seed.
///
/// Every node is the same ``ClusterNode`` that production runs. Nothing here decides anything for it:
/// this carries out what the node wants done, late, in another order, or not at all, as far as its
/// contract allows.
package final class SimulatedCluster {
    enum Event {
        case timer(Int, run: UInt64)
        case datagram(MembershipMessage, from: GossipAddress, to: GossipAddress)
        case messages([PeerMessage], SimulatedNetwork.Path, stream: UInt64)
        case dial(SimulatedNetwork.Path, run: UInt64)
        case linkBroken(SimulatedNetwork.Path, run: UInt64, isRefused: Bool)
        case written(Int, run: UInt64, NodeReady)
        case read(Int, run: UInt64, token: UInt64, [KeyValue])
        case resume(Int)
        case action(UInt64)
    }

    /// The calendar time at which every simulation begins.
    static let epoch: UInt64 = 1_800_000_000_000

    let settings: SimulationSettings
    package private(set) var now = Instant.start
    var queue = EventQueue<Event>()
    var nodes: [SimulatedNode]
    var network: SimulatedNetwork
    var networkGenerator: SeededGenerator
    var diskGenerator: SeededGenerator
    var faultGenerator: SeededGenerator
    package private(set) var eventCount: UInt64 = 0
    /// A rolling hash of everything that happened: equal for equal seeds.
    package private(set) var traceHash: UInt64 = 0
    var trace: [String] = []
    /// What is to be told of each event of a node.
    var observers: [(SimulatedNode, NodeEvent) -> Void] = []
    var onResponse: (UInt64, ClientResponse) -> Void = { _, _ in }
    var onOperatorResponse: (UInt64, OperatorResponse) -> Void = { _, _ in }
    var onDelivery: (SimulatedNode, NodeDelivery) -> Void = { _, _ in }
    var onClientURLs: (SimulatedNode, [String]) -> Void = { _, _ in }
    var onAction: (UInt64) -> Void = { _ in }
    var onExit: (SimulatedNode, NodeExit) -> Void = { _, _ in }

    package init(settings: SimulationSettings) {
        self.settings = settings
        let root = SeededGenerator(seed: settings.seed)
        networkGenerator = root.forked(named: "network")
        diskGenerator = root.forked(named: "disk")
        faultGenerator = root.forked(named: "faults")
        network = SimulatedNetwork(settings: settings.network)
        nodes = (0..<settings.nodeCount).map {
            SimulatedNode(name: $0, generator: root.forked(named: "node \($0)"))
        }
    }

    // MARK: Running

    /// Lets the next thing happen; false when nothing ever will.
    package func step() -> Bool {
        guard let (at, event) = queue.next() else { return false }
        now = max(now, at)
        eventCount += 1
        switch event {
        case .timer(let index, let run):
            guard nodes[index].run == run, nodes[index].isUp else { return true }
            nodes[index].timerAt = nil
            feed(.timer, to: nodes[index])
        case .datagram(let message, let from, let to): arrive(message, from: from, to: to)
        case .messages(let messages, let path, let stream):
            guard network.stream(path)?.number == stream, let node = running(path.to) else {
                return true
            }
            feed(.messages(messages, from: path.from), to: node)
        case .dial(let path, let run): dial(path, run: run)
        case .linkBroken(let path, let run, let isRefused):
            guard let node = running(path.from), node.run == run else { return true }
            feed(.linkDown(path.to, isRefused: isRefused), to: node)
        case .written(let index, let run, let ready):
            guard nodes[index].run == run, nodes[index].isUp else { return true }
            written(ready, on: nodes[index])
        case .read(let index, let run, let token, let pairs):
            guard nodes[index].run == run, nodes[index].isUp else { return true }
            feed(.read(token: token, pairs: pairs), to: nodes[index])
        case .resume(let index):
            nodes[index].pausedUntil = nil
            let backlog = nodes[index].backlog
            nodes[index].backlog = []
            for input in backlog { feed(input, to: nodes[index]) }
        case .action(let number): onAction(number)
        }
        return true
    }

    /// Lets everything happen that happens before `deadline`.
    package func run(until deadline: Instant) {
        while let next = queue.nextAt, next <= deadline, step() {}
        now = max(now, deadline)
    }

    /// Lets things happen until `condition` holds; whether it held before `deadline`.
    package func run(until deadline: Instant, while condition: () -> Bool) -> Bool {
        while condition() {
            guard let next = queue.nextAt, next <= deadline, step() else { return !condition() }
        }
        return true
    }

    /// Schedules a call of ``onAction`` with `number`.
    func schedule(action number: UInt64, after delay: Interval) {
        queue.schedule(.action(number), at: now + delay)
    }

    func wall(of node: SimulatedNode) -> WallTime {
        let milliseconds = Int64(Self.epoch + now.nanoseconds / 1_000_000) + node.clockOffset
        return WallTime(milliseconds: UInt64(max(0, milliseconds)))
    }

    func running(_ id: NodeID) -> SimulatedNode? {
        nodes.first { $0.id == id && $0.isUp }
    }

    /// Gives a node an input, and does what it then wants done.
    func feed(_ input: NodeInput, to node: SimulatedNode) {
        if let pausedUntil = node.pausedUntil, pausedUntil > now {
            node.backlog.append(input)
            return
        }
        node.node?.receive(
            input, at: node.instant(at: now), wall: wall(of: node), using: &node.generator)
        carryOut(of: node)
    }

    // MARK: Carrying out

    func carryOut(of node: SimulatedNode) {
        while let ready = node.node?.takeReady() {
            note(ready, of: node)
            for datagram in ready.datagrams { send(datagram, from: node) }
            for batch in ready.messages { send(batch, from: node) }
            for peer in ready.peers { connect(node, to: peer.node, after: .zero) }
            hand(ready, toDiskOf: node)
            for delivery in ready.deliveries { onDelivery(node, delivery) }
            if let urls = ready.clientURLs { onClientURLs(node, urls) }
            for response in ready.responses { onResponse(response.id, response.response) }
            for response in ready.operatorResponses {
                onOperatorResponse(response.id, response.response)
            }
            for event in ready.events {
                for observer in observers { observer(node, event) }
            }
            if let exit = ready.exit {
                onExit(node, exit)
                crash(node)
                return
            }
        }
        scheduleTimer(of: node)
    }

    private func scheduleTimer(of node: SimulatedNode) {
        guard let deadline = node.node?.nextDeadline else { return }
        let at = max(now, node.worldTime(of: deadline))
        if let scheduled = node.timerAt, scheduled <= at { return }
        node.timerAt = at
        queue.schedule(.timer(node.name, run: node.run), at: at)
    }

    private func hand(_ ready: NodeReady, toDiskOf node: SimulatedNode) {
        guard
            ready.write != nil || !ready.viewsOpened.isEmpty || !ready.reads.isEmpty
                || !ready.viewsClosed.isEmpty
        else { return }
        if let write = ready.write { node.disk.beginWrite(write.batch) }
        let latency: Interval
        if let write = ready.write, write.mustSync {
            latency = settings.disk.syncMin.jittered(
                by: settings.disk.syncWidth, using: &diskGenerator)
        } else {
            latency = .microseconds(10)
        }
        let at = max(node.disk.busyUntil, now) + latency
        node.disk.busyUntil = at
        queue.schedule(.written(node.name, run: node.run, ready), at: at)
    }

    private func written(_ ready: NodeReady, on node: SimulatedNode) {
        if let write = ready.write { node.disk.finishWrite(synced: write.mustSync) }
        for view in ready.viewsOpened { node.disk.openView(view) }
        for read in ready.reads {
            let pairs = node.disk.read(read.range, view: read.view)
            let latency = Interval.microseconds(50).jittered(
                by: .microseconds(200), using: &diskGenerator)
            queue.schedule(
                .read(node.name, run: node.run, token: read.token, pairs), at: now + latency)
        }
        for view in ready.viewsClosed { node.disk.closeView(view) }
        if let write = ready.write { feed(.written(through: write.token), to: node) }
    }

    // MARK: Network

    private func send(_ datagram: NodeDatagram, from node: SimulatedNode) {
        guard let endpoint = node.endpoint else { return }
        for at in network.arrivals(at: now, using: &networkGenerator) {
            queue.schedule(
                .datagram(datagram.message, from: endpoint.gossipAddress, to: datagram.to), at: at)
        }
    }

    private func arrive(
        _ message: MembershipMessage, from address: GossipAddress, to target: GossipAddress
    ) {
        guard
            let receiver = nodes.first(where: {
                $0.isUp && $0.endpoint?.gossipAddress == target
            }), let id = receiver.id,
            !network.isBlocked(SimulatedNetwork.Path(from: message.from, to: id))
        else { return }
        feed(.datagram(message, from: address), to: receiver)
    }

    private func send(_ batch: NodeMessages, from node: SimulatedNode) {
        guard let id = node.id else { return }
        let path = SimulatedNetwork.Path(from: id, to: batch.to)
        guard let stream = network.stream(path), !network.isBlocked(path) else { return }
        let at = network.arrival(on: path, at: now, using: &networkGenerator)
        queue.schedule(.messages(batch.messages, path, stream: stream.number), at: at)
    }

    /// Opens the stream from `node` to the node `peer` after a while, as often as it takes.
    func connect(_ node: SimulatedNode, to peer: NodeID, after delay: Interval) {
        guard let id = node.id, peer != id else { return }
        queue.schedule(
            .dial(SimulatedNetwork.Path(from: id, to: peer), run: node.run), at: now + delay)
    }

    private func dial(_ path: SimulatedNetwork.Path, run: UInt64) {
        guard let node = running(path.from), node.run == run, network.stream(path) == nil else {
            return
        }
        let back = SimulatedNetwork.Path(from: path.to, to: path.from)
        let isOpen =
            running(path.to) != nil && !network.isBlocked(path) && !network.isBlocked(back)
        guard isOpen else {
            connect(node, to: path.to, after: .milliseconds(200))
            return
        }
        _ = network.open(path, at: now)
        feed(.linkUp(path.to), to: node)
    }

    /// Breaks the stream of the path; whoever sends on it learns it after `delay`.
    func breakStream(
        _ path: SimulatedNetwork.Path, isRefused: Bool, noticedAfter delay: Interval
    ) {
        guard network.close(path) != nil, let node = running(path.from) else { return }
        queue.schedule(
            .linkBroken(path, run: node.run, isRefused: isRefused), at: now + delay)
        connect(node, to: path.to, after: delay + .milliseconds(100))
    }

    private func note(_ ready: NodeReady, of node: SimulatedNode) {
        var word = UInt64(node.name) << 56 ^ now.nanoseconds
        word ^= UInt64(ready.write?.batch.byteCount ?? 0) << 20
        word ^= UInt64(ready.messages.count) << 8 ^ UInt64(ready.datagrams.count)
        word ^= UInt64(ready.deliveries.count) << 40
        traceHash = StableHash.of(traceHash ^ word, seed: eventCount)
    }
}
