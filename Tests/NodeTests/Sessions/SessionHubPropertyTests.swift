import Chat
import Determinism
import Identity
import Node
import Testing
import Wire

/// A cluster behind one hub, with clients that come, go, read slowly and reconnect: whatever happens,
/// what a client has of a log is the log.
private struct HubWorld {
    struct Client {
        var socket: SocketID?
        var account: UInt64
        /// What it has of each chat.
        var logs: [UInt64: [UInt64]] = [:]
        /// Frames that its socket has not read.
        var unread: [ServerFrame] = []
        var isLive = false
        /// Whether it awaits the difference of a chat whose frames were left out.
        var awaited: Set<UInt64> = []
    }

    var harness: HubHarness
    var generator: SeededGenerator
    /// The length of each chat's log.
    var heads: [UInt64: UInt64] = [:]
    /// Up to where the hub has been told.
    var told: [UInt64: UInt64] = [:]
    var followed: Set<LogID> = []
    var clients: [Client] = []
    var nextSocket: UInt64 = 1
    /// Requests on their way to the shards, and answers on their way back.
    var pending: [(HubToken, ClientRequest)] = []
    var answers: [(HubToken, ClientResponse)] = []
    let chats = UInt64(3)

    init(seed: UInt64) {
        harness = HubHarness(seed: seed)
        generator = SeededGenerator(seed: seed)
        for chat in 1...chats { heads[chat] = 0 }
        clients = (1...5).map { Client(account: $0) }
    }

    mutating func carryOut(_ effects: [HubEffect]) {
        for effect in effects {
            switch effect {
            case .send(let sockets, let frame, _):
                guard let decoded = try? ServerFrame(decoding: frame.bytes) else {
                    Issue.record("a frame cannot be read")
                    continue
                }
                for index in clients.indices
                where clients[index].socket.map(sockets.contains) == true {
                    clients[index].unread.append(decoded)
                }
            case .close(let socket, _, _):
                for index in clients.indices where clients[index].socket == socket {
                    disconnect(index)
                }
            case .request(let token, let request): pending.append((token, request))
            case .follow(let log):
                #expect(followed.insert(log).inserted)
                tellHead(log)
            case .unfollow(let log): #expect(followed.remove(log) != nil)
            case .signal: break
            }
        }
        harness.asked = []
    }

    mutating func tellHead(_ log: LogID) {
        switch log {
        case .inbox: carryOut(harness.give(.head(log, epoch: 1, .zero)))
        case .chat(let chat):
            let head = heads[chat.low, default: 0]
            told[chat.low] = head
            carryOut(harness.give(.head(log, epoch: 1, position(head))))
        }
    }

    mutating func disconnect(_ index: Int) {
        clients[index].socket = nil
        clients[index].unread = []
        clients[index].isLive = false
        clients[index].awaited = []
    }

    mutating func connect(_ index: Int) {
        let socket = SocketID(nextSocket)
        nextSocket += 1
        clients[index].socket = socket
        carryOut(
            harness.give(.opened(socket, grant: .test(clients[index].account), origin: nil)))
        let open = (1...chats).map { chat in
            Hello.Open(
                chat: Wide.chat(chat),
                cursor: cursor(UInt64(clients[index].logs[chat]?.count ?? 0)))
        }
        carryOut(harness.say(.hello(Hello(inbox: cursor(0), open: open)), socket))
    }

    /// Lets a request arrive, or an answer: any of them. What is published between the two is not in
    /// the answer.
    mutating func answerOne() {
        if !answers.isEmpty, pending.isEmpty || generator.chance(1, in: 2) {
            let (token, response) = answers.remove(
                at: Int(generator.next(upperBound: UInt64(answers.count))))
            carryOut(harness.give(.response(token, response)))
            return
        }
        guard !pending.isEmpty else { return }
        let (token, request) = pending.remove(
            at: Int(generator.next(upperBound: UInt64(pending.count))))
        guard case .difference(_, let log, let from) = request else { return }
        let response: ClientResponse
        if generator.chance(1, in: 10) {
            response = .failed(Failure(.unavailable))
        } else if case .chat(let chat) = log {
            let head = heads[chat.low, default: 0]
            let start = from.seq.rawValue
            if head - start > 40 {
                response = .tooLong(
                    LogGap(
                        log: log, epoch: 1, head: position(head), tail: position(start), marks: nil)
                )
            } else {
                let end = min(head, start + 10)
                response = difference(log, from: start, to: end, hasMore: end < head)
            }
        } else {
            response = difference(log, from: 0, to: 0)
        }
        answers.append((token, response))
    }

    mutating func append() {
        let chat = generator.next(upperBound: chats) + 1
        heads[chat, default: 0] += 1
    }

    /// Tells the hub what is new in a chat, or, as after a change of owner, only where it ends.
    mutating func publish() {
        let chat = generator.next(upperBound: chats) + 1
        let log = LogID.chat(Wide.chat(chat))
        let head = heads[chat, default: 0]
        guard followed.contains(log), let from = told[chat], head > from else { return }
        if generator.chance(1, in: 8) {
            tellHead(log)
        } else {
            told[chat] = head
            carryOut(
                harness.give(
                    .published(
                        log, epoch: 1, ((from + 1)...head).map { published(Wide.chat(chat), $0) })))
        }
    }

    mutating func readSome(_ index: Int, _ count: Int) {
        for _ in 0..<count {
            guard clients[index].socket != nil, !clients[index].unread.isEmpty else { return }
            read(clients[index].unread.removeFirst(), index)
        }
    }

    /// The client's rules (DESIGN 8, rule 2); a push is never behind a gap, since its socket keeps
    /// order.
    mutating func read(_ frame: ServerFrame, _ index: Int) {
        switch frame {
        case .live: clients[index].isLive = true
        case .push(.chat(let chat), _, let entry):
            let have = UInt64(clients[index].logs[chat.low]?.count ?? 0)
            #expect(entry.seq.rawValue == have + 1, "a push that does not follow")
            clients[index].logs[chat.low, default: []].append(entry.seq.rawValue)
        case .difference(let difference):
            guard case .chat(let chat) = difference.log else { return }
            clients[index].awaited.remove(chat.low)
            for entry in difference.entries {
                let have = UInt64(clients[index].logs[chat.low]?.count ?? 0)
                guard entry.seq.rawValue > have else { continue }
                #expect(entry.seq.rawValue == have + 1, "a difference that does not follow")
                clients[index].logs[chat.low, default: []].append(entry.seq.rawValue)
            }
            if difference.hasMore { ask(chat, index) }
        case .tooLong(let gap):
            guard case .chat(let chat) = gap.log else { return }
            clients[index].awaited.remove(chat.low)
            // A real client records a hole; here it fills it at once, as by history.
            clients[index].logs[chat.low] =
                gap.head.seq == .zero ? [] : Array(1...gap.head.seq.rawValue)
        case .advanced(.chat(let chat), _): ask(chat, index)
        case .error(let error): Issue.record("an error: \(error.code)")
        default: break
        }
    }

    mutating func ask(_ chat: ChatID, _ index: Int) {
        guard let socket = clients[index].socket,
            clients[index].awaited.insert(chat.low).inserted
        else { return }
        let have = UInt64(clients[index].logs[chat.low]?.count ?? 0)
        carryOut(harness.say(.difference(.chat(chat), cursor(have)), socket))
    }

    mutating func reportBacklog(_ index: Int) {
        guard let socket = clients[index].socket else { return }
        // Small numbers stand for large ones: each unread frame counts for 16.
        let frames = clients[index].unread.count * 16
        carryOut(
            harness.give(.backlog(socket, frameCount: min(frames, 900), byteCount: frames)))
    }

    mutating func step() {
        let index = Int(generator.next(upperBound: UInt64(clients.count)))
        switch generator.next(upperBound: UInt64(20)) {
        case 0..<5: append()
        case 5..<9: publish()
        case 9..<13: answerOne()
        case 13..<16: readSome(index, Int(generator.next(upperBound: UInt64(8))))
        case 16: reportBacklog(index)
        case 17:
            if clients[index].socket == nil { connect(index) }
        case 18:
            if generator.chance(1, in: 3), let socket = clients[index].socket {
                disconnect(index)
                carryOut(harness.give(.closed(socket)))
            }
        default: carryOut(harness.wait(.milliseconds(50)))
        }
    }

    /// Lets everything come to rest.
    mutating func settle() {
        for index in clients.indices where clients[index].socket == nil { connect(index) }
        for _ in 0..<500 {
            for _ in 0..<4 { publish() }
            for _ in 0..<4 { answerOne() }
            for index in clients.indices {
                readSome(index, 100)
                reportBacklog(index)
            }
            carryOut(harness.wait(.milliseconds(20)))
            for index in clients.indices where clients[index].socket == nil { connect(index) }
            if harness.now.nanoseconds / 1_000_000_000 % 20 == 0 {
                for index in clients.indices {
                    if let socket = clients[index].socket { carryOut(harness.say(.ping, socket)) }
                }
            }
        }
    }
}

@Suite("Session hub: property")
struct SessionHubPropertyTests {
    @Test(
        "Through publishing, closing, reconnecting, slow reading and owner changes in any order, every client ends with the whole log, without gap or double",
        arguments: UInt64(1)...16)
    func continuity(seed: UInt64) {
        var world = HubWorld(seed: seed)
        for _ in 0..<1_000 { world.step() }
        world.settle()
        for client in world.clients {
            #expect(client.isLive, "seed \(seed)")
            for chat in 1...world.chats {
                let head = world.heads[chat, default: 0]
                let whole = head == 0 ? [] : Array(1...head)
                #expect(client.logs[chat, default: []] == whole, "seed \(seed)")
            }
        }
    }
}
