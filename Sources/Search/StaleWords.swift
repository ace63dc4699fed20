internal import Identity
internal import Storage

/// The terms of a message whose words were replaced or taken: noted in the batch that does it, and
/// taken out of the index by the next piece of work on it, so that what was deleted does not stay.
struct StaleWords {
    /// A term of one message that the index has no more reason to name.
    private struct Posting: Hashable {
        let term: [UInt8]
        let segment: UInt32
        let low: UInt8
    }

    /// How many notes one piece of work reads.
    static let notesMax = 256

    private var postings: [Posting] = []
    private var keys: [[UInt8]] = []

    /// Whether there are none.
    var isEmpty: Bool { keys.isEmpty }
    /// Whether there may be more than were read.
    var isFull: Bool { keys.count == StaleWords.notesMax }

    /// The notes of `index`, at most ``notesMax``.
    init(of index: SearchIndexKey, in store: some ReadableStore) throws(StorageError) {
        let prefix = index.key(.stale)
        let pairs = try store.pairs(
            KeyRange(.search, prefix: prefix, countMax: StaleWords.notesMax, bytesMax: .max))
        for pair in pairs {
            guard let target = Keyspace.number(Array(pair.key.dropFirst(prefix.count).prefix(8)))
            else { throw .corrupt("a note of stale words of \(index.chat)") }
            keys.append(pair.key)
            for term in pair.value.split(separator: 0) {
                postings.append(
                    Posting(
                        term: Array(term),
                        segment: SearchSegment.number(of: SequenceNumber(target)),
                        low: UInt8(truncatingIfNeeded: target)))
            }
        }
    }

    /// Notes the terms of `message`, as it was before the entry at `change`.
    static func note(
        _ message: SearchDocument, before change: SequenceNumber, in index: SearchIndexKey,
        to batch: inout WriteBatch
    ) {
        let terms = message.terms.all
        guard !terms.isEmpty else { return }
        batch.put(
            Array(terms.joined(separator: [0])),
            for: index.key(.stale) + Keyspace.bytes(message.seq.rawValue)
                + Keyspace.bytes(change.rawValue),
            in: .search)
    }

    /// Takes the terms out, and the words that no message has any more; answers these, sorted.
    /// Costs a read of each term's postings in the segment of its message.
    func remove(
        from index: SearchIndexKey, in store: some ReadableStore, to batch: inout WriteBatch
    ) throws(StorageError) -> [[UInt8]] {
        var lost: [[UInt8]] = []
        let sorted = postings.sorted(by: StaleWords.precedes)
        var place = 0
        while place < sorted.count {
            let term = sorted[place].term
            var gone: [[UInt8]] = []
            while place < sorted.count, sorted[place].term == term {
                let segment = sorted[place].segment
                var lows: [UInt8] = []
                while place < sorted.count, sorted[place].term == term,
                    sorted[place].segment == segment
                {
                    lows.append(sorted[place].low)
                    place += 1
                }
                gone += try StaleWords.remove(
                    lows, of: term, in: segment, from: index, in: store, to: &batch)
            }
            // Facts begin with a one; they are in no list.
            guard term.first != 0x01, !gone.isEmpty,
                try !StaleWords.isUsed(term, but: gone, in: index, store)
            else { continue }
            lost.append(term)
        }
        try StaleWords.dropWords(lost, from: index, in: store, to: &batch)
        for key in keys { batch.delete(key, in: .search) }
        return lost
    }

    /// Takes messages of one segment out of the postings of a term; answers the keys that go.
    private static func remove(
        _ lows: [UInt8], of term: [UInt8], in segment: UInt32, from index: SearchIndexKey,
        in store: some ReadableStore, to batch: inout WriteBatch
    ) throws(StorageError) -> [[UInt8]] {
        let prefix = Keyspace.postings(index.key(.posting), term, from: segment)
        var gone: [[UInt8]] = []
        // A source for each entry of the segment at most, and one for each edit.
        for pair in try store.pairs(
            KeyRange(.search, prefix: prefix, countMax: .max, bytesMax: .max))
        {
            let rest = pair.value.filter { !lows.contains($0) }
            if rest.isEmpty {
                batch.delete(pair.key, in: .search)
                gone.append(pair.key)
            } else if rest.count < pair.value.count {
                batch.put(rest, for: pair.key, in: .search)
            }
        }
        return gone
    }

    /// Whether a message has the term beside those of the postings that are `gone`, which are in
    /// the order of their keys.
    private static func isUsed(
        _ term: [UInt8], but gone: [[UInt8]], in index: SearchIndexKey, _ store: some ReadableStore
    ) throws(StorageError) -> Bool {
        let pairs = try store.pairs(
            KeyRange(
                .search, prefix: index.key(.posting) + term + [0], countMax: gone.count + 1,
                bytesMax: .max))
        return pairs.count > gone.count
    }

    /// Takes words out of the lists that they are in.
    private static func dropWords(
        _ words: [[UInt8]], from index: SearchIndexKey, in store: some ReadableStore,
        to batch: inout WriteBatch
    ) throws(StorageError) {
        let wordKey = index.key(.word)
        var lists: [(list: [UInt8], word: [UInt8])] = []
        for word in words {
            guard let list = try store.value(for: wordKey + word, in: .search) else { continue }
            batch.delete(wordKey + word, in: .search)
            lists.append((list, word))
        }
        lists.sort {
            $0.list != $1.list
                ? $0.list.lexicographicallyPrecedes($1.list)
                : $0.word.lexicographicallyPrecedes($1.word)
        }
        var place = 0
        while place < lists.count {
            let list = lists[place].list
            var dropped: [[UInt8]] = []
            while place < lists.count, lists[place].list == list {
                dropped.append(lists[place].word)
                place += 1
            }
            let key = index.key(.words) + list
            guard let bytes = try store.value(for: key, in: .search) else { continue }
            let rest = bytes.split(separator: 0).map(Array.init).filter { !dropped.contains($0) }
            if rest.isEmpty {
                batch.delete(key, in: .search)
            } else {
                batch.put(rest.flatMap { [0] + $0 } + [0], for: key, in: .search)
            }
        }
    }

    private static func precedes(_ lhs: Posting, _ rhs: Posting) -> Bool {
        if lhs.term != rhs.term { return lhs.term.lexicographicallyPrecedes(rhs.term) }
        if lhs.segment != rhs.segment { return lhs.segment > rhs.segment }
        return lhs.low < rhs.low
    }
}
