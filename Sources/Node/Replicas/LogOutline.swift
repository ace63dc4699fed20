package import Identity
package import Raft

/// The log of one replica without its entries, for checkers that look at it from outside: how far
/// it is applied, and what comes after that.
package struct LogOutline: Sendable {
    /// The term that the replica is in.
    package let term: Term
    /// The newest entry that it has applied.
    package let applied: LogPlace
    /// The entries after that one, in order.
    let tail: [ShardReplica.TailEntry]

    /// The newest entry of the log.
    package var last: LogIndex { applied.index + tail.count }

    /// The place of the entry at `index`, if it is the applied one or comes after it.
    package func place(at index: LogIndex) -> LogPlace? {
        if index == applied.index { return applied }
        guard index > applied.index, index <= last else { return nil }
        let entry = tail[index.distance(from: applied.index) - 1]
        return LogPlace(index: index, term: entry.term, checksum: entry.checksum)
    }
}

extension ShardReplica {
    /// Its log as it was handed to the disk.
    var outline: LogOutline {
        LogOutline(term: raft.term, applied: applied.position, tail: tail)
    }
}

extension ClusterNode {
    /// The log of this node's replica of `shard`; nil when it has none.
    package func log(of shard: ShardID) -> LogOutline? { replica(of: shard)?.outline }
}
