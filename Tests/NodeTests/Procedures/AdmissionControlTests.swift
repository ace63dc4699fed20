import Determinism
import Testing

@testable import Node

/// A server that does one thing after the other, behind an admission control, in steps of 0.1 ms.
private struct BusyServer {
    var admission = AdmissionControl()
    var now = Instant.start
    /// When each of those under way was let in, in order.
    private var queue: [Instant] = []
    private var refusedCount = 0
    private(set) var latencies: [Interval] = []

    /// Offers `offered` messages a millisecond of which it does `done`, each after `distance` at
    /// the least; answers the latencies of those that were done and how many were refused.
    mutating func run(
        offered: Int, done: Int, distance: Interval = .milliseconds(1), for time: Interval
    ) -> (latencies: [Interval], refused: Int) {
        (latencies, refusedCount) = ([], 0)
        let end = now + time
        while now < end {
            now = now + .milliseconds(1)
            for _ in 0..<offered {
                if admission.admit(at: now) { queue.append(now) } else { refusedCount += 1 }
            }
            for _ in 0..<done {
                guard let first = queue.first, now >= first + distance else { break }
                queue.removeFirst()
                latencies.append(now - first)
                admission.end(after: now - first, isAnswered: true, at: now)
            }
        }
        return (latencies.sorted(), refusedCount)
    }
}

@Suite("Admission control")
struct AdmissionControlTests {
    @Test("What the cluster can do is let in")
    func quiet() {
        var server = BusyServer()
        let run = server.run(offered: 3, done: 4, for: .seconds(20))
        #expect(run.refused == 0)
        #expect(run.latencies.count > 3 * 19_900)
    }

    @Test("Of twice as much as can be done as much is done as before, and soon")
    func overload() {
        var server = BusyServer()
        _ = server.run(offered: 3, done: 4, for: .seconds(5))
        // The queue that stands when it begins has to drain first.
        _ = server.run(offered: 8, done: 4, for: .seconds(3))
        let run = server.run(offered: 8, done: 4, for: .seconds(60))
        #expect(run.latencies.count >= 4 * 60_000 * 99 / 100)
        #expect(run.refused >= 4 * 60_000 * 99 / 100)
        #expect(run.latencies[run.latencies.count * 99 / 100] <= .milliseconds(50))
    }

    @Test("When the load is over, nothing is refused again")
    func afterwards() {
        var server = BusyServer()
        _ = server.run(offered: 8, done: 4, for: .seconds(30))
        _ = server.run(offered: 3, done: 4, for: .seconds(1))
        let run = server.run(offered: 3, done: 4, for: .seconds(10))
        #expect(run.refused == 0)
    }

    @Test("A cluster over long lines is not taken for a busy one")
    func longLines() {
        var server = BusyServer()
        let run = server.run(
            offered: 3, done: 4, distance: .milliseconds(120), for: .seconds(60))
        #expect(run.refused == 0)
    }

    @Test("What is given up says nothing about the queue, and makes room")
    func givenUp() {
        var admission = AdmissionControl()
        var now = Instant.start
        for _ in 0..<100 {
            now = now + .seconds(1)
            let isAdmitted = admission.admit(at: now)
            #expect(isAdmitted)
            admission.end(after: .seconds(10), isAnswered: false, at: now)
        }
        #expect(admission.count == 0)
        #expect(admission.limit == 1_024)
    }
}
