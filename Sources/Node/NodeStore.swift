internal import Storage

/// The node's store as its parts read it: what is on disk, under what was handed to the disk and is
/// not written yet. A class, so that replicas and transactions share it without copying; used on the
/// node's loop only.
final class NodeStore: ReadableStore {
    private var overlay: OverlayStore

    init(base: any ReadableStore) {
        overlay = OverlayStore(base: base)
    }

    func value(for key: [UInt8], in family: ColumnFamily) throws(StorageError) -> [UInt8]? {
        try overlay.value(for: key, in: family)
    }

    func pairs(_ range: KeyRange) throws(StorageError) -> [KeyValue] {
        try overlay.pairs(range)
    }

    /// `batch` was handed to the disk under `token`; it is seen from now on.
    func push(_ batch: WriteBatch, token: UInt64) {
        overlay.push(batch, token: token)
    }

    /// The disk shows everything through `token` itself.
    func drop(through token: UInt64) {
        overlay.drop(through: token)
    }
}
