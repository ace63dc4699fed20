import Determinism
import Identity
import Testing
import Wire

@testable import Simulator

@Suite("Checkers of what an account keeps")
struct AccountCheckerTests {
    private let chat = ChatID(high: 3, low: 3)

    @Test("Settings that a node says must be those of the inbox, with all that was acknowledged")
    func settings() {
        var checker = SyncedSettings()
        let account = AccountID(high: 1, low: 1)
        func settings(pin: UInt64) -> ClientChatSettings {
            ClientChatSettings(
                chat: chat, mutedUntil: WallTime(milliseconds: 0), pin: SequenceNumber(pin),
                archived: nil, isUnread: false)
        }
        func told(_ pin: UInt64, at seq: UInt64, to client: Int = 1) -> Int {
            checker.told(
                ClientEntry(
                    seq: SequenceNumber(seq), n: .zero, time: WallTime(milliseconds: seq),
                    from: nil, content: .chatSettings(settings(pin: pin))), of: account,
                to: client)
            return checker.violations.count
        }
        func lists(_ pins: [UInt64], upTo seq: UInt64) -> Int {
            checker.lists(
                pins.map { settings(pin: $0) },
                inbox: LogCursor(epoch: 1, seq: SequenceNumber(seq)), to: 1)
            return checker.violations.count
        }
        func acked(_ change: ClientSettingsChange, at seq: UInt64) -> Int {
            checker.acked(change, of: chat, by: account, told: SequenceNumber(seq))
            checker.judgeChanges()
            return checker.violations.count
        }
        #expect(told(1, at: 1) == 0)
        #expect(lists([1], upTo: 1) == 0)
        #expect(acked(ClientSettingsChange(isPinned: true), at: 1) == 0)
        #expect(told(0, at: 2) == 0)
        #expect(lists([], upTo: 2) == 0)
        #expect(acked(ClientSettingsChange(isPinned: false, isUnread: false), at: 2) == 0)
        #expect(acked(ClientSettingsChange(isPinned: true), at: 1) == 0)
        #expect(checker.comparedCount == 4)
        // What the inbox may have that nobody was told yet, and an inbox that has gone on since.
        #expect(acked(ClientSettingsChange(isUnread: true), at: 3) == 0)
        #expect(lists([9], upTo: 3) == 0)
        // Lost, others, and told in two ways.
        #expect(acked(ClientSettingsChange(isPinned: true), at: 2) == 1)
        #expect(acked(ClientSettingsChange(isUnread: true), at: 2) == 2)
        #expect(acked(ClientSettingsChange(archive: .through(Ordinal(2))), at: 2) == 3)
        #expect(acked(ClientSettingsChange(mutedUntil: WallTime(milliseconds: 1)), at: 2) == 4)
        #expect(lists([7], upTo: 2) == 5)
        #expect(told(4, at: 1, to: 2) == 6)
    }

    @Test("A password that was replaced for sure must not be met by who asks afterwards")
    func passwords() {
        var checker = Passwords()
        let (ann, ben) = (AccountID(high: 1, low: 1), AccountID(high: 2, low: 2))
        func met(_ number: UInt64, floor: UInt64, _ account: AccountID) -> Int {
            checker.met(number, floor: floor, of: account, by: "somebody")
            return checker.violations.count
        }
        let before = checker.begin(for: ann)
        checker.set(2, of: ann)
        checker.set(1, of: ann)
        // Who asked before the acknowledgement may have met the earlier one.
        #expect(met(1, floor: before, ann) == 0)
        #expect(met(0, floor: checker.begin(for: ben), ben) == 0)
        #expect(met(3, floor: checker.begin(for: ann), ann) == 0)
        #expect(met(1, floor: checker.begin(for: ann), ann) == 1)
    }

    @Test("Drafts that a node says must be those of the inbox, with the words acknowledged last")
    func drafts() {
        var checker = Drafts()
        let account = AccountID(high: 1, low: 1)
        func told(_ isThere: Bool, at seq: UInt64) -> Int {
            checker.told(
                ClientEntry(
                    seq: SequenceNumber(seq), n: .zero, time: WallTime(milliseconds: seq),
                    from: nil, content: .draft(chat, isThere: isThere)), to: 1)
            return checker.violations.count
        }
        func lists(_ texts: [String], upTo seq: UInt64) -> Int {
            checker.lists(
                texts.map {
                    ClientDraft(
                        chat: chat, text: $0, replyTo: nil, time: WallTime(milliseconds: 1))
                }, inbox: LogCursor(epoch: 1, seq: SequenceNumber(seq)), of: account, to: 1)
            return checker.violations.count
        }
        func acked(_ text: String, at seq: UInt64) {
            checker.acked(
                text, replyTo: nil, in: chat, by: account, told: SequenceNumber(seq))
        }
        acked("tea", at: 1)
        #expect(told(true, at: 1) == 0)
        #expect(lists(["tea"], upTo: 1) == 0)
        // The inbox has gone on since.
        #expect(lists([], upTo: 2) == 0)
        #expect(checker.comparedCount == 1)
        // Other words, none, and twice.
        #expect(lists(["coffee"], upTo: 1) == 1)
        #expect(lists([], upTo: 1) == 3)
        #expect(lists(["tea", "tea"], upTo: 1) == 4)
        acked("", at: 2)
        #expect(told(false, at: 2) == 4)
        #expect(lists([], upTo: 2) == 4)
        #expect(lists(["tea"], upTo: 2) == 6)
        #expect(told(false, at: 3) == 7)
    }
}
