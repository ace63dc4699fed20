/// The separate key spaces of a node's store; they share one write-ahead log, so that one fsync
/// makes a batch durable in all of them.
package enum ColumnFamily: Int, CaseIterable, Sendable {
    /// Raft logs, hard states and watermarks.
    case raft
    /// The replicated state of the shards.
    case data
    /// Large values kept apart from the rest.
    case blobs
    /// What the node knows of itself: identity, generation, peers.
    case meta
    /// What is derived from the state of the shards to search it: lost, it is made anew.
    case search

    /// The name on disk.
    package var name: String {
        switch self {
        case .raft: "raft"
        case .data: "data"
        case .blobs: "blobs"
        case .meta: "meta"
        case .search: "search"
        }
    }
}
