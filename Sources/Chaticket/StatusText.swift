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
        let shards = status.shards
        let leaderless = shards.filter { $0.leader == nil }
        let led = shards.compactMap(\.local).filter(\.isLeader)
        let followers = led.flatMap(\.followers)
        let silent = followers.filter { !$0.isActive }
        let behind = followers.filter { $0.isActive && $0.entriesBehind > 0 }
        let changing = shards.filter { $0.local?.isJoint == true }
        let suspect = shards.filter { $0.local?.isSuspect == true }
        var lines = ["Shards: \(max(0, shards.count - 1)) and the registry"]
        lines.append("  without leader   \(StatusText.names(leaderless))")
        lines.append("  changing members \(StatusText.names(changing))")
        lines.append(
            "  not answering    "
                + (silent.isEmpty
                    ? "none"
                    : "\(silent.count) followers of the \(led.count) shards led here, on node "
                        + Set(silent.map(\.node)).sorted().map(String.init).joined(
                            separator: ", ")))
        lines.append(
            "  behind           "
                + (behind.isEmpty
                    ? "none"
                    : "\(behind.count) followers of the \(led.count) shards led here, by up to "
                        + "\(behind.map(\.entriesBehind).max() ?? 0) entries"))
        if !suspect.isEmpty {
            lines.append("  LOST DATA HERE   \(StatusText.names(suspect)); rebuilt by their peers")
        }
        return lines.joined(separator: "\n")
    }

    private static func names(_ shards: [StatusReport.Shard]) -> String {
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
