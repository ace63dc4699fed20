import Determinism
import Storage
import StoreContract
import Testing

@Suite("OverlayStore")
struct OverlayStoreTests {
    @Test(
        "Reads answer as if everything submitted were written, however much of it is",
        arguments: UInt64(0)..<60)
    func agreesWithWrittenStore(seed: UInt64) throws {
        var script = StoreScript(seed: seed)
        let disk = SharedStore()
        var overlay = OverlayStore(base: disk)
        var expected = MemoryStore()
        var unwritten: [(UInt64, WriteBatch)] = []
        var writtenToken: UInt64 = 0
        for token in UInt64(1)...120 {
            let batch = script.batch()
            overlay.push(batch, token: token)
            expected.apply(batch)
            unwritten.append((token, batch))
            // The disk writes some, and the loop hears of it later or at once.
            while !unwritten.isEmpty && script.generator.chance(1, in: 2) {
                let (written, batch) = unwritten.removeFirst()
                disk.store.apply(batch)
                writtenToken = written
            }
            if script.generator.chance(1, in: 2) { overlay.drop(through: writtenToken) }
            for _ in 0..<3 {
                let range = script.range()
                #expect(try overlay.pairs(range) == expected.pairs(range))
                let key = script.key()
                #expect(
                    try overlay.value(for: key, in: .data) == expected.value(for: key, in: .data))
            }
        }
        for (_, batch) in unwritten { disk.store.apply(batch) }
        overlay.drop(through: 120)
        #expect(overlay.queuedCount == 0)
        let all = KeyRange(.data, from: [], to: [0xFF, 0xFF, 0xFF, 0xFF], countMax: 1_000)
        #expect(try overlay.pairs(all) == expected.pairs(all))
    }

    @Test("A batch that is dropped is not seen any more: the store below answers")
    func dropping() throws {
        var overlay = OverlayStore(base: MemoryStore())
        var batch = WriteBatch()
        batch.put([1], for: [5], in: .data)
        overlay.push(batch, token: 1)
        #expect(try overlay.value(for: [5], in: .data) == [1])
        #expect(try overlay.value(for: [5], in: .raft) == nil)
        overlay.drop(through: 0)
        #expect(overlay.queuedCount == 1)
        overlay.drop(through: 1)
        #expect(try overlay.value(for: [5], in: .data) == nil)
    }

    @Test("A deleted range hides what is stored, and not what is put after it")
    func deletedRange() throws {
        var memory = MemoryStore()
        var stored = WriteBatch()
        for number in UInt8(0)..<50 { stored.put([number], for: [number], in: .data) }
        memory.apply(stored)
        var overlay = OverlayStore(base: memory)
        var batch = WriteBatch()
        batch.put([100], for: [12], in: .data)
        batch.deleteRange(from: [10], to: [40], in: .data)
        batch.put([200], for: [20], in: .data)
        overlay.push(batch, token: 9)
        let range = KeyRange(.data, from: [8], to: [50], countMax: 4)
        #expect(try overlay.pairs(range).map(\.key) == [[8], [9], [20], [40]])
        let reversed = KeyRange(.data, from: [8], to: [50], isReversed: true, countMax: 11)
        #expect(try overlay.pairs(reversed).last?.key == [20])
        #expect(try overlay.value(for: [12], in: .data) == nil)
        #expect(try overlay.value(for: [39], in: .data) == nil)
        #expect(try overlay.value(for: [20], in: .data) == [200])
    }
}

/// A store that others change while an overlay reads it.
private final class SharedStore: ReadableStore {
    var store = MemoryStore()

    func value(for key: [UInt8], in family: ColumnFamily) throws(StorageError) -> [UInt8]? {
        try store.value(for: key, in: family)
    }

    func pairs(_ range: KeyRange) throws(StorageError) -> [KeyValue] { try store.pairs(range) }
}
