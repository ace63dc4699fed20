package import Identity
package import Node
package import Raft

/// What was committed in a term is in the log of every leader of a later term (Raft 5.4).
///
/// In which term an entry was committed cannot be seen from outside. Whoever applies it is in that
/// term or a later one, so leaders of terms after the applier's are looked at. Of a prefix that a
/// leader has applied ``Agreement`` says that it is the right one.
///
/// Invariants: 1. The commits of a group ascend in both, term and index: another would say no more
/// than one of them does. 2. Its reigns ascend in their terms.
package struct LeaderCompleteness {
    /// Everything through `index` was committed by the end of `term`.
    private struct Commit {
        let term: Term
        let index: LogIndex
        let checksum: UInt32
    }

    /// The log that a leader began with.
    private struct Reign {
        let term: Term
        let leader: ReplicaID
        let log: LogOutline
    }

    private struct Group {
        var commits: [Commit] = []
        var reigns: [Reign] = []
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many times a leader was found to have what was committed.
    package private(set) var comparedCount: UInt64 = 0
    private var groups: [ShardID: Group] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// A replica whose log is `log` has applied `shard` through `index`, where the chained checksum
    /// is `checksum`.
    package mutating func applied(
        through index: LogIndex, checksum: UInt32, of shard: ShardID, log: LogOutline
    ) {
        let commit = Commit(term: log.term, index: index, checksum: checksum)
        var group = groups[shard] ?? Group()
        for reign in group.reigns.reversed() {
            guard reign.term > commit.term else { break }
            compare(reign, with: commit, of: shard)
        }
        keep(commit, in: &group.commits)
        groups[shard] = group
    }

    /// `replica` leads `shard` in `term`, with this log.
    package mutating func led(
        _ shard: ShardID, in term: Term, by replica: ReplicaID, log: LogOutline
    ) {
        let reign = Reign(term: term, leader: replica, log: log)
        var group = groups[shard] ?? Group()
        if let commit = group.commits.last(where: { $0.term < term }) {
            compare(reign, with: commit, of: shard)
        }
        let place = group.reigns.lastIndex { $0.term <= term }.map { $0 + 1 } ?? 0
        group.reigns.insert(reign, at: place)
        groups[shard] = group
    }

    private func keep(_ commit: Commit, in commits: inout [Commit]) {
        var start = commits.lastIndex { $0.term <= commit.term }.map { $0 + 1 } ?? 0
        if start > 0, commits[start - 1].index >= commit.index { return }
        if start > 0, commits[start - 1].term == commit.term { start -= 1 }
        let rest = commits[start...].firstIndex { $0.index > commit.index } ?? commits.endIndex
        commits.replaceSubrange(start..<rest, with: [commit])
    }

    private mutating func compare(_ reign: Reign, with commit: Commit, of shard: ShardID) {
        guard commit.index >= reign.log.applied.index else { return }
        comparedCount += 1
        let found = reign.log.place(at: commit.index)
        guard found?.checksum != commit.checksum else { return }
        violations.append(
            Violation(
                property: "leader completeness",
                words: "\(reign.leader) leads \(shard) in term \(reign.term) "
                    + (found == nil
                        ? "with a log that ends at \(reign.log.last), "
                        : "with another entry at \(commit.index), ")
                    + "and \(commit.index) was committed by term \(commit.term)"))
    }
}
