package import Identity
package import Raft

/// The first replica that applies an index of a shard fixes what is there; all others find the same
/// (State Machine Safety, Raft 5.4.3).
package struct Agreement {
    private struct Place: Hashable {
        let shard: ShardID
        let index: LogIndex
    }

    package private(set) var violations: [Violation] = []
    /// How many applications were compared with an earlier one.
    package private(set) var comparedCount: UInt64 = 0
    private var entries: [Place: LogEntry] = [:]
    private var checksums: [Place: UInt32] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// `replica` applied `entries`, the last of which has the chained `checksum`.
    package mutating func applied(
        _ entries: [LogEntry], checksum: UInt32, by replica: ReplicaID, of shard: ShardID
    ) {
        for entry in entries {
            let place = Place(shard: shard, index: entry.index)
            guard let first = self.entries[place] else {
                self.entries[place] = entry
                continue
            }
            comparedCount += 1
            if first != entry {
                violations.append(
                    Violation(
                        property: "agreement",
                        words: "\(replica) applied at \(entry.index) of \(shard) an entry of "
                            + "term \(entry.term), others one of term \(first.term)"))
            }
        }
        guard let last = entries.last else { return }
        let place = Place(shard: shard, index: last.index)
        if let first = checksums.updateValue(checksum, forKey: place), first != checksum {
            violations.append(
                Violation(
                    property: "agreement",
                    words: "\(replica) has the checksum \(checksum) at \(last.index) of \(shard), "
                        + "others \(first)"))
        }
    }
}
