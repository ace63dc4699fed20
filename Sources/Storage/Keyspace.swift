package import Identity

/// Every key layout of a node's store. Numbers are big-endian, so that the order of the keys is the
/// order of the numbers.
///
/// | family | key | value |
/// | --- | --- | --- |
/// | `data` | shard (4) ‖ generation (1) ‖ kind (1) ‖ rest | a record of the shard's replicated state: ``StateKind`` |
/// | `raft` | shard (4) ‖ 0x00 | what the replica knows of itself (`ReplicaRecord`) |
/// | `raft` | shard (4) ‖ 0x01 ‖ index (8) | one log entry with its chained checksum (`StoredLogEntry`) |
/// | `raft` | shard (4) ‖ 0x02 | how far the replica has applied (`AppliedRecord`) |
/// | `raft` | shard (4) ‖ 0x03 | where its log begins (`OriginRecord`) |
/// | `meta` | name | identity, generation, peers |
/// | `search` | shard (4) ‖ generation (1) ‖ kind (1) ‖ chat (16) ‖ rest | derived of that state: ``SearchKind`` |
package enum Keyspace {
    /// What every key of `shard`'s replicated state begins with, as the state machines see it.
    package static func statePrefix(_ shard: ShardID) -> [UInt8] { bytes(shard.rawValue) }

    /// What every key of `shard`'s replicated state begins with on disk. A snapshot is received
    /// into the next generation, and installing it is one small batch that changes the generation.
    package static func statePrefix(_ shard: ShardID, generation: UInt8) -> [UInt8] {
        bytes(shard.rawValue) + [generation]
    }

    /// What the replica of `shard` knows of itself.
    package static func replica(_ shard: ShardID) -> [UInt8] { bytes(shard.rawValue) + [0x00] }

    /// How far the replica of `shard` has applied its log; written with what it applied.
    package static func applied(_ shard: ShardID) -> [UInt8] { bytes(shard.rawValue) + [0x02] }

    /// Where the log of the replica of `shard` begins.
    package static func origin(_ shard: ShardID) -> [UInt8] { bytes(shard.rawValue) + [0x03] }

    /// The log entry of `shard` at `index`.
    package static func logEntry(_ shard: ShardID, index: UInt64) -> [UInt8] {
        bytes(shard.rawValue) + [0x01] + bytes(index)
    }

    /// Four bytes, big-endian.
    package static func bytes(_ number: UInt32) -> [UInt8] {
        [
            UInt8(truncatingIfNeeded: number >> 24), UInt8(truncatingIfNeeded: number >> 16),
            UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number),
        ]
    }

    /// Eight bytes, big-endian.
    package static func bytes(_ number: UInt64) -> [UInt8] {
        bytes(UInt32(truncatingIfNeeded: number >> 32)) + bytes(UInt32(truncatingIfNeeded: number))
    }

    /// The number in eight big-endian bytes; nil for any other count.
    package static func number(_ bytes: some Collection<UInt8>) -> UInt64? {
        guard bytes.count == 8 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
