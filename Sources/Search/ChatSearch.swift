package import Determinism
package import Identity
package import Storage

/// A message that was found.
package struct SearchHit: Hashable, Sendable {
    package let chat: ChatID
    package let seq: SequenceNumber
    package let time: WallTime

    /// Where it stands among the hits of all chats.
    package var position: SearchPosition { SearchPosition(time: time, chat: chat) }
}

/// A place in the order of hits: the newest first, of those of one moment that of the lower chat.
package struct SearchPosition: Hashable, Comparable, Sendable {
    package let time: WallTime
    package let chat: ChatID

    package init(time: WallTime, chat: ChatID) {
        self.time = time
        self.chat = chat
    }

    /// Whether `lhs` is shown before `rhs`.
    package static func < (lhs: SearchPosition, rhs: SearchPosition) -> Bool {
        lhs.time != rhs.time ? lhs.time > rhs.time : lhs.chat < rhs.chat
    }
}

/// What a search of one chat has found.
package struct ChatSearchResult: Hashable, Sendable {
    /// The newest first.
    package let hits: [SearchHit]
    /// All hits up to and including this place are in ``hits``; nil when these are all there are.
    package let reached: SearchPosition?
    /// How many entries of the chat are not in its index.
    package let unindexedCount: UInt64
}

/// A search of one chat, the newest messages first: the entries that are not in the index yet are
/// read one by one, then the index says which messages may be hits. Each is looked at as it is now,
/// so that an index that is behind, or older than a change, never shows what is not there nor hides
/// what is.
///
/// Invariants: 1. a hit matches as the message is in the store; 2. all hits at or above the lowest
/// place that was looked at are found; 3. each call looks at one place at least, so that who goes
/// on from where it stopped comes to the end.
package struct ChatSearch<Store: ReadableStore, Source: SearchSource> {
    private let criteria: SearchCriteria
    private let index: SearchIndexKey
    private let store: Store
    private let source: Source
    private let limit: Int
    /// Hits that are older than this are of no interest.
    private let floor: WallTime?
    /// Messages and postings that may still be looked at.
    private var workLeft: Int
    private var hits: [SearchHit] = []

    /// A search over `store`, a snapshot that `source` reads, too. At most `limit` hits; those
    /// older than `floor` may be left out. Ends after about `work` messages and postings.
    package init(
        _ criteria: SearchCriteria, _ index: SearchIndexKey, in store: Store, from source: Source,
        limit: Int, floor: WallTime? = nil, work: Int
    ) {
        precondition(limit > 0 && work > 0, "a search makes progress")
        self.criteria = criteria
        self.index = index
        self.store = store
        self.source = source
        self.limit = limit
        self.floor = floor
        workLeft = work
    }

    /// Searches the log up to `head`, of which nothing after `last` may be seen, for hits after
    /// `position`; nil for all.
    package mutating func run(
        head: SequenceNumber, last: SequenceNumber, after position: SearchPosition?
    ) throws(StorageError) -> ChatSearchResult {
        let bounds = try bounds(last: last, after: position)
        let indexed = min(try index.indexed(in: store), head)
        let unindexedCount = head.rawValue - indexed.rawValue
        guard bounds.lower < bounds.upper else {
            return ChatSearchResult(hits: [], reached: nil, unindexedCount: unindexedCount)
        }
        // Too much to read besides: the index is asked once it has come nearer.
        let isUsable = unindexedCount <= SearchLimits.tailEntriesMax
        let border = isUsable ? min(indexed.next, bounds.upper) : bounds.lower
        var end = try scan(from: bounds.upper, downTo: max(border, bounds.lower))
        if end == nil, border > bounds.lower {
            end = try searchIndex(
                from: border, downTo: bounds.lower, changed: try changed(after: indexed, to: head))
        }
        return ChatSearchResult(
            hits: hits, reached: try end.flatMap { seq throws(StorageError) in try place(of: seq) },
            unindexedCount: unindexedCount)
    }

    // MARK: Where to look

    /// The sequence numbers `lower ..< upper` that may have hits.
    private func bounds(
        last: SequenceNumber, after position: SearchPosition?
    ) throws(StorageError) -> (lower: SequenceNumber, upper: SequenceNumber) {
        var upper = last.next
        if let position {
            // Of the moment itself, chats that are shown later have their turn.
            let end =
                index.chat > position.chat
                ? WallTime(milliseconds: position.time.milliseconds + 1) : position.time
            upper = try first(notBefore: end, below: upper)
        }
        if let before = criteria.facts.before { upper = try first(notBefore: before, below: upper) }
        var lower = SequenceNumber(1)
        if let since = criteria.facts.since { lower = try first(notBefore: since, below: upper) }
        return (min(lower, upper), upper)
    }

    /// The first entry of a time that is not before `time`, `end` when there is none below it:
    /// times grow along the log.
    private func first(
        notBefore time: WallTime, below end: SequenceNumber
    ) throws(StorageError) -> SequenceNumber {
        var low: UInt64 = 1
        var high = end.rawValue
        while low < high {
            let middle = (low + high) / 2
            guard let document = try source.document(at: SequenceNumber(middle)) else {
                throw .corrupt("the log of \(index.chat) has a gap")
            }
            if document.time < time { low = middle + 1 } else { high = middle }
        }
        return SequenceNumber(low)
    }

    private func place(of seq: SequenceNumber) throws(StorageError) -> SearchPosition? {
        guard let document = try source.document(at: seq) else { return nil }
        return SearchPosition(time: document.time, chat: index.chat)
    }

    // MARK: Looking

    /// Looks at a message; whether to go on.
    private mutating func look(at document: SearchDocument) -> Bool {
        workLeft -= 1
        if criteria.matches(document) || Canary.uncheckedHit.lives {
            hits.append(SearchHit(chat: index.chat, seq: document.seq, time: document.time))
        }
        return hits.count < limit
    }

    private func isTooOld(_ document: SearchDocument) -> Bool {
        floor.map { document.time < $0 } ?? false
    }

    /// Reads `lower ..< upper` from the end; answers the lowest place that was looked at when that
    /// is not all.
    private mutating func scan(
        from upper: SequenceNumber, downTo lower: SequenceNumber
    ) throws(StorageError) -> SequenceNumber? {
        var before = upper
        while before > lower {
            let wanted = min(before.rawValue - lower.rawValue, UInt64(scanPage))
            let documents = try source.documents(before: before, countMax: Int(wanted))
            for document in documents where document.seq >= lower {
                let goesOn = look(at: document)
                before = document.seq
                if before > lower, !goesOn || isTooOld(document) { return before }
            }
            guard !documents.isEmpty else { return nil }
            if before > lower, workLeft <= 0 { return before }
        }
        // Whoever has a full page asks again for the rest.
        return hits.count < limit || lower.rawValue <= 1 ? nil : lower
    }

    private var scanPage: Int { 256 }

    /// The messages of the index whose words were changed by entries that are not in it.
    private func changed(
        after indexed: SequenceNumber, to head: SequenceNumber
    ) throws(StorageError) -> [SequenceNumber] {
        guard !Canary.staleIndex.lives else { return [] }
        var changed: [SequenceNumber] = []
        var before = head.next
        while before > indexed.next {
            let documents = try source.documents(
                before: before, countMax: Int(before.rawValue - indexed.rawValue - 1))
            guard let oldest = documents.last else { break }
            for document in documents where document.seq > indexed {
                if case .change(let target) = document.content, target <= indexed {
                    changed.append(target)
                }
            }
            before = oldest.seq
        }
        return changed
    }

    /// Looks at the messages of `lower ..< upper` that the index names, and at those that were
    /// `changed` since; answers as ``scan(from:downTo:)``.
    private mutating func searchIndex(
        from upper: SequenceNumber, downTo lower: SequenceNumber, changed: [SequenceNumber]
    ) throws(StorageError) -> SequenceNumber? {
        let plan = try SearchPlan(criteria, index, in: store)
        if plan.isHopeless, changed.isEmpty { return nil }
        guard !plan.requirements.isEmpty else { return try scan(from: upper, downTo: lower) }
        let oldest = SearchSegment.number(of: lower)
        var newest = SearchSegment.number(of: SequenceNumber(upper.rawValue - 1))
        var width: UInt32 = 16
        while true {
            let end = newest - oldest < width ? oldest : newest - width + 1
            var window = SegmentWindow(newest: newest, oldest: end)
            if !plan.isHopeless { window = try candidates(plan, in: window, oldest: end) }
            for seq in changed {
                let segment = SearchSegment.number(of: seq)
                guard segment <= newest, segment >= end else { continue }
                window.insert([UInt8(truncatingIfNeeded: seq.rawValue)], of: segment)
            }
            for seq in window.descending where seq < upper && seq >= lower {
                guard let document = try source.document(at: seq) else { continue }
                let goesOn = look(at: document)
                if seq > lower, !goesOn || isTooOld(document) { return seq }
            }
            guard end > oldest else { return nil }
            if workLeft <= 0 { return SequenceNumber(SearchSegment.start(of: end)) }
            newest = end - 1
            width = min(width * 4, 4_096)
        }
    }

    /// What the index names in the window of the segments down to `oldest`.
    private mutating func candidates(
        _ plan: SearchPlan, in window: SegmentWindow, oldest: UInt32
    ) throws(StorageError) -> SegmentWindow {
        var common: SegmentWindow?
        for terms in plan.requirements {
            var either = SegmentWindow(newest: window.newest, oldest: oldest)
            for term in terms { try collect(term, into: &either, oldest: oldest) }
            if common == nil { common = either } else { common?.formIntersection(either) }
            if common?.isEmpty == true { break }
        }
        return common ?? window
    }

    private mutating func collect(
        _ term: [UInt8], into window: inout SegmentWindow, oldest: UInt32
    ) throws(StorageError) {
        let key = index.key(.posting)
        let head = key.count + term.count + 1
        var from = Keyspace.postings(key, term, from: window.newest)
        let to = KeyRange.end(of: Keyspace.postings(key, term, from: oldest))
        while true {
            let pairs = try store.pairs(KeyRange(.search, from: from, to: to, countMax: 1_024))
            for pair in pairs {
                guard pair.key.count > head + 4 else { throw .corrupt("a posting of an index") }
                let segment = pair.key[head..<head + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                window.insert(pair.value, of: ~segment)
            }
            // A posting is read faster than a message.
            workLeft -= pairs.count / 4
            guard let last = pairs.last, pairs.count == 1_024 else { return }
            from = last.key + [0]
        }
    }
}
