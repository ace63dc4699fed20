/// Which shard: a slice of the hash space and the Raft group that replicates it.
///
/// Shards of data are numbered from 0. The registry is replicated by a group of its own, whose
/// number comes after all of them.
package struct ShardID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt32

    package init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The group that replicates the registry.
    package static let registry = ShardID(.max - 1)

    package var description: String { self == .registry ? "registry" : "s\(rawValue)" }

    package static func < (lhs: ShardID, rhs: ShardID) -> Bool { lhs.rawValue < rhs.rawValue }
}
