import Determinism
import Identity
import Raft
import Storage
import Testing
import Wire

@testable import Node

@Suite("Replicas: what is on disk")
struct DurabilityTests {
    private let shard = ShardID(0)

    /// Three nodes that keep few entries of their logs, and the shard's owner.
    private func shortLogs() throws -> (cluster: TestCluster, leader: TestNode) {
        let cluster = try TestCluster.three()
        cluster.settings.logEntriesKept = 2
        cluster.settings.logEntriesMax = 4
        cluster.settings.logTruncationStep = 2
        for node in cluster.nodes {
            try cluster.crash(node)
            try cluster.start(node)
        }
        try cluster.runUntilLed()
        return (cluster, try #require(cluster.leader(of: shard)))
    }

    @Test("Nothing that promises anything leaves before the disk has confirmed it (Raft 5, fig. 2)")
    func promisesWait() throws {
        let cluster = try TestCluster.three()
        let leader = try #require(cluster.leader(of: shard))
        let follower = try #require(cluster.nodes.first { $0 !== leader })
        follower.isDiskRunning = false
        follower.sent = []
        try cluster.feed(.client(.host(1), .requestPhone(1)), to: leader)
        try cluster.exchange()
        let last = try leader.replica().raft.lastIndex
        #expect(!follower.confirmations(of: shard).contains(last))
        try cluster.flush(follower)
        try cluster.exchange()
        #expect(follower.confirmations(of: shard).contains(last))
    }

    @Test("A leader alone does not answer before its own disk has confirmed the entry")
    func answersWait() throws {
        let cluster = TestCluster()
        let node = cluster[1]
        try cluster.start(node)
        try cluster.runUntilLed()
        node.isDiskRunning = false
        try cluster.feed(.client(.host(1), .requestPhone(1)), to: node)
        try cluster.run(.milliseconds(500))
        #expect(node.response(1) == nil)
        try cluster.flush(node)
        #expect(node.response(1) != nil)
    }

    @Test("An owner whose own disk is slow answers what a majority has on disk (thesis 10.2.1)")
    func answersBeforeOwnDisk() throws {
        let cluster = try TestCluster.three()
        let leader = try #require(cluster.leader(of: shard))
        leader.isDiskRunning = false
        try cluster.feed(.client(.host(1), .requestPhone(1)), to: leader)
        try cluster.run(.milliseconds(500))
        #expect(leader.response(1) != nil)
        let replica = try leader.replica()
        #expect(replica.applied.position.index > replica.withRaft { $0.durableIndex })
        // What it has applied and not on its disk is with the others after a crash.
        try cluster.crash(leader)
        leader.isDiskRunning = true
        try cluster.start(leader)
        let reached = replica.applied.position.index
        try cluster.run(until: { try leader.replica().applied.position.index >= reached })
        #expect(try leader.scannedHash(of: shard) == replica.applied.stateHash)
    }

    @Test("The log keeps what the own disk does not have yet, also when the rest cannot be read")
    func logKeepsUndurable() throws {
        let (cluster, leader) = try shortLogs()
        for number in UInt64(1)...9 {
            try cluster.request(.requestPhone(number), id: number, at: leader.number)
        }
        leader.isDiskRunning = false
        let replica = try leader.replica()
        let durable = replica.withRaft { $0.durableIndex }
        var damage = WriteBatch()
        for index in 1...durable.rawValue {
            damage.put([1], for: Keyspace.logEntry(shard, index: index), in: .raft)
        }
        leader.disk.content.apply(damage)
        for number in UInt64(10)...20 {
            try cluster.request(.requestPhone(number), id: number, at: leader.number)
        }
        #expect(replica.applied.position.index > durable + 8)
        #expect(replica.origin.index <= durable)
        leader.isDiskRunning = true
        try cluster.flush(leader)
        try cluster.request(.requestPhone(21), id: 21, at: leader.number)
        #expect(replica.origin.index > durable, "it is cut when the disk has caught up")
    }

    @Test("A damaged entry that can still be read does not become the beginning of the log")
    func logBeginsSound() throws {
        let (cluster, leader) = try shortLogs()
        let replica = try leader.replica()
        for number in UInt64(1)...30 {
            // As a flipped bit of the term would have it, in every entry.
            var damage = WriteBatch()
            let (first, last) = (replica.origin.index.next, replica.lastPosition.index)
            for index in stride(from: first.rawValue, through: last.rawValue, by: 1) {
                let key = Keyspace.logEntry(shard, index: index)
                let bytes = try #require(try leader.disk.value(for: key, in: .raft))
                let stored = try StoredEntry(bytes: bytes, index: LogIndex(index))
                let entry = LogEntry(
                    index: LogIndex(index), term: Term(stored.entry.term.rawValue | 1 << 20),
                    kind: stored.entry.kind, payload: stored.entry.payload)
                damage.put(
                    StoredEntry(entry: entry, checksum: stored.checksum).bytes, for: key, in: .raft)
            }
            leader.disk.content.apply(damage)
            try cluster.request(.requestPhone(number), id: number, at: leader.number)
            #expect(replica.origin.term <= replica.applied.position.term)
        }
        #expect(replica.origin.index > LogIndex(20), "it is cut nevertheless")
    }

    @Test("A restart restores term, vote, log and applied state")
    func restart() throws {
        let cluster = try TestCluster.three()
        try cluster.request(.requestPhone(1), id: 1, at: 3)
        try cluster.run(.seconds(1))
        let node = try #require(cluster.leader(of: shard))
        let before = try node.replica()
        let (hardState, applied, last) = (before.hardState, before.applied, before.lastPosition)
        try cluster.crash(node)
        try cluster.start(node)
        let after = try node.replica()
        #expect(after !== before)
        #expect(after.hardState.term == hardState.term && after.hardState.vote == hardState.vote)
        #expect(after.applied == applied)
        #expect(after.lastPosition == last)
        #expect(!after.isSuspect)
    }

    @Test("A log that is shorter than its watermark makes the replica suspect until it is rebuilt")
    func watermark() throws {
        let cluster = try TestCluster.three()
        let leader = try #require(cluster.leader(of: shard))
        let node = try #require(cluster.nodes.first { $0 !== leader })
        // Not applied yet: the entry is only in the log.
        cluster.filter = { _, to, message in
            guard to == node.id, case .raft(let messages) = message else { return true }
            return messages.allSatisfy {
                guard case .append(_, _, let entries, _) = $0.body else { return false }
                return !entries.isEmpty
            }
        }
        try cluster.request(.requestPhone(1), id: 1, at: leader.number)
        let replica = try node.replica()
        try #require(replica.tail.count > 0)
        let watermark = replica.watermark
        try cluster.crash(node)
        var loss = WriteBatch()
        loss.delete(Keyspace.logEntry(shard, index: watermark.index.rawValue), in: .raft)
        node.disk.content.apply(loss)
        cluster.filter = { _, _, _ in true }
        try cluster.start(node)
        #expect(try node.replica().isSuspect)
        #expect(node.events.contains { if case .replicaSuspect = $0 { true } else { false } })
        // A new leader, elected without it, rebuilds it.
        try cluster.run(until: { try !node.replica().isSuspect })
        #expect(try node.replica().watermark.index >= watermark.index)
    }

    @Test("An entry whose checksum does not fit ends the log, and what is behind it is erased")
    func damage() throws {
        let cluster = try TestCluster.three()
        let leader = try #require(cluster.leader(of: shard))
        let node = try #require(cluster.nodes.first { $0 !== leader })
        try cluster.run(.seconds(1))
        let replica = try node.replica()
        let last = replica.lastPosition
        // As if the newest entries were not applied: three more, of which the first is damaged.
        var batch = WriteBatch()
        var checksum = last.checksum
        for step in 1...3 {
            let entry = LogEntry(
                index: last.index + step, term: last.term, kind: .noop, payload: [])
            checksum = StoredEntry.checksum(of: entry, shard: shard, after: checksum)
            batch.put(
                StoredEntry(entry: entry, checksum: step == 1 ? checksum ^ 1 : checksum).bytes,
                for: Keyspace.logEntry(shard, index: entry.index.rawValue), in: .raft)
        }
        try cluster.crash(node)
        node.disk.content.apply(batch)
        try cluster.start(node)
        #expect(try node.replica().lastPosition == last)
        try cluster.flush(node)
        for step in 1...3 {
            let key = Keyspace.logEntry(shard, index: (last.index + step).rawValue)
            #expect(try node.disk.value(for: key, in: .raft) == nil)
        }
    }

    @Test("Truncating what was synced moves the watermark back: it accuses nobody of it")
    func truncation() throws {
        let cluster = try TestCluster.three()
        let old = try #require(cluster.leader(of: shard))
        for other in cluster.nodes where other !== old {
            cluster.cuts += [(old.id, other.id), (other.id, old.id)]
        }
        // Only the cut off leader has these.
        try cluster.feed(.client(.host(1), .requestPhone(1)), to: old)
        try cluster.feed(.client(.host(2), .requestPhone(2)), to: old)
        let lonely = try old.replica().lastPosition
        try cluster.run(until: {
            cluster.nodes.contains {
                $0 !== old && $0.node?.replica(of: shard)?.raft.isReadyToServe == true
            }
        })
        cluster.cuts = []
        try cluster.run(until: {
            let replica = try old.replica()
            return !replica.isLeader && replica.lastPosition.term > lonely.term
        })
        try cluster.crash(old)
        try cluster.start(old)
        #expect(try !old.replica().isSuspect)
    }

    @Test("Half a step is neither written nor told when the store cannot be read")
    func halfStep() throws {
        let cluster = TestCluster()
        let node = cluster[1]
        try cluster.start(node)
        try cluster.runUntilLed()
        // A state that the machine cannot read.
        let phone = try #require(
            ShardCommandKey.phone("+4915112345011").map { Keyspace.state(.code, $0) })
        let generation = try node.replica().applied.generation
        node.disk.content.apply(
            {
                var batch = WriteBatch()
                batch.put(
                    [0xFF, 0xFF],
                    for: Keyspace.statePrefix(shard, generation: generation) + phone, in: .data)
                return batch
            }())
        try cluster.feed(.client(.host(1), .requestPhone(1)), to: node)
        try cluster.run(.seconds(1))
        #expect(node.exits.count == 1, "told once")
        #expect(node.response(1) == nil)
        #expect(node.disk.queue.isEmpty)
    }
}

/// The bytes of claim keys, for tests that damage them.
enum ShardCommandKey {
    static func phone(_ number: String) -> [UInt8]? { Array("phone:\(number)".utf8) }
}

extension TestNode {
    /// Up to where this node has confirmed the log of `shard`.
    func confirmations(of shard: ShardID) -> [LogIndex] {
        sent.flatMap { _, message -> [LogIndex] in
            guard case .raft(let messages) = message else { return [] }
            return messages.compactMap { message in
                guard message.shard == shard, case .appendReply(let match, _) = message.body
                else { return nil }
                return match
            }
        }
    }
}
