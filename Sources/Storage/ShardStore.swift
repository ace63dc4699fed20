package import Identity

/// The state of one shard as its state machine sees it: keys without the generation under which the
/// replica keeps them.
package struct ShardStore: ReadableStore {
    /// Whose state.
    package let shard: ShardID
    /// Which copy of the state is current; it changes when a snapshot is installed.
    package let generation: UInt8

    private let base: any ReadableStore

    package init(shard: ShardID, generation: UInt8, base: any ReadableStore) {
        self.shard = shard
        self.generation = generation
        self.base = base
    }

    package func value(
        for key: [UInt8], in family: ColumnFamily
    ) throws(StorageError) -> [UInt8]? {
        try base.value(for: physical(key), in: family)
    }

    package func pairs(_ range: KeyRange) throws(StorageError) -> [KeyValue] {
        logical(try base.pairs(physical(range)))
    }

    /// `range` as the disk knows it.
    package func physical(_ range: KeyRange) -> KeyRange {
        let prefix = Keyspace.statePrefix(shard)
        let end =
            range.to.starts(with: prefix)
            ? physical(range.to)
            : KeyRange.end(of: Keyspace.statePrefix(shard, generation: generation))
        return KeyRange(
            range.family, from: physical(range.from), to: end, isReversed: range.isReversed,
            countMax: range.countMax, bytesMax: range.bytesMax)
    }

    /// `pairs` of the disk as the state machine knows them.
    package func logical(_ pairs: [KeyValue]) -> [KeyValue] {
        pairs.map { pair in
            KeyValue(
                key: Array(pair.key.prefix(Self.shardBytes))
                    + Array(pair.key.dropFirst(Self.shardBytes + 1)),
                value: pair.value)
        }
    }

    private static let shardBytes = 4

    private func physical(_ key: [UInt8]) -> [UInt8] {
        Keyspace.statePrefix(shard, generation: generation) + key.dropFirst(Self.shardBytes)
    }
}
