import Determinism
import Identity
import Membership
import NIOCore
import NIOPosix
import Testing
import Wire

@testable import PeerTransport

@Suite("Sealed gossip")
struct GossipSocketTests {
    private func ping(_ sequence: UInt32, from node: UInt64 = 1) -> MembershipMessage {
        MembershipMessage(
            from: NodeID(node), fromIncarnation: Incarnation(generation: 1),
            body: .ping(sequence: sequence, target: nil))
    }

    @Test("A datagram arrives with its sender's address")
    func exchange() async throws {
        let cluster = try TestCluster()
        let one = try await TestNode.start(try cluster.credentials(1))
        let two = try await TestNode.start(try cluster.credentials(2))
        let message = ping(3)
        let target = two.gossipAddress
        try await one.call { $0.sendGossip(message, to: target) }
        _ = try await two.log.first { $0 == .datagram(message, from: one.gossipAddress) }
        await one.transport.stop()
        await two.transport.stop()
    }

    @Test("Foreign, replayed, tampered, oversized and senseless datagrams are dropped and counted")
    func drops() async throws {
        let cluster = try TestCluster()
        let two = try await TestNode.start(try cluster.credentials(2))
        let socket = try await RawSocket.open()
        var sealer = try GossipSealer(
            cluster: cluster.cluster, node: NodeID(1), generation: 1, keys: cluster.keys)
        var foreign = try GossipSealer(
            cluster: ClusterID(high: 5, low: 5), node: NodeID(1), generation: 1, keys: cluster.keys)
        var otherKey = try GossipSealer(
            cluster: cluster.cluster, node: NodeID(1), generation: 1,
            keys: [.init(id: 9, bytes: [UInt8](repeating: 1, count: 32))])
        let good = try sealed(&sealer, ping(1))
        var tampered = try sealed(&sealer, ping(2))
        tampered[tampered.count - 20] ^= 1
        var otherVersion = good
        otherVersion[2] = 77
        let wrongSender = try sealed(&sealer, ping(3, from: 8))
        let packets: [[UInt8]] = [
            good, good, tampered, try sealed(&foreign, ping(4)),
            try sealed(&otherKey, ping(5)), otherVersion, wrongSender, [1, 2, 3],
            [UInt8](repeating: 0, count: 1_400), try sealed(&sealer, ping(6)),
        ]
        for packet in packets { try await socket.send(packet, to: two.ports.gossip) }
        _ = try await two.log.first {
            if case .datagram(let message, _) = $0 { message == ping(6) } else { false }
        }
        let counters = try await two.counters()
        #expect(counters.datagramsReceived == 2)
        #expect(
            counters.datagramsDropped == [
                .replayed: 1, .notAuthentic: 1, .foreignCluster: 1, .unknownKey: 1,
                .unsupportedVersion: 1, .wrongSender: 1, .malformed: 1, .oversize: 1,
            ])
        #expect(Set(counters.datagramsDropped.keys) == Set(GossipDrop.allCases))
        try await socket.close()
        await two.transport.stop()
    }

    @Test("Random datagrams never trap and never pass")
    func fuzz() throws {
        let cluster = try TestCluster()
        var sealer = try GossipSealer(
            cluster: cluster.cluster, node: NodeID(1), generation: 1, keys: cluster.keys)
        var opener = try GossipSealer(
            cluster: cluster.cluster, node: NodeID(2), generation: 1, keys: cluster.keys)
        var generator = SeededGenerator(seed: 1)
        for round in 0..<3_000 {
            var bytes = try sealed(&sealer, ping(UInt32(round)))
            let place = Int(generator.next(upperBound: UInt64(bytes.count)))
            bytes[place] ^= UInt8(1 + generator.next(upperBound: UInt64(255)))
            if case .success = opener.open(bytes) { Issue.record("byte \(place) passed") }
        }
        #expect(throws: GossipDropError.self) { try opened(&opener, []) }
    }

    @Test("Keys are replaced without a moment in which nodes do not understand each other")
    func rotation() throws {
        let cluster = try TestCluster()
        let new = JoinReply.GossipKey(id: 2, bytes: [UInt8](repeating: 3, count: 32))
        var one = try GossipSealer(
            cluster: cluster.cluster, node: NodeID(1), generation: 1, keys: cluster.keys)
        var two = try GossipSealer(
            cluster: cluster.cluster, node: NodeID(2), generation: 1, keys: cluster.keys)
        // Install, use, remove; at each step one node is ahead of the other.
        for keys in [cluster.keys + [new], [new] + cluster.keys, [new]] {
            try one.replaceKeys(keys)
            #expect(throws: Never.self) { try opened(&two, try sealed(&one, ping(1))) }
            #expect(throws: Never.self) {
                try opened(&one, try sealed(&two, ping(2, from: 2)))
            }
            try two.replaceKeys(keys)
        }
        #expect(throws: (any Error).self) { try replace(&one, []) }
        #expect(throws: (any Error).self) { try replace(&one, [new, new]) }
    }

    @Test("A datagram of the largest content is within 1,200 bytes; more is not sealed")
    func size() throws {
        let cluster = try TestCluster()
        var sealer = try GossipSealer(
            cluster: cluster.cluster, node: NodeID(1), generation: 1, keys: cluster.keys)
        let entries = (1...64).map {
            MemberDigest.Entry(
                node: NodeID(UInt64($0)), incarnation: Incarnation(rawValue: .max), status: .alive)
        }
        let digest = MembershipMessage(
            from: NodeID(1), fromIncarnation: Incarnation(rawValue: .max), wantsRecord: true,
            body: .digest(MemberDigest(sorted: entries)))
        let bytes = try sealed(&sealer, digest)
        #expect(bytes.count <= MembershipMessage.datagramBytesMax)
        let endpoint = try MemberEndpoint(
            host: "127.0.0.1", gossipPort: 1, peerPort: 1,
            clientURL: String(repeating: "x", count: 120))
        let tooMuch = MembershipMessage(
            from: NodeID(1), fromIncarnation: Incarnation(generation: 1), body: .gossip,
            updates: [MemberUpdate](
                repeating: .alive(
                    node: NodeID(1), incarnation: Incarnation(generation: 1), endpoint: endpoint,
                    facts: try MemberFacts()), count: 12))
        let nothing = sealer.seal(tooMuch)
        #expect(nothing == nil)
    }
}

private func sealed(
    _ sealer: inout GossipSealer, _ message: MembershipMessage
) throws -> [UInt8] {
    let bytes = sealer.seal(message)
    return try #require(bytes)
}

private func opened(_ sealer: inout GossipSealer, _ bytes: [UInt8]) throws -> MembershipMessage {
    try sealer.open(bytes).get()
}

private func replace(_ sealer: inout GossipSealer, _ keys: [JoinReply.GossipKey]) throws {
    try sealer.replaceKeys(keys)
}

/// A plain UDP socket.
private struct RawSocket {
    let channel: any Channel

    static func open() async throws -> RawSocket {
        RawSocket(
            channel: try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .bind(host: TestNode.host, port: 0).get())
    }

    func send(_ bytes: [UInt8], to port: UInt16) async throws {
        let address = try SocketAddress(ipAddress: TestNode.host, port: Int(port))
        try await channel.writeAndFlush(
            AddressedEnvelope(remoteAddress: address, data: ByteBuffer(bytes: bytes)))
    }

    func close() async throws { try await channel.close() }
}
