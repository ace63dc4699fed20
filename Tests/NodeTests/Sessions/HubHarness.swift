import Accounts
import Chat
import Determinism
import Identity
import Node
import Wire

/// Not cryptography, but as different for different input.
struct TestDigest: SecretDigest {
    func digest(_ secret: [UInt8]) -> [UInt8] { TestDigest.hash(secret, 1) }

    func authenticate(_ message: [UInt8]) -> [UInt8] { TestDigest.hash(message, 77) }

    private static func hash(_ bytes: [UInt8], _ seed: UInt64) -> [UInt8] {
        (0..<2).flatMap { half in
            SessionID(
                high: StableHash.of(bytes, seed: seed + half),
                low: StableHash.of(bytes, seed: 9 + half)
            ).bytes
        }
    }
}

/// A hub with a clock, whose invariants are checked after every step.
struct HubHarness {
    var hub: SessionHub
    var generator: SeededGenerator
    var now = Instant.start
    var wall = WallTime(milliseconds: 1_700_000_000_000)
    /// Requests that have not been answered, in order.
    var asked: [(token: HubToken, request: ClientRequest)] = []

    init(seed: UInt64 = 1) {
        hub = SessionHub(digest: TestDigest(), nodes: ["http://127.0.0.1:8081"])
        generator = SeededGenerator(seed: seed)
    }

    @discardableResult
    mutating func give(_ input: HubInput) -> [HubEffect] {
        let effects = hub.receive(input, at: now, wall: wall, using: &generator)
        return note(effects)
    }

    @discardableResult
    mutating func give(_ delivery: HubDelivery) -> [HubEffect] { give(.delivery(delivery)) }

    /// A frame of a client.
    @discardableResult
    mutating func say(_ frame: ClientFrame, _ socket: SocketID) -> [HubEffect] {
        give(.frame(socket, frame.jsonBytes))
    }

    /// Lets time pass, doing what falls due.
    @discardableResult
    mutating func wait(_ interval: Interval) -> [HubEffect] {
        now = now + interval
        wall = wall + interval
        return note(hub.advance(to: now, wall: wall, using: &generator))
    }

    /// Answers the oldest request.
    @discardableResult
    mutating func answer(_ response: ClientResponse) -> [HubEffect] {
        let (token, _) = asked.removeFirst()
        return give(.response(token, response))
    }

    private mutating func note(_ effects: [HubEffect]) -> [HubEffect] {
        hub.checkInvariants()
        for case .request(let token, let request) in effects { asked.append((token, request)) }
        return effects
    }
}

extension [HubEffect] {
    /// The frames to `socket`, in order.
    func frames(to socket: SocketID) -> [ServerFrame] {
        compactMap { effect in
            guard case .send(let sockets, let frame, _) = effect, sockets.contains(socket) else {
                return nil
            }
            return try? ServerFrame(decoding: frame.bytes)
        }
    }

    func closeCode(of socket: SocketID) -> CloseCode? {
        for case .close(socket, let code, _) in self { return code }
        return nil
    }

    var followed: [LogID] {
        compactMap { if case .follow(let log) = $0 { log } else { nil } }
    }

    var unfollowed: [LogID] {
        compactMap { if case .unfollow(let log) = $0 { log } else { nil } }
    }
}

extension SessionGrant {
    static func test(_ number: UInt64, session number2: UInt64? = nil, inboxSeq: UInt64 = 0)
        -> SessionGrant
    {
        SessionGrant(
            account: Wide.account(number), session: Wide.session(number2 ?? number),
            name: "Person \(number)", username: nil,
            inbox: LogCursor(epoch: 1, seq: SequenceNumber(inboxSeq)))
    }
}

/// Ids of small numbers.
enum Wide {
    static func account(_ number: UInt64) -> AccountID { AccountID(high: 0xACC, low: number) }
    static func session(_ number: UInt64) -> SessionID { SessionID(high: 0x5E5, low: number) }
    static func chat(_ number: UInt64) -> ChatID { ChatID(high: 0xC4A7, low: number) }
}

/// An entry of a chat, published.
func published(_ chat: ChatID, _ seq: UInt64, _ kind: ChatEntry.Kind? = nil) -> PublishedEntry {
    let entry = ChatEntry(
        seq: SequenceNumber(seq), n: kind == nil ? Ordinal(seq) : .zero,
        time: WallTime(milliseconds: seq), from: nil, kind: kind ?? .text("message \(seq)"))
    return PublishedEntry(
        log: .chat(chat), epoch: 1, seq: entry.seq, n: entry.n, bytes: entry.encoded())
}

/// An entry of an inbox, published.
func published(_ account: AccountID, _ seq: UInt64, _ kind: InboxEntry.Kind) -> PublishedEntry {
    let entry = InboxEntry(
        seq: SequenceNumber(seq), time: WallTime(milliseconds: seq), kind: kind)
    return PublishedEntry(
        log: .inbox(account), epoch: 1, seq: entry.seq, n: .zero, bytes: entry.encoded())
}

func position(_ seq: UInt64, n: UInt64? = nil) -> LogPosition {
    LogPosition(seq: SequenceNumber(seq), n: Ordinal(n ?? seq))
}

func cursor(_ seq: UInt64, epoch: UInt64 = 1) -> LogCursor {
    LogCursor(epoch: epoch, seq: SequenceNumber(seq))
}

/// A difference of text entries `from + 1 ... to`.
func difference(
    _ log: LogID, from: UInt64, to: UInt64, hasMore: Bool = false, isEnd: Bool = false,
    marks: MarksFields? = nil
) -> ClientResponse {
    let entries = (from..<to).map { seq in
        ClientEntry(
            seq: SequenceNumber(seq + 1), n: Ordinal(seq + 1),
            time: WallTime(milliseconds: seq + 1), from: nil, content: .text("message \(seq + 1)"))
    }
    return .difference(
        LogDifference(
            log: log, epoch: 1, entries: entries, head: position(to), marks: marks,
            hasMore: hasMore,
            isEnd: isEnd))
}

extension HubHarness {
    /// Opens a socket with a grant and takes it to the welcome, with an empty inbox and no chats.
    mutating func join(_ socket: SocketID, _ grant: SessionGrant, open: [Hello.Open] = []) {
        give(.opened(socket, grant: grant, origin: nil))
        say(.hello(Hello(open: open)), socket)
        answer(
            difference(
                .inbox(grant.account), from: grant.inbox.seq.rawValue, to: grant.inbox.seq.rawValue)
        )
        give(
            .head(
                .inbox(grant.account), epoch: 1,
                LogPosition(seq: grant.inbox.seq, n: .zero)))
    }

    /// The same, following a chat that ends at `seq`.
    mutating func join(_ socket: SocketID, _ grant: SessionGrant, _ chat: ChatID, at seq: UInt64) {
        join(socket, grant, open: [Hello.Open(chat: chat, cursor: cursor(seq))])
        answer(difference(.chat(chat), from: seq, to: seq))
        give(.head(.chat(chat), epoch: 1, position(seq)))
    }
}
