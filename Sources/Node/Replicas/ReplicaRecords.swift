internal import Identity
package import Raft
internal import Records
internal import Storage
internal import SwiftProtobuf

/// What a replica may never forget, as stored under ``Keyspace/replica(_:)``.
struct ReplicaRecord: Hashable {
    /// Which replica of its shard this is.
    var id: ReplicaID
    /// Term, vote and commit index.
    var hardState: HardState
    /// The newest log entry that was ever written with a sync, and its chained checksum. A log that
    /// is found shorter, or with another checksum there, has lost acknowledged data.
    var watermark: LogPlace
    /// The log lost acknowledged data and has not been rebuilt yet.
    var isSuspect = false
    /// The replica was given up; nothing may be addressed to it or an earlier one.
    var isDestroyed = false

    private static let version: UInt32 = 1

    /// The stored form.
    var bytes: [UInt8] {
        var record = StoredReplicaRecord()
        record.version = Self.version
        record.replica = StoredReplica(id)
        record.term = hardState.term.rawValue
        if let vote = hardState.vote { record.vote = StoredReplica(vote) }
        record.commit = hardState.commit.rawValue
        record.watermarkIndex = watermark.index.rawValue
        record.watermarkTerm = watermark.term.rawValue
        record.watermarkChecksum = watermark.checksum
        record.isSuspect = isSuspect
        record.isDestroyed = isDestroyed
        return RecordCoding.encoded(record)
    }

    init(id: ReplicaID, hardState: HardState, watermark: LogPlace) {
        self.id = id
        self.hardState = hardState
        self.watermark = watermark
    }

    /// Reads the stored form; throws `corrupt` for anything else, also for a newer version.
    init(bytes: [UInt8]) throws(StorageError) {
        let record: StoredReplicaRecord = try storedRecord(bytes, "replica record")
        try requireVersion(record.version, Self.version, "replica record")
        id = record.replica.id
        hardState = HardState(
            term: Term(record.term), vote: record.hasVote ? record.vote.id : nil,
            commit: LogIndex(record.commit))
        watermark = LogPlace(
            index: LogIndex(record.watermarkIndex), term: Term(record.watermarkTerm),
            checksum: record.watermarkChecksum)
        isSuspect = record.isSuspect
        isDestroyed = record.isDestroyed
    }
}

/// A place in a log, and the chained checksum of all up to there.
package struct LogPlace: Hashable, Sendable {
    package var index: LogIndex
    package var term: Term
    package var checksum: UInt32

    /// Before the first entry of a log that has no origin.
    static let zero = LogPlace(index: .zero, term: .zero, checksum: 0)
}

/// How far a replica has applied its log, as stored under ``Keyspace/applied(_:)`` in the batch of
/// what was applied; the origin of its log has the same form under ``Keyspace/origin(_:)``.
struct AppliedRecord: Hashable {
    /// The newest entry whose effect is in the state.
    var position: LogPlace
    /// The configuration in force after that entry.
    var configuration: Configuration
    /// The wrapping sum of the hashes of all pairs of the state.
    var stateHash: UInt64
    /// Under which generation the state is kept.
    var generation: UInt8

    private static let version: UInt32 = 1

    /// The stored form.
    var bytes: [UInt8] {
        var record = StoredAppliedRecord()
        record.version = Self.version
        record.index = position.index.rawValue
        record.term = position.term.rawValue
        record.checksum = position.checksum
        record.configurationBytes = configuration.bytes
        record.stateHash = stateHash
        record.generation = UInt32(generation)
        return RecordCoding.encoded(record)
    }

    init(
        position: LogPlace, configuration: Configuration, stateHash: UInt64, generation: UInt8
    ) {
        self.position = position
        self.configuration = configuration
        self.stateHash = stateHash
        self.generation = generation
    }

    /// Reads the stored form; throws `corrupt` for anything else.
    init(bytes: [UInt8]) throws(StorageError) {
        let record: StoredAppliedRecord = try storedRecord(bytes, "applied record")
        try requireVersion(record.version, Self.version, "applied record")
        position = LogPlace(
            index: LogIndex(record.index), term: Term(record.term), checksum: record.checksum)
        configuration = try storedConfiguration(record.configurationBytes)
        stateHash = record.stateHash
        guard let generation = UInt8(exactly: record.generation) else {
            throw .corrupt("applied record: generation \(record.generation)")
        }
        self.generation = generation
    }
}

/// A log entry as stored under ``Keyspace/logEntry(_:index:)``.
struct StoredEntry {
    let entry: LogEntry
    let checksum: UInt32

    /// The chained checksum of `entry` after an entry with the checksum `previous`.
    static func checksum(of entry: LogEntry, shard: ShardID, after previous: UInt32) -> UInt32 {
        RecordChecksum.chained(
            shard: shard, index: entry.index.rawValue, term: entry.term.rawValue,
            previous: previous, payload: [entry.kind.rawValue] + entry.payload)
    }

    /// The stored form.
    var bytes: [UInt8] {
        var record = StoredLogEntry()
        record.term = entry.term.rawValue
        record.kind = UInt32(entry.kind.rawValue)
        record.payloadBytes = entry.payload
        record.checksum = checksum
        return RecordCoding.encoded(record)
    }

    init(entry: LogEntry, checksum: UInt32) {
        self.entry = entry
        self.checksum = checksum
    }

    /// Reads the stored form of the entry at `index`; throws `corrupt` for anything else.
    init(bytes: [UInt8], index: LogIndex) throws(StorageError) {
        let record: StoredLogEntry = try storedRecord(bytes, "log entry")
        guard let raw = UInt8(exactly: record.kind), let kind = LogEntry.Kind(rawValue: raw) else {
            throw .corrupt("log entry \(index): kind \(record.kind)")
        }
        entry = LogEntry(
            index: index, term: Term(record.term), kind: kind, payload: record.payloadBytes)
        checksum = record.checksum
    }
}

/// What a snapshot is of, as it travels in the first piece of its stream.
struct SnapshotRecord: Hashable {
    var position: LogPlace
    var configuration: Configuration
    var stateHash: UInt64

    private static let version: UInt32 = 1

    /// The form on the wire.
    var bytes: [UInt8] {
        var record = StoredSnapshotRecord()
        record.version = Self.version
        record.index = position.index.rawValue
        record.term = position.term.rawValue
        record.checksum = position.checksum
        record.configurationBytes = configuration.bytes
        record.stateHash = stateHash
        return RecordCoding.encoded(record)
    }

    init(position: LogPlace, configuration: Configuration, stateHash: UInt64) {
        self.position = position
        self.configuration = configuration
        self.stateHash = stateHash
    }

    /// Reads the form on the wire; throws `corrupt` for anything else.
    init(bytes: [UInt8]) throws(StorageError) {
        let record: StoredSnapshotRecord = try storedRecord(bytes, "snapshot record")
        try requireVersion(record.version, Self.version, "snapshot record")
        position = LogPlace(
            index: LogIndex(record.index), term: Term(record.term), checksum: record.checksum)
        configuration = try storedConfiguration(record.configurationBytes)
        stateHash = record.stateHash
    }

    /// Whether a leader of `term` can have made it. Beyond ``numberMax`` sums could overflow.
    func isPossible(in term: Term) -> Bool {
        term.rawValue < Self.numberMax && position.term <= term
            && position.index.rawValue < Self.numberMax && position.index > .zero
            && !configuration.isEmpty
    }

    private static let numberMax: UInt64 = 1 << 62

    /// What Raft needs to know of it.
    var metadata: SnapshotMetadata {
        SnapshotMetadata(
            index: position.index, term: position.term, configuration: configuration)
    }
}

extension StoredReplica {
    init(_ id: ReplicaID) {
        self.init()
        node = id.node.rawValue
        incarnation = id.incarnation
    }

    var id: ReplicaID { ReplicaID(node: NodeID(node), incarnation: incarnation) }
}

/// The record in `bytes`; throws `corrupt`, naming `what` was expected, when there is none.
func storedRecord<Record: Message>(
    _ bytes: [UInt8], _ what: String
) throws(StorageError) -> Record {
    guard let record: Record = RecordCoding.decoded(bytes) else {
        throw .corrupt("\(what): \(bytes.count) bytes that cannot be read")
    }
    return record
}

/// Throws `corrupt` unless a record's format is one that this program reads.
func requireVersion(_ found: UInt32, _ known: UInt32, _ what: String) throws(StorageError) {
    guard found == known else { throw .corrupt("\(what): format \(found), not \(known)") }
}

private func storedConfiguration(_ bytes: [UInt8]) throws(StorageError) -> Configuration {
    do {
        return try Configuration(bytes: bytes)
    } catch {
        throw .corrupt("a configuration cannot be read: \(error)")
    }
}
