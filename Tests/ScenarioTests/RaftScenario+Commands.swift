import Determinism
import Identity
import Raft

extension RaftScenario {
    mutating func perform(_ command: inout Command) throws(ScriptError) {
        if try performSetUp(&command) { return }
        if try performHost(&command) { return }
        if try performRequest(&command) { return }
        if try performNetwork(&command) { return }
        switch command.name {
        case "tick":
            let nodes = try command.takeNodes()
            try pass(try command.takeInterval(), ticking: nodes, isSettling: false)
        case "run":
            let length = try command.takeInterval()
            let resting = try command.takeNodes("without") ?? []
            shownKinds = command.take("showing")?.split(separator: ",").map(String.init) ?? []
            isTimed = true
            let nodes = hosts.map(\.id.node).filter { !resting.contains($0) }
            try pass(length, ticking: nodes, isSettling: true)
            (isTimed, shownKinds) = (false, [])
        case "state": printState(of: try takePositions(&command))
        case "logs": printLogs(of: try takePositions(&command))
        case "progress": printProgress(of: try position(of: try command.takeNode()))
        case "words":
            for position in try takePositions(&command) {
                let words = hosts[position].words.joined(separator: " ")
                say("\(hosts[position].id)  \(words.isEmpty ? "-" : words)")
            }
        case "configuration":
            for position in try takePositions(&command) {
                let configuration = hosts[position].replica?.configuration ?? .empty
                say("\(hosts[position].id)  \(Self.words(configuration))")
            }
        default: throw ScriptError("there is no command \(command.name)")
        }
    }

    /// The named nodes, or all of them.
    private func takePositions(_ command: inout Command) throws(ScriptError) -> [Int] {
        var positions: [Int] = []
        for word in command.takeWords() {
            for node in try Command.nodes(word) { positions.append(try position(of: node)) }
        }
        return positions.isEmpty ? Array(hosts.indices) : positions
    }

    // MARK: Setting up

    private mutating func performSetUp(_ command: inout Command) throws(ScriptError) -> Bool {
        switch command.name {
        case "group":
            // group voters=n1,n2 learners=n3 outsiders=n4 origin=10/5 oneEntryMessages: a new one.
            self = RaftScenario()
            if command.takeFlag("oneEntryMessages") { settings.messageBytesMax = 1 }
            let voters = try command.takeNodes("voters") ?? []
            let learners = try command.takeNodes("learners") ?? []
            let outsiders = try command.takeNodes("outsiders") ?? []
            let origin = try Self.place(command.take("origin") ?? "0/0")
            for node in (voters + learners + outsiders).sorted() { hosts.append(RaftHost(node)) }
            let configuration = try Self.configuration(voters: voters, learners: learners)
            for position in hosts.indices where !outsiders.contains(hosts[position].id.node) {
                hosts[position].disk.configurations = [(origin.index, configuration)]
                hosts[position].disk.origin = origin.index
                hosts[position].disk.originTerm = origin.term
                hosts[position].disk.applied = origin.index
                hosts[position].disk.hardState = HardState(
                    term: origin.term, vote: nil, commit: origin.index)
            }
            for position in hosts.indices { try start(position) }
        case "given":
            // given n1 term=7 log=1,1,4 commit=2: starts again from such a disk.
            let position = try position(of: try command.takeNode())
            crash(position)
            let terms = command.take("log") ?? ""
            hosts[position].disk.entries = []
            for text in terms.split(separator: ",") {
                let term = Term(try Command.number(String(text)))
                let index = hosts[position].disk.lastIndex.next
                hosts[position].disk.entries.append(
                    LogEntry(
                        index: index, term: term, kind: .command,
                        payload: Array("\(index)/\(term)".utf8)))
            }
            let last = hosts[position].disk.entries.last?.term ?? hosts[position].disk.originTerm
            let term = try command.takeNumber("term").map { Term($0) } ?? last
            let vote = try command.takeNodes("vote")?.first.map { ReplicaID(node: $0) }
            let commit = try command.takeNumber("commit").map { LogIndex($0) }
            hosts[position].disk.hardState = HardState(
                term: term, vote: vote, commit: commit ?? hosts[position].disk.origin)
            try start(position)
        default: return false
        }
        return true
    }

    private static func place(_ text: String) throws(ScriptError) -> (index: LogIndex, term: Term) {
        let parts = text.split(separator: "/").map(String.init)
        guard parts.count == 2 else { throw ScriptError("\(text) is no place; 10/5 is") }
        return (LogIndex(try Command.number(parts[0])), Term(try Command.number(parts[1])))
    }

    private static func configuration(
        voters: [NodeID], learners: [NodeID]
    ) throws(ScriptError) -> Configuration {
        do {
            return try Configuration(
                voters: voters.map { ReplicaID(node: $0) },
                learners: learners.map { ReplicaID(node: $0) })
        } catch { throw ScriptError("\(error)") }
    }

    // MARK: Hosts

    private mutating func performHost(_ command: inout Command) throws(ScriptError) -> Bool {
        let names = [
            "hold", "release", "persist", "crash", "restart", "damage", "compact", "snapshot",
        ]
        guard names.contains(command.name) else { return false }
        let position = try position(of: try command.takeNode())
        switch command.name {
        case "hold", "release":
            let isHeld = command.name == "hold"
            switch try command.takeWord("disk or applying") {
            case "disk":
                hosts[position].isDiskHeld = isHeld
                if !isHeld { persist(position, count: .max) }
            case "applying":
                hosts[position].isApplyingHeld = isHeld
                if !isHeld { apply(position) }
            case let other: throw ScriptError("\(other) cannot be held")
            }
            drain(position)
        case "persist":
            persist(position, count: Int(try command.takeNumber("count") ?? 1))
            drain(position)
        case "crash":
            crash(position)
            if let applied = try command.takeNumber("applied") {
                hosts[position].disk.applied = LogIndex(applied)
                hosts[position].disk.configurations.removeAll { $0.index > LogIndex(applied) }
            }
        case "restart": try start(position)
        case "damage":
            // The log behind `after` is unreadable, and the checksums tell.
            let after = try command.takeNumber("after") ?? 0
            hosts[position].disk.truncate(from: LogIndex(after).next)
            hosts[position].disk.isSuspect = true
        case "compact":
            compact(position, through: LogIndex(try command.takeNumber("through") ?? 0))
        default: try sendSnapshot(&command, from: position)
        }
        return true
    }

    private mutating func compact(_ position: Int, through index: LogIndex) {
        guard let term = hosts[position].disk.term(at: index) else { return }
        let count = index.distance(from: hosts[position].disk.origin)
        hosts[position].disk.entries.removeFirst(count)
        hosts[position].disk.origin = index
        hosts[position].disk.originTerm = term
        hosts[position].replica?.compacted(through: index, term: term)
        drain(position)
    }

    /// Streams what is applied to another host: `snapshot n1 n3`, with `lost` to no effect.
    private mutating func sendSnapshot(
        _ command: inout Command, from position: Int
    ) throws(ScriptError) {
        let follower = try command.takeNode()
        let isLost = command.takeFlag("lost")
        let host = hosts[position]
        guard let leader = host.replica, let term = host.disk.term(at: host.applied) else {
            throw ScriptError("\(host.id) has nothing to send")
        }
        let metadata = SnapshotMetadata(
            index: host.applied, term: term, configuration: leader.configuration)
        if !isLost {
            let now = now
            let decision = try step(follower) {
                $0.receiveSnapshot(
                    metadata, from: leader.id, term: leader.term, at: now, using: &$1)
            }
            say("\(follower) is sent \(metadata.index)/\(metadata.term): \(decision)")
            if decision == .install { try install(metadata, host.words, on: follower) }
        }
        let id = ReplicaID(node: follower)
        try step(host.id.node) { replica, _ in replica.snapshotSent(to: id, success: !isLost) }
    }

    private mutating func install(
        _ metadata: SnapshotMetadata, _ words: [String], on node: NodeID
    ) throws(ScriptError) {
        let position = try position(of: node)
        persist(position, count: .max)
        hosts[position].toApply = []
        hosts[position].disk.entries = []
        hosts[position].disk.origin = metadata.index
        hosts[position].disk.originTerm = metadata.term
        hosts[position].disk.applied = metadata.index
        hosts[position].disk.configurations = [(metadata.index, metadata.configuration)]
        hosts[position].applied = metadata.index
        hosts[position].words = words
        try step(node) { replica, _ in replica.snapshotInstalled(metadata) }
    }
}
