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

@Suite("Who types and who is there, between nodes")
struct PresenceTests {
    private static let room = PublicRoom(
        chat: ChatID(high: 5, low: 6), name: "lobby", fullName: "Lobby")
    private let shard = ShardID(0)
    private let room = Self.room.chat
    private let hub = HubID(0)

    /// Three nodes with a public room and two accounts.
    private func three() throws -> TestCluster {
        let cluster = try TestCluster.three(rooms: [Self.room])
        try cluster.run(until: { cluster.nodes.contains { $0.node?.roomsKnown.isEmpty == false } })
        for number in [1, 2] as [UInt64] {
            let phone = try #require(PhoneNumber("+49151123450\(10 + number)"))
            try command(
                .account(
                    AccountCommand(
                        account: account(number), cmid: cmid(number, at: TestCluster.wall),
                        time: TestCluster.wall,
                        body: .openSession(
                            NewSession(
                                proof: .phone(phone), session: session(number), secretHash: [1],
                                device: "")))), 500 + number, in: cluster)
        }
        return cluster
    }

    private func command(
        _ command: ShardCommand, _ number: UInt64, in cluster: TestCluster
    ) throws {
        let leader = try #require(cluster.leader(of: shard))
        let bytes = ShardRequest.command(command).encoded()
        try cluster.feed(
            .messages([.request(id: number, shard: shard, bytes: bytes)], from: NodeID(9)),
            to: leader)
        try cluster.exchange()
    }

    /// The owner, and the other two.
    private func parts(
        _ cluster: TestCluster
    ) throws -> (owner: TestNode, one: TestNode, other: TestNode) {
        let owner = try #require(cluster.leader(of: shard))
        let others = cluster.nodes.filter { $0 !== owner }
        return (owner, others[0], others[1])
    }

    private func typists(_ node: TestNode) -> [AccountID] {
        node.deliveries.compactMap {
            if case .typing(room, _, _, let account) = $0.delivery { account } else { nil }
        }
    }

    private func told(_ node: TestNode) -> [PersonPresence] {
        node.deliveries.flatMap { delivery -> [PersonPresence] in
            if case .presence(let people) = delivery.delivery { people } else { [] }
        }
    }

    private func signal(
        _ signal: HubSignal, at node: TestNode, in cluster: TestCluster
    ) throws {
        try cluster.feed(.signal(hub, signal), to: node)
        try cluster.exchange()
    }

    private func lastSeen(of number: UInt64, in cluster: TestCluster) throws -> WallTime {
        let node = try #require(cluster.leader(of: shard))
        let state = try node.replica().store(over: try #require(node.node?.store))
        return try #require(
            try AccountQueries.account(account(number), in: shard, state)
        ).lastSeen
    }

    // MARK: Typing

    @Test("Somebody types at one node, and every node that follows the chat hears of it once")
    func relayed() throws {
        let cluster = try three()
        let (owner, one, other) = try parts(cluster)
        for node in [owner, other] { try cluster.feed(.follow(hub, .chat(room)), to: node) }
        try cluster.run(.seconds(1))
        let applied = try owner.replica().applied.position.index
        try signal(.typing(account(1), room), at: one, in: cluster)
        #expect(typists(owner) == [account(1)] && typists(other) == [account(1)])
        #expect(typists(one).isEmpty, "it does not follow the chat")
        try cluster.run(.seconds(1))
        #expect(try owner.replica().applied.position.index == applied, "no entry says so")
    }

    @Test("Only who may write is shown as typing")
    func rights() throws {
        let cluster = try three()
        let (owner, one, _) = try parts(cluster)
        let private_ = ChatID(high: 7, low: 7)
        try command(
            .chat(
                ChatCommand(
                    chat: private_, cmid: cmid(7, at: TestCluster.wall), actor: account(1),
                    time: TestCluster.wall,
                    body: .create(kind: .private, name: "tea", fullName: ""))), 600, in: cluster)
        try cluster.feed(.follow(hub, .chat(private_)), to: owner)
        try cluster.run(.seconds(1))
        func count() -> Int {
            owner.deliveries.count { if case .typing = $0.delivery { true } else { false } }
        }
        try signal(.typing(account(2), private_), at: one, in: cluster)
        #expect(count() == 0)
        try signal(.typing(account(1), private_), at: one, in: cluster)
        #expect(count() == 1)
    }

    @Test("Who is thought to own the chat and does not says who does, and is not asked again")
    func notOwner() throws {
        let cluster = try three()
        let (owner, one, other) = try parts(cluster)
        try cluster.feed(
            .messages([.typing(shard: shard, chat: room, account: account(1))], from: one.id),
            to: other)
        #expect(
            other.sent.last?.message == .notOwner(shard: shard, hint: owner.id)
                && other.sent.last?.to == one.id)
    }

    @Test("A node that does not know these messages is sent none")
    func olderNode() throws {
        let cluster = try three()
        let (owner, one, _) = try parts(cluster)
        let record = try #require(owner.node?.members.member(one.id))
        let incarnation = Incarnation(
            generation: record.incarnation.generation, counter: record.incarnation.counter + 1)
        let older = MemberUpdate.alive(
            node: one.id, incarnation: incarnation, endpoint: record.endpoint,
            facts: try MemberFacts(protocolMax: 1))
        #expect(owner.node?.speaksPresence(one.id) == true)
        try cluster.feed(
            .datagram(
                MembershipMessage(
                    from: one.id, fromIncarnation: incarnation, body: .gossip, updates: [older]),
                from: GossipAddress(host: "10.0.0.\(one.number)", port: 7_000)), to: owner)
        #expect(owner.node?.speaksPresence(one.id) == false)
        try owner.replica().interest.add(one.id, to: .chat(room))
        owner.sent = []
        try cluster.feed(.signal(hub, .typing(account(1), room)), to: owner)
        try cluster.feed(
            .messages([.presenceWatch(shard: shard, accounts: [account(1)])], from: one.id),
            to: owner)
        #expect(
            !owner.sent.contains { if case .typed = $0.message { true } else { false } })
    }

    // MARK: Presence

    @Test("Who looks is told at once, and of each change, at whichever node either is")
    func changes() throws {
        let cluster = try three()
        let (_, one, other) = try parts(cluster)
        try cluster.run(.seconds(25))
        try signal(.watch([account(1)]), at: other, in: cluster)
        let never = Presence.offline(lastSeen: WallTime(milliseconds: 0))
        #expect(told(other).map(\.presence) == [never])
        try signal(.presence(account(1), isActive: true), at: one, in: cluster)
        #expect(told(other).map(\.presence) == [never, .online])
        try signal(.presence(account(1), isActive: false), at: one, in: cluster)
        try cluster.run(.seconds(4))
        #expect(
            told(other).map(\.presence)
                == [never, .online, .offline(lastSeen: TestCluster.wall)])
        #expect(try lastSeen(of: 1, in: cluster) == TestCluster.wall, "it is on disk")
    }

    @Test("Nobody is said to be gone before every node had the time to say who is there")
    func newOwner() throws {
        let cluster = try three()
        let (owner, one, other) = try parts(cluster)
        try signal(.presence(account(1), isActive: true), at: one, in: cluster)
        try signal(.watch([account(1)]), at: other, in: cluster)
        try cluster.crash(owner)
        try cluster.run(until: { cluster.leader(of: shard) != nil })
        try cluster.run(.seconds(60))
        #expect(told(other).map(\.presence) == [.online])
    }

    @Test("When the node with the sockets dies, its people are gone within 45 s")
    func deadHolder() throws {
        let cluster = try three()
        let (_, one, other) = try parts(cluster)
        try cluster.run(.seconds(25))
        try signal(.presence(account(1), isActive: true), at: one, in: cluster)
        try signal(.watch([account(1)]), at: other, in: cluster)
        try cluster.crash(one)
        try cluster.run(.seconds(20))
        #expect(told(other).map(\.presence) == [.online])
        try cluster.run(.seconds(26))
        #expect(told(other).map(\.presence).last == .offline(lastSeen: TestCluster.wall))
        #expect(try lastSeen(of: 1, in: cluster) == TestCluster.wall)
    }

    @Test("Who hides is told of by no time, at once when that is set")
    func hidden() throws {
        let cluster = try three()
        let (_, one, other) = try parts(cluster)
        try signal(.presence(account(1), isActive: true), at: one, in: cluster)
        try signal(.watch([account(1)]), at: other, in: cluster)
        let rules: [(UInt64, LastSeenRule)] = [(601, .nobody), (602, .everybody)]
        for (number, rule) in rules {
            try command(
                .account(
                    AccountCommand(
                        account: account(1), cmid: cmid(number, at: TestCluster.wall),
                        time: TestCluster.wall, body: .setLastSeenRule(rule))), number,
                in: cluster)
            try cluster.run(.milliseconds(200))
        }
        #expect(told(other).map(\.presence) == [.online, .recently, .online])
    }

    @Test("A change that gets lost is found out within the time to ask again")
    func lostChange() throws {
        let cluster = try three()
        let (_, one, other) = try parts(cluster)
        try cluster.run(.seconds(25))
        try signal(.watch([account(1)]), at: other, in: cluster)
        cluster.filter = { _, _, message in
            if case .presenceStates = message { false } else { true }
        }
        try signal(.presence(account(1), isActive: true), at: one, in: cluster)
        #expect(told(other).map(\.presence) != [.online])
        cluster.filter = { _, _, _ in true }
        try cluster.run(.seconds(31))
        #expect(told(other).map(\.presence).last == .online)
    }

    @Test("A claim that gets lost is repeated")
    func lostClaim() throws {
        let cluster = try three()
        let (_, one, other) = try parts(cluster)
        try cluster.run(.seconds(25))
        try signal(.watch([account(1)]), at: other, in: cluster)
        cluster.filter = { _, _, message in
            if case .presenceClaims = message { false } else { true }
        }
        try signal(.presence(account(1), isActive: true), at: one, in: cluster)
        cluster.filter = { _, _, _ in true }
        try cluster.run(.seconds(16))
        #expect(told(other).map(\.presence).last == .online)
    }

    @Test("Where no link to the owner is up, one is opened, and what got lost before is said again")
    func withoutLink() throws {
        let cluster = try three()
        let (owner, one, other) = try parts(cluster)
        try cluster.run(.seconds(25))
        for node in [one, other] {
            try cluster.feed(.linkDown(owner.id, isRefused: false), to: node)
        }
        // What opens the links is lost with them.
        cluster.filter = { _, _, message in !message.isOfPresence }
        for node in [one, other] { node.sent = [] }
        try signal(.watch([account(1)]), at: other, in: cluster)
        try signal(.presence(account(1), isActive: true), at: one, in: cluster)
        for node in [one, other] {
            #expect(node.sent.contains { $0.to == owner.id && $0.message.isOfPresence })
            try cluster.feed(.linkUp(owner.id), to: node)
        }
        cluster.filter = { _, _, _ in true }
        try cluster.run(.seconds(3))
        #expect(told(other).map(\.presence).last == .online)
    }
}

extension PeerMessage {
    fileprivate var isOfPresence: Bool {
        switch self {
        case .presenceWatch, .presenceClaims: true
        default: false
        }
    }
}
