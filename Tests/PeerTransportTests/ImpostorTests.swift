import Determinism
import Foundation
import Identity
import Membership
import NIOCore
import NIOPosix
import NIOSSL
import PeerTransport
import Testing
import Wire

@Suite("Impostors at a node's address")
struct ImpostorTests {
    /// A greeting of `node` to node 1, as an answer.
    private static func greeting(_ cluster: TestCluster, of node: UInt64) -> [PeerFrame] {
        let handshake = PeerHandshake(
            cluster: cluster.cluster, node: NodeID(node), target: NodeID(1), generation: 1,
            wallClock: TestCluster.now())
        guard let payload = try? handshake.encoded() else { return [] }
        return [PeerFrame(kind: .handshake, payload: payload)]
    }

    /// Node 1, which looks for node 2 where the impostor listens.
    private func caller(
        _ cluster: TestCluster, of impostor: Impostor,
        configure: @Sendable (inout PeerTransportSettings) -> Void = { _ in }
    ) async throws -> TestNode {
        let one = try await TestNode.start(try cluster.credentials(1), configure: configure)
        let port = impostor.port
        try await one.call { $0.setPeer(NodeID(2), host: TestNode.host, port: port) }
        return one
    }

    private func expectRefused(_ one: TestNode, _ code: PeerRefusal.Code) async throws {
        _ = try await one.log.first {
            if case .refused = $0 { true } else { false }
        }
        #expect(one.log.events.contains(.refused(NodeID(2), code)))
        #expect(!one.log.events.contains(.linkUp(NodeID(2))))
    }

    @Test("Who greets in order is believed: what the other tests change is the reason")
    func lawful() async throws {
        let cluster = try TestCluster()
        let impostor = try await Impostor.listen(as: try cluster.credentials(2)) { _ in
            Self.greeting(cluster, of: 2)
        }
        let one = try await caller(cluster, of: impostor)
        _ = try await one.log.first { $0 == .linkUp(NodeID(2)) }
        await one.transport.stop()
        try await impostor.close()
    }

    @Test("A certificate of another authority is refused, whatever it says")
    func otherAuthority() async throws {
        let cluster = try TestCluster()
        let forged = TestCluster(
            cluster: cluster.cluster, authority: try TestCluster().authority, keys: cluster.keys)
        let impostor = try await Impostor.listen(as: try forged.credentials(2)) { _ in
            Self.greeting(cluster, of: 2)
        }
        let one = try await caller(cluster, of: impostor)
        try await expectRefused(one, .wrongIdentity)
        await one.transport.stop()
        try await impostor.close()
    }

    @Test("Another member, and one who takes another's name, are refused", arguments: [2, 3])
    func otherNode(named node: UInt64) async throws {
        let cluster = try TestCluster()
        let impostor = try await Impostor.listen(as: try cluster.credentials(3)) { _ in
            Self.greeting(cluster, of: node)
        }
        let one = try await caller(cluster, of: impostor)
        try await expectRefused(one, .wrongIdentity)
        await one.transport.stop()
        try await impostor.close()
    }

    @Test("TLS below 1.3 is not spoken")
    func oldTLS() async throws {
        let cluster = try TestCluster()
        let impostor = try await Impostor.listen(
            as: try cluster.credentials(2), newest: .tlsv12
        ) { _ in Self.greeting(cluster, of: 2) }
        let one = try await caller(cluster, of: impostor)
        _ = try await one.log.first { $0 == .linkDown(NodeID(2), isRefused: false) }
        #expect(!one.log.events.contains(.linkUp(NodeID(2))))
        await one.transport.stop()
        try await impostor.close()
    }

    @Test("A greeting that is none is refused")
    func noHandshake() async throws {
        let cluster = try TestCluster()
        let impostor = try await Impostor.listen(as: try cluster.credentials(2)) { _ in
            [PeerFrame(kind: .handshake, payload: [0xFF, 0xFF])]
        }
        let one = try await caller(cluster, of: impostor)
        try await expectRefused(one, .protocolViolation)
        await one.transport.stop()
        try await impostor.close()
    }

    @Test("Nobody is waited for who never greets")
    func noAnswer() async throws {
        let cluster = try TestCluster()
        let impostor = try await Impostor.listen(as: try cluster.credentials(2)) { _ in [] }
        let one = try await caller(cluster, of: impostor) {
            $0.keepalive = .milliseconds(50)
            $0.handshakeTimeout = .milliseconds(100)
        }
        _ = try await one.log.first { $0 == .linkDown(NodeID(2), isRefused: false) }
        await one.transport.stop()
        try await impostor.close()
    }

    @Test("Before the greeting no large frame is waited for")
    func largeFrame() async throws {
        let cluster = try TestCluster()
        let impostor = try await Impostor.listen(as: try cluster.credentials(2)) { _ in
            [PeerFrame(kind: .refusal, payload: [UInt8](repeating: 0, count: 8 * 1_024))]
        }
        let one = try await caller(cluster, of: impostor)
        _ = try await one.log.first { $0 == .linkDown(NodeID(2), isRefused: false) }
        // Had it been read, it would be a refusal.
        #expect(one.log.events == [.linkDown(NodeID(2), isRefused: false)])
        await one.transport.stop()
        try await impostor.close()
    }

    @Test("What does not belong on the way back ends the link")
    func frameOutOfOrder() async throws {
        let cluster = try TestCluster()
        let impostor = try await Impostor.listen(as: try cluster.credentials(2)) { frame in
            frame.kind == .handshake
                ? Self.greeting(cluster, of: 2) : [PeerFrame(kind: .keepalivePing)]
        }
        let one = try await caller(cluster, of: impostor)
        let up = try await one.log.first { $0 == .linkUp(NodeID(2)) }
        try await one.call { $0.send([.streamPing(sequence: 1)], to: NodeID(2)) }
        _ = try await one.log.first(from: up.place) {
            $0 == .linkDown(NodeID(2), isRefused: false)
        }
        #expect(try await one.counters().protocolErrors >= 1)
        await one.transport.stop()
        try await impostor.close()
    }

    @Test("Nothing is kept for a node that cannot be reached")
    func nothingKept() async throws {
        let cluster = try TestCluster()
        let vacant = try VacantPort()
        let one = try await TestNode.start(
            try cluster.credentials(1),
            configure: {
                $0.redialMin = .milliseconds(300)
                $0.redialMax = .milliseconds(300)
            })
        // The first waits for the first attempt, and goes with it; the second is not taken at all.
        try await one.call { transport in
            transport.setPeer(NodeID(2), host: TestNode.host, port: vacant.number)
            transport.send([.streamPing(sequence: 1)], to: NodeID(2))
        }
        _ = try await one.log.first { $0 == .linkDown(NodeID(2), isRefused: true) }
        try await one.call { $0.send([.streamPing(sequence: 2)], to: NodeID(2)) }
        #expect(try await one.counters().messagesUnsendable == 1)
        let back = try await TestNode.start(
            try cluster.credentials(2), peerPort: vacant.number)
        _ = try await one.log.first { $0 == .linkUp(NodeID(2)) }
        try await one.call { $0.send([.streamPing(sequence: 3)], to: NodeID(2)) }
        _ = try await back.log.first {
            $0 == .messages([.streamPing(sequence: 3)], from: NodeID(1))
        }
        #expect(back.log.events == [.messages([.streamPing(sequence: 3)], from: NodeID(1))])
        await one.transport.stop()
        await back.transport.stop()
    }

    @Test("A node whose own loop stood still does not blame the others for it")
    func ownStall() async throws {
        let cluster = try TestCluster()
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let one = try await TestNode.start(
            try cluster.credentials(1), on: loop.next(),
            configure: {
                $0.keepalive = .milliseconds(250)
                $0.silenceMax = .seconds(2)
            })
        // This one is patient: the link's end could be only the first one's doing.
        let two = try await TestNode.start(
            try cluster.credentials(2), configure: { $0.silenceMax = .seconds(20) })
        try await one.connect(to: two)
        _ = try await one.log.first { $0 == .linkUp(NodeID(2)) }
        try await one.eventLoop.submit { Thread.sleep(forTimeInterval: 3) }.get()
        // The next ticks, of which the first would give the link up, are over.
        try await one.eventLoop.scheduleTask(in: .milliseconds(500)) {}.futureResult.get()
        #expect(one.log.events == [.linkUp(NodeID(2))])
        await one.transport.stop()
        await two.transport.stop()
        try await loop.shutdownGracefully()
    }
}

@Suite("Impostors at the address in a join token")
struct JoinImpostorTests {
    private func join(
        _ cluster: TestCluster, at impostor: Impostor, key: NodeKey = NodeKey(),
        timeout: Interval = JoinClient.timeout
    ) async throws -> Joined {
        let token = JoinToken(
            authority: cluster.authority, cluster: cluster.cluster, seedHost: TestNode.host,
            seedPort: impostor.port, expiry: TestCluster.now() + .seconds(600))
        return try await JoinClient.join(
            token: token, key: key,
            endpoint: try MemberEndpoint(
                host: "127.0.0.1", gossipPort: 1, peerPort: 2, clientURL: "http://127.0.0.1:3"),
            facts: try MemberFacts(), now: TestCluster.now(), timeout: timeout,
            group: MultiThreadedEventLoopGroup.singleton)
    }

    /// What a member answers to a node with `key`, but for what a test changes.
    private func reply(
        _ cluster: TestCluster, to key: NodeKey, of replied: ClusterID? = nil,
        authority: CertificateAuthority? = nil, authorityKey: CertificateAuthority? = nil
    ) throws -> PeerFrame {
        let certificate = try cluster.authority.issueNodeCertificate(
            node: NodeID(4), cluster: cluster.cluster, publicKey: key.publicKey,
            now: TestCluster.now())
        let reply = JoinReply(
            cluster: replied ?? cluster.cluster, node: NodeID(4), certificate: certificate,
            authority: (authority ?? cluster.authority).certificatePEM,
            authorityKey: (authorityKey ?? cluster.authority).privateKeyPEM, keys: cluster.keys,
            registry: [1], seeds: [])
        return PeerFrame(kind: .joinReply, payload: try reply.encoded())
    }

    /// The error with which joining fails when a member answers with `frame`.
    private func failure(
        _ cluster: TestCluster, answer frame: PeerFrame, key: NodeKey
    ) async throws -> JoinError? {
        let impostor = try await Impostor.listen(as: try cluster.credentials(1)) { _ in [frame] }
        let error = await #expect(throws: JoinError.self) {
            _ = try await join(cluster, at: impostor, key: key)
        }
        try await impostor.close()
        return error
    }

    private func isMismatch(_ error: JoinError?) -> Bool {
        if case .authorityMismatch = error { true } else { false }
    }

    private func isBadAnswer(_ error: JoinError?) -> Bool {
        if case .badAnswer = error { true } else { false }
    }

    @Test("An answer in order is taken: what the other tests change is the reason")
    func lawful() async throws {
        let cluster = try TestCluster()
        let key = NodeKey()
        let frame = try reply(cluster, to: key)
        let impostor = try await Impostor.listen(as: try cluster.credentials(1)) { _ in [frame] }
        #expect(try await join(cluster, at: impostor, key: key).credentials.node == NodeID(4))
        try await impostor.close()
    }

    @Test("An answer for another cluster, or with another authority, is refused")
    func otherCluster() async throws {
        let cluster = try TestCluster()
        let key = NodeKey()
        // The certificate is for that cluster too, so that nothing else is wrong.
        let other = TestCluster(
            cluster: ClusterID(high: 9, low: 9), authority: cluster.authority, keys: cluster.keys)
        #expect(
            isMismatch(
                try await failure(cluster, answer: try reply(other, to: key), key: key)))
        let foreign = TestCluster(
            cluster: cluster.cluster, authority: try TestCluster().authority, keys: cluster.keys)
        #expect(
            isMismatch(
                try await failure(cluster, answer: try reply(foreign, to: key), key: key)))
    }

    @Test("An answer whose parts do not fit is refused")
    func parts() async throws {
        let cluster = try TestCluster()
        let key = NodeKey()
        let otherKey = try reply(cluster, to: key, authorityKey: try TestCluster().authority)
        #expect(isBadAnswer(try await failure(cluster, answer: otherKey, key: key)))
        let otherNode = try reply(cluster, to: NodeKey())
        #expect(isBadAnswer(try await failure(cluster, answer: otherNode, key: key)))
    }

    @Test("The authority's certificate alone, which anybody can show, does not make a member")
    func borrowedAuthority() async throws {
        let cluster = try TestCluster()
        let forged = TestCluster(
            cluster: cluster.cluster, authority: try TestCluster().authority, keys: cluster.keys)
        let credentials = try forged.credentials(1)
        try await expectNoSecret(
            for: credentials.certificatePEM, key: credentials.privateKeyPEM, in: cluster)
    }

    /// Whoever listens with this certificate gets no secret from a node that wants to join.
    private func expectNoSecret(
        for certificate: String, key: String, in cluster: TestCluster
    ) async throws {
        let impostor = try await Impostor.listen(
            chain: [certificate, cluster.authority.certificatePEM], privateKeyPEM: key
        ) { _ in
            Issue.record("the secret was given away")
            return []
        }
        let error = await #expect(throws: JoinError.self) {
            _ = try await join(cluster, at: impostor)
        }
        #expect(isMismatch(error))
        try await impostor.close()
    }

    @Test("A certificate for clients, of the right authority, does not make a member")
    func clientCertificate() async throws {
        let cluster = try TestCluster()
        let issued = try cluster.authority.issueServerCertificate(
            hosts: ["chat.example"], now: TestCluster.now())
        try await expectNoSecret(
            for: issued.certificatePEM, key: issued.privateKeyPEM, in: cluster)
    }

    @Test("TLS below 1.3 is not spoken")
    func oldTLS() async throws {
        let cluster = try TestCluster()
        let key = NodeKey()
        let frame = try reply(cluster, to: key)
        let impostor = try await Impostor.listen(
            as: try cluster.credentials(1), newest: .tlsv12
        ) { _ in [frame] }
        await #expect(throws: JoinError.self) {
            _ = try await join(cluster, at: impostor, key: key)
        }
        try await impostor.close()
    }

    @Test("A member that never answers is given up")
    func noAnswer() async throws {
        let cluster = try TestCluster()
        let impostor = try await Impostor.listen(as: try cluster.credentials(1)) { _ in [] }
        let address = "\(TestNode.host):\(impostor.port)"
        // Without the limit it would wait until the connection ends, and then say otherwise.
        let ending = Task {
            try await Task.sleep(for: .seconds(30))
            try await impostor.close()
        }
        await #expect(throws: JoinError.timedOut(seed: address)) {
            _ = try await join(cluster, at: impostor, timeout: .milliseconds(200))
        }
        ending.cancel()
        try await impostor.close()
    }
}
