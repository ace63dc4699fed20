import Determinism
import Dispatch
import Foundation
import Identity
import Logging
import Membership
import NIOCore
import NIOPosix
import PeerTransport
import Seal
import Synchronization
import Testing
import Wire

/// What a transport told, as a test waits for it.
enum TransportEvent: Hashable, Sendable {
    case messages([PeerMessage], from: NodeID)
    case datagram(MembershipMessage, from: GossipAddress)
    case linkUp(NodeID)
    case linkDown(NodeID, isRefused: Bool)
    case congested(NodeID)
    case refused(NodeID, PeerRefusal.Code)
}

/// A wait that did not come to an end, with what had come instead.
struct TestTimeout: Error, CustomStringConvertible {
    let description: String
}

/// Events in the order in which they came; a test waits for one that it describes.
final class EventLog: Sendable {
    private struct State {
        var events: [TransportEvent] = []
        var waiters: [(UInt64, CheckedContinuation<Void, Never>)] = []
        var nextWaiter: UInt64 = 0
    }

    private let state = Mutex(State())

    func append(_ event: TransportEvent) {
        let waiters = state.withLock { state in
            state.events.append(event)
            defer { state.waiters = [] }
            return state.waiters
        }
        for (_, continuation) in waiters { continuation.resume() }
    }

    var events: [TransportEvent] { state.withLock { $0.events } }

    /// Waits until there is an event at or after `start` that `matches`; returns it with its place.
    func first(
        from start: Int = 0, within deadline: Duration = .seconds(20),
        where matches: (TransportEvent) -> Bool
    ) async throws -> (event: TransportEvent, place: Int) {
        let clock = ContinuousClock()
        let end = clock.now + deadline
        while true {
            let seen = events
            for place in seen.indices.dropFirst(start) where matches(seen[place]) {
                return (seen[place], place)
            }
            guard clock.now < end else {
                throw TestTimeout(description: "not told in time; told: \(seen.suffix(10))")
            }
            await change(after: seen.count, until: end, clock: clock)
        }
    }

    /// Returns when there are more than `count` events, or at the deadline.
    private func change(
        after count: Int, until end: ContinuousClock.Instant, clock: ContinuousClock
    ) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let deadline = Task {
            try await clock.sleep(until: end)
            self.wake(id)
        }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.events.count > count { return true }
                state.waiters.append((id, continuation))
                return false
            }
            if isOver { continuation.resume() }
        }
        deadline.cancel()
    }

    private func wake(_ id: UInt64) {
        let woken = state.withLock { state in
            let woken = state.waiters.filter { $0.0 == id }
            state.waiters.removeAll { $0.0 == id }
            return woken
        }
        for (_, continuation) in woken { continuation.resume() }
    }
}

/// Writes what the transport tells into a log, and decides about joins as the test says.
final class TestDelegate: PeerTransportDelegate {
    let log: EventLog
    let decision: @Sendable (JoinRequest) -> Result<JoinAdmission, PeerRefusal>?

    init(
        log: EventLog,
        decision: @escaping @Sendable (JoinRequest) -> Result<JoinAdmission, PeerRefusal>?
    ) {
        self.log = log
        self.decision = decision
    }

    func transport(received messages: [PeerMessage], from node: NodeID) {
        log.append(.messages(messages, from: node))
    }
    func transport(received datagram: MembershipMessage, from address: GossipAddress) {
        log.append(.datagram(datagram, from: address))
    }
    func transport(linkUp node: NodeID) { log.append(.linkUp(node)) }
    func transport(linkDown node: NodeID, isRefused: Bool) {
        log.append(.linkDown(node, isRefused: isRefused))
    }
    func transport(linkCongested node: NodeID, droppedBatchCount: Int) {
        log.append(.congested(node))
    }
    func transport(linkRefused node: NodeID, by refusal: PeerRefusal) {
        log.append(.refused(node, refusal.code))
    }
    func transport(
        joinRequested request: JoinRequest,
        decide: @escaping (Result<JoinAdmission, PeerRefusal>) -> Void
    ) {
        if let decision = decision(request) { decide(decision) }
    }
}

/// One transport on loopback with its own event loop.
struct TestNode {
    let node: NodeID
    let eventLoop: any EventLoop
    let transport: PeerTransport
    let delegate: NIOLoopBound<TestDelegate>
    let log: EventLog
    let ports: PeerPorts

    static let host = "127.0.0.1"

    static func start(
        _ credentials: PeerCredentials, generation: UInt32 = 1, peerPort: UInt16 = 0,
        gossipPort: UInt16 = 0, on loop: (any EventLoop)? = nil, clockOffset: Interval = .zero,
        clock: WallTime? = nil,
        configure: @Sendable (inout PeerTransportSettings) -> Void = { _ in },
        decision: @escaping @Sendable (JoinRequest) -> Result<JoinAdmission, PeerRefusal>? = { _ in
            nil
        }
    ) async throws -> TestNode {
        let eventLoop = loop ?? MultiThreadedEventLoopGroup.singleton.next()
        let log = EventLog()
        var settings = PeerTransportSettings(
            host: host, peerPort: peerPort, gossipPort: gossipPort, generation: generation,
            wallClock: { (clock ?? TestCluster.now()) + clockOffset })
        configure(&settings)
        let configured = settings
        let made = try await eventLoop.submit {
            let delegate = TestDelegate(log: log, decision: decision)
            let transport = try PeerTransport(
                settings: configured, eventLoop: eventLoop, credentials: credentials,
                delegate: delegate, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            return (transport, NIOLoopBound(delegate, eventLoop: eventLoop))
        }.get()
        let ports = try await made.0.start()
        return TestNode(
            node: credentials.node, eventLoop: eventLoop, transport: made.0, delegate: made.1,
            log: log, ports: ports)
    }

    func call(_ body: @escaping @Sendable (PeerTransport) -> Void) async throws {
        let transport = transport
        try await eventLoop.submit { body(transport) }.get()
    }

    func connect(to other: TestNode) async throws {
        let (node, port) = (other.node, other.ports.peer)
        try await call { $0.setPeer(node, host: Self.host, port: port) }
    }

    func counters() async throws -> PeerTransportCounters {
        let transport = transport
        return try await eventLoop.submit { transport.counters }.get()
    }

    var gossipAddress: GossipAddress { GossipAddress(host: Self.host, port: ports.gossip) }
}

/// A cluster's authority and what its nodes share.
struct TestCluster: Sendable {
    let cluster: ClusterID
    let authority: CertificateAuthority
    let keys: [JoinReply.GossipKey]

    init() throws {
        var generator = SystemGenerator()
        cluster = ClusterID(using: &generator)
        authority = try CertificateAuthority.create(cluster: cluster, now: Self.now())
        keys = [JoinReply.GossipKey(id: 1, bytes: SystemGenerator.bytes(count: 32))]
    }

    init(cluster: ClusterID, authority: CertificateAuthority, keys: [JoinReply.GossipKey]) {
        self.cluster = cluster
        self.authority = authority
        self.keys = keys
    }

    func credentials(
        _ node: UInt64, now: WallTime = now(), validity: Interval = .seconds(86_400)
    ) throws -> PeerCredentials {
        try PeerCredentials.issue(
            by: authority, cluster: cluster, node: NodeID(node), gossipKeys: keys,
            hosts: ["127.0.0.1"], now: now, validity: validity)
    }

    static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(
            milliseconds: UInt64(time.tv_sec) * 1_000 + UInt64(time.tv_nsec) / 1_000_000)
    }
}

/// Polls `condition` until it holds or the deadline is over.
func eventually(
    within deadline: Duration = .seconds(20), _ condition: () async throws -> Bool
) async throws -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + deadline
    while clock.now < end {
        if try await condition() { return true }
        await Task.yield()
    }
    return false
}

/// Holds a thread until it is opened.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() { semaphore.wait() }
    func open() { semaphore.signal() }
}

/// A TCP port of `TestNode.host` at which nobody listens but whom a test tells to. The system gives
/// it to no other test while this object is there; a node can listen at it as long as no other
/// does.
final class VacantPort: Sendable {
    let number: UInt16
    private let descriptor: CInt

    init() throws {
        let made = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var reuse: CInt = 1
        setsockopt(
            made, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<CInt>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, TestNode.host, &address.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(made, $0, length) == 0 && getsockname(made, $0, &length) == 0
            }
        }
        guard isBound else { throw IOError(errnoCode: errno, reason: "bind") }
        descriptor = made
        number = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
}
