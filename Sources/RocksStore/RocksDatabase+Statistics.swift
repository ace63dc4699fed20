internal import CRocksDB
internal import Storage

/// Figures of a store, for metrics and for the decision to take less work.
package struct RocksStatistics: Hashable, Sendable {
    /// Data that is not yet in tables.
    package var memoryTableBytes: UInt64 = 0
    /// Blocks in the cache.
    package var cacheBytes: UInt64 = 0
    /// The size of the live tables.
    package var tableBytes: UInt64 = 0
    /// What compaction has still to rewrite, estimated.
    package var pendingCompactionBytes: UInt64 = 0
    /// How many keys there are, estimated.
    package var keyCount: UInt64 = 0
    /// Compactions and flushes under way.
    package var backgroundJobCount: UInt64 = 0
    /// Errors in the background since the start; the store takes no writes after one.
    package var backgroundErrorCount: UInt64 = 0
    /// Whether writes stand still until compaction has caught up.
    package var isWriteStopped = false
    /// Snapshots that are alive.
    package var snapshotCount: UInt64 = 0
}

extension RocksDatabase {
    /// Figures of the store now; cheap.
    package func statistics() throws(RocksError) -> RocksStatistics {
        try withResources { (resources) throws(RocksError) in
            func total(_ name: String) -> UInt64 {
                resources.families.reduce(0) { total, family in
                    var value: UInt64 = 0
                    let result = rocksdb_property_int_cf(
                        resources.database, family, "rocksdb." + name, &value)
                    return result == 0 ? total + value : total
                }
            }
            func single(_ name: String) -> UInt64 {
                var value: UInt64 = 0
                let result = rocksdb_property_int(resources.database, "rocksdb." + name, &value)
                return result == 0 ? value : 0
            }
            return RocksStatistics(
                memoryTableBytes: total("cur-size-all-mem-tables"),
                cacheBytes: UInt64(rocksdb_cache_get_usage(resources.cache)),
                tableBytes: total("live-sst-files-size"),
                pendingCompactionBytes: total("estimate-pending-compaction-bytes"),
                keyCount: total("estimate-num-keys"),
                backgroundJobCount: single("num-running-compactions")
                    + single("num-running-flushes"),
                backgroundErrorCount: single("background-errors"),
                isWriteStopped: single("is-write-stopped") != 0,
                snapshotCount: single("num-snapshots"))
        }
    }

    /// A property of RocksDB by its name without the prefix, as text; nil when there is none.
    package func property(_ name: String) throws(RocksError) -> String? {
        try withResources { (resources) throws(RocksError) in
            RocksDatabase.taken(rocksdb_property_value(resources.database, "rocksdb." + name))
        }
    }
}
