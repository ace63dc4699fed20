import Determinism
import Identity
import Testing

@testable import Membership

/// Found by the simulation (seed 484): an accusation overtook the address that it was about, was
/// told on with the address of the process before, and the two were taken for two nodes.
@Suite("Addresses that others tell")
struct HearsayTests {
    @Test("The address of a suspect that an exchange tells gives way to what the suspect says")
    func suspectByExchange() {
        var generator = SeededGenerator(seed: 1)
        var detector = FailureDetector(
            local: TestNetwork.record(1), seeds: [], at: .start, using: &generator)
        var heard = TestNetwork.record(3, generation: 3, port: 7_000)
        heard.status = .suspect
        _ = detector.receiveSync(
            MembershipSync(
                members: [TestNetwork.record(2), heard], isReply: true, isJoin: false),
            from: NodeID(2), at: .start, using: &generator)
        #expect(detector.gossipAddress(of: NodeID(3)) == heard.endpoint.gossipAddress)
        #expect(detector.table[NodeID(3)]?.record.status == .suspect)
        #expect(detector.table[NodeID(3)]?.record.incarnation == heard.incarnation)

        let itself = TestNetwork.record(3, generation: 3, port: 7_009)
        let effects = detector.receive(
            MembershipMessage(
                from: NodeID(3), fromIncarnation: itself.incarnation, body: .gossip,
                updates: [itself.aliveUpdate]),
            from: itself.endpoint.gossipAddress, at: .start, using: &generator)
        #expect(detector.gossipAddress(of: NodeID(3)) == itself.endpoint.gossipAddress)
        for case .conflict(let node, _, _) in effects { Issue.record("\(node) is not two") }
    }
}
