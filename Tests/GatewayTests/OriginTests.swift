import Gateway
import Node
import Testing

@Suite("Origins, CORS and headers")
struct OriginTests {
    static let friend = "https://chat.example"

    @Test("A page of another public origin may use a bearer, and is told so")
    func publicOriginWithBearer() async throws {
        try await withFriend { gateway in
            let client = gateway.client()
            client.origin = Self.friend
            client.bearer = FakeNode.token
            let answer = try await client.change("POST", "/api/chats", RefusalBody.chat)
            #expect(answer.status == 201)
            #expect(answer.header("access-control-allow-origin") == Self.friend)
            #expect(answer.header("access-control-allow-credentials") == nil)
            #expect(answer.all("vary").contains("Origin"))
        }
    }

    @Test("The cookies of a page of another public origin do not count")
    func publicOriginWithCookie() async throws {
        try await withFriend { gateway in
            let client = try await gateway.signedIn()
            client.origin = Self.friend
            #expect(try await client.send("GET", "/api/me").status == 401)
            let refused = try await client.change("POST", "/api/chats", RefusalBody.chat)
            #expect(refused.errorCode == "csrf")
            #expect(refused.header("access-control-allow-origin") == Self.friend)
        }
    }

    @Test("A preflight of a public origin is answered, one of any other refused")
    func preflight() async throws {
        try await withFriend { gateway in
            let client = gateway.client()
            client.origin = Self.friend
            let headers = [("Access-Control-Request-Method", "PATCH")]
            let answer = try await client.send("OPTIONS", "/api/me", headers: headers)
            #expect(answer.status == 204)
            #expect(answer.header("access-control-allow-origin") == Self.friend)
            #expect(answer.header("access-control-allow-methods")?.contains("PATCH") == true)
            for name in ["Authorization", "Idempotency-Key", "Content-Type"] {
                #expect(answer.header("access-control-allow-headers")?.contains(name) == true)
            }
            client.origin = "https://evil.example"
            let refused = try await client.send("OPTIONS", "/api/me", headers: headers)
            #expect(refused.status == 403)
            #expect(refused.errorCode == "badOrigin")
            #expect(refused.header("access-control-allow-origin") == nil)
        }
    }

    @Test("A foreign origin is refused also with a bearer, also for reading")
    func foreignOrigin() async throws {
        try await withFriend { gateway in
            let client = gateway.client()
            client.bearer = FakeNode.token
            for origin in [
                "https://evil.example", "null", "https://chat.example.evil",
                "https://chat.example/x",
            ] {
                client.origin = origin
                let answer = try await client.send("GET", "/api/me")
                #expect(answer.status == 403)
                #expect(answer.errorCode == "badOrigin")
                #expect(answer.header("access-control-allow-origin") == nil)
            }
            #expect(gateway.node.requests.isEmpty)
        }
    }

    @Test("The origin of this very address may do everything")
    func sameOrigin() async throws {
        try await withFriend { gateway in
            let client = try await gateway.signedIn()
            client.origin = gateway.origin
            #expect(try await client.send("GET", "/api/me").status == 200)
            let answer = try await client.change("POST", "/api/chats", RefusalBody.chat)
            #expect(answer.status == 201)
            #expect(answer.header("access-control-allow-origin") == nil)
        }
    }

    @Test("Behind a trusted proxy the public name is this very address, and cookies are Secure")
    func trustedProxy() async throws {
        try await TestGateway.run({ $0.trustedProxies = ["127.0.0.1"] }) { gateway in
            let client = gateway.client()
            client.origin = "https://public.example"
            let headers = [
                ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "public.example"),
                ("X-Forwarded-For", "198.51.100.7"),
            ]
            let answer = try await client.send("GET", "/api/csrf", headers: headers)
            #expect(answer.status == 200)
            #expect(answer.all("set-cookie").allSatisfy { $0.contains("Secure") })
            #expect(answer.header("strict-transport-security") != nil)
        }
        try await TestGateway.run { gateway in
            let client = gateway.client()
            client.origin = "https://public.example"
            let headers = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "public.example")]
            let refused = try await client.send("GET", "/api/csrf", headers: headers)
            #expect(refused.status == 403)
        }
    }

    @Test(
        "Every answer carries the security headers, whatever it answers",
        arguments: [
            "/", "/api/me", "/api/csrf", "/api/nothing", "/healthz", "/assets/no", "/ws", "*",
        ])
    func securityHeaders(_ path: String) async throws {
        try await withFriend { gateway in
            let answer = try await gateway.client().send("GET", path)
            let policy = try #require(answer.header("content-security-policy"))
            for part in [
                "default-src 'none'", "script-src 'self'", "style-src 'self'",
                "img-src 'self' data:",
                "font-src 'self'", "frame-ancestors 'none'", "base-uri 'none'",
                "form-action 'self'",
                "connect-src 'self' https://chat.example wss://chat.example",
            ] {
                #expect(policy.contains(part))
            }
            #expect(!policy.contains("unsafe"))
            #expect(answer.header("x-content-type-options") == "nosniff")
            #expect(answer.header("referrer-policy") == "no-referrer")
            #expect(answer.header("cross-origin-opener-policy") == "same-origin")
            #expect(answer.header("permissions-policy") != nil)
            #expect(answer.header("strict-transport-security") == nil)
        }
    }

    @Test("What concerns an account is never cached")
    func noStore() async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            for path in ["/api/me", "/api/csrf", "/api/nothing"] {
                #expect(try await client.send("GET", path).header("cache-control") == "no-store")
            }
        }
    }

    @Test(
        "Two spellings of an origin are one",
        arguments: [
            ("https://Chat.Example", "https://chat.example"),
            ("https://chat.example:443", "https://chat.example"),
            ("http://chat.example:80", "http://chat.example"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ])
    func spellings(_ text: String, _ expected: String) {
        #expect(Origin(text)?.description == expected)
    }

    @Test(
        "What is no origin is none",
        arguments: [
            "", "null", "chat.example", "ftp://x", "https://", "https://x/", "https://a b",
            "https://x@y",
        ])
    func noOrigins(_ text: String) {
        #expect(Origin(text) == nil)
    }

    private func withFriend(_ body: (TestGateway) async throws -> Void) async throws {
        try await TestGateway.run { gateway in
            gateway.node.setFacts(
                GatewayFacts(isReady: true, publicOrigins: [Origin(Self.friend)].compactMap { $0 }))
            try await body(gateway)
        }
    }
}
