import Determinism
import StoreContract
import Testing

@testable import Storage

@Suite("MemoryStore")
struct MemoryStoreTests {
    @Test("Random scripts leave the same pairs as in a plain dictionary", arguments: UInt64(0)..<40)
    func agreesWithDictionary(seed: UInt64) throws {
        var script = StoreScript(seed: seed)
        var memory = MemoryStore()
        var naive = NaiveStore()
        for _ in 0..<150 {
            let batch = script.batch()
            memory.apply(batch)
            naive.apply(batch)
            let range = script.range()
            #expect(try memory.pairs(range) == naive.pairs(range))
            let key = script.key()
            #expect(try memory.value(for: key, in: .data) == naive.value(for: key, in: .data))
        }
        memory.checkInvariants()
        #expect(memory.count(in: .data) == naive.pairs[.data]?.count ?? 0)
    }

    @Test("Many keys in random order, with large ranges deleted, keep the structure sound")
    func manyKeys() throws {
        var generator = SeededGenerator(seed: 5)
        var memory = MemoryStore()
        var naive = NaiveStore()
        for round in 0..<20 {
            var batch = WriteBatch()
            for _ in 0..<500 {
                let number = generator.next(upperBound: 20_000 as UInt64)
                batch.put([UInt8(round)], for: Keyspace.bytes(number), in: .data)
            }
            let from = generator.next(upperBound: 20_000 as UInt64)
            batch.deleteRange(
                from: Keyspace.bytes(from),
                to: Keyspace.bytes(from + generator.next(upperBound: 4_000 as UInt64)), in: .data)
            memory.apply(batch)
            naive.apply(batch)
            memory.checkInvariants()
        }
        let all = KeyRange(.data, from: [], to: [0xFF], countMax: .max, bytesMax: .max)
        #expect(try memory.pairs(all) == naive.pairs(all))
        #expect(try !memory.pairs(all).isEmpty)
    }

    @Test("A copy is a snapshot: later changes do not show in it")
    func copies() throws {
        var memory = MemoryStore()
        var batch = WriteBatch()
        for number in UInt64(0)..<1_000 { batch.put([1], for: Keyspace.bytes(number), in: .data) }
        memory.apply(batch)
        let copy = memory
        var deletion = WriteBatch()
        deletion.deleteRange(from: [], to: [0xFF], in: .data)
        memory.apply(deletion)
        #expect(memory.count(in: .data) == 0)
        #expect(copy.count(in: .data) == 1_000)
        #expect(try copy.value(for: Keyspace.bytes(UInt64(7)), in: .data) == [1])
    }

    @Test("A page has one pair at least, even when it has more bytes than allowed")
    func oversizedPair() throws {
        var memory = MemoryStore()
        var batch = WriteBatch()
        batch.put([UInt8](repeating: 9, count: 100), for: [1], in: .meta)
        batch.put([2], for: [2], in: .meta)
        memory.apply(batch)
        let range = KeyRange(.meta, from: [0], to: [9], countMax: 10, bytesMax: 5)
        #expect(try memory.pairs(range).map(\.key) == [[1]])
    }

    @Test("Keys are compared byte by byte, a prefix first", arguments: UInt64(0)..<20)
    func keyOrder(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func key() -> [UInt8] {
            (0..<generator.next(upperBound: 20 as UInt64)).map { _ in
                UInt8(generator.next(upperBound: 2 as UInt64)) &* 0xFF
            }
        }
        for _ in 0..<200 {
            let lhs = key()
            let rhs = generator.chance(1, in: 4) ? lhs + key() : key()
            #expect(KeyOrder.isAscending(lhs, rhs) == lhs.lexicographicallyPrecedes(rhs))
        }
    }
}
