import Accounts
import Chat
import Determinism
import Identity
import Raft
import Registry
import Storage
import Testing
import Wire

@testable import Node

@Suite("Routing: followed logs")
struct FollowingTests {
    private static let room = PublicRoom(
        chat: ChatID(high: 5, low: 6), name: "lobby", fullName: "Lobby")
    private let shard = ShardID(0)
    private let log = LogID.chat(room.chat)
    private let hub = HubID(0)

    /// Three nodes with a public room, in which somebody may speak.
    private func lobby() throws -> TestCluster {
        let cluster = try TestCluster.three(rooms: [Self.room])
        try cluster.run(until: { cluster.nodes.contains { $0.node?.roomsKnown.isEmpty == false } })
        return cluster
    }

    private func say(_ text: String, _ number: UInt64, in cluster: TestCluster) throws {
        let leader = try #require(cluster.leader(of: shard))
        let command = ShardCommand.chat(
            ChatCommand(
                chat: Self.room.chat, cmid: cmid(number, at: TestCluster.wall), actor: account(1),
                time: TestCluster.wall, body: .send(text: text)))
        try cluster.feed(
            .messages(
                [
                    .request(
                        id: number, shard: shard, bytes: ShardRequest.command(command).encoded())
                ], from: NodeID(9)), to: leader)
        try cluster.exchange()
    }

    private func seqs(_ node: TestNode) -> [UInt64] {
        node.deliveries.flatMap { delivery -> [UInt64] in
            if case .published(log, _, let entries) = delivery.delivery {
                entries.map(\.seq.rawValue)
            } else {
                []
            }
        }
    }

    private func heads(_ node: TestNode) -> [UInt64] {
        node.deliveries.compactMap { delivery in
            if case .head(log, _, let position, _) = delivery.delivery {
                position.seq.rawValue
            } else {
                nil
            }
        }
    }

    private func follower(in cluster: TestCluster) throws -> TestNode {
        let leader = try #require(cluster.leader(of: shard))
        return try #require(cluster.nodes.first { $0 !== leader })
    }

    @Test("A follow is answered with the head, and what is published then arrives dense and once")
    func follows() throws {
        let cluster = try lobby()
        let node = try follower(in: cluster)
        try cluster.feed(.follow(hub, log), to: node)
        try cluster.run(until: { heads(node).count == 1 })
        for number in 1...5 { try say("message \(number)", UInt64(100 + number), in: cluster) }
        try cluster.run(.seconds(1))
        let first = try #require(heads(node).first)
        #expect(seqs(node) == (1...5).map { first + $0 })
    }

    @Test("A second hub of the same node gets the head at once, and the owner is not asked again")
    func secondHub() throws {
        let cluster = try lobby()
        let node = try follower(in: cluster)
        try cluster.feed(.follow(hub, log), to: node)
        try cluster.run(until: { heads(node).count == 1 })
        node.sent = []
        try cluster.feed(.follow(HubID(1), log), to: node)
        #expect(heads(node).count == 2)
        #expect(!node.sent.contains { if case .follow = $0.message { true } else { false } })
    }

    @Test("The owner sends one copy of an entry to a node, however many hubs follow there")
    func oneCopy() throws {
        let cluster = try lobby()
        let node = try follower(in: cluster)
        let owner = try #require(cluster.leader(of: shard))
        for number in 0..<UInt32(5) { try cluster.feed(.follow(HubID(number), log), to: node) }
        try cluster.run(until: { heads(node).count == 5 })
        owner.sent = []
        try say("once", 101, in: cluster)
        try cluster.run(.milliseconds(500))
        let copies = owner.sent.filter { sent in
            if case .published = sent.message { sent.to == node.id } else { false }
        }
        #expect(copies.count == 1)
        #expect(seqs(node).count == 5, "each hub got it")
    }

    @Test("A published entry that gets lost is found by its gap: the head is asked for")
    func gap() throws {
        let cluster = try lobby()
        let node = try follower(in: cluster)
        try cluster.feed(.follow(hub, log), to: node)
        try cluster.run(until: { heads(node).count == 1 })
        let first = try #require(heads(node).first)
        cluster.filter = { _, to, message in
            if to == node.id, case .published = message { false } else { true }
        }
        try say("lost", 101, in: cluster)
        try cluster.run(.milliseconds(200))
        cluster.filter = { _, _, _ in true }
        #expect(heads(node).count == 1)
        try say("seen", 102, in: cluster)
        try cluster.run(.milliseconds(500))
        #expect(heads(node).last == first + 2)
        #expect(seqs(node).isEmpty, "nothing is delivered out of order")
    }

    @Test("An owner whose own link to the follower broke tells the heads when it is open again")
    func oneSidedLink() throws {
        let cluster = try lobby()
        let owner = try #require(cluster.leader(of: shard))
        let node = try follower(in: cluster)
        try cluster.feed(.follow(hub, log), to: node)
        try cluster.run(until: { heads(node).count == 1 })
        let first = try #require(heads(node).first)
        // The follower notices nothing: its own link is another.
        try cluster.feed(.linkDown(node.id, isRefused: false), to: owner)
        cluster.filter = { _, to, message in
            if to == node.id, case .published = message { false } else { true }
        }
        try say("into the gap", 101, in: cluster)
        cluster.filter = { _, _, _ in true }
        try cluster.feed(.linkUp(node.id), to: owner)
        try cluster.exchange()
        #expect(heads(node).last == first + 1)
        try say("after", 102, in: cluster)
        try cluster.run(.milliseconds(200))
        #expect(seqs(node) == [first + 2])
    }

    @Test("A follow that the owner remembers and nobody wants any more is ended by the first entry")
    func staleFollow() throws {
        let cluster = try lobby()
        let owner = try #require(cluster.leader(of: shard))
        let node = try follower(in: cluster)
        try cluster.feed(.follow(hub, log), to: node)
        try cluster.run(until: { heads(node).count == 1 })
        cluster.filter = { _, _, message in
            if case .unfollow = message { false } else { true }
        }
        try cluster.feed(.unfollow(hub, log), to: node)
        try cluster.exchange()
        cluster.filter = { _, _, _ in true }
        #expect(try owner.replica().interest.followers(of: log).contains(node.id))
        try say("anybody there?", 101, in: cluster)
        try cluster.run(.milliseconds(200))
        #expect(try !owner.replica().interest.followers(of: log).contains(node.id))
        #expect(seqs(node).isEmpty)
    }

    @Test("After a change of the owner the logs are followed at the new one, and nothing is missed")
    func newOwner() throws {
        let cluster = try lobby()
        let old = try #require(cluster.leader(of: shard))
        let node = try follower(in: cluster)
        try cluster.feed(.follow(hub, log), to: node)
        try cluster.run(until: { heads(node).count == 1 })
        let first = try #require(heads(node).first)
        try cluster.crash(old)
        try cluster.run(until: { cluster.leader(of: shard) != nil })
        try cluster.run(.milliseconds(500))
        try say("from the new owner", 101, in: cluster)
        try cluster.run(.milliseconds(500))
        #expect(seqs(node) == [first + 1] || heads(node).last == first + 1)
    }

    @Test("Marks that get lost are found by their version")
    func marksGap() throws {
        let cluster = try lobby()
        let owner = try #require(cluster.leader(of: shard))
        let node = try follower(in: cluster)
        try cluster.feed(.follow(hub, log), to: node)
        try cluster.run(until: { heads(node).count == 1 })
        node.sent = []
        let version = try #require(node.node?.following[log]?.head?.marksVersion)
        let mark = ReadMark(account: account(1), n: Ordinal(1))
        try cluster.feed(
            .messages(
                [
                    .marks(
                        shard: shard, term: .zero, chat: Self.room.chat, version: version + 3,
                        marks: [mark])
                ], from: owner.id), to: node)
        #expect(node.sent.contains { if case .follow = $0.message { true } else { false } })
        #expect(node.node?.following[log]?.head?.marksVersion == version)
        try cluster.feed(
            .messages(
                [
                    .marks(
                        shard: shard, term: .zero, chat: Self.room.chat, version: version + 1,
                        marks: [mark])
                ], from: owner.id), to: node)
        #expect(node.node?.following[log]?.head?.marksVersion == version + 1)
    }

    @Test("Nodes that know no better do not send a follower in circles")
    func circles() throws {
        let cluster = try lobby()
        let leader = try #require(cluster.leader(of: shard))
        let node = try follower(in: cluster)
        let third = try #require(cluster.nodes.first { $0 !== leader && $0 !== node })
        try cluster.feed(.follow(hub, log), to: node)
        try cluster.exchange()
        node.sent = []
        for _ in 0..<50 {
            try cluster.feed(
                .messages([.notOwner(shard: shard, hint: third.id)], from: leader.id), to: node)
            try cluster.feed(
                .messages([.notOwner(shard: shard, hint: leader.id)], from: third.id), to: node)
        }
        let asked = node.sent.count { if case .follow = $0.message { true } else { false } }
        #expect(asked <= 3)
    }

    @Test("An owner remembers only so many follows, and only of logs of its shard")
    func limits() throws {
        let cluster = TestCluster(shardCount: 2)
        cluster.settings.interestMax = 10
        cluster.settings.followsMax = 5
        let node = cluster[1]
        try cluster.start(node)
        try cluster.runUntilLed([ShardID(0), ShardID(1), .registry])
        let logs = (0..<100).map { LogID.chat(ChatID(high: 1, low: $0)) }
        try cluster.feed(
            .messages([.follow(shard: shard, logs: logs)], from: NodeID(9)), to: node)
        let interest = try node.replica().interest
        #expect(interest.count == 10)
        #expect(
            interest.logs(of: NodeID(9)).allSatisfy { ShardKey($0).shard(count: 2) == shard })
        for log in logs { try cluster.feed(.follow(hub, log), to: node) }
        #expect(node.node?.following.count == 5)
    }
}
