import Determinism
import Identity
import Membership
import Raft
import Wire

/// Random values of everything that nodes say, from a seed.
struct RandomMessages {
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func upTo(_ bound: Int) -> Int { Int(generator.next(upperBound: UInt64(bound + 1))) }

    mutating func bytes(max: Int) -> [UInt8] {
        let count = upTo(max)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }

    /// Numbers of all sizes, so that every length of a varint occurs.
    mutating func number() -> UInt64 { generator.next() >> UInt64(upTo(63)) }

    mutating func number32() -> UInt32 { UInt32(truncatingIfNeeded: generator.next() >> 32) >> 3 }

    mutating func text(max: Int) -> String {
        let letters = Array("abc-ä🙂")
        var text = ""
        for _ in 0..<upTo(max / 4) { text.append(letters[upTo(letters.count - 1)]) }
        return text
    }

    mutating func node() -> NodeID { NodeID(number()) }
    mutating func shard() -> ShardID { ShardID(number32()) }
    mutating func term() -> Term { Term(number()) }
    mutating func index() -> LogIndex { LogIndex(number()) }
    mutating func replica() -> ReplicaID { ReplicaID(node: node(), incarnation: number32()) }
    mutating func flag() -> Bool { generator.chance(1, in: 2) }

    mutating func log() -> LogID {
        flag() ? .chat(ChatID(using: &generator)) : .inbox(AccountID(using: &generator))
    }

    mutating func list<Element>(
        max: Int, _ make: (inout RandomMessages) -> Element
    ) -> [Element] {
        var list: [Element] = []
        for _ in 0..<upTo(max) { list.append(make(&self)) }
        return list
    }

    // MARK: - Raft

    mutating func raft() -> RaftMessage {
        RaftMessage(from: replica(), to: replica(), shard: shard(), term: term(), body: raftBody())
    }

    private mutating func raftBody() -> RaftMessage.Body {
        switch upTo(9) {
        case 0: .preVote(lastIndex: index(), lastTerm: term())
        case 1: .preVoteReply(granted: flag())
        case 2: .vote(lastIndex: index(), lastTerm: term(), isTransfer: flag())
        case 3: .voteReply(granted: flag())
        case 4:
            .append(
                previousIndex: index(), previousTerm: term(), entries: list(max: 5) { $0.entry() },
                commit: index())
        case 5: .appendReply(match: index(), isRecovering: flag())
        case 6:
            .appendRejected(
                previousIndex: index(), hintIndex: index(), hintTerm: term(), isRecovering: flag())
        case 7: .heartbeat(commit: index(), readContext: number())
        case 8: .heartbeatReply(readContext: number(), applied: index(), isRecovering: flag())
        default: .timeoutNow
        }
    }

    private mutating func entry() -> LogEntry {
        let kinds = LogEntry.Kind.allCases
        return LogEntry(
            index: index(), term: term(), kind: kinds[upTo(kinds.count - 1)],
            payload: bytes(max: 100))
    }

    // MARK: - Membership

    mutating func incarnation() -> Incarnation { Incarnation(rawValue: number()) }

    mutating func endpoint() throws -> MemberEndpoint {
        try MemberEndpoint(
            host: text(max: 40), gossipPort: UInt16(upTo(65_535)), peerPort: UInt16(upTo(65_535)),
            clientURL: text(max: 100))
    }

    mutating func facts() throws -> MemberFacts {
        try MemberFacts(
            zone: text(max: 30), protocolMin: UInt16(upTo(65_535)),
            protocolMax: UInt16(upTo(65_535)), weight: UInt16(upTo(65_535)),
            load: UInt16(upTo(65_535)), registryEpoch: RegistryEpoch(number()),
            version: text(max: 20))
    }

    mutating func record() throws -> MemberRecord {
        let statuses = MemberStatus.allCases
        return MemberRecord(
            node: node(), incarnation: incarnation(), status: statuses[upTo(statuses.count - 1)],
            endpoint: try endpoint(), facts: try facts())
    }

    mutating func sync() throws -> MembershipSync {
        var members: [MemberRecord] = []
        for _ in 0..<upTo(5) { members.append(try record()) }
        return MembershipSync(members: members, isReply: flag(), isJoin: flag())
    }

    private mutating func update() throws -> MemberUpdate {
        switch upTo(2) {
        case 0:
            .alive(
                node: node(), incarnation: incarnation(), endpoint: try endpoint(),
                facts: try facts())
        case 1: .suspect(node: node(), incarnation: incarnation(), from: node())
        default: .dead(node: node(), incarnation: incarnation(), from: node())
        }
    }

    mutating func membership() throws -> MembershipMessage {
        let body: MembershipMessage.Body
        switch upTo(5) {
        case 0: body = .ping(sequence: number32(), target: flag() ? node() : nil)
        case 1:
            body = .pingRequest(
                sequence: number32(), target: node(),
                address: GossipAddress(host: text(max: 40), port: UInt16(upTo(65_535))))
        case 2: body = .ack(sequence: number32())
        case 3: body = .nack(sequence: number32())
        case 4: body = .gossip
        default:
            var entries: [MemberDigest.Entry] = []
            for place in 0..<upTo(20) {
                entries.append(
                    MemberDigest.Entry(
                        node: NodeID(UInt64(place * 3 + 1)), incarnation: incarnation(),
                        status: .suspect))
            }
            body = .digest(MemberDigest(sorted: entries))
        }
        var updates: [MemberUpdate] = []
        for _ in 0..<upTo(3) { updates.append(try update()) }
        return MembershipMessage(
            from: node(), fromIncarnation: incarnation(), wantsRecord: flag(), body: body,
            updates: updates)
    }

    // MARK: - Links

    /// How many kinds of peer messages there are.
    static let kindCount = 23

    /// A message of the given kind, so that a test can go through all of them.
    mutating func peer(kind: Int) throws -> PeerMessage {
        switch kind {
        case 0: return .raft(list(max: 6) { $0.raft() })
        case 1: return .request(id: number(), shard: shard(), bytes: bytes(max: 300))
        case 2: return .response(id: number(), bytes: bytes(max: 300))
        case 3: return .notLeader(id: number(), hint: flag() ? node() : nil)
        case 4: return .follow(shard: shard(), logs: list(max: 8) { $0.log() })
        case 5: return .unfollow(shard: shard(), logs: list(max: 8) { $0.log() })
        case 6: return .heads(shard: shard(), term: term(), heads: list(max: 8) { $0.head() })
        case 7: return .notOwner(shard: shard(), hint: flag() ? node() : nil)
        case 8:
            return .published(
                shard: shard(), term: term(), entries: list(max: 8) { $0.published() })
        case 9:
            return .marks(
                shard: shard(), term: term(), chat: ChatID(using: &generator), version: number(),
                marks: list(max: 8) { $0.mark() })
        case 10: return .registryFetch(have: RegistryEpoch(number()))
        case 11: return .registryState(bytes(max: 500))
        case 12: return .snapshotChunk(chunk())
        case 13: return .snapshotAck(ack())
        case 14: return .membershipSync(try sync())
        case 15: return .streamPing(sequence: number32())
        case 16: return .streamPong(sequence: number32())
        case 17: return .goodbye(reason: text(max: 100))
        default: return presence(kind: kind)
        }
    }

    private mutating func presence(kind: Int) -> PeerMessage {
        let chat = ChatID(using: &generator)
        switch kind {
        case 18: return .typing(shard: shard(), chat: chat, account: account())
        case 19:
            return .typed(
                shard: shard(), chat: chat, account: account(), epoch: number(),
                seq: SequenceNumber(number()))
        case 20:
            return .presenceClaims(
                shard: shard(),
                claims: list(max: 8) {
                    PresenceClaim(account: $0.account(), left: $0.flag() ? $0.time() : nil)
                })
        case 21: return .presenceWatch(shard: shard(), accounts: list(max: 8) { $0.account() })
        default:
            return .presenceStates(
                shard: shard(),
                states: list(max: 8) {
                    PersonPresence(account: $0.account(), presence: $0.presenceOfSomebody())
                })
        }
    }

    private mutating func account() -> AccountID { AccountID(using: &generator) }

    private mutating func time() -> WallTime { WallTime(milliseconds: number()) }

    private mutating func presenceOfSomebody() -> Presence {
        let all: [Presence] = [
            .online, .offline(lastSeen: time()), .recently, .withinWeek, .withinMonth, .longAgo,
        ]
        return all[upTo(all.count - 1)]
    }

    mutating func peer() throws -> PeerMessage { try peer(kind: upTo(Self.kindCount - 1)) }

    private mutating func head() -> LogHead {
        LogHead(
            log: log(), epoch: number(), seq: SequenceNumber(number()), n: Ordinal(number()),
            marksVersion: number())
    }

    private mutating func published() -> PublishedEntry {
        PublishedEntry(
            log: log(), epoch: number(), seq: SequenceNumber(number()), n: Ordinal(number()),
            bytes: bytes(max: 80))
    }

    private mutating func mark() -> ReadMark {
        ReadMark(account: AccountID(using: &generator), n: Ordinal(number()))
    }

    private mutating func chunk() -> SnapshotChunk {
        SnapshotChunk(
            shard: shard(), from: replica(), to: replica(), term: term(), id: number(),
            metadata: bytes(max: 40), offset: number() >> 1, bytes: bytes(max: 400), isLast: flag())
    }

    private mutating func ack() -> SnapshotAck {
        let statuses = SnapshotAck.Status.allCases
        return SnapshotAck(
            shard: shard(), from: replica(), to: replica(), id: number(), nextOffset: number(),
            status: statuses[upTo(statuses.count - 1)])
    }

    // MARK: - Handshakes

    mutating func handshake() -> PeerHandshake {
        PeerHandshake(
            cluster: ClusterID(using: &generator), node: node(), target: node(),
            generation: number32(), protocolMin: UInt16(upTo(9)), protocolMax: UInt16(upTo(9)),
            wallClock: WallTime(milliseconds: number()))
    }

    mutating func joinRequest() throws -> JoinRequest {
        JoinRequest(
            secret: (0..<32).map { _ in UInt8(truncatingIfNeeded: generator.next()) },
            publicKey: bytes(max: 100), endpoint: try endpoint(), facts: try facts(),
            wallClock: WallTime(milliseconds: number()), cluster: ClusterID(using: &generator))
    }

    mutating func joinReply() -> JoinReply {
        JoinReply(
            cluster: ClusterID(using: &generator), node: node(), certificate: text(max: 200),
            authority: text(max: 200), authorityKey: text(max: 200),
            keys: list(max: 3) { random in
                JoinReply.GossipKey(
                    id: UInt8(random.upTo(255)),
                    bytes: (0..<32).map { _ in UInt8(random.upTo(255)) })
            },
            registry: bytes(max: 500),
            seeds: list(max: 4) { random in
                SeedAddress(
                    host: random.text(max: 100), gossipPort: UInt16(random.upTo(65_535)),
                    peerPort: UInt16(random.upTo(65_535)))
            })
    }

    /// `bytes` with a few bits, bytes or lengths changed.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...upTo(3) {
            switch upTo(3) {
            case 0 where !bytes.isEmpty:
                bytes[upTo(bytes.count - 1)] ^= 1 << UInt8(upTo(7))
            case 1 where !bytes.isEmpty:
                bytes[upTo(bytes.count - 1)] = [0, 0x7F, 0x80, 0xFF][upTo(3)]
            case 2 where !bytes.isEmpty:
                bytes.removeLast(upTo(bytes.count))
            default:
                bytes.insert(contentsOf: self.bytes(max: 8), at: upTo(bytes.count))
            }
        }
        return bytes
    }
}
