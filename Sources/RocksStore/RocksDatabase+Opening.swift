internal import CEncryptedEnv
internal import CRocksDB
internal import Glibc
internal import Identity
internal import Seal
internal import Storage

// Opening: what is refused, and how RocksDB is set up.
extension RocksDatabase {
    /// Opens the store in the directory `path`, or makes it there if the directory is empty or
    /// missing.
    ///
    /// Whatever is not a sound store of the right cluster, format and key is refused, with the
    /// reason, and left as it is.
    package static func open(
        path: String, options: RocksOptions
    ) throws(RocksError) -> RocksDatabase {
        try StoreDirectory.create(path)
        // Before anything is written, so that a directory of somebody else stays as it is.
        let isNew = try StoreFormat.inspect(path: path) == nil
        if isNew, try !StoreDirectory.names(in: path).allSatisfy(isOurs) {
            throw .notAStore(path: path)
        }
        if isNew { StoreDirectory.restrict(path) }
        let lock = try StoreLock(path: path)
        var format: StoreFormat
        if let found = try StoreFormat.inspect(path: path) {
            format = found
        } else {
            format = try newFormat(options)
            try format.write(path: path)
        }
        guard format.cluster == options.cluster else {
            throw .foreign(path: path, found: format.cluster, expected: options.cluster)
        }
        let key = try format.key(path: path, sealedBy: options.encryptionKey)
        let resources = try opened(
            path: path, options: options, key: key, mayCreate: !format.isComplete, lock: lock)
        if !format.isComplete {
            format.isComplete = true
            do {
                try format.write(path: path)
            } catch {
                RocksDatabase(path: path, format: format, resources: resources).close()
                throw error
            }
        }
        return RocksDatabase(path: path, format: format, resources: resources)
    }

    /// Replaces the operator's key of the closed store in `path`. What the store holds stays
    /// encrypted with the store's own key, so this costs one small file.
    package static func replaceKey(
        path: String, from old: [UInt8], to new: [UInt8]
    ) throws(RocksError) {
        let lock = try StoreLock(path: path)
        defer { withExtendedLifetime(lock) {} }
        guard var format = try StoreFormat.inspect(path: path) else { throw .notAStore(path: path) }
        guard let key = try format.key(path: path, sealedBy: old) else { return }
        format.sealedKey = try StoreFormat.sealed(key, by: new, cluster: format.cluster)
        try format.write(path: path)
    }

    /// Whether a file may be in a directory that holds no store yet; a mounted file system has one.
    private static func isOurs(_ name: String) -> Bool {
        [StoreLock.fileName, StoreFormat.fileName + ".new", "lost+found"].contains(name)
    }

    private static func newFormat(_ options: RocksOptions) throws(RocksError) -> StoreFormat {
        var sealedKey: [UInt8]?
        if let operatorKey = options.encryptionKey {
            let key = SystemGenerator.bytes(count: AuthenticatedCipher.keyByteCount)
            sealedKey = try StoreFormat.sealed(key, by: operatorKey, cluster: options.cluster)
        }
        return StoreFormat(
            version: StoreFormat.currentVersion, cluster: options.cluster,
            createdBy: options.createdBy, sealedKey: sealedKey, isComplete: false)
    }

    private static func opened(
        path: String, options: RocksOptions, key: [UInt8]?, mayCreate: Bool, lock: StoreLock
    ) throws(RocksError) -> Resources {
        var environment: OpaquePointer?
        if let key {
            environment = chaticket_encrypted_env_create(key)
            guard environment != nil else { throw .failed("libcrypto refused the key") }
            try checkFirstPages(path)
        }
        guard let cache = rocksdb_cache_create_lru(options.cacheBytes) else {
            throw .failed("there is no memory for the cache")
        }
        var succeeded = false
        defer {
            if !succeeded {
                rocksdb_cache_destroy(cache)
                if let environment { rocksdb_env_destroy(environment) }
            }
        }
        let settings = try settings(
            options, cache: cache, environment: environment, mayCreate: mayCreate)
        defer { rocksdb_options_destroy(settings) }
        // RocksDB has a default family in any case.
        let names = ColumnFamily.allCases.map(\.name) + ["default"]
        let copies = names.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        var namePointers = copies.map { UnsafePointer<CChar>($0) }
        var familySettings = names.map { _ in OpaquePointer?(settings) }
        var families = [OpaquePointer?](repeating: nil, count: names.count)
        var message: UnsafeMutablePointer<CChar>?
        // SAFETY: the three arrays have as many elements as are named; RocksDB copies names and
        // settings and fills in the families.
        let database = rocksdb_open_column_families(
            settings, path, Int32(names.count), &namePointers, &familySettings, &families, &message)
        if let text = taken(message) { throw refusal(text, path: path) }
        guard let database, let readOptions = rocksdb_readoptions_create() else {
            throw .failed("RocksDB answered nothing")
        }
        succeeded = true
        return Resources(
            database: database, families: families.compactMap { $0 }, environment: environment,
            cache: cache, readOptions: readOptions, lock: lock)
    }

    /// Every file that is encrypted begins with a page for its salt (EncryptedEnv.cpp).
    private static let firstPageBytes = 4_096

    /// Empties the logs whose first page is not whole: the process died when it had just made them,
    /// and they hold nothing. Any other file that is so short is damaged. RocksDB itself would end
    /// the process by an assertion, and at every start again.
    private static func checkFirstPages(_ path: String) throws(RocksError) {
        for name in try StoreDirectory.names(in: path) {
            let isLog = name.hasSuffix(".log")
            guard isLog || name.hasSuffix(".sst") || name.hasPrefix("MANIFEST-") else { continue }
            let bytes = try StoreDirectory.byteCount("\(path)/\(name)")
            guard bytes > 0, bytes < firstPageBytes else { continue }
            guard isLog else {
                throw .damaged(path: path, reason: "\(name) is shorter than its first page")
            }
            try StoreDirectory.empty("\(path)/\(name)")
        }
    }

    /// Settings of the database and of each family. To be destroyed after the opening.
    private static func settings(
        _ options: RocksOptions, cache: OpaquePointer, environment: OpaquePointer?, mayCreate: Bool
    ) throws(RocksError) -> OpaquePointer {
        guard let base = rocksdb_options_create(), let settings = rocksdb_options_create() else {
            throw .failed("there is no memory for settings")
        }
        defer { rocksdb_options_destroy(base) }
        // What the C interface has no function for. A log that was synced and is missing or short
        // is an error; so is damage to a log except a record cut off at its end, which was never
        // acknowledged. Nothing is tried again after an error of the disk.
        let text = [
            "wal_recovery_mode=kTolerateCorruptedTailRecords",
            "track_and_verify_wals_in_manifest=true",
            "max_bgerror_resume_count=0",
            "paranoid_checks=true",
            "manual_wal_flush=false",
            "avoid_flush_during_recovery=false",
            "db_write_buffer_size=\(options.writeBufferBytes)",
            "max_total_wal_size=\(options.logBytesMax)",
        ].joined(separator: ";")
        var message: UnsafeMutablePointer<CChar>?
        rocksdb_get_options_from_string(base, text, settings, &message)
        if let text = taken(message) {
            rocksdb_options_destroy(settings)
            throw .failed(text)
        }
        if let environment { rocksdb_options_set_env(settings, environment) }
        rocksdb_options_set_create_if_missing(settings, mayCreate ? 1 : 0)
        // Later versions have more families; those of an older store are made when it is opened.
        rocksdb_options_set_create_missing_column_families(settings, 1)
        rocksdb_options_set_write_buffer_size(settings, options.writeBufferBytes / 4)
        rocksdb_options_set_max_write_buffer_number(settings, 3)
        rocksdb_options_set_max_open_files(settings, Int32(clamping: options.openFilesMax))
        rocksdb_options_set_max_background_jobs(settings, 2)
        rocksdb_options_set_bytes_per_sync(settings, 1 << 20)
        rocksdb_options_set_compression(settings, Int32(rocksdb_lz4_compression))
        rocksdb_options_set_level_compaction_dynamic_level_bytes(settings, 1)
        // A lookup of a key that does not exist is common (is this id known?) and ends in memory.
        rocksdb_options_set_memtable_prefix_bloom_size_ratio(settings, 0.02)
        rocksdb_options_set_memtable_whole_key_filtering(settings, 1)
        // The information log is not encrypted: warnings only, and little of it.
        rocksdb_options_set_info_log_level(settings, 2)
        rocksdb_options_set_keep_log_file_num(settings, 4)
        rocksdb_options_set_max_log_file_size(settings, 4 << 20)
        setTables(settings, cache: cache)
        return settings
    }

    private static func setTables(
        _ settings: OpaquePointer, cache: OpaquePointer
    ) {
        let table = rocksdb_block_based_options_create()
        defer { rocksdb_block_based_options_destroy(table) }
        rocksdb_block_based_options_set_block_cache(table, cache)
        rocksdb_block_based_options_set_block_size(table, 8 << 10)
        rocksdb_block_based_options_set_cache_index_and_filter_blocks(table, 1)
        rocksdb_block_based_options_set_pin_l0_filter_and_index_blocks_in_cache(table, 1)
        rocksdb_block_based_options_set_format_version(table, 5)
        // The table settings own the filter.
        rocksdb_block_based_options_set_filter_policy(
            table, rocksdb_filterpolicy_create_bloom_full(10))
        rocksdb_options_set_block_based_table_factory(settings, table)
    }

    private static func refusal(_ text: String, path: String) -> RocksError {
        if text.contains("No space left on device") { return .full(path: path) }
        if text.contains("lock hold by") || text.contains("While lock file") {
            return .locked(path: path)
        }
        if text.contains("Permission denied") { return .inaccessible(path: path, errno: EACCES) }
        return .damaged(path: path, reason: text)
    }
}
