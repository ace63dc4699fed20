import Determinism
import Identity
import Raft
import Storage
import Testing
import Wire

@testable import Node

@Suite("Replicas: snapshots")
struct SnapshotTests {
    private let shard = ShardID(0)

    /// Three nodes, one of which is so far behind that only a snapshot helps; the leader has not
    /// heard of its return yet.
    private func behind() throws -> (cluster: TestCluster, leader: TestNode, late: TestNode) {
        let cluster = try TestCluster.three()
        let leader = try #require(cluster.leader(of: shard))
        let late = try #require(cluster.nodes.first { $0 !== leader })
        try cluster.crash(late)
        for number in 1...40 {
            try cluster.request(
                .requestPhone(UInt64(number)), id: UInt64(number), at: leader.number)
        }
        let replica = try leader.replica()
        replica.compactForTest()
        #expect(replica.raft.firstIndex > LogIndex(20))
        return (cluster, leader, late)
    }

    @Test("A replica that is too far behind gets the whole state and then the log")
    func installs() throws {
        let (cluster, leader, late) = try behind()
        try cluster.start(late)
        let generation = try late.replica().applied.generation
        try cluster.run(until: {
            try late.replica().applied.position == leader.replica().applied.position
        })
        #expect(try late.replica().applied.stateHash == leader.replica().applied.stateHash)
        #expect(try late.replica().applied.generation == generation + 1)
        #expect(try late.scannedHash(of: shard) == late.replica().applied.stateHash)
        try cluster.run(.seconds(1))
        #expect(leader.disk.openViewCount == 0, "no view stays open")
    }

    @Test("A crash before or after any batch of an install leaves a whole state (Raft 7)")
    func crashes() throws {
        for written in 0..<6 {
            let (cluster, leader, late) = try behind()
            try cluster.start(late)
            late.isDiskRunning = false
            var count = 0
            // Lets only so many more batches reach the disk.
            for _ in 0..<60 {
                try cluster.tick()
                while count < written, let token = late.disk.writeNext() {
                    count += 1
                    try cluster.feed(.written(through: token), to: late)
                }
            }
            try cluster.crash(late)
            late.isDiskRunning = true
            try cluster.start(late)
            #expect(try !late.replica().isSuspect)
            #expect(
                try late.scannedHash(of: shard) == late.replica().applied.stateHash,
                "whole after \(written) batches")
            try cluster.run(until: {
                try late.replica().applied.position == leader.replica().applied.position
            })
            #expect(try late.scannedHash(of: shard) == leader.replica().applied.stateHash)
        }
    }

    @Test(
        "An install is one batch: the record that points at the new state comes with the log's end")
    func oneBatch() throws {
        let (cluster, _, late) = try behind()
        try cluster.start(late)
        let generation = try late.replica().applied.generation
        late.isDiskRunning = false
        var changes: [WriteBatch] = []
        for _ in 0..<80 {
            try cluster.tick()
            while let write = late.disk.queue.first {
                let isInstall = write.batch.operations.contains { operation in
                    guard case .put(_, let key, let value) = operation else { return false }
                    return key == Keyspace.applied(shard)
                        && (try? AppliedRecord(bytes: value))?.generation == generation + 1
                }
                if isInstall, changes.isEmpty { changes.append(write.batch) }
                guard let token = late.disk.writeNext() else { break }
                try cluster.feed(.written(through: token), to: late)
            }
        }
        let keys = try #require(changes.first).operations.compactMap { operation in
            if case .put(_, let key, _) = operation { key } else { nil }
        }
        #expect(keys.contains(Keyspace.origin(shard)))
        #expect(keys.contains(Keyspace.replica(shard)))
    }

    @Test(
        "A piece with impossible numbers, an old term or another receiver is refused, no trap"
    )
    func nonsense() throws {
        let cluster = try TestCluster.three()
        let leader = try #require(cluster.leader(of: shard))
        let node = try #require(cluster.nodes.first { $0 !== leader })
        let from = try leader.replica().id
        let to = try node.replica().id
        let term = try leader.replica().raft.term
        let configuration = try leader.replica().raft.configuration
        func record(_ index: UInt64, _ term: Term, _ configuration: Configuration) -> [UInt8] {
            SnapshotRecord(
                position: LogPlace(index: LogIndex(index), term: term, checksum: 0),
                configuration: configuration, stateHash: 0
            ).bytes
        }
        let piece = SnapshotPiece.encode([], dropping: 0)
        let huge = Term(.max)
        let before = try node.replica().applied
        var id: UInt64 = 70
        for (metadata, chunkTerm, receiver, bytes) in [
            (record(.max, term, configuration), term, to, piece),
            (record(100, huge, configuration), huge, to, piece),
            (record(100, term.next, configuration), term, to, piece),
            (record(100, term, .empty), term, to, piece),
            (record(100, term, configuration), Term(1), to, piece),
            (
                record(100, term, configuration), term, ReplicaID(node: to.node, incarnation: 99),
                piece
            ),
            (record(100, term, configuration), term, to, [1, 2, 3]),
            ([9, 9], term, to, piece),
            ([], term, to, []),
        ] {
            id += 1
            node.sent = []
            let chunk = SnapshotChunk(
                shard: shard, from: from, to: receiver, term: chunkTerm, id: id, metadata: metadata,
                offset: 0, bytes: bytes, isLast: true)
            try cluster.feed(.messages([.snapshotChunk(chunk)], from: leader.id), to: node)
            let statuses = node.sent.compactMap { _, message -> SnapshotAck.Status? in
                if case .snapshotAck(let ack) = message { ack.status } else { nil }
            }
            #expect(statuses == [.refused] || statuses == [.damaged], "piece \(id)")
            #expect(try node.replica().incoming == nil)
        }
        #expect(try node.replica().applied == before)
        #expect(node.exits.isEmpty)
    }

    @Test("A state that does not have the hash that was promised is not installed")
    func wrongHash() throws {
        let (cluster, leader, late) = try behind()
        try cluster.start(late)
        let chunk = SnapshotChunk(
            shard: shard, from: try leader.replica().id, to: try late.replica().id,
            term: try leader.replica().raft.term, id: 5,
            metadata: SnapshotRecord(
                position: try leader.replica().applied.position,
                configuration: try leader.replica().raft.configuration, stateHash: 77
            ).bytes,
            offset: 0,
            bytes: SnapshotPiece.encode(
                [KeyValue(key: [1, 2], value: [3])], dropping: 0), isLast: true)
        let before = try late.replica().applied
        try cluster.feed(.messages([.snapshotChunk(chunk)], from: leader.id), to: late)
        #expect(try late.replica().applied == before)
        #expect(try late.replica().incoming == nil)
    }

    @Test(
        "A replica that has what a snapshot brings says so, or would be sent it for ever (Raft 7)")
    func nothingNew() throws {
        let cluster = try TestCluster.three()
        let leader = try #require(cluster.leader(of: shard))
        let node = try #require(cluster.nodes.first { $0 !== leader })
        try cluster.run(until: {
            try node.replica().applied.position == leader.replica().applied.position
        })
        node.sent = []
        let position = try leader.replica().applied.position
        let chunk = SnapshotChunk(
            shard: shard, from: try leader.replica().id, to: try node.replica().id,
            term: try leader.replica().raft.term, id: 5,
            metadata: SnapshotRecord(
                position: position, configuration: try leader.replica().raft.configuration,
                stateHash: 0
            ).bytes,
            offset: 0, bytes: SnapshotPiece.encode([], dropping: 0), isLast: true)
        try cluster.feed(.messages([.snapshotChunk(chunk)], from: leader.id), to: node)
        let confirmed = node.sent.flatMap { _, message -> [LogIndex] in
            guard case .raft(let messages) = message else { return [] }
            return messages.compactMap { message in
                if case .appendReply(let match, _) = message.body { match } else { nil }
            }
        }
        #expect(confirmed.contains { $0 >= position.index })
    }

    @Test("A stream whose pieces are lost for a while goes on from there, and does not begin again")
    func resumes() throws {
        let cluster = TestCluster()
        cluster.settings.snapshotPairsPerPiece = 4
        try cluster.start(cluster[1])
        try cluster.runUntilLed()
        for number in 1...40 {
            try cluster.request(.requestPhone(UInt64(number)), id: UInt64(number), at: 1)
        }
        var arrived: [NodeID: [SnapshotChunk]] = [:]
        var brokenSince: [NodeID: Instant] = [:]
        cluster.filter = { [shard] _, to, message in
            guard case .snapshotChunk(let chunk) = message, chunk.shard == shard else {
                return true
            }
            let isBroken =
                chunk.offset > 0
                && cluster.now - brokenSince[to, default: cluster.now] < .seconds(3)
            if chunk.offset > 0, brokenSince[to] == nil { brokenSince[to] = cluster.now }
            if !isBroken { arrived[to, default: []].append(chunk) }
            return !isBroken
        }
        try cluster.join()
        try cluster.join()
        try cluster.run(until: {
            cluster.nodes.allSatisfy {
                $0.node?.replica(of: shard)?.raft.configuration.voters.count == 3
            }
        })
        cluster.filter = { _, _, _ in true }
        #expect(arrived.count == 2)
        for chunks in arrived.values {
            #expect(chunks.count > 5, "the state is more than a few pieces")
            #expect(chunks.allSatisfy { $0.id == chunks[0].id }, "it is one stream")
            for (piece, next) in zip(chunks, chunks.dropFirst()) {
                #expect(next.offset == piece.offset + UInt64(piece.bytes.count))
            }
        }
    }

    @Test("A node sends and receives only so many snapshots at once, and ends with all of them")
    func limits() throws {
        let cluster = TestCluster(shardCount: 8)
        cluster.settings.snapshotsOutMax = 1
        cluster.settings.snapshotsInMax = 1
        try cluster.start(cluster[1])
        let shards = (0..<8).map { ShardID(UInt32($0)) }
        try cluster.runUntilLed(shards + [.registry])
        try cluster.join()
        try cluster.join()
        // New replicas begin with a snapshot each; checkInvariants counts them at every step.
        try cluster.run(until: {
            shards.allSatisfy { shard in
                cluster.nodes.allSatisfy {
                    $0.node?.replica(of: shard)?.raft.configuration.voters.count == 3
                }
            }
        })
    }

    @Test("A stream to a node without a link makes room for others soon")
    func cutOff() throws {
        let cluster = TestCluster()
        cluster.settings.snapshotsOutMax = 1
        try cluster.start(cluster[1])
        try cluster.runUntilLed()
        cluster.filter = { _, _, message in
            if case .snapshotChunk = message { false } else { true }
        }
        try cluster.join()
        try cluster.join()
        let replica = try cluster[1].replica()
        try cluster.run(until: { replica.outgoing.first?.piece != nil })
        let receiver = try #require(replica.outgoing.first?.to.node)
        cluster.filter = { from, to, _ in from != receiver && to != receiver }
        try cluster.feed(.linkDown(receiver, isRefused: false), to: cluster[1])
        let begun = cluster.now
        try cluster.run(until: { replica.outgoing.isEmpty })
        #expect(cluster.now - begun < cluster.settings.snapshotPatience / 2)
    }

    @Test("A query that waits for a read is answered once, though the state was replaced meanwhile")
    func readDuringInstall() throws {
        let cluster = TestCluster()
        let node = cluster[1]
        try cluster.start(node)
        try cluster.runUntilLed()
        let replica = try node.replica()
        replica.queriesReading[77] = ShardReplica.QueryRead(
            requester: .peer(NodeID(5), id: 9),
            store: replica.store(over: try #require(node.node).store),
            finish: { _ in [] })
        var step = NodeStep(now: cluster.now, nextView: 1)
        replica.abandonReads(step: &step)
        #expect(step.answers.count == 1)
        try replica.finishQuery(77, pairs: [], step: &step)
        #expect(step.answers.count == 1)
    }
}

extension ShardReplica {
    /// Drops the log through what is applied, as a compaction does when the log is long.
    func compactForTest() {
        origin = applied.position
        raft.compacted(through: origin.index, term: origin.term)
    }
}

extension TestNode {
    /// The hash of the state of `shard` that a scan of the disk finds.
    func scannedHash(of shard: ShardID) throws -> UInt64 {
        let bytes = try #require(try disk.value(for: Keyspace.applied(shard), in: .raft))
        let prefix = Keyspace.statePrefix(
            shard, generation: try AppliedRecord(bytes: bytes).generation)
        let pairs = try disk.pairs(
            KeyRange(
                .data, from: prefix, to: KeyRange.end(of: prefix), countMax: .max,
                bytesMax: .max))
        return pairs.reduce(0) {
            $0
                &+ StateTransaction.hash(
                    key: Array($1.key.dropFirst(prefix.count)), value: $1.value)
        }
    }
}
