import Determinism
import Identity
import Raft

/// One Raft group of real replicas whose network, disks and clock belong to the script.
///
/// Nothing happens by itself: messages wait in one queue until they are delivered or dropped, and
/// time stands still until the script lets it pass. Writes are durable and commits applied at once,
/// unless the script holds them. While it runs, two properties of the paper's figure 3 are checked:
/// one leader for each term, and the same entries applied everywhere.
struct RaftScenario: Interpreter {
    var printed: [String] = []
    var isTracing = false
    var now = Instant.start
    /// By ascending node.
    var hosts: [RaftHost] = []
    /// Sent and not yet delivered, oldest first.
    var network: [RaftMessage] = []
    var cuts: Set<Link> = []
    var settings = RaftSettings()
    /// Whether lines begin with the time.
    var isTimed = false
    /// Kinds of messages that are printed as well.
    var shownKinds: [String] = []
    private var leaders: [Term: ReplicaID] = [:]
    private var history: [LogIndex: LogEntry] = [:]

    static let shard = ShardID(1)
    /// More deliveries in one command mean that the group never comes to rest.
    private static let deliveriesMax = 10_000

    init() {}

    // MARK: Printing

    mutating func say(_ line: String) {
        let end = line.lastIndex { $0 != " " }
        let trimmed = end.map { String(line[...$0]) } ?? ""
        printed.append(isTimed ? "\(now) \(trimmed)" : trimmed)
    }

    /// Says what happens to a message, if messages of its kind are to be told.
    mutating func trace(_ message: RaftMessage, _ fate: String = "") {
        guard isTracing || shownKinds.contains(Self.kind(message.body)) else { return }
        say(Self.words(message) + fate)
    }

    // MARK: Hosts

    func position(of node: NodeID) throws(ScriptError) -> Int {
        guard let position = hosts.firstIndex(where: { $0.id.node == node }) else {
            throw ScriptError("there is no \(node)")
        }
        return position
    }

    /// Runs `step` on the replica of `node` with its generator, then does what it asks for.
    mutating func step<Result>(
        _ node: NodeID, _ step: (inout RaftReplica, inout SeededGenerator) -> Result
    ) throws(ScriptError) -> Result {
        let position = try position(of: node)
        var host = hosts[position]
        guard var replica = host.replica else { throw ScriptError("\(node) is down") }
        let result = step(&replica, &host.generator)
        host.replica = replica
        hosts[position] = host
        drain(position)
        return result
    }

    /// Starts the replica from its disk.
    mutating func start(_ position: Int) throws(ScriptError) {
        let restored = hosts[position].restored
        do { try restored.validate() } catch {
            throw ScriptError("\(hosts[position].id) cannot start: \(error)")
        }
        hosts[position].applied = restored.applied
        var host = hosts[position]
        host.replica = RaftReplica(
            id: host.id, shard: Self.shard, settings: settings, restored: restored, at: now,
            using: &host.generator)
        hosts[position] = host
        drain(position)
    }

    /// Loses what is not on disk.
    mutating func crash(_ position: Int) {
        hosts[position].replica = nil
        hosts[position].writes = []
        hosts[position].toApply = []
        hosts[position].isDiskHeld = false
        hosts[position].isApplyingHeld = false
    }

    /// Does everything that the replica asks for, in the promised order.
    mutating func drain(_ position: Int) {
        while let ready = hosts[position].replica?.takeReady() {
            tell(ready, of: position)
            for message in ready.messages { post(message) }
            hosts[position].writes.append(ready)
            hosts[position].toApply += ready.committed
            if !hosts[position].isDiskHeld { persist(position, count: .max) }
            settleUnsynced(position)
            if !hosts[position].isApplyingHeld { apply(position) }
            for request in ready.logReads {
                let result = hosts[position].answer(request)
                hosts[position].replica?.logRead(result)
            }
        }
        hosts[position].replica?.checkInvariants()
        checkLeader(position)
    }

    /// What needs no fsync is durable as soon as all before it is.
    private mutating func settleUnsynced(_ position: Int) {
        while let first = hosts[position].writes.first, !first.mustSync {
            persist(position, count: 1)
        }
    }

    /// Makes the oldest writes durable; messages that waited for them leave.
    mutating func persist(_ position: Int, count: Int) {
        for _ in 0..<min(count, hosts[position].writes.count) {
            let ready = hosts[position].writes.removeFirst()
            hosts[position].disk.write(ready)
            hosts[position].replica?.persisted(through: ready.token)
            for message in ready.messagesAfterPersist { post(message) }
        }
    }

    /// Applies all that is committed here.
    mutating func apply(_ position: Int) {
        for entry in hosts[position].toApply {
            if let other = history[entry.index], other != entry {
                say("!! \(hosts[position].id) applies another entry at \(entry.index)")
            }
            history[entry.index] = entry
            if entry.kind == .command {
                hosts[position].words.append(String(decoding: entry.payload, as: UTF8.self))
            }
            if entry.kind == .configuration,
                let configuration = try? Configuration(bytes: entry.payload)
            {
                hosts[position].disk.configurations.append((entry.index, configuration))
            }
        }
        guard let last = hosts[position].toApply.last else { return }
        hosts[position].toApply = []
        hosts[position].applied = last.index
        hosts[position].disk.applied = last.index
        hosts[position].replica?.applied(through: last.index)
    }

    private mutating func checkLeader(_ position: Int) {
        guard let replica = hosts[position].replica, replica.role == .leader else { return }
        if let other = leaders[replica.term], other != replica.id {
            say("!! \(replica.id) and \(other) lead in term \(replica.term)")
        }
        leaders[replica.term] = replica.id
    }

    // MARK: Network

    /// Puts a message into the queue, unless its link is cut.
    private mutating func post(_ message: RaftMessage) {
        let link = Link(from: message.from.node.rawValue, to: message.to.node.rawValue)
        guard !cuts.contains(link) else {
            trace(message, " (lost)")
            return
        }
        network.append(message)
    }

    /// Hands a message to its receiver; a host that is down does not hear it.
    mutating func deliver(_ message: RaftMessage) throws(ScriptError) {
        let position = try position(of: message.to.node)
        guard hosts[position].replica != nil else {
            trace(message, " (down)")
            return
        }
        trace(message)
        let now = now
        try step(message.to.node) { $0.receive(message, at: now, using: &$1) }
    }

    /// Delivers messages among `nodes`, oldest first, until there are none.
    mutating func settle(among nodes: [NodeID]) throws(ScriptError) {
        for _ in 0..<Self.deliveriesMax {
            let next = network.firstIndex {
                nodes.contains($0.from.node) && nodes.contains($0.to.node)
            }
            guard let next else { return }
            try deliver(network.remove(at: next))
        }
        throw ScriptError("the group does not come to rest")
    }
}
