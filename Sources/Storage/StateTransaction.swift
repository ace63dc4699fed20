internal import Determinism
package import Identity

/// The changes that one log entry makes to the state of a shard.
///
/// Reads see the changes made so far and below them the store. All keys lie in the shard's range of
/// the `data` family, under the replica's current generation (``ShardStore``); callers give and get
/// keys without that prefix. The transaction keeps the
/// shard's state hash: the wrapping sum of StableHash(key ‖ value) over all pairs, which a scan can
/// recompute.
package struct StateTransaction {
    /// The shard whose state changes.
    package let shard: ShardID
    /// The state hash with the changes so far.
    package private(set) var stateHash: UInt64

    private let base: any ReadableStore
    private let prefix: [UInt8]
    // Looked up by key only; the order of the output is that of `changedKeys`.
    private var changes: [[UInt8]: [UInt8]?] = [:]
    private var changedKeys: [[UInt8]] = []

    /// A transaction over `base` for `shard`, whose state has the hash `stateHash`.
    package init(
        shard: ShardID, generation: UInt8 = 0, base: any ReadableStore, stateHash: UInt64
    ) {
        self.shard = shard
        self.base = base
        self.stateHash = stateHash
        prefix = Keyspace.statePrefix(shard, generation: generation)
    }

    /// The value of `key` with the changes so far.
    package func value(for key: [UInt8]) throws(StorageError) -> [UInt8]? {
        if let change = changes[key] { return change }
        return try base.value(for: prefix + key, in: .data)
    }

    /// Sets `key`. Costs a read of the earlier value, for the hash.
    package mutating func put(_ value: [UInt8], for key: [UInt8]) throws(StorageError) {
        if let earlier = try self.value(for: key) {
            stateHash &-= StateTransaction.hash(key: key, value: earlier)
        }
        stateHash &+= StateTransaction.hash(key: key, value: value)
        note(value, for: key)
    }

    /// Sets `key`, which the caller knows to have no value; saves the read of ``put(_:for:)``.
    package mutating func insert(_ value: [UInt8], for key: [UInt8]) {
        stateHash &+= StateTransaction.hash(key: key, value: value)
        note(value, for: key)
    }

    /// Deletes `key` if it has a value.
    package mutating func remove(_ key: [UInt8]) throws(StorageError) {
        guard let earlier = try self.value(for: key) else { return }
        stateHash &-= StateTransaction.hash(key: key, value: earlier)
        note(nil, for: key)
    }

    /// At most `countMax` pairs whose keys begin with `keyPrefix` and come after `after`, in order,
    /// with the changes so far.
    package func pairs(
        prefix keyPrefix: [UInt8], after: [UInt8]? = nil, countMax: Int
    ) throws(StorageError) -> [KeyValue] {
        let end = KeyRange.end(of: keyPrefix)
        // A change may hide a stored pair, so as many more are read as there are changes.
        let from = after.map { $0 + [0] } ?? keyPrefix
        let stored = try base.pairs(
            KeyRange(
                .data, from: prefix + from, to: prefix + end,
                countMax: countMax + changedKeys.count, bytesMax: .max))
        var found: [KeyValue] = []
        for pair in stored {
            let key = Array(pair.key.dropFirst(prefix.count))
            if changes[key] == nil { found.append(KeyValue(key: key, value: pair.value)) }
        }
        for key in changedKeys
        where !key.lexicographicallyPrecedes(from) && key.lexicographicallyPrecedes(end) {
            if let change = changes[key], let value = change {
                found.append(KeyValue(key: key, value: value))
            }
        }
        found.sort { $0.key.lexicographicallyPrecedes($1.key) }
        return Array(found.prefix(countMax))
    }

    /// What to write, with full keys.
    package func takeBatch() -> WriteBatch {
        var batch = WriteBatch()
        for key in changedKeys {
            guard let change = changes[key] else { continue }
            if let value = change {
                batch.put(value, for: prefix + key, in: .data)
            } else {
                batch.delete(prefix + key, in: .data)
            }
        }
        return batch
    }

    /// What one pair adds to the state hash.
    package static func hash(key: [UInt8], value: [UInt8]) -> UInt64 {
        StableHash.of(value, seed: StableHash.of(key))
    }

    private mutating func note(_ value: [UInt8]?, for key: [UInt8]) {
        if changes.updateValue(value, forKey: key) == nil { changedKeys.append(key) }
    }
}
