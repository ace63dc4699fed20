internal import Identity

/// Who asked a shard for something, and how to reach them.
enum Requester: Hashable {
    /// A request of this node's own router.
    case local(UInt64)
    /// Request `id` of another node.
    case peer(NodeID, id: UInt64)
}

/// How a request to a shard ended at a node that was asked to run it.
enum ShardAnswer {
    /// It ran. The bytes are the encoded response.
    case done([UInt8])
    /// It did not run, or nobody knows whether it will: this node does not lead the shard (any
    /// more).
    case notLeader(hint: NodeID?)
}
