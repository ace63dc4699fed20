import Determinism
import Identity
import Testing

@testable import Raft

@Suite("The rules of the paper: the log")
struct ReplicationTests {
    @Test("A new leader begins with a no-op of its term (Raft 8)")
    func noop() throws {
        var desk = try Desk(terms: [5])
        desk.win(with: [2])
        let sent = try #require(desk.appends(to: 2).first)
        #expect(sent.previous == LogIndex(11))
        #expect(
            sent.entries == [
                LogEntry(index: LogIndex(12), term: Term(6), kind: .noop, payload: [])
            ])
    }

    @Test("A follower takes entries only where its log agrees with the leader's (Raft 5.3)")
    func checksPrevious() throws {
        var desk = try Desk(terms: [6, 6])
        desk.hearAppend(after: (13, 6), [Desk.entry(14, 7)], term: 7)
        #expect(desk.replica.lastIndex == LogIndex(12))
        desk.hearAppend(after: (12, 7), [Desk.entry(13, 7)], term: 7)
        #expect(desk.replica.lastIndex == LogIndex(12))
        #expect(
            desk.bodies(to: 2) == [
                .appendRejected(
                    previousIndex: LogIndex(13), hintIndex: LogIndex(12), hintTerm: Term(6),
                    isRecovering: false),
                .appendRejected(
                    previousIndex: LogIndex(12), hintIndex: LogIndex(11), hintTerm: Term(6),
                    isRecovering: false),
            ])
        desk.hearAppend(after: (12, 6), [Desk.entry(13, 7)], term: 7)
        #expect(desk.terms == [6, 6, 7])
        #expect(desk.sent.last?.body == .appendReply(match: LogIndex(13), isRecovering: false))
    }

    @Test("An entry that conflicts goes, with all that follow it; what agrees stays (Raft 5.3)")
    func replacesConflicts() throws {
        var desk = try Desk(terms: [5, 6, 6, 6])
        desk.hearAppend(after: (10, 5), [Desk.entry(11, 5), Desk.entry(12, 6)], term: 8)
        #expect(desk.terms == [5, 6, 6, 6], "a short message takes nothing away")
        desk.hearAppend(after: (11, 5), [Desk.entry(12, 6), Desk.entry(13, 7)], term: 8)
        #expect(desk.terms == [5, 6, 7])
        let ready = try #require(desk.readies.last { $0.truncateFrom != nil })
        #expect(ready.truncateFrom == LogIndex(13))
        #expect(ready.entries.map(\.index) == [LogIndex(13)])
    }

    @Test("A confirmation names only what the message proved, not what may follow (Raft 5.3)")
    func confirmsOnlyWhatIsProved() throws {
        var desk = try Desk(terms: [5, 6, 6, 6])
        desk.hearAppend(after: (10, 5), [Desk.entry(11, 5)], commit: 14, term: 8)
        #expect(desk.sent.last?.body == .appendReply(match: LogIndex(11), isRecovering: false))
        #expect(desk.replica.commitIndex == LogIndex(11), "the rest of the log may differ")
    }

    @Test("A confirmation leaves only when the entries are durable (Raft figure 2)")
    func confirmationWaits() throws {
        var desk = try Desk()
        desk.isDiskFast = false
        desk.hearAppend(after: (10, 5), [Desk.entry(11, 6)], term: 6)
        #expect(desk.sent.isEmpty)
        let ready = try #require(desk.readies.last)
        #expect(ready.mustSync)
        #expect(ready.messagesAfterPersist.count == 1)
        // The same once more: the entry is in the log, but not on disk yet.
        desk.hearAppend(after: (10, 5), [Desk.entry(11, 6)], term: 6)
        #expect(desk.sent.isEmpty)
        #expect(desk.readies.last?.messagesAfterPersist.count == 1)
        #expect((desk.readies.last?.token ?? 0) > ready.token)
    }

    @Test("What is committed is handed out to apply before the own disk has it")
    func appliesBeforeOwnDisk() throws {
        var desk = try Desk()
        desk.isDiskFast = false
        desk.hearAppend(
            after: (10, 5), [Desk.entry(11, 6), Desk.entry(12, 6)], commit: 11, term: 6)
        #expect(desk.committed.map(\.index) == [LogIndex(11)])
        let ready = try #require(desk.readies.last { !$0.committed.isEmpty })
        #expect(ready.entries.first?.index == LogIndex(11), "the entries go to the disk no later")
        #expect(desk.sent.isEmpty, "they are not confirmed before they are durable")
    }

    @Test("A configuration, and what follows it, waits for the own disk (etcd #12359)")
    func configurationWaitsForOwnDisk() throws {
        var desk = try Desk()
        desk.isDiskFast = false
        let next = try Configuration(voters: [1, 2, 3, 4].map(Desk.id))
        let change = LogEntry(
            index: LogIndex(12), term: Term(6), kind: .configuration, payload: next.bytes)
        desk.hearAppend(
            after: (10, 5), [Desk.entry(11, 6), change, Desk.entry(13, 6)], commit: 13, term: 6)
        #expect(desk.committed.map(\.index) == [LogIndex(11)])
        #expect(desk.replica.configuration != next)
        desk.persist()
        #expect(desk.committed.map(\.index) == [LogIndex(11), LogIndex(12), LogIndex(13)])
        #expect(desk.replica.configuration == next)
    }

    @Test(
        "The leader's disk counts like any other, once it has the entry (thesis 10.2.1)"
    )
    func leaderDiskCounts() throws {
        var desk = try Desk()
        desk.lead()
        desk.isDiskFast = false
        let place = try desk.replica.propose([1])
        desk.settle()
        #expect(desk.appends(to: 2).last?.entries.last?.index == place.index, "it does not wait")
        desk.confirm(place.index, from: 2)
        #expect(desk.replica.commitIndex < place.index)
        desk.persist()
        #expect(desk.replica.commitIndex == place.index)
    }

    @Test("The leader's disk counts for what it has, not for what is still being written")
    func leaderDiskCountsInOrder() throws {
        var desk = try Desk()
        desk.lead()
        desk.isDiskFast = false
        let first = try desk.replica.propose([1])
        desk.settle()
        let token = try #require(desk.readies.last { !$0.entries.isEmpty }?.token)
        let second = try desk.replica.propose([2])
        desk.settle()
        desk.confirm(second.index, from: 2)
        desk.replica.persisted(through: token)
        desk.settle()
        #expect(desk.replica.commitIndex == first.index)
    }

    @Test("A majority without the leader's disk is one as well (thesis 10.2.1)")
    func followersSuffice() throws {
        var desk = try Desk()
        desk.lead()
        desk.isDiskFast = false
        let place = try desk.replica.propose([1])
        desk.settle()
        desk.confirm(place.index, from: 2)
        desk.confirm(place.index, from: 3)
        #expect(desk.replica.commitIndex == place.index)
        #expect(desk.committed.last?.index == place.index, "and its own disk keeps nobody waiting")
    }

    @Test(
        "Entries of earlier terms are not committed by counting (Raft 5.4.2, figure 8)"
    )
    func figure8() throws {
        var desk = try Desk(terms: [5, 5])
        desk.win(with: [2])
        desk.confirm(LogIndex(12), from: 2)
        desk.confirm(LogIndex(12), from: 3)
        #expect(desk.replica.commitIndex == LogIndex(10))
        desk.confirm(LogIndex(13), from: 2)
        #expect(desk.replica.commitIndex == LogIndex(13))
        #expect(desk.committed.map(\.index) == [LogIndex(11), LogIndex(12), LogIndex(13)])
    }

    @Test("A heartbeat never tells a commit index that its receiver has not confirmed (Raft 5.3)")
    func heartbeatCommit() throws {
        var desk = try Desk()
        desk.win(with: [2])
        desk.confirm(LogIndex(11), from: 2)
        #expect(desk.replica.commitIndex == LogIndex(11))
        desk.sent = []
        desk.pass(.milliseconds(100))
        guard case .heartbeat(let known, _) = desk.bodies(to: 2).last,
            case .heartbeat(let unknown, _) = desk.bodies(to: 3).last
        else {
            Issue.record("no heartbeats")
            return
        }
        #expect(known == LogIndex(11))
        #expect(unknown == .zero)
    }

    @Test("A commit is told at once, without waiting for a heartbeat")
    func commitIsTold() throws {
        var desk = try Desk()
        desk.lead()
        let place = try desk.replica.propose([1])
        desk.settle()
        desk.sent = []
        desk.confirm(place.index, from: 2)
        #expect(desk.appends(to: 2).map(\.commit) == [place.index])
        #expect(desk.appends(to: 3).map(\.commit) == [place.index])
    }

    @Test("The logs are found to agree in one step per term, not per entry (Raft 5.3)")
    func fastBackOff() throws {
        // Figure 7 f against a leader of terms 5, 5, 8: a long tail of terms 6 and 7 is skipped.
        var follower = try Desk(terms: [5, 6, 6, 6, 6, 7, 7, 7])
        follower.hearAppend(after: (18, 8), [], term: 9)
        #expect(
            follower.sent.last?.body
                == .appendRejected(
                    previousIndex: LogIndex(18), hintIndex: LogIndex(17), hintTerm: Term(7),
                    isRecovering: false))
        follower.hearAppend(after: (17, 5), [], term: 9)
        #expect(
            follower.sent.last?.body
                == .appendRejected(
                    previousIndex: LogIndex(17), hintIndex: LogIndex(11), hintTerm: Term(5),
                    isRecovering: false))
        // And by the leader: its own terms above the hint are skipped.
        var leader = try Desk(terms: [5, 7, 7, 7, 7, 7, 7, 7])
        leader.win(with: [2])
        leader.hear(
            .appendRejected(
                previousIndex: LogIndex(18), hintIndex: LogIndex(17), hintTerm: Term(6),
                isRecovering: false), from: 2, term: 8)
        #expect(leader.appends(to: 2).last?.previous == LogIndex(11))
    }

    @Test("Proposals go to the leader alone; others name it (thesis 6.2)")
    func onlyLeaderProposes() throws {
        var desk = try Desk()
        #expect(throws: RaftError.notLeader(hint: nil)) { try desk.replica.propose([1]) }
        desk.hearHeartbeat(term: 6)
        #expect(throws: RaftError.notLeader(hint: Desk.id(2))) { try desk.replica.propose([1]) }
    }

    @Test("A leader that steps down says that its proposals may be lost")
    func proposalsLost() throws {
        var desk = try Desk()
        desk.lead()
        try desk.replica.propose([1])
        try desk.replica.requestRead(token: 4)
        desk.hearHeartbeat(from: 2, term: 9)
        #expect(desk.readies.contains { $0.proposalsLost })
        #expect(desk.readsFailed == [4])
        #expect(desk.readies.last { $0.leadership != nil }?.leadership?.leader == Desk.id(2))
    }

    @Test(
        "Messages that contradict themselves change nothing",
        arguments: [
            [Desk.entry(12, 6)], [Desk.entry(11, 6), Desk.entry(13, 6)], [Desk.entry(11, 7)],
            [Desk.entry(11, 6), Desk.entry(12, 5)],
            [LogEntry(index: LogIndex(11), term: Term(6), kind: .configuration, payload: [9, 9])],
        ])
    func dropsMalformed(entries: [LogEntry]) throws {
        var desk = try Desk()
        desk.hearAppend(after: (10, 5), entries, term: 6)
        #expect(desk.replica.lastIndex == LogIndex(10))
        #expect(desk.replica.term == Term(5))
        #expect(desk.sent.isEmpty)
    }

    @Test("Messages for another replica, incarnation or shard change nothing")
    func dropsForeign() throws {
        var desk = try Desk()
        let body = RaftMessage.Body.heartbeat(commit: LogIndex(10), readContext: 1)
        let other = ReplicaID(node: NodeID(1), incarnation: 2)
        for message in [
            RaftMessage(from: Desk.id(2), to: other, shard: Desk.shard, term: Term(9), body: body),
            RaftMessage(
                from: Desk.id(2), to: Desk.id(1), shard: ShardID(7), term: Term(9), body: body),
            RaftMessage(
                from: Desk.id(2), to: Desk.id(1), shard: Desk.shard, term: Term(.max), body: body),
        ] {
            desk.replica.receive(message, at: desk.now, using: &desk.generator)
        }
        #expect(desk.replica.term == Term(5))
    }
}
