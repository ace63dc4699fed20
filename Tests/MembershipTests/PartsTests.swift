import Determinism
import Identity
import Testing

@testable import Membership

@Suite("Suspicion")
struct SuspicionTests {
    private func suspicion(required: Int = 2) -> Suspicion {
        Suspicion(
            accuser: NodeID(1), required: required, shortest: .seconds(2), longest: .seconds(12),
            at: .start)
    }

    private func confirmed(_ suspicion: inout Suspicion, _ node: UInt64) -> Bool {
        suspicion.confirm(by: NodeID(node))
    }

    @Test(
        "It starts at the longest and shortens with each independent confirmation (Lifeguard IV-B)")
    func decay() {
        var suspicion = suspicion()
        #expect(suspicion.deadline == .start + .seconds(12))
        #expect(confirmed(&suspicion, 2))
        // 12 - 10 * ln 2 / ln 3
        #expect(suspicion.deadline == .start + .milliseconds(5_700))
        #expect(confirmed(&suspicion, 3))
        #expect(suspicion.deadline == .start + .seconds(2))
        #expect(!confirmed(&suspicion, 4))
    }

    @Test("Nobody counts twice, and the accuser not at all (Lifeguard IV-B)")
    func independence() {
        var suspicion = suspicion()
        #expect(!confirmed(&suspicion, 1))
        #expect(confirmed(&suspicion, 2))
        #expect(!confirmed(&suspicion, 2))
        #expect(suspicion.confirmers == [NodeID(2)])
    }

    @Test("Where nobody could confirm, it starts at the shortest (memberlist)")
    func tooFew() {
        #expect(suspicion(required: 0).deadline == .start + .seconds(2))
    }

    @Test("The logarithms are those of the formulas")
    func logarithms() {
        #expect(LogarithmTable.decayThousandths(confirmations: 1, required: 2) == 630)
        #expect(LogarithmTable.decayThousandths(confirmations: 0, required: 2) == 0)
        #expect(LogarithmTable.decayThousandths(confirmations: 3, required: 8) == 630)
        #expect(LogarithmTable.decimalThousandths(10) == 1_000)
        #expect(LogarithmTable.decimalThousandths(32) == 1_502)
        #expect(LogarithmTable.decimalThousandths(100) == 2_000)
        #expect([1, 9, 10, 99, 100].map(LogarithmTable.digits) == [1, 1, 2, 2, 3])
        #expect(LogarithmTable.digits(0) == 1)
    }
}

@Suite("Dissemination")
struct DisseminationTests {
    private func accusation(_ node: UInt64, _ counter: UInt32 = 0) -> MemberUpdate {
        .suspect(
            node: NodeID(node), incarnation: Incarnation(generation: 1, counter: counter),
            from: NodeID(99))
    }

    @Test("The least told goes first, among equals the newest (SWIM 4.1)")
    func order() {
        var news = Dissemination()
        for node in UInt64(1)...3 { news.enqueue(accusation(node)) }
        #expect(take(&news, bytes: 44) == [3])
        #expect(take(&news, bytes: 88) == [2, 1])
        #expect(take(&news, bytes: 44) == [3])
    }

    @Test("An update is told a bounded number of times (SWIM 4.1)")
    func limit() {
        var news = Dissemination()
        news.enqueue(accusation(1))
        for _ in 0..<4 { #expect(take(&news, bytes: 100) == [1]) }
        #expect(news.isEmpty)
    }

    @Test("Newer news about a member replaces older, and is told from the start")
    func replacement() {
        var news = Dissemination()
        news.enqueue(accusation(1))
        _ = take(&news, bytes: 100)
        news.enqueue(accusation(1, 5))
        #expect(news.count == 1)
        #expect(news.contains(accusation(1, 5)))
        for _ in 0..<4 { #expect(take(&news, bytes: 100) == [1]) }
        #expect(take(&news, bytes: 100).isEmpty)
    }

    @Test("What does not fit waits, and what is smaller goes instead")
    func room() {
        var news = Dissemination()
        news.enqueue(accusation(1))
        news.enqueue(TestNetwork.record(2).aliveUpdate)
        #expect(take(&news, bytes: 50) == [1])
        #expect(take(&news, bytes: 43).isEmpty)
        #expect(take(&news, bytes: 400) == [2, 1])
    }

    @Test("What waits is limited: the oldest accusation goes before any alive")
    func bound() {
        var news = Dissemination()
        news.enqueue(TestNetwork.record(2).aliveUpdate)
        for node in UInt64(1_000)..<1_000 + 1_200 { news.enqueue(accusation(node)) }
        #expect(news.count == Dissemination.entriesMax)
        #expect(news.nodes.contains(NodeID(2)))
        #expect(!news.nodes.contains(NodeID(1_000)))
    }

    private func take(_ news: inout Dissemination, bytes: Int) -> [UInt64] {
        news.take(bytes: bytes, count: 32, transmitLimit: 4, excluding: []).map(\.node.rawValue)
    }
}

@Suite("What is sent about members")
struct MembershipMessageTests {
    @Test("An incarnation is its generation above its counter")
    func incarnation() {
        let incarnation = Incarnation(generation: 3, counter: 9)
        #expect(incarnation.rawValue == 3 << 32 | 9)
        #expect(Incarnation(rawValue: incarnation.rawValue) == incarnation)
        #expect(Incarnation(generation: 2) > Incarnation(generation: 1, counter: .max))
    }

    @Test("A digest has 13 bytes an entry and reads back")
    func digest() throws {
        let entries = (1...64).map { number in
            MemberDigest.Entry(
                node: NodeID(UInt64(number) * 1_000),
                incarnation: Incarnation(generation: UInt32(number), counter: .max),
                status: MemberStatus.allCases[number % 4])
        }
        let digest = MemberDigest(sorted: entries)
        #expect(digest.bytes.count == 832)
        #expect(try MemberDigest(bytes: digest.bytes) == digest)
    }

    @Test("Bytes that are no digest are refused")
    func malformedDigest() {
        let entry = MemberDigest.Entry(
            node: NodeID(5), incarnation: Incarnation(generation: 1), status: .alive)
        let good = MemberDigest(sorted: [entry]).bytes
        #expect(throws: MembershipError.malformedDigest) { try MemberDigest(bytes: [1]) }
        #expect(throws: MembershipError.malformedDigest) { try MemberDigest(bytes: good + good) }
        #expect(throws: MembershipError.malformedDigest) {
            try MemberDigest(bytes: Array(good.dropLast()) + [4])
        }
        #expect(throws: MembershipError.malformedDigest) {
            try MemberDigest(bytes: Array(repeating: 0, count: 65 * 13))
        }
    }

    @Test("Texts have limits, and a member's description at most 256 bytes")
    func limits() throws {
        #expect(throws: MembershipError.textTooLong(field: "host", bytesMax: 45)) {
            try MemberEndpoint(
                host: String(repeating: "1", count: 46), gossipPort: 1, peerPort: 1, clientURL: "")
        }
        #expect(throws: MembershipError.textTooLong(field: "zone", bytesMax: 32)) {
            try MemberFacts(zone: String(repeating: "\u{e9}", count: 17))
        }
        let texts =
            MemberEndpoint.hostBytesMax + MemberEndpoint.clientURLBytesMax
            + MemberFacts.zoneBytesMax + MemberFacts.versionBytesMax
        // Two ports, four numbers of 16 bits and an epoch of 64.
        #expect(texts + 2 * 2 + 4 * 2 + 8 <= 256)
    }

    @Test("The largest digest leaves room for the largest alive in one datagram")
    func largestDigest() throws {
        let endpoint = try MemberEndpoint(
            host: String(repeating: "f", count: 45), gossipPort: .max, peerPort: .max,
            clientURL: String(repeating: "u", count: 120))
        let facts = try MemberFacts(
            zone: String(repeating: "z", count: 32), registryEpoch: .init(.max),
            version: String(repeating: "v", count: 24))
        let update = MemberUpdate.alive(
            node: NodeID(.max), incarnation: Incarnation(rawValue: .max), endpoint: endpoint,
            facts: facts)
        let twice =
            MembershipMessage.headerBytesMax(
                of: .pingRequest(
                    sequence: .max, target: NodeID(.max), address: endpoint.gossipAddress))
            + 2 * update.encodedBytesMax
        #expect(
            twice + MembershipMessage.envelopeBytesMax <= MembershipMessage.datagramBytesMax)
    }

    @Test("Settings that contradict each other are refused")
    func settings() throws {
        try MembershipSettings().validate()
        var settings = MembershipSettings()
        settings.pingTimeout = .milliseconds(300)
        #expect(throws: MembershipError.self) { try settings.validate() }
        settings = MembershipSettings()
        settings.confirmations = 9
        #expect(throws: MembershipError.self) { try settings.validate() }
        settings = MembershipSettings()
        settings.nackPercent = 0
        #expect(throws: MembershipError.self) { try settings.validate() }
    }
}
