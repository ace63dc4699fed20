import Determinism
import Foundation

/// A report as people read it at night.
struct StatusText {
    let status: StatusReport
    let listsShards: Bool

    var text: String {
        var parts = [head, Table(columns: nodeColumns).text, shardSummary]
        if listsShards { parts.append(Table(columns: shardColumns).text) }
        return parts.joined(separator: "\n\n")
    }

    private var head: String {
        "Cluster \(status.cluster), epoch \(status.epoch), as node \(status.node) knows it"
    }

    private var nodeColumns: [(String, [String])] {
        let nodes = status.nodes
        return [
            ("NODE", nodes.map { "\($0.id)" }), ("STANDING", nodes.map(\.standing)),
            ("GOSSIP", nodes.map { $0.liveness ?? "unknown" }),
            ("ADDRESS", nodes.map(StatusText.address)),
            ("BROWSERS", nodes.map { $0.clientURL ?? "-" }),
            ("ZONE", nodes.map { $0.zone.isEmpty ? "-" : $0.zone }),
            ("REPLICAS", nodes.map { "\($0.wantedReplicas)" }),
            ("LEADS", nodes.map { "\($0.leads)" }),
        ]
    }

    private static func address(_ node: StatusReport.Node) -> String {
        guard let host = node.host, let peer = node.peerPort, let gossip = node.gossipPort else {
            return "-"
        }
        let name = host.contains(":") ? "[\(host)]" : host
        return peer == gossip ? "\(name):\(peer)" : "\(name):\(peer) (gossip \(gossip))"
    }

    private var shardSummary: String {
        let groups = ShardGroups(status)
        var lines = ["Shards: \(max(0, status.shards.count - 1)) and the registry"]
        lines.append("  without leader   \(StatusText.names(groups.leaderless))")
        lines.append("  changing members \(StatusText.names(groups.changing))")
        lines.append("  not answering    \(groups.silentText ?? "none")")
        lines.append("  behind           \(groups.behindText ?? "none")")
        if !groups.suspect.isEmpty {
            lines.append(
                "  LOST DATA HERE   \(StatusText.names(groups.suspect)); rebuilt by their peers")
        }
        return lines.joined(separator: "\n")
    }

    fileprivate static func names(_ shards: [StatusReport.Shard]) -> String {
        guard !shards.isEmpty else { return "none" }
        let shown = shards.prefix(8).map(\.shard).joined(separator: ", ")
        return "\(shards.count): \(shown)\(shards.count > 8 ? ", …" : "")"
    }

    private var shardColumns: [(String, [String])] {
        let shards = status.shards
        return [
            ("SHARD", shards.map(\.shard)),
            ("LEADER", shards.map { $0.leader.map { "\($0)" } ?? "none" }),
            ("DESIRED", shards.map { StatusText.list($0.desired) }),
            ("VOTERS", shards.map { $0.local.map { StatusText.list($0.voters) } ?? "-" }),
            ("TERM", shards.map { $0.local.map { "\($0.term)" } ?? "-" }),
            ("APPLIED", shards.map { $0.local.map { "\($0.applied)" } ?? "-" }),
            ("COMMIT", shards.map { $0.local.map { "\($0.commit)" } ?? "-" }),
            ("BEHIND", shards.map(StatusText.behind)),
            ("NOTES", shards.map(StatusText.notes)),
        ]
    }

    private static func behind(_ shard: StatusReport.Shard) -> String {
        guard let local = shard.local, local.isLeader else { return "-" }
        let late = local.followers.filter { $0.entriesBehind > 0 }
        return late.isEmpty
            ? "0" : late.map { "\($0.node):\($0.entriesBehind)" }.joined(separator: " ")
    }

    private static func notes(_ shard: StatusReport.Shard) -> String {
        guard let local = shard.local else { return "not here" }
        var notes: [String] = []
        if local.isJoint { notes.append("changing members") }
        if local.isSuspect { notes.append("lost data") }
        if !local.learners.isEmpty { notes.append("learners \(list(local.learners))") }
        return notes.isEmpty ? "-" : notes.joined(separator: ", ")
    }

    static func list(_ nodes: [UInt64]) -> String {
        nodes.isEmpty ? "-" : nodes.map { "\($0)" }.joined(separator: ",")
    }

    /// Where a chat lives.
    static func text(_ location: LocationReport) -> String {
        """
        chat     \(location.chat)
        hash     \(location.hash)
        shard    \(location.shard)
        desired  \(list(location.desired))
        actual   \(location.actual.isEmpty ? "unknown here" : list(location.actual))
        owner    \(location.owner.map { "\($0)" } ?? "unknown")
        epoch    \(location.epoch)
        """
    }
}

/// The shards that something is to be said of.
private struct ShardGroups {
    let leaderless: [StatusReport.Shard]
    /// Those whose group changes members, or has not those yet that it should have.
    let changing: [StatusReport.Shard]
    /// Those that lost data here.
    let suspect: [StatusReport.Shard]
    private let ledCount: Int
    private let followers: [StatusReport.Follower]

    init(_ status: StatusReport) {
        let shards = status.shards
        leaderless = shards.filter { $0.leader == nil }
        changing = shards.filter { shard in
            guard let local = shard.local else { return false }
            return local.isJoint || Set(local.voters) != Set(shard.desired)
        }
        suspect = shards.filter { $0.local?.isSuspect == true }
        let led = shards.compactMap(\.local).filter(\.isLeader)
        ledCount = led.count
        followers = led.flatMap(\.followers)
    }

    /// Followers that do not answer; nil when all do.
    var silentText: String? {
        let silent = followers.filter { !$0.isActive }
        guard !silent.isEmpty else { return nil }
        let nodes = Set(silent.map(\.node)).sorted().map(String.init).joined(separator: ", ")
        return "\(silent.count) followers of the \(ledCount) shards led here, on node \(nodes)"
    }

    /// Followers that lag behind; nil when none does.
    var behindText: String? {
        let behind = followers.filter { $0.isActive && $0.entriesBehind > 0 }
        guard let worst = behind.map(\.entriesBehind).max() else { return nil }
        return "\(behind.count) followers of the \(ledCount) shards led here, by up to "
            + "\(worst) entries"
    }
}

extension StatusReport {
    /// Why not every replica is in its place, as far as the asked node knows; nil when all are.
    var unsettled: String? {
        let groups = ShardGroups(self)
        // Of what is not here the node need not know the leader.
        let leaderless = groups.leaderless.filter { $0.local != nil }
        if !leaderless.isEmpty {
            return "Shards without leader: \(StatusText.names(leaderless))."
        }
        if !groups.changing.isEmpty {
            return "Shards that change members: \(StatusText.names(groups.changing))."
        }
        if !groups.suspect.isEmpty {
            return "Shards that lost data here: \(StatusText.names(groups.suspect))."
        }
        if let silent = groups.silentText { return "Not answering: \(silent)." }
        let idle = nodes.first { node in
            node.standing == "joining" || node.standing == "up" && node.wantedReplicas == 0
        }
        guard let node = idle else { return nil }
        return "Node \(node.id) has no replicas yet."
    }
}

/// Columns as wide as they must be.
private struct Table {
    let columns: [(String, [String])]

    var text: String {
        let widths = columns.map { name, values in
            ([name] + values).map(\.count).max() ?? 0
        }
        let count = columns.first?.1.count ?? 0
        var lines = [line(columns.map(\.0), widths)]
        for row in 0..<count { lines.append(line(columns.map { $0.1[row] }, widths)) }
        return lines.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (position, (cell, width)) in zip(cells, widths).enumerated() {
            line += cell
            if position < cells.count - 1 {
                line += String(repeating: " ", count: width - cell.count + 2)
            }
        }
        return line
    }
}

/// Times as people read them.
enum TimeText {
    /// Like 2026-05-04 13:07 UTC.
    static func utc(_ time: WallTime) -> String {
        var seconds = time_t(time.milliseconds / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.tm_year + 1_900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
            + "\(two(parts.tm_hour)):\(two(parts.tm_min)) UTC"
    }
}
