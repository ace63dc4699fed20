/// A store in memory: the simulator's disk and the tests' store.
///
/// A value: a copy is free and is a snapshot. It never fails. One contract suite holds it and
/// RocksDB.
package struct MemoryStore: ReadableStore, Sendable {
    // One per family, in the order of their raw values.
    private var families: [SortedPairs<[UInt8]>]

    /// An empty store.
    package init() {
        families = Array(repeating: SortedPairs(), count: ColumnFamily.allCases.count)
    }

    /// How many pairs `family` has.
    package func count(in family: ColumnFamily) -> Int { families[family.rawValue].count }

    /// Makes the changes of `batch`, in order; each costs O(log n) comparisons.
    package mutating func apply(_ batch: WriteBatch) {
        for operation in batch.operations {
            switch operation {
            case .put(let family, let key, let value):
                families[family.rawValue][key] = value
            case .delete(let family, let key):
                families[family.rawValue][key] = nil
            case .deleteRange(let family, let from, let to):
                families[family.rawValue].removeRange(from: from, to: to)
            }
        }
    }

    package func value(for key: [UInt8], in family: ColumnFamily) throws(StorageError) -> [UInt8]? {
        families[family.rawValue][key]
    }

    package func pairs(_ range: KeyRange) throws(StorageError) -> [KeyValue] {
        var page = KeyPage(countMax: range.countMax, bytesMax: range.bytesMax)
        families[range.family.rawValue].forEach(
            from: range.from, to: range.to, isReversed: range.isReversed
        ) { pair in
            page.append(KeyValue(key: pair.key, value: pair.value))
        }
        return page.pairs
    }

    /// Traps unless the structure of every family is sound; linear.
    package func checkInvariants() {
        for family in families { family.checkInvariants() }
    }
}
