import Determinism
import Storage
import Testing

@testable import Simulator

@Suite("Faults of simulated disks")
struct DiskFaultTests {
    private func batch(_ number: UInt8, bytes: Int = 8) -> WriteBatch {
        var batch = WriteBatch()
        batch.put(Array(repeating: number, count: bytes), for: [number], in: .data)
        batch.put([number], for: [number, number], in: .data)
        return batch
    }

    private func numbers(on disk: SimulatedDisk) -> [UInt8] {
        (UInt8(1)...9).filter { (try? disk.value(for: [$0], in: .data)) ?? nil != nil }
    }

    /// A disk with one synced batch, one that is written and one that is on its way.
    private func busyDisk() throws -> SimulatedDisk {
        let disk = SimulatedDisk()
        for number in UInt8(1)...3 {
            disk.beginWrite(batch(number))
            if number < 3 { try disk.finishWrite(synced: number == 1) }
        }
        return disk
    }

    @Test("A write that fails leaves nothing of itself, and what was before may survive")
    func lost() throws {
        for seed in UInt64(0)..<20 {
            var generator = SeededGenerator(seed: seed)
            let disk = try busyDisk()
            disk.nextWriteFault = .lost
            #expect(throws: SimulatedDisk.WriteFailure.inputOutput) {
                try disk.finishWrite(synced: true)
            }
            disk.crash(using: &generator)
            #expect([[1], [1, 2]].contains(numbers(on: disk)))
        }
    }

    @Test("After a doubtful sync a batch may be there or not")
    func doubtful() throws {
        var seen: Set<[UInt8]> = []
        for seed in UInt64(0)..<40 {
            var generator = SeededGenerator(seed: seed)
            let disk = try busyDisk()
            disk.nextWriteFault = .doubtful
            #expect(throws: SimulatedDisk.WriteFailure.inputOutput) {
                try disk.finishWrite(synced: true)
            }
            disk.crash(using: &generator)
            seen.insert(numbers(on: disk))
        }
        #expect(seen == [[1], [1, 2], [1, 2, 3]])
    }

    @Test("A write may be durable although an error is reported")
    func durable() throws {
        var generator = SeededGenerator(seed: 1)
        let disk = try busyDisk()
        disk.nextWriteFault = .durable
        #expect(throws: SimulatedDisk.WriteFailure.inputOutput) {
            try disk.finishWrite(synced: true)
        }
        disk.crash(losing: .everything, using: &generator)
        #expect(numbers(on: disk) == [1, 2, 3])
    }

    @Test("A full disk takes nothing, until there is room", arguments: [true, false])
    func full(isSynced: Bool) throws {
        var generator = SeededGenerator(seed: 1)
        let disk = try busyDisk()
        disk.refusal = .full
        #expect(throws: SimulatedDisk.WriteFailure.full) {
            try disk.finishWrite(synced: isSynced)
        }
        disk.crash(losing: .everything, using: &generator)
        #expect(numbers(on: disk) == [1])
        disk.refusal = nil
        disk.beginWrite(batch(4))
        try disk.finishWrite(synced: true)
        #expect(numbers(on: disk) == [1, 4])
    }

    @Test("A power cut loses all that was not synced, and nothing else")
    func powerLoss() throws {
        var generator = SeededGenerator(seed: 1)
        let disk = try busyDisk()
        disk.crash(losing: .everything, using: &generator)
        #expect(numbers(on: disk) == [1])
    }

    @Test("Of a torn batch nothing is left, for its checksum does not fit")
    func torn() throws {
        for seed in UInt64(0)..<50 {
            var generator = SeededGenerator(seed: seed)
            let disk = try busyDisk()
            disk.crash(losing: .torn, using: &generator)
            #expect(disk.tornCount == 1)
            for number in UInt8(1)...3 {
                let value = try disk.value(for: [number], in: .data)
                let end = try disk.value(for: [number, number], in: .data)
                #expect((value == nil) == (end == nil))
                #expect(value == nil || value?.count == 8)
            }
        }
    }

    @Test("If torn records were replayed, half batches would show")
    func replayed() throws {
        let isHalf = try (UInt64(0)..<50).contains { seed in
            var generator = SeededGenerator(seed: seed)
            let disk = try busyDisk()
            disk.replaysTornRecords = true
            disk.crash(losing: .torn, using: &generator)
            return try (UInt8(2)...3).contains { number in
                let value = try disk.value(for: [number], in: .data)
                let end = try disk.value(for: [number, number], in: .data)
                return (value == nil) != (end == nil) || (value?.count ?? 8) < 8
            }
        }
        #expect(isHalf)
    }

    @Test("What is rotten cannot be read, alone or in a range, until it is written anew")
    func rot() throws {
        let disk = try busyDisk()
        disk.openView(1)
        disk.rot(DiskRecord(family: .data, key: [1]))
        let wide = KeyRange(.data, from: [0], to: [9], countMax: 10)
        #expect(throws: StorageError.self) { try disk.value(for: [1], in: .data) }
        #expect(throws: StorageError.self) { try disk.pairs(wide) }
        #expect(throws: StorageError.self) { try disk.read(wide, view: 1) }
        #expect(try disk.value(for: [2], in: .data) != nil)
        #expect(try disk.value(for: [1], in: .raft) == nil)
        #expect(try disk.pairs(KeyRange(.data, from: [2], to: [9], countMax: 10)).count == 2)
        #expect(disk.content(of: wide).count == 4)
        try disk.finishWrite(synced: true)
        disk.beginWrite(batch(1))
        try disk.finishWrite(synced: true)
        #expect(try disk.value(for: [1], in: .data) != nil)
    }

    @Test("A read that fails once succeeds the next time")
    func readError() throws {
        let disk = try busyDisk()
        disk.failingReads = 1
        #expect(throws: StorageError.self) { try disk.value(for: [1], in: .data) }
        #expect(try disk.value(for: [1], in: .data) != nil)
    }

    @Test("An older copy of a disk is as the disk was, and nothing is wrong with it")
    func copy() throws {
        var generator = SeededGenerator(seed: 1)
        let disk = try busyDisk()
        let copy = disk.durable
        try disk.finishWrite(synced: true)
        disk.refusal = .readOnly
        disk.crash(using: &generator)
        #expect(numbers(on: disk) == [1, 2, 3])
        disk.replace(by: copy)
        #expect(numbers(on: disk) == [1])
        disk.beginWrite(batch(5))
        try disk.finishWrite(synced: true)
        #expect(numbers(on: disk) == [1, 5])
    }
}
