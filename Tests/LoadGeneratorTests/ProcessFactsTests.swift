import Glibc
import Testing

@testable import LoadGenerator

@Suite("Load generator: what the system says about processes")
struct ProcessFactsTests {
    private static let stat =
        "4711 (a (b) c) S 1 4711 4711 0 -1 4194304 1 0 0 0 1234 66 9 8 20 0 7 0 100 1000 25"
    private static let status = "Name:\tx\nVmPeak:\t  999 kB\nVmRSS:\t   2048 kB\nThreads:\t7\n"
    private static let io =
        "rchar: 1\nwchar: 2\nsyscr: 3\nread_bytes: 4\nwrite_bytes: 8192\ncancelled_write_bytes: 5\n"

    @Test("Times, memory and written bytes, for a name with brackets and blanks")
    func parses() throws {
        let facts = try #require(ProcessFacts(stat: Self.stat, status: Self.status, io: Self.io))
        #expect(facts.cpuTicks == 1_300)
        #expect(facts.residentBytes == 2_097_152)
        #expect(facts.writtenBytes == 8_192)
    }

    @Test("Texts of another form are refused")
    func refuses() {
        #expect(ProcessFacts(stat: "", status: Self.status, io: Self.io) == nil)
        #expect(ProcessFacts(stat: "1 (x) S 1", status: Self.status, io: Self.io) == nil)
        #expect(ProcessFacts(stat: Self.stat, status: "Name: x", io: Self.io) == nil)
        #expect(ProcessFacts(stat: Self.stat, status: Self.status, io: "write_bytes: x") == nil)
        #expect(ProcessFacts(pid: 0) == nil)
    }

    @Test("This process can be looked at, and works")
    func own() throws {
        let facts = try #require(ProcessFacts(pid: getpid()))
        #expect(facts.residentBytes > 1 << 20)
    }

    @Test("Use is the sum of the differences, of processes that were there at both moments")
    func use() throws {
        let start = try #require(ProcessFacts(stat: Self.stat, status: Self.status, io: Self.io))
        var end = start
        end.cpuTicks += 3
        end.writtenBytes += 100
        let use = ProcessUse(from: [1: start, 2: start], to: [1: end, 2: end, 3: end])
        #expect(use.cpuNanoseconds == 6 * 1_000_000_000 / ProcessFacts.ticksPerSecond)
        #expect(use.writtenBytes == 200)
        #expect(use.residentBytes == 2 * start.residentBytes)
    }
}
