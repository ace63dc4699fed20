import Determinism
import Identity
import Membership
import Raft
import Testing
import Wire

@Suite("Peer messages on the wire")
struct PeerMessageTests {
    @Test("Every kind of message comes back as it was", arguments: 0..<RandomMessages.kindCount)
    func roundTrip(kind: Int) throws {
        var random = RandomMessages(seed: UInt64(kind) + 1)
        for _ in 0..<100 {
            let message = try random.peer(kind: kind)
            #expect(try PeerMessage.decodeBatch(try message.encoded()) == [message])
        }
    }

    @Test("A batch is the concatenation of its messages and keeps their order")
    func batches() throws {
        var random = RandomMessages(seed: 7)
        for _ in 0..<50 {
            var messages: [PeerMessage] = []
            var bytes: [UInt8] = []
            for _ in 0..<random.upTo(30) {
                let message = try random.peer()
                messages.append(message)
                bytes += try message.encoded()
            }
            #expect(try PeerMessage.decodeBatch(bytes) == messages)
        }
        #expect(try PeerMessage.decodeBatch([]) == [])
    }

    @Test("Damaged and random bytes give a message or an error, and never trap")
    func fuzz() throws {
        var random = RandomMessages(seed: 11)
        var refusedCount = 0
        for round in 0..<6_000 {
            let bytes =
                round % 4 == 0
                ? random.bytes(max: 200) : random.mutated(try random.peer().encoded())
            do {
                _ = try PeerMessage.decodeBatch(bytes)
            } catch {
                refusedCount += 1
            }
        }
        #expect(refusedCount > 1_000)
    }

    @Test("Too many or too large parts are refused by the sender")
    func sendersLimits() {
        let tooLong = [UInt8](repeating: 1, count: PeerLimits.requestBytesMax + 1)
        #expect(
            throws: WireError.tooLarge(
                "request", count: tooLong.count, max: PeerLimits.requestBytesMax)
        ) {
            try PeerMessage.request(id: 1, shard: ShardID(1), bytes: tooLong).encoded()
        }
        let logs = [LogID](
            repeating: .chat(ChatID(high: 1, low: 2)), count: PeerLimits.logsMax + 1)
        #expect(
            throws: WireError.tooLarge("logs", count: logs.count, max: PeerLimits.logsMax)
        ) {
            try PeerMessage.follow(shard: ShardID(1), logs: logs).encoded()
        }
        let reason = String(repeating: "x", count: PeerLimits.reasonBytesMax + 1)
        #expect(throws: WireError.self) { try PeerMessage.goodbye(reason: reason).encoded() }
        let entry = PublishedEntry(
            log: .chat(ChatID(high: 1, low: 2)), epoch: 1, seq: SequenceNumber(1), n: Ordinal(1),
            bytes: [UInt8](repeating: 0, count: PeerLimits.entryBytesMax + 1))
        #expect(throws: WireError.self) {
            try PeerMessage.published(shard: ShardID(1), term: Term(1), entries: [entry]).encoded()
        }
    }

    @Test("A message over its limit is refused by the receiver too")
    func receiversLimits() throws {
        // A follow with one log too many, put together from a lawful one by hand.
        let element = try PeerMessage.follow(
            shard: ShardID(0), logs: [.chat(ChatID(high: 1, low: 2))]
        ).encoded()
        let log = element[4...]
        var list: [UInt8] = []
        for _ in 0...PeerLimits.logsMax { list += log }
        let message = [0x2A] + varint(list.count) + list
        let batch = [0x0A] + varint(message.count) + message
        #expect(
            throws: WireError.tooLarge(
                "logs", count: PeerLimits.logsMax + 1, max: PeerLimits.logsMax)
        ) {
            try PeerMessage.decodeBatch(batch)
        }
        #expect(
            throws: WireError.tooLarge(
                "batch", count: PeerLimits.messagesPerFrameMax + 1,
                max: PeerLimits.messagesPerFrameMax)
        ) {
            let ping = try PeerMessage.streamPing(sequence: 0).encoded()
            var bytes: [UInt8] = []
            for _ in 0...PeerLimits.messagesPerFrameMax { bytes += ping }
            _ = try PeerMessage.decodeBatch(bytes)
        }
    }

    @Test("A message of a kind that is not known, or without content, is refused")
    func unknownKinds() {
        #expect(throws: WireError.missing("message.body")) {
            try PeerMessage.decodeBatch([0x0A, 0])
        }
        // Field 100, which nobody has defined.
        #expect(throws: WireError.missing("message.body")) {
            try PeerMessage.decodeBatch([0x0A, 3, 0xA2, 0x06, 0])
        }
    }

    private func varint(_ value: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(truncatingIfNeeded: rest)]
    }
}

@Suite("Handshakes on the wire")
struct HandshakeTests {
    @Test("Handshakes, refusals, join requests and replies come back as they were")
    func roundTrip() throws {
        var random = RandomMessages(seed: 3)
        for _ in 0..<200 {
            let handshake = random.handshake()
            #expect(try PeerHandshake(decoding: try handshake.encoded()) == handshake)
            let request = try random.joinRequest()
            #expect(try JoinRequest(decoding: try request.encoded()) == request)
            let reply = random.joinReply()
            #expect(try JoinReply(decoding: try reply.encoded()) == reply)
        }
        for code in PeerRefusal.Code.allCases {
            let refusal = PeerRefusal(code: code, reason: "Because of \(code).")
            #expect(try PeerRefusal(decoding: try refusal.encoded()) == refusal)
        }
    }

    @Test("Damaged and random bytes never trap")
    func fuzz() throws {
        var random = RandomMessages(seed: 4)
        var refusedCount = 0
        for _ in 0..<2_000 {
            let handshake = random.mutated(try random.handshake().encoded())
            if (try? PeerHandshake(decoding: handshake)) == nil { refusedCount += 1 }
            let request = random.mutated(try random.joinRequest().encoded())
            if (try? JoinRequest(decoding: request)) == nil { refusedCount += 1 }
            let reply = random.mutated(try random.joinReply().encoded())
            if (try? JoinReply(decoding: reply)) == nil { refusedCount += 1 }
            if (try? PeerRefusal(decoding: random.bytes(max: 60))) == nil { refusedCount += 1 }
        }
        #expect(refusedCount > 1_000)
    }

    @Test("A refusal of a newer version is understood as some other refusal")
    func newerCode() throws {
        // Code 99, reason "x".
        let refusal = try PeerRefusal(decoding: [0x08, 99, 0x12, 1, 0x78])
        #expect(refusal == PeerRefusal(code: .other, reason: "x"))
    }

    @Test("A reason that is too long is cut, not refused")
    func longReason() throws {
        let refusal = PeerRefusal(code: .other, reason: String(repeating: "ü", count: 400))
        #expect(refusal.reason.utf8.count <= PeerLimits.reasonBytesMax)
        #expect(try PeerRefusal(decoding: try refusal.encoded()) == refusal)
    }
}
