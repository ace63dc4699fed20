import Determinism
import Identity
import Testing
import Wire

@testable import PeerTransport

@Suite("Rules of a handshake, one by one")
struct HandshakeRulesTests {
    private static let cluster = ClusterID(high: 1, low: 2)
    private static let now = WallTime(milliseconds: 1_800_000_000_000)

    /// Node 1's greeting to node 2, in order but for what a test changes.
    private func handshake(
        cluster: ClusterID = cluster, node: UInt64 = 1, target: UInt64 = 2,
        generation: UInt32 = 5, protocols: ClosedRange<UInt16> = 1...1, clock: WallTime = now
    ) -> PeerHandshake {
        PeerHandshake(
            cluster: cluster, node: NodeID(node), target: NodeID(target), generation: generation,
            protocolMin: protocols.lowerBound, protocolMax: protocols.upperBound, wallClock: clock)
    }

    /// What node 2 says to it.
    private func refusal(
        _ handshake: PeerHandshake, named node: UInt64 = 1, expected: UInt64? = nil,
        prepare: (inout HandshakeRules) -> Void = { _ in }
    ) -> PeerRefusal.Code? {
        var rules = HandshakeRules(cluster: Self.cluster, node: NodeID(2))
        prepare(&rules)
        let name = PeerCertificate.name(of: NodeID(node), in: Self.cluster)
        return rules.check(
            handshake, names: ["chat.example", name], expected: expected.map(NodeID.init),
            now: Self.now)?.code
    }

    @Test("A greeting that is in order is accepted, dialled or not")
    func accepted() {
        #expect(refusal(handshake()) == nil)
        #expect(refusal(handshake(), expected: 1) == nil)
        #expect(refusal(handshake(protocols: 1...9)) == nil)
    }

    @Test("Another cluster is refused")
    func cluster() {
        #expect(
            refusal(handshake(cluster: ClusterID(high: 1, low: 3))) == .wrongCluster)
    }

    @Test("A name that the certificate does not carry is refused, and so is one's own")
    func names() {
        #expect(refusal(handshake(), named: 3) == .wrongIdentity)
        #expect(refusal(handshake(node: 2), named: 2) == .wrongIdentity)
    }

    @Test("Who is not whom one dialled is refused, and who does not want this node")
    func targets() {
        #expect(refusal(handshake(), expected: 3) == .wrongIdentity)
        #expect(refusal(handshake(target: 3)) == .wrongIdentity)
    }

    @Test("A removed node is refused")
    func removed() {
        #expect(refusal(handshake()) { $0.removed = [NodeID(1)] } == .removed)
        #expect(refusal(handshake()) { $0.removed = [NodeID(3)] } == nil)
    }

    @Test("Protocols that are all newer or all older are refused")
    func protocols() {
        let newest = PeerLimits.protocolMax
        #expect(refusal(handshake(protocols: (newest + 1)...(newest + 2))) == .protocolVersion)
        let oldest = PeerLimits.protocolMin
        #expect(refusal(handshake(protocols: 0...(oldest - 1))) == .protocolVersion)
    }

    @Test("Clocks may differ by a minute, in both directions")
    func clocks() {
        let before = WallTime(milliseconds: Self.now.milliseconds - 60_000)
        #expect(refusal(handshake(clock: before)) == nil)
        #expect(refusal(handshake(clock: Self.now + .seconds(60))) == nil)
        let earlier = WallTime(milliseconds: Self.now.milliseconds - 60_001)
        #expect(refusal(handshake(clock: earlier)) == .clockOff)
        #expect(refusal(handshake(clock: Self.now + .milliseconds(60_001))) == .clockOff)
    }

    @Test("An older boot than one seen is refused; a refused one is not remembered")
    func generations() {
        var rules = HandshakeRules(cluster: Self.cluster, node: NodeID(2))
        let names = [PeerCertificate.name(of: NodeID(1), in: Self.cluster)]
        func code(_ handshake: PeerHandshake) -> PeerRefusal.Code? {
            rules.check(handshake, names: names, expected: nil, now: Self.now)?.code
        }
        #expect(code(handshake(target: 3, generation: 9)) == .wrongIdentity)
        #expect(code(handshake(generation: 5)) == nil)
        #expect(code(handshake(generation: 5)) == nil)
        #expect(code(handshake(generation: 4)) == .outdated)
        #expect(code(handshake(generation: 6)) == nil)
        #expect(code(handshake(generation: 5)) == .outdated)
    }
}
