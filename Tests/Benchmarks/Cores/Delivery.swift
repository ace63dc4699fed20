import Benchmark
import Chat
import Determinism
import Identity
import Node
import Wire

/// Not cryptography: nobody attacks a benchmark.
private struct BenchDigest: SecretDigest {
    func digest(_ secret: [UInt8]) -> [UInt8] { Array(secret.prefix(32)) }
    func authenticate(_ message: [UInt8]) -> [UInt8] { Array(message.prefix(32)) }
}

/// A hub with live sockets that all follow one chat.
private struct HubBench {
    private static let epoch: UInt64 = 1

    private var hub = SessionHub(digest: BenchDigest())
    private var generator = SeededGenerator(seed: 1)
    private let chat = ChatID(high: 7, low: 7)
    private let now = Instant.start
    private let wall = WallTime(milliseconds: 1_700_000_000_000)
    private var seq: UInt64 = 10

    init(sockets: Int) {
        for number in 1...UInt64(sockets) { join(SocketID(number)) }
        precondition(publish() == sockets, "every socket is live")
    }

    /// Publishes the chat's next message; answers how many sockets get it.
    mutating func publish() -> Int {
        seq += 1
        let entry = ChatEntry(
            seq: SequenceNumber(seq), n: Ordinal(seq), time: wall, from: nil,
            kind: .text(sampleText))
        let published = PublishedEntry(
            log: .chat(chat), epoch: Self.epoch, seq: entry.seq, n: entry.n,
            bytes: entry.encoded())
        let effects = give(
            .delivery(.published(.chat(chat), epoch: Self.epoch, [published])))
        return effects.reduce(0) { sum, effect in
            guard case .send(let sockets, _, _) = effect else { return sum }
            return sum + sockets.count
        }
    }

    private mutating func join(_ socket: SocketID) {
        let account = AccountID(high: 1, low: socket.rawValue)
        let grant = SessionGrant(
            account: account, session: SessionID(high: 1, low: socket.rawValue), name: "Person",
            username: nil, inbox: LogCursor(epoch: Self.epoch, seq: .zero))
        _ = give(.opened(socket, grant: grant, origin: nil))
        let position = LogPosition(seq: SequenceNumber(seq), n: Ordinal(seq))
        let open = Hello.Open(
            chat: chat, cursor: LogCursor(epoch: Self.epoch, seq: position.seq))
        let heads: [LogID: LogPosition] = [.inbox(account): .zero, .chat(chat): position]
        var waiting = give(.frame(socket, ClientFrame.hello(Hello(open: [open])).jsonBytes))
        while !waiting.isEmpty {
            switch waiting.removeFirst() {
            case .request(let token, .difference(_, let log, from: _)):
                let difference = LogDifference(
                    log: log, epoch: Self.epoch, entries: [], head: heads[log] ?? .zero,
                    marks: nil, hasMore: false)
                waiting += give(.delivery(.response(token, .difference(difference))))
            case .follow(let log):
                waiting += give(
                    .delivery(.head(log, epoch: Self.epoch, heads[log] ?? .zero)))
            default: break
            }
        }
    }

    private mutating func give(_ input: HubInput) -> [HubEffect] {
        hub.receive(input, at: now, wall: wall, using: &generator)
    }
}

func deliveryBenchmarks() {
    for sockets in [3, 1_000] {
        measure("hub-message-for-\(sockets)-sockets", prepare: { HubBench(sockets: sockets) }) {
            hub, count in
            for _ in 0..<count { blackHole(hub.publish()) }
        }
    }
}
