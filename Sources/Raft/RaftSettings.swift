package import Determinism

/// Times and limits of a replica; the same for all replicas of a cluster.
package struct RaftSettings: Hashable, Sendable {
    /// How often the host calls `tick`.
    package var tickInterval: Interval = .milliseconds(50)
    /// How often a leader is heard from.
    package var heartbeatInterval: Interval = .milliseconds(100)
    /// The least time without a leader before an election; timeouts are drawn from this to twice
    /// this.
    package var electionTimeoutMin: Interval = .seconds(1)
    /// How long each rank of successor waits longer than the one before when a leader's link
    /// breaks.
    package var successionStagger: Interval = .milliseconds(100)
    /// Payload and overhead of one entry; a larger proposal is refused.
    package var entryBytesMax: Int = 1 << 20
    /// Entries of one append message; a single larger entry travels alone.
    package var messageBytesMax: Int = 256 << 10
    /// Append messages on their way to one follower.
    package var inflightMessagesMax: Int = 128
    /// Bytes of entries on their way to one follower.
    package var inflightBytesMax: Int = 4 << 20
    /// Bytes of entries that the leader has proposed and not committed; more is refused.
    package var uncommittedBytesMax: Int = 16 << 20
    /// Bytes of committed entries handed to the host in one ``RaftReady``.
    package var committedBytesPerReadyMax: Int = 4 << 20
    /// Entries kept in memory after they are applied and durable.
    package var cacheEntriesMax: Int = 1_024
    /// Bytes of entries kept in memory after they are applied and durable.
    package var cacheBytesMax: Int = 1 << 20
    /// Reads that wait for a round of heartbeats, or for the first commit of a new leader.
    package var pendingReadsMax: Int = 4_096
    /// How many entries a replica may be behind and still be made leader.
    package var transferLagMax: Int = 256

    package init() {}

    /// Checks that the numbers fit each other; a mistake here is one of the program.
    package func validate() {
        precondition(tickInterval > .zero, "time must pass")
        precondition(tickInterval <= heartbeatInterval, "a heartbeat needs a tick")
        precondition(
            heartbeatInterval * 5 <= electionTimeoutMin, "a few lost heartbeats are no election")
        precondition(entryBytesMax > 0 && messageBytesMax > 0, "messages carry something")
        precondition(inflightMessagesMax > 0, "at least one message may be on its way")
        precondition(inflightBytesMax >= messageBytesMax, "a message fits the window")
        precondition(uncommittedBytesMax >= entryBytesMax, "an entry fits the uncommitted bound")
        precondition(committedBytesPerReadyMax > 0, "progress")
        precondition(cacheEntriesMax >= 0 && cacheBytesMax >= 0, "limits are not negative")
        precondition(pendingReadsMax > 0 && transferLagMax >= 0, "limits are not negative")
    }
}
