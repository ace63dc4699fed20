package import Determinism
package import Membership
package import Raft

/// The limits and times of a node. The defaults suit production; simulations draw others.
package struct NodeSettings: Sendable {
    package var raft = RaftSettings()
    package var membership = MembershipSettings()

    /// A log with more entries than this is compacted.
    package var logEntriesMax = 20_000
    /// How many applied entries a compaction leaves, for followers that are a little behind.
    package var logEntriesKept = 10_000
    /// A log with more bytes than this is compacted whoever is behind.
    package var logBytesMax = 64 << 20
    /// Compaction drops this many entries at least.
    package var logTruncationStep = 1_000

    /// The bytes of one piece of a snapshot.
    package var snapshotBytesPerPiece = 1 << 20
    /// The pairs of one piece of a snapshot.
    package var snapshotPairsPerPiece = 8_192
    /// Snapshots that a node sends at once; others are begun when one of these ends.
    package var snapshotsOutMax = 8
    /// Snapshots that a node receives at once; who sends another is told to try later.
    package var snapshotsInMax = 8
    /// A piece that was not confirmed for so long is sent again.
    package var snapshotResendInterval = Interval.seconds(1)
    /// A stream without progress for so long is given up.
    package var snapshotPatience = Interval.seconds(10)

    /// A request without an answer from its shard for so long is given up.
    package var requestPatience = Interval.seconds(10)
    /// How long a request waits before it tries the next node, when nobody knows the leader.
    package var requestRetryInterval = Interval.milliseconds(50)
    /// A request whose node does not answer for so long is sent again.
    package var requestResendInterval = Interval.seconds(2)
    /// Requests under way at once; more are refused with `overloaded`.
    package var requestsMax = 65_536
    /// Proposals of one shard that are not applied yet; more are refused with `overloaded`.
    package var proposalsMax = 65_536
    /// Queries of one shard that are not answered yet; more are refused with `overloaded`.
    package var queriesMax = 16_384

    /// Searches that a node carries out at once; more are refused with `overloaded`.
    package var searchesMax = 64
    /// A search that its shard does not answer for so long is given up, and what others have found
    /// is shown.
    package var searchPatience = Interval.seconds(3)
    /// A chat that has so many entries beyond its index of messages has them added; until then a
    /// search reads them one by one.
    package var indexStep = 256
    /// Chats that wait for that; more are looked for again later.
    package var indexingMax = 16_384

    /// Logs that one node follows; more are not followed.
    package var followsMax = 1_048_576
    /// Follows of the logs of one shard that its leader remembers; more are not remembered.
    package var interestMax = 1_048_576

    /// How often followed logs are asked for their heads, whatever happened.
    package var followRefreshInterval = Interval.seconds(10)
    /// How long after an unanswered follow it is tried again.
    package var followRetryInterval = Interval.milliseconds(200)

    /// How often a node says who is at its sockets.
    package var presenceClaimInterval = Interval.seconds(15)
    /// How long the owner of an account believes it; more than two such messages may be lost.
    package var presenceLifetime = Interval.seconds(40)
    /// How often a node asks for those whom its clients watch, whatever happened.
    package var presenceWatchInterval = Interval.seconds(30)
    /// How long the owner of an account tells its changes to whoever asked.
    package var presenceWatchLifetime = Interval.seconds(75)
    /// How often the owner of a shard looks for those who are not claimed any more.
    package var presenceSweepInterval = Interval.seconds(5)
    /// Whoever comes back within so long was never away: a page that is loaded again.
    package var presenceGrace = Interval.seconds(3)
    /// When an account was last there is written at most this often.
    package var lastSeenInterval = Interval.seconds(60)
    /// Accounts that one node watches for its clients, and those that are at its sockets; more are
    /// not told of.
    package var presenceMax = 1_048_576

    /// Effects of one shard on their way to other shards at once.
    package var outboxInFlightMax = 64

    /// How often the registry's leader compares the cluster with what it should be.
    package var reconcileInterval = Interval.seconds(1)
    /// How many shards of one node change their replicas at once.
    package var movesMax = 32
    /// Leadership of at most one shard goes to its preferred owner in this time.
    package var handOverInterval = Interval.milliseconds(20)
    /// How long a node that leaves waits for the successors of what it leads.
    package var leavePatience = Interval.seconds(1)
    /// A replica that the registry does not want any more asks its group about it after so long.
    package var unwantedPatience = Interval.seconds(1)

    /// Whether `NodeEvent.applied` carries the entries, and `NodeEvent.appended` is told, for the
    /// checkers of a simulation.
    package var reportsApplied = false

    package init() {}

    /// Checks that the numbers fit each other; a mistake here is one of the program.
    package func validate() {
        raft.validate()
        precondition(logEntriesKept < logEntriesMax, "a compaction shortens the log")
        precondition(logTruncationStep > 0, "a compaction drops something")
        precondition(snapshotBytesPerPiece > 0 && snapshotPairsPerPiece > 0, "snapshots progress")
        precondition(
            snapshotResendInterval < snapshotPatience, "a piece is repeated before giving up")
        precondition(requestRetryInterval < requestPatience, "a request is tried more than once")
        precondition(movesMax > 0 && outboxInFlightMax > 0 && requestsMax > 0, "work progresses")
        precondition(proposalsMax > 0 && queriesMax > 0, "shards take requests")
        precondition(followsMax > 0 && interestMax > 0, "logs can be followed")
        precondition(
            presenceClaimInterval * 2 < presenceLifetime
                && presenceWatchInterval * 2 < presenceWatchLifetime, "two may be lost")
        precondition(presenceGrace < presenceClaimInterval && presenceMax > 0, "presence is told")
        precondition(searchesMax > 0 && indexStep > 0 && indexingMax > 0, "searches are served")
        precondition(snapshotsOutMax > 0 && snapshotsInMax > 0, "snapshots can be sent")
    }
}
