package import Determinism
package import Storage

/// Random batches and ranges over few short keys, so that overwriting, deleting and empty ranges
/// are common: the contract suite's script. Every store runs it and must answer as the others do.
package struct StoreScript {
    /// Where the choices come from; tests may draw from it too.
    package var generator: SeededGenerator

    /// The script of `seed`.
    package init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// A key of up to three bytes.
    package mutating func key() -> [UInt8] {
        let count = Int(generator.next(upperBound: 4 as UInt64))
        return (0..<count).map { _ in
            [0, 1, 7, 0xFE, 0xFF][Int(generator.next(upperBound: 5 as UInt64))]
        }
    }

    /// One of two families.
    package mutating func family() -> ColumnFamily {
        generator.chance(1, in: 2) ? .data : .raft
    }

    /// Up to seven puts, deletions and deleted ranges.
    package mutating func batch() -> WriteBatch {
        var batch = WriteBatch()
        for _ in 0..<generator.next(upperBound: 8 as UInt64) {
            switch generator.next(upperBound: 10 as UInt64) {
            case 0...5:
                let count = Int(generator.next(upperBound: 40 as UInt64))
                let value = [UInt8](
                    repeating: UInt8(truncatingIfNeeded: generator.next()), count: count)
                batch.put(value, for: key(), in: family())
            case 6...8: batch.delete(key(), in: family())
            default: batch.deleteRange(from: key(), to: key(), in: family())
            }
        }
        return batch
    }

    /// A range with small limits, often empty.
    package mutating func range() -> KeyRange {
        KeyRange(
            family(), from: key(), to: key(), isReversed: generator.chance(1, in: 2),
            countMax: Int(generator.next(upperBound: 12 as UInt64)),
            bytesMax: generator.chance(1, in: 2)
                ? 1 << 20 : Int(generator.next(upperBound: 80 as UInt64)))
    }
}

/// The plainest store that can be right: one dictionary, sorted for every read.
package struct NaiveStore: ReadableStore {
    /// All pairs.
    package private(set) var pairs: [ColumnFamily: [[UInt8]: [UInt8]]] = [:]

    package init() {}

    /// Makes the changes of `batch`.
    package mutating func apply(_ batch: WriteBatch) {
        for operation in batch.operations {
            switch operation {
            case .put(let family, let key, let value): pairs[family, default: [:]][key] = value
            case .delete(let family, let key): pairs[family, default: [:]][key] = nil
            case .deleteRange(let family, let from, let to):
                for key in pairs[family, default: [:]].keys
                where !key.lexicographicallyPrecedes(from) && key.lexicographicallyPrecedes(to) {
                    pairs[family, default: [:]][key] = nil
                }
            }
        }
    }

    package func value(for key: [UInt8], in family: ColumnFamily) throws(StorageError) -> [UInt8]? {
        pairs[family, default: [:]][key]
    }

    package func pairs(_ range: KeyRange) throws(StorageError) -> [KeyValue] {
        var sorted = pairs[range.family, default: [:]]
            .filter {
                !$0.key.lexicographicallyPrecedes(range.from)
                    && $0.key.lexicographicallyPrecedes(range.to)
            }
            .map { KeyValue(key: $0.key, value: $0.value) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        if range.isReversed { sorted.reverse() }
        var found: [KeyValue] = []
        var bytes = 0
        for pair in sorted.prefix(range.countMax) {
            bytes += pair.key.count + pair.value.count
            if bytes > range.bytesMax && !found.isEmpty { break }
            found.append(pair)
        }
        return found
    }
}
