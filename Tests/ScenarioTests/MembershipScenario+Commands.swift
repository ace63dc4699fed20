import Determinism
import Identity
import Membership

extension MembershipScenario {
    mutating func perform(_ command: inout Command) throws(ScriptError) {
        if try performProcess(&command) { return }
        if try performNetwork(&command) { return }
        switch command.name {
        case "run": try pass(to: now + (try command.takeInterval()))
        case "until": try wait(&command)
        case "watch":
            let word = try command.takeWord("nodes, all or nobody")
            watched = word == "all" ? nil : word == "nobody" ? [] : try Command.nodes(word)
        case "table": printTable()
        case "health":
            for process in processes {
                guard let detector = process.detector else { continue }
                printed.append("\(process.node)  health score \(detector.healthScore)")
            }
        case "address":
            let subject = try command.takeNode()
            for process in processes {
                guard let record = process.detector?.member(subject) else { continue }
                printed.append("\(process.node)  \(record.endpoint.gossipAddress)")
            }
        case "tell": try tell(&command)
        default: throw ScriptError("there is no command \(command.name)")
        }
    }

    // MARK: Processes

    private mutating func performProcess(_ command: inout Command) throws(ScriptError) -> Bool {
        switch command.name {
        case "settings":
            if let number = try command.takeNumber("confirmations") {
                settings.confirmations = Int(clamping: number)
            }
            if let number = try command.takeNumber("healthScoreLimit") {
                settings.healthScoreLimit = number
            }
            if let number = try command.takeNumber("suspicionMaxFactor") {
                settings.suspicionMaxFactor = number
            }
        case "nodes":
            // Nodes 1 to the number; each knows the address of the first.
            let count = try Command.number(try command.takeWord("a number"))
            for number in 1...max(1, count) {
                try add(NodeID(number))
                let seeds = number == 1 ? [] : [processes[0].endpoint.gossipAddress]
                try start(processes.count - 1, seeds: seeds, known: [])
            }
        case "start":
            // start n4 seeds=n1,n2: a node that was never there.
            let node = try command.takeNode()
            try add(node)
            try start(
                processes.count - 1, seeds: try takeAddresses(&command, "seeds").map(\.1), known: []
            )
        case "stop":
            for node in try command.takeNodes() {
                let position = try position(of: node)
                processes[position].known = processes[position].detector?.addresses ?? []
                processes[position].detector = nil
            }
        case "restart": try restart(&command)
        case "freeze", "thaw":
            let isFrozen = command.name == "freeze"
            for node in try command.takeNodes() {
                processes[try position(of: node)].isFrozen = isFrozen
            }
        default: return try performRequest(&command)
        }
        return true
    }

    private mutating func add(_ node: NodeID) throws(ScriptError) {
        processes.append(
            Process(
                node: node, detector: nil, generator: SeededGenerator(seed: node.rawValue),
                endpoint: try Self.endpoint(of: node)))
    }

    /// `restart n3`: with the addresses that it had persisted and the next generation, unless
    /// `generation=` (a copied or restored disk) says otherwise; `port=` is where it listens now.
    private mutating func restart(_ command: inout Command) throws(ScriptError) {
        let nodes = try command.takeNodes()
        let generation = try command.takeNumber("generation").map { UInt32(clamping: $0) }
        let port = try command.takeNumber("port")
        for node in nodes {
            let position = try position(of: node)
            processes[position].generation = generation ?? processes[position].generation + 1
            if let port {
                processes[position].endpoint = try Self.endpoint(of: node, port: port)
            }
            try start(position, seeds: [], known: processes[position].known)
        }
    }

    private func takeAddresses(
        _ command: inout Command, _ key: String
    ) throws(ScriptError) -> [(NodeID, GossipAddress)] {
        var found: [(NodeID, GossipAddress)] = []
        for node in try command.takeNodes(key) ?? [] {
            found.append((node, processes[try position(of: node)].endpoint.gossipAddress))
        }
        return found
    }

    /// What a host asks of its detector.
    private mutating func performRequest(_ command: inout Command) throws(ScriptError) -> Bool {
        guard ["leave", "move", "remove", "registered"].contains(command.name) else { return false }
        let nodes = try command.takeNodes()
        let now = now
        switch command.name {
        case "leave":
            step(try position(of: nodes[0])) { detector, _ in
                detector.leave(at: now)
                return []
            }
        case "move":
            let position = try position(of: nodes[0])
            let port = try command.takeNumber("port") ?? 7_000
            let endpoint = try Self.endpoint(of: nodes[0], port: port)
            processes[position].endpoint = endpoint
            step(position) { detector, _ in
                detector.updateLocal(endpoint: endpoint, at: now)
                return []
            }
        default:
            let isRemoval = command.name == "remove"
            for position in processes.indices {
                step(position) { detector, _ in
                    if isRemoval {
                        for node in nodes { detector.remove(node) }
                    } else {
                        detector.note(registered: nodes)
                    }
                    return []
                }
            }
        }
        return true
    }

    // MARK: Network

    private mutating func performNetwork(_ command: inout Command) throws(ScriptError) -> Bool {
        switch command.name {
        case "cut":
            if command.takeFlag("datagrams") {
                datagramCuts.formUnion(try command.takeLinks())
            } else {
                cuts.formUnion(try command.takeLinks())
            }
        case "mend":
            let links = try command.takeLinks()
            cuts.subtract(links)
            datagramCuts.subtract(links)
        case "heal": (cuts, datagramCuts, lossPercent) = ([], [], 0)
        case "loss": lossPercent = try Command.number(try command.takeWord("percent"))
        default: return false
        }
        return true
    }

    /// `tell n1 suspect n3 1.0 from=n4 by=n5`: n1 hears it in a datagram from n4, whose incarnation
    /// is that of its process, or `as=`.
    private mutating func tell(_ command: inout Command) throws(ScriptError) {
        let listener = try position(of: try command.takeNode())
        let status = try command.takeWord("alive, suspect or dead")
        let subject = try command.takeNode()
        let incarnation = try Self.incarnation(try command.takeWord("an incarnation"))
        let teller = try command.takeNodes("from")?.first ?? subject
        let accuser = try command.takeNodes("by")?.first ?? teller
        let update: MemberUpdate
        switch status {
        case "alive":
            let port = try command.takeNumber("port") ?? 7_000
            guard let facts = try? MemberFacts() else { throw ScriptError("no facts") }
            update = .alive(
                node: subject, incarnation: incarnation,
                endpoint: try Self.endpoint(of: subject, port: port), facts: facts)
        case "suspect": update = .suspect(node: subject, incarnation: incarnation, from: accuser)
        case "dead": update = .dead(node: subject, incarnation: incarnation, from: accuser)
        default: throw ScriptError("\(status) cannot be told")
        }
        let source = processes[try position(of: teller)]
        var incarnationOfTeller =
            source.detector?.local.incarnation ?? Incarnation(generation: source.generation)
        if let text = command.take("as") { incarnationOfTeller = try Self.incarnation(text) }
        let message = MembershipMessage(
            from: teller, fromIncarnation: incarnationOfTeller,
            body: .gossip, updates: [update])
        let now = now
        step(listener) {
            $0.receive(message, from: source.endpoint.gossipAddress, at: now, using: &$1)
        }
    }

    private static func incarnation(_ text: String) throws(ScriptError) -> Incarnation {
        let parts = text.split(separator: ".").map(String.init)
        guard parts.count == 2 else { throw ScriptError("\(text) is no incarnation; 1.0 is") }
        return Incarnation(
            generation: UInt32(try Command.number(parts[0])),
            counter: UInt32(try Command.number(parts[1])))
    }

    // MARK: Waiting

    /// `until n3 dead within=30s`: until every running node, or `at=`, believes so. `until agreed`:
    /// until all running nodes believe that exactly the running ones are alive.
    private mutating func wait(_ command: inout Command) throws(ScriptError) {
        let begin = now
        let end = now + (try Command.interval(command.take("within") ?? "60s"))
        let word = try command.takeWord("a node or agreed")
        let goal: String
        let holds: Bool
        if word == "agreed" {
            goal = "all agree"
            holds = try pass(to: end) { $0.isAgreed }
        } else {
            let subject = try Command.node(word)
            let status = try command.takeWord("a status")
            let observers = try command.takeNodes("at")
            goal = "\(subject) \(status) at \(observers == nil ? "all" : "some")"
            holds = try pass(to: end) { scenario in
                scenario.processes.allSatisfy { process in
                    guard process.node != subject, observers?.contains(process.node) != false,
                        let detector = process.detector, !process.isFrozen
                    else { return true }
                    return detector.member(subject).map { "\($0.status)" } ?? "unknown" == status
                }
            }
        }
        printed.append(
            holds
                ? "\(goal), after \((now - begin).milliseconds) ms"
                : "not \(goal) within \((end - begin).milliseconds) ms")
    }

    private var isAgreed: Bool {
        let running = processes.filter { $0.detector != nil && !$0.isFrozen }
        let truth = running.compactMap { $0.detector?.local }
        return running.allSatisfy { process in
            let alive = process.detector?.members.filter { $0.status == .alive } ?? []
            return alive == truth
                && process.detector?.members.contains { $0.status == .suspect } == false
        }
    }

    // MARK: Printing

    /// A row for each running node: what it believes of each.
    private mutating func printTable() {
        let width = 14
        let names = processes.map { "\($0.node)".padded(to: width) }.joined()
        printed.append(Self.trimmed("    " + names))
        for process in processes {
            guard let detector = process.detector else { continue }
            let cells = processes.map { subject in
                let record = detector.member(subject.node)
                return (record.map { "\($0.status) \($0.incarnation)" } ?? "-").padded(to: width)
            }
            printed.append(Self.trimmed("\(process.node)".padded(to: 4) + cells.joined()))
        }
    }

    private static func trimmed(_ line: String) -> String {
        line.lastIndex { $0 != " " }.map { String(line[...$0]) } ?? ""
    }

    static func words(_ message: MembershipMessage) -> String {
        let updates = message.updates.map { update in
            switch update {
            case .alive(let node, let incarnation, _, _): "alive \(node) \(incarnation)"
            case .suspect(let node, let incarnation, let from):
                "suspect \(node) \(incarnation) by \(from)"
            case .dead(let node, let incarnation, let from):
                "dead \(node) \(incarnation) by \(from)"
            }
        }
        return words(message.body)
            + (updates.isEmpty ? "" : "  [\(updates.joined(separator: ", "))]")
    }

    private static func words(_ body: MembershipMessage.Body) -> String {
        switch body {
        case .ping(let sequence, let target):
            "ping \(sequence)\(target.map { " for \($0)" } ?? "")"
        case .pingRequest(let sequence, let target, _): "pingRequest \(sequence) for \(target)"
        case .ack(let sequence): "ack \(sequence)"
        case .nack(let sequence): "nack \(sequence)"
        case .gossip: "gossip"
        case .digest(let digest): "digest of \(digest.entries.count)"
        }
    }
}
