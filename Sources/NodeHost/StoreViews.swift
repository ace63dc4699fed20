internal import RocksStore
internal import Synchronization

/// The views of the store that the node has open. The first read of a view opens it.
///
/// Used by the loop, which closes, and by the reading threads.
final class StoreViews: Sendable {
    private let snapshots = Mutex<[UInt64: RocksSnapshot]>([:])

    /// The snapshot of `view`: the first one that is offered for it.
    func snapshot(of view: UInt64, or offered: RocksSnapshot) -> RocksSnapshot {
        snapshots.withLock { snapshots in
            if let opened = snapshots[view] { return opened }
            snapshots[view] = offered
            return offered
        }
    }

    /// Nothing is read from `view` any more.
    func close(_ view: UInt64) {
        snapshots.withLock { _ = $0.removeValue(forKey: view) }
    }
}
