import Determinism
import Identity
import Testing

@testable import Raft

@Suite("Bugs that others had")
struct RegressionTests {
    @Test(
        "A refused pre-vote carries the higher term, and whoever asked adopts it (openraft #1796)")
    func refusedPreVoteTellsTerm() throws {
        var behind = try Desk(terms: [5, 8], term: 8)
        behind.hear(.preVote(lastIndex: LogIndex(10), lastTerm: Term(5)), from: 2, term: 6)
        let reply = try #require(behind.sent.last)
        #expect(reply.body == .preVoteReply(granted: false))
        #expect(reply.term == Term(8))
        var asking = try Desk()
        asking.pass(.seconds(2))
        asking.hear(reply.body, from: 3, term: reply.term.rawValue)
        #expect(asking.replica.term == Term(8))
        #expect(asking.replica.role == .follower)
    }

    @Test("A replica with a higher term answers an older leader, which steps down (etcd #8501)")
    func returningReplica() throws {
        var returning = try Desk(term: 9)
        returning.hearHeartbeat(term: 6)
        let reply = try #require(returning.sent.last)
        #expect(reply.term == Term(9))
        var leader = try Desk()
        leader.lead()
        leader.hear(reply.body, from: 3, term: 9)
        #expect(leader.replica.role == .follower)
        #expect(leader.replica.term == Term(9))
    }

    @Test(
        "A leader that was deposed by silence asks again and can be elected (hashicorp/raft #605)")
    func exLeaderReturns() throws {
        var desk = try Desk()
        desk.lead()
        desk.pass(.seconds(4))
        #expect(desk.replica.role != .leader)
        desk.win(with: [2])
        #expect(desk.replica.role == .leader)
        var voter = try Desk()
        voter.hearHeartbeat(from: 2, term: 6)
        voter.pass(.milliseconds(1_000))
        voter.sent = []
        voter.hear(.preVote(lastIndex: LogIndex(11), lastTerm: Term(6)), from: 2, term: 7)
        #expect(voter.bodies(to: 2) == [.preVoteReply(granted: true)])
    }

    @Test("A granted pre-vote of another campaign is not counted")
    func stalePreVote() throws {
        var desk = try Desk()
        desk.pass(.seconds(2))
        desk.hear(.preVoteReply(granted: true), from: 2, term: 9)
        #expect(desk.replica.role == .preCandidate)
        #expect(desk.replica.term == Term(5))
    }

    @Test("When the leader's link breaks, the first in rank asks at once, the next a little later")
    func fastFailover() throws {
        var first = try Desk()
        first.hearHeartbeat(from: 3, term: 6)
        first.replica.forgetLeader(at: first.now, using: &first.generator)
        first.settle()
        #expect(first.replica.role == .preCandidate)
        #expect(first.replica.term == Term(6))
        // Node 3 is second when 2 led: it waits for 1.
        var second = try Desk()
        second.replica = RaftReplica(
            id: Desk.id(3), shard: Desk.shard, settings: RaftSettings(),
            restored: .genesis(first.replica.configuration), at: second.now,
            using: &second.generator)
        second.readies = []
        second.hearHeartbeat(from: 2, term: 6)
        second.replica.forgetLeader(at: second.now, using: &second.generator)
        second.pass(.milliseconds(50))
        #expect(second.replica.role == .follower)
        second.pass(.milliseconds(50))
        #expect(second.replica.role == .preCandidate)
        // Whoever is no voter only stops believing in the leader.
        var outsider = try Desk(isOutsider: true)
        outsider.hearHeartbeat(from: 2, term: 6)
        outsider.replica.forgetLeader(at: outsider.now, using: &outsider.generator)
        outsider.settle()
        #expect(outsider.replica.role == .follower)
        #expect(outsider.replica.leader == nil)
    }

    @Test(
        "If only the link broke, the leader's next heartbeat ends the pre-vote"
    )
    func linkFault() throws {
        var desk = try Desk()
        desk.hearHeartbeat(from: 2, term: 6)
        desk.replica.forgetLeader(at: desk.now, using: &desk.generator)
        desk.settle()
        desk.hearHeartbeat(from: 2, term: 6)
        #expect(desk.replica.role == .follower)
        #expect(desk.replica.leader == Desk.id(2))
        #expect(desk.replica.term == Term(6))
    }

    @Test("Once its leader is forgotten, a voter helps another at once")
    func forgottenLeaderHasNoLease() throws {
        var desk = try Desk()
        desk.hearHeartbeat(from: 2, term: 6)
        desk.replica.forgetLeader(at: desk.now, using: &desk.generator)
        desk.settle()
        desk.sent = []
        desk.hear(.preVote(lastIndex: LogIndex(10), lastTerm: Term(5)), from: 3, term: 7)
        #expect(desk.bodies(to: 3) == [.preVoteReply(granted: true)])
    }

    // MARK: Transfer (thesis 3.10)

    @Test(
        "A transfer waits until the successor has everything (thesis 3.10)"
    )
    func transfer() throws {
        var desk = try Desk()
        desk.lead()
        let place = try desk.replica.propose([1])
        desk.settle()
        try desk.replica.transferLeadership(to: Desk.id(2))
        desk.settle()
        #expect(!desk.sent.contains { $0.body == .timeoutNow })
        #expect(throws: RaftError.transferring(to: Desk.id(2))) { try desk.replica.propose([1]) }
        desk.confirm(place.index, from: 2)
        #expect(desk.bodies(to: 2).contains(.timeoutNow))
        #expect(!desk.bodies(to: 3).contains(.timeoutNow))
    }

    @Test("A transfer that takes longer than an election timeout is given up (thesis 3.10)")
    func transferTimesOut() throws {
        var desk = try Desk()
        desk.lead()
        try desk.replica.transferLeadership(to: Desk.id(2))
        for _ in 0..<10 {
            #expect(desk.replica.transferee == Desk.id(2))
            desk.pass(.milliseconds(100))
            desk.answerHeartbeat(0, from: 3)
        }
        #expect(desk.replica.role == .leader)
        #expect(desk.replica.transferee == nil)
        try desk.replica.propose([1])
    }

    @Test(
        "A successor campaigns without a pre-vote, and says why (thesis 3.10)"
    )
    func timeoutNow() throws {
        var desk = try Desk()
        desk.hearHeartbeat(from: 2, term: 6)
        desk.hear(.timeoutNow, from: 3, term: 6)
        #expect(desk.replica.role == .follower, "only the leader may hand over")
        desk.hear(.timeoutNow, from: 2, term: 6)
        #expect(desk.replica.role == .candidate)
        #expect(
            desk.bodies(to: 3) == [
                .vote(lastIndex: LogIndex(10), lastTerm: Term(5), isTransfer: true)
            ])
    }

    @Test("Leadership goes only to a voter that is near, and not to oneself")
    func unfitSuccessors() throws {
        var settings = RaftSettings()
        settings.transferLagMax = 2
        var desk = try Desk(learners: [4], settings: settings)
        desk.lead(with: [2])
        for _ in 0..<3 { try desk.replica.propose([1]) }
        for node in [1, 2, 3, 4, 9] as [UInt64] {
            #expect(throws: RaftError.unfitSuccessor(Desk.id(node))) {
                try desk.replica.transferLeadership(to: Desk.id(node))
            }
        }
    }

    @Test("However near, no learner, no stranger, nobody who rebuilds and no self is made leader")
    func unfitThoughNear() throws {
        var desk = try Desk(learners: [4])
        desk.lead(with: [2, 3])
        desk.confirm(desk.replica.lastIndex, from: 4)
        desk.answerHeartbeat(0, from: 3, applied: desk.replica.lastIndex, isRecovering: true)
        for node in [1, 3, 4, 9] as [UInt64] {
            #expect(throws: RaftError.unfitSuccessor(Desk.id(node))) {
                try desk.replica.transferLeadership(to: Desk.id(node))
            }
        }
        try desk.replica.transferLeadership(to: Desk.id(2))
        // The same once more is no other transfer.
        try desk.replica.transferLeadership(to: Desk.id(2))
        #expect(throws: RaftError.transferring(to: Desk.id(2))) {
            try desk.replica.transferLeadership(to: Desk.id(3))
        }
    }

    @Test("A transfer to somebody who is voted out meanwhile is given up")
    func votedOutSuccessor() throws {
        var desk = try Desk()
        desk.lead()
        let place = try desk.replica.proposeConfiguration(
            .enterJoint(voters: [Desk.id(1), Desk.id(2)], learners: [], autoLeave: true))
        desk.settle()
        try desk.replica.transferLeadership(to: Desk.id(3))
        desk.confirm(place.index, from: 2)
        #expect(desk.replica.configuration.isJoint)
        #expect(desk.replica.transferee == nil)
    }

    @Test("Silent for two election timeouts, a follower gets no leadership; one word is enough")
    func silentSuccessor() throws {
        var desk = try Desk()
        desk.lead()
        func live(_ desk: inout Desk, for count: Int) {
            for _ in 0..<count {
                desk.pass(.milliseconds(100))
                desk.answerHeartbeat(0, from: 2, applied: desk.replica.lastIndex)
            }
        }
        // Until a whole period of the check of the quorum has passed it counts as heard from.
        live(&desk, for: 11)
        #expect(desk.replica.progress.last?.isActive == true)
        live(&desk, for: 20)
        #expect(desk.replica.progress.last?.isActive == false)
        #expect(throws: RaftError.unfitSuccessor(Desk.id(3))) {
            try desk.replica.transferLeadership(to: Desk.id(3))
        }
        desk.answerHeartbeat(0, from: 3)
        try desk.replica.transferLeadership(to: Desk.id(3))
        #expect(desk.replica.transferee == Desk.id(3))
    }

    // MARK: Damage (Alagappan and others, FAST 2018)

    @Test("A suspect replica does not vote, campaign or count, and takes on a higher term")
    func suspectIsMute() throws {
        var desk = try Desk(isSuspect: true)
        #expect(desk.replica.term == Term(6))
        desk.hear(.preVote(lastIndex: LogIndex(20), lastTerm: Term(6)), from: 2, term: 7)
        desk.hear(
            .vote(lastIndex: LogIndex(20), lastTerm: Term(6), isTransfer: false), from: 2, term: 7)
        #expect(
            desk.bodies(to: 2) == [.preVoteReply(granted: false), .voteReply(granted: false)])
        desk.pass(.seconds(5))
        #expect(desk.replica.role == .follower)
        desk.hearAppend(after: (10, 5), [Desk.entry(11, 7)], term: 7)
        #expect(desk.sent.last?.body == .appendReply(match: LogIndex(11), isRecovering: true))
    }

    @Test("It counts again when it has a committed entry of a later leader's term on disk")
    func suspectRecovers() throws {
        var desk = try Desk(isSuspect: true)
        desk.hearAppend(
            after: (10, 5), [Desk.entry(11, 5), Desk.entry(12, 7)], commit: 11, term: 7)
        #expect(desk.replica.isSuspect, "an older entry says nothing about what came after")
        desk.isDiskFast = false
        desk.hearAppend(after: (12, 7), [Desk.entry(13, 7)], commit: 13, term: 7)
        #expect(desk.replica.isSuspect, "not on disk yet")
        desk.isDiskFast = true
        desk.persist()
        #expect(!desk.replica.isSuspect)
        #expect(desk.readies.contains { $0.suspicion == false && $0.mustSync })
        desk.hearAppend(after: (13, 7), commit: 13, term: 7)
        #expect(desk.sent.last?.body == .appendReply(match: LogIndex(13), isRecovering: false))
    }

    @Test("A leader does not count what a recovering member confirms, nor its answers to reads")
    func recoveringDoesNotCount() throws {
        var desk = try Desk()
        desk.lead()
        let place = try desk.replica.propose([1])
        try desk.replica.requestRead(token: 7)
        desk.settle()
        let context = try #require(desk.heartbeatContexts(to: 2).last)
        desk.answerHeartbeat(context, from: 2, isRecovering: true)
        desk.confirm(place.index, from: 2, isRecovering: true)
        #expect(desk.replica.commitIndex < place.index)
        #expect(desk.readsReady.isEmpty)
        desk.answerHeartbeat(context, from: 2)
        #expect(desk.replica.commitIndex == place.index)
        #expect(desk.readsReady.map(\.token) == [7])
    }

    @Test("A confirmation says by itself that it does not count, and is a sign of life")
    func recoveringConfirmation() throws {
        var desk = try Desk()
        desk.lead()
        let place = try desk.replica.propose([1])
        desk.settle()
        desk.confirm(place.index, from: 2, isRecovering: true)
        #expect(desk.replica.commitIndex < place.index)
        for _ in 0..<30 {
            desk.pass(.milliseconds(100))
            desk.confirm(place.index, from: 2, isRecovering: true)
        }
        #expect(desk.replica.role == .leader)
    }

    @Test("A replica that is told of a commit beyond its log has lost what it confirmed")
    func noticesLoss() throws {
        var desk = try Desk()
        desk.hearHeartbeat(commit: 15, term: 6)
        #expect(desk.replica.isSuspect)
        #expect(desk.replica.term == Term(7))
        #expect(desk.readies.contains { $0.suspicion == true })
    }

    @Test("A suspect replica ends also a term that its disk did not know, if it confirmed in it")
    func suspectEndsLaterTerm() throws {
        var desk = try Desk(isSuspect: true)
        desk.hearHeartbeat(commit: 10, term: 9)
        #expect(desk.replica.term == Term(9), "nothing says that it confirmed anything in it")
        desk.hearHeartbeat(commit: 15, term: 9)
        #expect(desk.replica.isSuspect)
        #expect(desk.replica.term == Term(10))
    }

    @Test("A rejection of what was confirmed is not answered at once")
    func confirmedRejected() throws {
        var desk = try Desk()
        desk.lead()
        let place = try desk.replica.propose([1])
        desk.settle()
        desk.confirm(place.index, from: 2)
        let rejection = RaftMessage.Body.appendRejected(
            previousIndex: place.index, hintIndex: LogIndex(10), hintTerm: Term(5),
            isRecovering: true)
        // What was sent beyond is rejected, then what it had confirmed.
        try desk.replica.propose([2])
        desk.settle()
        desk.hear(
            .appendRejected(
                previousIndex: place.index.next, hintIndex: LogIndex(10), hintTerm: Term(5),
                isRecovering: true),
            from: 2, term: desk.replica.term.rawValue)
        let sentCount = desk.bodies(to: 2).count
        for _ in 0..<5 { desk.hear(rejection, from: 2, term: desk.replica.term.rawValue) }
        #expect(desk.bodies(to: 2).count == sentCount)
        desk.answerHeartbeat(0, from: 2, isRecovering: true)
        #expect(desk.bodies(to: 2).count == sentCount + 1)
    }

    // MARK: Writes

    @Test(
        "The commit index is on disk with the entries that it came with: it guards configurations")
    func commitIsWrittenWithEntries() throws {
        var desk = try Desk(terms: [6])
        desk.hearAppend(after: (11, 6), [Desk.entry(12, 6)], commit: 11, term: 6)
        let ready = try #require(desk.readies.last { !$0.entries.isEmpty })
        #expect(ready.hardState?.commit == LogIndex(11))
    }

    @Test("A commit index alone costs no write")
    func commitAloneIsFree() throws {
        var desk = try Desk(terms: [6])
        desk.hearHeartbeat(commit: 10, term: 6)
        desk.readies = []
        desk.hearHeartbeat(commit: 11, term: 6)
        #expect(desk.committed.count == 1)
        #expect(desk.readies.allSatisfy { !$0.mustSync && $0.hardState == nil })
    }

    @Test("Old answers of the same term do no harm: doubled, late, and from strangers")
    func strayAnswers() throws {
        var desk = try Desk()
        desk.lead()
        let place = try desk.replica.propose([1])
        desk.settle()
        desk.confirm(place.index, from: 9)
        desk.confirm(place.index + 5, from: 2)
        desk.answerHeartbeat(99, from: 2, applied: place.index)
        desk.hear(.voteReply(granted: true), from: 2, term: 6)
        desk.hear(.timeoutNow, from: 2, term: 6)
        #expect(desk.replica.commitIndex < place.index)
        #expect(desk.replica.role == .leader)
        desk.replica.checkInvariants()
    }
}
