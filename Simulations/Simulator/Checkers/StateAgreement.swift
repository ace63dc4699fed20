package import Identity
package import Raft

/// Replicas that applied the same index have the same state.
package struct StateAgreement {
    private struct Place: Hashable {
        let shard: ShardID
        let index: LogIndex
    }

    package private(set) var violations: [Violation] = []
    private var hashes: [Place: UInt64] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// The state of `replica` after `index` has this hash.
    package mutating func reached(
        _ index: LogIndex, stateHash: UInt64, by replica: ReplicaID, of shard: ShardID
    ) {
        let place = Place(shard: shard, index: index)
        guard let first = hashes[place] else {
            hashes[place] = stateHash
            return
        }
        if first != stateHash {
            violations.append(
                Violation(
                    property: "state agreement",
                    words: "the state of \(replica) of \(shard) at \(index) differs from others'"))
        }
    }
}
