import Determinism
import Identity
import Testing

@testable import Raft

@Suite("Elections: what late and equal terms may do")
struct ElectionTests {
    private static let ask = RaftMessage.Body.vote(
        lastIndex: LogIndex(10), lastTerm: Term(5), isTransfer: false)

    @Test("A candidate that lost votes for nobody else in its term (Raft 5.2)")
    func loserKeepsVote() throws {
        var desk = try Desk()
        desk.pass(.seconds(2))
        desk.hear(.preVoteReply(granted: true), from: 2, term: 6)
        for node in [2, 3] as [UInt64] {
            desk.hear(.voteReply(granted: false), from: node, term: 6)
        }
        #expect(desk.replica.role == .follower)
        desk.sent = []
        desk.hear(Self.ask, from: 3, term: 6)
        #expect(desk.bodies(to: 3) == [.voteReply(granted: false)])
    }

    @Test("Who follows the leader of a term votes for nobody in it (Raft 5.2)")
    func followerKeepsLeader() throws {
        var desk = try Desk()
        desk.hearHeartbeat(from: 2, term: 6)
        desk.sent = []
        desk.hear(Self.ask, from: 3, term: 6)
        #expect(desk.bodies(to: 3) == [.voteReply(granted: false)])
    }

    @Test("A vote puts off the own election (Raft 5.2)")
    func voteHoldsBack() throws {
        var desk = try Desk(term: 6)
        desk.pass(.milliseconds(900))
        desk.hear(Self.ask, from: 2, term: 6)
        #expect(desk.sent.last?.body == .voteReply(granted: true))
        #expect(desk.replica.electionTimer.start == desk.now)
    }

    @Test("A pre-vote for the own term is granted only where a vote would be (thesis 9.6)")
    func preVoteInOwnTerm() throws {
        func answer(_ desk: Desk, to node: UInt64) -> Bool {
            var desk = desk
            desk.sent = []
            desk.hear(
                .preVote(lastIndex: LogIndex(10), lastTerm: Term(5)), from: node, term: 6)
            return desk.bodies(to: node) == [.preVoteReply(granted: true)]
        }
        let free = try Desk(term: 6)
        #expect(answer(free, to: 3))
        let bound = try Desk(term: 6, vote: 2)
        #expect(answer(bound, to: 2))
        #expect(!answer(bound, to: 3))
        var following = try Desk()
        following.hearHeartbeat(from: 2, term: 6)
        #expect(!answer(following, to: 3))
    }

    @Test("Who is refused pre-votes by a majority goes back to waiting (thesis 9.6)")
    func preCandidateLoses() throws {
        var desk = try Desk()
        desk.pass(.seconds(2))
        desk.hear(.preVoteReply(granted: false), from: 2, term: 5)
        #expect(desk.replica.role == .preCandidate)
        desk.hear(.preVoteReply(granted: false), from: 3, term: 5)
        #expect(desk.replica.role == .follower)
    }

    @Test("Late answers to a pre-vote count neither for a candidate nor against it")
    func latePreVotes() throws {
        var desk = try Desk(voters: 5)
        desk.pass(.seconds(2))
        for node in [2, 3] as [UInt64] {
            desk.hear(.preVoteReply(granted: true), from: node, term: 6)
        }
        #expect(desk.replica.role == .candidate)
        for node in [2, 3, 4, 5] as [UInt64] {
            desk.hear(.preVoteReply(granted: false), from: node, term: 6)
        }
        #expect(desk.replica.role == .candidate)
    }

    @Test("Answers to votes count for a candidate alone")
    func lateVotes() throws {
        var desk = try Desk()
        desk.pass(.seconds(2))
        #expect(desk.replica.role == .preCandidate)
        for node in [2, 3] as [UInt64] {
            desk.hear(.voteReply(granted: true), from: node, term: 5)
        }
        #expect(desk.replica.role == .preCandidate)
    }

    @Test("A leader does not forget itself when a link breaks")
    func leaderStays() throws {
        var desk = try Desk()
        desk.lead()
        desk.replica.forgetLeader(at: desk.now, using: &desk.generator)
        desk.settle()
        #expect(desk.replica.role == .leader)
        #expect(desk.replica.leader == Desk.id(1))
    }

    @Test("The first word of a leader protects it like any other (thesis 4.2.3)")
    func leaseFromTheFirst() throws {
        var desk = try Desk()
        desk.pass(.milliseconds(900))
        desk.hearHeartbeat(from: 2, term: 6)
        desk.pass(.milliseconds(500))
        desk.sent = []
        desk.hear(.preVote(lastIndex: LogIndex(99), lastTerm: Term(6)), from: 3, term: 7)
        #expect(desk.sent.isEmpty)
    }

    @Test("A leader is heard from every 100 ms, not at every tick")
    func heartbeatInterval() throws {
        var desk = try Desk()
        desk.lead()
        desk.pass(.milliseconds(500))
        #expect(desk.heartbeatContexts(to: 2).count == 5)
    }

    @Test("Learners are not asked for votes (thesis 4.2.1)")
    func learnersAreNotAsked() throws {
        var desk = try Desk(learners: [4])
        desk.pass(.seconds(2))
        #expect(desk.sent.map(\.to) == [Desk.id(2), Desk.id(3)])
    }

    @Test("Whoever did not lead has lost no proposals and no reads")
    func nothingLost() throws {
        var desk = try Desk()
        desk.hearHeartbeat(from: 2, term: 6)
        desk.hearHeartbeat(from: 3, term: 7)
        #expect(desk.readies.allSatisfy { !$0.proposalsLost && $0.readsFailed.isEmpty })
    }
}
