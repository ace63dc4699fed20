internal import Determinism
internal import Identity

/// What happened in a run, as lanes of nodes and clients with messages between them: for a page
/// that people look at instead of reading a log.
package struct Timeline: Sendable {
    /// What a message is for; the order is that of the page's legend.
    package enum MessageKind: Int, CaseIterable, Sendable {
        case append
        case vote
        case snapshot
        case heartbeat
        case gossip
        case request
        case publish
        case client
        case other
    }

    /// What a moment of a lane is.
    package enum MomentKind: String, Sendable {
        case commit
        case snapshot
        case replica
        case member
        case fault
        case note
    }

    /// What a lane is for a while.
    package enum SpanKind: String, Sendable {
        /// No process runs.
        case down
        /// The process stands still.
        case pause
        /// Some ways to or from it are cut.
        case cut
    }

    struct Lane {
        let name: String
        let isNode: Bool
    }

    struct Message {
        let from: Int
        let to: Int
        let kind: MessageKind
        let label: Int
        let sent: Instant
        let arrived: Instant
        /// It reached nobody.
        let isLost: Bool
    }

    struct Span {
        let lane: Int
        let kind: SpanKind
        let label: Int
        let from: Instant
        let to: Instant
    }

    struct Reign {
        let lane: Int
        let shard: UInt64
        let term: UInt64
        let from: Instant
        let to: Instant
    }

    struct Moment {
        let lane: Int
        let kind: MomentKind
        let label: Int
        let at: Instant
    }

    var lanes: [Lane] = []
    /// Every text, once.
    var labels: [String] = []
    var messages: [Message] = []
    var spans: [Span] = []
    var reigns: [Reign] = []
    var moments: [Moment] = []
    /// When the run went from one phase to the next.
    var phases: [(name: String, at: Instant)] = []
    var end = Instant.start

    /// How many messages there are.
    package var messageCount: Int { messages.count }
}

// MARK: As JSON

extension Timeline {
    /// The data of the page, times in microseconds; safe inside an HTML script element.
    package func json(
        title: String, settings: String, verdict: String, violations: [String]
    ) -> String {
        var text = "{\"title\":\(Self.quoted(title)),\"settings\":\(Self.quoted(settings))"
        text += ",\"verdict\":\(Self.quoted(verdict)),\"end\":\(Self.micros(end))"
        text += ",\"violations\":\(Self.list(violations.map(Self.quoted)))"
        text += ",\"registry\":\(ShardID.registry.rawValue)"
        text += ",\"kinds\":\(Self.list(MessageKind.allCases.map { "\"\($0)\"" }))"
        text += ",\"lanes\":"
        text += Self.list(
            lanes.map {
                "{\"name\":\(Self.quoted($0.name)),\"kind\":\"\($0.isNode ? "node" : "client")\"}"
            })
        text += ",\"labels\":\(Self.list(labels.map(Self.quoted)))"
        text += ",\"phases\":\(Self.list(phases.map { "[\"\($0.name)\",\(Self.micros($0.at))]" }))"
        text += ",\"messages\":"
        text += Self.list(
            messages.map {
                "\($0.from),\($0.to),\(Self.micros($0.sent)),"
                    + "\(($0.arrived - $0.sent).nanoseconds / 1_000),"
                    + "\($0.kind.rawValue | ($0.isLost ? 128 : 0)),\($0.label)"
            })
        text += ",\"spans\":"
        text += Self.list(
            spans.map {
                "[\($0.lane),\"\($0.kind.rawValue)\",\(Self.micros($0.from)),"
                    + "\(Self.micros($0.to)),\($0.label)]"
            })
        text += ",\"leaders\":"
        text += Self.list(
            reigns.map {
                "[\($0.lane),\($0.shard),\($0.term),\(Self.micros($0.from)),\(Self.micros($0.to))]"
            })
        text += ",\"ticks\":"
        text += Self.list(
            moments.map {
                "[\($0.lane),\"\($0.kind.rawValue)\",\(Self.micros($0.at)),\($0.label)]"
            })
        return text + "}"
    }

    private static func micros(_ instant: Instant) -> UInt64 { instant.nanoseconds / 1_000 }

    private static func list(_ items: [String]) -> String {
        "[" + items.joined(separator: ",") + "]"
    }

    /// A JSON string in which nothing ends the script that it stands in.
    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20, UInt8(ascii: "<"):
                let digits = Array("0123456789abcdef".utf8)
                bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes + [UInt8(ascii: "\"")], as: UTF8.self)
    }
}
