internal import Determinism
internal import Identity
internal import Membership
internal import Node
internal import Wire

/// A run that is written down while it goes on.
extension Simulation {
    /// Runs as ``run()`` does, and also answers what it looked like. Takes longer, and much memory.
    package func runRecorded() -> (SimulationReport, Timeline) {
        let recorder = TimelineRecorder(nodeCount: cluster.nodes.count)
        for person in people { _ = recorder.lane(ofPerson: person.index) }
        cluster.onStep = { event, since in
            recorder.enter("\(self.phase)", at: self.cluster.now)
            recorder.look(at: self.cluster)
            self.write(event, since: since, to: recorder)
        }
        cluster.onTold = { recorder.note($1, of: $0.name, at: self.cluster.now) }
        defer {
            cluster.onStep = nil
            cluster.onTold = nil
        }
        let report = run()
        recorder.finish(at: cluster.now)
        return (report, recorder.timeline)
    }

    private func write(
        _ event: SimulatedCluster.Event, since: Instant, to recorder: TimelineRecorder
    ) {
        let now = cluster.now
        switch event {
        case .datagram(let message, _, let address, _):
            guard let from = self.lane(of: message.from),
                let to = cluster.listener(at: address), let id = to.id
            else { return }
            recorder.message(
                from: from, to: to.name, .gossip, message.timelineWords, sent: since, arrived: now,
                isLost: cluster.network.isBlocked(
                    SimulatedNetwork.Path(from: message.from, to: id)))
        case .messages(let messages, let path, let stream):
            guard let from = self.lane(of: path.from), let to = self.lane(of: path.to) else {
                return
            }
            recorder.message(
                from: from, to: to, messages.timelineKind, messages.timelineWords, sent: since,
                arrived: now, isLost: cluster.network.stream(path)?.number != stream)
        case .linkBroken(let path, _):
            guard let lane = self.lane(of: path.from), let other = self.lane(of: path.to) else {
                return
            }
            recorder.moment(.note, "lost its link to node \(other)", lane: lane, at: now)
        case .arrival(let node, let arrival):
            guard let client = self.lane(behind: arrival, of: recorder) else { return }
            recorder.message(
                from: client, to: node, .client, words(for: arrival),
                sent: since, arrived: now, isLost: !cluster.nodes[node].isUp)
        case .world(let event): write(event, since: since, to: recorder)
        case .resume(let node): recorder.moment(.note, "goes on", lane: node, at: now)
        default: break
        }
    }

    private func write(_ event: WorldEvent, since: Instant, to recorder: TimelineRecorder) {
        let now = cluster.now
        switch event {
        case .frame(let id, let bytes):
            guard let socket = sockets[id] else { return }
            recorder.message(
                from: socket.node, to: self.lane(of: socket, recorder), .client,
                "frame " + String(decoding: bytes.prefix(90), as: UTF8.self), sent: since,
                arrived: now)
        case .answer(let number, let response):
            guard let operation = operations[number >> 8] else { return }
            let word = response.map { String(String(describing: $0).prefix(60)) } ?? "no answer"
            recorder.message(
                from: operation.node, to: recorder.lane(ofPerson: operation.person), .client,
                "answer to \(operation.request.word): \(word)", sent: since, arrived: now)
        case .opened(let id), .closed(let id, _):
            guard let socket = sockets[id] else { return }
            let isClosed = if case .closed = event { true } else { false }
            recorder.moment(
                .note, "socket to node \(socket.node) \(isClosed ? "closed" : "open")",
                lane: self.lane(of: socket, recorder), at: now)
        case .fault(let kind):
            recorder.moment(.fault, "fault \(kind.rawValue)", lane: recorder.worldLane, at: now)
        case .faultEnds(let end):
            recorder.moment(.note, "fault ends: \(end)", lane: recorder.worldLane, at: now)
        default: break
        }
    }

    private func lane(of node: NodeID) -> Int? { cluster.nodes.first { $0.id == node }?.name }

    private func lane(of socket: ClientSocket, _ recorder: TimelineRecorder) -> Int {
        switch socket.holder {
        case .person(let person): recorder.lane(ofPerson: person)
        case .vandal: recorder.worldLane
        }
    }

    private func lane(behind arrival: ClientArrival, of recorder: TimelineRecorder) -> Int? {
        switch arrival {
        case .request(let number, _):
            operations[number >> 8].map { recorder.lane(ofPerson: $0.person) }
        case .open(let id), .frame(let id, _), .closed(let id):
            sockets[id].map { lane(of: $0, recorder) }
        }
    }

    private func words(for arrival: ClientArrival) -> String {
        switch arrival {
        case .request(_, let request): "request \(request.word)"
        case .open: "upgrade"
        case .frame(_, let bytes):
            "frame " + String(decoding: bytes.prefix(90), as: UTF8.self)
        case .closed: "closes"
        }
    }
}
