import Foundation
import Gateway
import Logging
import NIOSSL
import Testing

@Suite("TLS and the listener")
struct TransportTests {
    @Test(
        "https and wss are served, with Secure cookies and HSTS",
        arguments: [TLSVersion.tlsv12, .tlsv13])
    func serves(_ version: TLSVersion) async throws {
        let certificate = try TestCertificate()
        try await TestGateway.run({ $0.certificate = certificate.files }) { gateway in
            var tls = try certificate.client()
            tls.minimumTLSVersion = version
            tls.maximumTLSVersion = version
            let client = gateway.client(tls: tls)
            client.origin = "https://127.0.0.1:\(gateway.port)"
            try await client.fetchCSRFToken()
            let answer = try await client.change("POST", "/api/sign-in", SignInTests.body)
            #expect(answer.status == 200)
            #expect(answer.all("set-cookie").allSatisfy { $0.contains("; Secure") })
            #expect(answer.header("strict-transport-security") != nil)
            let socket = try await SocketClient(
                port: gateway.port,
                headers: [
                    ("Cookie", "session=\(FakeNode.token)"),
                    ("Origin", "https://127.0.0.1:\(gateway.port)"),
                ], tls: tls)
            #expect(socket.answer.status == 101)
            try await socket.send(SocketTests.hello)
            #expect(await socket.receive(kind: "welcome") != nil)
            await socket.raw.close()
        }
    }

    @Test("An origin of http is not this address when it is served by https")
    func schemeCounts() async throws {
        let certificate = try TestCertificate()
        try await TestGateway.run({ $0.certificate = certificate.files }) { gateway in
            let client = gateway.client(tls: try certificate.client())
            client.origin = gateway.origin
            #expect(try await client.send("GET", "/api/csrf").errorCode == "badOrigin")
        }
    }

    @Test("Plain HTTP to a TLS port, and TLS 1.1, get nothing, and nobody else suffers")
    func refusals() async throws {
        let certificate = try TestCertificate()
        try await TestGateway.run({ $0.certificate = certificate.files }) { gateway in
            let plain = try await RawClient(port: gateway.port)
            try await plain.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(!String(decoding: await plain.receiveAll(), as: UTF8.self).contains("200"))
            var old = try certificate.client()
            old.minimumTLSVersion = .tlsv1
            old.maximumTLSVersion = .tlsv11
            let status = try? await gateway.client(tls: old).send("GET", "/healthz").status
            #expect(status != 200)
            let client = gateway.client(tls: try certificate.client())
            #expect(try await client.send("GET", "/healthz").status == 200)
        }
    }

    @Test(
        "A renewed certificate is served after a reload; one that cannot be used leaves the old one"
    )
    func reload() async throws {
        let certificate = try TestCertificate()
        try await TestGateway.run({ $0.certificate = certificate.files }) { gateway in
            let before = try certificate.client()
            let open = try await SocketClient(
                port: gateway.port, headers: [("Cookie", "session=\(FakeNode.token)")], tls: before)
            try certificate.renew()
            #expect(try await gateway.client(tls: before).send("GET", "/healthz").status == 200)
            try gateway.service.reloadCertificate()
            let after = try certificate.client()
            #expect(try await gateway.client(tls: after).send("GET", "/healthz").status == 200)
            let stale = try? await gateway.client(tls: before).send("GET", "/healthz").status
            #expect(stale != 200)
            // Who was connected stays connected.
            try await open.send(SocketTests.hello)
            #expect(await open.receive(kind: "welcome") != nil)
            await open.raw.close()
            try "nonsense".write(
                toFile: certificate.files.certificatePath, atomically: true, encoding: .utf8)
            #expect(throws: GatewayError.self) { try gateway.service.reloadCertificate() }
            #expect(try await gateway.client(tls: after).send("GET", "/healthz").status == 200)
        }
    }

    @Test("A plain listener has no certificate to load again")
    func nothingToReload() async throws {
        try await TestGateway.run { gateway in
            #expect(throws: GatewayError.noCertificate) { try gateway.service.reloadCertificate() }
        }
    }

    @Test(
        "A listener beyond loopback without TLS is refused",
        arguments: ["0.0.0.0", "::", "192.0.2.1", "example.com", "127.evil.example", "1270.0.0.1"])
    func beyondLoopback(_ host: String) throws {
        var settings = GatewaySettings(host: host, secret: FakeNode.clusterSecret)
        #expect(throws: GatewayError.plainListenerBeyondLoopback(host: host)) {
            try settings.validate()
        }
        settings.trustedProxies = ["192.0.2.9"]
        #expect(throws: Never.self) { try settings.validate() }
        settings.trustedProxies = []
        settings.certificate = CertificateFiles(certificatePath: "c", privateKeyPath: "k")
        #expect(throws: Never.self) { try settings.validate() }
        #expect(GatewayError.plainListenerBeyondLoopback(host: host).description.contains("--tls"))
    }

    @Test("Loopback needs no TLS", arguments: ["127.0.0.1", "127.0.0.3", "::1", "localhost"])
    func loopback(_ host: String) {
        let settings = GatewaySettings(host: host, secret: FakeNode.clusterSecret)
        #expect(throws: Never.self) { try settings.validate() }
    }

    @Test("Settings that cannot be meant are refused with the reason")
    func badSettings() {
        var settings = GatewaySettings(secret: [1, 2, 3])
        #expect(throws: GatewayError.secretTooShort(bytes: 3, bytesMin: 32)) {
            try settings.validate()
        }
        settings.secret = FakeNode.clusterSecret
        settings.trustedProxies = ["proxy.example"]
        #expect(throws: GatewayError.badTrustedProxy("proxy.example")) { try settings.validate() }
    }

    @Test("A certificate that is missing or not one is refused with its path")
    func badCertificate() throws {
        var settings = GatewaySettings(secret: FakeNode.clusterSecret)
        settings.certificate = CertificateFiles(
            certificatePath: "/nonexistent/c.pem", privateKeyPath: "/nonexistent/k.pem")
        do {
            _ = try makeService(settings)
            Issue.record("it was accepted")
        } catch {
            #expect(error.description.contains("/nonexistent/c.pem"))
        }
    }

    @Test("A port in use is one clear error")
    func portInUse() async throws {
        try await TestGateway.run { gateway in
            let service = try makeService(
                GatewaySettings(port: gateway.port, secret: FakeNode.clusterSecret))
            do {
                try await service.run()
                Issue.record("it listened")
            } catch {
                let error = try #require(error as? GatewayError)
                #expect(error.description.contains("127.0.0.1:\(gateway.port)"))
            }
            await #expect(throws: (any Error).self) { try await service.port }
        }
    }

    @Test("Readiness tells why the node is not ready")
    func readiness() async throws {
        try await TestGateway.run { gateway in
            gateway.node.setFacts(
                GatewayFacts(isReady: false, reason: "the registry has no leader"))
            let answer = try await gateway.client().send("GET", "/readyz")
            #expect(answer.status == 503)
            #expect(answer.text == #"{"status":"notReady","reason":"the registry has no leader"}"#)
            #expect(try await gateway.client().send("GET", "/healthz").status == 200)
        }
    }

    @Test("Metrics count what happened")
    func metrics() async throws {
        try await TestGateway.run { gateway in
            let client = gateway.client()
            _ = try await client.change("POST", "/api/sign-in", SignInTests.body)
            let socket = try await SocketClient(
                port: gateway.port, headers: [("Cookie", "session=\(FakeNode.token)")])
            try await socket.send(SocketTests.hello)
            #expect(await socket.receive(kind: "welcome") != nil)
            let text = try await client.send("GET", "/metrics").text
            for line in [
                "chaticket_gateway_csrf_refusals_total 1", "chaticket_gateway_sockets 1",
                "chaticket_gateway_frames_received_total 1",
                "# TYPE chaticket_gateway_http_requests_total counter",
            ] {
                #expect(text.contains(line + "\n"))
            }
        }
    }

    private func makeService(_ settings: GatewaySettings) throws(GatewayError) -> GatewayService {
        try GatewayService(
            settings: settings, backend: FakeNode(), codeSender: FakeCodeSender(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}
