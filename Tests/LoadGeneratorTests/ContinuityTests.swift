import Identity
import Testing

@testable import LoadGenerator

@Suite("Load generator: the checker of what was seen")
struct ContinuityTests {
    /// What a reader saw.
    private struct Seen {
        let reader: Int
        let seq: UInt64
        let message: UInt64

        init(_ reader: Int, _ seq: UInt64, _ message: UInt64) {
            self.reader = reader
            self.seq = seq
            self.message = message
        }
    }

    /// An acknowledgement.
    private struct Ack {
        let message: UInt64
        let seq: UInt64

        init(_ message: UInt64, _ seq: UInt64) {
            self.message = message
            self.seq = seq
        }
    }

    /// What is wrong with what two readers saw of one chat that had 10 entries already.
    private static func check(_ seen: [Seen], _ acks: [Ack] = []) -> [ContinuityChecker.Violation] {
        var checker = ContinuityChecker()
        let chat = checker.add(readerCount: 2, base: SequenceNumber(10))
        for entry in seen {
            checker.saw(
                chat: chat, reader: entry.reader, seq: SequenceNumber(entry.seq),
                digest: entry.message &* 31, message: entry.message)
        }
        for ack in acks {
            checker.acknowledged(
                chat: chat, message: ack.message, seq: SequenceNumber(ack.seq))
        }
        checker.finish()
        #expect(checker.violationCount == checker.violations.count)
        return checker.violations
    }

    private static let one = [Seen(0, 11, 1), Seen(1, 11, 1)]
    private static let two = [Seen(0, 12, 2), Seen(1, 12, 2)]

    @Test("A run in which all is well has no violation")
    func fine() {
        let found = Self.check(Self.one + Self.two, [Ack(1, 11), Ack(2, 12)])
        #expect(found.isEmpty)
        #expect(Self.check([]).isEmpty)
    }

    @Test("A gap is found, once")
    func gap() {
        let found = Self.check(Self.one + Self.two + [Seen(0, 14, 4), Seen(0, 15, 5)])
        let gaps = found.filter { if case .gap = $0 { true } else { false } }
        #expect(gaps == [.gap(chat: 0, reader: 0, expected: 13, seen: 14)])
    }

    @Test("What comes twice is found")
    func repeated() {
        let again = Self.check(Self.one + [Seen(0, 11, 1)])
        #expect(again == [.repeated(chat: 0, reader: 0, seq: 11)])
        let old = Self.check([Seen(0, 10, 1)])
        #expect(old == [.repeated(chat: 0, reader: 0, seq: 10)])
    }

    @Test("Two readers who see different entries are found")
    func differs() {
        let found = Self.check([Seen(0, 11, 1), Seen(1, 11, 2)])
        #expect(found == [.differs(chat: 0, seq: 11)])
    }

    @Test("A message at two places is found")
    func doubled() {
        let found = Self.check(Self.one + [Seen(0, 12, 1), Seen(1, 12, 1)])
        #expect(found == [.doubled(chat: 0, message: 1, first: 11, second: 12)])
    }

    @Test("An acknowledged message that is not at its place, or nowhere, is found")
    func acknowledged() {
        let other = Self.check(Self.one, [Ack(2, 11)])
        #expect(other == [.notAtItsPlace(chat: 0, message: 2, seq: 11, found: 1)])
        let beyond = Self.check(Self.one, [Ack(2, 12)])
        #expect(beyond == [.lost(chat: 0, message: 2, seq: 12)])
        let before = Self.check(Self.one, [Ack(2, 9)])
        #expect(before == [.lost(chat: 0, message: 2, seq: 9)])
    }

    @Test("A reader who stays behind is found")
    func behind() {
        let found = Self.check(Self.one + [Seen(0, 12, 2)])
        #expect(found == [.endsDiffer(chat: 0, reader: 1, end: 11, head: 12)])
    }

    @Test("Level means that every reader has everything, the acknowledged included")
    func level() {
        var checker = ContinuityChecker()
        let chat = checker.add(readerCount: 2, base: .zero)
        #expect(checker.isLevel)
        checker.acknowledged(chat: chat, message: 1, seq: SequenceNumber(1))
        #expect(!checker.isLevel)
        checker.saw(chat: chat, reader: 0, seq: SequenceNumber(1), digest: 1, message: 1)
        #expect(!checker.isLevel)
        checker.saw(chat: chat, reader: 1, seq: SequenceNumber(1), digest: 1, message: 1)
        #expect(checker.isLevel)
    }

    @Test("Many violations are counted and few kept")
    func many() {
        var checker = ContinuityChecker()
        for number in 0..<100 { checker.report(.other("\(number)")) }
        #expect(checker.violationCount == 100)
        #expect(checker.violations.count == 20)
    }
}
