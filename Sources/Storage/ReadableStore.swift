/// What a core may ask of a node's store: bounded reads that answer at once.
///
/// The production form is RocksDB, the simulation's is ``MemoryStore``; one contract suite holds
/// both.
package protocol ReadableStore {
    /// The value of `key`, nil when there is none.
    func value(for key: [UInt8], in family: ColumnFamily) throws(StorageError) -> [UInt8]?

    /// The pairs of `range` in order of their keys, at most `range.countMax` of them and
    /// `range.bytesMax` bytes (but one pair at least, when there is one).
    func pairs(_ range: KeyRange) throws(StorageError) -> [KeyValue]
}

/// One stored pair.
package struct KeyValue: Hashable, Sendable {
    package let key: [UInt8]
    package let value: [UInt8]

    package init(key: [UInt8], value: [UInt8]) {
        self.key = key
        self.value = value
    }
}

/// Which pairs to read: keys in `from ..< to`, ascending or descending, up to limits.
package struct KeyRange: Hashable, Sendable {
    package let family: ColumnFamily
    package let from: [UInt8]
    /// Exclusive.
    package let to: [UInt8]
    /// Reads from the end.
    package let isReversed: Bool
    package let countMax: Int
    package let bytesMax: Int

    package init(
        _ family: ColumnFamily, from: [UInt8], to: [UInt8], isReversed: Bool = false,
        countMax: Int, bytesMax: Int = 1 << 20
    ) {
        self.family = family
        self.from = from
        self.to = to
        self.isReversed = isReversed
        self.countMax = countMax
        self.bytesMax = bytesMax
    }

    /// All keys that begin with `prefix`.
    package init(
        _ family: ColumnFamily, prefix: [UInt8], isReversed: Bool = false, countMax: Int,
        bytesMax: Int = 1 << 20
    ) {
        self.init(
            family, from: prefix, to: KeyRange.end(of: prefix), isReversed: isReversed,
            countMax: countMax, bytesMax: bytesMax)
    }

    /// The first key after all keys that begin with `prefix`, which must not be all 0xFF.
    package static func end(of prefix: [UInt8]) -> [UInt8] {
        var end = prefix
        while let last = end.last {
            if last < 0xFF {
                end[end.count - 1] = last + 1
                return end
            }
            end.removeLast()
        }
        preconditionFailure("a prefix of 0xFF alone has no end")
    }
}

/// Why a store did not answer. What was asked has not been done; the replica that asked stops.
package enum StorageError: Error, Hashable, Sendable {
    /// A stored block or record fails its checksum or cannot be read as what it should be.
    case corrupt(String)
    /// The disk answered with an error.
    case inputOutput(String)
    /// There is no room left.
    case full
}
