package import Identity
package import Node
internal import Raft

/// If two logs of a group have an entry with the same index and term, they are the same up to there
/// (Raft 5.3, Log Matching).
///
/// Checksums are chained: equal ones at one entry are equal entries from the first to there.
package struct LogMatching {
    private struct Place: Hashable {
        let shard: ShardID
        let index: LogIndex
        let term: Term
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many entries were compared with those of another log.
    package private(set) var comparedCount: UInt64 = 0
    private var checksums: [Place: UInt32] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// `replica` added these entries to its log.
    package mutating func appended(
        _ places: [LogPlace], by replica: ReplicaID, to shard: ShardID
    ) {
        for place in places {
            let key = Place(shard: shard, index: place.index, term: place.term)
            guard let first = checksums[key] else {
                checksums[key] = place.checksum
                continue
            }
            comparedCount += 1
            if first != place.checksum {
                violations.append(
                    Violation(
                        property: "log matching",
                        words: "\(replica) has at \(place.index) of \(shard), term \(place.term), "
                            + "the checksum \(place.checksum), others \(first)"))
            }
        }
    }
}
