import Determinism
import Identity
import Testing
import Wire

@testable import Simulator

private let chat = ChatID(high: 1, low: 1)
private let ann = AccountID(high: 2, low: 1)
private let hello = MessageID(high: 3, low: 1)

private func entry(_ seq: UInt64, _ content: ClientEntry.Content) -> ClientEntry {
    ClientEntry(
        seq: SequenceNumber(seq), n: Ordinal(seq), time: WallTime(milliseconds: seq), from: ann,
        content: content)
}

@Suite("Checkers: what people say of messages and pin")
struct ResponseCheckerTests {
    @Test("What is told of reactions must be what the log makes of them, and each must be wanted")
    func reactions() {
        let ben = AccountID(high: 2, low: 2)
        let target = SequenceNumber(2)
        func tally(_ emoji: String, _ first: [AccountID]) -> ClientReactionTally {
            ClientReactionTally(emoji: emoji, count: UInt64(first.count), first: first)
        }
        func said(
            _ seq: UInt64, _ from: AccountID, _ emoji: String?, _ tallies: [ClientReactionTally]
        ) -> ClientEntry {
            ClientEntry(
                seq: SequenceNumber(seq), n: .zero, time: WallTime(milliseconds: seq), from: from,
                content: .reacted(target, emoji: emoji, tallies: tallies))
        }
        func message(
            _ seq: UInt64, _ tallies: [ClientReactionTally], mine: String? = nil
        ) -> ClientEntry {
            ClientEntry(
                seq: target, n: Ordinal(1), time: WallTime(milliseconds: 2), from: ann,
                content: .text("x"),
                reactions: ClientReactions(
                    seq: SequenceNumber(seq), tallies: tallies, mine: mine))
        }
        var checker = Reactions()
        checker.asks(hello, "a", target: target, in: chat, by: ann)
        checker.asks(hello, "a", target: target, in: chat, by: ben)
        checker.asks(hello, nil, target: target, in: chat, by: ann)
        #expect(checker.has(hello) && !checker.has(MessageID(high: 3, low: 2)))
        let log = [
            said(3, ann, "a", [tally("a", [ann])]), said(4, ben, "a", [tally("a", [ann, ben])]),
            said(5, ann, nil, [tally("a", [ben])]),
        ]
        let now = message(5, [tally("a", [ben])])
        func count(
            _ entries: [ClientEntry], seen: ClientEntry? = nil, by account: AccountID? = nil
        ) -> Int {
            var copy = checker
            for entry in entries { copy.saw(entry, of: chat, by: nil, "a replica") }
            copy.holds(entries, of: chat, on: "a replica")
            if let seen { copy.saw(seen, of: chat, by: account, "somebody") }
            copy.judge()
            return copy.violations.count
        }
        #expect(count([now] + log) == 0)
        let before = message(4, [tally("a", [ann, ben])], mine: "a")
        #expect(count([now] + log, seen: before, by: ann) == 0)
        // Somebody else's, older than it says, and said by nobody.
        #expect(count([now] + log, seen: before, by: AccountID(high: 9, low: 9)) == 1)
        #expect(count([now] + log, seen: message(4, [tally("a", [ben])]), by: nil) == 1)
        #expect(count([message(4, [tally("a", [ben])])] + log) == 2)
        #expect(count([now] + log, seen: said(6, ben, nil, []), by: nil) == 1)
        // An entry that does not say what the log makes of it.
        #expect(count([now] + log.dropLast() + [said(5, ann, nil, [])]) == 1)
        #expect(checker.shownCount == 0)
        checker.saw(now, of: chat, by: nil, "somebody")
        #expect(checker.shownCount == 1)
    }

    @Test("Pins that are listed must be those of the log, and of every copy that followed it whole")
    func pins() {
        func counted(_ log: [ClientEntry], _ pins: [UInt64], head: UInt64 = 6) -> Int {
            var checker = Pins()
            for entry in log { checker.told(entry, of: chat, to: 0) }
            checker.holds(log, of: chat)
            checker.lists(listed(pins, head: head), to: 0)
            checker.judge()
            #expect(checker.comparedCount == UInt64(pins.count))
            return checker.violations.count
        }
        func listed(_ pins: [UInt64], head: UInt64) -> ClientChat {
            ClientChat(
                id: chat, kind: .private, name: "a", fullName: "b", creator: ann, role: .owner,
                memberCount: 1, epoch: 1,
                head: LogPosition(seq: SequenceNumber(head), n: .zero), mark: .zero,
                marksVersion: 0, marks: [], last: nil, pins: pins.map { SequenceNumber($0) })
        }
        let log = [
            entry(1, .text("a")), entry(2, .text("b")), entry(3, .pinned(SequenceNumber(2))),
            entry(4, .pinned(SequenceNumber(1))), entry(5, .unpinned(SequenceNumber(2))),
            entry(6, .pinned(SequenceNumber(2))),
        ]
        #expect(counted(log, [1, 2]) == 0)
        // At an earlier head only the log speaks; at this one the copy does, too.
        #expect(counted(log, [1], head: 5) == 0)
        #expect(counted(log, [1, 2], head: 5) == 1)
        #expect(counted(log, [2, 1]) == 2)
        #expect(counted(log, [1]) == 2)
        let gone = log + [entry(7, .messageDeleted(SequenceNumber(1), n: Ordinal(1)))]
        #expect(counted(gone, [2], head: 7) == 0)
        #expect(counted(gone, [1, 2], head: 7) == 2)
        // Who did not follow from the beginning made nothing of its own.
        var late = Pins()
        late.told(log[5], of: chat, to: 0)
        late.lists(listed([9], head: 6), to: 0)
        #expect(late.violations.isEmpty)
    }

    @Test("A copy follows reactions; Refetch fails for what it was not told, and for what is older")
    func reactedCopy() {
        func message(_ seq: UInt64, _ count: UInt64, mine: String? = nil) -> ClientEntry {
            let plain = entry(2, .text("x"))
            return ClientEntry(
                seq: plain.seq, n: plain.n, time: plain.time, from: plain.from,
                content: plain.content,
                reactions: ClientReactions(
                    seq: SequenceNumber(seq), tallies: tallies(count), mine: mine))
        }
        func tallies(_ count: UInt64) -> [ClientReactionTally] {
            [ClientReactionTally(emoji: "a", count: count, first: [ann])]
        }
        var checker = Refetch()
        checker.told(entry(1, .created(name: "a", fullName: "b")), of: chat, to: 0, as: ann)
        checker.told(entry(2, .text("x")), of: chat, to: 0, as: ann)
        func fetch(_ entries: [ClientEntry], head: UInt64) -> Int {
            checker.fetched(
                entries, head: SequenceNumber(head), of: chat, by: 0, isQuiet: true)
            return checker.violations.count
        }
        // A page that is newer than the copy is no news of it.
        #expect(fetch([message(3, 1, mine: "a")], head: 3) == 0)
        checker.told(
            entry(3, .reacted(SequenceNumber(2), emoji: "a", tallies: tallies(1))), of: chat, to: 0,
            as: ann)
        #expect(fetch([message(3, 1, mine: "a")], head: 3) == 0)
        // Nor is one that is older.
        #expect(fetch([entry(2, .text("x"))], head: 2) == 0)
        #expect(fetch([entry(2, .text("x"))], head: 3) == 1)
        #expect(fetch([message(3, 1)], head: 3) == 2)
        #expect(fetch([message(3, 2, mine: "a")], head: 3) == 3)
    }
}
