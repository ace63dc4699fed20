import Determinism
import Identity

@testable import Membership

/// A small network on virtual time: every node is a `FailureDetector`, every delivery an event.
struct TestNetwork {
    /// One process.
    struct Process {
        var detector: FailureDetector
        var isRunning = true
        /// Every change of status that it reported: who, to what, when.
        var history: [(NodeID, MemberStatus, Instant)] = []
        var wasToldToExit = false
    }

    private enum Payload {
        case datagram(MembershipMessage, from: GossipAddress, to: GossipAddress)
        case sync(MembershipSync, from: NodeID, to: NodeID)
        case streamPing(from: NodeID, to: NodeID, sequence: UInt32)
        case streamPong(from: NodeID, to: NodeID, sequence: UInt32)
    }

    private struct Event {
        let at: Instant
        let order: UInt64
        let payload: Payload
    }

    private(set) var now = Instant.start
    /// By node number minus one.
    var processes: [Process] = []
    var settings = MembershipSettings()
    /// Lost datagrams in percent.
    var lossPercent: UInt64 = 0
    /// Whether nothing gets from the first to the second; also over the peer link.
    var isCut: (NodeID, NodeID) -> Bool = { _, _ in false }
    /// Whether only datagrams are affected by `isCut`.
    var peerLinksWork = false
    private(set) var datagrams = 0
    private(set) var syncs = 0
    private(set) var largestDatagram = 0
    private var events: [Event] = []
    private var nextOrder: UInt64 = 0
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    static func endpoint(_ number: Int, port: Int = 7_000) -> MemberEndpoint {
        guard
            let endpoint = try? MemberEndpoint(
                host: "10.0.0.\(number)", gossipPort: UInt16(port), peerPort: 7_001,
                clientURL: "http://10.0.0.\(number):8080")
        else { preconditionFailure("short enough") }
        return endpoint
    }

    static func facts(zone: String = "") -> MemberFacts {
        guard let facts = try? MemberFacts(zone: zone, version: "test") else {
            preconditionFailure("short enough")
        }
        return facts
    }

    static func record(_ number: Int, generation: UInt32 = 1, port: Int = 7_000) -> MemberRecord {
        MemberRecord(
            node: NodeID(UInt64(number)), incarnation: Incarnation(generation: generation),
            endpoint: endpoint(number, port: port), facts: facts())
    }

    /// Starts `count` nodes; each knows one seed, the first node.
    static func cluster(_ count: Int, seed: UInt64) -> TestNetwork {
        var network = TestNetwork(seed: seed)
        for number in 1...count { network.start(number) }
        network.run(for: .seconds(3))
        return network
    }

    /// Starts node `number`, or starts it again with a higher generation.
    mutating func start(
        _ number: Int, generation: UInt32 = 1, port: Int = 7_000, seeds: [GossipAddress]? = nil,
        known: [(NodeID, GossipAddress)] = []
    ) {
        let first = GossipAddress(host: "10.0.0.1", port: 7_000)
        let detector = FailureDetector(
            local: Self.record(number, generation: generation, port: port), settings: settings,
            seeds: seeds ?? (number == 1 ? [] : [first]), known: known, at: now,
            using: &generator)
        if number > processes.count {
            processes.append(Process(detector: detector))
        } else {
            processes[number - 1] = Process(detector: detector)
        }
    }

    mutating func kill(_ number: Int) { processes[number - 1].isRunning = false }

    /// Lets `number` handle something by hand.
    mutating func change(_ number: Int, _ body: (inout FailureDetector) -> Void) {
        body(&processes[number - 1].detector)
    }

    mutating func run(for length: Interval) {
        let end = now + length
        while true {
            var next: (at: Instant, process: Int?)?
            if let event = events.first { next = (event.at, nil) }
            for (position, process) in processes.enumerated() where process.isRunning {
                guard let deadline = process.detector.nextDeadline else { continue }
                let at = max(deadline, now)
                if let known = next, known.at <= at { continue }
                next = (at, position)
            }
            guard let next, next.at <= end else { break }
            now = next.at
            if let position = next.process {
                let effects = processes[position].detector.advance(to: now, using: &generator)
                perform(effects, of: position)
            } else {
                deliver(events.removeFirst())
            }
        }
        now = end
    }

    private mutating func deliver(_ event: Event) {
        switch event.payload {
        case .datagram(let message, let from, let to):
            for position in processes.indices where processes[position].isRunning {
                guard processes[position].detector.local.endpoint.gossipAddress == to,
                    !isCut(message.from, processes[position].detector.local.node)
                else { continue }
                let effects = processes[position].detector.receive(
                    message, from: from, at: now, using: &generator)
                perform(effects, of: position)
            }
        case .sync(let sync, let from, let to):
            guard let position = linked(from, to) else { return }
            let effects = processes[position].detector.receiveSync(
                sync, from: from, at: now, using: &generator)
            perform(effects, of: position)
        case .streamPing(let from, let to, let sequence):
            guard linked(from, to) != nil else { return }
            post(.streamPong(from: to, to: from, sequence: sequence))
        case .streamPong(let from, let to, let sequence):
            guard let position = linked(from, to) else { return }
            let effects = processes[position].detector.streamPingAnswered(
                by: from, sequence: sequence, at: now)
            perform(effects, of: position)
        }
    }

    private func linked(_ from: NodeID, _ to: NodeID) -> Int? {
        let position = Int(to.rawValue) - 1
        guard position < processes.count, processes[position].isRunning else { return nil }
        return isCut(from, to) && !peerLinksWork ? nil : position
    }

    private mutating func perform(_ effects: [MembershipEffect], of position: Int) {
        let detector = processes[position].detector
        detector.checkInvariants()
        for effect in effects {
            switch effect {
            case .sendDatagram(let message, let to):
                datagrams += 1
                largestDatagram = max(largestDatagram, message.encodedBytesMax)
                guard !generator.chance(lossPercent, in: 100) else { continue }
                post(.datagram(message, from: detector.local.endpoint.gossipAddress, to: to))
            case .sendSync(let sync, let to):
                syncs += 1
                // The peer link goes where the member is believed to listen.
                guard let target = detector.member(to),
                    processes[Int(to.rawValue) - 1].detector.local.endpoint == target.endpoint
                else { continue }
                post(.sync(sync, from: detector.local.node, to: to))
            case .sendStreamPing(let to, let sequence):
                guard let target = detector.member(to),
                    processes[Int(to.rawValue) - 1].detector.local.endpoint == target.endpoint
                else { continue }
                post(.streamPing(from: detector.local.node, to: to, sequence: sequence))
            case .memberChanged(let record, let previous):
                if record.status != previous {
                    processes[position].history.append((record.node, record.status, now))
                }
            case .selfIsClonedOrOutdated: processes[position].wasToldToExit = true
            case .conflict: break
            }
        }
    }

    private mutating func post(_ payload: Payload) {
        let delay = Interval.microseconds(200).jittered(by: .milliseconds(2), using: &generator)
        let event = Event(at: now + delay, order: nextOrder, payload: payload)
        nextOrder += 1
        let place =
            events.firstIndex { ($0.at, $0.order) > (event.at, event.order) } ?? events.count
        events.insert(event, at: place)
    }

    // MARK: Questions

    /// What `observer` believes about `subject`.
    func belief(of observer: Int, about subject: Int) -> MemberStatus? {
        processes[observer - 1].detector.member(NodeID(UInt64(subject)))?.status
    }

    /// Whether all running nodes believe that exactly the running nodes are alive, where they are.
    var isConverged: Bool {
        let running = processes.filter(\.isRunning)
        return running.allSatisfy { observer in
            running.allSatisfy { subject in
                let record = observer.detector.member(subject.detector.local.node)
                return record?.status == .alive
                    && record?.endpoint == subject.detector.local.endpoint
                    && record?.incarnation == subject.detector.local.incarnation
            }
                && observer.detector.members.allSatisfy { record in
                    record.status != .alive
                        || processes[Int(record.node.rawValue) - 1].isRunning
                }
        }
    }

    /// How often a running node was called dead by anybody.
    var deathsReported: Int {
        processes.reduce(0) { $0 + $1.history.count { $0.1 == .dead } }
    }

    /// Runs in steps of 50 ms until `condition` holds; nil when it does not within `limit`.
    mutating func time(
        until condition: (TestNetwork) -> Bool, within limit: Interval
    ) -> Interval? {
        let start = now
        while !condition(self) {
            guard now - start < limit else { return nil }
            run(for: .milliseconds(50))
        }
        return now - start
    }
}
