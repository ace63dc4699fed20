internal import Identity
internal import Logging
internal import Membership
internal import Node
internal import Raft

/// What the host counts of a node's life. Confined to the node's loop.
final class NodeMetrics {
    var inputs: UInt64 = 0
    var entriesApplied: UInt64 = 0
    var leaderChanges: UInt64 = 0
    var snapshotsSent: UInt64 = 0
    var snapshotsInstalled: UInt64 = 0
    var linksRefused: UInt64 = 0

    /// Counts an event, and logs those that an operator wants to see.
    func note(_ event: NodeEvent, logger: Logger) {
        switch event {
        case .applied: entriesApplied += 1
        case .leadership(let shard, let replica, let leadership):
            leaderChanges += 1
            logger.debug(
                "Leadership changed.",
                metadata: [
                    "shard": "\(shard)", "replica": "\(replica)", "role": "\(leadership.role)",
                    "term": "\(leadership.term.rawValue)",
                ])
        case .snapshotEnded(_, _, _, let success): if success { snapshotsSent += 1 }
        case .snapshotInstalled: snapshotsInstalled += 1
        case .replicaSuspect(let shard, let replica, let reason):
            logger.error(
                "A replica lost acknowledged data and is rebuilt by its peers.",
                metadata: [
                    "shard": "\(shard)", "replica": "\(replica)", "reason": "\(reason)",
                ])
        case .member(let record, let previous):
            logger.info(
                "A member changed.",
                metadata: [
                    "node": "\(record.node)", "status": "\(record.status)",
                    "before": "\(previous.map { "\($0)" } ?? "unknown")",
                ])
        case .memberConflict(let node):
            logger.error(
                "Two processes claim to be the same node.", metadata: ["node": "\(node)"])
        case .registry(let epoch):
            logger.info("The registry changed.", metadata: ["epoch": "\(epoch)"])
        case .ignored(let what): logger.warning("Ignored: \(what)")
        case .replicaCreated(let shard, let replica), .replicaDestroyed(let shard, let replica):
            logger.debug("\(event)", metadata: ["shard": "\(shard)", "replica": "\(replica)"])
        case .appended, .compacted, .snapshotStarted, .configuration: break
        }
    }
}
