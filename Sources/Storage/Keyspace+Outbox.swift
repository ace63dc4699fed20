package import Identity

/// The outbox of a shard: effects on other shards, kept with the state that caused them until they
/// have been delivered. Each has a number of its own that is never used again.
extension StateTransaction {
    /// Adds an effect; answers its sequence, from 1.
    @discardableResult
    package mutating func appendOutbox(_ effect: [UInt8]) throws(StorageError) -> UInt64 {
        let headKey = Keyspace.state(.outboxHead)
        var head: UInt64 = 0
        if let stored = try value(for: headKey) {
            guard let number = Keyspace.number(stored) else { throw .corrupt("an outbox head") }
            head = number
        }
        let sequence = head + 1
        insert(effect, for: Keyspace.outbox(sequence))
        try put(Keyspace.bytes(sequence), for: headKey)
        return sequence
    }

    /// Removes effects that have been delivered; one that is not there is ignored.
    package mutating func removeOutbox(_ sequences: [UInt64]) throws(StorageError) {
        for sequence in sequences { try remove(Keyspace.outbox(sequence)) }
    }

    /// The oldest `countMax` effects after the sequence `after`.
    package func pendingOutbox(
        after: UInt64 = 0, countMax: Int
    ) throws(StorageError) -> [OutboxEffect] {
        let pairs = try pairs(
            prefix: Keyspace.state(.outbox), after: Keyspace.outbox(after), countMax: countMax)
        var effects: [OutboxEffect] = []
        for pair in pairs { effects.append(try OutboxEffect(key: pair.key, value: pair.value)) }
        return effects
    }
}

extension Keyspace {
    /// The oldest `countMax` effects of the outbox of `shard` after the sequence `after`, as its
    /// state machine sees them (``ShardStore``).
    package static func pendingOutbox(
        of shard: ShardID, in store: any ReadableStore, after: UInt64 = 0, countMax: Int
    ) throws(StorageError) -> [OutboxEffect] {
        let prefix = statePrefix(shard)
        let kind = prefix + state(.outbox)
        let pairs = try store.pairs(
            KeyRange(
                .data, from: prefix + outbox(after) + [0], to: KeyRange.end(of: kind),
                countMax: countMax))
        var effects: [OutboxEffect] = []
        for pair in pairs {
            effects.append(
                try OutboxEffect(key: Array(pair.key.dropFirst(prefix.count)), value: pair.value))
        }
        return effects
    }
}

/// One effect of an outbox.
package struct OutboxEffect: Hashable, Sendable {
    /// Its number in the outbox.
    package let sequence: UInt64
    /// The effect as it was appended.
    package let bytes: [UInt8]

    /// Reads a pair of the outbox, with the key as the state machine sees it.
    init(key: [UInt8], value: [UInt8]) throws(StorageError) {
        guard let sequence = Keyspace.number(key.dropFirst()) else {
            throw .corrupt("an outbox key")
        }
        self.sequence = sequence
        bytes = value
    }
}
