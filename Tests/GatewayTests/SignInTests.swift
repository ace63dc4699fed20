import Determinism
import Foundation
import Gateway
import Identity
import Logging
import Node
import Testing
import Wire

@Suite("Sign-in")
struct SignInTests {
    static let phone = "+4915112345678"
    static let phoneBody = #"{"phone":"+4915112345678"}"#
    static let body = #"{"phone":"+4915112345678","code":"123456","device":"Test"}"#

    @Test("A code is kept as a hash first, then sent to the phone")
    func codeIsSent() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let answer = try await client.change("POST", "/api/sign-in/code", Self.phoneBody)
            #expect(answer.status == 202)
            #expect(answer.text == #"{"expiresIn":300,"digits":6}"#)
            let sent = try #require(gateway.sender.sent.first)
            #expect(sent.phone == Self.phone)
            #expect(sent.code.utf8.count == 6)
            guard case .requestCode(let phone, let hash, _) = gateway.node.requests.first else {
                Issue.record("the node was not asked")
                return
            }
            #expect(phone == Self.phone)
            #expect(hash.count == 32)
            // The same code typed in has the same hash.
            _ = try await client.change(
                "POST", "/api/sign-in", #"{"phone":"\#(phone)","code":"\#(sent.code)"}"#)
            guard case .signIn(let signIn) = gateway.node.requests.last else {
                Issue.record("the node was not asked")
                return
            }
            #expect(signIn.codeHash == hash)
        }
    }

    @Test("When the cluster refuses a code, nothing is sent")
    func refusedCodeIsNotSent() async throws {
        try await TestGateway.run { gateway in
            gateway.node.fail(.tooMany, retryAfter: .seconds(30))
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let answer = try await client.change("POST", "/api/sign-in/code", Self.phoneBody)
            #expect(answer.status == 429)
            #expect(answer.header("retry-after") == "30")
            #expect(gateway.sender.sent.isEmpty)
        }
    }

    @Test("A retry with the same key sends no second message")
    func retrySendsOnce() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let key = HTTPClient.freshKey()
            for _ in 0..<3 {
                let answer = try await client.send(
                    "POST", "/api/sign-in/code", body: Self.phoneBody, key: key)
                #expect(answer.status == 202)
            }
            #expect(gateway.sender.sent.count == 1)
        }
    }

    @Test("A code that could not be sent is sent by the retry")
    func brokenSenderIsRetried() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let key = HTTPClient.freshKey()
            gateway.sender.setBroken(true)
            let failed = try await client.send(
                "POST", "/api/sign-in/code", body: Self.phoneBody, key: key)
            #expect(failed.status == 503)
            #expect(failed.errorCode == "unavailable")
            gateway.sender.setBroken(false)
            let sent = try await client.send(
                "POST", "/api/sign-in/code", body: Self.phoneBody, key: key)
            #expect(sent.status == 202)
            #expect(gateway.sender.sent.count == 1)
        }
    }

    @Test("Sign-in sets an HttpOnly session cookie and gives the token to no script")
    func cookieSession() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let answer = try await client.change("POST", "/api/sign-in", Self.body)
            #expect(answer.status == 200)
            let cookie = try #require(
                answer.all("set-cookie").first { $0.hasPrefix("session=") })
            for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
                #expect(cookie.contains(attribute))
            }
            #expect(!cookie.contains("Secure"))
            let token = try #require(answer.cookie("session").flatMap(SessionToken.init(text:)))
            #expect(token.account == FakeNode.account)
            #expect(answer.json["session"] as? String == token.session.text)
            #expect(answer.json["token"] == nil)
            #expect(!answer.text.contains(token.text))
            let csrf = try #require(answer.all("set-cookie").first { $0.hasPrefix("csrftoken=") })
            #expect(!csrf.contains("HttpOnly"))
        }
    }

    @Test("Sign-in with session: token returns the token once and sets no cookie")
    func tokenSession() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let answer = try await client.change(
                "POST", "/api/sign-in",
                #"{"phone":"+4915112345678","code":"123456","session":"token"}"#)
            #expect(answer.status == 200)
            let text = try #require(answer.json["token"] as? String)
            #expect(SessionToken(text: text) != nil)
            #expect(answer.all("set-cookie").isEmpty)
        }
    }

    @Test("A retry of a sign-in proposes the same session and secret; another code does not")
    func retryProposesTheSame() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let csrf = client.csrfToken
            let cookies = client.cookies
            let key = HTTPClient.freshKey()
            let other = #"{"phone":"+4915112345678","code":"654321"}"#
            for body in [Self.body, Self.body, other] {
                client.cookies = cookies
                client.csrfToken = csrf
                _ = try await client.send("POST", "/api/sign-in", body: body, key: key)
            }
            let proposals = gateway.node.requests.compactMap { request -> SignIn? in
                if case .signIn(let signIn) = request { return signIn }
                return nil
            }
            #expect(proposals.count == 3)
            #expect(proposals[0] == proposals[1])
            #expect(proposals[0].session != proposals[2].session)
            #expect(proposals[0].secretHash != proposals[2].secretHash)
        }
    }

    @Test(
        "A phone number that is none is refused before anybody is asked",
        arguments: [
            "", "4915112345678", "+", "+0123456789", "+1234567", "+1234567890123456",
            "+49 151 12345678", "+49151x2345678", "+４９１５１１２３４５６７８",
        ])
    func badPhone(_ phone: String) async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let answer = try await client.change(
                "POST", "/api/sign-in/code", #"{"phone":"\#(phone)"}"#)
            #expect(answer.status == 400)
            #expect(answer.errorCode == "badPhone")
            #expect(gateway.node.requests.isEmpty)
            #expect(gateway.sender.sent.isEmpty)
        }
    }

    @Test(
        "What the cluster says about a code reaches the client",
        arguments: [
            (FailureCode.codeWrong, 403), (.codeExpired, 403), (.codeUsed, 403),
            (.codeTooManyTries, 429), (.unavailable, 503), (.unknown, 503),
        ])
    func codeFailures(_ code: FailureCode, _ status: Int) async throws {
        try await TestGateway.run { gateway in
            gateway.node.fail(code)
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let answer = try await client.change("POST", "/api/sign-in", Self.body)
            #expect(answer.status == status)
            #expect(answer.errorCode == code.rawValue)
            #expect(answer.all("set-cookie").isEmpty)
        }
    }

    @Test("One address that asks for too many codes waits, and says how long")
    func addressLimit() async throws {
        try await TestGateway.run({ $0.signInLimits.codesPerAddress = 2 }) { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            for expected in [202, 202, 429] {
                let answer = try await client.change("POST", "/api/sign-in/code", Self.phoneBody)
                #expect(answer.status == expected)
                #expect((answer.header("retry-after") != nil) == (expected == 429))
            }
            #expect(gateway.sender.sent.count == 2)
        }
    }

    @Test("One address that tries too many codes waits")
    func triesLimit() async throws {
        try await TestGateway.run({ $0.signInLimits.triesPerAddress = 1 }) { gateway in
            gateway.node.fail(.codeWrong)
            let client = gateway.client()
            try await client.fetchCSRFToken()
            #expect(try await client.change("POST", "/api/sign-in", Self.body).status == 403)
            #expect(try await client.change("POST", "/api/sign-in", Self.body).status == 429)
        }
    }

    @Test("All together that ask for too many codes wait, whatever their addresses")
    func globalLimit() async throws {
        try await TestGateway.run({
            $0.signInLimits.codesTogether = 1
            $0.trustedProxies = ["127.0.0.1"]
        }) { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            var statuses: [Int] = []
            for address in ["198.51.100.1", "198.51.100.2"] {
                statuses.append(
                    try await client.send(
                        "POST", "/api/sign-in/code", headers: [("X-Forwarded-For", address)],
                        body: Self.phoneBody, key: HTTPClient.freshKey()
                    ).status)
            }
            #expect(statuses == [202, 429])
        }
    }

    @Test("Only a trusted proxy is believed about the client's address")
    func forwardedAddress() async throws {
        try await TestGateway.run({ $0.signInLimits.codesPerAddress = 1 }) { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            var statuses: [Int] = []
            for address in ["198.51.100.1", "198.51.100.2"] {
                statuses.append(
                    try await client.send(
                        "POST", "/api/sign-in/code", headers: [("X-Forwarded-For", address)],
                        body: Self.phoneBody, key: HTTPClient.freshKey()
                    ).status)
            }
            #expect(statuses == [202, 429])
        }
    }

    @Test("Signing out removes the cookies")
    func signOutRemovesCookies() async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            let answer = try await client.change("POST", "/api/sign-out")
            #expect(answer.status == 204)
            #expect(answer.cookie("session") == "")
            #expect(answer.cookie("csrftoken") == "")
            guard
                case .closeSession(FakeNode.account, FakeNode.session, _) =
                    gateway.node.requests.last
            else {
                Issue.record("the session was not closed")
                return
            }
        }
    }

    @Test("A number that nobody has is told of its invitation once, whatever is tried again")
    func invitation() async throws {
        try await TestGateway.run { gateway in
            gateway.node.setFacts(
                GatewayFacts(isReady: true, nodes: ["https://chat.example.org", "https://other"]))
            let phone = "+4915112345999"
            let key = HTTPClient.freshKey()
            let path = "/api/chats/\(FakeNode.chatID.text)/members"
            let client = gateway.client()
            client.bearer = FakeNode.token
            var statuses: [Int] = []
            for isBroken in [true, false, false] {
                gateway.sender.setBroken(isBroken)
                let answer = try await client.send(
                    "POST", path, body: #"{"phone":"\#(phone)"}"#, key: key)
                statuses.append(answer.status)
            }
            #expect(statuses == [503, 202, 202])
            let invited = gateway.sender.invited
            #expect(invited.map(\.phone) == [phone])
            #expect(
                invited.first?.text
                    == "Ada invites you to a chat on Chaticket. Sign up with this number: "
                    + "https://chat.example.org")
            #expect(gateway.sender.sent.isEmpty)
        }
    }

    @Test("An invitation that the address may not send any more asks the cluster nothing")
    func tooManyInvitations() async throws {
        try await TestGateway.run({ $0.signInLimits.codesPerAddress = 1 }) { gateway in
            let path = "/api/chats/\(FakeNode.chatID.text)/members"
            let client = gateway.client()
            client.bearer = FakeNode.token
            var statuses: [Int] = []
            for _ in 0..<2 {
                let answer = try await client.change("POST", path, #"{"phone":"+4915112345999"}"#)
                statuses.append(answer.status)
            }
            #expect(statuses == [202, 429])
            let asked = gateway.node.requests.count { request in
                if case .invite = request { true } else { false }
            }
            #expect(asked == 1)
        }
    }

    @Test(
        "The message to a stranger's phone has the inviter's name, but no other text of theirs",
        arguments: [
            ("Zoë O'Neill-Brontë", "Zoë O'Neill-Brontë"), ("李清照", "李清照"),
            ("", "Somebody"),
            ("Your bank: verify at evil.example", "Somebody"), ("Call 0900123", "Somebody"),
            (String(repeating: "very long name ", count: 3), "Somebody"),
        ])
    func nameInMessage(_ name: String, _ told: String) {
        let message = InvitationMessage(inviter: name, page: "https://chat.example.org")
        #expect(message.text.hasPrefix("\(told) invites you to a chat on Chaticket."))
    }

    @Test("The console sender appends a line that only the owner may read")
    func consoleSender() async throws {
        let path = NSTemporaryDirectory() + "codes-" + HTTPClient.freshKey() + ".jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let sender = ConsoleCodeSender(
            path: path,
            logger: Logger(label: "test") { _ in
                SwiftLogNoOpLogHandler()
            })
        let code = GatewaySecrets(secret: FakeNode.clusterSecret)
            .code(
                phone: Self.phone, cmid: try #require(MessageID(clientText: HTTPClient.freshKey())))
        for _ in 0..<2 {
            try await sender.send(code, to: Self.phone, expires: WallTime(milliseconds: 99))
        }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(
            text.split(separator: "\n").map(String.init)
                == Array(
                    repeating: #"{"phone":"\#(Self.phone)","code":"\#(code.text)","expires":99}"#,
                    count: 2))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect((mode as? NSNumber)?.intValue == 0o600)
    }
}
