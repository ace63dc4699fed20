import Identity
import Testing

@testable import Membership

@Suite("How many members there may be")
struct MemberLimitTests {
    @Test("Members are limited")
    func memberLimit() {
        let subject = Subject()
        for number in 2...MembershipSync.membersMax + 50 {
            subject.hear(
                .alive(
                    node: NodeID(UInt64(number)), incarnation: Incarnation(generation: 1),
                    endpoint: TestNetwork.endpoint(2), facts: TestNetwork.facts()))
        }
        #expect(subject.detector.members.count == MembershipSync.membersMax)
    }
}
