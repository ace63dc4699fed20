import Determinism
import Identity
import Membership

/// A cluster of real failure detectors whose network, processes and clock belong to the script.
///
/// Time passes only in `run` and `until`; then every detector is stepped at its deadlines, and a
/// datagram or an exchange takes one millisecond. What a node comes to believe is printed with the
/// time.
struct MembershipScenario: Interpreter {
    /// One node and its process, if it runs.
    struct Process {
        let node: NodeID
        var detector: FailureDetector?
        var generator: SeededGenerator
        var generation: UInt32 = 1
        var endpoint: MemberEndpoint
        /// What it had persisted when it stopped.
        var known: [(NodeID, GossipAddress)] = []
        /// Neither hears nor does anything.
        var isFrozen = false
    }

    private enum Payload {
        case datagram(MembershipMessage, from: GossipAddress, to: GossipAddress)
        case sync(MembershipSync, from: NodeID, to: NodeID)
        case streamPing(from: NodeID, to: NodeID, sequence: UInt32)
        case streamPong(from: NodeID, to: NodeID, sequence: UInt32)
    }

    var printed: [String] = []
    var isTracing = false
    var now = Instant.start
    /// By ascending node.
    var processes: [Process] = []
    var settings = MembershipSettings()
    var cuts: Set<Link> = []
    /// Cut for datagrams only: the peer link works.
    var datagramCuts: Set<Link> = []
    var lossPercent: UInt64 = 0
    /// Whose beliefs are printed; nil for all.
    var watched: [NodeID]?
    private var events: [(at: Instant, payload: Payload)] = []
    private var generator = SeededGenerator(seed: 0)

    private static let delay = Interval.milliseconds(1)
    /// More steps in one command mean that time stands still.
    private static let stepsMax = 1_000_000

    init() {}

    mutating func say(_ line: String) { printed.append("\(now) \(line)") }

    // MARK: Processes

    func position(of node: NodeID) throws(ScriptError) -> Int {
        guard let position = processes.firstIndex(where: { $0.node == node }) else {
            throw ScriptError("there is no \(node)")
        }
        return position
    }

    static func endpoint(of node: NodeID, port: UInt64 = 7_000) throws(ScriptError)
        -> MemberEndpoint
    {
        do {
            return try MemberEndpoint(
                host: "10.0.0.\(node.rawValue)", gossipPort: UInt16(port), peerPort: 7_001,
                clientURL: "http://10.0.0.\(node.rawValue)")
        } catch { throw ScriptError("\(error)") }
    }

    /// Starts a process with the addresses that it knows.
    mutating func start(
        _ position: Int, seeds: [GossipAddress], known: [(NodeID, GossipAddress)]
    ) throws(ScriptError) {
        var process = processes[position]
        let facts: MemberFacts
        do { facts = try MemberFacts() } catch { throw ScriptError("\(error)") }
        let local = MemberRecord(
            node: process.node, incarnation: Incarnation(generation: process.generation),
            endpoint: process.endpoint, facts: facts)
        process.detector = FailureDetector(
            local: local, settings: settings, seeds: seeds, known: known, at: now,
            using: &process.generator)
        process.isFrozen = false
        processes[position] = process
    }

    /// Steps one detector and does what it asks for.
    mutating func step(
        _ position: Int,
        _ body: (inout FailureDetector, inout SeededGenerator) -> [MembershipEffect]
    ) {
        var process = processes[position]
        guard var detector = process.detector else { return }
        let effects = body(&detector, &process.generator)
        detector.checkInvariants()
        process.detector = detector
        processes[position] = process
        for effect in effects { perform(effect, of: detector) }
    }

    private mutating func perform(_ effect: MembershipEffect, of detector: FailureDetector) {
        let node = detector.local.node
        switch effect {
        case .sendDatagram(let message, let to):
            send(message, from: detector.local.endpoint.gossipAddress, to: to)
        case .sendSync(let sync, let to):
            if isTracing { say("\(node) => \(to)  exchange of \(sync.members.count) members") }
            if isLinked(detector, to) { post(.sync(sync, from: node, to: to)) }
        case .sendStreamPing(let to, let sequence):
            if isTracing { say("\(node) => \(to)  ping \(sequence) over the peer link") }
            if isLinked(detector, to) {
                post(.streamPing(from: node, to: to, sequence: sequence))
            }
        case .memberChanged(let record, let previous):
            guard watched?.contains(node) != false else { return }
            let change = record.status == previous ? "now" : "is"
            say("\(node): \(record.node) \(change) \(record.status) \(record.incarnation)")
        case .selfIsClonedOrOutdated(let newer):
            // As the host does.
            guard let position = processes.firstIndex(where: { $0.node == node }),
                processes[position].detector != nil
            else { return }
            processes[position].detector = nil
            say("\(node) exits: there is a \(newer) of it")
        case .conflict(let subject, let known, let claimed):
            say("\(node): \(subject) is at \(known.gossipAddress) and \(claimed.gossipAddress)")
        }
    }

    // MARK: Network

    /// Whether the peer link leads from a node to where it believes the other to be.
    private func isLinked(_ detector: FailureDetector, _ to: NodeID) -> Bool {
        guard let target = processes.first(where: { $0.node == to }),
            detector.member(to)?.endpoint == target.endpoint
        else { return false }
        return !cuts.contains(Link(from: detector.local.node.rawValue, to: to.rawValue))
    }

    private mutating func send(
        _ message: MembershipMessage, from: GossipAddress, to: GossipAddress
    ) {
        let target = processes.first { $0.endpoint.gossipAddress == to }?.node
        let link = Link(from: message.from.rawValue, to: target?.rawValue ?? 0)
        let isLost =
            cuts.contains(link) || datagramCuts.contains(link)
            || lossPercent > 0 && generator.chance(lossPercent, in: 100)
        if isTracing {
            let name = target.map { "\($0)" } ?? "\(to)"
            say("\(message.from) -> \(name)  \(Self.words(message))\(isLost ? " (lost)" : "")")
        }
        if !isLost { post(.datagram(message, from: from, to: to)) }
    }

    private mutating func post(_ payload: Payload) {
        events.append((now + Self.delay, payload))
    }

    private mutating func deliver(_ payload: Payload) {
        let now = now
        switch payload {
        case .datagram(let message, let from, let to):
            guard let position = running(where: { $0.endpoint.gossipAddress == to }) else { return }
            step(position) { $0.receive(message, from: from, at: now, using: &$1) }
        case .sync(let sync, let from, let to):
            guard let position = running(where: { $0.node == to }) else { return }
            step(position) { $0.receiveSync(sync, from: from, at: now, using: &$1) }
        case .streamPing(let from, let to, let sequence):
            guard running(where: { $0.node == to }) != nil,
                !cuts.contains(Link(from: to.rawValue, to: from.rawValue))
            else { return }
            post(.streamPong(from: to, to: from, sequence: sequence))
        case .streamPong(let from, let to, let sequence):
            guard let position = running(where: { $0.node == to }) else { return }
            step(position) { detector, _ in
                detector.streamPingAnswered(by: from, sequence: sequence, at: now)
            }
        }
    }

    private func running(where condition: (Process) -> Bool) -> Int? {
        processes.firstIndex { $0.detector != nil && !$0.isFrozen && condition($0) }
    }

    // MARK: Time

    /// Lets time pass until `end`, or until `condition` holds after a step; whether it did.
    @discardableResult
    mutating func pass(
        to end: Instant, until condition: (MembershipScenario) -> Bool = { _ in false }
    ) throws(ScriptError) -> Bool {
        for _ in 0..<Self.stepsMax {
            if condition(self) { return true }
            // All messages take the same time, so that the first one sent is the first to arrive.
            var next = events.first.map { (at: $0.at, position: Int?.none) }
            for (position, process) in processes.enumerated() where !process.isFrozen {
                guard let deadline = process.detector?.nextDeadline else { continue }
                let at = max(deadline, now)
                if let next, next.at <= at { continue }
                next = (at, position)
            }
            guard let next, next.at <= end else {
                now = end
                return condition(self)
            }
            now = next.at
            let now = now
            if let position = next.position {
                step(position) { $0.advance(to: now, using: &$1) }
            } else {
                deliver(events.removeFirst().payload)
            }
        }
        throw ScriptError("time stands still")
    }
}
