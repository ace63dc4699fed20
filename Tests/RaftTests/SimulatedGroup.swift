import Determinism
import Identity

@testable import Raft

/// What a run is about; everything else is drawn from the seed.
struct GroupOptions {
    /// A fault of the host, not of the world: the checkers must notice it.
    enum Sabotage: CaseIterable {
        /// Says that writes are durable before they are.
        case confirmsBeforeDurable
        /// A restart forgets the vote.
        case forgetsVote
        /// Reads are answered by whoever believes to lead.
        case readsWithoutQuorum
        /// Lost entries are not noticed at the restart.
        case overlooksDamage
    }

    var seed: UInt64
    var sabotage: Sabotage?
    var chaosSteps = 1_200
    /// More crashes, damage and contested elections than a cluster ever sees.
    var isRough = false
    var calmStepsMax = 4_000
}

/// A whole group on virtual time, network and disk, with its checkers. Fails by collecting
/// violations.
struct SimulatedGroup {
    struct Disk {
        var hardState = HardState()
        var origin = RaftRestoredState.uninitialized.originIndex
        var originTerm = Term.zero
        var entries: [LogEntry] = []
        var applied = LogIndex.zero
        var isSuspect = false

        var lastIndex: LogIndex { origin + entries.count }
        var lastTerm: Term { entries.last?.term ?? originTerm }

        func term(at index: LogIndex) -> Term? {
            if index == origin { return originTerm }
            guard index > origin, index <= lastIndex else { return nil }
            return entries[index.distance(from: origin) - 1].term
        }

        mutating func write(_ ready: RaftReady) {
            if let from = ready.truncateFrom {
                entries.removeLast(lastIndex.next.distance(from: from))
            }
            for entry in ready.entries {
                precondition(entry.index == lastIndex.next, "the host is given a dense log")
                entries.append(entry)
            }
            if let state = ready.hardState { hardState = state }
            if let suspicion = ready.suspicion { isSuspect = suspicion }
        }

        mutating func compact(through index: LogIndex) {
            guard index > origin, let term = term(at: index) else { return }
            entries.removeFirst(index.distance(from: origin))
            (origin, originTerm) = (index, term)
        }
    }

    enum Work {
        case write(RaftReady)
        case install(SnapshotMetadata)
    }

    struct Host {
        let id: ReplicaID
        var replica: RaftReplica?
        var disk = Disk()
        /// On its way to the disk, in order.
        var writing: [Work] = []
        var toApply: [LogEntry] = []
        var applied = LogIndex.zero
        var nextTick: UInt64 = 0
        var pausedUntil: UInt64 = 0
        var isDown = true
    }

    struct Packet {
        enum Content {
            case message(RaftMessage)
            case snapshot(SnapshotMetadata, from: ReplicaID, to: ReplicaID, term: Term)
            case logRead(LogReadResult, to: ReplicaID)
            case snapshotSent(to: ReplicaID, success: Bool, at: ReplicaID)
        }
        let at: UInt64
        let content: Content
    }

    let options: GroupOptions
    var generator: SeededGenerator
    var hosts: [Host] = []
    var packets: [Packet] = []
    var blocked: [[Bool]] = []
    var step: UInt64 = 0
    var violations: [String] = []
    // Drawn from the seed.
    var lossPerMille: UInt64 = 0
    var duplicatePerMille: UInt64 = 0
    var delayMax: UInt64 = 1
    var crashPerMille: UInt64 = 0
    var writePercent: UInt64 = 100
    var isCalm = false
    var settings = RaftSettings()
    // What is known of the truth.
    var leaders: [Term: ReplicaID] = [:]
    var committed: [LogIndex: LogEntry] = [:]
    var configurations: [(index: LogIndex, configuration: Configuration)] = []
    var committedMax = RaftRestoredState.genesisIndex
    var nextPayload: UInt64 = 1
    var reads: [UInt64: LogIndex] = [:]
    var readsAnswered = 0
    var configurationsApplied = 0
    var snapshotsInstalled = 0
    var suspicions = 0
    var elections = 0

    /// A step lasts five milliseconds.
    static let stepInterval = Interval.milliseconds(5)
    var now: Instant { Instant.start + Self.stepInterval * step }

    init(_ options: GroupOptions) throws {
        self.options = options
        generator = SeededGenerator(seed: options.seed)
        let count = 4 + Int(generator.next(upperBound: UInt64(3)))
        let voters = options.isRough ? 3 : 1 + Int(generator.next(upperBound: UInt64(4)))
        lossPerMille = [0, 20, 100, 300][Int(generator.next(upperBound: UInt64(4)))]
        duplicatePerMille = [0, 50, 200][Int(generator.next(upperBound: UInt64(3)))]
        delayMax = [1, 4, 30, 200][Int(generator.next(upperBound: UInt64(4)))]
        crashPerMille = [0, 3, 10][Int(generator.next(upperBound: UInt64(3)))]
        writePercent = [100, 60, 15][Int(generator.next(upperBound: UInt64(3)))]
        settings.cacheEntriesMax = [0, 3, 1_000][Int(generator.next(upperBound: UInt64(3)))]
        settings.messageBytesMax = [40, 200, 100_000][Int(generator.next(upperBound: UInt64(3)))]
        settings.inflightMessagesMax = [1, 4, 128][Int(generator.next(upperBound: UInt64(3)))]
        settings.committedBytesPerReadyMax =
            [1, 200, 1 << 20][
                Int(generator.next(upperBound: UInt64(3)))]
        if options.isRough {
            // Campaigns at the same time, and long delays.
            settings.successionStagger = .zero
            delayMax = max(delayMax, 30)
            settings.electionTimeoutMin = .milliseconds(500)
        }
        let ids = (1...count).map { ReplicaID(node: NodeID(UInt64($0))) }
        let configuration = try Configuration(voters: Array(ids.prefix(voters)))
        configurations = [(RaftRestoredState.genesisIndex, configuration)]
        blocked = Array(repeating: Array(repeating: false, count: count), count: count)
        for id in ids {
            var host = Host(id: id)
            if configuration.contains(id) {
                let genesis = RaftRestoredState.genesis(configuration)
                host.disk.hardState = genesis.hardState
                (host.disk.origin, host.disk.originTerm) = (genesis.originIndex, genesis.originTerm)
                host.disk.applied = genesis.applied
            }
            hosts.append(host)
            start(hosts.count - 1)
        }
    }

    /// Chaos, then calm: safety always, progress when the world lets it.
    mutating func run() {
        for _ in 0..<options.chaosSteps where violations.isEmpty {
            disturb()
            advance()
        }
        calmDown()
        let goal = nextPayload
        var isDone = false
        for count in 0..<options.calmStepsMax where violations.isEmpty {
            if count % 20 == 0 { propose() }
            advance()
            if count % 40 == 39, hasConverged(after: goal) {
                isDone = true
                break
            }
        }
        if violations.isEmpty, !isDone, isQuorumIntact {
            violations.append("no progress in calm: \(summary)")
        }
        checkLogMatching()
    }

    mutating func advance() {
        step += 1
        deliver()
        for position in hosts.indices where !hosts[position].isDown {
            guard hosts[position].pausedUntil <= step else { continue }
            work(position)
            if hosts[position].nextTick <= step {
                hosts[position].nextTick = step + 10
                let now = now
                hosts[position].replica?.tick(at: now, using: &generator)
            }
            drain(position)
        }
    }

    var summary: String {
        hosts.map { host in
            guard let replica = host.replica else { return "\(host.id) down" }
            return "\(host.id) \(replica.role) t\(replica.term) l\(replica.lastIndex)"
                + " c\(replica.commitIndex) a\(replica.appliedIndex)"
                + " v\(replica.configuration.voters)/\(replica.configuration.votersOutgoing)"
                + (replica.isSuspect ? " suspect" : "")
        }.joined(separator: "; ")
    }
}
