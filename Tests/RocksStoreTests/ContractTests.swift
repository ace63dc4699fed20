import Determinism
import RocksStore
import Storage
import StoreContract
import Testing

@Suite("The contract of stores, on RocksDB")
struct ContractTests {
    @Test(
        "Random scripts leave the same pairs on disk as in memory, also after a restart",
        arguments: UInt64(0)..<12)
    func agreesWithMemoryStore(seed: UInt64) throws {
        let folder = StoreFolder()
        let key = seed % 3 == 0 ? [UInt8](repeating: UInt8(seed) + 1, count: 32) : nil
        var database = try folder.open(key: key)
        var script = StoreScript(seed: seed)
        var memory = MemoryStore()
        for step in 0..<200 {
            let batch = script.batch()
            memory.apply(batch)
            try database.write(batch, sync: script.generator.chance(1, in: 20))
            if step % 67 == 66 {
                if script.generator.chance(1, in: 2) { try database.flush() }
                database.close()
                database = try folder.open(key: key)
            }
            let range = script.range()
            #expect(try database.pairs(range) == memory.pairs(range))
            let key = script.key()
            #expect(try database.value(for: key, in: .data) == memory.value(for: key, in: .data))
        }
    }

    @Test("A snapshot does not see what is written after it", arguments: UInt64(0)..<4)
    func snapshots(seed: UInt64) throws {
        let folder = StoreFolder()
        let database = try folder.open()
        var script = StoreScript(seed: seed)
        var memory = MemoryStore()
        for _ in 0..<20 {
            for _ in 0..<10 {
                let batch = script.batch()
                memory.apply(batch)
                try database.write(batch, sync: false)
            }
            let snapshot = try database.snapshot()
            let remembered = memory
            for _ in 0..<10 {
                let batch = script.batch()
                memory.apply(batch)
                try database.write(batch, sync: false)
            }
            for _ in 0..<20 {
                let range = script.range()
                #expect(try snapshot.pairs(range) == remembered.pairs(range))
                #expect(try database.pairs(range) == memory.pairs(range))
                let key = script.key()
                #expect(
                    try snapshot.value(for: key, in: .raft) == remembered.value(for: key, in: .raft)
                )
            }
        }
        #expect(try database.statistics().snapshotCount == 0)
    }

    @Test(
        "An overlay over the disk answers as if everything were written", arguments: UInt64(0)..<4)
    func overlay(seed: UInt64) throws {
        let folder = StoreFolder()
        let database = try folder.open()
        var overlay = OverlayStore(base: database)
        var script = StoreScript(seed: seed)
        var memory = MemoryStore()
        var unwritten: [(UInt64, WriteBatch)] = []
        for token in UInt64(1)...100 {
            let batch = script.batch()
            memory.apply(batch)
            overlay.push(batch, token: token)
            unwritten.append((token, batch))
            if script.generator.chance(2, in: 3) {
                let (written, batch) = unwritten.removeFirst()
                try database.write(batch, sync: false)
                overlay.drop(through: written)
            }
            let range = script.range()
            #expect(try overlay.pairs(range) == memory.pairs(range))
        }
    }

    @Test("A closed store answers with errors, and so do its snapshots")
    func closing() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        let snapshot = try database.snapshot()
        database.close()
        #expect(throws: RocksError.closed) { try database.write(WriteBatch(), sync: false) }
        #expect(throws: StorageError.self) { try database.value(for: [1], in: .data) }
        #expect(throws: StorageError.self) { try snapshot.value(for: [1], in: .data) }
        #expect(throws: RocksError.closed) { try database.statistics() }
    }

    @Test(
        "A checkpoint can be opened as a store, with the state of its moment",
        arguments: [false, true])
    func checkpoint(isEncrypted: Bool) throws {
        let key = isEncrypted ? [UInt8](repeating: 3, count: 32) : nil
        let folder = StoreFolder()
        let copy = StoreFolder()
        let database = try folder.open(key: key)
        var batch = WriteBatch()
        batch.put([1], for: [1], in: .data)
        try database.write(batch, sync: true)
        try database.checkpoint(to: copy.path)
        batch.put([2], for: [1], in: .data)
        try database.write(batch, sync: true)
        let opened = try copy.open(key: key)
        #expect(try opened.value(for: [1], in: .data) == [1])
        #expect(try database.value(for: [1], in: .data) == [2])
        #expect(opened.format.createdBy == "test 1.0")
    }

    @Test("A write that asks for it is synced by RocksDB, and no other is")
    func syncs() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        var batch = WriteBatch()
        batch.put([1], for: [1], in: .data)
        for number in 0..<12 { try database.write(batch, sync: number < 7) }
        let figures = try #require(try database.property("dbstats"))
        #expect(figures.contains("Cumulative WAL: 12 writes, 7 syncs"), "\(figures)")
    }

    @Test("The figures of a store follow what is in it")
    func statistics() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        var batch = WriteBatch()
        for number in UInt64(0)..<1_000 {
            batch.put([UInt8](repeating: 1, count: 100), for: Keyspace.bytes(number), in: .data)
        }
        try database.write(batch, sync: false)
        #expect(try database.statistics().memoryTableBytes > 100_000)
        try database.flush()
        let statistics = try database.statistics()
        #expect(statistics.tableBytes > 0)
        #expect(statistics.keyCount == 1_000)
        #expect(statistics.backgroundErrorCount == 0)
        #expect(!statistics.isWriteStopped)
        let space = try database.diskSpace()
        #expect(space.totalBytes >= space.freeBytes && space.totalBytes > 0)
        #expect(space.freePermille <= 1_001)
        #expect(try database.property("estimate-num-keys") != nil)
    }
}
