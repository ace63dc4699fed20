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
                if number < 5 { disk.finishWrite(synced: number == 2) }
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

    @Test("A stream keeps its order, and what is sent into a cut waits for it to heal")
    func streams() {
        var network = SimulatedNetwork(settings: NetworkSettings())
        var generator = SeededGenerator(seed: 1)
        let path = SimulatedNetwork.Path(from: NodeID(1), to: NodeID(2))
        _ = network.open(path, at: .start)
        var last = Instant.start
        for _ in 0..<100 {
            let at = network.arrival(on: path, at: .start, using: &generator)
            #expect(at >= last)
            last = at
        }
        network.block(path)
        #expect(network.isBlocked(path) && !network.isBlocked(path.back))
        network.hold([.streamPing(sequence: 1)], on: path)
        #expect(network.healAll() == [path])
        #expect(network.takeHeld(of: path).count == 1)
        #expect(network.takeHeld(of: path).isEmpty)
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
        #expect(less.mean(of: .crash) == nil)
        for kind in FaultKind.allCases where kind != .crash {
            #expect(less.mean(of: kind) == all.mean(of: kind))
        }
    }
}
