import Determinism
import Identity
import Membership
import NIOCore
import NIOSSL
import PeerTransport
import Testing
import Wire

@Suite("Strangers on the port for nodes")
struct StrangerTests {
    private func greeting(
        _ cluster: TestCluster, generation: UInt32 = 1
    ) throws -> PeerFrame {
        let handshake = PeerHandshake(
            cluster: cluster.cluster, node: NodeID(1), target: NodeID(2), generation: generation,
            wallClock: TestCluster.now())
        return PeerFrame(kind: .handshake, payload: try handshake.encoded())
    }

    private func messages() throws -> PeerFrame {
        PeerFrame(kind: .messages, payload: try PeerMessage.streamPing(sequence: 1).encoded())
    }

    private func isGreeted(_ peer: RawPeer) async throws -> Bool {
        try await eventually { peer.record.story.frames.first?.kind == .handshake }
    }

    @Test("Who never greets is shown out")
    func noGreeting() async throws {
        let cluster = try TestCluster()
        let two = try await TestNode.start(
            try cluster.credentials(2),
            configure: {
                $0.keepalive = .milliseconds(50)
                $0.handshakeTimeout = .milliseconds(150)
            })
        let mute = try await RawPeer.dial(two.ports.peer, as: nil)
        #expect(try await mute.isClosed())
        await two.transport.stop()
    }

    @Test("A member from which nothing comes is shown out")
    func silence() async throws {
        let cluster = try TestCluster()
        let two = try await TestNode.start(
            try cluster.credentials(2),
            configure: {
                $0.keepalive = .milliseconds(50)
                $0.silenceMax = .milliseconds(150)
            })
        let once = try await RawPeer.dial(two.ports.peer, as: try cluster.credentials(1))
        try await once.send(try greeting(cluster))
        #expect(try await isGreeted(once))
        #expect(try await once.isClosed())
        await two.transport.stop()
    }

    @Test("Messages before the greeting are not taken, and close the connection")
    func order() async throws {
        let cluster = try TestCluster()
        let two = try await TestNode.start(try cluster.credentials(2))
        let eager = try await RawPeer.dial(two.ports.peer, as: try cluster.credentials(1))
        // In one piece, because the connection may be closed after the first frame.
        try await eager.send(
            bytes: try messages().encoded() + (try greeting(cluster).encoded()))
        #expect(try await eager.isClosed())
        #expect(eager.record.story.frames.isEmpty)
        #expect(try await two.counters().protocolErrors == 1)
        #expect(two.log.events.isEmpty)
        await two.transport.stop()
    }

    @Test("Before the greeting no large frame is waited for")
    func largeFrame() async throws {
        let cluster = try TestCluster()
        let two = try await TestNode.start(
            try cluster.credentials(2), configure: { $0.handshakeTimeout = .seconds(60) })
        let large = try await RawPeer.dial(two.ports.peer, as: nil)
        try await large.send(bytes: [0, 1, 0, 0])
        #expect(try await large.isClosed())
        #expect(try await two.counters().protocolErrors == 1)
        await two.transport.stop()
    }

    @Test("A damaged frame closes the connection of a member too")
    func damage() async throws {
        let cluster = try TestCluster()
        // So patient that nobody is shown out for silence.
        let two = try await TestNode.start(
            try cluster.credentials(2), configure: { $0.silenceMax = .seconds(60) })
        let one = try await RawPeer.dial(two.ports.peer, as: try cluster.credentials(1))
        try await one.send(try greeting(cluster))
        #expect(try await isGreeted(one))
        var bytes = try messages().encoded()
        bytes[bytes.count - 1] ^= 1
        try await one.send(bytes: bytes)
        #expect(try await one.isClosed())
        #expect(two.log.events.isEmpty)
        await two.transport.stop()
    }

    @Test("Strangers do not take the places of members, nor all together more than there are")
    func places() async throws {
        let cluster = try TestCluster()
        let two = try await TestNode.start(
            try cluster.credentials(2),
            configure: {
                $0.strangersMax = 2
                $0.incomingMax = 3
            })
        var strangers: [RawPeer] = []
        for _ in 0..<2 {
            let stranger = try await RawPeer.dial(two.ports.peer, as: nil)
            #expect(try await eventually { stranger.record.story.isSecured })
            strangers.append(stranger)
        }
        let third = try await RawPeer.dial(two.ports.peer, as: nil)
        #expect(try await third.isClosed())
        // One of them turns out to be a member: there is room for one more stranger, and then none.
        try await strangers[0].channel.close()
        let member = try await RawPeer.dial(two.ports.peer, as: try cluster.credentials(1))
        try await member.send(try greeting(cluster))
        #expect(try await isGreeted(member))
        let another = try await RawPeer.dial(two.ports.peer, as: nil)
        #expect(try await eventually { another.record.story.isSecured })
        try await another.send(
            PeerFrame(
                kind: .handshake,
                payload: try PeerHandshake(
                    cluster: cluster.cluster, node: NodeID(1), target: NodeID(2), generation: 1,
                    wallClock: TestCluster.now()
                ).encoded()))
        // It carries no certificate: a refusal, and its place is free again.
        #expect(try await another.isClosed())
        #expect(try await eventually { !member.record.story.isClosed })
        for peer in strangers + [member] { try? await peer.channel.close() }
        await two.transport.stop()
    }

    @Test("All places together are limited")
    func allPlaces() async throws {
        let cluster = try TestCluster()
        let two = try await TestNode.start(
            try cluster.credentials(2),
            configure: {
                $0.incomingMax = 1
                $0.silenceMax = .seconds(60)
            })
        let member = try await RawPeer.dial(two.ports.peer, as: try cluster.credentials(1))
        try await member.send(try greeting(cluster))
        #expect(try await isGreeted(member))
        let other = try await RawPeer.dial(two.ports.peer, as: nil)
        #expect(try await other.isClosed())
        #expect(!member.record.story.isClosed)
        try await member.channel.close()
        await two.transport.stop()
    }

    @Test("A node that calls again ends its earlier connection")
    func again() async throws {
        let cluster = try TestCluster()
        // So patient that nobody is shown out for silence.
        let two = try await TestNode.start(
            try cluster.credentials(2), configure: { $0.silenceMax = .seconds(60) })
        let first = try await RawPeer.dial(two.ports.peer, as: try cluster.credentials(1))
        try await first.send(try greeting(cluster))
        #expect(try await isGreeted(first))
        let second = try await RawPeer.dial(two.ports.peer, as: try cluster.credentials(1))
        try await second.send(try greeting(cluster, generation: 2))
        #expect(try await isGreeted(second))
        #expect(try await first.isClosed())
        #expect(!second.record.story.isClosed)
        try await second.channel.close()
        await two.transport.stop()
    }

    @Test("A node that is removed loses its connection, and gets none")
    func removed() async throws {
        let cluster = try TestCluster()
        let one = try await TestNode.start(try cluster.credentials(1))
        // So patient that nobody is shown out for silence.
        let two = try await TestNode.start(
            try cluster.credentials(2), configure: { $0.silenceMax = .seconds(60) })
        let member = try await RawPeer.dial(two.ports.peer, as: try cluster.credentials(1))
        try await member.send(try greeting(cluster))
        #expect(try await isGreeted(member))
        try await two.connect(to: one)
        let up = try await two.log.first { $0 == .linkUp(NodeID(1)) }
        try await two.call { $0.setRemoved([NodeID(1)]) }
        #expect(try await member.isClosed())
        try await two.call { $0.send([.streamPing(sequence: 1)], to: NodeID(1)) }
        #expect(try await two.counters().messagesUnsendable == 1)
        // Neither to a removed node nor to itself is there a link.
        try await two.connect(to: one)
        try await two.connect(to: two)
        let three = try await TestNode.start(try cluster.credentials(3))
        try await two.connect(to: three)
        _ = try await two.log.first { $0 == .linkUp(NodeID(3)) }
        try await two.call { $0.send([.streamPing(sequence: 1)], to: NodeID(1)) }
        try await two.call { $0.send([.streamPing(sequence: 1)], to: NodeID(2)) }
        #expect(try await two.counters().messagesUnsendable == 3)
        #expect(Array(two.log.events[(up.place + 1)...]) == [.linkUp(NodeID(3))])
        for node in [one, two, three] { await node.transport.stop() }
    }

    @Test("TLS below 1.3 is refused")
    func oldTLS() async throws {
        let cluster = try TestCluster()
        let two = try await TestNode.start(try cluster.credentials(2))
        let old = try await RawPeer.dial(two.ports.peer, as: nil, newest: .tlsv12)
        #expect(try await old.isClosed())
        #expect(!old.record.story.isSecured)
        await two.transport.stop()
    }

    @Test("A request to join another cluster is refused, whoever decides")
    func otherCluster() async throws {
        let cluster = try TestCluster()
        let two = try await TestNode.start(
            try cluster.credentials(2),
            decision: { _ in
                Issue.record("the registry was asked")
                return nil
            })
        let stranger = try await RawPeer.dial(two.ports.peer, as: nil)
        let request = JoinRequest(
            secret: [UInt8](repeating: 1, count: JoinRequest.secretByteCount),
            publicKey: NodeKey().publicKey,
            endpoint: try MemberEndpoint(
                host: "127.0.0.1", gossipPort: 1, peerPort: 2, clientURL: "http://127.0.0.1:3"),
            facts: try MemberFacts(), wallClock: TestCluster.now(),
            cluster: ClusterID(high: 8, low: 8))
        try await stranger.send(PeerFrame(kind: .joinRequest, payload: try request.encoded()))
        #expect(try await stranger.isClosed())
        let answer = try #require(stranger.record.story.frames.first)
        #expect(answer.kind == .refusal)
        #expect(try PeerRefusal(decoding: answer.payload).code == .wrongCluster)
        await two.transport.stop()
    }
}
