package import Determinism
internal import Identity
internal import Node

/// What happened in a run, in numbers.
package struct SimulationCounters: Sendable {
    package var operationsSucceeded: UInt64 = 0
    package var operationsFailed: UInt64 = 0
    /// Why operations failed for good, and how often, in the order in which it was met.
    package var failureCodes: [String: UInt64] = [:]
    package var acks: UInt64 = 0
    package var elections: UInt64 = 0
    package var compactions: UInt64 = 0
    package var snapshotsStarted: UInt64 = 0
    package var snapshotsInstalled: UInt64 = 0
    package var replicasCreated: UInt64 = 0
    package var replicasDestroyed: UInt64 = 0
    package var unsyncedBatches: UInt64 = 0
    package var datagramsLost: UInt64 = 0
    package var datagramsDoubled: UInt64 = 0
    package var datagramsDelayed: UInt64 = 0
    package var slowReaders: UInt64 = 0
    package var socketsOpened: UInt64 = 0
    package var holes: UInt64 = 0
    package var bootTime = Instant.start
    /// How long after the last fault everything was as it should be: the nodes, and the clients
    /// too.
    package var clusterHealTime = Interval.zero
    package var healTime = Interval.zero
    var clusterHealedAt: Instant?
    var nextCheck = Instant.start

    /// Nothing has happened yet.
    package init() {}

    /// Something happened in a node.
    mutating func note(_ event: NodeEvent) {
        switch event {
        case .compacted: compactions += 1
        case .snapshotStarted: snapshotsStarted += 1
        case .snapshotInstalled: snapshotsInstalled += 1
        case .replicaCreated: replicasCreated += 1
        case .replicaDestroyed: replicasDestroyed += 1
        default: break
        }
    }

    /// The run has ended.
    mutating func note(_ cluster: SimulatedCluster) {
        unsyncedBatches = cluster.unsyncedAtCrashCount
        datagramsLost = cluster.network.lostCount
        datagramsDoubled = cluster.network.doubledCount
        datagramsDelayed = cluster.network.delayedCount
    }

    /// The numbers with their names, for the table.
    package var rows: [(name: String, count: UInt64)] {
        [
            ("messages acknowledged", acks), ("elections won", elections),
            ("logs compacted", compactions), ("snapshots begun", snapshotsStarted),
            ("snapshots installed", snapshotsInstalled),
            ("replicas made", replicasCreated), ("replicas given up", replicasDestroyed),
            ("unsynced batches at crashes", unsyncedBatches), ("datagrams lost", datagramsLost),
            ("datagrams doubled", datagramsDoubled), ("datagrams late", datagramsDelayed),
            ("sockets opened", socketsOpened), ("holes told", holes),
        ]
    }
}

/// What came of a run.
package struct SimulationReport: Sendable {
    package let seed: UInt64
    /// Of everything that happened; equal for equal runs.
    package let hash: UInt64
    /// Empty when everything held.
    package let violations: [Violation]
    package let counters: SimulationCounters
    package let faults: [FaultKind: UInt64]
    /// Simulated time.
    package let time: Instant
    package let eventCount: UInt64
    /// The last events, when something did not hold.
    package let tail: [String]

    /// Whether everything held.

    package var hasPassed: Bool { violations.isEmpty }
}
