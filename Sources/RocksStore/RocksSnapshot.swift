package import Storage

/// The state of a store at one moment, for reads on any thread while others write.
// SAFETY: a snapshot of RocksDB does not change and may be read on any thread; it is given back
// once, under the database's gate.
package final class RocksSnapshot: ReadableStore, @unchecked Sendable {
    private let database: RocksDatabase
    private let snapshot: OpaquePointer

    init(database: RocksDatabase, snapshot: OpaquePointer) {
        self.database = database
        self.snapshot = snapshot
    }

    deinit { database.release(snapshot) }

    package func value(for key: [UInt8], in family: ColumnFamily) throws(StorageError) -> [UInt8]? {
        try database.value(for: key, in: family, at: snapshot)
    }

    package func pairs(_ range: KeyRange) throws(StorageError) -> [KeyValue] {
        try database.pairs(range, at: snapshot)
    }
}
