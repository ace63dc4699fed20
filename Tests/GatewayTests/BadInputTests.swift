import Determinism
import Gateway
import Identity
import NIOCore
import Node
import Testing

@Suite("Bad input over HTTP")
struct BadInputTests {
    @Test(
        "Every failure has its status, its code, a sentence and whether to retry",
        arguments: FailureCode.allCases)
    func failures(_ code: FailureCode) async throws {
        try await TestGateway.run { gateway in
            gateway.node.fail(code, retryAfter: code == .tooMany ? .milliseconds(1_500) : nil)
            let client = try await gateway.signedIn()
            let answer = try await client.send("GET", "/api/me")
            #expect(answer.errorCode == code.rawValue)
            #expect((400...599).contains(answer.status))
            #expect((answer.status >= 500) == (code.isRetryable && code != .tooMany))
            let error = try #require(answer.json["error"] as? [String: Any])
            #expect(error["message"] as? String == code.message)
            #expect(error["retryable"] as? Bool == code.isRetryable)
            if code == .tooMany {
                #expect(error["retryAfter"] as? Int == 1_500)
                #expect(answer.header("retry-after") == "2")
            }
        }
    }

    @Test(
        "A body that is not the JSON that is expected is badJSON",
        arguments: [
            "{", "[]", "1", "\"x\"", "{\"name\":1}", "{\"name\":{}}", "{\"username\":\"ada\"}",
            "{\"name\":\"a\",\"name\":\"b\"}", "{\"name\":\"a\"} x",
            String(repeating: "[", count: 60_000), "{\"name\":\"\\ud800\"}",
        ])
    func badJSON(_ body: String) async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            let answer = try await client.change("PUT", "/api/me", body)
            #expect(answer.status == 400)
            #expect(answer.errorCode == "badJSON")
            #expect(gateway.node.requests.isEmpty)
        }
    }

    @Test("Invalid UTF-8 in a body is badText")
    func invalidUTF8() async throws {
        try await TestGateway.run { gateway in
            let client = try await RawClient(port: gateway.port)
            let body: [UInt8] = Array("{\"name\":\"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8)
            let head =
                "PUT /api/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Authorization: Bearer \(FakeNode.token)\r\nContent-Type: application/json\r\n"
                + "Idempotency-Key: \(HTTPClient.freshKey())\r\nContent-Length: \(body.count)\r\n\r\n"
            try await client.send(Array(head.utf8) + body)
            let answer = HTTPClient.parse(await client.receiveAll())
            #expect(answer.status == 400)
            #expect(answer.errorCode == "badText")
        }
    }

    @Test(
        "A body of another type is badRequest",
        arguments: [
            "text/plain", "application/json; charset=latin1", "", "multipart/form-data",
            "multipart/form-data; boundary=", "application/xml",
        ])
    func badType(_ type: String) async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            client.bearer = FakeNode.token
            let answer = try await client.send(
                "PUT", "/api/me", body: #"{"name":"Ada"}"#, type: type, key: HTTPClient.freshKey())
            #expect(answer.status == 400)
            #expect(answer.errorCode == "badRequest")
        }
    }

    @Test(
        "A broken form is refused",
        arguments: [
            ("application/x-www-form-urlencoded", "name=%GG"),
            ("application/x-www-form-urlencoded", "name=%FF"),
            ("application/x-www-form-urlencoded", "name=%4"),
            ("multipart/form-data; boundary=b", "no boundary"),
            ("multipart/form-data; boundary=b", "--b"),
            ("multipart/form-data; boundary=b", "--b\r\n--b--"),
            ("multipart/form-data; boundary=b", "--b\r\nX: y\r\n\r\nv\r\n--b--"),
            (
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data\r\n\r\nv\r\n--b--"
            ),
            (
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=\"x\""
            ),
        ])
    func badForm(_ type: String, _ body: String) async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            client.bearer = FakeNode.token
            let answer = try await client.send(
                "PUT", "/api/me", body: body, type: type, key: HTTPClient.freshKey())
            #expect(answer.status == 400)
            #expect(["badRequest", "badText"].contains(answer.errorCode))
        }
    }

    @Test("A body over the limit is tooLarge, told or streamed")
    func largeBody() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            client.bearer = FakeNode.token
            let body = "{\"name\":\"" + String(repeating: "a", count: 65 << 10) + "\"}"
            let answer = try await client.send(
                "PUT", "/api/me", body: body, key: HTTPClient.freshKey())
            #expect(answer.status == 413)
            #expect(answer.errorCode == "tooLarge")
            let raw = try await RawClient(port: gateway.port)
            let chunk = String(repeating: "b", count: 0x4000)
            try await raw.send(
                "PUT /api/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(FakeNode.token)\r\n"
                    + "Content-Type: application/json\r\nIdempotency-Key: \(HTTPClient.freshKey())\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<6 { try? await raw.send("4000\r\n" + chunk + "\r\n") }
            let streamed = HTTPClient.parse(await raw.receiveAll())
            #expect(streamed.status == 413)
        }
    }

    @Test("A change without an Idempotency-Key says so; one that is no UUIDv7 is badRequest")
    func idempotencyKey() async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            let missing = try await client.send("POST", "/api/chats", body: RefusalBody.chat)
            #expect(missing.status == 400)
            #expect(missing.errorCode == "idempotencyKeyMissing")
            for key in ["x", "00000000-0000-4000-8000-000000000000", ""] {
                let bad = try await client.send(
                    "POST", "/api/chats", body: RefusalBody.chat, key: key)
                #expect(bad.status == 400)
            }
            #expect(gateway.node.requests.isEmpty)
        }
    }

    @Test("The Idempotency-Key is the id of the change, in either form of a UUID")
    func idempotencyKeyIsPassed() async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            let key = "0198C0DE-0000-7abc-8def-0123456789ab"
            for key in [key, key.lowercased().filter { $0 != "-" }] {
                _ = try await client.send("POST", "/api/chats", body: RefusalBody.chat, key: key)
            }
            #expect(gateway.node.requests.count == 2)
            #expect(gateway.node.requests.first == gateway.node.requests.last)
        }
    }

    @Test(
        "What is not signed in gets 401 and nothing else",
        arguments: ["", "zz", String(repeating: "0", count: 128)])
    func unauthorised(_ token: String) async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            if !token.isEmpty { client.cookies["session"] = token }
            for path in ["/api/me", "/api/chats", "/api/sessions", RouteTests.chat] {
                let answer = try await client.send("GET", path)
                #expect(answer.status == 401)
                #expect(answer.errorCode == "unauthorised")
            }
            #expect(gateway.node.requests.isEmpty)
        }
    }

    @Test("When the cluster cannot tell whether a session is open, that is not 401")
    func authenticationUnavailable() async throws {
        try await TestGateway.run { gateway in
            gateway.node.answer { _ in .failed(Failure(.unavailable)) }
            let client = gateway.client()
            client.cookies["session"] = FakeNode.token
            let answer = try await client.send("GET", "/api/me")
            #expect(answer.status == 503)
            #expect(answer.errorCode == "unavailable")
        }
    }

    @Test(
        "Paths, ids and numbers that are none name nothing",
        arguments: [
            ("/api/nothing", 404), ("/api/chats/xyz", 404), ("/api/chats/", 404),
            ("/api/chats/\(FakeNode.chatID.text)/entries?limit=0", 413),
            ("/api/chats/\(FakeNode.chatID.text)/entries?limit=101", 413),
            ("/api/chats/\(FakeNode.chatID.text)/entries?before=x", 400),
            ("/api/chats/\(FakeNode.chatID.text)/entries?before=-1", 400),
            ("/api/chats/\(FakeNode.chatID.text)/entries?before=1&after=1", 400),
            ("/api/chats/\(FakeNode.chatID.text)/entries?before=99999999999999999999", 400),
            ("/api/search?q=a&limit=0", 413), ("/api/search?q=a&limit=101", 413),
            ("/api/search?q=a&zone=841", 400), ("/api/chats/xyz/search?q=a", 404),
            ("/api/people?ids=xyz", 400), ("/api/people?ids=%ZZ", 400), ("/assets/missing.js", 404),
        ])
    func badPaths(_ path: String, _ status: Int) async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            let answer = try await client.send("GET", path)
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer.errorCode != nil)
        }
    }

    @Test("More than 100 people at once are refused")
    func manyPeople() async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            let ids = [String](repeating: FakeNode.account.text, count: 101)
            let answer = try await client.send(
                "GET", "/api/people?ids=" + ids.joined(separator: ","))
            #expect(answer.status == 413)
        }
    }

    @Test("A method that a path does not have is 405 and says which it has")
    func otherMethod() async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            let answer = try await client.change("DELETE", "/api/me")
            #expect(answer.status == 405)
            #expect(answer.errorCode == "methodNotAllowed")
            #expect(answer.header("allow") == "GET, PUT")
            #expect(try await client.change("POST", "/some/page").status == 404)
        }
    }

    @Test(
        "Bytes that are not HTTP get one answer and the connection ends",
        arguments: [
            "GARBAGE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\u{1} HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nBad Header: x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 20 << 10))\r\n\r\n",
            "GET / HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 200) + "\r\n",
        ])
    func malformed(_ bytes: String) async throws {
        try await TestGateway.run { gateway in
            let client = try await RawClient(port: gateway.port)
            try await client.send(bytes)
            let answer = HTTPClient.parse(await client.receiveAll())
            #expect([400, 404, 413].contains(answer.status))
            #expect(answer.header("content-security-policy") != nil)
            #expect(try await gateway.client().send("GET", "/healthz").status == 200)
        }
    }

    @Test("Targets that are no path are refused", arguments: ["*", "x", "?x"])
    func badTargets(_ target: String) async throws {
        try await TestGateway.run { gateway in
            let answer = try await gateway.client().send("GET", target)
            #expect(answer.status == 400)
        }
    }

    @Test("A connection that never sends its first request is closed")
    func silentConnection() async throws {
        try await TestGateway.run({ $0.timeouts.firstRequest = .milliseconds(50) }) { gateway in
            let client = try await RawClient(port: gateway.port)
            #expect(await client.receiveAll().isEmpty)
            let slow = try await RawClient(port: gateway.port)
            try? await slow.send("GET / HTTP/1.1\r\nHost:")
            #expect(await slow.receiveAll().isEmpty)
        }
    }

    @Test("A connection that never ends its body is closed")
    func endlessBody() async throws {
        try await TestGateway.run({ $0.timeouts.request = .milliseconds(50) }) { gateway in
            let client = try await RawClient(port: gateway.port)
            try await client.send(
                "PUT /api/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(FakeNode.token)\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
            #expect(await client.receiveAll().isEmpty)
        }
    }

    @Test("A connection that is idle after an answer is closed, also in the middle of a header")
    func idleConnection() async throws {
        try await TestGateway.run({ $0.timeouts.idle = .milliseconds(50) }) { gateway in
            for next in ["", "GET /healthz HTTP/1.1\r\nHo"] {
                let client = try await RawClient(port: gateway.port)
                try await client.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + next)
                let answer = HTTPClient.parse(await client.receiveAll())
                #expect(answer.status == 200)
            }
        }
    }

    @Test("A connection that reads no answers is closed", .timeLimit(.minutes(5)))
    func unreadAnswers() async throws {
        try await TestGateway.run({ $0.timeouts.stalledWrite = .milliseconds(100) }) { gateway in
            let client = try await RawClient(port: gateway.port)
            try await client.setReading(false)
            let requests = String(
                repeating: "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n", count: 1_000)
            try? await client.send(requests)
            var isClosed = false
            while !isClosed {
                let text = try await gateway.client().send("GET", "/metrics").text
                isClosed = text.contains("stalled_connections_total 1\n")
            }
            await client.close()
        }
    }
}
