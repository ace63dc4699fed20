import Determinism
import Identity
import Testing

@testable import Raft

/// One replica on the bench: what it says is collected, what it hears is written by the test.
struct Desk {
    var replica: RaftReplica
    var generator = SeededGenerator(seed: 1)
    var now = Instant.start
    /// Messages that may leave: those that wait for the disk, once it is there.
    var sent: [RaftMessage] = []
    var committed: [LogEntry] = []
    var readsReady: [ReadReady] = []
    var readsFailed: [UInt64] = []
    var logReads: [LogReadRequest] = []
    var snapshotsToSend: [ReplicaID] = []
    var readies: [RaftReady] = []
    /// Whether writes become durable at once.
    var isDiskFast = true
    var appliesAtOnce = true
    var isChecked = true

    static let shard = ShardID(1)

    static func id(_ node: UInt64) -> ReplicaID { ReplicaID(node: NodeID(node)) }

    static func entry(_ index: UInt64, _ term: UInt64, _ payload: [UInt8] = [1]) -> LogEntry {
        LogEntry(index: LogIndex(index), term: Term(term), kind: .command, payload: payload)
    }

    /// Node 1 of a group of `voters`, whose log follows a genesis at index 10 of term 5 by entries
    /// of the given terms.
    init(
        voters: UInt64 = 3, learners: [UInt64] = [], terms: [UInt64] = [], term: UInt64? = nil,
        vote: UInt64? = nil, commit: UInt64 = 10, settings: RaftSettings = RaftSettings(),
        isSuspect: Bool = false, isOutsider: Bool = false
    ) throws {
        let members = (1...voters).map { Self.id($0 + (isOutsider ? 1 : 0)) }
        let configuration = try Configuration(
            voters: members, learners: learners.map(Self.id))
        var restored = RaftRestoredState.genesis(configuration)
        for (offset, term) in terms.enumerated() {
            restored.entries.append(Self.entry(UInt64(11 + offset), term))
        }
        restored.lastIndex = LogIndex(10 + UInt64(terms.count))
        restored.lastTerm = Term(terms.last ?? 5)
        restored.hardState = HardState(
            term: Term(term ?? max(terms.last ?? 5, 5)), vote: vote.map(Self.id),
            commit: LogIndex(commit))
        restored.isSuspect = isSuspect
        try restored.validate()
        replica = RaftReplica(
            id: Self.id(1), shard: Self.shard, settings: settings, restored: restored, at: now,
            using: &generator)
        settle()
    }

    // MARK: Steps

    /// Takes every ready; confirms and applies if the desk is set so.
    mutating func settle() {
        while let ready = replica.takeReady() {
            readies.append(ready)
            sent += ready.messages
            if isDiskFast {
                replica.persisted(through: ready.token)
                sent += ready.messagesAfterPersist
            }
            committed += ready.committed
            readsReady += ready.readsReady
            readsFailed += ready.readsFailed
            logReads += ready.logReads
            snapshotsToSend += ready.snapshotsToSend
            if appliesAtOnce, let last = ready.committed.last {
                replica.applied(through: last.index)
            }
            if isChecked { replica.checkInvariants() }
        }
        if isChecked { replica.checkInvariants() }
    }

    /// The disk catches up with everything.
    mutating func persist() {
        guard let last = readies.last else { return }
        replica.persisted(through: last.token)
        settle()
    }

    mutating func pass(_ interval: Interval) {
        let end = now + interval
        while now < end {
            now = now + .milliseconds(50)
            replica.tick(at: now, using: &generator)
            settle()
        }
    }

    mutating func hear(_ body: RaftMessage.Body, from node: UInt64, term: UInt64) {
        replica.receive(
            RaftMessage(
                from: Self.id(node), to: replica.id, shard: Self.shard, term: Term(term), body: body
            ),
            at: now, using: &generator)
        settle()
    }

    mutating func hearAppend(
        after previous: (UInt64, UInt64), _ entries: [LogEntry] = [], commit: UInt64 = 10,
        from node: UInt64 = 2, term: UInt64
    ) {
        hear(
            .append(
                previousIndex: LogIndex(previous.0), previousTerm: Term(previous.1),
                entries: entries, commit: LogIndex(commit)), from: node, term: term)
    }

    mutating func hearHeartbeat(
        commit: UInt64 = 10, context: UInt64 = 1, from node: UInt64 = 2, term: UInt64
    ) {
        hear(.heartbeat(commit: LogIndex(commit), readContext: context), from: node, term: term)
    }

    mutating func confirm(_ match: LogIndex, from node: UInt64, isRecovering: Bool = false) {
        hear(
            .appendReply(match: match, isRecovering: isRecovering), from: node,
            term: replica.term.rawValue)
    }

    mutating func answerHeartbeat(
        _ context: UInt64, from node: UInt64, applied: LogIndex = .zero, isRecovering: Bool = false
    ) {
        hear(
            .heartbeatReply(readContext: context, applied: applied, isRecovering: isRecovering),
            from: node, term: replica.term.rawValue)
    }

    /// Wins pre-vote and vote with the answers of these nodes.
    mutating func win(with nodes: [UInt64]) {
        pass(.seconds(2))
        for node in nodes {
            hear(
                .preVoteReply(granted: true), from: node, term: replica.term.rawValue + 1)
            if replica.role != .preCandidate { break }
        }
        for node in nodes where replica.role == .candidate {
            hear(.voteReply(granted: true), from: node, term: replica.term.rawValue)
        }
    }

    /// Leads, and everybody has the no-op.
    mutating func lead(with nodes: [UInt64] = [2, 3]) {
        win(with: nodes)
        for node in nodes { confirm(replica.lastIndex, from: node) }
        for node in nodes {
            answerHeartbeat(0, from: node, applied: replica.lastIndex)
        }
        sent = []
    }

    // MARK: Questions

    mutating func takeSent() -> [RaftMessage] {
        defer { sent = [] }
        return sent
    }

    func bodies(to node: UInt64) -> [RaftMessage.Body] {
        sent.filter { $0.to == Self.id(node) }.map(\.body)
    }

    func appends(to node: UInt64) -> [(previous: LogIndex, entries: [LogEntry], commit: LogIndex)] {
        bodies(to: node).compactMap { body in
            guard case .append(let previous, _, let entries, let commit) = body else { return nil }
            return (previous, entries, commit)
        }
    }

    func heartbeatContexts(to node: UInt64) -> [UInt64] {
        bodies(to: node).compactMap { body in
            guard case .heartbeat(_, let context) = body else { return nil }
            return context
        }
    }

    /// The terms of the log from index 11 on, as far as they are in memory.
    var terms: [UInt64] {
        var result: [UInt64] = []
        var index = LogIndex(11)
        while index <= replica.lastIndex {
            result.append(replica.log.term(at: index)?.rawValue ?? 0)
            index = index.next
        }
        return result
    }
}
