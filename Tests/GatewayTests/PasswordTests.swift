import Determinism
import Identity
import Node
import Synchronization
import Testing
import Wire

@testable import Gateway

@Suite("Passwords over HTTP")
struct PasswordTests {
    private static let password = "correct horse battery"
    private static let signUp =
        #"{"username":"alice","name":"Alice","password":"correct horse battery"}"#

    private static func signIn(_ password: String, as username: String = "alice") -> String {
        #"{"username":"\#(username)","password":"\#(password)"}"#
    }

    /// Keeps the password of the account that signed up, as the cluster would.
    private static func keepPasswords(of node: FakeNode) {
        let kept = KeptSecret()
        node.answer { request in
            switch request {
            case .signUp(let new):
                kept.value.withLock { $0 = FoundPassword(number: 1, hash: new.hash) }
                return nil
            case .password(.username("alice")), .password(.account):
                return .password(FakeNode.account, kept.value.withLock { $0 })
            case .setPassword(_, let change, let cmid):
                guard !kept.done.withLock({ $0.contains(cmid) }) else { return .done }
                return kept.value.withLock { current in
                    guard change.replaced == current?.number ?? 0 else {
                        return .failed(Failure(.passwordWrong))
                    }
                    current = FoundPassword(
                        number: (current?.number ?? 0) + 1, hash: change.hash)
                    kept.done.withLock { $0.append(cmid) }
                    return .done
                }
            default: return nil
            }
        }
    }

    private final class KeptSecret: Sendable {
        let value = Mutex<FoundPassword?>(nil)
        /// The changes that were done.
        let done = Mutex<[MessageID]>([])
    }

    /// A gateway at which Alice has signed up, and a client of hers.
    private static func withOwner(
        _ body: (TestGateway, HTTPClient) async throws -> Void
    ) async throws {
        try await TestGateway.run { gateway in
            keepPasswords(of: gateway.node)
            let client = gateway.client()
            try await client.fetchCSRFToken()
            _ = try await client.change("POST", "/api/sign-up", signUp)
            try await body(gateway, try await gateway.signedIn())
        }
    }

    private static func passwords(in requests: [ClientRequest]) -> [SignUp] {
        requests.compactMap { if case .signUp(let new) = $0 { new } else { nil } }
    }

    @Test("Who signs up is let in with that password, and with no other")
    func signUpThenIn() async throws {
        try await TestGateway.run { gateway in
            Self.keepPasswords(of: gateway.node)
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let made = try await client.change("POST", "/api/sign-up", Self.signUp)
            #expect(made.status == 200)
            #expect(made.cookie("session").flatMap(SessionToken.init(text:)) != nil)
            let new = try #require(Self.passwords(in: gateway.node.requests).first)
            #expect(new.username == "alice" && new.name == "Alice")
            let kept = try #require(ScryptText(new.hash))
            #expect(kept.hash.count == 32 && kept.salt.count == 16)
            #expect(kept.text == new.hash && !new.hash.contains("battery"))
            let again = gateway.client()
            try await again.fetchCSRFToken()
            let wrong = try await again.change(
                "POST", "/api/sign-in/password", Self.signIn("another one"))
            #expect(wrong.status == 403 && wrong.errorCode == "passwordWrong")
            #expect(wrong.cookie("session") == nil)
            let right = try await again.change(
                "POST", "/api/sign-in/password", Self.signIn(Self.password, as: "ALICE"))
            #expect(right.status == 200)
            guard case .signInByPassword(let signIn) = gateway.node.requests.last else {
                Issue.record("the node was not asked")
                return
            }
            #expect(signIn.account == FakeNode.account && signIn.number == 1)
        }
    }

    @Test("Unknown names, accounts without a password and wrong ones are answered the same")
    func sameAnswer() async throws {
        try await TestGateway.run { gateway in
            let known = gateway.node
            let client = gateway.client()
            try await client.fetchCSRFToken()
            var answers: Set<String> = []
            for account in [nil, FakeNode.account] {
                known.answer { request in
                    if case .password = request { return .password(account, nil) }
                    return nil
                }
                let answer = try await client.change(
                    "POST", "/api/sign-in/password", Self.signIn(Self.password))
                answers.insert("\(answer.status) \(answer.text)")
            }
            #expect(answers.count == 1)
            #expect(answers.first?.hasPrefix("403 ") == true)
            let hasSignedIn = known.requests.contains { request in
                if case .signInByPassword = request { return true }
                return false
            }
            #expect(!hasSignedIn)
        }
    }

    @Test(
        "A password that everybody tries first, or that is too short or too long, is not taken",
        arguments: [
            "1234567", "password123", "Qwertzuiop", "alice_in_w", "aaaaaaaaaaaa",
            String(repeating: "ab", count: 65),
        ])
    func badPassword(_ password: String) async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let body =
                #"{"username":"alice_in_w","name":"Alice","password":"\#(password)"}"#
            let answer = try await client.change("POST", "/api/sign-up", body)
            #expect(answer.status == 400 && answer.errorCode == "badPassword")
            #expect(gateway.node.requests.isEmpty)
        }
    }

    @Test("A retry proposes the same account, session and secret; another password others")
    func retryProposesTheSame() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            try await client.fetchCSRFToken()
            let (csrf, cookies, key) = (client.csrfToken, client.cookies, HTTPClient.freshKey())
            let other = #"{"username":"alice","name":"Alice","password":"a different phrase"}"#
            for body in [Self.signUp, Self.signUp, other] {
                client.cookies = cookies
                client.csrfToken = csrf
                _ = try await client.send("POST", "/api/sign-up", body: body, key: key)
            }
            let proposals = Self.passwords(in: gateway.node.requests)
            #expect(proposals.count == 3)
            #expect(proposals[0].account == proposals[1].account)
            #expect(proposals[0].secretHash == proposals[1].secretHash)
            #expect(proposals[0].hash != proposals[1].hash)
            #expect(proposals[0].account != proposals[2].account)
            #expect(proposals[0].secretHash != proposals[2].secretHash)
        }
    }

    @Test(
        "The password is changed by who gives the old one; without it the session has to prove it")
    func change() async throws {
        try await Self.withOwner { _, owner in
            func put(_ body: String) async throws -> String {
                let answer = try await owner.change("PUT", "/api/me/password", body)
                return "\(answer.status) \(answer.errorCode ?? "")"
            }
            let new = "staple of another kind"
            var answers: [String] = []
            for body in [
                #"{"password":"\#(new)","old":"not it at all"}"#,
                // The fake cluster's session was not opened by a code.
                #"{"password":"\#(new)"}"#,
                #"{"password":"\#(new)","old":"\#(Self.password)"}"#,
                #"{"password":"\#(Self.password)","old":"\#(Self.password)"}"#,
            ] {
                answers.append(try await put(body))
            }
            #expect(
                answers == ["403 passwordWrong", "403 passwordWrong", "204 ", "403 passwordWrong"])
        }
    }

    @Test("A change that was done is done when it is tried again, with what is the old one no more")
    func changeTriedAgain() async throws {
        try await Self.withOwner { _, owner in
            let key = HTTPClient.freshKey()
            let body = #"{"password":"staple of another kind","old":"\#(Self.password)"}"#
            for _ in 0..<2 {
                let answer = try await owner.send(
                    "PUT", "/api/me/password", body: body, key: key)
                #expect(answer.status == 204)
            }
            let other = try await owner.send(
                "PUT", "/api/me/password", body: body, key: HTTPClient.freshKey())
            #expect(other.errorCode == "passwordWrong")
        }
    }

    @Test("Of one account ten changes are tried in ten minutes, with the old password or without")
    func triesOfOneAccount() async throws {
        try await Self.withOwner { gateway, owner in
            var codes: [String?] = []
            for number in 0..<11 {
                let old = number % 2 == 0 ? "" : #","old":"not it at all""#
                let answer = try await owner.change(
                    "PUT", "/api/me/password", #"{"password":"staple of another kind"\#(old)}"#)
                codes.append(answer.errorCode)
            }
            #expect(codes.dropLast().allSatisfy { $0 == "passwordWrong" })
            #expect(codes.last == "tooMany")
            // Whoever has that account's id for a name is somebody else.
            let again = gateway.client()
            try await again.fetchCSRFToken()
            let body = Self.signIn("not it at all", as: FakeNode.account.text)
            let answer = try await again.change("POST", "/api/sign-in/password", body)
            #expect(answer.errorCode == "passwordWrong")
        }
    }

    @Test("An account with a password gives its phone only to who knows it")
    func phoneNeedsPassword() async throws {
        try await Self.withOwner { gateway, owner in
            let phone = #""phone":"+4915112345678","code":"123456""#
            for body in ["{\(phone)}", #"{\#(phone),"password":"not it at all"}"#] {
                let answer = try await owner.change("PUT", "/api/me/phone", body)
                #expect(answer.status == 403 && answer.errorCode == "passwordWrong")
            }
            let isAsked = gateway.node.requests.contains { request in
                if case .setPhone = request { true } else { false }
            }
            #expect(!isAsked)
            let right = try await owner.change(
                "PUT", "/api/me/phone", #"{\#(phone),"password":"\#(Self.password)"}"#)
            #expect(right.status == 200)
        }
    }

    @Test(
        "A kept text that is none, or asks for more than a node pays, is not read",
        arguments: [
            "", "$scrypt$ln=15,r=8,p=1$00", "$scrypt$ln=40,r=8,p=1$00$00",
            "$scrypt$r=8,ln=15,p=1$00$00", "$argon2$ln=15,r=8,p=1$00$00",
            "$scrypt$ln=15,r=8,p=1$zz$00",
        ])
    func badText(_ text: String) { #expect(ScryptText(text) == nil) }

    @Test("A phone is added with a code of six digits; what is none asks nobody")
    func phone() async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            let bad = try await client.change(
                "PUT", "/api/me/phone", #"{"phone":"+4915112345678","code":"12"}"#)
            #expect(bad.status == 403 && bad.errorCode == "codeWrong")
            let good = try await client.change(
                "PUT", "/api/me/phone", #"{"phone":"+4915112345678","code":"123456"}"#)
            #expect(good.status == 200)
            guard case .setPhone(FakeNode.account, let phone, _, _) = gateway.node.requests.last
            else {
                Issue.record("the node was not asked")
                return
            }
            #expect(phone == "+4915112345678")
        }
    }
}
