import Determinism
import Identity
import Testing

@testable import Raft

@Suite("Flow control")
struct FlowControlTests {
    private func settings(_ change: (inout RaftSettings) -> Void) -> RaftSettings {
        var settings = RaftSettings()
        change(&settings)
        return settings
    }

    private func propose(_ desk: inout Desk, _ count: Int, bytes: Int = 68) throws {
        for _ in 0..<count { try desk.replica.propose(Array(repeating: 7, count: bytes)) }
        desk.settle()
    }

    @Test("Proposals of one step leave in one message")
    func batches() throws {
        var desk = try Desk()
        desk.lead()
        try propose(&desk, 20)
        #expect(desk.appends(to: 2).map(\.entries.count) == [20])
    }

    @Test("A message carries no more bytes than allowed, but an entry at least")
    func messageLimit() throws {
        var desk = try Desk(settings: settings { $0.messageBytesMax = 250 })
        desk.lead()
        try propose(&desk, 5)
        #expect(desk.appends(to: 2).map(\.entries.count) == [2, 2, 1])
        desk.sent = []
        try propose(&desk, 1, bytes: 5_000)
        #expect(desk.appends(to: 2).map(\.entries.count) == [1])
    }

    @Test("No more messages are on their way than the window allows; a confirmation opens it")
    func inflightMessages() throws {
        var desk = try Desk(
            settings: settings {
                $0.messageBytesMax = 100
                $0.inflightMessagesMax = 3
            })
        desk.lead()
        try propose(&desk, 8)
        let sent = desk.appends(to: 2)
        #expect(sent.count == 3)
        desk.sent = []
        desk.confirm(try #require(sent[1].entries.last).index, from: 2)
        #expect(desk.appends(to: 2).filter { !$0.entries.isEmpty }.count == 2)
    }

    @Test("No more bytes are on their way than the window allows")
    func inflightBytes() throws {
        var desk = try Desk(
            settings: settings {
                $0.messageBytesMax = 100
                $0.inflightBytesMax = 300
            })
        desk.lead()
        try propose(&desk, 8)
        let sent = desk.appends(to: 2)
        #expect(sent.count == 3)
        desk.sent = []
        desk.confirm(try #require(sent[1].entries.last).index, from: 2)
        #expect(desk.appends(to: 2).filter { !$0.entries.isEmpty }.count == 2)
    }

    @Test("A window that is given up is empty: afterwards as much is on its way as at first")
    func windowStartsAnew() throws {
        var desk = try Desk(
            settings: settings {
                $0.messageBytesMax = 100
                $0.inflightMessagesMax = 4
                $0.inflightBytesMax = 400
            })
        desk.lead()
        try propose(&desk, 12)
        #expect(desk.appends(to: 2).count == 4)
        desk.confirm(LogIndex(12), from: 2)
        desk.hear(
            .appendRejected(
                previousIndex: LogIndex(14), hintIndex: LogIndex(12), hintTerm: .zero,
                isRecovering: false), from: 2, term: 6)
        #expect(desk.replica.progress[1].state == .probe)
        desk.sent = []
        desk.confirm(LogIndex(13), from: 2)
        #expect(desk.appends(to: 2).filter { !$0.entries.isEmpty }.count == 4)
    }

    @Test("A full window whose messages were all lost opens again through heartbeats")
    func lostWindow() throws {
        var desk = try Desk(settings: settings { $0.inflightMessagesMax = 1 })
        desk.lead()
        let match = desk.replica.lastIndex
        try propose(&desk, 1)
        try propose(&desk, 1)
        desk.sent = []
        desk.answerHeartbeat(0, from: 2)
        let probe = try #require(desk.appends(to: 2).last)
        #expect(probe.previous == match + 1)
        #expect(probe.entries.isEmpty)
        desk.hear(
            .appendRejected(
                previousIndex: probe.previous, hintIndex: match, hintTerm: Term(6),
                isRecovering: false), from: 2, term: 6)
        #expect(desk.appends(to: 2).last?.previous == match)
        #expect(desk.appends(to: 2).last?.entries.count == 2)
    }

    @Test("While probing, one message at a time")
    func probesOnce() throws {
        var desk = try Desk()
        desk.lead(with: [2])
        try propose(&desk, 1)
        try propose(&desk, 1)
        #expect(desk.appends(to: 3).isEmpty)
        desk.answerHeartbeat(0, from: 3)
        #expect(desk.appends(to: 3).count == 1)
    }

    @Test(
        "What is not committed is bounded; the rest is refused until a commit"
    )
    func uncommitted() throws {
        var desk = try Desk(
            settings: settings {
                $0.entryBytesMax = 400
                $0.uncommittedBytesMax = 400
            })
        desk.lead()
        try propose(&desk, 4)
        #expect(throws: RaftError.overloaded) {
            try desk.replica.propose(Array(repeating: 7, count: 68))
        }
        desk.confirm(desk.replica.lastIndex, from: 2)
        try propose(&desk, 4)
        #expect(throws: RaftError.tooLarge(bytesMax: 368)) {
            try desk.replica.propose(Array(repeating: 7, count: 369))
        }
    }

    @Test("Committed entries are handed out in portions, in order")
    func committedPortions() throws {
        var desk = try Desk(
            terms: [6, 6, 6, 6, 6],
            settings: settings { $0.committedBytesPerReadyMax = 70 })
        desk.readies = []
        desk.hearAppend(after: (15, 6), commit: 15, term: 6)
        let portions = desk.readies.map(\.committed.count).filter { $0 > 0 }
        #expect(portions == [2, 2, 1])
        #expect(desk.committed.map(\.index) == (11...15).map { LogIndex($0) })
    }

    @Test("What is not in memory any more is read from disk, and the flow goes on from there")
    func readsFromDisk() throws {
        var desk = try Desk(settings: settings { $0.cacheEntriesMax = 2 })
        desk.lead(with: [2])
        try propose(&desk, 6)
        desk.confirm(desk.replica.lastIndex, from: 2)
        desk.hear(
            .appendRejected(
                previousIndex: LogIndex(10), hintIndex: LogIndex(9), hintTerm: .zero,
                isRecovering: false), from: 3, term: 6)
        desk.hear(
            .appendReply(match: LogIndex(12), isRecovering: false), from: 3, term: 6)
        let request = try #require(desk.logReads.last)
        #expect(request.follower == Desk.id(3))
        #expect(request.from == LogIndex(13))
        #expect(request.through == LogIndex(15))
        #expect(desk.logReads.count == 1)
        desk.sent = []
        let entries = (13...15).map { Desk.entry($0, 6) }
        desk.replica.logRead(
            LogReadResult(request: request, outcome: .entries(previousTerm: Term(6), entries)))
        desk.settle()
        #expect(desk.appends(to: 3).map(\.entries.first?.index) == [LogIndex(13), LogIndex(16)])
        #expect(desk.appends(to: 3).map(\.entries.count) == [3, 2])
    }

    @Test("An answer of the disk that is late, or not what was asked for, reaches nobody")
    func dropsWrongReads() throws {
        var desk = try Desk(settings: settings { $0.cacheEntriesMax = 2 })
        desk.lead(with: [2])
        try propose(&desk, 6)
        desk.confirm(desk.replica.lastIndex, from: 2)
        desk.confirm(LogIndex(12), from: 3)
        let request = try #require(desk.logReads.last)
        let earlier = LogReadRequest(
            follower: request.follower, term: Term(5), from: request.from,
            through: request.through, bytesMax: request.bytesMax)
        desk.sent = []
        desk.replica.logRead(
            LogReadResult(
                request: earlier,
                outcome: .entries(previousTerm: Term(6), [Desk.entry(13, 6)])))
        desk.settle()
        #expect(desk.appends(to: 3).isEmpty)
        desk.replica.logRead(
            LogReadResult(
                request: request,
                outcome: .entries(previousTerm: Term(6), [Desk.entry(14, 6)])))
        desk.settle()
        #expect(desk.appends(to: 3).isEmpty)
        #expect(desk.snapshotsToSend == [Desk.id(3)], "a log that cannot be read is no log")
        desk.replica.logRead(
            LogReadResult(
                request: request,
                outcome: .entries(previousTerm: Term(6), [Desk.entry(13, 6)])))
        desk.settle()
        #expect(desk.appends(to: 3).isEmpty)
    }

    @Test("A leader knows the term before its memory from its start, and asks no disk for it")
    func knowsTermBeforeMemory() throws {
        var desk = try Desk()
        var restored = RaftRestoredState.genesis(desk.replica.configuration)
        (restored.applied, restored.appliedTerm) = (LogIndex(12), Term(6))
        restored.hardState = HardState(term: Term(6), vote: nil, commit: LogIndex(12))
        restored.entries = [Desk.entry(13, 6)]
        (restored.lastIndex, restored.lastTerm) = (LogIndex(13), Term(6))
        try restored.validate()
        desk.replica = RaftReplica(
            id: Desk.id(1), shard: Desk.shard, settings: RaftSettings(), restored: restored,
            at: desk.now, using: &desk.generator)
        desk.readies = []
        desk.win(with: [2])
        desk.sent = []
        desk.hear(
            .appendRejected(
                previousIndex: LogIndex(13), hintIndex: LogIndex(12), hintTerm: .zero,
                isRecovering: false), from: 3, term: 7)
        // The entry at 12 may be damaged. Whoever has applied it too would refuse any snapshot.
        #expect(desk.logReads.isEmpty)
        #expect(desk.appends(to: 3).last?.previous == LogIndex(12))
        #expect(desk.appends(to: 3).last?.entries.map(\.index) == [LogIndex(13), LogIndex(14)])
    }

    @Test("A late refusal does not slow down a follower, nor send it back")
    func lateRefusals() throws {
        func refuse(_ desk: inout Desk, _ previous: UInt64, _ hint: UInt64, from node: UInt64) {
            desk.hear(
                .appendRejected(
                    previousIndex: LogIndex(previous), hintIndex: LogIndex(hint), hintTerm: .zero,
                    isRecovering: false), from: node, term: 6)
        }
        var desk = try Desk(terms: [5, 5, 5, 5])
        desk.win(with: [2])
        desk.confirm(desk.replica.lastIndex, from: 2)
        refuse(&desk, 14, 10, from: 2)
        #expect(desk.replica.progress[1].state == .replicate)
        // A probe at 14 was refused down to 12; the same refusal once more says nothing new.
        refuse(&desk, 14, 12, from: 3)
        desk.sent = []
        refuse(&desk, 14, 10, from: 3)
        #expect(desk.appends(to: 3).isEmpty)
        #expect(desk.replica.members[2].next == LogIndex(13))
    }

    @Test("Next stays above match, whatever is confirmed or refused late (etcd-io/raft #149)")
    func nextAboveMatch() throws {
        var desk = try Desk()
        desk.lead()
        try propose(&desk, 3)
        desk.confirm(LogIndex(14), from: 2)
        desk.sent = []
        desk.confirm(LogIndex(12), from: 2)
        #expect(desk.appends(to: 2).isEmpty, "what is confirmed is not sent again")
        for previous in (10...16).map({ UInt64($0) }) + [14, 13, 12] {
            desk.hear(
                .appendRejected(
                    previousIndex: LogIndex(previous), hintIndex: LogIndex(5), hintTerm: .zero,
                    isRecovering: false), from: 2, term: 6)
        }
        let member = try #require(desk.replica.members.first { $0.id == Desk.id(2) })
        #expect(member.match == LogIndex(14))
        #expect(member.next > member.match)
        desk.replica.checkInvariants()
    }
}
