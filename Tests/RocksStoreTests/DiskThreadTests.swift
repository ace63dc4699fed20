import Foundation
import RocksStore
import Storage
import Synchronization
import Testing

@Suite("DiskThread")
struct DiskThreadTests {
    private func batch(_ number: UInt64) -> WriteBatch {
        var batch = WriteBatch()
        batch.put(Keyspace.bytes(number), for: Keyspace.bytes(number), in: .data)
        batch.put(Keyspace.bytes(number), for: [0xEE], in: .meta)
        return batch
    }

    private func disk(_ database: RocksDatabase, limits: DiskLimits = DiskLimits()) -> DiskThread {
        DiskThread(database: database, limits: limits) { error in Issue.record("\(error)") }
    }

    @Test("Completions come in the order of submission, one for each batch")
    func order() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        let disk = disk(database)
        let completed = Mutex<[UInt64]>([])
        for number in UInt64(0)..<2_000 {
            disk.submit(batch(number), sync: number % 3 == 0) {
                completed.withLock { $0.append(number) }
            }
        }
        disk.stop()
        #expect(completed.withLock { $0 } == Array(0..<2_000))
        #expect(try database.value(for: [0xEE], in: .meta) == Keyspace.bytes(UInt64(1_999)))
        #expect(disk.counters.queuedBatchCount == 0)
        #expect(disk.counters.queuedByteCount == 0)
        #expect(disk.counters.batchCount == 2_000)
    }

    @Test("What queues up behind a slow write goes with the next one, and one fsync: group commit")
    func groupCommit() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        let disk = disk(database)
        let gate = DispatchSemaphore(value: 0)
        // The first completion holds the disk's thread as a slow fsync would.
        disk.submit(batch(0), sync: true) { gate.wait() }
        for number in UInt64(1)...300 { disk.submit(batch(number), sync: true) {} }
        gate.signal()
        disk.stop()
        let counters = disk.counters
        #expect(counters.batchCount == 301)
        // The first may have been taken alone, and the limit of 512 makes the rest one group; a few
        // that were submitted before it was taken went with it.
        #expect(counters.writeCount <= 2)
        #expect(counters.syncCount == counters.writeCount)
    }

    @Test("One batch of a group that asks for an fsync gets it for all", arguments: [0, 7, 19])
    func oneSyncedBatch(place: Int) throws {
        let folder = StoreFolder()
        let database = try folder.open()
        let disk = disk(database)
        let isHeld = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        disk.submit(batch(0), sync: false) {
            isHeld.signal()
            gate.wait()
        }
        isHeld.wait()
        for number in 0..<20 { disk.submit(batch(UInt64(number)), sync: number == place) }
        gate.signal()
        disk.stop()
        #expect(disk.counters.writeCount == 2)
        #expect(disk.counters.syncCount == 1)
    }

    @Test("Each write tells once how far it has come, and numbers count the submitted batches")
    func numbers() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        let told = Mutex<[UInt64]>([])
        let disk = DiskThread(database: database) { number in
            told.withLock { $0.append(number) }
        } fatal: { error in
            Issue.record("\(error)")
        }
        for number in UInt64(1)...500 {
            #expect(disk.submit(batch(number), sync: number % 2 == 0) == number)
        }
        disk.stop()
        let numbers = told.withLock { $0 }
        #expect(numbers.last == 500)
        #expect(UInt64(numbers.count) == disk.counters.writeCount)
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("Without anybody asking for it there is no fsync")
    func noSync() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        let disk = disk(database)
        for number in UInt64(0)..<100 { disk.submit(batch(number), sync: false) {} }
        disk.stop()
        #expect(disk.counters.syncCount == 0)
        #expect(disk.counters.writeCount >= 1)
    }

    @Test("A group takes no more batches and bytes than its limits")
    func groupLimits() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        var limits = DiskLimits()
        limits.groupCountMax = 10
        let disk = disk(database, limits: limits)
        for number in UInt64(0)..<100 { disk.submit(batch(number), sync: false) {} }
        disk.stop()
        #expect(disk.counters.writeCount >= 10)
        limits = DiskLimits()
        limits.groupBytesMax = 1
        let single = self.disk(database, limits: limits)
        for number in UInt64(0)..<20 { single.submit(batch(number), sync: false) {} }
        single.stop()
        #expect(single.counters.writeCount == 20)
    }

    @Test("A read sees every batch that was submitted before it", arguments: 0..<5)
    func readYourWrites(round: Int) throws {
        let folder = StoreFolder()
        let database = try folder.open()
        let disk = disk(database)
        let tooOld = Mutex(0)
        let answers = Mutex(0)
        for number in UInt64(1)...500 {
            disk.submit(batch(number), sync: number % 10 == 0) {}
            let latest = KeyRange(.meta, from: [0xEE], to: [0xEF], countMax: 1)
            let count = KeyRange(.data, from: [], to: [0xFF], isReversed: true, countMax: 1)
            disk.read([latest, count]) { result in
                answers.withLock { $0 += 1 }
                guard let pages = try? result.get(), let pair = pages[0].first,
                    let last = pages[1].first, let seen = Keyspace.number(pair.value)
                else {
                    tooOld.withLock { $0 += 1 }
                    return
                }
                // Both ranges are read from one state.
                if seen < number || last.key != pair.value { tooOld.withLock { $0 += 1 } }
            }
        }
        disk.stop()
        #expect(answers.withLock { $0 } == 500)
        #expect(tooOld.withLock { $0 } == 0)
    }

    @Test("A snapshot may be kept and read elsewhere while others write")
    func snapshotRead() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        let disk = disk(database)
        disk.submit(batch(1), sync: false) {}
        let kept = Mutex<RocksSnapshot?>(nil)
        disk.snapshotRead { result in kept.withLock { $0 = try? result.get() } }
        disk.stop()
        try database.write(batch(2), sync: false)
        let snapshot = try #require(kept.withLock { $0 })
        #expect(try snapshot.value(for: [0xEE], in: .meta) == Keyspace.bytes(UInt64(1)))
    }

    @Test("A failed write calls the fatal handler once, and no completion any more")
    func failure() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        let errors = Mutex<[RocksError]>([])
        let disk = DiskThread(database: database) { error in errors.withLock { $0.append(error) } }
        database.close()
        for number in UInt64(0)..<10 {
            disk.submit(batch(number), sync: true) { Issue.record("a write that failed completed") }
        }
        disk.stop()
        #expect(errors.withLock { $0 } == [.closed])
    }

    @Test("The queue says when it is too long, and gives up far beyond that")
    func saturation() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        var limits = DiskLimits()
        limits.queuedCountMax = 5
        let errors = Mutex<[RocksError]>([])
        let disk = DiskThread(database: database, limits: limits) { error in
            errors.withLock { $0.append(error) }
        }
        let isHeld = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        disk.submit(batch(0), sync: false) {
            isHeld.signal()
            gate.wait()
        }
        isHeld.wait()
        for number in UInt64(1)...5 { disk.submit(batch(number), sync: false) {} }
        #expect(!disk.isSaturated)
        disk.submit(batch(6), sync: false) {}
        #expect(disk.isSaturated)
        for number in UInt64(7)...100 { disk.submit(batch(number), sync: false) {} }
        #expect(errors.withLock { $0 } == [.saturated])
        gate.signal()
        disk.stop()
    }

    @Test("After stopping nothing is done any more")
    func stopping() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        let disk = disk(database)
        disk.stop()
        disk.submit(batch(1), sync: false) { Issue.record("written after stopping") }
        disk.stop()
        #expect(try database.value(for: [0xEE], in: .meta) == nil)
    }
}
