import Determinism
import Gateway
import Identity
import NIOCore
import Node
import Testing
import Wire

@Suite("The socket")
struct SocketTests {
    static let hello = #"{"kind":"hello","device":"Test","open":[]}"#

    // MARK: Who may open it

    @Test("A session cookie at the upgrade signs the socket in")
    func cookieAtUpgrade() async throws {
        try await TestGateway.run { gateway in
            let socket = try await SocketClient(
                port: gateway.port,
                headers: [("Cookie", "session=\(FakeNode.token)"), ("Origin", gateway.origin)])
            #expect(socket.answer.status == 101)
            try await socket.send(Self.hello)
            let welcome = try #require(await socket.receive(kind: "welcome"))
            #expect((welcome["account"] as? [String: Any])?["name"] as? String == "Ada")
            #expect(await socket.receive(kind: "live") != nil)
        }
    }

    @Test("A bearer at the upgrade signs the socket in, whatever the cookie")
    func bearerAtUpgrade() async throws {
        try await TestGateway.run { gateway in
            let socket = try await SocketClient(
                port: gateway.port,
                headers: [("Authorization", "Bearer \(FakeNode.token)"), ("Cookie", "session=x")])
            try await socket.send(Self.hello)
            #expect(await socket.receive(kind: "welcome") != nil)
        }
    }

    @Test("A token in hello signs the socket in")
    func tokenInHello() async throws {
        try await TestGateway.run { gateway in
            let socket = try await SocketClient(port: gateway.port)
            try await socket.send(
                #"{"kind":"hello","token":"\#(FakeNode.token)","device":"Test","open":[]}"#)
            #expect(await socket.receive(kind: "welcome") != nil)
        }
    }

    @Test(
        "A ticket of one node opens a socket on another, and is exchanged for a bearer"
    )
    func ticketInHello() async throws {
        try await TestGateway.run { gateway in
            try await TestGateway.run { other in
                let origins = [gateway.origin, other.origin].compactMap { Origin($0) }
                for node in [gateway.node, other.node] {
                    node.setFacts(GatewayFacts(isReady: true, publicOrigins: origins))
                }
                let first = try await SocketClient(
                    port: gateway.port,
                    headers: [("Cookie", "session=\(FakeNode.token)"), ("Origin", gateway.origin)])
                try await first.send(Self.hello)
                let welcome = try #require(await first.receive(kind: "welcome"))
                let ticket = try #require(welcome["ticket"] as? String)
                let second = try await SocketClient(
                    port: other.port, headers: [("Origin", gateway.origin)])
                try await second.send(
                    #"{"kind":"hello","ticket":"\#(ticket)","device":"Test","open":[]}"#)
                let again = try #require(await second.receive(kind: "welcome"))
                #expect(SessionToken(text: again["bearer"] as? String ?? "") != nil)
                // The ticket is bound to the page's origin.
                let stolen = try await SocketClient(
                    port: other.port, headers: [("Origin", other.origin)])
                try await stolen.send(
                    #"{"kind":"hello","ticket":"\#(ticket)","device":"Test","open":[]}"#)
                let end = await stolen.receiveClose()
                #expect(end.code == 4401)
                #expect(end.before.isEmpty)
            }
        }
    }

    @Test("A socket that shows nothing is closed with 4401 and receives nothing")
    func helloDeadline() async throws {
        try await TestGateway.run { gateway in
            let socket = try await SocketClient(port: gateway.port)
            let end = await socket.receiveClose()
            #expect(end.code == 4401)
            #expect(end.before.isEmpty)
        }
    }

    @Test(
        "A hello without good credentials is closed with 4401 and receives nothing",
        arguments: [
            hello, #"{"kind":"hello","token":"x","open":[]}"#,
            #"{"kind":"hello","ticket":"x","open":[]}"#,
            "{\"kind\":\"hello\",\"token\":\"\(String(repeating: "0", count: 128))\",\"open\":[]}",
        ])
    func badHello(_ hello: String) async throws {
        try await TestGateway.run { gateway in
            let socket = try await SocketClient(
                port: gateway.port, headers: [("Cookie", "session=nonsense")])
            try await socket.send(hello)
            let end = await socket.receiveClose()
            #expect(end.code == 4401)
            #expect(end.before.isEmpty)
        }
    }

    @Test("When the cluster cannot tell who it is, the socket is sent away, not signed out")
    func authenticationUnavailable() async throws {
        try await TestGateway.run { gateway in
            gateway.node.answer { _ in .failed(Failure(.unavailable)) }
            let socket = try await SocketClient(
                port: gateway.port, headers: [("Cookie", "session=\(FakeNode.token)")])
            let end = await socket.receiveClose()
            #expect(end.code == 1001)
            #expect(end.before.isEmpty)
        }
    }

    // MARK: Where it may be opened from

    @Test(
        "A page of another origin is refused with 403 badOrigin",
        arguments: ["https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1", "x"])
    func foreignOrigin(_ origin: String) async throws {
        try await TestGateway.run { gateway in
            let socket = try await SocketClient(
                port: gateway.port,
                headers: [("Origin", origin), ("Cookie", "session=\(FakeNode.token)")])
            #expect(socket.answer.status == 403)
            #expect(socket.answer.errorCode == "badOrigin")
            #expect(socket.answer.header("content-security-policy") != nil)
        }
    }

    @Test("A page of a public origin of the cluster may open it")
    func publicOrigin() async throws {
        try await TestGateway.run { gateway in
            gateway.node.setFacts(
                GatewayFacts(
                    isReady: true,
                    publicOrigins: ["https://chat.example"].compactMap { Origin($0) }))
            let socket = try await SocketClient(
                port: gateway.port, headers: [("Origin", "https://CHAT.example:443")])
            #expect(socket.answer.status == 101)
        }
    }

    @Test(
        "A request that is no opening handshake (RFC 6455 section 4.2.1) is answered as HTTP",
        arguments: [
            ("Upgrade", ""), ("Upgrade", "h2c"), ("Connection", "keep-alive"),
            ("Sec-WebSocket-Version", "12"), ("Sec-WebSocket-Version", ""),
            ("Sec-WebSocket-Key", ""), ("Sec-WebSocket-Key", "short"), ("Content-Length", "3"),
            ("Transfer-Encoding", "chunked"),
        ])
    func noHandshake(_ name: String, _ value: String) async throws {
        try await TestGateway.run { gateway in
            let socket = try await SocketClient(port: gateway.port, headers: [(name, value)])
            #expect(socket.answer.status == 400)
            #expect(socket.answer.errorCode == "badRequest")
        }
    }

    @Test("Only /ws is a socket")
    func otherPath() async throws {
        try await TestGateway.run { gateway in
            let socket = try await SocketClient(port: gateway.port, path: "/healthz")
            #expect(socket.answer.status == 200)
        }
    }

    // MARK: Frames (RFC 6455)

    @Test("A ping is answered with a pong of the same bytes (5.5.3)")
    func ping() async throws {
        try await TestGateway.run { gateway in
            let socket = try await signedIn(gateway)
            try await socket.send(opcode: 9, [1, 2, 3])
            #expect(await socket.receive() == .pong([1, 2, 3]))
        }
    }

    @Test("A fragmented message is one message, also with a ping between its parts (5.4)")
    func fragments() async throws {
        try await TestGateway.run { gateway in
            let socket = try await signedIn(gateway)
            let bytes = Array(Self.hello.utf8)
            try await socket.send(opcode: 1, Array(bytes[..<10]), fin: false)
            try await socket.send(opcode: 9, [9])
            try await socket.send(opcode: 0, Array(bytes[10..<11]), fin: false)
            try await socket.send(opcode: 0, Array(bytes[11...]))
            #expect(await socket.receive() == .pong([9]))
            #expect(await socket.receive(kind: "welcome") != nil)
        }
    }

    @Test("A close is answered with the same code (5.5.1)", arguments: [UInt16(1000), 1001, 4000])
    func close(_ code: UInt16) async throws {
        try await TestGateway.run { gateway in
            let socket = try await signedIn(gateway)
            try await socket.send(opcode: 8, [UInt8(code >> 8), UInt8(code & 0xFF)])
            #expect(await socket.receive() == .close(code, ""))
            #expect(await socket.receive() == .end)
        }
    }

    /// Frames that break a rule, and the code that says so.
    static let violations: [(name: String, frames: [TestFrame], code: UInt16)] = [
        ("binary (1003)", [TestFrame(2, [1])], 1003),
        ("unmasked (5.1)", [TestFrame(1, [0x7B], isMasked: false)], 1002),
        ("a reserved bit (5.2)", [TestFrame(1, [0x7B], rsv: 4)], 1002),
        ("a reserved opcode (5.2)", [TestFrame(3, [])], 1002),
        ("a reserved control opcode (5.2)", [TestFrame(11, [])], 1002),
        ("a fragmented ping (5.5)", [TestFrame(9, [], fin: false)], 1002),
        ("a long ping (5.5)", [TestFrame(9, [UInt8](repeating: 0, count: 126))], 1002),
        ("a continuation of nothing (5.4)", [TestFrame(0, [])], 1002),
        (
            "a text within a text (5.4)", [TestFrame(1, [0x7B], fin: false), TestFrame(1, [0x7D])],
            1002
        ),
        ("invalid UTF-8 (8.1)", [TestFrame(1, [0xFF])], 1007),
        ("half a character (8.1)", [TestFrame(1, [0xE2, 0x82])], 1007),
        ("a frame over 64 KiB", [TestFrame(1, [UInt8](repeating: 0x20, count: 65_537))], 1009),
        (
            "a message over 64 KiB",
            [
                TestFrame(1, [UInt8](repeating: 0x20, count: 40_000), fin: false),
                TestFrame(0, [UInt8](repeating: 0x20, count: 40_000)),
            ], 1009
        ),
        (
            "a message of very many fragments",
            [TestFrame(1, [], fin: false)]
                + [TestFrame](repeating: TestFrame(0, [], fin: false), count: 300), 1009
        ),
        ("a close with half a code (5.5.1)", [TestFrame(8, [3])], 1002),
        ("a close with a code that is not sent (7.4.1)", [TestFrame(8, [0x03, 0xED])], 1002),
    ]

    @Test(
        "A frame that breaks a rule closes this socket, and no other", arguments: violations.indices
    )
    func violation(_ index: Int) async throws {
        let (name, frames, code) = Self.violations[index]
        try await TestGateway.run { gateway in
            let bystander = try await signedIn(gateway)
            let socket = try await signedIn(gateway)
            for frame in frames { try? await socket.send(frame) }
            let end = await socket.receiveClose()
            #expect(end.code == code, "\(name)")
            try await bystander.send(Self.hello)
            #expect(await bystander.receive(kind: "welcome") != nil)
        }
    }

    @Test(
        "A message that the protocol does not know closes with 4400",
        arguments: ["", "x", "[]", "{}", #"{"kind":"fly"}"#, #"{"kind":1}"#, "{\"kind\":\"hello\""])
    func malformed(_ message: String) async throws {
        try await TestGateway.run { gateway in
            let socket = try await signedIn(gateway)
            try await socket.send(message)
            #expect(await socket.receiveClose().code == 4400)
        }
    }

    @Test(
        "A reply reaches the node as it was written; what cannot be one is refused, and no more is")
    func reply() async throws {
        try await TestGateway.run { gateway in
            gateway.node.answer { request in
                guard case .send(_, _, _, let replyTo?, _) = request else { return nil }
                return replyTo == SequenceNumber(7)
                    ? .receipt(
                        Receipt(
                            seq: SequenceNumber(9), n: Ordinal(4), time: WallTime(milliseconds: 1)))
                    : .failed(Failure(.badReply))
            }
            let socket = try await signedIn(gateway)
            try await socket.send(Self.hello)
            #expect(await socket.receive(kind: "live") != nil)
            let chat = FakeNode.chatID.text
            func send(_ number: Int, replyTo: String) async throws {
                try await socket.send(
                    #"{"kind":"send","cmid":"0190b4a0c0007000800000000000000\#(number)","#
                        + #""chat":"\#(chat)","text":"yes","replyTo":\#(replyTo)}"#)
            }
            for (number, wrong) in ["0", "-3", #""7""#].enumerated() {
                try await send(number, replyTo: wrong)
                let error = try #require(await socket.receive(kind: "error"))
                #expect(error["code"] as? String == "badRequest")
                #expect(error["retryable"] as? Bool == false)
            }
            try await send(4, replyTo: "8")
            let refused = try #require(await socket.receive(kind: "error"))
            #expect(refused["code"] as? String == "badReply")
            #expect((refused["cmid"] as? String)?.last == "4")
            #expect(refused["retryable"] as? Bool == false)
            try await send(5, replyTo: "7")
            let ack = try #require(await socket.receive(kind: "ack"))
            #expect((ack["cmid"] as? String)?.last == "5")
            let sends = gateway.node.requests.filter { request in
                if case .send = request { return true }
                return false
            }
            #expect(sends.count == 2)
        }
    }

    @Test("An edit reaches the node as it was written and is acknowledged like a message")
    func edit() async throws {
        try await TestGateway.run { gateway in
            gateway.node.answer { request in
                guard case .edit(_, _, let target, let text, _) = request else { return nil }
                return target == SequenceNumber(7) && text == "yes"
                    ? .receipt(
                        Receipt(
                            seq: SequenceNumber(9), n: .zero, time: WallTime(milliseconds: 1)))
                    : .failed(Failure(.tooOld))
            }
            let socket = try await signedIn(gateway)
            try await socket.send(Self.hello)
            #expect(await socket.receive(kind: "live") != nil)
            func edit(_ number: Int, target: Int) async throws {
                try await socket.send(
                    #"{"kind":"edit","cmid":"0190b4a0c0007000800000000000000\#(number)","#
                        + #""chat":"\#(FakeNode.chatID.text)","text":"yes","target":\#(target)}"#)
            }
            try await edit(1, target: 6)
            let refused = try #require(await socket.receive(kind: "error"))
            #expect(refused["code"] as? String == "tooOld")
            #expect(refused["retryable"] as? Bool == false)
            try await edit(2, target: 7)
            let ack = try #require(await socket.receive(kind: "ack"))
            #expect((ack["cmid"] as? String)?.last == "2")
            #expect(ack["n"] as? Int == 0 && ack["seq"] as? Int == 9)
        }
    }

    // MARK: What the node says

    @Test("What the node delivers reaches the sockets that follow, in order")
    func deliveries() async throws {
        try await TestGateway.run { gateway in
            let sockets = [try await signedIn(gateway), try await signedIn(gateway)]
            for socket in sockets {
                try await socket.send(Self.hello)
                #expect(await socket.receive(kind: "live") != nil)
            }
            let link = try #require(gateway.node.links.first)
            link.deliver([.goaway(after: .seconds(1), spread: .seconds(2), reason: "drain")])
            for socket in sockets {
                let frame = try #require(await socket.receive(kind: "goaway"))
                #expect(frame["after"] as? Int == 1_000)
            }
        }
    }

    @Test(
        "A socket that does not read is closed in time; the others lose nothing",
        .timeLimit(.minutes(5)))
    func slowConsumer() async throws {
        try await TestGateway.run { gateway in
            let slow = try await signedIn(gateway)
            let reader = try await signedIn(gateway)
            for socket in [slow, reader] {
                try await socket.send(Self.hello)
                #expect(await socket.receive(kind: "live") != nil)
            }
            try await slow.raw.setReading(false)
            let link = try #require(gateway.node.links.first)
            let reason = String(repeating: "x", count: 10_000)
            for number in 1...2_000 {
                link.deliver([
                    .goaway(after: .milliseconds(UInt64(number)), spread: .zero, reason: reason)
                ])
                let frame = await reader.receive(kind: "goaway")
                #expect(frame?["after"] as? Int == number)
            }
            try await slow.raw.setReading(true)
            let end = await slow.receiveClose()
            #expect(end.before.count < 2_000)
        }
    }

    @Test("A node that stops closes its sockets with 1001")
    func stop() async throws {
        var socket: SocketClient?
        try await TestGateway.run { gateway in socket = try await signedIn(gateway) }
        #expect(await socket?.receiveClose().code == 1001)
    }

    private func signedIn(_ gateway: TestGateway) async throws -> SocketClient {
        try await SocketClient(
            port: gateway.port, headers: [("Cookie", "session=\(FakeNode.token)")])
    }
}

/// A frame of a client.
struct TestFrame: Sendable {
    let opcode: UInt8
    let payload: [UInt8]
    let fin: Bool
    let isMasked: Bool
    let rsv: UInt8

    init(
        _ opcode: UInt8, _ payload: [UInt8], fin: Bool = true, isMasked: Bool = true, rsv: UInt8 = 0
    ) {
        self.opcode = opcode
        self.payload = payload
        self.fin = fin
        self.isMasked = isMasked
        self.rsv = rsv
    }
}

extension SocketClient {
    func send(_ frame: TestFrame) async throws {
        try await send(
            opcode: frame.opcode, frame.payload, fin: frame.fin, isMasked: frame.isMasked,
            rsv: frame.rsv)
    }
}
