import Determinism
import Identity
import Testing
import Wire

@testable import Simulator

@Suite("Checkers: invite links")
struct InviteLinkCheckerTests {
    private let chat = ChatID(high: 1, low: 1)
    private let link = InviteLinkID(high: 3, low: 1)
    private let people = (1...5).map { AccountID(high: 2, low: $0) }

    private func entry(_ seq: UInt64, _ from: Int, _ content: ClientEntry.Content) -> ClientEntry {
        ClientEntry(
            seq: SequenceNumber(seq), n: .zero, time: WallTime(milliseconds: 100 * seq),
            from: people[from], content: content)
    }

    /// The chat of the first, to which the others come by the link, from 2 on.
    private func log(joins: Int) -> [ClientEntry] {
        [entry(1, 0, .created(name: "tea", fullName: ""))]
            + (0..<joins).map {
                entry(UInt64($0) + 2, $0 + 1, .memberAdded(people[$0 + 1], link: link))
            }
    }

    private func checker(uses: UInt64? = nil, expires: UInt64? = nil) -> InviteLinks {
        var checker = InviteLinks()
        checker.asks(
            ClientLinkTerms(
                name: "", expires: expires.map { WallTime(milliseconds: $0) }, uses: uses),
            of: chat, as: link)
        return checker
    }

    private func violations(_ checker: InviteLinks, _ log: [ClientEntry]) -> [String] {
        var checker = checker
        checker.holds(log, of: chat)
        checker.judge()
        return checker.violations.map(\.words)
    }

    private func view(head: UInt64, role: ClientRole = .member) -> ClientChat {
        ClientChat(
            id: chat, kind: .private, name: "tea", fullName: "", creator: people[0], role: role,
            memberCount: 2, epoch: 1, head: LogPosition(seq: SequenceNumber(head), n: .zero),
            mark: .zero, marksVersion: 0, marks: [], last: nil)
    }

    @Test("One use more than the limit, one at the expiry and one after the revocation are found")
    func uses() {
        #expect(violations(checker(uses: 2), log(joins: 2)).isEmpty)
        #expect(violations(checker(uses: 2), log(joins: 3)).count == 1)
        #expect(violations(checker(expires: 301), log(joins: 2)).isEmpty)
        #expect(violations(checker(expires: 300), log(joins: 2)).count == 1)
        var revoked = checker()
        revoked.revoked(link, of: chat, at: SequenceNumber(3))
        #expect(violations(revoked, log(joins: 2)).isEmpty)
        #expect(violations(revoked, log(joins: 3)).count == 1)
        #expect(violations(InviteLinks(), log(joins: 1)).count == 1, "a link from nowhere")
    }

    @Test("A join that was acknowledged and is no membership is found, one that ended since is not")
    func joins() {
        var told = checker()
        told.joined(view(head: 2), by: people[1])
        #expect(violations(told, log(joins: 1)).isEmpty)
        told.joined(view(head: 2), by: people[2])
        #expect(violations(told, log(joins: 1)).count == 1)
        #expect(violations(told, log(joins: 2)).count == 1, "the entry came after the answer")
        let left = log(joins: 1) + [entry(3, 1, .memberRemoved(people[1]))]
        var former = checker()
        former.joined(view(head: 3, role: .visitor), by: people[1])
        #expect(violations(former, left).isEmpty)
        former.joined(view(head: 3), by: people[1])
        #expect(violations(former, left).count == 1)
    }

    @Test("A list that counts otherwise than the log is found")
    func lists() {
        func listed(_ used: UInt64) -> InviteLinks {
            var checker = checker()
            checker.lists(
                [
                    ClientLink(
                        id: link, secret: InviteSecret(high: 1, low: 1),
                        terms: ClientLinkTerms(name: "", expires: nil, uses: nil),
                        maker: people[0], created: WallTime(milliseconds: 1), used: used,
                        isHeld: false)
                ], of: chat)
            return checker
        }
        #expect(violations(listed(2), log(joins: 2)).isEmpty)
        #expect(violations(listed(1), log(joins: 2)).count == 1)
    }
}
