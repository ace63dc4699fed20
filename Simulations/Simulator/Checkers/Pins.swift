package import Identity
package import Wire

/// Which messages a list says are pinned is what the log makes of them up to its head, and what
/// each client made of its own copy.
package struct Pins {
    private struct Place: Hashable {
        let client: Int
        let chat: ChatID
    }

    /// What a client that followed the whole log made of it.
    private struct Copy {
        var pins: [SequenceNumber] = []
        var last = SequenceNumber.zero
    }

    private struct Listed: Hashable {
        let chat: ChatID
        let head: SequenceNumber
        let pins: [SequenceNumber]
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many pins the lists had that were compared.
    package private(set) var comparedCount: UInt64 = 0
    private var copies: [Place: Copy] = [:]
    private var listed: [Listed] = []
    private var known: Set<Listed> = []
    /// The entries of each chat whose log is known whole; looked up only.
    private var logs: [ChatID: [ClientEntry]] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// A client was told this entry.
    package mutating func told(_ entry: ClientEntry, of chat: ChatID, to client: Int) {
        let place = Place(client: client, chat: chat)
        // Who begins in the middle, or again after a hole, has the pins of its list.
        guard entry.seq == (copies[place]?.last ?? .zero).next else { return forgets(chat, client) }
        copies[place, default: Copy()].pins = Self.pins(
            copies[place]?.pins ?? [], after: entry)
        copies[place]?.last = entry.seq
    }

    /// The client has no copy of the chat any more.
    package mutating func forgets(_ chat: ChatID, _ client: Int) {
        copies[Place(client: client, chat: chat)] = nil
    }

    /// A client is told what is pinned in a chat.
    package mutating func lists(_ chat: ClientChat, to client: Int) {
        comparedCount += UInt64(chat.pins.count)
        let one = Listed(chat: chat.id, head: chat.head.seq, pins: chat.pins)
        if known.insert(one).inserted { listed.append(one) }
        guard let copy = copies[Place(client: client, chat: chat.id)], copy.last == chat.head.seq,
            copy.pins != chat.pins
        else { return }
        report("client \(client) has \(copy.pins) pinned in \(chat.id), listed are \(chat.pins)")
    }

    /// A replica holds exactly these entries of `chat`.
    package mutating func holds(_ entries: [ClientEntry], of chat: ChatID) { logs[chat] = entries }

    /// All logs are known: whatever was listed is recounted.
    package mutating func judge() {
        for one in listed {
            guard let log = logs[one.chat] else { continue }
            let pins = log.prefix { $0.seq <= one.head }.reduce([]) { Self.pins($0, after: $1) }
            if pins != one.pins {
                report("\(one.pins) were listed of \(one.chat) at \(one.head), not \(pins)")
            }
        }
    }

    private static func pins(
        _ pins: [SequenceNumber], after entry: ClientEntry
    ) -> [SequenceNumber] {
        switch entry.content {
        case .pinned(let target): (pins.filter { $0 != target } + [target]).sorted()
        case .unpinned(let target), .messageDeleted(let target, _): pins.filter { $0 != target }
        default: pins
        }
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "pins", words: words))
    }
}
