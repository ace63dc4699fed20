import Determinism
import Identity
import Testing

@testable import Membership

@Suite("Addresses that the registry knows")
struct RegisteredAddressTests {
    @Test("Whom nobody has told an address of is looked for where the registry says")
    func looksThere() {
        var generator = SeededGenerator(seed: 1)
        let (known, registered) = (
            GossipAddress(host: "10.0.0.2", port: 7_000),
            GossipAddress(host: "10.0.0.9", port: 7_000)
        )
        var detector = FailureDetector(
            local: TestNetwork.record(1), seeds: [], known: [(NodeID(2), known)], at: .start,
            using: &generator)
        detector.note(
            registered: [NodeID(1), NodeID(2), NodeID(3)],
            at: [(NodeID(1), registered), (NodeID(2), registered), (NodeID(3), registered)])
        #expect(detector.gossipAddress(of: NodeID(2)) == known, "what was heard is newer")
        #expect(detector.gossipAddress(of: NodeID(3)) == registered)
        let contacted = detector.advance(to: .start + .seconds(1), using: &generator).compactMap {
            if case .sendDatagram(_, let address) = $0 { address } else { nil }
        }
        #expect(contacted.contains(known) && contacted.contains(registered))
    }
}
