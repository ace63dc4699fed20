package import Determinism
package import Identity

/// While nothing in a core of the cluster is broken, it does what it is asked, in time: every group
/// commits soon, and from then on no node of the core says that something cannot be reached; in the
/// end everything is as it should be.
package struct BoundedLiveness {
    /// The longest until every group has committed something new: 5 s, more where elections take
    /// longer than by default, and 3 s until links that were given up are dialled again.
    package let commitMax: Interval
    /// The longest that an operation takes at a node of the core, from then on.
    package static let operationMax = Interval.seconds(10)
    /// The longest until the core and all clients are as they should be.
    package static let convergenceMax = Interval.seconds(120)
    /// How much longer clients may need for every node that never answers: the longest pause
    /// before a try, and the try.
    package static let strangerMax = Interval.seconds(40)

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    private var begun: Instant?
    /// The groups that have not committed anything new, and what they had.
    private var waiting: [(shard: ShardID, commit: UInt64)] = []

    /// Nothing has happened yet, in a cluster with this least timeout of elections.
    package init(electionTimeoutMin: Interval = .seconds(1)) {
        commitMax = max(.seconds(5), electionTimeoutMin * 5) + .seconds(3)
    }

    /// Since `now` nothing in the core is broken; each group has committed so much before.
    package mutating func begin(at now: Instant, commits: [(shard: ShardID, commit: UInt64)]) {
        begun = now
        waiting = commits
    }

    /// Whether every group has committed something new.
    package var hasCommitted: Bool { waiting.isEmpty }

    /// A replica of a group has applied what was committed through `index`.
    package mutating func committed(_ shard: ShardID, through index: UInt64, at now: Instant) {
        guard let begun,
            let position = waiting.firstIndex(where: { $0.shard == shard && $0.commit < index })
        else { return }
        waiting.remove(at: position)
        if now - begun > commitMax {
            report("\(shard) committed nothing for \(now - begun)")
        }
    }

    /// A node of the core said that it could not reach what a client asked for. Whoever asked may
    /// have done so before the groups could commit.
    package mutating func said(_ code: String, by node: String, at now: Instant) {
        guard let begun, now - begun > commitMax + Self.operationMax else { return }
        report("\(node) said \(code), \(now - begun) after it could reach all")
    }

    /// The core is as it should be, or its time is over; `differences` say what was missing.
    package mutating func end(differences: [String]) {
        guard begun != nil else { return }
        begun = nil
        for group in waiting { report("\(group.shard) committed nothing after \(group.commit)") }
        waiting = []
        if !differences.isEmpty {
            report(
                "not as it should be within \(Self.convergenceMax): "
                    + differences.prefix(12).joined(separator: "; "))
        }
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "bounded liveness", words: words))
    }
}
