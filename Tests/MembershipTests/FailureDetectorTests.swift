import Determinism
import Identity
import Testing

@testable import Membership

/// One node under test; the test plays all the others.
final class Subject {
    var detector: FailureDetector
    var now = Instant.start
    var generator = SeededGenerator(seed: 1)

    /// Node 1, which knows `others` as alive.
    init(others: ClosedRange<Int>? = nil, settings: MembershipSettings = MembershipSettings()) {
        detector = FailureDetector(
            local: TestNetwork.record(1), settings: settings, seeds: [], at: .start,
            using: &generator)
        for other in others.map(Array.init) ?? [] {
            hear(TestNetwork.record(other).aliveUpdate)
        }
        detector.news = Dissemination()
        detector.hasJoined = true
    }

    static func address(_ number: Int) -> GossipAddress {
        TestNetwork.endpoint(number).gossipAddress
    }

    func receive(
        _ body: MembershipMessage.Body, from sender: Int, generation: UInt32 = 1,
        wantsRecord: Bool = false, _ updates: [MemberUpdate] = []
    ) -> [MembershipEffect] {
        let message = MembershipMessage(
            from: NodeID(UInt64(sender)), fromIncarnation: Incarnation(generation: generation),
            wantsRecord: wantsRecord, body: body, updates: updates)
        let effects = detector.receive(
            message, from: Self.address(sender), at: now, using: &generator)
        detector.checkInvariants()
        return effects
    }

    /// Hears one update by gossip from a node that is nobody's subject.
    @discardableResult
    func hear(_ update: MemberUpdate, from sender: Int = 2) -> [MembershipEffect] {
        receive(.gossip, from: sender, [update])
    }

    func advance(by length: Interval) -> [MembershipEffect] {
        let end = now + length
        var effects: [MembershipEffect] = []
        while let deadline = detector.nextDeadline, deadline <= end {
            now = max(now, deadline)
            effects += detector.advance(to: now, using: &generator)
            detector.checkInvariants()
        }
        now = end
        return effects
    }

    func status(_ number: Int) -> MemberStatus? {
        detector.member(NodeID(UInt64(number)))?.status
    }
}

private func node(_ number: Int) -> NodeID { NodeID(UInt64(number)) }

private func incarnation(_ counter: UInt32, generation: UInt32 = 1) -> Incarnation {
    Incarnation(generation: generation, counter: counter)
}

private func suspect(_ number: Int, _ counter: UInt32 = 0, from: Int = 4) -> MemberUpdate {
    .suspect(node: node(number), incarnation: incarnation(counter), from: node(from))
}

private func dead(_ number: Int, _ counter: UInt32 = 0, from: Int = 5) -> MemberUpdate {
    .dead(node: node(number), incarnation: incarnation(counter), from: node(from))
}

private func alive(_ number: Int, _ counter: UInt32 = 0, generation: UInt32 = 1, port: Int = 7_000)
    -> MemberUpdate
{
    .alive(
        node: node(number), incarnation: incarnation(counter, generation: generation),
        endpoint: TestNetwork.endpoint(number, port: port), facts: TestNetwork.facts())
}

/// The datagrams among `effects`.
private func datagrams(_ effects: [MembershipEffect]) -> [(MembershipMessage, GossipAddress)] {
    effects.compactMap { effect in
        guard case .sendDatagram(let message, let to) = effect else { return nil }
        return (message, to)
    }
}

private func pings(_ effects: [MembershipEffect]) -> [(UInt32, NodeID, MembershipMessage)] {
    datagrams(effects).compactMap { message, _ in
        guard case .ping(let sequence, let target?) = message.body else { return nil }
        return (sequence, target, message)
    }
}

private func syncs(_ effects: [MembershipEffect]) -> [NodeID] {
    effects.compactMap { effect in
        guard case .sendSync(_, let to) = effect else { return nil }
        return to
    }
}

@Suite("Evidence about members")
struct EvidenceTests {
    @Test(
        "Of all evidence the highest incarnation wins, and in it dead over suspect over alive (SWIM 4.2)"
    )
    func precedence() {
        let updates: [MemberUpdate] = [
            alive(3, 1), suspect(3, 1, from: 4), dead(3, 1, from: 4), alive(3, 2),
            suspect(3, 2, from: 4),
        ]
        // Every order of arrival leads to the same belief.
        var orders: [[Int]] = [[]]
        for place in updates.indices {
            orders = orders.flatMap { order in
                (0...order.count).map { Array(order[..<$0]) + [place] + Array(order[$0...]) }
            }
        }
        #expect(orders.count == 120)
        for order in orders {
            let subject = Subject(others: 2...5)
            for place in order { subject.hear(updates[place]) }
            #expect(subject.status(3) == .suspect)
            #expect(subject.detector.member(node(3))?.incarnation == incarnation(2))
        }
    }

    @Test("A death of a higher incarnation heard about the dead stays (al8n/memberlist #197)")
    func noResurrection() {
        let subject = Subject(others: 2...5)
        subject.hear(dead(3, 1))
        subject.hear(dead(3, 10))
        #expect(subject.detector.member(node(3))?.incarnation == incarnation(10))
        subject.hear(alive(3, 2))
        #expect(subject.status(3) == .dead)
        subject.hear(alive(3, 11))
        #expect(subject.status(3) == .alive)
    }

    @Test("Only alive makes a member known (atomix #962)")
    func onlyAliveCreates() {
        let subject = Subject(others: 2...3)
        subject.hear(suspect(9))
        subject.hear(dead(9))
        #expect(subject.status(9) == nil)
        let effects = subject.hear(alive(9))
        #expect(subject.status(9) == .alive)
        #expect(effects.contains { $0 == .memberChanged(TestNetwork.record(9), previous: nil) })
    }

    @Test("A restart outranks every accusation of the earlier process, at its new address at once")
    func generation() {
        let subject = Subject(others: 2...5)
        subject.hear(dead(3, 4_000))
        subject.hear(alive(3, 0, generation: 2, port: 9_000))
        #expect(subject.status(3) == .alive)
        #expect(subject.detector.member(node(3))?.endpoint.gossipPort == 9_000)
    }

    @Test("An accusation that overtakes the alive it is about does not hide the new address")
    func lateDescription() {
        let subject = Subject(others: 2...5)
        subject.hear(
            .suspect(node: node(3), incarnation: incarnation(0, generation: 2), from: node(4)))
        subject.hear(alive(3, 0, generation: 2, port: 9_000))
        #expect(subject.status(3) == .suspect)
        #expect(subject.detector.member(node(3))?.endpoint.gossipPort == 9_000)
    }

    @Test(
        "A stale alive is answered with the accusation, to its subject, once a second (memberlist #311)"
    )
    func reaccusation() {
        let subject = Subject(others: 2...5)
        subject.hear(dead(3, 5))
        subject.detector.news = Dissemination()
        let effects = subject.hear(alive(3, 2, port: 9_000))
        let told = datagrams(effects).filter {
            $0.1 == TestNetwork.endpoint(3, port: 9_000).gossipAddress
        }
        #expect(told.count == 1)
        #expect(told.first?.0.updates.first == dead(3, 5))
        #expect(!subject.detector.news.isEmpty, "others hear it again too")
        #expect(datagrams(subject.hear(alive(3, 2))).isEmpty)
        subject.now = subject.now + .seconds(1)
        #expect(datagrams(subject.hear(alive(3, 2))).count == 1)
    }

    @Test("Dead by its own word is left, and only a newer life of its own brings it back")
    func left() {
        let subject = Subject(others: 2...5)
        subject.hear(dead(3, from: 3))
        #expect(subject.status(3) == .left)
        subject.hear(dead(3, from: 4))
        #expect(subject.status(3) == .left)
        #expect(datagrams(subject.hear(alive(3, 0))).isEmpty, "who left is not accused")
        subject.hear(alive(3, 0, generation: 2))
        #expect(subject.status(3) == .alive)
    }

    @Test(
        "Independent confirmations shorten a suspicion, and only new ones are told on (Lifeguard IV-B)"
    )
    func confirmations() {
        let subject = Subject(others: 2...6)
        subject.hear(suspect(3, from: 4))
        #expect(subject.detector.table[node(3)]?.suspicion?.deadline == subject.now + .seconds(12))
        subject.detector.news = Dissemination()
        subject.hear(suspect(3, from: 4))
        #expect(subject.detector.news.isEmpty, "the same accuser again")
        subject.hear(suspect(3, from: 5))
        #expect(subject.detector.news.contains(suspect(3, from: 5)))
        #expect(
            subject.detector.table[node(3)]?.suspicion?.deadline
                == subject.now + .milliseconds(5_700))
        subject.hear(suspect(3, from: 6))
        #expect(subject.detector.table[node(3)]?.suspicion?.deadline == subject.now + .seconds(2))
        subject.detector.news = Dissemination()
        subject.hear(suspect(3, from: 2))
        #expect(subject.detector.news.isEmpty, "two are enough")
    }

    @Test(
        "In a cluster of three nobody can confirm twice, so a suspicion lasts two seconds (memberlist)"
    )
    func suspicionOfThree() {
        let subject = Subject(others: 2...3)
        subject.hear(suspect(3, from: 2))
        #expect(subject.detector.table[node(3)]?.suspicion?.deadline == subject.now + .seconds(2))
    }

    @Test("With a hundred members suspicion lasts twice as long as with ten (memberlist)")
    func suspicionOfHundred() {
        let subject = Subject(others: 2...100)
        subject.hear(suspect(3, from: 2))
        #expect(subject.detector.table[node(3)]?.suspicion?.deadline == subject.now + .seconds(24))
    }

    @Test("A removed node is refused for ever")
    func removed() {
        let subject = Subject(others: 2...5)
        subject.detector.remove(node(3))
        #expect(subject.status(3) == nil)
        subject.hear(alive(3, 9, generation: 9))
        #expect(subject.status(3) == nil)
        #expect(subject.receive(.ping(sequence: 1, target: node(1)), from: 3).isEmpty)
        let sync = MembershipSync(members: [TestNetwork.record(3)], isReply: false, isJoin: false)
        #expect(
            subject.detector.receiveSync(
                sync, from: node(3), at: subject.now, using: &subject.generator
            ).isEmpty)
        #expect(subject.status(3) == nil)
    }

    @Test("What an exchange says is dead is only suspected, so that it can refute (memberlist)")
    func deadBySync() {
        let subject = Subject(others: 2...5)
        var record = TestNetwork.record(3)
        record.status = .dead
        let sync = MembershipSync(members: [record], isReply: true, isJoin: false)
        let effects = subject.detector.receiveSync(
            sync, from: node(2), at: subject.now, using: &subject.generator)
        #expect(subject.status(3) == .suspect)
        #expect(syncs(effects).isEmpty, "an answer is not answered")
    }

    @Test("Two claims to one identity at one incarnation are reported, and the first one is kept")
    func conflict() {
        let subject = Subject(others: 2...5)
        let effects = subject.hear(alive(3, 0, port: 9_000))
        #expect(
            effects == [
                .conflict(
                    node(3), known: TestNetwork.endpoint(3),
                    claimed: TestNetwork.endpoint(3, port: 9_000))
            ])
        #expect(subject.detector.member(node(3))?.endpoint.gossipPort == 7_000)
        #expect(subject.hear(alive(3, 0, port: 9_001)).isEmpty, "not again for a while")
    }
}

@Suite("Accusations against this node")
struct RefutationTests {
    @Test("An accusation is refuted with a higher incarnation, which is told (SWIM 4.2)")
    func refutes() {
        let subject = Subject(others: 2...5)
        subject.hear(suspect(1))
        #expect(subject.detector.local.incarnation == incarnation(1))
        #expect(subject.detector.news.contains(subject.detector.local.aliveUpdate))
        #expect(
            subject.detector.healthScore == 1,
            "being suspected is a sign of illness (Lifeguard IV-A)")
    }

    @Test("The incarnation goes above the accusation's")
    func outbids() {
        let subject = Subject(others: 2...5)
        subject.hear(dead(1, 6))
        #expect(subject.detector.local.incarnation == incarnation(7))
    }

    @Test("An accusation of an older incarnation is not refuted again (ringpop-node #284)")
    func staleAccusation() {
        let subject = Subject(others: 2...5)
        subject.hear(suspect(1))
        subject.now = subject.now + .seconds(1)
        subject.hear(suspect(1))
        #expect(subject.detector.local.incarnation == incarnation(1))
    }

    @Test("Refutations are limited, and the last accusation is still answered (consul #2430)")
    func limited() {
        let subject = Subject(others: 2...5)
        for counter in UInt32(0)..<50 { subject.hear(suspect(1, counter)) }
        #expect(subject.detector.local.incarnation == incarnation(1))
        _ = subject.advance(by: .milliseconds(200))
        #expect(subject.detector.local.incarnation == incarnation(50))
    }

    @Test("Who hears of a newer process with its own id exits", arguments: [false, true])
    func outdated(byDatagram: Bool) {
        let subject = Subject(others: 2...5)
        let effects =
            byDatagram
            ? subject.receive(.gossip, from: 1, generation: 2)
            : subject.hear(alive(1, 0, generation: 2))
        #expect(effects == [.selfIsClonedOrOutdated(newer: incarnation(0, generation: 2))])
        let accused = subject.hear(
            .dead(node: node(1), incarnation: incarnation(3, generation: 4), from: node(2)))
        #expect(accused == [.selfIsClonedOrOutdated(newer: incarnation(3, generation: 4))])
    }

    @Test("An outdated process is told of its successor, and nothing that it says is believed")
    func outdatedSender() {
        let subject = Subject(others: 2...5)
        subject.hear(alive(3, 0, generation: 2, port: 9_000))
        let effects = subject.receive(
            .ping(sequence: 1, target: node(1)), from: 3, generation: 1, [dead(4)])
        let told = datagrams(effects)
        #expect(told.count == 1)
        #expect(told.first?.0.updates.first == alive(3, 0, generation: 2, port: 9_000))
        #expect(told.first?.0.body == .gossip)
        #expect(subject.status(4) == .alive)
    }

    @Test("Who has left refutes nothing")
    func afterLeaving() {
        let subject = Subject(others: 2...5)
        subject.detector.leave(at: subject.now)
        subject.hear(suspect(1))
        #expect(subject.detector.local.incarnation == incarnation(0))
        #expect(subject.detector.news.contains(dead(1, from: 1)))
        let effects = subject.advance(by: .seconds(10))
        #expect(pings(effects).isEmpty)
        #expect(!datagrams(effects).isEmpty, "the goodbye is told")
    }
}

@Suite("Probes")
struct ProbeTests {
    @Test("Each member is probed once in a round, in an order that changes (SWIM 4.3)")
    func roundRobin() {
        let subject = Subject(others: 2...7)
        var rounds: [[NodeID]] = []
        for _ in 0..<20 {
            var round: [NodeID] = []
            while round.count < 6 {
                for (sequence, target, _) in pings(subject.advance(by: .milliseconds(50))) {
                    round.append(target)
                    _ = subject.receive(.ack(sequence: sequence), from: Int(target.rawValue))
                }
            }
            #expect(round.sorted() == (2...7).map(node))
            rounds.append(round)
        }
        #expect(Set(rounds).count > 10)
    }

    @Test(
        "A new member is probed in the running round or the next, wherever it was inserted (SWIM 4.3)"
    )
    func insertion() {
        let subject = Subject(others: 2...4)
        _ = subject.advance(by: .seconds(1))
        subject.hear(alive(9))
        var targets: [NodeID] = []
        for _ in 0..<200 where targets.count < 8 {
            for (sequence, target, _) in pings(subject.advance(by: .milliseconds(50))) {
                targets.append(target)
                _ = subject.receive(.ack(sequence: sequence), from: Int(target.rawValue))
            }
        }
        #expect(targets.contains(node(9)))
    }

    @Test("After the ping timeout three others and the peer link are asked (SWIM 3.1, memberlist)")
    func indirect() throws {
        let subject = Subject(others: 2...7)
        let probe = try #require(firstProbe(subject))
        let effects = subject.advance(by: .milliseconds(250))
        let asked = datagrams(effects).compactMap { message, to -> GossipAddress? in
            guard case .pingRequest(probe.sequence, probe.target, _) = message.body else {
                return nil
            }
            return to
        }
        #expect(asked.count == 3 && Set(asked).count == 3)
        #expect(!asked.contains(Subject.address(Int(probe.target.rawValue))))
        #expect(effects.contains(.sendStreamPing(probe.target, sequence: probe.sequence)))
        // In a cluster of three there is only one other to ask.
        let small = Subject(others: 2...3)
        let target = try #require(firstProbe(small)).target
        let helpers = datagrams(small.advance(by: .milliseconds(250))).filter { message, _ in
            if case .pingRequest = message.body { true } else { false }
        }
        #expect(helpers.map(\.1) == [Subject.address(target == node(2) ? 3 : 2)])
    }

    @Test(
        "Unanswered by anybody, the target is suspected when the period is over, not before (SWIM 4.2)"
    )
    func suspicion() throws {
        let subject = Subject(others: 2...7)
        let probe = try #require(firstProbe(subject))
        let number = Int(probe.target.rawValue)
        _ = subject.advance(by: .milliseconds(400))
        #expect(subject.status(number) == .alive)
        _ = subject.advance(by: .milliseconds(200))
        #expect(subject.status(number) == .suspect)
    }

    @Test(
        "An ack through a helper, or the peer link's answer, saves the target",
        arguments: [true, false])
    func savedIndirectly(byHelper: Bool) throws {
        let subject = Subject(others: 2...7)
        let probe = try #require(firstProbe(subject))
        _ = subject.advance(by: .milliseconds(250))
        if byHelper {
            let helper = try #require(subject.detector.probe?.helpers.first)
            _ = subject.receive(.ack(sequence: probe.sequence), from: Int(helper.rawValue))
        } else {
            _ = subject.detector.streamPingAnswered(
                by: probe.target, sequence: probe.sequence, at: subject.now)
        }
        _ = subject.advance(by: .milliseconds(300))
        #expect(subject.status(Int(probe.target.rawValue)) == .alive)
    }

    @Test("An ack from an identity that was not asked counts for nothing")
    func foreignAck() throws {
        let subject = Subject(others: 2...7)
        let probe = try #require(firstProbe(subject))
        let stranger = probe.target == node(2) ? 3 : 2
        _ = subject.receive(.ack(sequence: probe.sequence), from: stranger)
        #expect(subject.detector.probe?.isAnswered == false)
        _ = subject.receive(.ack(sequence: probe.sequence &+ 1), from: Int(probe.target.rawValue))
        #expect(subject.detector.probe?.isAnswered == false)
    }

    @Test("A ping for another identity at this address is not answered (memberlist)")
    func wrongIdentity() {
        let subject = Subject(others: 2...3)
        #expect(subject.receive(.ping(sequence: 5, target: node(8)), from: 2).isEmpty)
        let answered = datagrams(subject.receive(.ping(sequence: 5, target: node(1)), from: 2))
        #expect(answered.map(\.0.body) == [.ack(sequence: 5)])
        let contact = datagrams(subject.receive(.ping(sequence: 6, target: nil), from: 2))
        #expect(contact.map(\.0.body) == [.ack(sequence: 6)])
    }

    @Test("A suspect hears of its suspicion in the ping itself (Lifeguard IV-C)")
    func buddy() {
        let subject = Subject(others: 2...2)
        subject.hear(suspect(2, from: 9))
        subject.detector.news = Dissemination()
        let sent = pings(subject.advance(by: .seconds(1)))
        #expect(sent.first?.2.updates.first == suspect(2, from: 9))
    }

    @Test(
        "A helper pings the target, forwards its ack, and says after 160 ms that it waits (Lifeguard IV-A)"
    )
    func helper() throws {
        let subject = Subject(others: 2...4)
        let request = MembershipMessage.Body.pingRequest(
            sequence: 77, target: node(3), address: Subject.address(3))
        let ping = try #require(pings(subject.receive(request, from: 2)).first)
        #expect(ping.1 == node(3))
        #expect(nacks(subject.advance(by: .milliseconds(159))).isEmpty)
        // Also when it is woken for another reason.
        let early = subject.detector.advance(to: subject.now, using: &subject.generator)
        #expect(nacks(early).isEmpty)
        #expect(nacks(subject.advance(by: .milliseconds(2))) == [77])
        let forwarded = datagrams(subject.receive(.ack(sequence: ping.0), from: 3))
        #expect(
            forwarded.contains { $0.0.body == .ack(sequence: 77) && $0.1 == Subject.address(2) })
        #expect(subject.detector.relays.isEmpty)
    }

    @Test("Pings for others are limited, and the oldest goes")
    func relayLimit() {
        let subject = Subject(others: 2...4)
        for sequence in UInt32(0)..<300 {
            _ = subject.receive(
                .pingRequest(sequence: sequence, target: node(3), address: Subject.address(3)),
                from: 2)
        }
        #expect(subject.detector.relays.count == subject.detector.settings.relaysMax)
        #expect(subject.detector.relays.last?.requesterSequence == 299)
    }

    @Test("A success improves local health, missing nacks worsen it one by one (Lifeguard IV-A)")
    func health() throws {
        let subject = Subject(others: 2...7)
        let probe = try #require(firstProbe(subject))
        _ = subject.advance(by: .milliseconds(250))
        let helper = try #require(subject.detector.probe?.helpers.first)
        _ = subject.receive(.nack(sequence: probe.sequence), from: Int(helper.rawValue))
        _ = subject.receive(.nack(sequence: probe.sequence), from: Int(helper.rawValue))
        while subject.detector.probe?.sequence == probe.sequence {
            _ = subject.advance(by: .milliseconds(10))
        }
        #expect(subject.detector.healthScore == 2, "two of three helpers were silent")
        let next = try #require(subject.detector.probe)
        _ = subject.receive(.ack(sequence: next.sequence), from: Int(next.target.rawValue))
        #expect(subject.detector.healthScore == 1)
    }

    @Test(
        "With every helper's nack the fault is the target's alone, and our health stays (memberlist)"
    )
    func allNacks() throws {
        let subject = Subject(others: 2...7)
        let probe = try #require(firstProbe(subject))
        _ = subject.advance(by: .milliseconds(250))
        for helper in subject.detector.probe?.helpers ?? [] {
            _ = subject.receive(.nack(sequence: probe.sequence), from: Int(helper.rawValue))
        }
        while subject.detector.probe?.sequence == probe.sequence {
            _ = subject.advance(by: .milliseconds(10))
        }
        #expect(subject.detector.healthScore == 0)
        #expect(subject.status(Int(probe.target.rawValue)) == .suspect)
    }

    @Test("Bad health stretches the probe interval, up to eight times (Lifeguard IV-A)")
    func stretchedInterval() throws {
        let subject = Subject(others: 2...2)
        subject.detector.health.worsen(by: 100)
        #expect(subject.detector.healthScore == 7)
        let probe = try #require(firstProbe(subject))
        let start = subject.now
        _ = subject.receive(.ack(sequence: probe.sequence), from: 2)
        while subject.detector.probe?.sequence == probe.sequence {
            _ = subject.advance(by: .milliseconds(10))
        }
        // One success has made it seven.
        #expect(subject.now - start >= .milliseconds(3_900))
        #expect(subject.now - start <= .milliseconds(4_100))
    }

    private func firstProbe(_ subject: Subject) -> (sequence: UInt32, target: NodeID)? {
        for _ in 0..<100 {
            if let ping = pings(subject.advance(by: .milliseconds(10))).first {
                return (ping.0, ping.1)
            }
        }
        return nil
    }

    private func nacks(_ effects: [MembershipEffect]) -> [UInt32] {
        datagrams(effects).compactMap { message, _ in
            guard case .nack(let sequence) = message.body else { return nil }
            return sequence
        }
    }
}

@Suite("Exchanges and first contact")
struct ExchangeTests {
    private func digest(_ entries: [(Int, UInt32, MemberStatus)]) -> MembershipMessage.Body {
        .digest(
            MemberDigest(
                sorted: entries.map {
                    MemberDigest.Entry(
                        node: node($0.0), incarnation: incarnation($0.1), status: $0.2)
                }))
    }

    @Test("Equal beliefs cost one datagram; a difference starts one full exchange a second")
    func digests() {
        let subject = Subject(others: 2...3)
        subject.now = subject.now + .seconds(10)
        #expect(
            subject.receive(
                digest([(1, 0, .alive), (2, 0, .alive), (3, 0, .alive)]), from: 2
            ).isEmpty)
        let different = digest([(1, 0, .alive), (2, 0, .alive), (3, 4, .alive)])
        #expect(syncs(subject.receive(different, from: 2)) == [node(2)])
        #expect(syncs(subject.receive(different, from: 2)).isEmpty)
        subject.now = subject.now + .seconds(1)
        #expect(syncs(subject.receive(different, from: 2)) == [node(2)])
    }

    @Test("A living stranger, or a member that the sender lacks, is a difference; the dead are not")
    func strangers() {
        let subject = Subject(others: 2...3)
        subject.now = subject.now + .seconds(10)
        let known: [(Int, UInt32, MemberStatus)] = [(1, 0, .alive), (2, 0, .alive), (3, 0, .alive)]
        #expect(syncs(subject.receive(digest(known + [(9, 0, .dead)]), from: 2)).isEmpty)
        #expect(syncs(subject.receive(digest(known + [(9, 0, .alive)]), from: 2)) == [node(2)])
        subject.now = subject.now + .seconds(10)
        #expect(syncs(subject.receive(digest(Array(known.dropLast())), from: 2)) == [node(2)])
    }

    @Test("An accusation found in a digest is refuted at once")
    func accusedByDigest() {
        let subject = Subject(others: 2...3)
        _ = subject.receive(digest([(1, 3, .dead), (2, 0, .alive), (3, 0, .alive)]), from: 2)
        #expect(subject.detector.local.incarnation == incarnation(4))
    }

    @Test("Every five seconds a digest of all members goes to one of them")
    func digestTimer() {
        let subject = Subject(others: 2...5)
        var sent = 0
        for _ in 0..<30 {
            for (sequence, target, _) in pings(subject.advance(by: .milliseconds(100))) {
                _ = subject.receive(.ack(sequence: sequence), from: Int(target.rawValue))
            }
        }
        for _ in 0..<300 {
            let effects = subject.advance(by: .milliseconds(100))
            for (sequence, target, _) in pings(effects) {
                _ = subject.receive(.ack(sequence: sequence), from: Int(target.rawValue))
            }
            for (message, _) in datagrams(effects) {
                guard case .digest(let digest) = message.body else { continue }
                sent += 1
                #expect(digest.entries.map(\.node) == (1...5).map(node))
            }
        }
        #expect(sent == 6)
    }

    @Test("A node alone asks its seeds with its own record, and joins through who answers")
    func firstContact() throws {
        var generator = SeededGenerator(seed: 1)
        var detector = FailureDetector(
            local: TestNetwork.record(1), seeds: [Subject.address(2)],
            known: [(node(3), Subject.address(3))], at: .start, using: &generator)
        let sent = datagrams(detector.advance(to: .start, using: &generator))
        #expect(sent.map(\.1) == [Subject.address(2), Subject.address(3)])
        #expect(sent.allSatisfy { $0.0.wantsRecord && $0.0.updates == [alive(1)] })
        let ack = MembershipMessage(
            from: node(2), fromIncarnation: incarnation(0), body: .ack(sequence: 1),
            updates: [alive(2)])
        let effects = detector.receive(
            ack, from: Subject.address(2), at: .start, using: &generator)
        let sync = effects.compactMap { effect -> MembershipSync? in
            guard case .sendSync(let sync, node(2)) = effect else { return nil }
            return sync
        }
        #expect(sync.first?.isJoin == true)
        #expect(!detector.isLookingForOthers)
    }

    @Test("A stranger is asked for its record, and gets ours when it asks")
    func introduction() {
        let subject = Subject(others: 2...2)
        let asked = datagrams(subject.receive(.ping(sequence: 1, target: node(1)), from: 7))
        #expect(asked.first?.0.wantsRecord == true)
        let given = datagrams(subject.receive(.ack(sequence: 9), from: 7, wantsRecord: true))
        #expect(given.first?.0.updates.first == alive(1))
    }

    @Test("One of the dead who are registered is pinged every ten seconds, the unregistered never")
    func reconnect() {
        let subject = Subject(others: 2...3)
        subject.hear(dead(2))
        subject.hear(dead(3, from: 2))
        subject.detector.note(registered: [node(1), node(3)])
        subject.detector.news = Dissemination()
        var tried: [NodeID] = []
        for _ in 0..<60 { tried += pings(subject.advance(by: .seconds(1))).map(\.1) }
        #expect(tried == Array(repeating: node(3), count: 6))
    }

    @Test("The dead are told of their death for 30 s (memberlist)")
    func gossipToTheDead() {
        let subject = Subject(others: 2...2)
        subject.hear(dead(2))
        subject.now = subject.now + .seconds(29)
        subject.hear(alive(5))
        subject.hear(dead(5, from: 2))
        #expect(subject.status(5) == .dead)
        let early = datagrams(subject.advance(by: .milliseconds(200))).map(\.1)
        #expect(early.contains(Subject.address(2)))
        subject.now = subject.now + .seconds(2)
        subject.detector.news.enqueue(alive(6))
        let late = datagrams(subject.detector.advance(to: subject.now, using: &subject.generator))
        #expect(!late.filter { $0.0.body == .gossip }.map(\.1).contains(Subject.address(2)))
    }
}
