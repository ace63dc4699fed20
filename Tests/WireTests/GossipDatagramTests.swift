import Determinism
import Identity
import Membership
import Testing
import Wire

@Suite("Datagrams of gossip")
struct GossipDatagramTests {
    @Test("Membership messages come back as they were")
    func bodies() throws {
        var random = RandomMessages(seed: 21)
        for _ in 0..<2_000 {
            let message = try random.membership()
            let bytes = try message.encoded()
            #expect(try MembershipMessage(decoding: bytes) == message)
            #expect(bytes.count <= message.encodedBytesMax)
        }
    }

    @Test("Damaged and random bodies never trap")
    func fuzzBodies() throws {
        var random = RandomMessages(seed: 22)
        var refusedCount = 0
        for round in 0..<6_000 {
            let bytes =
                round % 3 == 0
                ? random.bytes(max: 120) : random.mutated(try random.membership().encoded())
            if (try? MembershipMessage(decoding: bytes)) == nil { refusedCount += 1 }
        }
        #expect(refusedCount > 1_000)
    }

    @Test("A message that leaves no room for the envelope is refused by the sender")
    func oversizeBody() throws {
        let endpoint = try MemberEndpoint(
            host: String(repeating: "1", count: 45), gossipPort: 1, peerPort: 2,
            clientURL: String(repeating: "u", count: 120))
        let update = MemberUpdate.alive(
            node: NodeID(1), incarnation: Incarnation(generation: 1), endpoint: endpoint,
            facts: try MemberFacts())
        let message = MembershipMessage(
            from: NodeID(1), fromIncarnation: Incarnation(generation: 1), body: .gossip,
            updates: [MemberUpdate](repeating: update, count: 10))
        #expect(throws: WireError.self) { try message.encoded() }
        let tooMany = MembershipMessage(
            from: NodeID(1), fromIncarnation: Incarnation(generation: 1), body: .gossip,
            updates: [MemberUpdate](
                repeating: .dead(
                    node: NodeID(1), incarnation: Incarnation(generation: 1), from: NodeID(2)),
                count: MembershipMessage.updatesMax + 1))
        #expect(throws: WireError.tooLarge("updates", count: 33, max: 32)) {
            try tooMany.encoded()
        }
    }

    @Test("The envelope fits into what membership leaves for it")
    func envelopeSize() {
        #expect(GossipDatagram.overheadByteCount <= MembershipMessage.envelopeBytesMax)
    }

    @Test("Envelopes come back as they were")
    func envelopes() throws {
        var random = RandomMessages(seed: 23)
        for _ in 0..<500 {
            let nonce = try #require(
                GossipDatagram.Nonce(
                    node: NodeID(random.number() >> 40), generation: random.number32(),
                    counter: random.number() >> 24))
            let datagram = GossipDatagram(
                clusterHash: random.number(), keyID: UInt8(random.upTo(255)), nonce: nonce,
                sealed: random.bytes(max: 200) + [UInt8](repeating: 0, count: 16))
            #expect(try GossipDatagram(decoding: datagram.encoded) == datagram)
            #expect(datagram.nonce.bytes.count == GossipDatagram.Nonce.byteCount)
        }
    }

    @Test("Foreign, short, long and random datagrams never trap")
    func badEnvelopes() {
        var random = RandomMessages(seed: 24)
        for _ in 0..<2_000 { _ = try? GossipDatagram(decoding: random.bytes(max: 100)) }
        #expect(throws: WireError.malformed("datagram")) { try GossipDatagram(decoding: []) }
        #expect(throws: WireError.tooLarge("datagram", count: 1_201, max: 1_200)) {
            try GossipDatagram(decoding: [UInt8](repeating: 0, count: 1_201))
        }
        var other = GossipDatagram.magic + [9]
        other += [UInt8](repeating: 0, count: 60)
        #expect(throws: WireError.unsupportedVersion(9)) { try GossipDatagram(decoding: other) }
    }

    @Test("A node or a counter that does not fit into the nonce makes none")
    func nonceLimits() {
        let counterMax = GossipDatagram.Nonce.counterMax
        #expect(
            GossipDatagram.Nonce(node: NodeID(1), generation: 1, counter: counterMax) != nil)
        #expect(
            GossipDatagram.Nonce(node: NodeID(1), generation: 1, counter: counterMax + 1) == nil)
        #expect(GossipDatagram.Nonce(node: NodeID(1 << 24), generation: 1, counter: 1) == nil)
    }
}

@Suite("Replays")
struct ReplayWindowTests {
    @Test("Each counter is let in once, in any order within the window")
    func window() {
        var generator = SeededGenerator(seed: 1)
        var window = ReplayWindow()
        var seen: Set<UInt64> = []
        var newest: UInt64 = 0
        for _ in 0..<5_000 {
            let low = newest > 80 ? newest - 80 : 1
            let counter = low + generator.next(upperBound: UInt64(90))
            let isNew = !seen.contains(counter) && counter + ReplayWindow.width > newest
            let isAdmitted = window.admit(generation: 1, counter: counter)
            #expect(isAdmitted == isNew)
            if isNew {
                seen.insert(counter)
                newest = max(newest, counter)
            }
        }
    }

    @Test("A later boot starts afresh, and an earlier one is a replay from then on")
    func generations() {
        let packets: [(UInt32, UInt64)] = [(3, 1_000), (4, 1), (4, 1), (3, 1_001), (4, 2)]
        #expect(admitted(packets) == [true, true, false, false, true])
    }

    @Test("A jump beyond the window forgets all before it")
    func jump() {
        let packets: [(UInt32, UInt64)] = [(1, 1), (1, 1_000), (1, 936), (1, 937), (1, 1_000)]
        #expect(admitted(packets) == [true, true, false, true, false])
    }

    private func admitted(_ packets: [(UInt32, UInt64)]) -> [Bool] {
        var window = ReplayWindow()
        return packets.map { window.admit(generation: $0.0, counter: $0.1) }
    }
}
