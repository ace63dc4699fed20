import Identity

/// News that is still to be told, piggybacked on whatever is sent (SWIM 4.1): the least told first,
/// among those the newest, each at most a bounded number of times.
///
/// Invariants: 1. At most one update for each member; a newer one replaces it. 2. At most
/// ``entriesMax`` updates; the oldest accusation goes first.
struct Dissemination: Hashable, Sendable {
    private struct Entry: Hashable, Sendable {
        let update: MemberUpdate
        var transmits: Int
        let order: UInt64
    }

    private var entries: [Entry] = []
    private var nextOrder: UInt64 = 0

    /// The most updates that wait.
    static let entriesMax = 1_024

    /// Nothing waits.
    var isEmpty: Bool { entries.isEmpty }

    /// How many updates wait.
    var count: Int { entries.count }

    /// The members that news is waiting about, for checks.
    var nodes: [NodeID] { entries.map(\.update.node) }

    /// Puts `update` in the place of older news about the same member.
    mutating func enqueue(_ update: MemberUpdate) {
        entries.removeAll { $0.update.node == update.node }
        if entries.count >= Self.entriesMax {
            entries.remove(at: entries.firstIndex { !$0.update.isAlive } ?? 0)
        }
        entries.append(Entry(update: update, transmits: 0, order: nextOrder))
        nextOrder += 1
    }

    /// Whether exactly this news is waiting.
    func contains(_ update: MemberUpdate) -> Bool {
        entries.contains { $0.update == update }
    }

    /// Nothing about `node` is told any more.
    mutating func forget(_ node: NodeID) {
        entries.removeAll { $0.update.node == node }
    }

    /// Takes what fits into `bytes` and `count`, and drops what has now been told `transmitLimit`
    /// times. News about `excluded` stays for another message. O(n log n) in what waits.
    mutating func take(
        bytes: Int, count: Int, transmitLimit: Int, excluding excluded: [NodeID]
    ) -> [MemberUpdate] {
        guard !entries.isEmpty else { return [] }
        entries.sort { ($0.transmits, $1.order) < ($1.transmits, $0.order) }
        var room = bytes
        var taken: [MemberUpdate] = []
        for position in entries.indices where taken.count < count {
            let update = entries[position].update
            let size = update.encodedBytesMax
            guard size <= room, !excluded.contains(update.node) else { continue }
            room -= size
            taken.append(update)
            entries[position].transmits += 1
        }
        entries.removeAll { $0.transmits >= transmitLimit }
        // Back to the order of arrival, which the bound relies on.
        entries.sort { $0.order < $1.order }
        return taken
    }
}

extension MemberUpdate {
    /// True when the member speaks for itself.
    var isAlive: Bool {
        if case .alive = self { true } else { false }
    }
}
