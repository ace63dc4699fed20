import Determinism
import Identity
import Testing

@testable import Raft

@Suite("Linearizable reads")
struct ReadIndexTests {
    @Test("A read waits for a majority to say that this is still the leader (thesis 6.4)")
    func needsQuorum() throws {
        var desk = try Desk(voters: 5)
        desk.lead(with: [2, 3])
        try desk.replica.requestRead(token: 7)
        desk.settle()
        let context = try #require(desk.heartbeatContexts(to: 2).last)
        desk.answerHeartbeat(context, from: 2)
        desk.answerHeartbeat(context, from: 2)
        #expect(desk.readsReady.isEmpty)
        desk.answerHeartbeat(context, from: 4)
        #expect(desk.readsReady == [ReadReady(token: 7, index: desk.replica.commitIndex)])
    }

    @Test("No read before the leader has committed in its own term (thesis 6.4; etcd #7331)")
    func waitsForOwnTerm() throws {
        var desk = try Desk(terms: [5, 5])
        desk.win(with: [2])
        try desk.replica.requestRead(token: 7)
        desk.settle()
        for context in desk.heartbeatContexts(to: 2) { desk.answerHeartbeat(context, from: 2) }
        desk.pass(.milliseconds(100))
        for context in desk.heartbeatContexts(to: 2) { desk.answerHeartbeat(context, from: 2) }
        #expect(desk.readsReady.isEmpty)
        desk.confirm(LogIndex(13), from: 2)
        let context = try #require(desk.heartbeatContexts(to: 2).last)
        desk.answerHeartbeat(context, from: 2)
        #expect(desk.readsReady == [ReadReady(token: 7, index: LogIndex(13))])
    }

    @Test("An answer to heartbeats from before the read does not count (etcd #20418)")
    func contextsAreUnique() throws {
        var desk = try Desk()
        desk.lead()
        desk.pass(.milliseconds(100))
        let earlier = try #require(desk.heartbeatContexts(to: 2).last)
        try desk.replica.requestRead(token: 7)
        desk.settle()
        desk.answerHeartbeat(earlier, from: 2)
        desk.answerHeartbeat(earlier, from: 3)
        #expect(desk.readsReady.isEmpty)
        let all = desk.heartbeatContexts(to: 2)
        #expect(Set(all).count == all.count)
    }

    @Test("If the heartbeats of a round are lost, any later ones do")
    func laterRoundConfirms() throws {
        var desk = try Desk()
        desk.lead()
        try desk.replica.requestRead(token: 7)
        desk.settle()
        desk.pass(.milliseconds(200))
        let later = try #require(desk.heartbeatContexts(to: 2).last)
        desk.answerHeartbeat(later, from: 2)
        #expect(desk.readsReady.map(\.token) == [7])
    }

    @Test("An answer in another term does not count (etcd #20418)")
    func otherTerm() throws {
        var desk = try Desk()
        desk.lead()
        try desk.replica.requestRead(token: 7)
        desk.settle()
        let context = try #require(desk.heartbeatContexts(to: 2).last)
        desk.hear(
            .heartbeatReply(readContext: context, applied: .zero, isRecovering: false), from: 2,
            term: 5)
        #expect(desk.readsReady.isEmpty)
    }

    @Test("An answer to heartbeats that were never sent does not count")
    func futureContext() throws {
        var desk = try Desk()
        desk.lead()
        try desk.replica.requestRead(token: 7)
        desk.settle()
        desk.answerHeartbeat(99, from: 2)
        #expect(desk.readsReady.isEmpty)
    }

    @Test("Reads that come in together share a round, at the index of its start")
    func batches() throws {
        var desk = try Desk()
        desk.lead()
        for token in UInt64(1)...50 { try desk.replica.requestRead(token: token) }
        desk.settle()
        #expect(desk.heartbeatContexts(to: 2).count == 1)
        let context = try #require(desk.heartbeatContexts(to: 2).last)
        let index = desk.replica.commitIndex
        let place = try desk.replica.propose([1])
        desk.settle()
        desk.confirm(place.index, from: 2)
        desk.answerHeartbeat(context, from: 2)
        #expect(desk.readsReady == (1...50).map { ReadReady(token: $0, index: index) })
    }

    @Test(
        "In a joint configuration both majorities must answer (Raft 6)",
        arguments: [([2, 3], 5), ([4, 5], 2)] as [([UInt64], UInt64)])
    func joint(half: [UInt64], other: UInt64) throws {
        var desk = try Desk()
        desk.lead()
        try desk.replica.proposeConfiguration(
            .enterJoint(
                voters: [Desk.id(1), Desk.id(4), Desk.id(5)], learners: [], autoLeave: false))
        desk.settle()
        desk.confirm(desk.replica.lastIndex, from: 2)
        desk.sent = []
        try desk.replica.requestRead(token: 7)
        desk.settle()
        let context = try #require(desk.heartbeatContexts(to: 4).last)
        for node in half { desk.answerHeartbeat(context, from: node) }
        #expect(desk.readsReady.isEmpty)
        desk.answerHeartbeat(context, from: other)
        #expect(desk.readsReady.map(\.token) == [7])
    }

    @Test("A learner's answer does not count")
    func learner() throws {
        var desk = try Desk(learners: [4])
        desk.lead()
        try desk.replica.requestRead(token: 7)
        desk.settle()
        let context = try #require(desk.heartbeatContexts(to: 4).last)
        desk.answerHeartbeat(context, from: 4)
        #expect(desk.readsReady.isEmpty)
    }

    @Test("Followers refuse, and too many reads are refused")
    func refuses() throws {
        var settings = RaftSettings()
        settings.pendingReadsMax = 2
        var desk = try Desk(settings: settings)
        #expect(throws: RaftError.notLeader(hint: nil)) { try desk.replica.requestRead(token: 1) }
        desk.lead()
        try desk.replica.requestRead(token: 1)
        desk.settle()
        try desk.replica.requestRead(token: 2)
        #expect(throws: RaftError.overloaded) { try desk.replica.requestRead(token: 3) }
    }

    @Test("A single voter answers by itself")
    func alone() throws {
        var desk = try Desk(voters: 1)
        desk.lead(with: [])
        try desk.replica.requestRead(token: 7)
        desk.settle()
        #expect(desk.readsReady.map(\.token) == [7])
    }
}
