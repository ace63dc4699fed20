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

@Suite("Routing: requests")
struct RequestTests {
    private let shard = ShardID(0)

    @Test("A request to a node that does not lead is redirected and answered once")
    func redirected() throws {
        let cluster = try TestCluster.three()
        let leader = try #require(cluster.leader(of: shard))
        let other = try #require(cluster.nodes.first { $0 !== leader })
        // It believes in the third one, who sends it on.
        let third = try #require(cluster.nodes.first { $0 !== leader && $0 !== other })
        other.node?.leaders[shard] = third.id
        try cluster.request(.requestPhone(1), id: 1, at: other.number)
        try cluster.run(.seconds(12))
        #expect(other.responses.count { $0.id == 1 } == 1)
        guard case .codeRequested? = other.response(1) else {
            Issue.record("\(String(describing: other.response(1)))")
            return
        }
    }

    @Test(
        "Without a quorum a command fails with `unknown` after 10 s, a query with `unavailable`"
    )
    func noQuorum() throws {
        let cluster = try TestCluster.three()
        let leader = try #require(cluster.leader(of: shard))
        for other in cluster.nodes where other !== leader { try cluster.crash(other) }
        try cluster.feed(.client(.host(1), .requestPhone(1)), to: leader)
        try cluster.feed(
            .client(.host(2), .me(AccountID(high: 1, low: 1))), to: leader)
        try cluster.run(.milliseconds(9_900))
        #expect(leader.response(1) == nil)
        try cluster.run(.milliseconds(300))
        #expect(leader.response(1) == .failed(Failure(.unknown)))
        #expect(leader.response(2) == .failed(Failure(.unavailable)))
    }

    @Test("A request does not wait at a node to which there is no link")
    func noLink() throws {
        let cluster = try TestCluster.three()
        let leader = try #require(cluster.leader(of: shard))
        let other = try #require(cluster.nodes.first { $0 !== leader })
        try cluster.crash(leader)
        // Somebody who has not heard of its end named it a moment later.
        other.node?.leaders[shard] = leader.id
        let started = cluster.now
        try cluster.feed(.client(.host(1), .requestPhone(1)), to: other)
        try cluster.run(until: { other.response(1) != nil })
        #expect(cluster.now - started < cluster.settings.requestResendInterval)
    }

    @Test("What a leader has not answered is asked again as soon as another leads")
    func leaderFroze() throws {
        let cluster = try TestCluster.three()
        let leader = try #require(cluster.leader(of: shard))
        let others = cluster.nodes.filter { $0 !== leader }
        // It is frozen: its links are up, and nothing comes over them.
        for other in others { cluster.cuts += [(leader.id, other.id), (other.id, leader.id)] }
        for other in others {
            try cluster.feed(.client(.host(1), .requestPhone(1)), to: other)
        }
        try cluster.run(until: {
            others.contains {
                $0.node?.replica(of: shard)?.raft.isReadyToServe == true
            }
        })
        let elected = cluster.now
        try cluster.run(until: { others.allSatisfy { $0.response(1) != nil } })
        #expect(cluster.now - elected <= .milliseconds(200))
    }

    @Test("A command whose answer got lost is sent again and has its effect once")
    func lostAnswer() throws {
        let cluster = try TestCluster.three()
        let leader = try #require(cluster.leader(of: shard))
        let other = try #require(cluster.nodes.first { $0 !== leader })
        var lost = 0
        cluster.filter = { from, to, message in
            guard from == leader.id, to == other.id, case .response = message, lost < 1 else {
                return true
            }
            lost += 1
            return false
        }
        try cluster.request(.requestPhone(1), id: 1, at: other.number)
        #expect(lost == 1)
        guard case .codeRequested? = other.response(1) else {
            Issue.record("\(String(describing: other.response(1)))")
            return
        }
    }

    @Test("An answer to a request of the run before is nobody's")
    func lateAnswer() throws {
        let cluster = try TestCluster.three()
        let leader = try #require(cluster.leader(of: shard))
        let other = try #require(cluster.nodes.first { $0 !== leader })
        var seen: [UInt64] = []
        cluster.filter = { _, _, message in
            if case .request(let id, _, _) = message { seen.append(id) }
            return true
        }
        try cluster.request(.requestPhone(1), id: 1, at: other.number)
        let before = try #require(seen.max())
        try cluster.crash(other)
        try cluster.start(other)
        seen = []
        try cluster.run(.seconds(1))
        try cluster.request(.requestPhone(2), id: 2, at: other.number)
        #expect(try #require(seen.min()) > before)
    }

    @Test("Bytes that are no request, and commands of another shard, are answered with badRequest")
    func malformed() throws {
        let cluster = TestCluster(shardCount: 2)
        try cluster.start(cluster[1])
        try cluster.runUntilLed([ShardID(0), ShardID(1), .registry])
        let peer = NodeID(2)
        let chat = ChatID(high: 1, low: 1)
        let elsewhere = ShardID(1 - ShardKey(chat).shard(count: 2).rawValue)
        let command = ShardCommand.chat(
            ChatCommand(
                chat: chat, cmid: cmid(1), actor: nil, time: TestCluster.wall,
                body: .send(text: "hello")))
        let own = ShardRequest.command(.outboxDone([1])).encoded()
        for (place, (shard, bytes)) in [
            (ShardID(0), []), (ShardID(0), [0xFF, 0x01, 0x02]), (ShardID.registry, [1, 2, 3]),
            (elsewhere, ShardRequest.command(command).encoded()), (ShardID(0), own),
        ].enumerated() {
            cluster[1].sent = []
            try cluster.feed(
                .messages([.request(id: UInt64(place), shard: shard, bytes: bytes)], from: peer),
                to: cluster[1])
            let answer = cluster[1].sent.compactMap { _, message in
                if case .response(_, let bytes) = message { bytes } else { nil }
            }
            #expect(answer == [ShardMachine.failure(.badRequest)], "request \(place)")
        }
    }

    @Test("A request for a shard that does not exist here is answered with notLeader")
    func unknownShard() throws {
        let cluster = TestCluster()
        try cluster.start(cluster[1])
        try cluster.runUntilLed()
        cluster[1].sent = []
        try cluster.feed(
            .messages([.request(id: 4, shard: ShardID(77), bytes: [1])], from: NodeID(2)),
            to: cluster[1])
        #expect(
            cluster[1].sent.map(\.message).contains(.notLeader(id: 4, hint: nil)))
    }

    @Test("More requests than the limit are refused at once, and nothing is kept of them")
    func limit() throws {
        let cluster = TestCluster()
        cluster.settings.requestsMax = 4
        let node = cluster[1]
        try cluster.start(node)
        try cluster.runUntilLed()
        node.isDiskRunning = false
        for id in 1...10 {
            try cluster.feed(.client(.host(UInt64(id)), .requestPhone(UInt64(id))), to: node)
        }
        #expect(node.responses.count == 6)
        #expect(node.node?.procedures.count == 4)
        try cluster.flush(node)
        #expect(node.responses.count == 10)
        #expect(node.node?.procedures.isEmpty == true)
    }

    @Test("More proposals and queries of a shard than the limit are refused with `overloaded`")
    func shardLimits() throws {
        let cluster = TestCluster()
        cluster.settings.proposalsMax = 1
        cluster.settings.queriesMax = 1
        let node = cluster[1]
        try cluster.start(node)
        try cluster.runUntilLed()
        node.isDiskRunning = false
        for id in 1...2 {
            try cluster.feed(.client(.host(UInt64(id)), .requestPhone(UInt64(id))), to: node)
        }
        #expect(node.response(1) == nil)
        #expect(node.response(2) == .failed(Failure(.overloaded)))
        try cluster.flush(node)
        #expect(node.response(1) != nil)
    }

    @Test(
        "A leader that is cut off answers no query: each needs a quorum behind it (thesis 6.4)"
    )
    func readIndex() throws {
        let cluster = try TestCluster.three()
        let old = try #require(cluster.leader(of: shard))
        for other in cluster.nodes where other !== old {
            cluster.cuts += [(old.id, other.id), (other.id, old.id)]
        }
        try cluster.feed(.client(.host(1), .me(AccountID(high: 1, low: 1))), to: old)
        try cluster.run(.milliseconds(500))
        #expect(old.response(1) == nil)
        cluster.cuts = []
        try cluster.run(until: { old.response(1) != nil })
    }

    @Test("What peers say in the name of others is ignored and counted")
    func forged() throws {
        let cluster = try TestCluster.three()
        let node = cluster[1]
        let liar = NodeID(2)
        let other = try cluster[3].replica().id
        let own = try node.replica().id
        let before = node.ignoredCount
        let term = try node.replica().raft.term
        let messages: [PeerMessage] = [
            .raft([
                RaftMessage(
                    from: other, to: own, shard: shard, term: Term(1 << 40),
                    body: .vote(lastIndex: LogIndex(99), lastTerm: Term(99), isTransfer: true))
            ]),
            .snapshotAck(
                SnapshotAck(
                    shard: shard, from: other, to: own, id: 1, nextOffset: 0, status: .installed)),
            .isMember(shard: shard, replica: other),
            .registryState([1, 2, 3]),
        ]
        try cluster.feed(.messages(messages, from: liar), to: node)
        #expect(node.ignoredCount == before + messages.count)
        #expect(try node.replica().raft.term == term)
    }

    @Test("Numbers at the end of their range in any peer message trap nowhere")
    func extremes() throws {
        let cluster = try TestCluster.three()
        let node = cluster[1]
        let peer = cluster[2]
        let chat = LogID.chat(ChatID(high: 1, low: 1))
        let own = try node.replica().id
        let from = try peer.replica().id
        try cluster.feed(.follow(HubID(0), chat), to: node)
        let bodies: [RaftMessage.Body] = [
            .preVote(lastIndex: LogIndex(.max), lastTerm: Term(.max)),
            .vote(lastIndex: LogIndex(.max), lastTerm: Term(.max), isTransfer: false),
            .append(
                previousIndex: LogIndex(.max), previousTerm: .zero, entries: [],
                commit: LogIndex(.max)),
            .appendReply(match: LogIndex(.max), isRecovering: false),
            .appendRejected(
                previousIndex: LogIndex(.max), hintIndex: LogIndex(.max - 1), hintTerm: .zero,
                isRecovering: false),
            .heartbeat(commit: LogIndex(.max), readContext: .max),
            .heartbeatReply(readContext: .max, applied: LogIndex(.max), isRecovering: true),
        ]
        var messages: [PeerMessage] = bodies.flatMap { body in
            [Term.zero, try? node.replica().raft.term, Term(.max)].compactMap { $0 }.map {
                .raft([RaftMessage(from: from, to: own, shard: shard, term: $0, body: body)])
            }
        }
        func head(_ seq: UInt64, marks: UInt64) -> PeerMessage {
            .heads(
                shard: shard, term: Term(.max),
                heads: [
                    LogHead(
                        log: chat, epoch: .max, seq: SequenceNumber(seq), n: Ordinal(.max),
                        marksVersion: marks)
                ])
        }
        messages += [
            head(.max - 1, marks: .max - 1),
            .marks(
                shard: shard, term: .zero, chat: ChatID(high: 1, low: 1), version: .max,
                marks: [
                    ReadMark(account: account(1), n: Ordinal(.max)),
                    ReadMark(account: account(2), n: Ordinal(.max)),
                ]),
            .published(
                shard: shard, term: .zero,
                entries: [
                    PublishedEntry(
                        log: chat, epoch: .max, seq: SequenceNumber(.max), n: Ordinal(.max),
                        bytes: [])
                ]),
            head(.max, marks: .max),
            .follow(shard: .registry, logs: [chat]), .follow(shard: ShardID(.max), logs: [chat]),
            .unfollow(shard: shard, logs: [chat]), .notOwner(shard: shard, hint: node.id),
            .notLeader(id: .max, hint: node.id), .response(id: .max, bytes: []),
            .registryFetch(have: RegistryEpoch(.max)), .streamPong(sequence: .max),
            .snapshotAck(
                SnapshotAck(
                    shard: shard, from: from, to: own, id: .max, nextOffset: .max,
                    status: .receiving)),
            .isNoMember(shard: shard, replica: own), .goodbye(reason: ""),
        ]
        for message in messages {
            try cluster.feed(.messages([message], from: peer.id), to: node)
        }
        #expect(node.exits.isEmpty)
    }
}
