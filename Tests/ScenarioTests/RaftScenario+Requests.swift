import Determinism
import Identity
import Raft

extension RaftScenario {
    // MARK: Requests of the host

    mutating func performRequest(_ command: inout Command) throws(ScriptError) -> Bool {
        let names = ["campaign", "propose", "read", "transfer", "configure", "forget"]
        guard names.contains(command.name) else { return false }
        let node = try command.takeNode()
        let now = now
        switch command.name {
        case "campaign": try campaign(node)
        case "propose":
            for word in command.takeWords() {
                try request(node) { replica throws(RaftError) in
                    let place = try replica.propose(Array(word.utf8))
                    return "\(word) at \(place.index)/\(place.term)"
                }
            }
        case "read":
            var tokens = [try Command.number(try command.takeWord("a number"))]
            for word in command.takeWords() { tokens.append(try Command.number(word)) }
            try request(node) { [tokens] replica throws(RaftError) in
                for token in tokens { try replica.requestRead(token: token) }
                return nil
            }
        case "transfer":
            let successor = ReplicaID(node: try command.takeNode())
            try request(node) { replica throws(RaftError) in
                try replica.transferLeadership(to: successor)
                return nil
            }
        case "configure":
            let change = try Self.change(&command)
            try request(node) { replica throws(RaftError) in
                let place = try replica.proposeConfiguration(change)
                return "change at \(place.index)/\(place.term)"
            }
        default: try step(node) { $0.forgetLeader(at: now, using: &$1) }
        }
        return true
    }

    /// Asks the replica for something and says what it answers.
    private mutating func request(
        _ node: NodeID, _ body: (inout RaftReplica) throws(RaftError) -> String?
    ) throws(ScriptError) {
        let answer: String? = try step(node) { replica, _ in
            do throws(RaftError) { return try body(&replica) } catch {
                return "refused: \(Self.words(error))"
            }
        }
        if let answer { say("\(node) \(answer)") }
    }

    private static func words(_ error: RaftError) -> String {
        switch error {
        case .notLeader(let hint): "not leader, hint \(hint.map { "\($0)" } ?? "-")"
        case .transferring(let id): "transferring to \(id)"
        case .unfitSuccessor(let id): "\(id) is unfit"
        case .invalidConfiguration(.duplicate(let id)): "\(id) is a member already"
        case .invalidConfiguration(.notLearner(let id)): "\(id) is no learner"
        case .invalidConfiguration(let fault): "\(fault)"
        case .overloaded, .tooLarge, .configurationInFlight, .malformedConfiguration,
            .malformedState:
            "\(error)"
        }
    }

    private static func change(_ command: inout Command) throws(ScriptError) -> ConfigurationChange
    {
        switch try command.takeWord("a change") {
        case "addLearner": return .addLearner(ReplicaID(node: try command.takeNode()))
        case "removeLearner": return .removeLearner(ReplicaID(node: try command.takeNode()))
        case "leaveJoint": return .leaveJoint
        case "enterJoint":
            let isAutomatic = command.takeFlag("autoLeave")
            return .enterJoint(
                voters: (try command.takeNodes("voters") ?? []).map { ReplicaID(node: $0) },
                learners: (try command.takeNodes("learners") ?? []).map { ReplicaID(node: $0) },
                autoLeave: isAutomatic)
        case let other: throw ScriptError("there is no change \(other)")
        }
    }

    // MARK: Time

    /// Ticks one replica alone until it asks for votes; all others stand still meanwhile.
    private mutating func campaign(_ node: NodeID) throws(ScriptError) {
        let position = try position(of: node)
        let end = now + settings.electionTimeoutMin * 7
        let term = hosts[position].replica?.term
        while now < end {
            try pass(settings.tickInterval, ticking: [node], isSettling: false)
            let replica = hosts[position].replica
            if replica?.role != .follower || replica?.term != term { return }
        }
        say("\(node) does not campaign")
    }

    /// Lets time pass in ticks, for these nodes.
    mutating func pass(
        _ length: Interval, ticking nodes: [NodeID], isSettling: Bool
    ) throws(ScriptError) {
        let end = now + length
        while now < end {
            now = now + settings.tickInterval
            let now = now
            for node in nodes where hosts[try position(of: node)].replica != nil {
                try step(node) { $0.tick(at: now, using: &$1) }
            }
            if isSettling { try settle(among: hosts.map(\.id.node)) }
        }
    }

    // MARK: Network

    mutating func performNetwork(_ command: inout Command) throws(ScriptError) -> Bool {
        switch command.name {
        case "settle":
            let words = command.takeWords()
            var nodes: [NodeID] = words.isEmpty ? hosts.map(\.id.node) : []
            for word in words { nodes += try Command.nodes(word) }
            try settle(among: nodes)
        case "deliver", "drop", "show":
            let isCopy = command.takeFlag("copy")
            let chosen = try choose(&command)
            let messages = chosen.map { network[$0] }
            if command.name != "show", !isCopy {
                for position in chosen.reversed() { network.remove(at: position) }
            }
            if messages.isEmpty { say("no such message") }
            for message in messages {
                say(
                    Self.words(message) + (command.name == "drop" ? " (dropped)" : ""))
                guard command.name == "deliver" else { continue }
                isTracing = false
                try deliver(message)
            }
        case "cut":
            let links = try command.takeLinks()
            cuts.formUnion(links)
            network.removeAll {
                links.contains(Link(from: $0.from.node.rawValue, to: $0.to.node.rawValue))
            }
        case "isolate":
            let node = try command.takeNode().rawValue
            for other in hosts.map(\.id.node.rawValue) where other != node {
                cuts.formUnion([Link(from: node, to: other), Link(from: other, to: node)])
            }
            network.removeAll { [$0.from.node.rawValue, $0.to.node.rawValue].contains(node) }
        case "heal": cuts = []
        default: return false
        }
        return true
    }

    /// The messages that `from=`, `to=`, `kind=`, `first=` and `last=` name.
    private func choose(_ command: inout Command) throws(ScriptError) -> [Int] {
        let senders = try command.takeNodes("from")
        let receivers = try command.takeNodes("to")
        let kind = command.take("kind")
        let first = try command.takeNumber("first") ?? .max
        let last = try command.takeNumber("last") ?? .max
        let all = network.indices.filter { position in
            let message = network[position]
            return senders?.contains(message.from.node) != false
                && receivers?.contains(message.to.node) != false
                && (kind == nil || kind == Self.kind(message.body))
        }
        return all.prefix(Int(clamping: first)).suffix(Int(clamping: last))
    }
}
