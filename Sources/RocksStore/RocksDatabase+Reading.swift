internal import CRocksDB
package import Storage

// Reads, of the newest state or of a snapshot.
extension RocksDatabase {
    func value(
        for key: [UInt8], in family: ColumnFamily, at snapshot: OpaquePointer?
    ) throws(StorageError) -> [UInt8]? {
        try reading { (resources) throws(StorageError) in
            var options = resources.readOptions
            if let snapshot {
                guard let own = rocksdb_readoptions_create() else {
                    throw .inputOutput("there is no memory for a read")
                }
                options = own
                rocksdb_readoptions_set_snapshot(options, snapshot)
            }
            defer { if snapshot != nil { rocksdb_readoptions_destroy(options) } }
            var message: UnsafeMutablePointer<CChar>?
            let slice = key.withCharacters { start, count in
                rocksdb_get_pinned_cf(
                    resources.database, options, resources.families[family.rawValue], start, count,
                    &message)
            }
            try RocksDatabase.check(message)
            guard let slice else { return nil }
            defer { rocksdb_pinnableslice_destroy(slice) }
            var count = 0
            let start = rocksdb_pinnableslice_value(slice, &count)
            return RocksDatabase.bytes(start, count)
        }
    }

    func pairs(
        _ range: KeyRange, at snapshot: OpaquePointer?
    ) throws(StorageError) -> [KeyValue] {
        guard range.countMax > 0, range.from.lexicographicallyPrecedes(range.to) else { return [] }
        return try withIterator(range, at: snapshot, fillsCache: true) {
            (iterator) throws(StorageError) in
            var page = KeyPage(countMax: range.countMax, bytesMax: range.bytesMax)
            while rocksdb_iter_valid(iterator) != 0 {
                var keyCount = 0
                var valueCount = 0
                let key = rocksdb_iter_key(iterator, &keyCount)
                let value = rocksdb_iter_value(iterator, &valueCount)
                guard page.reserve(byteCount: keyCount + valueCount),
                    page.append(
                        KeyValue(
                            key: RocksDatabase.bytes(key, keyCount),
                            value: RocksDatabase.bytes(value, valueCount)))
                else { break }
                RocksDatabase.step(iterator, isReversed: range.isReversed)
            }
            try RocksDatabase.checkStatus(of: iterator)
            return page.pairs
        }
    }

    /// Reads the blocks of `range` from disk, up to its limits, so that their checksums are
    /// verified; throws `corrupt` for a damaged one. Answers the key to go on from, nil at the end.
    package func scrub(_ range: KeyRange) throws(StorageError) -> [UInt8]? {
        guard range.countMax > 0, range.from.lexicographicallyPrecedes(range.to) else { return nil }
        return try withIterator(range, at: nil, fillsCache: false) {
            (iterator) throws(StorageError) in
            var countLeft = range.countMax
            var bytesLeft = range.bytesMax
            var next: [UInt8]?
            while rocksdb_iter_valid(iterator) != 0 {
                var keyCount = 0
                var valueCount = 0
                let key = rocksdb_iter_key(iterator, &keyCount)
                _ = rocksdb_iter_value(iterator, &valueCount)
                if countLeft == 0 || bytesLeft < 0 {
                    next = RocksDatabase.bytes(key, keyCount)
                    break
                }
                countLeft -= 1
                bytesLeft -= keyCount + valueCount
                RocksDatabase.step(iterator, isReversed: range.isReversed)
            }
            try RocksDatabase.checkStatus(of: iterator)
            return next
        }
    }

    private func withIterator<Result>(
        _ range: KeyRange, at snapshot: OpaquePointer?, fillsCache: Bool,
        _ body: (OpaquePointer?) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        try reading { (resources) throws(StorageError) in
            // SAFETY: the options keep pointers to the bounds, which live until the iterator is
            // gone.
            try range.from.withCharacters { (fromStart, fromCount) throws(StorageError) in
                try range.to.withCharacters { (toStart, toCount) throws(StorageError) in
                    let options = rocksdb_readoptions_create()
                    defer { rocksdb_readoptions_destroy(options) }
                    if let snapshot { rocksdb_readoptions_set_snapshot(options, snapshot) }
                    rocksdb_readoptions_set_iterate_lower_bound(options, fromStart, fromCount)
                    rocksdb_readoptions_set_iterate_upper_bound(options, toStart, toCount)
                    rocksdb_readoptions_set_fill_cache(options, fillsCache ? 1 : 0)
                    let iterator = rocksdb_create_iterator_cf(
                        resources.database, options, resources.families[range.family.rawValue])
                    defer { rocksdb_iter_destroy(iterator) }
                    if range.isReversed {
                        rocksdb_iter_seek_to_last(iterator)
                    } else {
                        rocksdb_iter_seek_to_first(iterator)
                    }
                    return try body(iterator)
                }
            }
        }
    }

    private static func step(_ iterator: OpaquePointer?, isReversed: Bool) {
        if isReversed { rocksdb_iter_prev(iterator) } else { rocksdb_iter_next(iterator) }
    }

    private static func checkStatus(of iterator: OpaquePointer?) throws(StorageError) {
        var message: UnsafeMutablePointer<CChar>?
        rocksdb_iter_get_error(iterator, &message)
        try check(message)
    }

    private static func check(_ message: UnsafeMutablePointer<CChar>?) throws(StorageError) {
        guard let text = taken(message) else { return }
        if text.hasPrefix("Corruption") { throw .corrupt(text) }
        throw .inputOutput(text)
    }

    private static func bytes(_ start: UnsafePointer<CChar>?, _ count: Int) -> [UInt8] {
        // SAFETY: RocksDB's slices are valid until the iterator moves or the slice is destroyed;
        // the bytes are copied before.
        Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
