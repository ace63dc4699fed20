import Determinism
import Identity
import Node
import Testing

@testable import Gateway

@Suite("Limits of sign-ins")
struct LimiterTests {
    private func limiter(codes: Int = 2, together: Int = 100) -> SignInLimiter {
        var limits = SignInLimits()
        limits.codesPerAddress = codes
        limits.codesTogether = together
        return SignInLimiter(limits)
    }

    private func at(_ seconds: UInt64) -> Instant { Instant.start + .seconds(seconds) }

    @Test("A window ends, and says before how long it lasts")
    func windowEnds() throws {
        let limiter = limiter()
        try limiter.admitCode(from: "192.0.2.1", at: at(0))
        try limiter.admitCode(from: "192.0.2.1", at: at(10))
        #expect(throws: Failure(.tooMany, retryAfter: .seconds(500))) {
            try limiter.admitCode(from: "192.0.2.1", at: at(100))
        }
        #expect(throws: Never.self) { try limiter.admitCode(from: "192.0.2.1", at: at(600)) }
    }

    @Test("One address does not use up another's")
    func addressesAreApart() throws {
        let limiter = limiter(codes: 1)
        try limiter.admitCode(from: "192.0.2.1", at: at(0))
        #expect(throws: Never.self) { try limiter.admitCode(from: "192.0.2.2", at: at(0)) }
        #expect(throws: Failure.self) { try limiter.admitCode(from: "192.0.2.1", at: at(1)) }
    }

    @Test("A refused request is not counted against all together")
    func refusalsAreFree() throws {
        let limiter = limiter(codes: 1, together: 2)
        try limiter.admitCode(from: "192.0.2.1", at: at(0))
        for _ in 0..<5 {
            #expect(throws: Failure.self) { try limiter.admitCode(from: "192.0.2.1", at: at(1)) }
        }
        #expect(throws: Never.self) { try limiter.admitCode(from: "192.0.2.2", at: at(1)) }
        #expect(throws: Failure.self) { try limiter.admitCode(from: "192.0.2.3", at: at(1)) }
    }

    @Test(
        "An IPv6 address counts as its network of 64 bits",
        arguments: [
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8::1", "2001:db8:0:0::/64"),
            ("::1", "0:0:0:0::/64"), ("192.0.2.1", "192.0.2.1"),
        ])
    func networks(_ address: String, _ network: String) {
        #expect(SignInLimiter.network(of: address) == network)
    }

    @Test("An account is counted for itself, and again after its window")
    func accounts() throws {
        let limiter = WindowLimiter<AccountID>(countMax: 2, window: .seconds(600))
        let (ann, ben) = (AccountID(high: 0, low: 1), AccountID(high: 0, low: 2))
        try limiter.admit(ann, at: at(0))
        try limiter.admit(ann, at: at(10))
        #expect(throws: Failure(.tooMany, retryAfter: .seconds(500))) {
            try limiter.admit(ann, at: at(100))
        }
        #expect(throws: Never.self) { try limiter.admit(ben, at: at(100)) }
        #expect(throws: Never.self) { try limiter.admit(ann, at: at(600)) }
        // Whoever is right begins anew.
        limiter.forgive(ann)
        for _ in 0..<2 { try limiter.admit(ann, at: at(610)) }
        #expect(throws: Failure(.tooMany, retryAfter: .seconds(600))) {
            try limiter.admit(ann, at: at(610))
        }
    }

    @Test("A table forgets what was written longest ago, and nothing else")
    func recency() {
        var table = RecencyTable<Int, Int>(countMax: 3)
        for number in 1...3 { table.set(number, number) }
        table.set(1, 10)
        table.set(4, 4)
        #expect(table.count == 3)
        #expect([1, 2, 3, 4].map { table.value(of: $0) } == [10, nil, 3, 4])
        table.remove(3)
        table.set(5, 5)
        table.set(6, 6)
        #expect([1, 3, 4, 5, 6].map { table.value(of: $0) } == [nil, nil, 4, 5, 6])
    }

    @Test("Codes are six digits, the same for the same request, and spread over all")
    func codes() {
        let secrets = GatewaySecrets(secret: FakeNode.clusterSecret)
        var generator = SeededGenerator(seed: 1)
        var seen: Set<String> = []
        for _ in 0..<1_000 {
            let cmid = MessageID(milliseconds: 1, using: &generator)
            let code = secrets.code(phone: SignInTests.phone, cmid: cmid)
            #expect(code == secrets.code(phone: SignInTests.phone, cmid: cmid))
            #expect(code.text.utf8.count == 6)
            seen.insert(code.text)
        }
        #expect(seen.count > 990)
        #expect(SignInCode(number: 42).text == "000042")
    }
}
