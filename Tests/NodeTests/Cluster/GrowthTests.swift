import Accounts
import Chat
import Determinism
import Identity
import Membership
import Raft
import Registry
import Storage
import Testing
import Wire

@testable import Node

@Suite("Cluster: nodes and replicas come and go")
struct GrowthTests {
    @Test("A move from one node to three ends with the desired configuration, without a joint rest")
    func growth() throws {
        let cluster = try TestCluster.three()
        let shard = ShardID(0)
        let wanted = try #require(cluster[1].node?.registry.placement(of: shard)?.desired)
        #expect(wanted.count == 3)
        for node in cluster.nodes {
            let configuration = try node.replica().raft.configuration
            #expect(configuration.voters == wanted.sorted())
            #expect(configuration.learners.isEmpty && !configuration.isJoint)
        }
    }

    @Test("A learner that never answered is not made a voter, however short the log is")
    func silentLearners() throws {
        let cluster = TestCluster()
        let shard = ShardID(0)
        try cluster.start(cluster[1])
        try cluster.runUntilLed()
        // Of the shard itself nothing gets from the first node to the others.
        cluster.filter = { from, _, message in
            guard from == NodeID(1), case .raft(let messages) = message else { return true }
            return !messages.contains { $0.shard == shard }
        }
        try cluster.join()
        try cluster.join()
        let replica = try cluster[1].replica()
        try cluster.run(until: { !replica.raft.configuration.learners.isEmpty })
        try cluster.run(.seconds(5))
        #expect(replica.raft.configuration.voters == [replica.id])
        #expect(replica.raft.isReadyToServe)
    }

    private func replica(_ node: UInt64, _ incarnation: UInt32 = 1) -> ReplicaID {
        ReplicaID(node: NodeID(node), incarnation: incarnation)
    }

    @Test("The older replica of a node leaves before a newer one comes")
    func olderReplicaLeaves() throws {
        // A node was given up and came back before its replica had been replaced.
        let present = try Configuration(voters: [replica(1), replica(2), replica(4)])
        let wanted = [replica(1), replica(2), replica(4, 2)]
        let next = ClusterNode.nextVoters(from: present, to: wanted)
        #expect(next == [replica(1), replica(2)])
        let between = try Configuration(voters: next)
        #expect(ClusterNode.nextVoters(from: between, to: wanted) == wanted)
    }

    @Test("Older replicas stay when newer ones of all their nodes are wanted")
    func olderReplicasStay() throws {
        // A move away from the only replica was called off before it was done.
        let alone = try Configuration(voters: [replica(4)])
        #expect(ClusterNode.nextVoters(from: alone, to: [replica(4, 2)]) == [replica(4)])
        let two = try Configuration(voters: [replica(3), replica(4)])
        #expect(ClusterNode.nextVoters(from: two, to: [replica(4, 2)]) == [replica(4)])
        #expect(
            ClusterNode.nextVoters(from: two, to: [replica(3), replica(4, 2)]) == [replica(3)])
    }

    @Test("Replicas that have applied as much have the same state")
    func agreement() throws {
        let cluster = try TestCluster.three()
        try cluster.request(.requestPhone(1), id: 1, at: 2)
        try cluster.run(.seconds(1))
        let hashes = try cluster.nodes.map { try $0.replica().applied.stateHash }
        let checksums = try cluster.nodes.map { try $0.replica().applied.position }
        #expect(Set(hashes).count == 1)
        #expect(Set(checksums).count == 1)
    }

    @Test("A member that joins an old cluster is not lost before it could be heard")
    func lateJoin() throws {
        let cluster = TestCluster()
        try cluster.start(cluster[1])
        try cluster.runUntilLed()
        // Longer than the grace for the dead.
        try cluster.run(.seconds(301))
        let asked = cluster[1].operatorResponses.count
        try cluster.feed(
            .operate(
                1,
                .change(
                    .admit(
                        tokenHash: [UInt8](repeating: 2, count: 32), requestID: cmid(2),
                        description: MemberDescription(
                            name: "late", host: "10.0.0.2", gossipPort: 7_000, peerPort: 8_000)))),
            to: cluster[1])
        try cluster.run(until: { cluster[1].operatorResponses.count > asked })
        try cluster.run(.seconds(5))
        #expect(cluster[1].node?.registry.member(NodeID(2))?.standing == .joining)
    }

    @Test("A node that is cut off still tells its clients of all members that may return")
    func clientAddresses() throws {
        let cluster = try TestCluster.three()
        cluster.cuts = [(NodeID(1), NodeID(2)), (NodeID(2), NodeID(1))]
        cluster.cuts += [(NodeID(1), NodeID(3)), (NodeID(3), NodeID(1))]
        try cluster.run(until: {
            cluster[1].node?.members.members.count { $0.status == .dead } == 2
        })
        #expect(cluster[1].node?.clientURLs == ["http://n1", "http://n2", "http://n3"])
        // Nor does a process forget them that has heard nobody yet.
        try cluster.crash(cluster[1])
        try cluster.start(cluster[1])
        try cluster.tick()
        #expect(cluster[1].node?.clientURLs == ["http://n1", "http://n2", "http://n3"])
        // The living come before the absent, and whoever was given up is not named any more.
        try cluster.run(until: {
            cluster[3].node?.members.member(NodeID(1))?.status == .dead
        })
        #expect(cluster[3].node?.clientURLs == ["http://n3", "http://n2", "http://n1"])
        try cluster.run(.seconds(305))
        #expect(cluster[3].node?.clientURLs == ["http://n3", "http://n2"])
    }

    @Test("A drained node gives everything away and then says that it has left")
    func drain() throws {
        let cluster = try TestCluster.three()
        try cluster.feed(.operate(7, .change(.drain(NodeID(1)))), to: cluster[2])
        try cluster.run(until: {
            cluster[2].node?.registry.member(NodeID(1))?.standing == .left
        })
        #expect(cluster[1].node?.replicas.isEmpty == true)
        try cluster.runUntilLed()
        #expect(cluster.leader(of: ShardID(0))?.number != 1)
    }

    @Test("A node that leaves hands over what it leads, and then tells the gossip")
    func leaving() throws {
        let cluster = try TestCluster.three()
        let leader = try #require(cluster.leader(of: ShardID(0)))
        try cluster.feed(.leave, to: leader)
        try cluster.run(.milliseconds(1_500))
        #expect(try leader.replica().isLeader == false)
        let other = cluster.nodes.first { $0 !== leader }
        #expect(other?.node?.members.member(leader.id)?.status == .left)
    }

    @Test("A message for a replica that was given up, or for one never handed out, makes none")
    func oldIncarnation() throws {
        let cluster = try TestCluster.three()
        let shard = ShardID(0)
        let leader = try #require(cluster.leader(of: shard))
        let target = try #require(cluster.nodes.first { $0 !== leader })
        let replica = try target.replica()
        let id = replica.id
        target.node?.destroy(replica)
        try cluster.carryOut(of: target)
        let never = ReplicaID(node: target.id, incarnation: id.incarnation + 5)
        for addressee in [id, never] {
            let message = RaftMessage(
                from: try leader.replica().id, to: addressee, shard: shard, term: Term(9),
                body: .heartbeat(commit: .zero, readContext: 1))
            try cluster.feed(.messages([.raft([message])], from: leader.id), to: target)
            #expect(target.node?.replica(of: shard) == nil)
        }
        // The record outlives the process.
        try cluster.crash(target)
        try cluster.start(target)
        #expect(target.node?.replica(of: shard) == nil)
        #expect(target.node?.destroyed.first?.replica == id)
    }

    @Test("Only the group's word expels a replica, and never one that hears another leader")
    func expulsion() throws {
        let cluster = try TestCluster.three()
        let shard = ShardID(0)
        let leader = try #require(cluster.leader(of: shard))
        let others = cluster.nodes.filter { $0 !== leader }
        let id = try others[0].replica().id
        try cluster.feed(
            .messages([.isNoMember(shard: shard, replica: id)], from: others[1].id), to: others[0])
        #expect(others[0].node?.replica(of: shard)?.id == id)
    }

    @Test("Public rooms exist exactly once, whatever crashes there were while they were made")
    func rooms() throws {
        let room = PublicRoom(chat: ChatID(high: 5, low: 6), name: "lobby", fullName: "Lobby")
        for crashAt in 0..<24 {
            let cluster = TestCluster(shardCount: 2, rooms: [room])
            try cluster.start(cluster[1])
            for _ in 0..<crashAt { try cluster.tick() }
            try cluster.crash(cluster[1])
            try cluster.start(cluster[1])
            try cluster.run(until: { cluster[1].node?.roomsKnown == [room.chat] })
            try cluster.run(.seconds(2))
            let node = try #require(cluster[1].node)
            let shard = ShardKey(room.chat).shard(count: 2)
            let state = try cluster[1].replica(shard).store(over: node.store)
            let head = try #require(try ChatQueries.head(of: room.chat, in: shard, state))
            #expect(head.seq == SequenceNumber(1), "made once, at crash \(crashAt)")
        }
    }

    @Test("A node whose replica record cannot be read does not start")
    func unreadable() throws {
        let cluster = TestCluster()
        try cluster.start(cluster[1])
        try cluster.runUntilLed()
        cluster[1].disk.content.apply(.garbage(for: Keyspace.replica(ShardID(0))))
        try cluster.crash(cluster[1])
        #expect(throws: NodeStartError.self) { try cluster.start(cluster[1]) }
    }
}

extension WriteBatch {
    /// Makes the record under `key` unreadable.
    static func garbage(for key: [UInt8]) -> WriteBatch {
        var batch = WriteBatch()
        batch.put([0xFF, 0xFF, 0xFF], for: key, in: .raft)
        return batch
    }
}

extension ClientRequest {
    /// A request that changes the shard of a phone number.
    static func requestPhone(_ number: UInt64) -> ClientRequest {
        .requestCode(
            phone: "+49151123450\(10 + number)", codeHash: [UInt8](repeating: 7, count: 32),
            cmid: cmid(number, at: TestCluster.wall))
    }
}

extension TestCluster {
    /// Three nodes that hold everything.
    static func three(shardCount: Int = 1, rooms: [PublicRoom] = []) throws -> TestCluster {
        let cluster = TestCluster(shardCount: shardCount, rooms: rooms)
        try cluster.start(cluster[1])
        try cluster.runUntilLed()
        try cluster.join()
        try cluster.join()
        try cluster.run(until: {
            let shards = (0..<UInt32(shardCount)).map { ShardID($0) } + [.registry]
            return shards.allSatisfy { shard in
                guard let leader = cluster.leader(of: shard),
                    let replica = leader.node?.replica(of: shard),
                    let wanted = leader.node?.registry.placement(of: shard)?.desired
                else { return false }
                return wanted.count == 3 && replica.raft.configuration.voters == wanted.sorted()
                    && replica.raft.isConfigurationSettled
                    && wanted[0] == replica.id
                    && cluster.nodes.allSatisfy {
                        $0.node?.replica(of: shard)?.raft.configuration.voters.count == 3
                    }
            }
        })
        return cluster
    }

    /// Asks a node something and lets time pass until it answers.
    @discardableResult
    func request(_ request: ClientRequest, id: UInt64, at number: UInt64) throws -> ClientResponse {
        try feed(.client(.host(id), request), to: self[number])
        try run(until: { self[number].response(id) != nil })
        return try #require(self[number].response(id))
    }
}
