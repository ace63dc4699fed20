import Determinism
import Identity
import Storage
import Testing
import Wire

@testable import Simulator

@Suite("Simulated machines")
struct PartsTests {
    @Test("A crash keeps what was synced and a prefix of the rest")
    func disk() throws {
        var seen: Set<Int> = []
        for seed in UInt64(0)..<40 {
            let disk = SimulatedDisk()
            var generator = SeededGenerator(seed: seed)
            for number in UInt8(1)...5 {
                var batch = WriteBatch()
                batch.put([number], for: [number], in: .data)
                disk.beginWrite(batch)
                if number < 5 { try disk.finishWrite(synced: number == 2) }
            }
            #expect(disk.unsyncedCount == 3)
            disk.crash(using: &generator)
            let kept = try (UInt8(1)...5).filter { try disk.value(for: [$0], in: .data) != nil }
            #expect(kept.count >= 2)
            #expect(kept == Array(1...UInt8(kept.count)))
            seen.insert(kept.count)
        }
        #expect(seen == [2, 3, 4, 5])
    }

    @Test("Events happen in the order of time, and those of one time in the order of scheduling")
    func events() {
        var queue = EventQueue<Int>()
        var generator = SeededGenerator(seed: 5)
        var expected: [(UInt64, Int)] = []
        for number in 0..<500 {
            let at = generator.next(upperBound: UInt64(40))
            queue.schedule(number, at: Instant(nanoseconds: at))
            expected.append((at, number))
        }
        expected.sort { $0 < $1 }
        for (at, number) in expected {
            let next = queue.next()
            #expect(next?.at.nanoseconds == at)
            #expect(next?.event == number)
        }
        #expect(queue.next() == nil)
    }

    @Test("Leaving out one kind of fault leaves the others as they were")
    func faults() {
        var generator = SeededGenerator(seed: 11)
        let all = FaultPlan(canSpareNode: true, using: &generator)
        var less = all
        less.leaveOut(.crash)
        less.leaveOut(.loss)
        #expect(less.mean(of: .crash) == nil)
        #expect(less.perMille(of: .loss) == 0)
        for kind in FaultKind.allCases where kind != .crash && kind != .loss {
            #expect(less.mean(of: kind) == all.mean(of: kind))
            #expect(less.perMille(of: kind) == all.perMille(of: kind))
        }
    }
}
