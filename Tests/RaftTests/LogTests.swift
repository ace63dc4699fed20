import Identity
import Testing

@testable import Raft

@Suite("The log in memory")
struct LogTests {
    private func log(_ count: UInt64 = 0) throws -> RaftLog {
        var log = RaftLog(.genesis(try Configuration(voters: [Desk.id(1)])))
        if count > 0 {
            for index in 11..<(11 + count) { log.append(Desk.entry(index, 6)) }
        }
        return log
    }

    @Test("Each entry is written once, under the token it was taken with")
    func writes() throws {
        var log = try log(2)
        #expect(log.hasUnwritten)
        #expect(log.takeWrite(token: 1).entries.map(\.index) == [LogIndex(11), LogIndex(12)])
        #expect(!log.hasUnwritten)
        log.append(Desk.entry(13, 6))
        #expect(log.takeWrite(token: 2).entries.map(\.index) == [LogIndex(13)])
        log.persisted(through: 1)
        #expect(log.durableIndex == LogIndex(12))
        log.persisted(through: 2)
        #expect(log.durableIndex == LogIndex(13))
        log.checkInvariants()
    }

    @Test(
        "A late confirmation does not cover what replaced the entries (etcd, ABA race)"
    )
    func abaRace() throws {
        var log = try log(3)
        _ = log.takeWrite(token: 1)
        log.truncate(from: LogIndex(12), keepingTerm: Term(6))
        log.append(Desk.entry(12, 7))
        log.append(Desk.entry(13, 7))
        let write = log.takeWrite(token: 2)
        #expect(write.truncateFrom == LogIndex(12))
        log.persisted(through: 1)
        #expect(log.durableIndex == LogIndex(11))
        log.persisted(through: 2)
        #expect(log.durableIndex == LogIndex(13))
    }

    @Test("What was never handed to the disk needs no removal from it")
    func truncatesUnwritten() throws {
        var log = try log(1)
        _ = log.takeWrite(token: 1)
        log.append(Desk.entry(12, 6))
        log.truncate(from: LogIndex(12), keepingTerm: Term(6))
        #expect(!log.hasUnwritten)
        #expect(log.lastIndex == LogIndex(11))
        #expect(log.lastTerm == Term(6))
    }

    @Test("Memory keeps what is not applied, and of the rest as much as allowed")
    func trims() throws {
        var log = try log(300)
        _ = log.takeWrite(token: 1)
        log.trimCache(through: LogIndex(310), entriesMax: 5, bytesMax: 1 << 20)
        #expect(log.cacheStart == LogIndex(11), "not durable yet")
        log.persisted(through: 1)
        log.trimCache(through: LogIndex(210), entriesMax: 5, bytesMax: 1 << 20)
        #expect(log.cacheStart == LogIndex(206))
        log.trimCache(through: LogIndex(310), entriesMax: 1_000, bytesMax: 10 * 33)
        #expect(log.cacheStart == LogIndex(301))
        #expect(log.term(at: LogIndex(300)) == Term(6), "the term before memory is known")
        #expect(log.term(at: LogIndex(299)) == nil)
        #expect(log.entries(from: LogIndex(300), through: log.lastIndex, bytesMax: 99).isEmpty)
        log.checkInvariants()
    }

    @Test("A batch has at least one entry and stops at its limit")
    func batches() throws {
        let log = try log(5)
        func count(_ bytesMax: Int) -> Int {
            log.entries(from: LogIndex(11), through: LogIndex(14), bytesMax: bytesMax).count
        }
        #expect(count(1) == 1)
        #expect(count(2 * 33) == 2)
        #expect(count(1_000) == 4)
    }

    @Test("Compaction moves the origin and keeps what follows")
    func compacts() throws {
        var log = try log(5)
        _ = log.takeWrite(token: 1)
        log.persisted(through: 1)
        log.compact(through: LogIndex(13), term: Term(6))
        #expect(log.firstIndex == LogIndex(14))
        #expect(log.term(at: LogIndex(13)) == Term(6))
        #expect(log.term(at: LogIndex(12)) == nil)
        log.compact(through: LogIndex(15), term: Term(6))
        log.append(Desk.entry(16, 7))
        #expect(log.entries(from: LogIndex(16), through: LogIndex(16), bytesMax: 1).count == 1)
        log.checkInvariants()
    }

    @Test("A reset forgets writes that are under way")
    func resets() throws {
        var log = try log(5)
        _ = log.takeWrite(token: 1)
        log.reset(toIndex: LogIndex(12), term: Term(8))
        log.persisted(through: 1)
        #expect(log.durableIndex == LogIndex(12))
        #expect(log.lastTerm == Term(8))
        log.checkInvariants()
    }

    @Test("State that contradicts itself is refused at the start")
    func validates() throws {
        let good = RaftRestoredState.genesis(try Configuration(voters: [Desk.id(1)]))
        try good.validate()
        try RaftRestoredState.uninitialized.validate()
        var gap = good
        (gap.lastIndex, gap.lastTerm) = (LogIndex(12), Term(5))
        gap.entries = [Desk.entry(12, 5)]
        #expect(throws: RaftError.malformedState) { try gap.validate() }
        var future = good
        (future.lastIndex, future.lastTerm) = (LogIndex(11), Term(9))
        future.entries = [Desk.entry(11, 9)]
        #expect(throws: RaftError.malformedState) { try future.validate() }
        var committed = good
        committed.hardState.commit = LogIndex(11)
        #expect(throws: RaftError.malformedState) { try committed.validate() }
        var foreign = good
        foreign.lastIndex = LogIndex(11)
        foreign.entries = [
            LogEntry(index: LogIndex(11), term: Term(5), kind: .configuration, payload: [2])
        ]
        #expect(throws: RaftError.malformedConfiguration) { try foreign.validate() }
    }

    @Test(
        "A restart goes on where it was: the tail is applied as its commit becomes known"
    )
    func restarts() throws {
        var desk = try Desk(terms: [5, 6, 6], commit: 12)
        #expect(desk.committed.map(\.index) == [LogIndex(11), LogIndex(12)])
        desk.hearAppend(after: (13, 6), commit: 13, term: 6)
        #expect(desk.committed.last?.index == LogIndex(13))
    }

    @Test("Indices add and subtract within their bounds")
    func arithmetic() {
        #expect(LogIndex(5) - 9 == .zero)
        #expect(LogIndex(5) - 2 == LogIndex(3))
        #expect(LogIndex(5) + 4 == LogIndex(9))
        #expect(LogIndex.zero.previous == .zero)
        #expect(LogIndex(9).distance(from: LogIndex(4)) == 5)
        #expect(LogIndex(4).distance(from: LogIndex(9)) == 0)
    }
}
