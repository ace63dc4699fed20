import Determinism

/// The log as a replica sees it: the recent entries in memory, the rest known to be on disk.
///
/// ```
/// origin │ on disk only │ in memory: durable … │ being written … │ not yet handed to the host │
///        ▲ firstIndex   ▲ cacheStart       durableIndex ▲      nextUnwritten ▲       lastIndex ▲
/// ```
///
/// Invariants:
/// 1. `originIndex < cacheStart <= lastIndex + 1`, and memory holds all of `cacheStart ...
///    lastIndex`.
/// 2. `durableIndex < nextUnwritten <= lastIndex + 1`, and `durableIndex >= cacheStart - 1`.
/// 3. Terms never decrease along the log.
/// 4. The term of the entry before memory is known, so that what is in memory can always be sent.
struct RaftLog: Sendable {
    /// A batch on its way to the disk: once it is there, the log is durable through `last`.
    /// Removing entries lowers `last`, so that a late confirmation never covers what has since
    /// replaced them.
    private struct PendingWrite {
        let token: UInt64
        var last: LogIndex
    }

    /// The entry before the first one, from a snapshot or a compaction.
    private(set) var originIndex: LogIndex
    private(set) var originTerm: Term
    private(set) var lastIndex: LogIndex
    private(set) var lastTerm: Term
    /// Everything through this is on disk.
    private(set) var durableIndex: LogIndex
    /// The first entry in memory, or the one after the last.
    private(set) var cacheStart: LogIndex
    /// The term of the entry before `cacheStart`.
    private var termBeforeCache: Term
    private var slots: [LogEntry] = []
    private var head = 0
    private var cacheBytes = 0
    private var nextUnwritten: LogIndex
    private var truncation: LogIndex?
    private var writes: [PendingWrite] = []

    private static let vacant = LogEntry(index: .zero, term: .zero, kind: .noop, payload: [])

    init(_ restored: RaftRestoredState) {
        originIndex = restored.originIndex
        originTerm = restored.originTerm
        lastIndex = restored.lastIndex
        lastTerm = restored.lastTerm
        durableIndex = restored.lastIndex
        nextUnwritten = restored.lastIndex.next
        cacheStart = restored.applied.next
        slots = restored.entries
        cacheBytes = restored.entries.reduce(0) { $0 + $1.byteCount }
        termBeforeCache = restored.appliedTerm
    }

    // MARK: Handlers

    /// Adds an entry at the end.
    mutating func append(_ entry: LogEntry) {
        precondition(entry.index == lastIndex.next, "the log is dense")
        precondition(entry.term >= lastTerm, "terms never decrease along the log")
        slots.append(entry)
        cacheBytes += entry.byteCount
        lastIndex = entry.index
        lastTerm = entry.term
    }

    /// Removes the entries from `index` on; they are in memory, because they are not committed. The
    /// one before has `keptTerm`.
    mutating func truncate(from index: LogIndex, keepingTerm keptTerm: Term) {
        precondition(index >= cacheStart && index <= lastIndex, "only the tail is ever replaced")
        let kept = index.previous
        precondition(term(at: kept).map { $0 == keptTerm } ?? true, "logs that agree have one term")
        while lastIndex > kept, let removed = slots.popLast() {
            cacheBytes -= removed.byteCount
            lastIndex = lastIndex.previous
        }
        lastTerm = keptTerm
        if index == cacheStart { termBeforeCache = keptTerm }
        if let last = writes.last?.last, last > kept { Mark.pendingWriteTruncated.hit() }
        durableIndex = min(durableIndex, kept)
        for position in writes.indices { writes[position].last = min(writes[position].last, kept) }
        if index < nextUnwritten {
            truncation = truncation.map { min($0, index) } ?? index
            nextUnwritten = index
        }
    }

    /// Takes what is to be written under `token`.
    mutating func takeWrite(token: UInt64) -> (truncateFrom: LogIndex?, entries: [LogEntry]) {
        defer {
            truncation = nil
            nextUnwritten = lastIndex.next
        }
        let unwritten = Array(cached(from: nextUnwritten))
        if truncation != nil || !unwritten.isEmpty {
            writes.append(PendingWrite(token: token, last: lastIndex))
        }
        return (truncation, unwritten)
    }

    /// Whether there is something to write.
    var hasUnwritten: Bool { truncation != nil || nextUnwritten <= lastIndex }

    /// Notes that everything written under tokens through `token` is on disk.
    mutating func persisted(through token: UInt64) {
        var count = 0
        for write in writes where write.token <= token {
            durableIndex = max(durableIndex, write.last)
            count += 1
        }
        writes.removeFirst(count)
    }

    /// Forgets every entry: a snapshot stands for the log through `index`, and it is durable.
    mutating func reset(toIndex index: LogIndex, term: Term) {
        (originIndex, originTerm) = (index, term)
        (lastIndex, lastTerm) = (index, term)
        durableIndex = index
        nextUnwritten = index.next
        cacheStart = index.next
        termBeforeCache = term
        slots.removeAll()
        head = 0
        cacheBytes = 0
        truncation = nil
        writes.removeAll()
    }

    /// Notes that the disk no longer has the entries through `index`, whose term is `term`.
    mutating func compact(through index: LogIndex, term: Term) {
        precondition(index > originIndex && index <= durableIndex, "only a durable prefix goes")
        while cacheStart <= index { dropOldest() }
        (originIndex, originTerm) = (index, term)
        if cacheStart == index.next { termBeforeCache = term }
    }

    /// Drops the oldest entries through `index` from memory while there are more of them than
    /// allowed.
    mutating func trimCache(through index: LogIndex, entriesMax: Int, bytesMax: Int) {
        let end = min(index, durableIndex)
        // The last ones always stay: followers are usually only a few entries behind.
        while cacheStart <= end,
            end.next.distance(from: cacheStart) > entriesMax || cacheBytes > bytesMax
        {
            dropOldest()
        }
    }

    // MARK: Queries

    /// The first entry that is still in the log.
    var firstIndex: LogIndex { originIndex.next }

    /// The term of the entry at `index`; nil when it is not in memory, or not in the log.
    func term(at index: LogIndex) -> Term? {
        if index == lastIndex { return lastTerm }
        if index == originIndex { return originTerm }
        if index == cacheStart.previous { return termBeforeCache }
        guard index >= cacheStart, index < lastIndex else { return nil }
        return slots[head + index.distance(from: cacheStart)].term
    }

    /// Entries from `start` through `end`, at least one, then as many as fit in `bytesMax`; empty
    /// when `start` is not in memory.
    func entries(from start: LogIndex, through end: LogIndex, bytesMax: Int) -> [LogEntry] {
        var result: [LogEntry] = []
        var bytes = 0
        for entry in cached(from: start) {
            guard entry.index <= end else { break }
            bytes += entry.byteCount
            if bytes > bytesMax, !result.isEmpty { break }
            result.append(entry)
        }
        return result
    }

    /// Bytes of the entries after `index`; linear in their number.
    func byteCount(after index: LogIndex) -> Int {
        cached(from: index.next).reduce(0) { $0 + $1.byteCount }
    }

    /// Bytes of the entries in `start ..< end`, all in memory; linear in their number.
    func byteCount(from start: LogIndex, to end: LogIndex) -> Int {
        cached(from: start).prefix(end.distance(from: start)).reduce(0) { $0 + $1.byteCount }
    }

    /// The highest index up to `index` whose term is not above `term`: where two logs may agree at
    /// the latest, if one of them has `term` at `index` (Raft 5.3, fast back-off). Stops where
    /// memory ends.
    func lastIndex(upTo index: LogIndex, withTermAtMost term: Term) -> LogIndex {
        var index = min(index, lastIndex)
        while index >= cacheStart, let own = self.term(at: index), own > term {
            index = index.previous
        }
        return index
    }

    private func cached(from start: LogIndex) -> ArraySlice<LogEntry> {
        guard start >= cacheStart, start <= lastIndex else { return [] }
        return slots[(head + start.distance(from: cacheStart))...]
    }

    private mutating func dropOldest() {
        guard cacheStart <= lastIndex else {
            preconditionFailure("there is something to drop")
        }
        let entry = slots[head]
        slots[head] = Self.vacant
        head += 1
        cacheBytes -= entry.byteCount
        termBeforeCache = entry.term
        cacheStart = cacheStart.next
        // Moving the rest down when half is vacant costs a constant per entry in the long run.
        if head >= 64, head * 2 >= slots.count {
            slots.removeFirst(head)
            head = 0
        }
    }
}

extension RaftLog {
    /// Traps when an invariant is broken; linear.
    func checkInvariants() {
        precondition(originIndex < cacheStart && cacheStart <= lastIndex.next, "invariant 1")
        precondition(slots.count - head == lastIndex.next.distance(from: cacheStart), "invariant 1")
        precondition(durableIndex < nextUnwritten && nextUnwritten <= lastIndex.next, "invariant 2")
        precondition(durableIndex >= cacheStart.previous, "invariant 2")
        var previous = termBeforeCache
        for (offset, entry) in slots[head...].enumerated() {
            precondition(entry.index == cacheStart + offset, "invariant 1")
            precondition(entry.term >= previous, "invariant 3")
            previous = entry.term
        }
        precondition(lastIndex < cacheStart || previous == lastTerm, "invariant 3")
    }
}
