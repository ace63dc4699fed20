import Identity

/// What every connection must see of a chat: each entry once, in order, the same for all; and every
/// acknowledged message at the place that its acknowledgement named, nowhere else.
struct ContinuityChecker {
    /// What is wrong, with where.
    enum Violation: Hashable, CustomStringConvertible {
        case gap(chat: Int, reader: Int, expected: UInt64, seen: UInt64)
        case repeated(chat: Int, reader: Int, seq: UInt64)
        case differs(chat: Int, seq: UInt64)
        case doubled(chat: Int, message: UInt64, first: UInt64, second: UInt64)
        case notAtItsPlace(chat: Int, message: UInt64, seq: UInt64, found: UInt64?)
        case lost(chat: Int, message: UInt64, seq: UInt64)
        case endsDiffer(chat: Int, reader: Int, end: UInt64, head: UInt64)
        case other(String)

        var description: String {
            switch self {
            case .gap(let chat, let reader, let expected, let seen):
                "chat \(chat): reader \(reader) got \(seen) and had to get \(expected)"
            case .repeated(let chat, let reader, let seq):
                "chat \(chat): reader \(reader) got \(seq) again"
            case .differs(let chat, let seq): "chat \(chat): two readers saw different \(seq)"
            case .doubled(let chat, let message, let first, let second):
                "chat \(chat): message \(message) is at \(first) and at \(second)"
            case .notAtItsPlace(let chat, let message, let seq, let found):
                "chat \(chat): \(message) was acknowledged at \(seq), where "
                    + (found.map { "\($0) is" } ?? "no message of ours is")
            case .lost(let chat, let message, let seq):
                "chat \(chat): \(message) was acknowledged at \(seq), which nobody saw"
            case .endsDiffer(let chat, let reader, let end, let head):
                "chat \(chat): reader \(reader) ended at \(end), the chat at \(head)"
            case .other(let text): text
            }
        }
    }

    private struct Entry {
        let digest: UInt64
        let message: UInt64?
    }

    private struct Chat {
        let base: UInt64
        var entries: [Entry] = []
        /// The last place that each reader saw.
        var readers: [UInt64]
        var acks: [(message: UInt64, seq: UInt64)] = []
        /// The highest place that was acknowledged.
        var acknowledged: UInt64 = 0

        var head: UInt64 { base + UInt64(entries.count) }
    }

    private var chats: [Chat] = []
    /// The first ones; the rest are counted.
    private(set) var violations: [Violation] = []
    private(set) var violationCount = 0

    private static let violationsKeptMax = 20

    init() {}

    // MARK: Handlers

    /// Adds a chat whose readers all have everything up to `base`; answers its number.
    mutating func add(readerCount: Int, base: SequenceNumber) -> Int {
        chats.append(
            Chat(
                base: base.rawValue,
                readers: Array(repeating: base.rawValue, count: readerCount)))
        return chats.count - 1
    }

    /// A reader saw an entry.
    mutating func saw(
        chat: Int, reader: Int, seq: SequenceNumber, digest: UInt64, message: UInt64?
    ) {
        let seq = seq.rawValue
        let last = chats[chat].readers[reader]
        guard seq == last + 1 else {
            report(
                seq <= last
                    ? .repeated(chat: chat, reader: reader, seq: seq)
                    : .gap(chat: chat, reader: reader, expected: last + 1, seen: seq))
            // One gap is one violation: what follows is judged from here.
            if seq > last { chats[chat].readers[reader] = seq }
            return
        }
        chats[chat].readers[reader] = seq
        let index = Int(seq - chats[chat].base) - 1
        if index < chats[chat].entries.count {
            if chats[chat].entries[index].digest != digest {
                report(.differs(chat: chat, seq: seq))
            }
        } else if index == chats[chat].entries.count {
            chats[chat].entries.append(Entry(digest: digest, message: message))
        }
    }

    /// A sender heard that its message is durable.
    mutating func acknowledged(chat: Int, message: UInt64, seq: SequenceNumber) {
        chats[chat].acks.append((message, seq.rawValue))
        chats[chat].acknowledged = max(chats[chat].acknowledged, seq.rawValue)
    }

    /// Something else that must not happen.
    mutating func report(_ violation: Violation) {
        violationCount += 1
        if violations.count < ContinuityChecker.violationsKeptMax { violations.append(violation) }
    }

    /// Judges what can only be judged at the end, when all has arrived that will.
    mutating func finish() {
        for chat in chats.indices {
            let head = chats[chat].head
            for (reader, end) in chats[chat].readers.enumerated() where end != head {
                report(.endsDiffer(chat: chat, reader: reader, end: end, head: head))
            }
            finishMessages(of: chat)
        }
    }

    private mutating func finishMessages(of chat: Int) {
        let (base, entries) = (chats[chat].base, chats[chat].entries)
        var places: [UInt64: UInt64] = [:]
        for (index, entry) in entries.enumerated() {
            guard let message = entry.message else { continue }
            let seq = base + UInt64(index) + 1
            if let first = places.updateValue(seq, forKey: message) {
                report(.doubled(chat: chat, message: message, first: first, second: seq))
            }
        }
        for (message, seq) in chats[chat].acks {
            guard seq > base, seq <= base + UInt64(entries.count) else {
                report(.lost(chat: chat, message: message, seq: seq))
                continue
            }
            let found = entries[Int(seq - base) - 1].message
            if found != message {
                report(.notAtItsPlace(chat: chat, message: message, seq: seq, found: found))
            }
        }
    }

    // MARK: Queries

    /// How many chats there are.
    var chatCount: Int { chats.count }

    /// Whether every reader has seen what any reader saw, and every acknowledged message came.
    var isLevel: Bool {
        chats.allSatisfy { chat in
            chat.readers.allSatisfy { $0 == chat.head }
                && chat.acknowledged <= chat.head
        }
    }

    /// The last place that a reader saw, to ask for what follows.
    func position(chat: Int, reader: Int) -> SequenceNumber {
        SequenceNumber(chats[chat].readers[reader])
    }
}
