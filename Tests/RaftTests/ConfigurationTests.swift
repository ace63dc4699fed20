import Determinism
import Identity
import Testing

@testable import Raft

@Suite("Configurations and their changes")
struct ConfigurationTests {
    private func ids(_ nodes: [UInt64]) -> [ReplicaID] { nodes.map(Desk.id) }

    /// The last configuration that the leader has put into its log.
    private func proposed(_ desk: Desk) throws -> Configuration {
        let entry = try #require(
            desk.readies.flatMap(\.entries).last { $0.kind == .configuration })
        return try Configuration(bytes: entry.payload)
    }

    /// Everybody confirms, and says that it has applied, all there is.
    private func agree(_ desk: inout Desk, _ nodes: [UInt64]) {
        for node in nodes { desk.confirm(desk.replica.lastIndex, from: node) }
        for node in nodes { desk.answerHeartbeat(0, from: node, applied: desk.replica.lastIndex) }
    }

    @Test("The binary form comes back the same")
    func roundTrip() throws {
        let joint = try Configuration(
            voters: ids([1, 2, 3]), votersOutgoing: ids([3, 4, 5]), learners: ids([6]),
            learnersNext: ids([4]), autoLeave: true)
        #expect(try Configuration(bytes: joint.bytes) == joint)
        let incarnated = try Configuration(
            voters: [ReplicaID(node: NodeID(.max), incarnation: .max)])
        #expect(try Configuration(bytes: incarnated.bytes) == incarnated)
        #expect(try Configuration(bytes: Configuration.empty.bytes) == .empty)
        #expect(joint.members == ids([1, 2, 3, 4, 5, 6]))
        #expect(joint.members.allSatisfy(joint.contains))
        #expect(!joint.contains(Desk.id(7)))
        #expect(ids([1, 2, 3, 4, 5]).allSatisfy(joint.isVoter))
        #expect(!joint.isVoter(Desk.id(6)))
    }

    @Test("Damaged bytes are refused, whatever is wrong with them")
    func refusesDamage() throws {
        let bytes = try Configuration(voters: ids([1, 2, 3]), learners: ids([4])).bytes
        for length in 0..<bytes.count {
            #expect(throws: RaftError.malformedConfiguration) {
                try Configuration(bytes: Array(bytes.prefix(length)))
            }
        }
        #expect(throws: RaftError.malformedConfiguration) { try Configuration(bytes: bytes + [0]) }
        let empty = Configuration.empty.bytes
        #expect(throws: RaftError.malformedConfiguration) {
            try Configuration(bytes: [empty[0], 1] + empty.dropFirst(2))
        }
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            var damaged = bytes
            damaged[Int(generator.next(upperBound: UInt64(bytes.count)))] = UInt8(
                truncatingIfNeeded: generator.next())
            if let read = try? Configuration(bytes: damaged) {
                #expect(read.bytes == damaged, "one meaning, one form")
            }
        }
    }

    @Test("Configurations that make no sense are refused")
    func refusesNonsense() throws {
        #expect(throws: RaftError.invalidConfiguration(.noVoters)) { try Configuration(voters: []) }
        #expect(throws: RaftError.invalidConfiguration(.duplicate(Desk.id(1)))) {
            try Configuration(voters: ids([1, 1]))
        }
        #expect(throws: RaftError.invalidConfiguration(.duplicate(Desk.id(2)))) {
            try Configuration(voters: ids([1, 2]), learners: ids([2]))
        }
        #expect(throws: RaftError.invalidConfiguration(.tooManyMembers)) {
            try Configuration(voters: ids(Array(1...65)))
        }
        #expect(try Configuration(voters: ids(Array(1...64))).members.count == 64)
        #expect(throws: RaftError.invalidConfiguration(.duplicate(Desk.id(2)))) {
            try Configuration(
                voters: ids([1, 2]), votersOutgoing: ids([2, 3]), learnersNext: ids([2]))
        }
        #expect(throws: RaftError.invalidConfiguration(.notJoint)) {
            try Configuration(
                voters: ids([1, 2]), votersOutgoing: ids([2, 3]), learnersNext: ids([9]))
        }
        #expect(throws: RaftError.invalidConfiguration(.notJoint)) {
            try Configuration(voters: ids([1, 2]), autoLeave: true)
        }
        let plain = try Configuration(voters: ids([1, 2, 3]), learners: ids([4]))
        #expect(throws: RaftError.invalidConfiguration(.notJoint)) {
            try plain.applying(.leaveJoint)
        }
        #expect(throws: RaftError.invalidConfiguration(.notLearner(Desk.id(2)))) {
            try plain.applying(.removeLearner(Desk.id(2)))
        }
        #expect(throws: RaftError.invalidConfiguration(.unchanged)) {
            try plain.applying(
                .enterJoint(voters: ids([3, 2, 1]), learners: ids([4]), autoLeave: true))
        }
    }

    @Test("A removed learner is gone, and the others stay")
    func removesLearner() throws {
        let before = try Configuration(voters: ids([1, 2, 3]), learners: ids([4, 5]))
        let after = try before.applying(.removeLearner(Desk.id(4)))
        #expect(after == (try Configuration(voters: ids([1, 2, 3]), learners: ids([5]))))
    }

    @Test("A change of the learners alone is one, too")
    func changesLearners() throws {
        let before = try Configuration(voters: ids([1, 2, 3]), learners: ids([4]))
        let joint = try before.applying(
            .enterJoint(voters: ids([1, 2, 3]), learners: ids([5]), autoLeave: true))
        #expect(joint.learners == ids([5]))
    }

    @Test("While joint, both halves are asked for their votes, and each may campaign (Raft 6)")
    func jointElectors() throws {
        var desk = try Desk()
        let joint = try desk.replica.configuration.applying(
            .enterJoint(voters: ids([2, 3, 4]), learners: [], autoLeave: true))
        let entry = LogEntry(
            index: LogIndex(11), term: Term(6), kind: .configuration, payload: joint.bytes)
        desk.hearAppend(after: (10, 5), [entry], commit: 11, term: 6)
        #expect(desk.replica.configuration == joint)
        desk.sent = []
        desk.pass(.milliseconds(2_050))
        #expect(desk.replica.role == .preCandidate, "an outgoing voter waits no longer than others")
        #expect(desk.sent.map(\.to) == ids([2, 3, 4]))
    }

    @Test("A joint configuration keeps both sets of voters; leaving it keeps the new one (Raft 6)")
    func jointSteps() throws {
        let before = try Configuration(voters: ids([1, 2, 3]), learners: ids([4]))
        let joint = try before.applying(
            .enterJoint(voters: ids([2, 3, 4]), learners: ids([1]), autoLeave: true))
        #expect(joint.voters == ids([2, 3, 4]))
        #expect(joint.votersOutgoing == ids([1, 2, 3]))
        #expect(joint.learners.isEmpty, "a voter of either half is no learner yet")
        #expect(joint.learnersNext == ids([1]))
        #expect(throws: RaftError.invalidConfiguration(.alreadyJoint)) {
            try joint.applying(.addLearner(Desk.id(9)))
        }
        let after = try joint.applying(.leaveJoint)
        #expect(after == (try Configuration(voters: ids([2, 3, 4]), learners: ids([1]))))
    }

    @Test(
        "A change takes effect when applied; a learner does not count (thesis 4.2.1)"
    )
    func addsLearner() throws {
        var desk = try Desk()
        desk.lead()
        let place = try desk.replica.proposeConfiguration(.addLearner(Desk.id(4)))
        desk.settle()
        #expect(desk.replica.configuration.learners.isEmpty)
        desk.confirm(place.index, from: 2)
        #expect(desk.replica.configuration.learners == ids([4]))
        #expect(!desk.appends(to: 4).isEmpty)
        let next = try desk.replica.propose([1])
        desk.settle()
        desk.confirm(next.index, from: 4)
        #expect(desk.replica.commitIndex == place.index)
    }

    @Test("One change at a time: the next waits until a quorum has applied the last (etcd #12359)")
    func oneAtATime() throws {
        var desk = try Desk()
        desk.lead()
        let place = try desk.replica.proposeConfiguration(.addLearner(Desk.id(4)))
        func tryNext(_ desk: inout Desk) throws {
            try desk.replica.proposeConfiguration(.addLearner(Desk.id(5)))
        }
        #expect(throws: RaftError.configurationInFlight) { try tryNext(&desk) }
        desk.settle()
        desk.confirm(place.index, from: 2)
        #expect(desk.replica.appliedIndex == place.index)
        #expect(throws: RaftError.configurationInFlight) { try tryNext(&desk) }
        #expect(!desk.replica.isConfigurationSettled)
        desk.answerHeartbeat(0, from: 2, applied: place.index)
        #expect(desk.replica.isConfigurationSettled)
        try tryNext(&desk)
        // The others have applied it, but the leader's own disk is slow.
        desk = try Desk()
        desk.lead()
        desk.isDiskFast = false
        let slow = try desk.replica.proposeConfiguration(.addLearner(Desk.id(4)))
        desk.settle()
        agree(&desk, [2, 3])
        #expect(desk.replica.commitIndex == slow.index)
        #expect(throws: RaftError.configurationInFlight) { try tryNext(&desk) }
        desk.persist()
        try tryNext(&desk)
        #expect(desk.replica.configuration.learners == ids([4]))
    }

    @Test("No change before the leader has committed in its own term (Ongaro, 2015)")
    func waitsForOwnTerm() throws {
        var desk = try Desk()
        desk.win(with: [2])
        #expect(throws: RaftError.configurationInFlight) {
            try desk.replica.proposeConfiguration(.addLearner(Desk.id(4)))
        }
    }

    @Test("While joint, an entry needs both majorities; then the leader leaves by itself (Raft 6)")
    func jointCommit() throws {
        var desk = try Desk()
        desk.lead()
        try desk.replica.proposeConfiguration(
            .enterJoint(voters: ids([1, 4, 5]), learners: [], autoLeave: true))
        desk.settle()
        desk.confirm(desk.replica.lastIndex, from: 2)
        #expect(desk.replica.configuration.isJoint)
        let place = try desk.replica.propose([1])
        desk.settle()
        desk.confirm(place.index, from: 2)
        desk.confirm(place.index, from: 3)
        #expect(desk.replica.commitIndex < place.index)
        desk.confirm(place.index, from: 4)
        #expect(desk.replica.commitIndex == place.index)
        let next = try desk.replica.propose([2])
        desk.settle()
        desk.confirm(next.index, from: 4)
        desk.confirm(next.index, from: 5)
        #expect(desk.replica.commitIndex < next.index, "nor do the new voters alone commit")
        #expect(try proposed(desk).isJoint)
        agree(&desk, [2, 4])
        #expect(try proposed(desk) == Configuration(voters: ids([1, 4, 5])))
        agree(&desk, [2, 4])
        #expect(desk.replica.configuration == (try Configuration(voters: ids([1, 4, 5]))))
    }

    @Test("A joint configuration that is not to be left by itself stays, and is not settled")
    func staysJoint() throws {
        var desk = try Desk()
        desk.lead()
        try desk.replica.proposeConfiguration(
            .enterJoint(voters: ids([1, 2]), learners: [], autoLeave: false))
        desk.settle()
        agree(&desk, [2, 3])
        #expect(desk.replica.configuration.isJoint)
        #expect(try proposed(desk).isJoint)
        #expect(!desk.replica.isConfigurationSettled)
        try desk.replica.proposeConfiguration(.leaveJoint)
    }

    @Test("A command whose bytes are those of a configuration changes none")
    func commandIsNoConfiguration() throws {
        var desk = try Desk()
        desk.lead()
        let before = desk.replica.configuration
        let place = try desk.replica.propose(Configuration(voters: ids([1])).bytes)
        desk.settle()
        desk.confirm(place.index, from: 2)
        #expect(desk.replica.appliedIndex == place.index)
        #expect(desk.replica.configuration == before)
    }

    @Test("A new leader leaves a joint configuration (etcd #12136)")
    func newLeaderLeavesJoint() throws {
        var desk = try Desk()
        let joint = try desk.replica.configuration.applying(
            .enterJoint(voters: ids([1, 2, 4]), learners: [], autoLeave: true))
        let entry = LogEntry(
            index: LogIndex(11), term: Term(6), kind: .configuration, payload: joint.bytes)
        desk.hearAppend(after: (10, 5), [entry], commit: 11, term: 6)
        #expect(desk.replica.configuration == joint)
        desk.win(with: [2, 3])
        #expect(desk.replica.role == .leader)
        agree(&desk, [2, 3])
        #expect(try proposed(desk) == Configuration(voters: ids([1, 2, 4])))
    }

    @Test("Nobody campaigns while a committed configuration is not applied (etcd #11284)")
    func campaignWaitsForApply() throws {
        var desk = try Desk()
        desk.appliesAtOnce = false
        let next = try desk.replica.configuration.applying(.addLearner(Desk.id(4)))
        let entry = LogEntry(
            index: LogIndex(11), term: Term(6), kind: .configuration, payload: next.bytes)
        desk.hearAppend(after: (10, 5), [entry], commit: 11, term: 6)
        desk.hear(.timeoutNow, from: 2, term: 6)
        #expect(desk.replica.role == .follower)
        desk.pass(.seconds(5))
        #expect(desk.replica.role == .follower)
        desk.replica.applied(through: LogIndex(11))
        desk.pass(.seconds(5))
        #expect(desk.replica.role == .preCandidate)
    }

    @Test("A configuration that is replaced in the log before it was committed never takes effect")
    func replacedConfiguration() throws {
        var desk = try Desk()
        let next = try desk.replica.configuration.applying(.addLearner(Desk.id(4)))
        let entry = LogEntry(
            index: LogIndex(11), term: Term(6), kind: .configuration, payload: next.bytes)
        desk.hearAppend(after: (10, 5), [entry], term: 6)
        desk.hearAppend(after: (10, 5), [Desk.entry(11, 7)], commit: 11, from: 3, term: 7)
        #expect(desk.replica.appliedIndex == LogIndex(11))
        #expect(desk.replica.configuration.learners.isEmpty)
    }

    @Test("A leader that is voted out leads until the voters know, then steps down (Raft 6)")
    func removedLeaderStepsDown() throws {
        var desk = try Desk()
        desk.lead()
        try desk.replica.proposeConfiguration(
            .enterJoint(voters: ids([2, 3]), learners: [], autoLeave: true))
        desk.settle()
        agree(&desk, [2, 3])
        let leaving = desk.replica.lastIndex
        desk.confirm(leaving, from: 2)
        #expect(desk.replica.commitIndex < leaving, "its own disk does not count for the new half")
        desk.confirm(leaving, from: 3)
        #expect(desk.replica.configuration == (try Configuration(voters: ids([2, 3]))))
        #expect(desk.replica.role == .leader)
        #expect(throws: RaftError.notLeader(hint: nil)) { try desk.replica.propose([1]) }
        desk.answerHeartbeat(0, from: 2, applied: leaving)
        #expect(desk.replica.role == .leader, "one of two is no quorum")
        desk.answerHeartbeat(0, from: 3, applied: leaving)
        #expect(desk.replica.role == .follower)
        #expect(desk.sent.contains { $0.body == .timeoutNow })
    }

    @Test(
        "Who was voted out campaigns too, later than voters (thesis 4.2.2; etcd #12359)"
    )
    func outsiderCampaigns() throws {
        var desk = try Desk(isOutsider: true)
        desk.pass(.milliseconds(2_950))
        #expect(desk.replica.role == .follower)
        desk.pass(.seconds(4))
        #expect(desk.replica.role == .preCandidate)
    }

    @Test("A replica that knows nobody follows, votes and never campaigns")
    func uninitialized() throws {
        var desk = try Desk()
        desk.replica = RaftReplica(
            id: Desk.id(1), shard: Desk.shard, settings: RaftSettings(), restored: .uninitialized,
            at: desk.now, using: &desk.generator)
        desk.readies = []
        desk.pass(.seconds(20))
        #expect(desk.replica.role == .follower)
        desk.hear(
            .vote(lastIndex: LogIndex(12), lastTerm: Term(6), isTransfer: false), from: 2, term: 7)
        #expect(desk.sent.last?.body == .voteReply(granted: true))
        desk.hearAppend(after: (12, 6), [Desk.entry(13, 7)], from: 2, term: 7)
        #expect(
            desk.sent.last?.body
                == .appendRejected(
                    previousIndex: LogIndex(12), hintIndex: .zero, hintTerm: .zero,
                    isRecovering: false))
    }

    @Test(
        "A learner votes: it may have been promoted without knowing (thesis 4.2.2)"
    )
    func learnerVotes() throws {
        var desk = try Desk(voters: 2, isOutsider: true)
        desk.hear(
            .vote(lastIndex: LogIndex(12), lastTerm: Term(6), isTransfer: false), from: 2, term: 7)
        #expect(desk.sent.last?.body == .voteReply(granted: true))
    }
}
