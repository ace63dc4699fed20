import ClientSession
import Determinism
import Identity
import Testing
import Wire

@testable import Simulator

private let chat = ChatID(high: 1, low: 1)
private let ann = AccountID(high: 2, low: 1)
private let hello = MessageID(high: 3, low: 1)
private let session = SessionID(high: 4, low: 1)

private func entry(_ seq: UInt64, _ content: ClientEntry.Content) -> ClientEntry {
    ClientEntry(
        seq: SequenceNumber(seq), n: Ordinal(seq), time: WallTime(milliseconds: seq), from: ann,
        content: content)
}

@Suite("Checkers: what load must not do")
struct LoadCheckerTests {
    @Test("What had to be refused must not be in a log, and only the right word refuses it")
    func refusals() {
        var checker = Refusals()
        checker.sends(hello, toBeRefusedWith: ["badText"])
        #expect(checker.expects("badText", for: hello))
        #expect(!checker.expects("notFound", for: hello))
        checker.saw(MessageID(high: 3, low: 2), in: chat)
        #expect(checker.violations.isEmpty)
        checker.saw(hello, in: chat)
        #expect(checker.violations.count == 1)
    }

    @Test("A message must answer what it was written to answer, and that must come before it")
    func replies() {
        var checker = Replies()
        func saw(_ target: UInt64?, of cmid: MessageID = hello) -> Int {
            checker.saw(
                cmid, replyTo: target.map { SequenceNumber($0) }, at: SequenceNumber(5), of: chat,
                by: "somebody")
            return checker.violations.count
        }
        checker.writes(hello, replyTo: SequenceNumber(3))
        #expect(saw(3) == 0)
        #expect(checker.shownCount == 1)
        #expect(saw(4) == 1)
        #expect(saw(nil) == 2)
        let plain = MessageID(high: 3, low: 2)
        checker.writes(plain, replyTo: nil)
        #expect(saw(nil, of: plain) == 2)
        #expect(saw(3, of: plain) == 3)
        // Nobody is known to have written it: it must still answer what came before.
        #expect(saw(4, of: MessageID(high: 3, low: 3)) == 3)
        #expect(saw(5, of: MessageID(high: 3, low: 3)) == 4)
    }

    @Test("A forward must have the words and the writer of its source, and have been asked for")
    func forwards() {
        var checker = Forwards()
        let (ann, ben) = (AccountID(high: 1, low: 1), AccountID(high: 1, low: 2))
        let (text, other) = (hello.text + "tea", ChatID(high: 4, low: 4))
        func saw(_ text: String, at seq: UInt64, from account: AccountID? = nil) -> Int {
            let origin = account.map {
                ClientEntry.Origin(account: $0, name: "", time: WallTime(milliseconds: 1))
            }
            checker.saw(
                ClientEntry(
                    seq: SequenceNumber(seq), n: Ordinal(1), time: WallTime(milliseconds: 2),
                    from: ben, content: .text(text), origin: origin),
                of: origin == nil ? chat : other, by: "somebody")
            return checker.violations.count
        }
        checker.writes(text, by: ann)
        #expect(saw(text, at: 2) == 0)
        checker.asks(MessagePlace(chat: chat, seq: SequenceNumber(2)), to: other)
        #expect(saw(text, at: 5, from: ann) == 0)
        #expect(saw(text, at: 5, from: ann) == 0)
        #expect(checker.shownCount == 2)
        // Somebody else's, other words, and twice.
        #expect(saw(text, at: 5, from: ben) == 1)
        #expect(saw(text + "!", at: 5, from: ann) == 2)
        #expect(saw(text, at: 6, from: ann) == 3)
    }

    @Test("Stars that a node says must be those of the inbox, each told once")
    func stars() {
        var checker = Stars()
        let place = MessagePlace(chat: chat, seq: SequenceNumber(4))
        func told(_ content: ClientEntry.Content, at seq: UInt64) -> Int {
            checker.told(
                ClientEntry(
                    seq: SequenceNumber(seq), n: .zero, time: WallTime(milliseconds: seq),
                    from: nil, content: content), to: 1)
            return checker.violations.count
        }
        func lists(_ places: [UInt64], upTo seq: UInt64) -> Int {
            checker.lists(
                places.map { ClientStar(message: place, place: SequenceNumber($0)) },
                inbox: LogCursor(epoch: 1, seq: SequenceNumber(seq)), to: 1)
            return checker.violations.count
        }
        #expect(told(.starred(place), at: 1) == 0)
        #expect(lists([1], upTo: 1) == 0)
        #expect(checker.comparedCount == 1)
        // The inbox has gone on since.
        #expect(lists([], upTo: 2) == 0)
        #expect(lists([], upTo: 1) == 1)
        #expect(lists([2], upTo: 1) == 2)
        #expect(lists([1, 1], upTo: 1) == 3)
        #expect(told(.starred(place), at: 2) == 4)
        #expect(told(.unstarred(place), at: 3) == 4)
        #expect(told(.unstarred(place), at: 4) == 5)
        checker.forgets(1)
        #expect(lists([7], upTo: 4) == 5)
    }

    @Test("A message must have the words of its newest edit, and say so, wherever it is shown")
    func edits() {
        let other = MessageID(high: 3, low: 9)
        let text = hello.text + other.text + "!"
        func message(_ text: String, edition: UInt64? = nil) -> ClientEntry {
            ClientEntry(
                seq: SequenceNumber(2), n: Ordinal(1), time: WallTime(milliseconds: 2), from: ann,
                content: .text(text),
                edition: edition.map {
                    ClientEntry.Edition(
                        seq: SequenceNumber($0), time: WallTime(milliseconds: $0))
                })
        }
        func edit(
            _ seq: UInt64, _ text: String?, target: UInt64 = 2, from: AccountID = ann
        ) -> ClientEntry {
            ClientEntry(
                seq: SequenceNumber(seq), n: .zero, time: WallTime(milliseconds: seq), from: from,
                content: .edited(SequenceNumber(target), text: text))
        }
        var checker = Edits()
        checker.writes(other, target: SequenceNumber(2), in: chat, text: text)
        func count(_ entry: ClientEntry) -> Int {
            var copy = checker
            copy.saw(entry, of: chat, by: "somebody")
            return copy.violations.count
        }
        for right in [message(hello.text), message(text, edition: 3), edit(3, text), edit(3, nil)] {
            #expect(count(right) == 0)
        }
        for wrong in [
            message(text), message(hello.text, edition: 3), message(text + "?", edition: 3),
            edit(3, text, target: 1), edit(3, "?"), edit(2, text),
        ] {
            #expect(count(wrong) == 1)
        }
        func holds(_ entries: [ClientEntry]) -> Bool {
            var copy = checker
            copy.holds(entries, of: chat, on: "a replica")
            return copy.violations.isEmpty
        }
        let plain = message(hello.text)
        #expect(holds([plain]))
        #expect(holds([message(text, edition: 4), edit(3, nil), edit(4, text)]))
        // The words of an older edit, its words still there, not edited at all, none that edits.
        #expect(!holds([message(text, edition: 3), edit(3, text), edit(4, "x")]))
        #expect(!holds([message(text, edition: 4), edit(3, "x"), edit(4, text)]))
        #expect(!holds([plain, edit(3, text)]))
        #expect(!holds([message(text, edition: 3)]))
        let foreign = edit(3, text, from: AccountID(high: 9, low: 9))
        #expect(!holds([message(text, edition: 3), foreign]))
    }

    @Test("What nobody wanted deleted must not be; what was said to be has no words")
    func deletions() {
        let edition = ClientEntry.Edition(
            seq: SequenceNumber(3), time: WallTime(milliseconds: 3))
        func message(_ content: ClientEntry.Content, edition: ClientEntry.Edition?) -> ClientEntry {
            ClientEntry(
                seq: SequenceNumber(2), n: Ordinal(2), time: WallTime(milliseconds: 2), from: ann,
                content: content, edition: edition)
        }
        let erased = message(.erased, edition: edition)
        let plain = message(.text("x"), edition: nil)
        let deletion = entry(3, .messageDeleted(SequenceNumber(2), n: Ordinal(2)))
        var checker = Deletions()
        func count(_ entries: [ClientEntry], on replica: Bool = true) -> Int {
            var copy = checker
            for entry in entries { copy.saw(entry, of: chat, by: "somebody") }
            if replica { copy.holds(entries, of: chat, on: "a replica") }
            return copy.violations.count
        }
        #expect(count([plain]) == 0)
        #expect(count([erased], on: false) == 1)
        #expect(count([deletion], on: false) == 1)
        let isKnown = checker.acked(hello)
        #expect(!isKnown)
        checker.asks(hello, target: SequenceNumber(2), in: chat)
        #expect(checker.isAsked(SequenceNumber(2), in: chat))
        #expect(count([plain]) == 0)
        #expect(count([erased, deletion]) == 0)
        #expect(count([erased]) == 1)
        #expect(count([plain, deletion]) == 1)
        #expect(count([message(.erased, edition: nil), deletion]) == 1)
        #expect(count([erased, deletion, entry(4, deletion.content)]) > 0)
        let edit = entry(4, .edited(SequenceNumber(2), text: "x"))
        #expect(count([erased, deletion, edit]) == 1)
        let isDeletion = checker.acked(hello)
        #expect(isDeletion)
        #expect(count([plain]) == 1)
    }

    @Test("A closed session must not be welcomed later, nor hear of its own end")
    func sessions() {
        var checker = Sessions()
        checker.welcomed(session, onSocketOpenedAt: Instant(nanoseconds: 5))
        checker.ended(session, at: Instant(nanoseconds: 9))
        // Opened before the end was known: it may have been let in.
        checker.welcomed(session, onSocketOpenedAt: Instant(nanoseconds: 9))
        checker.told(endOf: SessionID(high: 4, low: 2), to: session)
        #expect(checker.violations.isEmpty)
        checker.welcomed(session, onSocketOpenedAt: Instant(nanoseconds: 10))
        #expect(checker.violations.count == 1)
        checker.told(endOf: session, to: session)
        #expect(checker.violations.count == 2)
    }

    private func copy() -> Refetch {
        var checker = Refetch()
        checker.told(entry(1, .created(name: "a", fullName: "b")), of: chat, to: 0)
        checker.told(entry(2, .text("x")), of: chat, to: 0)
        checker.marked(
            MarksFields(version: 1, marks: [ReadMark(account: ann, n: Ordinal(2))]), of: chat,
            by: 0)
        return checker
    }

    private func listed(
        name: String = "a", head: UInt64 = 2, mark: UInt64 = 2, last: String = "x"
    ) -> ClientChat {
        ClientChat(
            id: chat, kind: .private, name: name, fullName: "b", creator: ann, role: .creator,
            memberCount: 1, epoch: 1,
            head: LogPosition(seq: SequenceNumber(head), n: Ordinal(head)), mark: Ordinal(mark),
            marksVersion: 1, marks: [ReadMark(account: ann, n: Ordinal(mark))],
            last: entry(2, .text(last)))
    }

    private func fetch(
        _ entries: [ClientEntry], into checker: inout Refetch, head: UInt64 = 9,
        isQuiet: Bool = false
    ) {
        checker.fetched(
            entries, head: SequenceNumber(head), of: chat, by: 0, isQuiet: isQuiet)
    }

    @Test("A copy that is what was fetched and listed is right")
    func equalCopy() {
        var checker = copy()
        fetch([entry(2, .text("x")), entry(3, .text("later"))], into: &checker)
        #expect(checker.difference(to: listed(), of: 0) == nil)
        #expect(checker.violations.isEmpty)
    }

    @Test("Refetch fails for an entry that differs, and for one that was never told")
    func fetchedCopy() {
        var other = copy()
        fetch([entry(2, .text("y"))], into: &other)
        #expect(other.violations.count == 1)
        var reply = copy()
        fetch([entry(2, .text("x", replyTo: SequenceNumber(1)))], into: &reply)
        #expect(reply.violations.count == 1)
        var missing = Refetch()
        missing.told(entry(2, .text("x")), of: chat, to: 0)
        fetch([entry(1, .text("w"))], into: &missing)
        #expect(missing.violations.count == 1)
        var hole = Refetch()
        hole.skipped(after: .zero, to: SequenceNumber(2), of: chat, by: 0)
        fetch([entry(1, .text("w"))], into: &hole)
        #expect(hole.violations.isEmpty)
        fetch([entry(1, .text("v"))], into: &hole)
        #expect(hole.violations.count == 1)
    }

    @Test("A copy follows edits; Refetch fails for words that it was not told, and for older ones")
    func editedCopy() {
        let edition = ClientEntry.Edition(seq: SequenceNumber(3), time: entry(3, .deleted).time)
        func edited(_ text: String, by edition: ClientEntry.Edition) -> ClientEntry {
            let plain = entry(2, .text(text))
            return ClientEntry(
                seq: plain.seq, n: plain.n, time: plain.time, from: plain.from,
                content: plain.content, edition: edition)
        }
        var checker = copy()
        // A page that is newer than the copy is no news of it.
        fetch([edited("y", by: edition)], into: &checker)
        let edit = entry(3, .edited(SequenceNumber(2), text: "y"))
        checker.told(edit, of: chat, to: 0)
        fetch([edited("y", by: edition), edit], into: &checker, head: 3, isQuiet: true)
        // Nor is one that is older.
        fetch([entry(2, .text("x"))], into: &checker, head: 2)
        #expect(checker.violations.isEmpty)
        fetch([entry(2, .text("x"))], into: &checker, head: 3)
        #expect(checker.violations.count == 1)
        fetch([edited("z", by: edition)], into: &checker, head: 3)
        #expect(checker.violations.count == 2)
        fetch(
            [entry(3, .edited(SequenceNumber(2), text: nil))], into: &checker, head: 3,
            isQuiet: true)
        #expect(checker.violations.count == 3)
        fetch([entry(3, .edited(SequenceNumber(1), text: "y"))], into: &checker, head: 3)
        #expect(checker.violations.count == 4)
        // The next edit takes the words of the one before.
        var twice = copy()
        for seq in [3, 4] as [UInt64] {
            twice.told(entry(seq, .edited(SequenceNumber(2), text: "\(seq)")), of: chat, to: 0)
        }
        fetch(
            [entry(3, .edited(SequenceNumber(2), text: nil))], into: &twice, head: 4,
            isQuiet: true)
        #expect(twice.violations.isEmpty)
        fetch(
            [entry(3, .edited(SequenceNumber(2), text: "3"))], into: &twice, head: 4,
            isQuiet: true)
        #expect(twice.violations.count == 1)
    }

    @Test("Refetch fails for another name, end, last entry or mark, and for no copy at all")
    func listedCopy() {
        for chat in [listed(name: "c"), listed(head: 3), listed(mark: 1), listed(last: "z")] {
            var checker = copy()
            #expect(checker.difference(to: chat, of: 0) != nil)
        }
        var nobody = copy()
        #expect(nobody.difference(to: listed(), of: 1) != nil)
        nobody.differs("it stayed so")
        #expect(nobody.violations.count == 1)
    }

    @Test("A list fails that shows less than was read before it was asked for")
    func lists() {
        var checker = UnreadCounts()
        checker.read(Ordinal(3), of: chat, by: ann)
        #expect(checker.mark(of: chat, by: ann) == Ordinal(3))
        checker.lists(mark: Ordinal(3), of: chat, atLeast: Ordinal(3))
        #expect(checker.violations.isEmpty)
        checker.lists(mark: Ordinal(2), of: chat, atLeast: Ordinal(3))
        #expect(checker.violations.count == 1)
    }
}

@Suite("Load")
struct LoadTests {
    /// Small enough for a debug build, and with nothing but the given faults.
    private func settings(_ kinds: [FaultKind], seed: UInt64 = 3) -> SimulationSettings {
        var settings = SimulationSettings(seed: seed, nodeCount: 3)
        settings.shardCount = 2
        settings.personCount = 3
        settings.safetyTime = .seconds(12)
        settings.workload = Workload()
        settings.faults = FaultPlan()
        settings.faults.means = FaultKind.allCases.map { kinds.contains($0) ? .seconds(1) : nil }
        return settings
    }

    @Test(
        "Each kind of load happens, and everything holds",
        arguments: [
            [FaultKind.hotChat, .neverReader], [.connectStorm, .idleSockets], [.secondDevice],
            [.revocation], [.oversizedMessage, .duplicateSend], [.clockNonsense, .badRequest],
            [.malformedFrames], [.healBurst], [.bigChat],
        ])
    func kinds(kinds: [FaultKind]) {
        let report = Simulation(settings: settings(kinds)).run()
        #expect(report.violations == [])
        for kind in kinds { #expect(report.faults[kind] ?? 0 > 0, "\(kind)") }
    }

    @Test("Vandals get what their prank deserves, and that is all that happens")
    func vandals() {
        var settings = settings([.malformedFrames])
        settings.faults.means = settings.faults.means.map { $0.map { _ in .milliseconds(100) } }
        let report = Simulation(settings: settings).run()
        #expect(report.violations == [])
        #expect(report.counters.pranksAnswered > 50)
    }

    @Test("A client that reads nothing is spared pushes, and closed when it does not catch up")
    func neverReading() {
        var settings = settings([.neverReader])
        settings.workload.longPerMille = 500
        settings.workload.hotPerCent = 100
        settings.workload.thinkTime = .milliseconds(50)
        settings.safetyTime = .seconds(30)
        let report = Simulation(settings: settings).run()
        #expect(report.violations == [])
        #expect(report.counters.logsAdvanced + report.counters.socketsTooSlow > 0)
    }

    @Test("Who begins in a chat with more than a difference holds is told of a hole")
    func holes() {
        var settings = settings([.hotChat, .secondDevice])
        settings.workload.heatCount = 1_100
        settings.safetyTime = .seconds(25)
        settings.faults.means = FaultKind.allCases.map { kind in
            switch kind {
            case .hotChat: .seconds(10)
            case .secondDevice: .seconds(2)
            default: nil
            }
        }
        let report = Simulation(settings: settings).run()
        #expect(report.violations == [])
        #expect(report.counters.holes > 0)
    }

    @Test("The workload is drawn from the seed and printed")
    func drawn() {
        let one = SimulationSettings(seed: 1)
        #expect(one.workload == SimulationSettings(seed: 1).workload)
        #expect(one.workload != SimulationSettings(seed: 2).workload)
        #expect(one.words.contains(one.workload.words))
    }
}
