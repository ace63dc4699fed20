import Determinism
import Identity
import Membership
import Raft
import Registry
import Storage
import Testing
import Wire

@testable import Node

/// The disk of a test node: what is visible, and what a crash leaves. Batches wait until the test
/// lets them be written.
final class TestDisk: ReadableStore {
    var content: MemoryStore
    private(set) var queue: [NodeWrite] = []
    private var views: [UInt64: MemoryStore] = [:]

    init(_ content: MemoryStore = MemoryStore()) {
        self.content = content
    }

    func value(for key: [UInt8], in family: ColumnFamily) throws(StorageError) -> [UInt8]? {
        try content.value(for: key, in: family)
    }

    func pairs(_ range: KeyRange) throws(StorageError) -> [KeyValue] { try content.pairs(range) }

    func submit(_ write: NodeWrite) { queue.append(write) }

    /// Writes the oldest batch; its token.
    func writeNext() -> UInt64? {
        guard !queue.isEmpty else { return nil }
        let write = queue.removeFirst()
        content.apply(write.batch)
        return write.token
    }

    func open(_ view: UInt64) { views[view] = content }
    func close(_ view: UInt64) { views[view] = nil }
    var openViewCount: Int { views.count }

    func read(_ read: NodeRead) throws -> [KeyValue] {
        guard let view = read.view else { return try content.pairs(read.range) }
        return try views[view]?.pairs(read.range) ?? []
    }

    func crash() {
        queue = []
        views = [:]
    }
}

/// One node of a test cluster.
final class TestNode {
    let number: UInt64
    let disk: TestDisk
    var node: ClusterNode?
    var generator: SeededGenerator
    /// While false, batches wait in the disk's queue.
    var isDiskRunning = true
    var responses: [(id: UInt64, response: ClientResponse)] = []
    var operatorResponses: [(id: UInt64, response: OperatorResponse)] = []
    var deliveries: [NodeDelivery] = []
    var events: [NodeEvent] = []
    var exits: [NodeExit] = []
    /// All that the node sent, in order.
    var sent: [(to: NodeID, message: PeerMessage)] = []
    /// Bring reads back only when the test says so.
    var heldReads: [NodeRead]?
    /// Bring the answers to questions back only when the test says so.
    var heldFindings: [(token: UInt64, finding: StoreFinding)]?

    init(number: UInt64, disk: TestDisk) {
        self.number = number
        self.disk = disk
        generator = SeededGenerator(seed: number)
    }

    var id: NodeID { NodeID(number) }
}

/// Nodes with an exchange in memory: no delays, no threads, one clock.
final class TestCluster {
    static let wall = WallTime(milliseconds: 1_700_000_000_000)

    var nodes: [TestNode] = []
    var settings = NodeSettings()
    private(set) var now = Instant.start
    /// Pairs that cannot talk, in this direction.
    var cuts: [(from: NodeID, to: NodeID)] = []
    /// Looks at every message on its way; false drops it.
    var filter: (NodeID, NodeID, PeerMessage) -> Bool = { _, _, _ in true }
    private var inbox: [(from: NodeID, to: NodeID, messages: [PeerMessage])] = []
    private var datagrams: [(from: GossipAddress, NodeDatagram)] = []

    /// A cluster of one node, which is not started yet.
    init(shardCount: Int = 1, rooms: [PublicRoom] = [], joinDelay: Interval = .seconds(1)) {
        var registrySettings = RegistrySettings()
        registrySettings.joinDelay = joinDelay
        let origin = RegistryOrigin(
            clusterID: ClusterID(high: 1, low: 2), shardCount: shardCount,
            settings: registrySettings, first: Self.description(of: 1), publicRooms: rooms)
        let disk = TestDisk()
        disk.content.apply(
            NodeBootstrap.initialise(
                origin,
                tokens: (2..<6).map {
                    ([UInt8](repeating: $0, count: 32), Self.wall + .seconds(100_000))
                }, at: Self.wall
            ).batch)
        nodes.append(TestNode(number: 1, disk: disk))
    }

    private static func description(of number: UInt64) -> MemberDescription {
        MemberDescription(
            name: "node \(number)", host: "10.0.0.\(number)", gossipPort: 7_000, peerPort: 8_000,
            clientURL: "http://n\(number)")
    }

    subscript(number: UInt64) -> TestNode { nodes[Int(number) - 1] }

    /// Starts, or starts again, the process of a node from its disk.
    func start(_ node: TestNode) throws {
        var identity = try #require(try NodeIdentity.stored(in: node.disk))
        identity.generation += 1
        var batch = WriteBatch()
        identity.write(to: &batch)
        node.disk.content.apply(batch)
        node.node = try ClusterNode(
            NodeStart(
                identity: identity,
                endpoint: try MemberEndpoint(
                    host: "10.0.0.\(node.number)", gossipPort: 7_000, peerPort: 8_000,
                    clientURL: "http://n\(node.number)"),
                seeds: [GossipAddress(host: "10.0.0.1", port: 7_000)], settings: settings),
            store: node.disk, at: now, wall: Self.wall, using: &node.generator)
        try carryOut(of: node)
        for other in nodes where other !== node && other.node != nil {
            try feed(.linkUp(other.id), to: node)
            try feed(.linkUp(node.id), to: other)
        }
    }

    /// Kills the process of a node; batches that are not written are lost.
    func crash(_ node: TestNode) throws {
        node.node = nil
        node.disk.crash()
        node.heldReads = node.heldReads.map { _ in [] }
        node.heldFindings = node.heldFindings.map { _ in [] }
        inbox.removeAll { $0.from == node.id || $0.to == node.id }
        for other in nodes where other.node != nil {
            try feed(.linkDown(node.id, isRefused: true), to: other)
        }
    }

    /// Lets another node join and starts it.
    @discardableResult
    func join() throws -> TestNode {
        let number = UInt64(nodes.count + 1)
        let asked = self[1].operatorResponses.count
        let request = OperatorRequest.change(
            .admit(
                tokenHash: [UInt8](repeating: UInt8(number), count: 32),
                requestID: cmid(number), description: Self.description(of: number)))
        try feed(.operate(900 + number, request), to: self[1])
        try run(until: { self[1].operatorResponses.count > asked })
        let answer = try #require(self[1].operatorResponses.last?.response)
        #expect(answer == .outcome(.admitted(NodeID(number))))
        let registry = try #require(self[1].node?.registry)
        let node = TestNode(number: number, disk: TestDisk())
        node.disk.content.apply(
            NodeBootstrap.join(
                cluster: ClusterID(high: 1, low: 2), node: NodeID(number), registry: registry))
        nodes.append(node)
        try start(node)
        return node
    }

    func isCut(_ from: NodeID, _ to: NodeID) -> Bool {
        cuts.contains { $0.from == from && $0.to == to }
    }

    // MARK: Stepping

    func feed(_ input: NodeInput, to node: TestNode) throws {
        node.node?.receive(input, at: now, wall: Self.wall, using: &node.generator)
        node.node?.checkInvariants()
        try carryOut(of: node)
    }

    func carryOut(of node: TestNode) throws {
        while let ready = node.node?.takeReady() {
            if let write = ready.write { node.disk.submit(write) }
            for batch in ready.messages {
                node.sent += batch.messages.map { (batch.to, $0) }
                inbox.append((node.id, batch.to, batch.messages))
            }
            let address = GossipAddress(host: "10.0.0.\(node.number)", port: 7_000)
            datagrams += ready.datagrams.map { (address, $0) }
            node.responses += ready.responses.map { ($0.id, $0.response) }
            node.operatorResponses += ready.operatorResponses.map { ($0.id, $0.response) }
            node.deliveries += ready.deliveries
            node.events += ready.events
            if let exit = ready.exit { node.exits.append(exit) }
            if node.isDiskRunning {
                while let token = node.disk.writeNext() {
                    node.node?.receive(
                        .written(through: token), at: now, wall: Self.wall,
                        using: &node.generator)
                }
            }
            for view in ready.viewsOpened { node.disk.open(view) }
            for read in ready.reads {
                if node.heldReads != nil {
                    node.heldReads?.append(read)
                } else {
                    let pairs = try node.disk.read(read)
                    node.node?.receive(
                        .read(token: read.token, pairs: pairs), at: now, wall: Self.wall,
                        using: &node.generator)
                }
            }
            for asked in ready.questions {
                let finding = try asked.question.answer(from: node.disk.content)
                if node.heldFindings != nil {
                    node.heldFindings?.append((token: asked.token, finding: finding))
                } else {
                    node.node?.receive(
                        .found(token: asked.token, finding), at: now, wall: Self.wall,
                        using: &node.generator)
                }
            }
            for view in ready.viewsClosed { node.disk.close(view) }
        }
    }

    /// Lets the disk of a node write what waits.
    func flush(_ node: TestNode) throws {
        while let token = node.disk.writeNext() {
            try feed(.written(through: token), to: node)
        }
    }

    /// Brings all messages to where they go, and those that they lead to, until there are none.
    func exchange() throws {
        for _ in 0..<10_000 {
            if !inbox.isEmpty {
                let (from, to, messages) = inbox.removeFirst()
                guard let target = nodes.first(where: { $0.id == to }), target.node != nil,
                    !isCut(from, to)
                else { continue }
                let passed = messages.filter { filter(from, to, $0) }
                if !passed.isEmpty { try feed(.messages(passed, from: from), to: target) }
            } else if !datagrams.isEmpty {
                let (from, datagram) = datagrams.removeFirst()
                let host = datagram.to.host
                guard let target = nodes.first(where: { "10.0.0.\($0.number)" == host }),
                    target.node != nil, !isCut(datagram.message.from, target.id)
                else { continue }
                try feed(.datagram(datagram.message, from: from), to: target)
            } else {
                return
            }
        }
        Issue.record("the nodes never stop talking")
    }

    /// Lets time pass, in steps of 50 ms.
    func run(_ duration: Interval) throws {
        let end = now + duration
        while now < end { try tick() }
    }

    /// Lets time pass until something holds, or a minute is over.
    func run(until condition: () throws -> Bool) throws {
        for _ in 0..<1_200 {
            try exchange()
            if try condition() { return }
            try tick()
        }
        Issue.record("what was waited for did not come")
    }

    func tick() throws {
        try exchange()
        now = now + .milliseconds(50)
        for node in nodes where node.node != nil { try feed(.timer, to: node) }
        try exchange()
    }

    // MARK: Looking

    func leader(of shard: ShardID) -> TestNode? {
        nodes.first { $0.node?.replica(of: shard)?.raft.isReadyToServe == true }
    }

    func runUntilLed(_ shards: [ShardID] = [ShardID(0), .registry]) throws {
        try run(until: { shards.allSatisfy { self.leader(of: $0) != nil } })
    }
}

extension TestNode {
    func replica(_ shard: ShardID = ShardID(0)) throws -> ShardReplica {
        try #require(node?.replica(of: shard))
    }

    func response(_ id: UInt64) -> ClientResponse? { responses.first { $0.id == id }?.response }

    var ignoredCount: Int {
        events.count { if case .ignored = $0 { true } else { false } }
    }
}
