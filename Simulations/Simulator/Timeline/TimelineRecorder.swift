internal import Determinism
internal import Identity
internal import Node
internal import Raft

/// Writes down what happens in a run while it happens. Only watches; a run that is not recorded has
/// none, and pays nothing for it.
final class TimelineRecorder {
    /// People beyond so many share a lane.
    private static let clientLanesMax = 24
    /// How often it is looked at which ways are cut.
    private static let cutStep = Interval.milliseconds(5)

    private(set) var timeline = Timeline()
    private let nodeCount: Int
    /// The lane of each person, as far as they have one.
    private var clientLanes: [Int] = []
    /// Looked up only.
    private var labels: [String: Int] = [:]
    private var open: [[Timeline.SpanKind: (label: Int, since: Instant)]]
    private var reigns: [[ShardID: (term: UInt64, since: Instant)]]
    private var nextCutLook = Instant.start
    private var phase = ""

    init(nodeCount: Int) {
        self.nodeCount = nodeCount
        timeline.lanes = (0..<nodeCount).map { Timeline.Lane(name: "node \($0)", isNode: true) }
        timeline.lanes.append(Timeline.Lane(name: "world", isNode: false))
        open = Array(repeating: [:], count: nodeCount)
        reigns = Array(repeating: [:], count: nodeCount)
    }

    /// The lane of what belongs to no node and no client.
    var worldLane: Int { nodeCount }

    /// The lane of a person.
    func lane(ofPerson person: Int) -> Int {
        while clientLanes.count <= person {
            if clientLanes.count < Self.clientLanesMax {
                clientLanes.append(timeline.lanes.count)
                timeline.lanes.append(
                    Timeline.Lane(name: "client \(clientLanes.count - 1)", isNode: false))
            } else {
                clientLanes.append(clientLanes[Self.clientLanesMax - 1])
            }
        }
        return clientLanes[person]
    }

    private func label(_ words: String) -> Int {
        if let known = labels[words] { return known }
        labels[words] = timeline.labels.count
        timeline.labels.append(words)
        return timeline.labels.count - 1
    }

    func message(
        from: Int, to: Int, _ kind: Timeline.MessageKind, _ words: String, sent: Instant,
        arrived: Instant, isLost: Bool = false
    ) {
        timeline.messages.append(
            Timeline.Message(
                from: from, to: to, kind: kind, label: label(words), sent: sent, arrived: arrived,
                isLost: isLost))
    }

    func moment(_ kind: Timeline.MomentKind, _ words: String, lane: Int, at now: Instant) {
        timeline.moments.append(
            Timeline.Moment(lane: lane, kind: kind, label: label(words), at: now))
    }

    /// The run is in this phase now.
    func enter(_ name: String, at now: Instant) {
        guard name != phase else { return }
        phase = name
        timeline.phases.append((name, now))
    }

    /// Something happened inside a node.
    func note(_ event: NodeEvent, of node: Int, at now: Instant) {
        switch event {
        case .leadership(let shard, _, let leadership):
            let isLeader = leadership.role == .leader
            let term = leadership.term.rawValue
            if isLeader, reigns[node][shard]?.term == term { return }
            endReign(of: shard, node, at: now)
            if isLeader { reigns[node][shard] = (term, now) }
        case .applied(let shard, _, let entries, let last, _, _):
            moment(
                .commit,
                "applied \(entries.count) through \(last.rawValue) shard \(shard.rawValue)",
                lane: node, at: now)
        case .snapshotStarted, .snapshotEnded, .snapshotInstalled, .compacted:
            moment(.snapshot, words(event), lane: node, at: now)
        case .replicaCreated, .replicaDestroyed, .replicaSuspect, .configuration:
            moment(.replica, words(event), lane: node, at: now)
        case .appended: break
        case .member, .memberConflict: moment(.member, words(event), lane: node, at: now)
        default: moment(.note, words(event), lane: node, at: now)
        }
    }

    private func words(_ event: NodeEvent) -> String {
        String(String(describing: event).prefix(160))
    }

    /// How the machines are now.
    func look(at cluster: SimulatedCluster) {
        let now = cluster.now
        for (lane, node) in cluster.nodes.enumerated() where lane < nodeCount {
            let isDown = !node.isUp && node.id != nil
            if isDown {
                for shard in reigns[lane].keys.sorted() { endReign(of: shard, lane, at: now) }
            }
            set(.down, isDown ? "no process runs" : nil, of: lane, at: now)
            set(.pause, node.isUp && node.isPaused ? "stands still" : nil, of: lane, at: now)
        }
        guard now >= nextCutLook else { return }
        nextCutLook = now + Self.cutStep
        for (lane, node) in cluster.nodes.enumerated() where lane < nodeCount {
            set(.cut, cuts(of: node, in: cluster), of: lane, at: now)
        }
    }

    /// Which ways of a node are cut, in words; nil when none is.
    private func cuts(of node: SimulatedNode, in cluster: SimulatedCluster) -> String? {
        guard let id = node.id else { return nil }
        var parts: [String] = []
        for other in cluster.nodes {
            guard let otherID = other.id, otherID != id else { continue }
            let path = SimulatedNetwork.Path(from: id, to: otherID)
            switch (cluster.network.isBlocked(path), cluster.network.isBlocked(path.back)) {
            case (true, true): parts.append("to and from node \(other.name)")
            case (true, false): parts.append("to node \(other.name)")
            case (false, true): parts.append("from node \(other.name)")
            case (false, false): break
            }
        }
        return parts.isEmpty ? nil : "cut " + parts.joined(separator: ", ")
    }

    private func set(_ kind: Timeline.SpanKind, _ words: String?, of lane: Int, at now: Instant) {
        let was = open[lane][kind]
        let label = words.map(label)
        guard was?.label != label else { return }
        if let was {
            timeline.spans.append(
                Timeline.Span(lane: lane, kind: kind, label: was.label, from: was.since, to: now))
        }
        open[lane][kind] = label.map { ($0, now) }
    }

    private func endReign(of shard: ShardID, _ lane: Int, at now: Instant) {
        guard let reign = reigns[lane].removeValue(forKey: shard) else { return }
        timeline.reigns.append(
            Timeline.Reign(
                lane: lane, shard: UInt64(shard.rawValue), term: reign.term, from: reign.since,
                to: now))
    }

    /// The run is over: what is open ends.
    func finish(at now: Instant) {
        for lane in 0..<nodeCount {
            for kind in [Timeline.SpanKind.down, .pause, .cut] {
                set(kind, nil, of: lane, at: now)
            }
            for shard in reigns[lane].keys.sorted() { endReign(of: shard, lane, at: now) }
        }
        timeline.end = now
    }
}
