internal import Determinism
internal import Identity
internal import Membership
internal import Node
internal import Raft
internal import Storage

/// What happened, as one number that is equal for equal runs, and the last of it in words.
struct SimulationTrace {
    private enum Line {
        case event(SimulatedCluster.Event)
        case node(Int, NodeEvent)
        case note(String)
    }

    private static let linesMax = 400

    /// Whether the last of it is kept, which costs a run a twentieth of its time.
    var keepsLines = false

    /// A rolling hash of everything that happened, in order.
    private(set) var hash: UInt64 = 0
    private(set) var eventCount: UInt64 = 0
    private var lines: [(at: Instant, line: Line)] = []
    private var nextLine = 0

    /// Something is about to happen.
    mutating func note(_ event: SimulatedCluster.Event, at now: Instant) {
        eventCount += 1
        let word = event.summary
        hash = StableHash.of(hash ^ now.nanoseconds &* 0x9E37_79B9, seed: word)
        keep(.event(event), at: now)
    }

    /// A node wants something done.
    mutating func note(_ ready: NodeReady, of node: Int, at now: Instant) {
        var word = UInt64(node) << 56
        word ^= UInt64(ready.write?.batch.byteCount ?? 0) << 20
        word ^= UInt64(ready.messages.count) << 8 ^ UInt64(ready.datagrams.count)
        word ^= UInt64(ready.deliveries.count) << 40 ^ UInt64(ready.reads.count) << 48
        word ^= UInt64(ready.questions.count) << 52
        hash = StableHash.of(hash ^ word, seed: eventCount)
    }

    /// Something inside a node that is worth telling.
    mutating func note(_ event: NodeEvent, of node: Int, at now: Instant) {
        switch event {
        case .applied(let shard, _, _, let last, let checksum, let stateHash):
            let word = UInt64(shard.rawValue) << 48 ^ last.rawValue << 16 ^ UInt64(checksum)
            hash = StableHash.of(hash ^ word, seed: stateHash)
        // What is written to the disk is in the hash already.
        case .appended: return
        default: break
        }
        keep(.node(node, event), at: now)
    }

    /// Something outside of the nodes.
    mutating func note(_ text: @autoclosure () -> String, at now: Instant) {
        let text = text()
        hash = StableHash.of(Array(text.utf8), seed: hash)
        keep(.note(text), at: now)
    }

    private mutating func keep(_ line: @autoclosure () -> Line, at now: Instant) {
        guard keepsLines else { return }
        let line = line()
        if lines.count < Self.linesMax {
            lines.append((now, line))
        } else {
            lines[nextLine] = (now, line)
            nextLine = (nextLine + 1) % Self.linesMax
        }
    }

    /// The last things that happened, oldest first.
    var tail: [String] {
        (lines[nextLine...] + lines[..<nextLine]).compactMap { at, line in
            switch line {
            case .event(let event): event.isNoise ? nil : "\(at) \(event.words)"
            case .node(let node, .applied(let shard, _, _, let last, let checksum, let stateHash)):
                "\(at) node \(node): applied \(shard) through \(last) (\(checksum), \(stateHash))"
            case .node(let node, let event): "\(at) node \(node): \(event)"
            case .note(let text): "\(at) \(text)"
            }
        }
    }
}

extension SimulatedCluster.Event {
    /// The kind, whom it concerns and how big it is, in one word.
    var summary: UInt64 {
        func word(_ kind: UInt64, _ whom: Int, _ size: Int = 0) -> UInt64 {
            kind << 56 ^ UInt64(whom) << 40 ^ UInt64(size)
        }
        return switch self {
        case .timer(let node, _): word(1, node)
        case .datagram(_, _, let to, _): word(2, Int(to.port))
        case .messages(let messages, let path, let stream):
            word(3, Int(path.to.rawValue), messages.count) ^ stream << 16
        case .dial(let path, _): word(4, Int(path.to.rawValue))
        case .linkBroken(let path, _): word(5, Int(path.to.rawValue))
        case .linkTimeout(let path, _): word(6, Int(path.to.rawValue))
        case .written(let node, _, let ready): word(7, node, ready.write?.batch.byteCount ?? 0)
        case .read(let node, _, let token, let pairs): word(8, node, pairs.count) ^ token << 16
        case .found(let node, _, let token, let finding):
            word(16, node, finding.byteCount) ^ token << 16
        case .hub(let node, _, _): word(9, node)
        case .hubTimer(let node, _): word(10, node)
        case .fromHub(let node, _, _): word(11, node)
        case .arrival(let node, let arrival): word(12, node, arrival.byteCount)
        case .resume(let node): word(13, node)
        case .turn(let node): word(15, node)
        case .world(let event): word(14, 0, event.byteCount)
        }
    }

    /// Whether it is too common to be told.
    var isNoise: Bool {
        switch self {
        case .timer, .written, .read, .found, .hubTimer, .datagram, .turn: true
        default: false
        }
    }

    /// One line for people.
    var words: String {
        switch self {
        case .messages(let messages, let path, _):
            "\(path.from) → \(path.to): "
                + messages.map { String(String(describing: $0).prefix(120)) }
                .joined(separator: "; ").prefix(400)
        case .dial(let path, _): "\(path.from) dials \(path.to)"
        case .linkBroken(let path, _): "\(path.from) lost its link to \(path.to)"
        case .linkTimeout(let path, _): "\(path.from) → \(path.to): patience is over"
        case .hub(let node, _, let input): "hub \(node) ← \(String(describing: input).prefix(200))"
        case .fromHub(let node, _, let effect):
            "hub \(node) → node \(String(describing: effect).prefix(200))"
        case .arrival(let node, let arrival): "node \(node) ← \(arrival.words)"
        case .resume(let node): "node \(node) goes on"
        case .turn(let node): "node \(node) takes its turn"
        case .world(let event): event.words
        case .timer, .datagram, .written, .read, .found, .hubTimer: String(describing: self)
        }
    }
}
