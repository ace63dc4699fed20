internal import CRocksDB
package import Storage
internal import Synchronization

/// A node's store on disk: one RocksDB with the column families of ``ColumnFamily`` and one
/// write-ahead log.
///
/// Reads may come from any thread and answer at once; writes come from the one ``DiskThread``. A
/// store is opened once at a time.
// SAFETY: RocksDB's database object may be used on any thread at once. `gate` keeps it from being
// closed while it is used; `resources` changes under the exclusive gate only.
package final class RocksDatabase: ReadableStore, @unchecked Sendable {
    /// Where the store is.
    package let path: String
    /// What its `FORMAT` says.
    package let format: StoreFormat

    private let gate = RocksGate()
    private var resources: Resources?
    // The addresses of the snapshots that are alive, so that closing can give them back.
    private let snapshots = Mutex<Set<UInt>>([])

    /// What RocksDB gave us and must get back, in this order: snapshots, families, database,
    /// environment.
    struct Resources {
        let database: OpaquePointer
        /// In the order of the raw values of ``ColumnFamily``, then the default family.
        let families: [OpaquePointer]
        let environment: OpaquePointer?
        let cache: OpaquePointer
        /// For reads of the newest state; never changed.
        let readOptions: OpaquePointer
        let lock: StoreLock
    }

    init(path: String, format: StoreFormat, resources: Resources) {
        self.path = path
        self.format = format
        self.resources = resources
    }

    deinit { close() }

    /// Writes `batch` as a whole; with `sync`, it and all that was written before are durable when
    /// this returns. Any error but `closed` leaves the outcome unknown: the caller ends the
    /// process.
    package func write(_ batch: WriteBatch, sync: Bool) throws(RocksError) {
        try write([batch], sync: sync)
    }

    /// Writes `batches`, in order, as a whole and with one fsync at most.
    package func write(_ batches: [WriteBatch], sync: Bool) throws(RocksError) {
        try gate.shared { () throws(RocksError) in
            guard let resources else { throw .closed }
            let target = rocksdb_writebatch_create()
            defer { rocksdb_writebatch_destroy(target) }
            for batch in batches {
                for operation in batch.operations { add(operation, to: target, resources) }
            }
            let options = rocksdb_writeoptions_create()
            defer { rocksdb_writeoptions_destroy(options) }
            rocksdb_writeoptions_set_sync(options, sync ? 1 : 0)
            var message: UnsafeMutablePointer<CChar>?
            rocksdb_write(resources.database, options, target, &message)
            if let text = RocksDatabase.taken(message) { throw .doubtful(text) }
        }
    }

    package func value(for key: [UInt8], in family: ColumnFamily) throws(StorageError) -> [UInt8]? {
        try value(for: key, in: family, at: nil)
    }

    package func pairs(_ range: KeyRange) throws(StorageError) -> [KeyValue] {
        try pairs(range, at: nil)
    }

    /// A view of what is stored now, whatever is written later. It keeps old versions from being
    /// removed, so it should not live long.
    package func snapshot() throws(StorageError) -> RocksSnapshot {
        try reading { (resources) throws(StorageError) in
            guard let snapshot = rocksdb_create_snapshot(resources.database) else {
                throw .inputOutput("RocksDB gave no snapshot")
            }
            let address = UInt(bitPattern: snapshot)
            snapshots.withLock { _ = $0.insert(address) }
            return RocksSnapshot(database: self, snapshot: snapshot)
        }
    }

    /// Writes all that is only in memory and in the log into tables: of `family`, or of all.
    package func flush(_ family: ColumnFamily? = nil) throws(RocksError) {
        try gate.shared { () throws(RocksError) in
            guard let resources else { throw .closed }
            let options = rocksdb_flushoptions_create()
            defer { rocksdb_flushoptions_destroy(options) }
            let families = family.map { [resources.families[$0.rawValue]] } ?? resources.families
            for family in families {
                var message: UnsafeMutablePointer<CChar>?
                rocksdb_flush_cf(resources.database, options, family, &message)
                if let text = RocksDatabase.taken(message) { throw .doubtful(text) }
            }
        }
    }

    /// Makes a copy of the store in the new directory `target`, which can be opened like the store
    /// itself, with the same key. On one file system it costs links, not copies.
    package func checkpoint(to target: String) throws(RocksError) {
        try gate.shared { () throws(RocksError) in
            guard let resources else { throw .closed }
            try StoreDirectory.create(StoreDirectory.parent(of: target))
            var message: UnsafeMutablePointer<CChar>?
            let checkpoint = rocksdb_checkpoint_object_create(resources.database, &message)
            if let text = RocksDatabase.taken(message) { throw .failed(text) }
            defer { rocksdb_checkpoint_object_destroy(checkpoint) }
            // A log larger than this is flushed instead of copied.
            rocksdb_checkpoint_create(checkpoint, target, 4 << 20, &message)
            if let text = RocksDatabase.taken(message) { throw .failed(text) }
            try format.write(path: target)
        }
    }

    /// Ends all use of the store; later reads and writes fail. Waits for those under way. Snapshots
    /// that still exist answer with an error from now on.
    package func close() {
        gate.exclusive {
            guard let resources else { return }
            self.resources = nil
            let addresses = snapshots.withLock { snapshots in
                defer { snapshots = [] }
                return snapshots
            }
            for address in addresses {
                rocksdb_release_snapshot(resources.database, OpaquePointer(bitPattern: address))
            }
            // Batches written without fsync were promised to nobody, so an error does not matter.
            var message: UnsafeMutablePointer<CChar>?
            rocksdb_flush_wal(resources.database, 1, &message)
            _ = RocksDatabase.taken(message)
            rocksdb_cancel_all_background_work(resources.database, 1)
            for family in resources.families { rocksdb_column_family_handle_destroy(family) }
            rocksdb_close(resources.database)
            rocksdb_readoptions_destroy(resources.readOptions)
            rocksdb_cache_destroy(resources.cache)
            if let environment = resources.environment { rocksdb_env_destroy(environment) }
        }
    }

    /// Runs `body` with what RocksDB gave us; throws `closed`.
    func withResources<Result>(
        _ body: (Resources) throws(RocksError) -> Result
    ) throws(RocksError) -> Result {
        try gate.shared { () throws(RocksError) in
            guard let resources else { throw .closed }
            return try body(resources)
        }
    }

    /// Runs `body` with what RocksDB gave us, for a reader.
    func reading<Result>(
        _ body: (Resources) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        try gate.shared { () throws(StorageError) in
            guard let resources else { throw .inputOutput("the store is closed") }
            return try body(resources)
        }
    }

    /// Gives a snapshot back, unless closing has done so.
    func release(_ snapshot: OpaquePointer) {
        gate.shared {
            let address = UInt(bitPattern: snapshot)
            guard let resources, snapshots.withLock({ $0.remove(address) }) != nil else { return }
            rocksdb_release_snapshot(resources.database, snapshot)
        }
    }

    /// The text of an error of RocksDB, which is freed; nil when there was none.
    static func taken(_ message: UnsafeMutablePointer<CChar>?) -> String? {
        guard let message else { return nil }
        defer { rocksdb_free(message) }
        // SAFETY: RocksDB answers a string that ends with a zero byte and is ours to free.
        return String(cString: message)
    }

    private func add(
        _ operation: WriteBatch.Operation, to target: OpaquePointer?, _ resources: Resources
    ) {
        // SAFETY: RocksDB copies the keys and values before each call returns.
        switch operation {
        case .put(let family, let key, let value):
            key.withCharacters { keyStart, keyCount in
                value.withCharacters { valueStart, valueCount in
                    rocksdb_writebatch_put_cf(
                        target, resources.families[family.rawValue], keyStart, keyCount, valueStart,
                        valueCount)
                }
            }
        case .delete(let family, let key):
            key.withCharacters { start, count in
                rocksdb_writebatch_delete_cf(
                    target, resources.families[family.rawValue], start, count)
            }
        case .deleteRange(let family, let from, let to):
            // RocksDB takes a range that ends before it starts for an error.
            guard from.lexicographicallyPrecedes(to) else { return }
            from.withCharacters { fromStart, fromCount in
                to.withCharacters { toStart, toCount in
                    rocksdb_writebatch_delete_range_cf(
                        target, resources.families[family.rawValue], fromStart, fromCount, toStart,
                        toCount)
                }
            }
        }
    }
}

extension Array where Element == UInt8 {
    /// Calls `body` with the bytes as C's characters, never with a null pointer.
    func withCharacters<Result, Failure: Error>(
        _ body: (UnsafePointer<CChar>, Int) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if isEmpty {
            let nothing: [UInt8] = [0]
            return try nothing.withCharacters { (start, _) throws(Failure) in try body(start, 0) }
        }
        return try withUnsafeBufferPointer { (buffer) throws(Failure) -> Result in
            guard let start = buffer.baseAddress else { preconditionFailure("not empty") }
            // SAFETY: bytes and characters have the same layout.
            return try body(
                UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), buffer.count)
        }
    }
}
