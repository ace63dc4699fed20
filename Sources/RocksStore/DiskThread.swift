package import Storage

/// Limits of a ``DiskThread``.
package struct DiskLimits: Hashable, Sendable {
    /// The most batches that one write of the database takes.
    package var groupCountMax = 512
    /// The bytes after which a write of the database takes no further batch.
    package var groupBytesMax = 1 << 20
    /// From here on ``DiskThread/isSaturated`` is true: queued batches…
    package var queuedCountMax = 8_192
    /// …or their bytes…
    package var queuedBytesMax = 64 << 20
    /// …or queued reads.
    package var readCountMax = 4_096
    /// How many threads read.
    package var readerCount = 2

    package init() {}
}

/// What a ``DiskThread`` has done and has still to do.
package struct DiskCounters: Hashable, Sendable {
    /// Batches written.
    package var batchCount: UInt64 = 0
    /// Writes of the database: each takes one batch or more.
    package var writeCount: UInt64 = 0
    /// Those of them with an fsync.
    package var syncCount: UInt64 = 0
    /// Bytes of keys and values written.
    package var byteCount: UInt64 = 0
    /// Reads answered.
    package var readCount: UInt64 = 0
    /// Batches submitted and not yet written.
    package var queuedBatchCount = 0
    /// Their bytes.
    package var queuedByteCount = 0
    /// Reads submitted and not yet begun.
    package var queuedReadCount = 0
}

/// Writes to a store on a thread of its own, and reads on a few more, so that an event loop never
/// waits for a disk.
///
/// Batches are written in the order of their submission. While one write is under way others queue
/// up; the next write takes them all (up to limits), with one fsync if any of them asked for it:
/// the group commit. It never waits for more to come. A read sees every batch submitted before it.
///
/// Completions run on the disk's threads, those of batches in order; they should hand over to the
/// caller's loop and nothing else. A failed write calls `fatal` once, and no completion after it:
/// the process must end, since nobody knows what the disk holds.
package final class DiskThread: Sendable {
    private struct Write {
        let batch: WriteBatch
        let isSynced: Bool
        let completion: (@Sendable () -> Void)?
    }

    private struct Read {
        /// How many batches must have been written before.
        let after: UInt64
        let body: @Sendable (RocksDatabase) -> Void
    }

    private enum Phase {
        case running
        /// Everything queued is still done.
        case stopping
        /// Nothing is done any more.
        case failed
    }

    private struct State {
        var phase = Phase.running
        var counters = DiskCounters()
        var writes: [Write] = []
        var reads: [Read] = []
        var submittedCount: UInt64 = 0
        var isWriterDone = false
        var workers: [DiskWorker] = []
    }

    /// How far above the limits of ``isSaturated`` the caller may go before the thread gives up.
    private static let hardLimitFactor = 16

    private let database: RocksDatabase
    private let limits: DiskLimits
    private let written: @Sendable (UInt64) -> Void
    private let fatal: @Sendable (RocksError) -> Void
    private let monitor = DiskMonitor(State())

    /// Starts the threads.
    ///
    /// `written` is called once for each write of the database, with the number of the last batch
    /// that has been written: a caller that hands over to its loop there does so once for a whole
    /// group. `fatal` is called at most once, on one of the threads or on the submitter's.
    package init(
        database: RocksDatabase, limits: DiskLimits = DiskLimits(),
        written: @escaping @Sendable (UInt64) -> Void = { _ in },
        fatal: @escaping @Sendable (RocksError) -> Void
    ) {
        precondition(limits.groupCountMax > 0 && limits.readerCount > 0, "nothing would be done")
        self.database = database
        self.limits = limits
        self.written = written
        self.fatal = fatal
        // The threads keep the object alive until `stop`.
        var workers = [DiskWorker { self.runWriter() }]
        for _ in 0..<limits.readerCount { workers.append(DiskWorker { self.runReader() }) }
        monitor.access { [workers] in $0.workers = workers }
    }

    /// Queues `batch` and answers its number, counted from 1; `completion` is called once it has
    /// been written and, with `sync`, is durable. Nothing happens after ``stop()``.
    @discardableResult
    package func submit(
        _ batch: WriteBatch, sync: Bool, completion: (@Sendable () -> Void)? = nil
    ) -> UInt64 {
        let (number, isTooMuch) = monitor.access { state -> (UInt64, Bool) in
            guard state.phase == .running else { return (state.submittedCount, false) }
            state.writes.append(Write(batch: batch, isSynced: sync, completion: completion))
            state.submittedCount += 1
            state.counters.queuedBatchCount += 1
            state.counters.queuedByteCount += batch.byteCount
            let counters = state.counters
            let isTooMuch =
                counters.queuedBatchCount > DiskThread.hardLimitFactor * limits.queuedCountMax
                || counters.queuedByteCount > DiskThread.hardLimitFactor * limits.queuedBytesMax
            return (state.submittedCount, isTooMuch)
        }
        if isTooMuch { fail(.saturated) }
        monitor.ring(.writer)
        return number
    }

    /// Reads `ranges` from one state of the store, which includes every batch submitted before.
    package func read(
        _ ranges: [KeyRange],
        completion: @escaping @Sendable (Result<[[KeyValue]], StorageError>) -> Void
    ) {
        snapshotRead { snapshot in
            completion(
                snapshot.flatMap { snapshot in
                    Result { () throws(StorageError) in
                        var found: [[KeyValue]] = []
                        for range in ranges { found.append(try snapshot.pairs(range)) }
                        return found
                    }
                })
        }
    }

    /// Runs `body` on a reading thread with a snapshot that includes every batch submitted before;
    /// the snapshot may be kept for a while, as for the transfer of a shard.
    package func snapshotRead(
        _ body: @escaping @Sendable (Result<RocksSnapshot, StorageError>) -> Void
    ) {
        let isTooMuch = monitor.access { state -> Bool in
            guard state.phase == .running else { return false }
            state.reads.append(
                Read(after: state.submittedCount) { database in
                    body(Result { () throws(StorageError) in try database.snapshot() })
                })
            state.counters.queuedReadCount += 1
            return state.reads.count > DiskThread.hardLimitFactor * limits.readCountMax
        }
        if isTooMuch { fail(.saturated) }
        monitor.ring(.readers)
    }

    /// Does what is queued and ends the threads; not to be called on one of them. The database
    /// stays open.
    package func stop() {
        let workers = monitor.access { state -> [DiskWorker] in
            if state.phase == .running { state.phase = .stopping }
            let workers = state.workers
            state.workers = []
            return workers
        }
        monitor.ring(.writer)
        monitor.ring(.readers)
        for worker in workers { worker.join() }
    }

    /// What has been done and is queued.
    package var counters: DiskCounters { monitor.access { $0.counters } }

    /// Whether the caller should take less work until the queues have become shorter.
    package var isSaturated: Bool {
        let counters = counters
        return counters.queuedBatchCount > limits.queuedCountMax
            || counters.queuedByteCount > limits.queuedBytesMax
            || counters.queuedReadCount > limits.readCountMax
    }

    private func runWriter() {
        while let group = nextGroup() {
            let isSynced = group.contains { $0.isSynced }
            do {
                try database.write(group.map(\.batch), sync: isSynced)
            } catch {
                fail(error)
                return
            }
            let last = monitor.access { state -> UInt64 in
                state.counters.batchCount += UInt64(group.count)
                state.counters.writeCount += 1
                if isSynced { state.counters.syncCount += 1 }
                for write in group {
                    state.counters.byteCount += UInt64(write.batch.byteCount)
                    state.counters.queuedByteCount -= write.batch.byteCount
                }
                state.counters.queuedBatchCount -= group.count
                return state.counters.batchCount
            }
            monitor.ring(.readers)
            // Called before the next write, so they come in order; a read may be answered earlier.
            for write in group { write.completion?() }
            written(last)
        }
        monitor.access { $0.isWriterDone = true }
        monitor.ring(.readers)
    }

    /// The batches of the next write; nil when there will be none.
    private func nextGroup() -> [Write]? {
        monitor.wait(at: .writer) { state -> [Write]?? in
            if state.phase == .failed { return .some(nil) }
            guard !state.writes.isEmpty else {
                return state.phase == .stopping ? .some(nil) : nil
            }
            var bytes = 0
            var count = 0
            while count < min(state.writes.count, limits.groupCountMax),
                bytes < limits.groupBytesMax
            {
                bytes += state.writes[count].batch.byteCount
                count += 1
            }
            let group = Array(state.writes[..<count])
            state.writes.removeFirst(count)
            return group
        }
    }

    private func runReader() {
        while let read = nextRead() {
            read.body(database)
            monitor.access { $0.counters.readCount += 1 }
        }
    }

    /// The next read whose batches have been written; nil when there will be none.
    private func nextRead() -> Read? {
        monitor.wait(at: .readers) { state -> Read?? in
            if state.phase == .failed { return .some(nil) }
            guard let read = state.reads.first else {
                return state.phase == .stopping && state.isWriterDone ? .some(nil) : nil
            }
            guard read.after <= state.counters.batchCount else { return nil }
            state.reads.removeFirst()
            state.counters.queuedReadCount -= 1
            return read
        }
    }

    private func fail(_ error: RocksError) {
        let isFirst = monitor.access { state -> Bool in
            guard state.phase != .failed else { return false }
            state.phase = .failed
            return true
        }
        monitor.ring(.writer)
        monitor.ring(.readers)
        if isFirst { fatal(error) }
    }
}
