package import Determinism
package import Identity

/// One replica of one shard's log: a deterministic state machine (signatures first, body follows).
package struct RaftReplica: Sendable {
    package let id: ReplicaID
    package let shard: ShardID
    /// What this replica does at the moment.
    package private(set) var role: RaftRole = .follower
    /// The latest term it has seen.
    package private(set) var term: Term = .zero
    /// The leader of that term, if known.
    package private(set) var leader: ReplicaID?
    /// The configuration in force: that of the last applied configuration entry.
    package private(set) var configuration: Configuration = .empty
    /// The highest index known to be committed.
    package private(set) var commitIndex: LogIndex = .zero
    /// The highest index that the host has applied.
    package private(set) var appliedIndex: LogIndex = .zero
    /// The last entry of the log, durable or not.
    package private(set) var lastIndex: LogIndex = .zero
    /// The first entry that the log still has.
    package private(set) var firstIndex: LogIndex = .zero
    /// Whether acknowledged data was lost and is being rebuilt.
    package private(set) var isSuspect = false
    /// Whether it leads, has committed in its own term and has applied all that came before.
    package var isReadyToServe: Bool { false }
    /// Whether no change of the configuration is under way: not joint, and a quorum has applied it.
    package var isConfigurationSettled: Bool { false }
    /// The replica that leadership is being handed to.
    package private(set) var transferee: ReplicaID?
    /// The members as the leader sees them, sorted; empty unless it leads.
    package var progress: [MemberProgress] { [] }

    package init(
        id: ReplicaID, shard: ShardID, settings: RaftSettings, restored: RaftRestoredState,
        at now: Instant, using generator: inout some RandomNumberGenerator
    ) {
        self.id = id
        self.shard = shard
    }

    package mutating func tick(at now: Instant, using generator: inout some RandomNumberGenerator) {}
    package mutating func receive(
        _ message: RaftMessage, at now: Instant, using generator: inout some RandomNumberGenerator
    ) {}
    @discardableResult
    package mutating func propose(
        _ payload: [UInt8]
    ) throws(RaftError) -> (index: LogIndex, term: Term) { throw .overloaded }
    @discardableResult
    package mutating func proposeConfiguration(
        _ change: ConfigurationChange
    ) throws(RaftError) -> (index: LogIndex, term: Term) { throw .overloaded }
    package mutating func requestRead(token: UInt64) throws(RaftError) { throw .overloaded }
    package mutating func transferLeadership(to successor: ReplicaID) throws(RaftError) {
        throw .overloaded
    }
    package mutating func forgetLeader(
        at now: Instant, using generator: inout some RandomNumberGenerator
    ) {}
    package mutating func persisted(through token: UInt64) {}
    package mutating func applied(through index: LogIndex) {}
    package mutating func logRead(_ result: LogReadResult) {}
    package mutating func snapshotSent(to follower: ReplicaID, success: Bool) {}
    package mutating func receiveSnapshot(
        _ metadata: SnapshotMetadata, from sender: ReplicaID, term: Term, at now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> SnapshotDecision { .ignore }
    package mutating func snapshotInstalled(_ metadata: SnapshotMetadata) {}
    package mutating func snapshotAbandoned() {}
    package mutating func compacted(through index: LogIndex, term: Term) {}
    package mutating func takeReady() -> RaftReady? { nil }
    package func checkInvariants() {}
}
