import Determinism
import Identity
import Raft

/// What stands around one replica: its disk, the writes on their way to it, and what is applied.
struct RaftHost {
    /// What a crash leaves.
    struct Disk {
        var hardState = HardState()
        var origin = LogIndex.zero
        var originTerm = Term.zero
        var applied = LogIndex.zero
        var entries: [LogEntry] = []
        var isSuspect = false
        /// The configurations in force from an index on, by ascending index.
        var configurations: [(index: LogIndex, configuration: Configuration)] = []

        var lastIndex: LogIndex { origin + entries.count }

        func term(at index: LogIndex) -> Term? {
            if index == origin { return originTerm }
            guard index > origin, index <= lastIndex else { return nil }
            return entries[index.distance(from: origin) - 1].term
        }

        func configuration(at index: LogIndex) -> Configuration {
            configurations.last { $0.index <= index }?.configuration ?? .empty
        }

        mutating func write(_ ready: RaftReady) {
            if let start = ready.truncateFrom { truncate(from: start) }
            entries += ready.entries
            if let state = ready.hardState { hardState = state }
            if let suspicion = ready.suspicion { isSuspect = suspicion }
        }

        mutating func truncate(from start: LogIndex) {
            entries.removeLast(lastIndex.next.distance(from: start))
        }
    }

    let id: ReplicaID
    /// Nil while it is down.
    var replica: RaftReplica?
    var generator: SeededGenerator
    var disk = Disk()
    /// Handed over and not yet durable, oldest first.
    var writes: [RaftReady] = []
    var isDiskHeld = false
    /// Committed and not yet applied.
    var toApply: [LogEntry] = []
    var isApplyingHeld = false
    var applied = LogIndex.zero
    /// The commands that were applied, in order.
    var words: [String] = []

    init(_ node: NodeID) {
        id = ReplicaID(node: node)
        generator = SeededGenerator(seed: node.rawValue)
    }

    /// The hard state as last handed over.
    var hardState: HardState {
        writes.last { $0.hardState != nil }?.hardState ?? disk.hardState
    }

    /// The log as the replica sees it: the disk's, with what is on its way.
    var log: Disk {
        var view = disk
        for write in writes { view.write(write) }
        return view
    }

    /// What the replica would start from now.
    var restored: RaftRestoredState {
        RaftRestoredState(
            hardState: HardState(
                term: disk.hardState.term, vote: disk.hardState.vote,
                commit: min(disk.hardState.commit, disk.lastIndex)),
            originIndex: disk.origin, originTerm: disk.originTerm,
            configuration: disk.configuration(at: disk.applied), applied: disk.applied,
            appliedTerm: disk.term(at: disk.applied) ?? disk.originTerm,
            lastIndex: disk.lastIndex, lastTerm: disk.term(at: disk.lastIndex) ?? disk.originTerm,
            entries: Array(disk.entries.dropFirst(disk.applied.distance(from: disk.origin))),
            isSuspect: disk.isSuspect)
    }

    /// The answer of the disk to the leader's question.
    func answer(_ request: LogReadRequest) -> LogReadResult {
        guard let before = disk.term(at: request.from.previous), request.through <= disk.lastIndex
        else { return LogReadResult(request: request, outcome: .unavailable) }
        let first = request.from.distance(from: disk.origin) - 1
        let count = request.through.next.distance(from: request.from)
        return LogReadResult(
            request: request,
            outcome: .entries(previousTerm: before, Array(disk.entries[first..<first + count])))
    }
}
