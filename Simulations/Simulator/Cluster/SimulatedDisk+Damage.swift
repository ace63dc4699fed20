internal import Determinism
internal import Identity
internal import Storage

/// A record on a disk, by its key.
struct DiskRecord: Hashable {
    let family: ColumnFamily
    let key: [UInt8]

    /// Whether the key is in `from ..< to` of a family.
    func isIn(_ family: ColumnFamily, from: [UInt8], to: [UInt8]) -> Bool {
        self.family == family && !key.lexicographicallyPrecedes(from)
            && key.lexicographicallyPrecedes(to)
    }
}

/// One batch as the write-ahead log has it: with a checksum over all of it.
struct LogRecord {
    let batch: WriteBatch
    private let checksum: UInt32

    init(_ batch: WriteBatch) {
        self.init(batch: batch, checksum: Self.checksum(of: batch))
    }

    private init(batch: WriteBatch, checksum: UInt32) {
        self.batch = batch
        self.checksum = checksum
    }

    /// Whether the record is as it was written.
    var isWhole: Bool { checksum == Self.checksum(of: batch) }

    /// The record as a crash in the middle of its writing leaves it: the first operations, and of
    /// the next one perhaps a part of its value.
    func torn(using generator: inout SeededGenerator) -> LogRecord {
        let all = batch.operations
        guard !all.isEmpty else { return LogRecord(batch: batch, checksum: ~checksum) }
        let kept = generator.number(below: UInt64(all.count))
        var rest = Array(all.prefix(kept))
        if case .put(let family, let key, let value) = all[kept], value.count > 1 {
            let part = 1 + generator.number(below: UInt64(value.count - 1))
            rest.append(.put(family, key: key, value: Array(value.prefix(part))))
        }
        return LogRecord(batch: WriteBatch(rest), checksum: checksum)
    }

    private static func checksum(of batch: WriteBatch) -> UInt32 {
        batch.operations.reduce(0) { sum, operation in
            switch operation {
            case .put(let family, let key, let value):
                RecordChecksum.of(
                    [1, UInt8(family.rawValue)] + length(key) + key + length(value) + value,
                    after: sum)
            case .delete(let family, let key):
                RecordChecksum.of([2, UInt8(family.rawValue)] + length(key) + key, after: sum)
            case .deleteRange(let family, let from, let to):
                RecordChecksum.of(
                    [3, UInt8(family.rawValue)] + length(from) + from + length(to) + to, after: sum)
            }
        }
    }

    private static func length(_ bytes: [UInt8]) -> [UInt8] { Keyspace.bytes(UInt64(bytes.count)) }
}

/// Damage at rest: what disks do to records long after they were written.
extension SimulatedDisk {
    /// The log entries that are durable, ascending by shard and index.
    var logEntries: [KeyValue] {
        let all = KeyRange(
            .raft, from: [], to: Array(repeating: 0xFF, count: 5), countMax: .max, bytesMax: .max)
        let pairs = (try? durable.pairs(all)) ?? []
        // Shard, the kind of record, index.
        return pairs.filter { $0.key.count == 13 && $0.key[4] == 0x01 }
    }

    /// The records of replicas and of their state that are visible.
    var recordKeys: [DiskRecord] {
        var records: [DiskRecord] = []
        for family in [ColumnFamily.data, .raft] {
            let all = KeyRange(
                family, from: [], to: Array(repeating: 0xFF, count: 5), countMax: .max,
                bytesMax: .max)
            records += content(of: all).map { DiskRecord(family: family, key: $0.key) }
        }
        return records
    }

    /// Flips one bit of a log entry that is durable, unseen by RocksDB; only while no process runs.
    func flipBit(of entry: KeyValue, using generator: inout SeededGenerator) {
        guard !entry.value.isEmpty else { return }
        var value = entry.value
        value[generator.number(below: UInt64(value.count))] ^=
            1 << UInt8(generator.number(below: 8))
        var batch = WriteBatch()
        batch.put(value, for: entry.key, in: .raft)
        change(batch)
    }

    /// The write of `entry` went to the place of `other`, and its own place kept nothing; only
    /// while no process runs.
    func misdirect(_ entry: KeyValue, to other: KeyValue) {
        var batch = WriteBatch()
        batch.delete(entry.key, in: .raft)
        batch.put(entry.value, for: other.key, in: .raft)
        change(batch)
    }

    /// Reading the block of this record fails from now on, until the record is written anew.
    func rot(_ record: DiskRecord) {
        if !rotten.contains(record) { rotten.append(record) }
    }

    /// Fails when a record in `from ..< to` cannot be read.
    func check(_ family: ColumnFamily, from: [UInt8], to: [UInt8]) throws(StorageError) {
        if failingReads > 0 {
            failingReads -= 1
            throw .inputOutput("the disk answered with an error")
        }
        guard !rotten.isEmpty else { return }
        if rotten.contains(where: { $0.isIn(family, from: from, to: to) }) {
            throw .corrupt("a block fails its checksum")
        }
    }

    /// What is written anew is sound again.
    func rewrite(_ batch: WriteBatch) {
        for operation in batch.operations {
            switch operation {
            case .put(let family, let key, _), .delete(let family, let key):
                rotten.removeAll { $0.family == family && $0.key == key }
            case .deleteRange(let family, let from, let to):
                rotten.removeAll { $0.isIn(family, from: from, to: to) }
            }
        }
    }
}
