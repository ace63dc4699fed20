internal import Raft

/// How much there is of something that has a limit.
package struct Occupancy: Hashable, Sendable {
    /// Of what, in the plural.
    package let name: String
    package let count: Int
    /// The most that there may be.
    package let limit: Int

    package init(_ name: String, _ count: Int, of limit: Int) {
        self.name = name
        self.count = count
        self.limit = limit
    }
}

extension ClusterNode {
    /// What leaders may add to a log whatever waits in it: an empty entry in each term, which a
    /// perturbation may fill up to the largest entry, and configurations.
    private static let leaderEntriesBytesMax = 4_096

    /// Everything of this node that a setting limits; of what each shard has, the fullest. Linear
    /// in the replicas and their members.
    package var occupancies: [Occupancy] {
        let shards = replicas.map(\.load)
        // A message leaves as long as there is any room.
        let inflightBytesMax =
            settings.raft.inflightBytesMax
            + max(settings.raft.messageBytesMax, settings.raft.entryBytesMax)
        func most(_ part: (ShardReplica.Load) -> Int) -> Int {
            shards.reduce(0) { max($0, part($1)) }
        }
        return [
            Occupancy("requests under way", router.count, of: settings.requestsMax),
            Occupancy("followed logs", following.count, of: settings.followsMax),
            Occupancy("snapshots sent", step.snapshotsOut, of: settings.snapshotsOutMax),
            Occupancy("searches", step.searchesOut, of: settings.searchesMax),
            Occupancy("chats to be indexed", indexing.count, of: settings.indexingMax),
            Occupancy("snapshots received", step.snapshotsIn, of: settings.snapshotsInMax),
            Occupancy("proposals of a shard", most { $0.proposals }, of: settings.proposalsMax),
            Occupancy("queries of a shard", most { $0.queries }, of: settings.queriesMax),
            Occupancy("follows of a shard", most { $0.follows }, of: settings.interestMax),
            Occupancy("effects on their way", most { $0.effects }, of: settings.outboxInFlightMax),
            Occupancy(
                "entries of a full log", most { $0.excessEntries }, of: settings.fullLogEntriesMax),
            Occupancy(
                "reads without an index", most { $0.raft.reads },
                of: settings.raft.pendingReadsMax),
            // A new leader may not know yet that what was on its way to it had been committed.
            Occupancy(
                "uncommitted bytes", most { $0.raft.uncommittedBytes },
                of: settings.raft.uncommittedBytesMax + inflightBytesMax
                    + Self.leaderEntriesBytesMax),
            Occupancy(
                "messages to a follower", most { $0.raft.inflightMessages },
                of: settings.raft.inflightMessagesMax),
            Occupancy(
                "bytes to a follower", most { $0.raft.inflightBytes }, of: inflightBytesMax),
        ]
    }
}

extension SessionHub {
    /// Everything of this hub that a limit bounds; of what each socket has, the fullest. Sorts
    /// the sockets and the followed logs.
    package var occupancies: [Occupancy] {
        var (cursors, requests, recent) = (0, 0, 0)
        for id in sockets.keys.sorted() {
            cursors = max(cursors, sockets[id]?.cursors.count ?? 0)
            requests = max(requests, sockets[id]?.requestCount ?? 0)
        }
        for id in logs.keys.sorted() {
            let (frames, marks) = (logs[id]?.recent.count ?? 0, logs[id]?.recentMarks.count ?? 0)
            recent = max(recent, frames, marks)
        }
        return [
            Occupancy("sockets", sockets.count, of: SessionLimits.socketsMax),
            // The inbox is followed beside the chats.
            Occupancy("cursors of a socket", cursors, of: SessionLimits.openChatsMax + 1),
            Occupancy("requests of a socket", requests, of: SessionLimits.requestsInFlightMax),
            Occupancy("frames kept of a log", recent, of: SessionLimits.recentFramesMax),
        ]
    }
}

extension ShardReplica {
    /// How much of what it may have one replica has.
    struct Load {
        let proposals: Int
        let queries: Int
        let follows: Int
        let effects: Int
        /// Applied and durable entries that are still in the log, if it has more bytes than it
        /// should.
        let excessEntries: Int
        let raft: RaftLoad
    }

    var load: Load {
        let isFull = logBytes > settings.logBytesMax && incoming == nil
        let compactable = min(applied.position.index, withRaft { $0.durableIndex })
        return Load(
            proposals: proposals.count,
            queries: queries.count + queriesReady.count + queriesReading.count,
            follows: interest.count, effects: outboxInFlight.count,
            excessEntries: isFull ? compactable.distance(from: origin.index) : 0,
            raft: withRaft { $0.load })
    }
}

extension NodeSettings {
    /// A log with too many bytes is compacted whoever is behind; so many entries may be left.
    var fullLogEntriesMax: Int { logEntriesKept + logTruncationStep }
}
