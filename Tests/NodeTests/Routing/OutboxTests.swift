import Accounts
import Chat
import Determinism
import Identity
import Raft
import Registry
import Storage
import Testing
import Wire

@testable import Node

@Suite("Routing: effects on other shards")
struct OutboxTests {
    private let shards = [ShardID(0), ShardID(1)]

    /// One node with two shards, and an account in each.
    private func pair(
        inFlightMax: Int = NodeSettings().outboxInFlightMax
    ) throws -> (cluster: TestCluster, node: TestNode) {
        let cluster = TestCluster(shardCount: 2)
        cluster.settings.outboxInFlightMax = inFlightMax
        try cluster.start(cluster[1])
        try cluster.runUntilLed(shards + [.registry])
        return (cluster, cluster[1])
    }

    /// A claim that carries the creation of a chat of the other shard.
    private func claim(_ number: UInt64) -> (command: ShardCommand, chat: ChatID, shard: ShardID) {
        let name = "room\(number)"
        let shard = ShardKey(ClaimKey.name(name)).shard(count: 2)
        var low: UInt64 = number * 1_000
        while ShardKey(ChatID(high: 7, low: low)).shard(count: 2) == shard { low += 1 }
        let chat = ChatID(high: 7, low: low)
        let id = cmid(number, at: TestCluster.wall)
        let create = ShardCommand.chat(
            ChatCommand(
                chat: chat, cmid: id, actor: nil, time: TestCluster.wall,
                body: .create(kind: .public, name: name, fullName: name)))
        let command = ShardCommand.claim(
            ClaimCommand(
                key: .name(name), cmid: id, time: TestCluster.wall,
                body: .claimName(owner: .chat(chat), then: [create.encoded()])))
        return (command, chat, shard)
    }

    private func ask(
        _ command: ShardCommand, _ id: UInt64, of shard: ShardID, in cluster: TestCluster
    ) throws {
        let bytes = ShardRequest.command(command).encoded()
        try cluster.feed(
            .messages([.request(id: id, shard: shard, bytes: bytes)], from: NodeID(9)),
            to: cluster[1])
    }

    private func pending(_ shard: ShardID, _ node: TestNode) throws -> [UInt64] {
        let store = try #require(node.node).store
        return try Keyspace.pendingOutbox(
            of: shard, in: node.replica(shard).store(over: store), countMax: 1_000
        ).map(\.sequence)
    }

    private func head(_ chat: ChatID, _ node: TestNode) throws -> ChatHead? {
        let shard = ShardKey(chat).shard(count: 2)
        let store = try #require(node.node).store
        return try ChatQueries.head(
            of: chat, in: shard, node.replica(shard).store(over: store))
    }

    @Test("An effect is delivered at least once and has its effect once, whenever the node crashes")
    func crashes() throws {
        for crashAt in 0..<12 {
            let (cluster, node) = try pair()
            let (command, chat, shard) = claim(1)
            node.isDiskRunning = false
            try ask(command, 1, of: shard, in: cluster)
            var count = 0
            for _ in 0..<12 {
                while count < crashAt, let token = node.disk.writeNext() {
                    count += 1
                    try cluster.feed(.written(through: token), to: node)
                }
                try cluster.tick()
            }
            try cluster.crash(node)
            node.isDiskRunning = true
            try cluster.start(node)
            try cluster.runUntilLed(shards + [.registry])
            // Who asked repeats it, as its router does.
            try ask(command, 2, of: shard, in: cluster)
            try cluster.run(.seconds(1))
            #expect(try head(chat, node)?.seq == SequenceNumber(1), "after \(crashAt) batches")
            #expect(try pending(shard, node).isEmpty)
        }
    }

    @Test("An effect that nobody can read is dropped, and those behind it are delivered")
    func poison() throws {
        let (cluster, node) = try pair()
        let good = claim(1)
        let bad = ShardCommand.claim(
            ClaimCommand(
                key: .name("room1"), cmid: cmid(77, at: TestCluster.wall), time: TestCluster.wall,
                body: .claimName(owner: .chat(good.chat), then: [[0xFF, 0x01]])))
        let before = node.ignoredCount
        try ask(bad, 1, of: good.shard, in: cluster)
        try ask(good.command, 2, of: good.shard, in: cluster)
        try cluster.run(.seconds(2))
        #expect(node.exits.isEmpty)
        #expect(try pending(good.shard, node).isEmpty)
        #expect(try head(good.chat, node)?.seq == SequenceNumber(1))
        #expect(node.ignoredCount > before)
    }

    @Test("An effect that has to be tried again is not overtaken for ever by those behind it")
    func order() throws {
        let (cluster, node) = try pair()
        var mine: [(command: ShardCommand, chat: ChatID, shard: ShardID)] = []
        var number: UInt64 = 1
        while mine.count < 4 {
            let next = claim(number)
            if next.shard == shards[0] { mine.append(next) }
            number += 1
        }
        let replica = try node.replica(shards[0])
        try ask(mine[0].command, 1, of: shards[0], in: cluster)
        let first = try #require(try pending(shards[0], node).first)
        // As if the first had failed while the second is still under way.
        try ask(mine[1].command, 2, of: shards[0], in: cluster)
        let second = try #require(try pending(shards[0], node).last)
        replica.outboxInFlight = [second]
        try cluster.tick()
        let isDone = try head(mine[0].chat, node) != nil
        #expect(isDone || replica.outboxInFlight.contains(first))
    }

    @Test("What is on its way behind those that are looked at stays so, and is not sent again")
    func behindTheWindow() throws {
        let (cluster, node) = try pair(inFlightMax: 1)
        var commands: [ShardCommand] = []
        for number in 1...40 as ClosedRange<UInt64> where claim(number).shard == shards[0] {
            commands.append(claim(number).command)
        }
        let replica = try node.replica(shards[0])
        for (number, command) in commands.prefix(2).enumerated() {
            try ask(command, UInt64(number), of: shards[0], in: cluster)
        }
        let places = try pending(shards[0], node)
        try #require(places.count == 2)
        // Both wait for their answers; what lies before all that there are was delivered.
        replica.outboxInFlight = places
        try cluster.tick()
        #expect(replica.outboxInFlight == places)
        replica.outboxInFlight = [places[0] - 1] + places
        try cluster.tick()
        #expect(replica.outboxInFlight == places)
    }

    @Test("Late answers bring no more effects on their way than are allowed")
    func lateAnswers() throws {
        let (_, node) = try pair()
        let replica = try node.replica(shards[0])
        let limit = NodeSettings().outboxInFlightMax
        replica.outboxInFlight = (1..<UInt64(limit)).map { $0 }
        for place in [1_001, 1_002, 1_003] as [UInt64] {
            try node.node?.finishEffect(place, of: shards[0], .done)
            #expect(replica.outboxInFlight.count <= limit)
        }
        try node.node?.finishEffect(1, of: shards[0], .done)
        #expect(replica.outboxInFlight.contains(1), "until the group knows that it is done")
    }

    @Test("A state that came by snapshot may have effects: they are looked for")
    func afterSnapshot() throws {
        let (_, node) = try pair()
        let replica = try node.replica(shards[0])
        replica.mayHaveEffects = false
        let configuration = replica.raft.configuration
        let other = ReplicaID(node: NodeID(2), incarnation: 1)
        var generator = SeededGenerator(seed: 1)
        var step = NodeStep(now: .start, nextView: 1)
        let follower = ShardReplica.empty(
            shard: shards[1], id: other, settings: NodeSettings(), at: .start, step: &step,
            using: &generator)
        follower.mayHaveEffects = false
        let store = NodeStore(base: MemoryStore())
        try follower.receive(
            SnapshotChunk(
                shard: shards[1], from: replica.id, to: other, term: Term(6), id: 1,
                metadata: SnapshotRecord(
                    position: LogPlace(index: LogIndex(50), term: Term(6), checksum: 1),
                    configuration: configuration, stateHash: 0
                ).bytes,
                offset: 0, bytes: SnapshotPiece.encode([], dropping: 0), isLast: true),
            store: store, step: &step, using: &generator)
        #expect(follower.incoming?.isInstalling == true)
        #expect(follower.mayHaveEffects)
    }
}

@Suite("Node: what leaves in one step")
struct OutboundTests {
    @Test("Raft messages to one node are cut into batches that fit a frame, in their order")
    func batches() throws {
        var outbound = OutboundMessages()
        let from = ReplicaID(node: NodeID(1), incarnation: 1)
        let to = ReplicaID(node: NodeID(2), incarnation: 1)
        let payload = [UInt8](repeating: 1, count: 1 << 20)
        var all: [RaftMessage] = []
        for index in 1...40 {
            let entry = LogEntry(
                index: LogIndex(UInt64(index)), term: Term(1), kind: .command, payload: payload)
            all.append(
                RaftMessage(
                    from: from, to: to, shard: ShardID(UInt32(index)), term: Term(1),
                    body: .append(
                        previousIndex: LogIndex(UInt64(index) - 1), previousTerm: .zero,
                        entries: [entry], commit: .zero)))
        }
        for message in all { outbound.append(message) }
        let taken = outbound.take()
        #expect(taken.count == 1)
        var found: [RaftMessage] = []
        for message in taken[0].messages {
            #expect(try message.encoded().count <= PeerLimits.messageBytesMax)
            if case .raft(let batch) = message { found += batch }
        }
        #expect(found == all)
    }
}
