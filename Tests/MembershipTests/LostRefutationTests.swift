import Determinism
import Identity
import Testing

@testable import Membership

@Suite("Refutations that were lost")
struct LostRefutationTests {
    @Test("Whoever repeats an accusation that was refuted long ago is told of the refutation again")
    func isToldAgain() {
        var generator = SeededGenerator(seed: 1)
        var now = Instant.start
        var detector = FailureDetector(
            local: TestNetwork.record(1), seeds: [], at: now, using: &generator)
        let accusation = MemberUpdate.suspect(
            node: NodeID(1), incarnation: Incarnation(generation: 1), from: NodeID(4))
        func hear(_ body: MembershipMessage.Body, _ updates: [MemberUpdate]) -> [MembershipEffect] {
            let message = MembershipMessage(
                from: NodeID(3), fromIncarnation: Incarnation(generation: 1), body: body,
                updates: updates)
            return detector.receive(
                message, from: TestNetwork.endpoint(3).gossipAddress, at: now, using: &generator)
        }
        _ = hear(.gossip, (2...5).map { TestNetwork.record($0).aliveUpdate })
        _ = hear(.gossip, [accusation])
        let refutation = detector.local.aliveUpdate
        while let deadline = detector.nextDeadline, deadline <= .start + .seconds(5) {
            now = max(now, deadline)
            _ = detector.advance(to: now, using: &generator)
        }
        #expect(!detector.news.contains(refutation), "it has been told often enough")
        let answers = hear(.ping(sequence: 1, target: NodeID(1)), [accusation])
        #expect(
            answers.contains { effect in
                guard case .sendDatagram(let message, _) = effect else { return false }
                return message.updates.contains(refutation)
            })
        #expect(detector.local.incarnation == refutation.incarnation, "not a higher one")
    }
}
