internal import Determinism
internal import Storage

/// The disk of one simulated node: what is on it for sure, what was written and may be lost in a
/// crash, the views that are open, and what is wrong with it.
///
/// Models the contract of RocksDB's write-ahead log: batches are atomic and take effect in order; a
/// sync makes everything before it durable; a crash keeps all that was synced and any prefix of the
/// rest; a record that is cut short is dropped. What is damaged at rest shows as a read error, as
/// RocksDB's checksums of blocks make it show; only damage that those cannot see (a record that was
/// written wrong) is read as it is. See `SimulatedDisk+Damage`.
final class SimulatedDisk: ReadableStore {
    /// Why a write did not succeed. The process ends: RocksDB may or may not have the batch.
    enum WriteFailure: String, Error, Hashable {
        case full
        case readOnly
        case inputOutput
    }

    /// How the next write with a sync fails.
    enum WriteFault: Hashable {
        /// Nothing of it, nor of what comes after, reaches the disk.
        case lost
        /// It is written, but the sync fails: a crash may lose it.
        case doubtful
        /// All of it is durable, yet an error is reported.
        case durable
    }

    /// What a crash leaves of the batches that were not synced.
    enum CrashLoss: Hashable {
        /// Any number of them, oldest first.
        case some
        /// None: the power was cut.
        case everything
        /// Any number of them, and of the next one a part, which is dropped for its checksum.
        case torn
    }

    /// What the node reads: every batch that has been written.
    private(set) var visible: MemoryStore
    /// What a crash leaves for sure.
    private(set) var durable: MemoryStore
    /// Batches that were handed over after the last sync, written or still on their way.
    private var unsynced: [WriteBatch] = []
    /// How many of them are visible.
    private var writtenCount = 0
    private var views: [UInt64: MemoryStore] = [:]
    /// When the queue of writes is empty.
    private(set) var busyUntil = Instant.start
    /// When the sync ends that is under way; what comes before that shares the next one.
    private var syncUntil = Instant.start
    /// Whether that next one has anything to sync.
    private var isNextSynced = false

    /// What is wrong with it; nil when nothing is.
    var nextWriteFault: WriteFault?
    /// Why no write is taken at present.
    var refusal: WriteFailure?
    /// How many of the next reads fail, once each.
    var failingReads = 0
    /// Records whose block fails its checksum, in no order.
    var rotten: [DiskRecord] = []
    /// A torn record is taken for a whole one, to see that this is found out.
    var replaysTornRecords = false
    /// How many records crashes have torn.
    private(set) var tornCount: UInt64 = 0

    init(_ content: MemoryStore = MemoryStore()) {
        visible = content
        durable = content
    }

    // MARK: Reading

    func value(for key: [UInt8], in family: ColumnFamily) throws(StorageError) -> [UInt8]? {
        if isDoubtful { try check(family, from: key, to: key + [0]) }
        return try visible.value(for: key, in: family)
    }

    func pairs(_ range: KeyRange) throws(StorageError) -> [KeyValue] {
        if isDoubtful { try check(range.family, from: range.from, to: range.to) }
        return try visible.pairs(range)
    }

    /// Whether a read may fail at all.
    private var isDoubtful: Bool { failingReads > 0 || !rotten.isEmpty }

    func openView(_ view: UInt64) { views[view] = visible }

    func closeView(_ view: UInt64) { views[view] = nil }

    /// Reads from a view, or from what is visible; nothing from a view that is closed.
    func read(_ range: KeyRange, view: UInt64?) throws(StorageError) -> [KeyValue] {
        guard let view else { return try pairs(range) }
        if isDoubtful { try check(range.family, from: range.from, to: range.to) }
        return try views[view]?.pairs(range) ?? []
    }

    /// What is visible, for those who judge: nothing stands in their way.
    func content(of range: KeyRange) -> [KeyValue] { (try? visible.pairs(range)) ?? [] }

    // MARK: Writing

    /// When a write that is handed over now is done, if a sync takes so long. As in production one
    /// sync takes all that waits for the one before: a slow disk has larger batches, and not a
    /// queue without end.
    func end(ofWriteAt now: Instant, taking latency: Interval, isSynced: Bool) -> Instant {
        if now >= busyUntil {
            syncUntil = now + latency
            busyUntil = syncUntil
            isNextSynced = false
            return busyUntil
        }
        if now >= syncUntil {
            // Those that waited are being synced.
            syncUntil = busyUntil
            isNextSynced = false
        }
        let isFirst = busyUntil == syncUntil || (isSynced && !isNextSynced)
        if isFirst { busyUntil = max(busyUntil, syncUntil + latency) }
        isNextSynced = isNextSynced || isSynced
        return busyUntil
    }

    /// Nothing is under way.
    func rest(at now: Instant) {
        syncUntil = now
        busyUntil = now
        isNextSynced = false
    }

    /// A batch was handed over; it takes effect with ``finishWrite(synced:)``.
    func beginWrite(_ batch: WriteBatch) {
        unsynced.append(batch)
    }

    /// The oldest batch that was handed over is written now, and everything so far is durable if it
    /// was `synced`. After an error nothing more may be written before ``crash(losing:using:)``.
    func finishWrite(synced: Bool) throws(WriteFailure) {
        if let refusal {
            unsynced.removeLast(unsynced.count - writtenCount)
            throw refusal
        }
        let fault = synced ? nextWriteFault : nil
        if fault != nil { nextWriteFault = nil }
        if fault == .lost {
            unsynced.removeLast(unsynced.count - writtenCount)
            throw .inputOutput
        }
        let batch = unsynced[writtenCount]
        visible.apply(batch)
        if !rotten.isEmpty { rewrite(batch) }
        writtenCount += 1
        if fault == .doubtful { throw .inputOutput }
        guard synced else { return }
        // Not a copy of what is visible: every change after a copy would copy what it touches.
        for batch in unsynced.prefix(writtenCount) { durable.apply(batch) }
        unsynced.removeFirst(writtenCount)
        writtenCount = 0
        if fault == .durable { throw .inputOutput }
    }

    /// How many batches would be at the mercy of a crash now.
    var unsyncedCount: Int { unsynced.count }

    // MARK: Endings

    /// The process died: of what was not synced, a prefix survives.
    func crash(losing loss: CrashLoss = .some, using generator: inout SeededGenerator) {
        let bound = loss == .torn ? max(unsynced.count, 1) : unsynced.count + 1
        let kept = loss == .everything ? 0 : Int(generator.next(upperBound: UInt64(bound)))
        for batch in unsynced.prefix(kept) { durable.apply(batch) }
        if loss == .torn, kept < unsynced.count {
            tornCount += 1
            let record = LogRecord(unsynced[kept]).torn(using: &generator)
            if record.isWhole || replaysTornRecords { durable.apply(record.batch) }
        }
        restart()
    }

    /// The process ended in good order, after its last write.
    func stop() {
        for batch in unsynced { durable.apply(batch) }
        restart()
    }

    /// Puts other content in the place of all that was there, while no process runs.
    func replace(by content: MemoryStore) {
        durable = content
        heal()
        restart()
    }

    /// Nothing is wrong with it any more: what could not be read is read, what was refused is
    /// taken.
    func heal() {
        rotten = []
        nextWriteFault = nil
        refusal = nil
        failingReads = 0
    }

    /// Changes what is durable, while no process runs.
    func change(_ batch: WriteBatch) {
        precondition(unsynced.isEmpty && views.isEmpty, "no process uses the disk")
        durable.apply(batch)
        restart()
    }

    private func restart() {
        visible = durable
        unsynced = []
        writtenCount = 0
        views = [:]
        nextWriteFault = nil
        failingReads = 0
    }
}
