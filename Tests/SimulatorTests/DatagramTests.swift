import Determinism
import Identity
import Membership
import Testing
import Wire

@testable import Simulator

@Suite("Simulated datagrams")
struct DatagramTests {
    private let path = SimulatedNetwork.Path(from: NodeID(1), to: NodeID(2))
    private let cluster = ClusterID(high: 1, low: 2)
    private let message = MembershipMessage(
        from: NodeID(7), fromIncarnation: Incarnation(generation: 3, counter: 4),
        body: .ping(sequence: 5, target: NodeID(8)),
        updates: [
            .suspect(
                node: NodeID(9), incarnation: Incarnation(generation: 1, counter: 1),
                from: NodeID(7))
        ])

    /// What becomes of a datagram to which `fault` certainly happens.
    private func copies(after fault: DatagramFault?) -> [SimulatedNetwork.Copy] {
        let network = SimulatedNetwork(settings: NetworkSettings(), seed: 4)
        var generator = SeededGenerator(seed: 5)
        if let fault { network.datagramFaults.set(fault, perMille: 1_000) }
        let copies = network.copies(of: path, at: .start, using: &generator)
        if let fault { #expect(network.datagramFaults.counts[fault.rawValue] == 1) }
        return copies
    }

    @Test("Without faults a datagram arrives once, soon")
    func calm() {
        let copies = copies(after: nil)
        #expect(copies.map(\.fate) == [.arrives])
        #expect(copies.allSatisfy { $0.at < .start + .milliseconds(1) })
    }

    @Test("A lost datagram never arrives, a doubled one arrives twice")
    func lossAndDuplication() {
        #expect(copies(after: .loss) == [])
        #expect(copies(after: .duplication).map(\.fate) == [.arrives, .arrives])
    }

    @Test("A reordered datagram comes late, a replayed one comes again when it is old")
    func reorderAndReplay() {
        let network = SimulatedNetwork(settings: NetworkSettings(), seed: 6)
        var generator = SeededGenerator(seed: 6)
        network.datagramFaults.set(.reorder, perMille: 500)
        let times = (0..<50).flatMap { _ in
            network.copies(of: path, at: .start, using: &generator).map(\.at)
        }
        #expect(times.contains { $0 > .start + .milliseconds(1) })
        network.datagramFaults.set(.reorder, perMille: 0)
        network.datagramFaults.set(.replay, perMille: 1_000)
        let ages = (0..<50).map { _ in
            network.copies(of: path, at: .start, using: &generator).map(\.at)
        }
        #expect(ages.allSatisfy { $0.count == 2 })
        #expect(ages.contains { $0[1] > .start + .seconds(10) })
    }

    @Test(
        "A datagram that is damaged, too large or of another cluster does not arrive",
        arguments: [DatagramFault.corruption, .truncation, .oversize, .wrongCluster])
    func damage(fault: DatagramFault) {
        #expect(copies(after: fault).map(\.fate) == [.isDamaged(fault)])
    }

    @Test("A forged sender is an authentic datagram from another address, instead or besides")
    func forgery() {
        let network = SimulatedNetwork(settings: NetworkSettings(), seed: 6)
        var generator = SeededGenerator(seed: 6)
        network.datagramFaults.set(.forgedSender, perMille: 1_000)
        let fates = (0..<40).map { _ in
            network.copies(of: path, at: .start, using: &generator).map(\.fate)
        }
        #expect(fates.contains([.arrivesFromElsewhere]))
        #expect(fates.contains([.arrivesFromElsewhere, .arrives]))
    }

    @Test("The seal lets in what it sealed, and nothing that differs from it in any byte")
    func seal() throws {
        let seal = SimulatedSeal(cluster: cluster)
        let sealed = try #require(seal.seal(message, generation: 3, counter: 1))
        #expect(seal.open(sealed) == message)
        for position in sealed.indices {
            var changed = sealed
            changed[position] ^= 1
            #expect(seal.open(changed) == nil)
            #expect(seal.open(Array(sealed.prefix(position))) == nil)
        }
        let foreign = SimulatedSeal(cluster: ClusterID(high: 1, low: 3))
        #expect(foreign.open(sealed) == nil)
    }

    @Test("The seal refuses a member that speaks in the name of another")
    func wrongSender() throws {
        let seal = SimulatedSeal(cluster: cluster)
        var sealed = try #require(seal.seal(message, generation: 3, counter: 1))
        // The lowest byte of the node in the nonce, with a tag that fits.
        sealed[GossipDatagram.headerByteCount - GossipDatagram.Nonce.byteCount + 2] ^= 1
        let body = Array(sealed.dropLast(GossipDatagram.tagByteCount))
        #expect(seal.open(body + seal.tag(of: body)) == nil)
    }

    @Test(
        "Damage changes the bytes, and the decoder bears every damage of a body",
        arguments: [DatagramFault.corruption, .truncation, .oversize])
    func decoder(fault: DatagramFault) throws {
        var faults = DatagramFaults(seed: 9)
        let body = try message.encoded()
        var decodedCount = 0
        for _ in 0..<2_000 {
            let damaged = faults.damage(
                body, by: fault, bytesMax: MembershipMessage.datagramBytesMax)
            #expect(damaged != body)
            guard let decoded = try? MembershipMessage(decoding: damaged) else { continue }
            decodedCount += 1
            #expect(try MembershipMessage(decoding: decoded.encoded()) == decoded)
        }
        if fault == .oversize { #expect(decodedCount == 0) }
    }
}
