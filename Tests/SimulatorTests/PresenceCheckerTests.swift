import Determinism
import Identity
import Testing
import Wire

@testable import Simulator

private let chat = ChatID(high: 1, low: 1)
private let ann = AccountID(high: 2, low: 1)
private let ben = AccountID(high: 2, low: 2)
private let tom = AccountID(high: 2, low: 3)

private func entry(
    _ seq: UInt64, _ content: ClientEntry.Content, by from: AccountID = ann
) -> ClientEntry {
    ClientEntry(
        seq: SequenceNumber(seq), n: .zero, time: WallTime(milliseconds: seq), from: from,
        content: content)
}

@Suite("Checkers: who types and who is there")
struct PresenceCheckerTests {
    /// Ben comes, may write no longer, and may again.
    private let log = [
        entry(1, .created(name: "tea", fullName: "")), entry(2, .memberAdded(ben)),
        entry(3, .permissionsChanged([.invite])), entry(4, .permissionsChanged([.send])),
        entry(5, .memberRemoved(ben)),
    ]

    private func at(_ seconds: UInt64) -> Instant { .start + .seconds(seconds) }

    /// What is wrong when `typist` is shown to `viewer` at `seq`.
    private func count(
        _ typist: AccountID, at seq: UInt64, to viewer: AccountID = tom, says: Bool = true,
        in log: [ClientEntry]? = nil, isPublic: Bool = false
    ) -> Int {
        var typing = Typing()
        if says { typing.says(typist, in: chat, at: at(1)) }
        typing.leaves(typist, in: chat, at: at(2))
        typing.shows(typist, in: chat, at: SequenceNumber(seq), to: viewer)
        typing.holds(log ?? self.log, of: chat, isPublic: isPublic)
        return typing.violations.count
    }

    @Test("Who is shown as typing may write where the log ended, and has said so")
    func typing() {
        #expect(count(ann, at: 1) == 0 && count(ben, at: 2) == 0 && count(ben, at: 4) == 0)
        #expect(count(ben, at: 1) == 1, "not a member yet")
        #expect(count(ben, at: 3) == 1, "the switch is off")
        #expect(count(ben, at: 5) == 1, "removed")
        #expect(count(ann, at: 6) == 1, "there is no such entry")
        #expect(count(tom, at: 2, to: ann) == 1, "never a member")
        #expect(count(tom, at: 2, to: ann, isPublic: true) == 0)
        #expect(count(ann, at: 1, to: ann) == 1, "to oneself")
        #expect(count(ann, at: 1, says: false) == 1, "not said")
    }

    @Test("In a direct chat both may write, and nobody else")
    func direct() {
        let log = [entry(1, .opened(with: ben))]
        #expect(count(ann, at: 1, to: ben, in: log) == 0)
        #expect(count(ben, at: 1, to: ann, in: log) == 0)
        #expect(count(tom, at: 1, to: ann, in: log) == 1)
    }

    @Test("Once the faults are over nobody is told of who has stopped")
    func afterHealing() {
        func count(healedAt healed: UInt64, shownAt shown: UInt64) -> Int {
            var typing = Typing()
            typing.says(ann, in: chat, at: at(1))
            typing.healed(at: at(healed))
            typing.leaves(ann, in: chat, at: at(shown))
            return typing.violations.count
        }
        #expect(count(healedAt: 0, shownAt: 11) == 0)
        #expect(count(healedAt: 0, shownAt: 12) == 1)
        #expect(count(healedAt: 5, shownAt: 15) == 0, "it was under way when the faults ended")
    }

    @Test("A client knows who is there, and of who hides it, or when it hides, no more")
    func presence() {
        func count(
            _ told: Presence?, isThere: Bool, hides: Bool = false, ownHides: Bool = false
        ) -> Int {
            var presences = Presences()
            if let told {
                presences.told([PersonPresence(account: ben, presence: told)], to: 1)
            }
            return presences.differences(
                of: 1, as: ann, watching: [ben],
                [
                    ann: Presences.Truth(isThere: true, hides: ownHides),
                    ben: Presences.Truth(isThere: isThere, hides: hides),
                ]
            ).count
        }
        let gone = Presence.offline(lastSeen: WallTime(milliseconds: 5))
        #expect(count(.online, isThere: true) == 0 && count(gone, isThere: false) == 0)
        #expect(count(nil, isThere: true) == 1, "it was told nothing")
        #expect(count(gone, isThere: true) == 1 && count(.online, isThere: false) == 1)
        for isThere in [true, false] {
            #expect(count(.recently, isThere: isThere) == 1, "nobody hides")
            #expect(count(.recently, isThere: isThere, hides: true) == 0)
            #expect(count(.recently, isThere: isThere, ownHides: true) == 0)
            #expect(count(.online, isThere: isThere, hides: true) == 1)
            #expect(count(gone, isThere: isThere, ownHides: true) == 1)
        }
    }
}
