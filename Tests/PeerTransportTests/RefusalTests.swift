import Determinism
import Identity
import PeerTransport
import Testing
import Wire

@Suite("Nodes that are refused")
struct RefusalTests {
    /// Lets node 1 with `credentials` call node 2 of `cluster`, and returns why it was refused.
    private func refusal(
        of credentials: PeerCredentials, by cluster: TestCluster, generation: UInt32 = 1,
        clockOffset: Interval = .zero, clock: WallTime? = nil,
        prepare: (TestNode) async throws -> Void = { _ in }
    ) async throws -> PeerRefusal.Code? {
        let two = try await TestNode.start(try cluster.credentials(2))
        try await prepare(two)
        let one = try await TestNode.start(
            credentials, generation: generation, clockOffset: clockOffset, clock: clock)
        try await one.connect(to: two)
        let told = try await one.log.first {
            if case .refused = $0 { true } else { false }
        }
        let hasBeenUp = one.log.events.contains(.linkUp(NodeID(2)))
        #expect(!hasBeenUp)
        await one.transport.stop()
        await two.transport.stop()
        #expect(two.log.events.allSatisfy { if case .messages = $0 { false } else { true } })
        if case .refused(_, let code) = told.event { return code }
        return nil
    }

    @Test("A node whose certificate is from another authority is refused by TLS")
    func otherAuthority() async throws {
        let cluster = try TestCluster()
        let foreign = try TestCluster()
        // The same cluster id, so that only the signature tells them apart.
        let forged = TestCluster(
            cluster: cluster.cluster, authority: foreign.authority, keys: cluster.keys)
        #expect(try await refusal(of: forged.credentials(1), by: cluster) == .wrongIdentity)
    }

    @Test("A node of another cluster under the same authority is refused with the reason")
    func otherCluster() async throws {
        let cluster = try TestCluster()
        let other = TestCluster(
            cluster: ClusterID(high: 1, low: 2), authority: cluster.authority, keys: cluster.keys)
        #expect(try await refusal(of: other.credentials(1), by: cluster) == .wrongCluster)
    }

    @Test("An expired certificate is refused by TLS, and by the node itself at its start")
    func expired() async throws {
        let cluster = try TestCluster()
        let past = WallTime(milliseconds: TestCluster.now().milliseconds - 3 * 86_400_000)
        let credentials = try cluster.credentials(1, now: past, validity: .seconds(86_400))
        // It may start only because its own clock stands still three days ago.
        #expect(
            try await refusal(of: credentials, by: cluster, clock: past + .seconds(60))
                == .wrongIdentity)
        let error = await #expect(throws: PeerTransportError.self) {
            _ = try await TestNode.start(credentials)
        }
        #expect(error == .badCredentials(CertificateError.notValidNow.description))
    }

    @Test("A node whose clock is more than a minute off is refused with the reason")
    func clockOff() async throws {
        let cluster = try TestCluster()
        #expect(
            try await refusal(
                of: cluster.credentials(1), by: cluster, clockOffset: .seconds(75)) == .clockOff)
    }

    @Test("A process that runs on a copied disk is refused as outdated")
    func copiedDisk() async throws {
        let cluster = try TestCluster()
        let credentials = try cluster.credentials(1)
        let code = try await refusal(of: credentials, by: cluster, generation: 6) { two in
            let newer = try await TestNode.start(credentials, generation: 7)
            try await newer.connect(to: two)
            _ = try await newer.log.first { $0 == .linkUp(NodeID(2)) }
            await newer.transport.stop()
        }
        #expect(code == .outdated)
    }

    @Test("A node that the registry removed is refused for ever")
    func removed() async throws {
        let cluster = try TestCluster()
        let code = try await refusal(of: cluster.credentials(1), by: cluster) { two in
            try await two.call { $0.setRemoved([NodeID(1)]) }
        }
        #expect(code == .removed)
    }

    @Test("A node that answers under another name than was dialled is refused")
    func otherNode() async throws {
        let cluster = try TestCluster()
        let one = try await TestNode.start(try cluster.credentials(1))
        let three = try await TestNode.start(try cluster.credentials(3))
        let port = three.ports.peer
        try await one.call { $0.setPeer(NodeID(2), host: TestNode.host, port: port) }
        _ = try await one.log.first { $0 == .refused(NodeID(2), .wrongIdentity) }
        await one.transport.stop()
        await three.transport.stop()
    }

    @Test("A certificate for clients does not make a node")
    func clientCertificate() async throws {
        let cluster = try TestCluster()
        let name = PeerCertificate.name(of: NodeID(1), in: cluster.cluster)
        let issued = try cluster.authority.issueServerCertificate(
            hosts: ["chat.example"], now: TestCluster.now())
        let lawful = try cluster.credentials(1)
        let credentials = PeerCredentials(
            cluster: cluster.cluster, node: NodeID(1), certificatePEM: issued.certificatePEM,
            privateKeyPEM: issued.privateKeyPEM, authorityPEM: lawful.authorityPEM,
            authorityKeyPEM: lawful.authorityKeyPEM, gossipKeys: cluster.keys)
        #expect(throws: CertificateError.wrongName(expected: name)) {
            try credentials.check(now: TestCluster.now())
        }
    }
}
