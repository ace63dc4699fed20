internal import Determinism
internal import Storage

/// The disk of one simulated node: what is on it for sure, what was written and may be lost in a
/// crash, and the views that are open.
///
/// Models the contract of RocksDB's write-ahead log: batches are atomic and take effect in order; a
/// sync makes everything before it durable; a crash keeps all that was synced and any prefix of the
/// rest.
final class SimulatedDisk: ReadableStore {
    /// What the node reads: every batch that has been written.
    private(set) var visible: MemoryStore
    /// What a crash leaves for sure.
    private var durable: MemoryStore
    /// Batches that were handed over after the last sync, written or still on their way.
    private var unsynced: [WriteBatch] = []
    /// How many of them are visible.
    private var writtenCount = 0
    private var views: [UInt64: MemoryStore] = [:]
    /// When the queue of writes is empty.
    var busyUntil = Instant.start

    init(_ content: MemoryStore = MemoryStore()) {
        visible = content
        durable = content
    }

    func value(for key: [UInt8], in family: ColumnFamily) throws(StorageError) -> [UInt8]? {
        try visible.value(for: key, in: family)
    }

    func pairs(_ range: KeyRange) throws(StorageError) -> [KeyValue] {
        try visible.pairs(range)
    }

    /// A batch was handed over; it takes effect with ``finishWrite(synced:)``.
    func beginWrite(_ batch: WriteBatch) {
        unsynced.append(batch)
    }

    /// The oldest batch that was handed over is written now, and everything so far is durable if it
    /// was `synced`.
    func finishWrite(synced: Bool) {
        visible.apply(unsynced[writtenCount])
        writtenCount += 1
        guard synced else { return }
        durable = visible
        unsynced.removeFirst(writtenCount)
        writtenCount = 0
    }

    func openView(_ view: UInt64) { views[view] = visible }

    func closeView(_ view: UInt64) { views[view] = nil }

    /// Reads from a view, or from what is visible; nothing from a view that is closed.
    func read(_ range: KeyRange, view: UInt64?) -> [KeyValue] {
        guard let view else { return (try? visible.pairs(range)) ?? [] }
        return (try? views[view]?.pairs(range)) ?? []
    }

    /// The process died: of what was not synced, a prefix survives.
    func crash(using generator: inout SeededGenerator) {
        let kept = Int(generator.next(upperBound: UInt64(unsynced.count + 1)))
        for batch in unsynced.prefix(kept) { durable.apply(batch) }
        restart()
    }

    /// The process ended in good order, after its last write.
    func stop() {
        for batch in unsynced { durable.apply(batch) }
        restart()
    }

    /// How many batches would be at the mercy of a crash now.
    var unsyncedCount: Int { unsynced.count }

    private func restart() {
        visible = durable
        unsynced = []
        writtenCount = 0
        views = [:]
    }
}
