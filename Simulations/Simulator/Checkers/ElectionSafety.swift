package import Identity
package import Raft

/// At most one leader is elected in a term of a group (Raft 5.2).
package struct ElectionSafety {
    private struct Place: Hashable {
        let shard: ShardID
        let term: Term
    }

    package private(set) var violations: [Violation] = []
    /// How many elections were won.
    package private(set) var electionCount: UInt64 = 0
    private var leaders: [Place: ReplicaID] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// `replica` leads `shard` in `term`.
    package mutating func led(_ shard: ShardID, in term: Term, by replica: ReplicaID) {
        let place = Place(shard: shard, term: term)
        guard let first = leaders[place] else {
            leaders[place] = replica
            electionCount += 1
            return
        }
        if first != replica {
            violations.append(
                Violation(
                    property: "election safety",
                    words: "\(first) and \(replica) lead \(shard) in term \(term)"))
        }
    }
}
