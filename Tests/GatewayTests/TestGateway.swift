import Determinism
import Foundation
import Gateway
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

/// Keeps the codes that would go to phones.
final class FakeCodeSender: CodeSender {
    private let codes = Mutex<[(phone: String, code: String)]>([])
    private let invitations = Mutex<[(phone: String, text: String)]>([])
    private let isBroken = Mutex(false)

    struct Broken: Error {}

    func send(_ code: SignInCode, to phone: String, expires: WallTime) async throws {
        if isBroken.withLock({ $0 }) { throw Broken() }
        codes.withLock { $0.append((phone, code.text)) }
    }

    func send(_ invitation: InvitationMessage, to phone: String) async throws {
        if isBroken.withLock({ $0 }) { throw Broken() }
        invitations.withLock { $0.append((phone, invitation.text)) }
    }

    func setBroken(_ value: Bool) { isBroken.withLock { $0 = value } }

    var invited: [(phone: String, text: String)] { invitations.withLock { $0 } }

    var sent: [(phone: String, code: String)] { codes.withLock { $0 } }
}

/// A client listener on a free port of this machine in front of a node of a script.
struct TestGateway {
    let node: FakeNode
    let sender: FakeCodeSender
    let service: GatewayService
    let port: Int

    /// Serves while `body` runs.
    static func run(
        _ change: (inout GatewaySettings) -> Void = { _ in },
        _ body: (TestGateway) async throws -> Void
    ) async throws {
        var settings = GatewaySettings(secret: FakeNode.clusterSecret)
        // At the end sockets are still open whose clients no longer answer.
        settings.timeouts.closeHandshake = .milliseconds(100)
        change(&settings)
        let node = FakeNode()
        let sender = FakeCodeSender()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let service = try GatewayService(
            settings: settings, backend: node, codeSender: sender, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [service], logger: logger))
        let running = Task { try await group.run() }
        let result: Result<Void, any Error>
        do {
            let port = try await service.port
            try await body(TestGateway(node: node, sender: sender, service: service, port: port))
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await running.value
        try result.get()
    }

    /// A client without anything.
    func client(tls: TLSConfiguration? = nil) -> HTTPClient { HTTPClient(port: port, tls: tls) }

    /// A browser that is signed in and has its CSRF token.
    func signedIn() async throws -> HTTPClient {
        let client = client()
        client.cookies["session"] = FakeNode.token
        try await client.fetchCSRFToken()
        return client
    }

    /// The address as a page of this very listener says it.
    var origin: String { "http://127.0.0.1:\(port)" }
}
