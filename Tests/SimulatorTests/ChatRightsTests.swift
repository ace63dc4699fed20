import Determinism
import Identity
import Testing
import Wire

@testable import Simulator

@Suite("Checkers: rights in a chat")
struct ChatRightsTests {
    private let chat = ChatID(high: 1, low: 1)
    private let ann = AccountID(high: 2, low: 1)
    private let ben = AccountID(high: 2, low: 2)
    private let cat = AccountID(high: 2, low: 3)
    private let dan = AccountID(high: 2, low: 4)

    private typealias Act = (AccountID?, ClientEntry.Content)

    /// What is wrong with a log of these entries.
    private func violations(_ acts: [Act], isPublic: Bool = false) -> Int {
        var checker = Authorisation()
        if isPublic { checker.isPublic(chat) }
        var seq: UInt64 = 0
        let entries = acts.map { from, content in
            seq += 1
            return ClientEntry(
                seq: SequenceNumber(seq), n: .zero, time: WallTime(milliseconds: seq), from: from,
                content: content)
        }
        checker.holds(entries, of: chat, on: "one")
        return checker.violations.count
    }

    /// Ann's chat, with Ben as an admin and Cat as a member.
    private var start: [Act] {
        [
            (ann, .created(name: "chat", fullName: "")), (ann, .memberAdded(ben)),
            (ben, .memberAdded(cat)), (ann, .roleChanged(ben, isAdmin: true)),
        ]
    }

    @Test("They hold for a log in which everybody had the right to what they did")
    func sound() {
        let acts: [Act] = [
            (cat, .text("x")), (ben, .messageDeleted(SequenceNumber(5), n: Ordinal(1))),
            (ben, .permissionsChanged([.send, .info])), (cat, .renamed(name: "x", fullName: "")),
            (cat, .described(about: "x")), (ben, .memberBanned(cat, wasMember: true)),
            (ben, .memberBanned(dan, wasMember: false)), (ann, .memberUnbanned(cat)),
            (ann, .memberAdded(cat)), (ann, .ownerChanged(cat)), (cat, .memberRemoved(ann)),
            (cat, .memberRemoved(cat)), (cat, .ownerChanged(ben)), (ben, .text("alone")),
            (ben, .deleted),
        ]
        #expect(violations(start + acts) == 0)
        #expect(violations([(nil, .created(name: "lobby", fullName: ""))], isPublic: true) == 0)
        #expect(
            violations([(ann, .opened(with: ben)), (ben, .memberAdded(cat))]) == 0,
            "direct chats have a checker of their own")
    }

    @Test("They fail for whatever somebody did without the right to it")
    func unfit() {
        let wrong: [[Act]] = [
            [(dan, .text("x"))],
            [(nil, .text("x"))],
            [(ben, .permissionsChanged([])), (cat, .text("x"))],
            [(ben, .permissionsChanged([.send])), (cat, .memberAdded(dan))],
            [(ben, .permissionsChanged([.send])), (cat, .described(about: "x"))],
            [(ben, .permissionsChanged([.send])), (cat, .renamed(name: "x", fullName: ""))],
            [(cat, .permissionsChanged([]))],
            [(ann, .text("x")), (cat, .messageDeleted(SequenceNumber(5), n: Ordinal(1)))],
            [(ann, .text("x")), (ben, .edited(SequenceNumber(5), text: "y"))],
            [(cat, .memberRemoved(ben))],
            [(ben, .memberRemoved(ann))],
            [(ben, .memberBanned(ann, wasMember: true))],
            [(ben, .memberBanned(cat, wasMember: false))],
            [(ben, .roleChanged(cat, isAdmin: true))],
            [(ann, .roleChanged(ben, isAdmin: true))],
            [(ann, .roleChanged(dan, isAdmin: true))],
            [(ben, .ownerChanged(ben))],
            [(ann, .ownerChanged(dan))],
            [(ben, .deleted)],
            [(ann, .memberBanned(cat, wasMember: true)), (ben, .memberAdded(cat))],
            [(ann, .memberBanned(cat, wasMember: true)), (cat, .text("x"))],
            [(ann, .memberUnbanned(cat))],
            [(ann, .ownerChanged(cat)), (ann, .deleted)],
            [(ann, .memberRemoved(ann)), (ann, .ownerChanged(cat))],
            [(ann, .memberRemoved(ann)), (ben, .text("x"))],
            [(ann, .memberAdded(cat))],
        ]
        for acts in wrong {
            #expect(violations(start + acts) == 1, "\(acts)")
        }
    }

    @Test("In a public chat everybody writes and joins who is not banned, and no more")
    func visitors() {
        let made: [Act] = [(ann, .created(name: "news", fullName: ""))]
        #expect(
            violations(made + [(dan, .text("x")), (dan, .memberAdded(dan))], isPublic: true) == 0)
        let wrong: [[Act]] = [
            [(dan, .memberAdded(ben))],
            [(dan, .memberAdded(dan)), (dan, .memberAdded(ben))],
            [(dan, .renamed(name: "x", fullName: ""))],
            [(ann, .permissionsChanged([])), (dan, .text("x"))],
            [(ann, .memberBanned(dan, wasMember: false)), (dan, .text("x"))],
            [(ann, .memberBanned(dan, wasMember: false)), (dan, .memberAdded(dan))],
        ]
        for acts in wrong {
            #expect(violations(made + acts, isPublic: true) == 1, "\(acts)")
        }
    }

    @Test("Who is banned from a public chat sees nothing after that, until the ban is lifted")
    func bannedSight() {
        var checker = Authorisation()
        checker.isPublic(chat)
        checker.bans(dan, from: chat, at: SequenceNumber(4))
        checker.shows(SequenceNumber(4), of: chat, to: dan)
        checker.judge()
        #expect(checker.violations.isEmpty)
        checker.shows(SequenceNumber(5), of: chat, to: dan)
        checker.judge()
        #expect(checker.violations.count == 1)
        checker.unbans(dan, from: chat)
        checker.shows(SequenceNumber(5), of: chat, to: dan)
        checker.judge()
        #expect(checker.violations.count == 1)
    }

    @Test("Refusals for want of a right are expected once somebody wanted other rights")
    func contested() {
        var checker = Authorisation()
        #expect(!checker.mayLackRights("noRight", in: chat))
        checker.asksRights(in: chat)
        #expect(checker.mayLackRights("noRight", in: chat))
        #expect(!checker.mayLackRights("badText", in: chat))
    }
}
