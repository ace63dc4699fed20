import Determinism
import Identity
import Testing

@testable import Raft

@Suite("The rules of the paper: terms and elections")
struct PaperTests {
    @Test("Whoever hears of a higher term adopts it and follows (Raft 5.1)")
    func adoptsHigherTerm() throws {
        var desk = try Desk()
        desk.lead()
        desk.hear(
            .heartbeatReply(readContext: 0, applied: .zero, isRecovering: false), from: 2, term: 9)
        #expect(desk.replica.role == .follower)
        #expect(desk.replica.term == Term(9))
        #expect(desk.readies.last?.proposalsLost == true)
    }

    @Test("What comes from a lower term changes nothing, and is told the term (Raft 5.1)")
    func refusesLowerTerm() throws {
        var desk = try Desk(terms: [5, 7], term: 7)
        desk.hearAppend(after: (10, 5), [Desk.entry(11, 6)], term: 6)
        #expect(desk.terms == [5, 7])
        #expect(desk.replica.leader == nil)
        #expect(desk.sent.map(\.term) == [Term(7)])
    }

    @Test("A confirmation from a lower term is not counted (Raft 5.1)")
    func ignoresOldConfirmations() throws {
        var desk = try Desk()
        desk.win(with: [2])
        let own = desk.replica.lastIndex
        desk.hear(.appendReply(match: own, isRecovering: false), from: 2, term: 5)
        #expect(desk.replica.commitIndex == LogIndex(10))
        desk.confirm(own, from: 2)
        #expect(desk.replica.commitIndex == own)
    }

    @Test(
        "Without a leader it asks for pre-votes, then in a new term for votes (Raft 5.2, 9.6)"
    )
    func campaigns() throws {
        var desk = try Desk()
        desk.pass(.seconds(2))
        #expect(desk.replica.role == .preCandidate)
        #expect(desk.replica.term == Term(5))
        #expect(desk.sent.map(\.to) == [Desk.id(2), Desk.id(3)])
        #expect(desk.sent.allSatisfy { $0.term == Term(6) })
        desk.sent = []
        desk.hear(.preVoteReply(granted: true), from: 3, term: 6)
        #expect(desk.replica.role == .candidate)
        #expect(desk.replica.term == Term(6))
        #expect(
            desk.bodies(to: 2) == [
                .vote(lastIndex: LogIndex(10), lastTerm: Term(5), isTransfer: false)
            ])
        #expect(desk.readies.contains { $0.hardState?.vote == Desk.id(1) && $0.mustSync })
    }

    @Test("Requests for votes leave only when the own vote is durable")
    func voteRequestsWait() throws {
        var desk = try Desk()
        desk.isDiskFast = false
        desk.pass(.seconds(2))
        desk.sent = []
        desk.hear(.preVoteReply(granted: true), from: 2, term: 6)
        #expect(desk.sent.isEmpty)
        #expect(desk.readies.last?.messagesAfterPersist.count == 2)
    }

    @Test("A leader needs a majority of the votes (Raft 5.2)", arguments: [3, 5, 7] as [UInt64])
    func needsMajority(voters: UInt64) throws {
        var desk = try Desk(voters: voters)
        desk.win(with: Array(2..<(voters / 2 + 1)))
        #expect(desk.replica.role != .leader)
        desk = try Desk(voters: voters)
        desk.win(with: Array(2...(voters / 2 + 1)))
        #expect(desk.replica.role == .leader)
    }

    @Test("A candidate that a majority refuses goes back to waiting (Raft 5.2)")
    func losesElection() throws {
        var desk = try Desk()
        desk.pass(.seconds(2))
        desk.hear(.preVoteReply(granted: true), from: 2, term: 6)
        desk.hear(.voteReply(granted: false), from: 2, term: 6)
        #expect(desk.replica.role == .candidate)
        desk.hear(.voteReply(granted: false), from: 2, term: 6)
        #expect(desk.replica.role == .candidate, "one voter counts once")
        desk.hear(.voteReply(granted: false), from: 3, term: 6)
        #expect(desk.replica.role == .follower)
    }

    @Test("The own vote counts only when it is durable; then it decides")
    func ownVoteMustBeDurable() throws {
        var desk = try Desk()
        desk.isDiskFast = false
        desk.win(with: [2, 3])
        #expect(desk.replica.role == .candidate)
        desk.persist()
        #expect(desk.replica.role == .leader)
    }

    @Test(
        "One vote in a term; the same candidate gets the same answer again (Raft 5.2)"
    )
    func votesOnce() throws {
        var desk = try Desk()
        let ask = RaftMessage.Body.vote(
            lastIndex: LogIndex(10), lastTerm: Term(5), isTransfer: false)
        desk.hear(ask, from: 2, term: 6)
        desk.hear(ask, from: 3, term: 6)
        desk.hear(ask, from: 2, term: 6)
        #expect(desk.bodies(to: 2) == [.voteReply(granted: true), .voteReply(granted: true)])
        #expect(desk.bodies(to: 3) == [.voteReply(granted: false)])
    }

    @Test("An earlier write that becomes durable is not the vote")
    func earlierWriteIsNoVote() throws {
        var desk = try Desk()
        desk.isDiskFast = false
        desk.hearAppend(after: (10, 5), [Desk.entry(11, 6)], term: 6)
        let earlier = try #require(desk.readies.last?.token)
        desk.win(with: [2, 3])
        #expect(desk.replica.role == .candidate)
        desk.replica.persisted(through: earlier)
        desk.settle()
        #expect(desk.replica.role == .candidate)
        desk.persist()
        #expect(desk.replica.role == .leader)
    }

    @Test("A new term brings a new vote (Raft 5.2)")
    func votesAgainInNewTerm() throws {
        var desk = try Desk(term: 6, vote: 2)
        desk.hear(
            .vote(lastIndex: LogIndex(10), lastTerm: Term(5), isTransfer: false), from: 3, term: 7)
        #expect(desk.bodies(to: 3) == [.voteReply(granted: true)])
    }

    @Test("A follower does not listen to a second leader of the same term (Raft 5.2)")
    func oneLeaderForFollowers() throws {
        var desk = try Desk()
        desk.hearHeartbeat(from: 2, term: 6)
        desk.sent = []
        desk.hearHeartbeat(from: 3, term: 6)
        desk.hearAppend(after: (10, 5), [Desk.entry(11, 6)], from: 3, term: 6)
        #expect(desk.sent.isEmpty)
        #expect(desk.replica.leader == Desk.id(2))
        #expect(desk.replica.lastIndex == LogIndex(10))
    }

    @Test("A restart does not forget the vote (Raft figure 2)")
    func remembersVote() throws {
        var desk = try Desk(term: 6, vote: 2)
        desk.hear(
            .vote(lastIndex: LogIndex(10), lastTerm: Term(5), isTransfer: false), from: 3, term: 6)
        #expect(desk.bodies(to: 3) == [.voteReply(granted: false)])
    }

    @Test("A vote leaves only when it is durable (Raft figure 2)")
    func voteWaitsForDisk() throws {
        var desk = try Desk()
        desk.isDiskFast = false
        desk.hear(
            .vote(lastIndex: LogIndex(10), lastTerm: Term(5), isTransfer: false), from: 2, term: 6)
        let ready = try #require(desk.readies.last)
        #expect(desk.sent.isEmpty)
        #expect(ready.hardState == HardState(term: Term(6), vote: Desk.id(2), commit: LogIndex(10)))
        #expect(ready.messagesAfterPersist.map(\.body) == [.voteReply(granted: true)])
        // A vote in a term that is on disk already is one more write.
        var late = try Desk(term: 6)
        late.isDiskFast = false
        late.hear(
            .vote(lastIndex: LogIndex(10), lastTerm: Term(5), isTransfer: false), from: 2, term: 6)
        #expect(late.sent.isEmpty)
        #expect(late.readies.last?.hardState?.vote == Desk.id(2))
        #expect(late.readies.last?.mustSync == true)
    }

    @Test(
        "Nobody votes for a log that lacks what its own has (Raft 5.4.1)",
        arguments: [
            (12, 6, true), (13, 6, true), (11, 7, true), (11, 6, false), (20, 5, false),
        ] as [(UInt64, UInt64, Bool)])
    func comparesLogs(lastIndex: UInt64, lastTerm: UInt64, granted: Bool) throws {
        var desk = try Desk(terms: [6, 6])
        desk.hear(
            .preVote(lastIndex: LogIndex(lastIndex), lastTerm: Term(lastTerm)), from: 2, term: 9)
        desk.hear(
            .vote(lastIndex: LogIndex(lastIndex), lastTerm: Term(lastTerm), isTransfer: false),
            from: 2, term: 9)
        #expect(
            desk.bodies(to: 2) == [.preVoteReply(granted: granted), .voteReply(granted: granted)])
    }

    @Test("A candidate that hears the leader of its term follows it (Raft 5.2)")
    func candidateFollows() throws {
        var desk = try Desk()
        desk.pass(.seconds(2))
        desk.hear(.preVoteReply(granted: true), from: 3, term: 6)
        desk.hearHeartbeat(from: 2, term: 6)
        #expect(desk.replica.role == .follower)
        #expect(desk.replica.leader == Desk.id(2))
    }

    @Test("A leader ignores another leader of its own term (Raft 5.2)")
    func oneLeaderInTerm() throws {
        var desk = try Desk()
        desk.lead()
        desk.hearHeartbeat(from: 2, term: desk.replica.term.rawValue)
        #expect(desk.replica.role == .leader)
        #expect(desk.sent.isEmpty)
    }

    @Test("Election timeouts are spread over [1 s, 2 s) (Raft 5.2)")
    func randomTimeouts() throws {
        var desk = try Desk()
        var timeouts: [Interval] = []
        for term in UInt64(6)..<200 {
            desk.hear(
                .voteReply(granted: false), from: 2, term: term)
            timeouts.append(try #require(desk.replica.electionTimer.timeout))
        }
        #expect(timeouts.allSatisfy { $0 >= .seconds(1) && $0 < .seconds(2) })
        #expect((timeouts.max() ?? .zero) - (timeouts.min() ?? .zero) > .milliseconds(800))
    }

    @Test("A heartbeat puts off the election (Raft 5.2)")
    func heartbeatsHoldBack() throws {
        var desk = try Desk()
        for _ in 0..<40 {
            desk.hearHeartbeat(term: 6)
            desk.pass(.milliseconds(100))
        }
        #expect(desk.replica.leader == Desk.id(2))
        #expect(desk.sent.allSatisfy { $0.to == Desk.id(2) }, "it never asked for a vote")
    }

    @Test("A pre-vote binds nobody: neither term nor vote change (thesis 9.6)")
    func preVoteIsFree() throws {
        var desk = try Desk()
        desk.hear(.preVote(lastIndex: LogIndex(10), lastTerm: Term(5)), from: 2, term: 6)
        desk.hear(.preVote(lastIndex: LogIndex(10), lastTerm: Term(5)), from: 3, term: 6)
        #expect(desk.sent.map(\.body) == Array(repeating: .preVoteReply(granted: true), count: 2))
        #expect(desk.sent.map(\.term) == [Term(6), Term(6)])
        #expect(desk.replica.term == Term(5))
        #expect(desk.replica.vote == nil)
    }

    @Test("While a leader is heard from, nobody is helped to replace it (thesis 4.2.3, 9.6)")
    func leaseHolds() throws {
        var desk = try Desk()
        desk.hearHeartbeat(term: 6)
        desk.sent = []
        desk.hear(.preVote(lastIndex: LogIndex(99), lastTerm: Term(6)), from: 3, term: 7)
        desk.hear(
            .vote(lastIndex: LogIndex(99), lastTerm: Term(6), isTransfer: false), from: 3, term: 7)
        #expect(desk.sent.isEmpty)
        #expect(desk.replica.term == Term(6))
        desk.pass(.milliseconds(950))
        desk.hear(.preVote(lastIndex: LogIndex(99), lastTerm: Term(6)), from: 3, term: 7)
        #expect(desk.sent.isEmpty)
        desk.pass(.milliseconds(50))
        desk.sent = []
        desk.hear(.preVote(lastIndex: LogIndex(99), lastTerm: Term(6)), from: 3, term: 7)
        #expect(desk.sent.map(\.body) == [.preVoteReply(granted: true)])
    }

    @Test("A leader, too, does not give way to a mere candidate (thesis 4.2.3)")
    func leaderKeepsLease() throws {
        var desk = try Desk()
        desk.lead()
        desk.hear(
            .vote(lastIndex: LogIndex(99), lastTerm: Term(6), isTransfer: false), from: 3, term: 9)
        #expect(desk.replica.role == .leader)
    }

    @Test("A transfer is voted for even while the leader is heard from (thesis 4.2.3)")
    func transferBreaksLease() throws {
        var desk = try Desk()
        desk.hearHeartbeat(term: 6)
        desk.hear(
            .vote(lastIndex: LogIndex(99), lastTerm: Term(6), isTransfer: true), from: 3, term: 7)
        #expect(desk.sent.last?.body == .voteReply(granted: true))
    }

    @Test("A leader that no majority answers steps down after an election timeout (thesis 6.2)")
    func checksQuorum() throws {
        var desk = try Desk()
        desk.lead()
        for _ in 0..<30 {
            desk.pass(.milliseconds(100))
            desk.answerHeartbeat(0, from: 2)
        }
        #expect(desk.replica.role == .leader)
        desk.pass(.milliseconds(2_100))
        #expect(desk.replica.role != .leader)
        #expect(desk.replica.term == Term(6), "it does not raise the term by itself")
    }

    @Test("A single voter elects itself and commits alone, once its disk has it")
    func singleVoter() throws {
        var desk = try Desk(voters: 1)
        desk.isDiskFast = false
        desk.pass(.seconds(2))
        #expect(desk.replica.role == .candidate)
        desk.persist()
        #expect(desk.replica.role == .leader)
        #expect(desk.replica.commitIndex == LogIndex(10))
        desk.persist()
        #expect(desk.replica.commitIndex == LogIndex(11))
    }

    @Test("Settings that cannot work are refused, defaults are not")
    func settings() {
        RaftSettings().validate()
    }
}
