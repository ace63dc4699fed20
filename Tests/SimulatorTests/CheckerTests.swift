import Determinism
import Identity
import Raft
import Testing
import Wire

@testable import Node
@testable import Simulator

private let shard = ShardID(3)
private let one = ReplicaID(node: NodeID(1))
private let two = ReplicaID(node: NodeID(2))
private let chat = ChatID(high: 1, low: 1)
private let ann = AccountID(high: 2, low: 1)
private let ben = AccountID(high: 2, low: 2)
private let hello = MessageID(high: 3, low: 1)

private func seq(_ number: UInt64) -> SequenceNumber { SequenceNumber(number) }

private func command(_ index: UInt64, term: UInt64, _ byte: UInt8) -> LogEntry {
    LogEntry(index: LogIndex(index), term: Term(term), kind: .command, payload: [byte])
}

private func text(_ number: UInt64, n: UInt64, _ text: String) -> ClientEntry {
    ClientEntry(
        seq: seq(number), n: Ordinal(n), time: WallTime(milliseconds: number), from: ann,
        content: .text(text))
}

@Suite("Checkers: what replicas do")
struct ReplicaCheckerTests {
    @Test("Agreement holds for equal entries and fails when two replicas apply different ones")
    func agreement() {
        var checker = Agreement()
        checker.applied([command(1, term: 1, 7)], checksum: 5, by: one, of: shard)
        checker.applied([command(1, term: 1, 7)], checksum: 5, by: two, of: shard)
        #expect(checker.violations.isEmpty)
        #expect(checker.comparedCount == 1)
        checker.applied([command(1, term: 1, 8)], checksum: 5, by: two, of: shard)
        #expect(checker.violations.count == 1)
    }

    @Test("Agreement fails when the chained checksums of an index differ")
    func checksums() {
        var checker = Agreement()
        checker.applied([command(1, term: 1, 7)], checksum: 5, by: one, of: shard)
        checker.applied([command(1, term: 1, 7)], checksum: 6, by: two, of: shard)
        #expect(checker.violations.count == 1)
    }

    @Test("State agreement fails when states after one index differ")
    func states() {
        var checker = StateAgreement()
        checker.reached(LogIndex(4), stateHash: 1, by: one, of: shard)
        checker.reached(LogIndex(4), stateHash: 1, by: two, of: shard)
        checker.reached(LogIndex(5), stateHash: 2, by: two, of: shard)
        #expect(checker.violations.isEmpty)
        checker.reached(LogIndex(5), stateHash: 3, by: one, of: shard)
        #expect(checker.violations.count == 1)
    }

    @Test("Election safety fails when two replicas lead in one term (Raft 5.2)")
    func elections() {
        var checker = ElectionSafety()
        checker.led(shard, in: Term(1), by: one)
        checker.led(shard, in: Term(1), by: one)
        checker.led(shard, in: Term(2), by: two)
        #expect(checker.violations.isEmpty)
        #expect(checker.electionCount == 2)
        checker.led(shard, in: Term(2), by: one)
        #expect(checker.violations.count == 1)
    }

    @Test("Log matching fails when logs differ before an entry that both have (Raft 5.3)")
    func logMatching() {
        var checker = LogMatching()
        checker.appended([place(1, term: 1, 5), place(2, term: 1, 6)], by: one, to: shard)
        checker.appended([place(1, term: 1, 5), place(2, term: 1, 6)], by: two, to: shard)
        // Another term is another entry.
        checker.appended([place(2, term: 2, 7)], by: two, to: shard)
        #expect(checker.violations.isEmpty)
        #expect(checker.comparedCount == 2)
        checker.appended([place(2, term: 1, 8)], by: two, to: shard)
        #expect(checker.violations.count == 1)
    }

    @Test("Leader completeness fails for a later leader that lacks what was committed (Raft 5.4)")
    func laterLeader() {
        var checker = LeaderCompleteness()
        checker.applied(
            through: LogIndex(2), checksum: 6, of: shard,
            log: outline(term: 1, applied: place(2, term: 1, 6)))
        let start = place(1, term: 1, 5)
        let whole = outline(term: 2, applied: start, [(1, 6), (2, 7)])
        checker.led(shard, in: Term(2), by: one, log: whole)
        // A leader of the same term may have been elected before.
        checker.led(shard, in: Term(1), by: two, log: outline(term: 1, applied: start))
        #expect(checker.violations.isEmpty)
        #expect(checker.comparedCount == 1)
        checker.led(shard, in: Term(3), by: two, log: outline(term: 3, applied: start))
        #expect(checker.violations.count == 1)
        checker.led(shard, in: Term(4), by: two, log: outline(term: 4, applied: start, [(1, 9)]))
        #expect(checker.violations.count == 2)
    }

    @Test("Leader completeness fails when what an earlier term committed is known only afterwards")
    func earlierCommit() {
        var checker = LeaderCompleteness()
        let start = place(1, term: 1, 5)
        checker.led(shard, in: Term(3), by: one, log: outline(term: 3, applied: start, [(1, 6)]))
        checker.applied(
            through: LogIndex(2), checksum: 6, of: shard,
            log: outline(term: 2, applied: place(2, term: 1, 6)))
        #expect(checker.violations.isEmpty)
        checker.applied(
            through: LogIndex(3), checksum: 7, of: shard,
            log: outline(term: 2, applied: place(3, term: 2, 7)))
        #expect(checker.violations.count == 1)
        // What the leader itself has committed says nothing about it.
        checker.applied(
            through: LogIndex(4), checksum: 8, of: shard,
            log: outline(term: 3, applied: place(4, term: 3, 8)))
        #expect(checker.violations.count == 1)
    }

    private func place(_ index: UInt64, term: UInt64, _ checksum: UInt32) -> LogPlace {
        LogPlace(index: LogIndex(index), term: Term(term), checksum: checksum)
    }

    private func outline(
        term: UInt64, applied: LogPlace, _ tail: [(term: UInt64, checksum: UInt32)] = []
    ) -> LogOutline {
        LogOutline(
            term: Term(term), applied: applied,
            tail: tail.map { ShardReplica.TailEntry(term: Term($0.term), checksum: $0.checksum) })
    }

    @Test("Resource bounds fail above a limit, not at it")
    func resourceBounds() {
        var checker = ResourceBounds()
        checker.has(Occupancy("requests", 4, of: 4), "node 0")
        #expect(checker.violations.isEmpty)
        checker.has(Occupancy("requests", 5, of: 4), "node 0")
        #expect(checker.violations.count == 1)
    }

    @Test("Dense order fails for a gap, a wrong ordinal and another entry at the same number")
    func denseOrder() {
        let log = LogID.chat(chat)
        var gap = DenseOrder()
        gap.holds([text(1, n: 1, "a"), text(2, n: 2, "b")], of: log, on: "node 0")
        #expect(gap.violations.isEmpty)
        gap.holds([text(1, n: 1, "a"), text(3, n: 2, "b")], of: log, on: "node 1")
        #expect(gap.violations.count == 1)
        var ordinal = DenseOrder()
        ordinal.holds([text(1, n: 1, "a"), text(2, n: 3, "b")], of: log, on: "node 0")
        #expect(ordinal.violations.count == 1)
        var other = DenseOrder()
        other.saw(text(1, n: 1, "a"), in: log, by: "client 0")
        other.saw(text(1, n: 1, "b"), in: log, by: "client 1")
        // Other words come with an edit, and those of one edit are the same for everybody.
        var edited = DenseOrder()
        func message(_ words: String, edition: UInt64) -> ClientEntry {
            let plain = text(1, n: 1, words)
            return ClientEntry(
                seq: plain.seq, n: plain.n, time: plain.time, from: plain.from,
                content: plain.content,
                edition: ClientEntry.Edition(
                    seq: seq(edition), time: WallTime(milliseconds: edition)))
        }
        edited.saw(text(1, n: 1, "a"), in: log, by: "client 0")
        edited.saw(message("b", edition: 2), in: log, by: "client 0")
        edited.saw(message("b", edition: 2), in: log, by: "client 1")
        edited.saw(message("c", edition: 3), in: log, by: "client 1")
        #expect(edited.violations.isEmpty)
        edited.saw(message("c", edition: 2), in: log, by: "client 1")
        #expect(edited.violations.count == 1)
        #expect(other.violations.count == 1)
    }
}

@Suite("Checkers: what clients see")
struct ClientCheckerTests {
    @Test("Durability fails when an acknowledged message is not where it was acknowledged")
    func durability() {
        var checker = Durability()
        checker.acked(hello, in: chat, at: seq(2))
        checker.holds([seq(2): hello], of: chat, on: "node 0")
        #expect(checker.violations.isEmpty)
        checker.holds([seq(3): hello], of: chat, on: "node 1")
        checker.holds([:], of: chat, on: "node 2")
        #expect(checker.violations.count == 2)
        checker.saw(hello, at: seq(2), of: chat, by: "client 0")
        checker.saw(nil, at: seq(3), of: chat, by: "client 0")
        #expect(checker.violations.count == 2)
        checker.saw(nil, at: seq(2), of: chat, by: "client 0")
        #expect(checker.violations.count == 3)
    }

    @Test("Exactly once fails when one message has two numbers")
    func exactlyOnce() {
        var checker = ExactlyOnce()
        checker.saw(hello, in: chat, at: seq(2))
        checker.saw(hello, in: chat, at: seq(2))
        #expect(checker.violations.isEmpty)
        checker.saw(hello, in: chat, at: seq(3))
        #expect(checker.violations.count == 1)
    }

    @Test("Real-time order fails for a later message with a lower number")
    func realTimeOrder() {
        var checker = RealTimeOrder()
        let before = checker.begin(in: chat)
        checker.acked(seq(5), in: chat, begunAt: before)
        // Begun before that acknowledgement: any order is right.
        checker.acked(seq(4), in: chat, begunAt: before)
        #expect(checker.violations.isEmpty)
        checker.acked(seq(3), in: chat, begunAt: checker.begin(in: chat))
        #expect(checker.violations.count == 1)
    }

    @Test("Sender order fails for messages of one client that changed places, others may")
    func senderOrder() {
        let second = MessageID(high: 3, low: 2)
        let foreign = MessageID(high: 3, low: 3)
        var checker = SenderOrder()
        checker.writes(hello, in: chat, by: 0)
        checker.writes(foreign, in: chat, by: 1)
        checker.writes(second, in: chat, by: 0)
        checker.acked(hello, at: seq(4))
        checker.acked(foreign, at: seq(2))
        checker.acked(second, at: seq(5))
        checker.holds([foreign, hello, second], of: chat, on: "node 0")
        #expect(checker.violations.isEmpty)
        checker.holds([second, foreign, hello], of: chat, on: "node 1")
        #expect(checker.violations.count == 1)
        var acks = SenderOrder()
        acks.writes(hello, in: chat, by: 0)
        acks.writes(second, in: chat, by: 0)
        acks.acked(hello, at: seq(5))
        acks.acked(second, at: seq(4))
        #expect(acks.violations.count == 1)
        var clients = SenderOrder()
        clients.writes(hello, in: chat, by: 0)
        clients.ends(0)
        clients.writes(second, in: chat, by: 0)
        clients.holds([second, hello], of: chat, on: "node 0")
        #expect(clients.violations.isEmpty)
    }

    @Test("Linearizable reads fail below what was acknowledged and below an earlier read")
    func linearizableReads() {
        var checker = LinearizableReads()
        let before = checker.begin(in: chat)
        checker.acked(seq(5), in: chat)
        // Begun before that acknowledgement: it may or may not be seen.
        checker.read(head: seq(4), of: chat, begunAt: before)
        checker.read(head: seq(7), of: chat, begunAt: checker.begin(in: chat))
        #expect(checker.violations.isEmpty)
        checker.read(head: seq(6), of: chat, begunAt: checker.begin(in: chat))
        #expect(checker.violations.count == 1)
        var stale = LinearizableReads()
        stale.acked(seq(5), in: chat)
        stale.read(head: seq(4), of: chat, begunAt: stale.begin(in: chat))
        #expect(stale.violations.count == 1)
    }

    @Test("Availability fails for a vain try, for a failure, or when most fails, as was promised")
    func availability() {
        var calm = Availability(promise: .everyTry)
        calm.triedInVain("send")
        calm.failed("send")
        #expect(calm.violations.count == 2)
        var tolerant = Availability(promise: .everything)
        tolerant.triedInVain("send")
        #expect(tolerant.violations.isEmpty)
        tolerant.failed("send")
        #expect(tolerant.violations.count == 1)
        var half = Availability(promise: .half)
        half.triedInVain("send")
        half.failed("send")
        half.judge(succeeded: 25, failed: 25, because: [])
        half.judge(succeeded: 1, failed: 40, because: [])
        #expect(half.violations.isEmpty)
        half.judge(succeeded: 24, failed: 26, because: ["send: 26"])
        #expect(half.violations.count == 1)
    }

    @Test("Definite errors fail when what was refused for good was done all the same")
    func definiteErrors() {
        var checker = DefiniteErrors()
        checker.saw(hello, in: chat)
        #expect(checker.violations.isEmpty)
        let other = MessageID(high: 3, low: 2)
        checker.refused(other, with: "badText")
        #expect(checker.violations.isEmpty)
        checker.saw(other, in: chat)
        #expect(checker.violations.count == 1)
        // Who is no member may be invited again while a copy is under way (seed 455).
        let late = MessageID(high: 3, low: 3)
        checker.refused(late, with: "notMember")
        checker.saw(late, in: chat)
        #expect(checker.violations.count == 1)
        // Who has no right to it may be given it meanwhile.
        let wordless = MessageID(high: 3, low: 4)
        checker.refused(wordless, with: "noRight")
        checker.saw(wordless, in: chat)
        #expect(checker.violations.count == 1)
    }

    @Test("Delivery fails for a gap, a repetition, an unknown log and an end that was not reached")
    func delivery() {
        let log = ClientLog.chat(chat)
        var checker = Delivery()
        checker.follows(log, after: seq(2), by: 0)
        checker.told(seq(3), of: log, to: 0)
        checker.skipped(to: seq(7), of: log, by: 0)
        checker.told(seq(8), of: log, to: 0)
        checker.ended(at: seq(8), of: log, for: 0)
        #expect(checker.violations.isEmpty)
        checker.told(seq(10), of: log, to: 0)
        #expect(checker.violations.count == 1)
        checker.told(seq(10), of: log, to: 0)
        #expect(checker.violations.count == 2)
        checker.told(seq(1), of: .inbox, to: 0)
        #expect(checker.violations.count == 3)
        checker.ended(at: seq(12), of: log, for: 0)
        #expect(checker.violations.count == 4)
    }

    @Test("Authorisation fails for who was never a member, and for what came after a removal")
    func authorisation() {
        var checker = Authorisation()
        checker.shows(seq(1), of: chat, to: ann)
        checker.admits(ann, to: chat, at: seq(1))
        checker.judge()
        #expect(checker.violations.isEmpty)
        checker.shows(seq(1), of: chat, to: ben)
        checker.judge()
        #expect(checker.violations.count == 1)
        checker.removes(ann, from: chat, at: seq(4))
        checker.shows(seq(4), of: chat, to: ann)
        checker.judge()
        #expect(checker.violations.count == 1)
        checker.shows(seq(5), of: chat, to: ann)
        checker.judge()
        #expect(checker.violations.count == 2)
        checker.admits(ann, to: chat, at: seq(6))
        checker.shows(seq(5), of: chat, to: ann)
        checker.judge()
        #expect(checker.violations.count == 2, "who is back sees what was missed")
        checker.removes(ann, from: chat, at: seq(8))
        checker.shows(seq(9), of: chat, to: ann)
        checker.judge()
        #expect(checker.violations.count == 3)
        var open = Authorisation()
        open.shows(seq(1), of: chat, to: ben)
        open.isPublic(chat)
        open.judge()
        #expect(open.violations.isEmpty)
    }

    @Test("Unread counts fail for a wrong count, a mark that went back and a wrong end")
    func unreadCounts() {
        let log = [text(1, n: 1, "a"), text(2, n: 2, "b")]
        var checker = UnreadCounts()
        checker.read(Ordinal(1), of: chat, by: ann)
        checker.lists(listed(head: 2, n: 2, mark: 1), for: ann, log: log)
        #expect(checker.violations.isEmpty)
        checker.lists(listed(head: 2, n: 3, mark: 1), for: ann, log: log)
        #expect(checker.violations.count == 1)
        checker.lists(listed(head: 2, n: 2, mark: 0), for: ann, log: log)
        #expect(checker.violations.count == 2)
        checker.lists(listed(head: 3, n: 2, mark: 1), for: ann, log: log)
        #expect(checker.violations.count == 3)
        let edited =
            log + [
                ClientEntry(
                    seq: seq(3), n: .zero, time: WallTime(milliseconds: 3), from: ann,
                    content: .edited(seq(1), text: "c"))
            ]
        checker.lists(listed(head: 3, n: 2, mark: 1, changed: 3), for: ann, log: edited)
        #expect(checker.violations.count == 3)
        checker.lists(listed(head: 3, n: 2, mark: 1), for: ann, log: edited)
        #expect(checker.violations.count == 4)
        checker.lists(
            listed(head: 3, n: 2, mark: 1, last: edited[2], changed: 3), for: ann, log: edited)
        #expect(checker.violations.count == 5)
        let erased = [
            log[0],
            ClientEntry(
                seq: seq(2), n: Ordinal(2), time: WallTime(milliseconds: 2), from: ann,
                content: .erased),
            ClientEntry(
                seq: seq(3), n: .zero, time: WallTime(milliseconds: 3), from: ann,
                content: .messageDeleted(seq(2), n: Ordinal(2))),
        ]
        func told(unread: UInt64, erased ordinals: [UInt64]) -> Int {
            var copy = UnreadCounts()
            let chat = listed(
                head: 3, n: 2, mark: 1, last: log[0], changed: 3, unread: unread,
                erased: ordinals.map { Ordinal($0) })
            copy.lists(chat, for: ann, log: erased)
            return copy.violations.count
        }
        #expect(told(unread: 0, erased: [2]) == 0)
        #expect(told(unread: 1, erased: [2]) == 1)
        #expect(told(unread: 0, erased: []) == 1)
    }

    private func listed(
        head: UInt64, n: UInt64, mark: UInt64, last: ClientEntry? = nil, changed: UInt64 = 0,
        unread: UInt64? = nil, erased: [Ordinal] = []
    ) -> ClientChat {
        ClientChat(
            id: chat, kind: .private, name: "a", fullName: "", creator: ann, role: .owner,
            memberCount: 1, epoch: 1, head: LogPosition(seq: seq(head), n: Ordinal(n)),
            mark: Ordinal(mark), marksVersion: 1, marks: [], last: last ?? text(2, n: 2, "b"),
            changed: seq(changed), unread: unread, erased: erased)
    }
}

@Suite("Checkers: convergence")
struct ConvergenceTests {
    private func status(
        _ node: UInt64, applied: UInt64 = 9, stateHash: UInt64 = 5, isLeader: Bool = false,
        voters: [ReplicaID] = [one, two], isJoint: Bool = false, epoch: UInt64 = 4,
        holds: Bool = true
    ) -> ClusterStatus {
        let id = ReplicaID(node: NodeID(node))
        let local = ReplicaStatus(
            replica: id, isLeader: isLeader, term: 2, applied: applied, commit: applied,
            last: applied, voters: voters, learners: [], outgoing: isJoint ? [one] : [],
            isSuspect: false,
            stateHash: stateHash, lag: [])
        return ClusterStatus(
            node: NodeID(node), cluster: ClusterID(high: 1, low: 1), epoch: RegistryEpoch(epoch),
            members: [],
            shards: [
                ShardStatusLine(
                    shard: shard, desired: [two, one], leader: NodeID(1), local: holds ? local : nil
                )
            ])
    }

    @Test("Equal replicas of the wanted configuration have converged")
    func equal() {
        #expect(Convergence.differences(of: [status(1, isLeader: true), status(2)]).isEmpty)
    }

    @Test("Convergence fails for every way in which replicas can differ")
    func different() {
        let leader = status(1, isLeader: true)
        for other in [
            status(2, applied: 8), status(2, stateHash: 6), status(2, voters: [two]),
            status(2, isJoint: true), status(2, epoch: 3), status(2, holds: false),
            status(2, isLeader: true), status(3),
        ] {
            #expect(!Convergence.differences(of: [leader, other]).isEmpty)
        }
        #expect(!Convergence.differences(of: [status(1), status(2)]).isEmpty)
        #expect(!Convergence.differences(of: []).isEmpty)
    }
}
