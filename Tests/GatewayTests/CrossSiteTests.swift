import Gateway
import Node
import Testing

@Suite("CSRF tokens")
struct CrossSiteTests {
    @Test("Sign-in with the token in the header passes")
    func headerPasses() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let answer = try await client.change("POST", "/api/sign-in", SignInTests.body)
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test("The token may come as the form field csrftoken, urlencoded")
    func urlencodedFieldPasses() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let token = try #require(client.csrfToken)
            client.csrfToken = nil
            let answer = try await client.send(
                "POST", "/api/sign-in",
                body: "phone=%2B4915112345678&code=123456&csrftoken=\(token)",
                type: "application/x-www-form-urlencoded", key: HTTPClient.freshKey())
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test("The token may come as the form field csrftoken, multipart")
    func multipartFieldPasses() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let token = try #require(client.csrfToken)
            client.csrfToken = nil
            let fields = [("phone", "+4915112345678"), ("code", "123456"), ("csrftoken", token)]
            let parts = fields.map { name, value in
                "--xyz\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
            }
            let answer = try await client.send(
                "POST", "/api/sign-in", body: parts.joined() + "--xyz--\r\n",
                type: "multipart/form-data; boundary=xyz", key: HTTPClient.freshKey())
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test("A missing token is refused, at the sign-in too")
    func missingIsRefused() async throws {
        try await TestGateway.run { gateway in
            let signedIn = try await gateway.signedIn()
            signedIn.csrfToken = nil
            try await expectRefusal(signedIn.change("POST", "/api/chats", RefusalBody.chat))
            let fresh = gateway.client()
            try await fresh.fetchCSRFToken()
            fresh.csrfToken = nil
            try await expectRefusal(fresh.change("POST", "/api/sign-in", SignInTests.body))
            try await expectRefusal(
                gateway.client().change("POST", "/api/sign-in/code", SignInTests.phoneBody))
            #expect(gateway.node.requests.isEmpty)
        }
    }

    @Test("The cookie alone, or the header alone, is not enough")
    func bothAreNeeded() async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            client.cookies["csrftoken"] = nil
            try await expectRefusal(client.change("POST", "/api/chats", RefusalBody.chat))
            let other = try await gateway.signedIn()
            other.csrfToken = nil
            try await expectRefusal(other.change("POST", "/api/chats", RefusalBody.chat))
        }
    }

    @Test("A foreign token, made for somebody else's session, is refused")
    func foreignIsRefused() async throws {
        try await TestGateway.run { gateway in
            let attacker = gateway.client()
            try await attacker.fetchCSRFToken()
            let victim = try await gateway.signedIn()
            // A neighbouring host can plant cookies, so that cookie and header agree.
            victim.cookies["csrftoken"] = attacker.csrfToken
            victim.csrfToken = attacker.csrfToken
            try await expectRefusal(victim.change("POST", "/api/chats", RefusalBody.chat))
        }
    }

    @Test("A stale token, from before the sign-in, is refused, and the sign-in sets another")
    func staleIsRefused() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let stale = try #require(client.csrfToken)
            let answer = try await client.change("POST", "/api/sign-in", SignInTests.body)
            let fresh = try #require(answer.cookie("csrftoken"))
            #expect(fresh != stale)
            client.cookies["session"] = FakeNode.token
            client.cookies["csrftoken"] = stale
            try await expectRefusal(client.change("POST", "/api/chats", RefusalBody.chat))
        }
    }

    @Test("The token that the sign-in sets passes with the session that it opens")
    func freshPasses() async throws {
        try await TestGateway.run { gateway in
            gateway.node.answer { request in
                if case .authenticate = request { return .granted(FakeNode.grant) }
                return nil
            }
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let answer = try await client.change("POST", "/api/sign-in", SignInTests.body)
            client.csrfToken = answer.cookie("csrftoken")
            let created = try await client.change("POST", "/api/chats", RefusalBody.chat)
            #expect(created.status == 201, "\(created.text)")
        }
    }

    @Test("A good token from a page of another origin is refused")
    func otherOriginIsRefused() async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            for origin in ["https://evil.example", "null", "http://127.0.0.1:1", "nonsense"] {
                client.origin = origin
                try await expectRefusal(client.change("POST", "/api/chats", RefusalBody.chat))
            }
            client.origin = gateway.origin
            let answer = try await client.change("POST", "/api/chats", RefusalBody.chat)
            #expect(answer.status == 201)
        }
    }

    @Test("Without Origin, a Referer of another origin is refused and one of our own passes")
    func refererCounts() async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            let refused = try await client.send(
                "POST", "/api/chats", headers: [("Referer", "https://evil.example/page")],
                body: RefusalBody.chat, key: HTTPClient.freshKey())
            #expect(refused.errorCode == "csrf")
            let passed = try await client.send(
                "POST", "/api/chats", headers: [("Referer", gateway.origin + "/chats")],
                body: RefusalBody.chat, key: HTTPClient.freshKey())
            #expect(passed.status == 201)
        }
    }

    @Test(
        "A tampered token is refused",
        arguments: ["", "x", "a.b", String(repeating: "0", count: 200)])
    func tamperedIsRefused(_ token: String) async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            client.cookies["csrftoken"] = token
            client.csrfToken = token
            try await expectRefusal(client.change("POST", "/api/chats", RefusalBody.chat))
        }
    }

    @Test("A token of another cluster's secret is refused")
    func otherClusterIsRefused() async throws {
        try await TestGateway.run { gateway in
            try await TestGateway.run({ $0.secret = [UInt8](repeating: 1, count: 32) }) { other in
                let client = try await other.signedIn()
                let moved = gateway.client()
                moved.cookies = client.cookies
                moved.csrfToken = client.csrfToken
                try await expectRefusal(moved.change("POST", "/api/chats", RefusalBody.chat))
            }
        }
    }

    @Test("A token made by another node of the cluster passes")
    func otherNodePasses() async throws {
        try await TestGateway.run { gateway in
            try await TestGateway.run { other in
                let client = try await other.signedIn()
                let moved = gateway.client()
                moved.cookies = client.cookies
                moved.csrfToken = client.csrfToken
                let answer = try await moved.change("POST", "/api/chats", RefusalBody.chat)
                #expect(answer.status == 201)
            }
        }
    }

    @Test("A bearer needs no token, and the cookie beside it is ignored")
    func bearerNeedsNone() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            client.bearer = FakeNode.token
            let answer = try await client.change("POST", "/api/chats", RefusalBody.chat)
            #expect(answer.status == 201, "\(answer.text)")
            // A bad bearer beside a good cookie is a bad bearer.
            let mixed = try await gateway.signedIn()
            mixed.bearer = String(repeating: "0", count: 128)
            let refused = try await mixed.change("POST", "/api/chats", RefusalBody.chat)
            #expect(refused.status == 401)
            #expect(refused.errorCode == "unauthorised")
        }
    }

    @Test("A bearer does not make the sign-in go without a token")
    func signInNeedsTokenBesideBearer() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            client.bearer = FakeNode.token
            try await expectRefusal(client.change("POST", "/api/sign-in", SignInTests.body))
        }
    }

    @Test("A token that is good already is given again, so that two tabs share it")
    func tokenIsKept() async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            let first = client.csrfToken
            try await client.fetchCSRFToken()
            #expect(client.csrfToken == first)
        }
    }

    private func expectRefusal(_ answer: HTTPAnswer) {
        #expect(answer.status == 403)
        #expect(answer.errorCode == "csrf")
    }
}

/// Bodies that would pass if the request did.
enum RefusalBody {
    static let chat = #"{"kind":"private","name":"tea","fullName":""}"#
}
