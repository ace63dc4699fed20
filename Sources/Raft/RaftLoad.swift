/// How much of what ``RaftSettings`` limits a replica has.
package struct RaftLoad: Hashable, Sendable {
    /// Reads that wait for their index.
    package let reads: Int
    /// Bytes of entries that a leader has proposed and not committed.
    package let uncommittedBytes: Int
    /// Messages, and their bytes, on their way to the follower that has most of them.
    package let inflightMessages: Int
    package let inflightBytes: Int
}

extension RaftReplica {
    /// How much there is now; linear in the members.
    package var load: RaftLoad {
        RaftLoad(
            reads: reads.count, uncommittedBytes: uncommittedBytes,
            inflightMessages: members.reduce(0) { max($0, $1.window.count) },
            inflightBytes: members.reduce(0) { max($0, $1.window.bytes) })
    }
}
