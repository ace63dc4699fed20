package import Identity

/// What reads a shard's replicated state, by keys without the shard's prefix: a transaction that
/// changes it, or a view of what is there.
package protocol StateReader {
    /// The value of `key`, nil when there is none.
    func value(for key: [UInt8]) throws(StorageError) -> [UInt8]?

    /// At most `countMax` pairs whose keys begin with `keyPrefix` and come after `after`, in order.
    func pairs(
        prefix keyPrefix: [UInt8], after: [UInt8]?, countMax: Int
    ) throws(StorageError) -> [KeyValue]
}

extension StateTransaction: StateReader {}

/// The state of a shard as it is in a store whose keys have no generation (``ShardStore``).
package struct StateView: StateReader {
    private let store: any ReadableStore
    private let prefix: [UInt8]

    /// The state of `shard` in `store`, which may be an overlay.
    package init(_ shard: ShardID, _ store: any ReadableStore) {
        self.store = store
        prefix = Keyspace.statePrefix(shard)
    }

    package func value(for key: [UInt8]) throws(StorageError) -> [UInt8]? {
        try store.value(for: prefix + key, in: .data)
    }

    package func pairs(
        prefix keyPrefix: [UInt8], after: [UInt8]?, countMax: Int
    ) throws(StorageError) -> [KeyValue] {
        let from = after.map { $0 + [0] } ?? keyPrefix
        let stored = try store.pairs(
            KeyRange(
                .data, from: prefix + from, to: prefix + KeyRange.end(of: keyPrefix),
                countMax: countMax, bytesMax: .max))
        return stored.map {
            KeyValue(key: Array($0.key.dropFirst(prefix.count)), value: $0.value)
        }
    }
}
