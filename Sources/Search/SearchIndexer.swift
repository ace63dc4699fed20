package import Identity
package import Storage

/// Which chat's index, and where it lies.
package struct SearchIndexKey: Hashable, Sendable {
    /// What the keys of the chat's replica and generation begin with.
    let prefix: [UInt8]
    /// The chat.
    package let chat: ChatID

    /// The index of `chat` over one generation of the state of `shard`.
    package init(_ chat: ChatID, of shard: ShardID, generation: UInt8) {
        prefix = Keyspace.searchPrefix(shard, generation: generation)
        self.chat = chat
    }

    func key(_ kind: SearchKind) -> [UInt8] { Keyspace.search(prefix, kind, chat) }

    /// Whether there is an index. Costs a point read.
    package func exists(in store: some ReadableStore) throws(StorageError) -> Bool {
        try store.value(for: key(.cursor), in: .search) != nil
    }

    /// How far the index reaches; zero when there is none.
    package func indexed(in store: some ReadableStore) throws(StorageError) -> SequenceNumber {
        guard let bytes = try store.value(for: key(.cursor), in: .search) else { return .zero }
        guard let seq = Keyspace.number(bytes) else { throw .corrupt("the cursor of an index") }
        return SequenceNumber(seq)
    }
}

/// Makes the index of one chat, piece by piece, behind the commands that change the chat: a piece
/// reads the entries after the cursor and answers with a batch that adds them and moves the cursor.
///
/// A pure function of a snapshot of the store, which has all earlier pieces. What a piece adds is
/// of the messages as they are in the snapshot. What is said of a message that is changed later is
/// taken back by the piece after the change, if the change was noted (``forget(_:before:in:to:)``);
/// until then nobody sees it, because every hit is compared with the message before it is shown.
package enum SearchIndexer {
    /// What one piece of work adds.
    package struct Piece: Sendable {
        /// What to write, the cursor included.
        package let batch: WriteBatch
        /// How far the index reaches with it.
        package let indexed: SequenceNumber
        /// How many messages it has added.
        package let messageCount: Int
    }

    /// Notes in `batch`, in which the entry at `change` replaces or takes the words of `message`,
    /// what the index is to forget.
    package static func forget(
        _ message: SearchDocument, before change: SequenceNumber, in index: SearchIndexKey,
        to batch: inout WriteBatch
    ) {
        StaleWords.note(message, before: change, in: index, to: &batch)
    }

    /// The next piece of the entries up to `head` and of what is to be forgotten; nil when all is
    /// done. Costs the entries' words, and a read of each word that is not in the piece twice.
    package static func piece(
        of index: SearchIndexKey, through head: SequenceNumber, in store: some ReadableStore,
        from source: some SearchSource,
        countMax: Int = SearchLimits.pieceEntriesMax
    ) throws(StorageError) -> Piece? {
        let indexed = try index.indexed(in: store)
        let stale = try StaleWords(of: index, in: store)
        guard indexed < head || !stale.isEmpty else { return nil }
        var batch = WriteBatch()
        let lost = try stale.remove(from: index, in: store, to: &batch)
        // What is forgotten of a message must be so before what it says now is added.
        guard indexed < head, !stale.isFull else {
            return Piece(batch: batch, indexed: indexed, messageCount: 0)
        }
        let last = SequenceNumber(min(head.rawValue, indexed.rawValue + UInt64(countMax)))
        var postings = Postings()
        var before = last.next
        while before > indexed.next {
            let documents = try source.documents(
                before: before, countMax: Int(before.rawValue - indexed.rawValue - 1))
            guard let oldest = documents.last, oldest.seq < before else {
                throw .corrupt("the log of \(index.chat) has a gap")
            }
            for document in documents where document.seq > indexed {
                switch document.content {
                case .message:
                    // The last entry of this piece in the segment of the message.
                    let end = min(last.rawValue, document.seq.rawValue | SearchSegment.mask)
                    postings.add(document, source: [UInt8(truncatingIfNeeded: end)])
                case .change(let target):
                    guard target <= indexed, let message = try source.document(at: target) else {
                        continue
                    }
                    postings.add(message, source: Keyspace.bytes(document.seq.rawValue))
                case .other: break
                }
            }
            before = oldest.seq
        }
        try postings.write(to: &batch, index, last, store, without: lost)
        batch.put(Keyspace.bytes(last.rawValue), for: index.key(.cursor), in: .search)
        return Piece(batch: batch, indexed: last, messageCount: postings.messageCount)
    }

    /// What a piece has found.
    private struct Postings {
        private struct Posting {
            let term: [UInt8]
            let isFact: Bool
            let segment: UInt32
            let source: [UInt8]
            let low: UInt8
        }

        private var found: [Posting] = []
        var messageCount = 0

        mutating func add(_ message: SearchDocument, source: [UInt8]) {
            let (terms, factCount) = message.terms
            guard !terms.isEmpty else { return }
            messageCount += 1
            let segment = SearchSegment.number(of: message.seq)
            let low = UInt8(truncatingIfNeeded: message.seq.rawValue)
            for (place, term) in terms.enumerated() {
                found.append(
                    Posting(
                        term: term, isFact: place < factCount, segment: segment, source: source,
                        low: low))
            }
        }

        func write(
            to batch: inout WriteBatch, _ index: SearchIndexKey, _ last: SequenceNumber,
            _ store: some ReadableStore, without lost: [[UInt8]]
        ) throws(StorageError) {
            let list = Keyspace.bytes(~last.rawValue)
            let sorted = found.sorted(by: Self.precedes)
            let postingsKey = index.key(.posting)
            let wordKey = index.key(.word)
            var newWords: [UInt8] = []
            var place = 0
            var lastTerm: [UInt8] = []
            while place < sorted.count {
                let first = sorted[place]
                var lows: [UInt8] = []
                while place < sorted.count, sorted[place].term == first.term,
                    sorted[place].segment == first.segment, sorted[place].source == first.source
                {
                    if lows.last != sorted[place].low { lows.append(sorted[place].low) }
                    place += 1
                }
                batch.put(
                    lows,
                    for: Keyspace.postings(postingsKey, first.term, from: first.segment)
                        + first.source,
                    in: .search)
                guard !first.isFact, first.term != lastTerm else { continue }
                lastTerm = first.term
                let isNew = try store.value(for: wordKey + first.term, in: .search) == nil
                if isNew || lost.contains(first.term) {
                    batch.put(list, for: wordKey + first.term, in: .search)
                    newWords += [0] + first.term
                }
            }
            if !newWords.isEmpty {
                batch.put(
                    newWords + [0], for: index.key(.words) + list, in: .search)
            }
        }

        private static func precedes(_ lhs: Posting, _ rhs: Posting) -> Bool {
            if lhs.term != rhs.term { return lhs.term.lexicographicallyPrecedes(rhs.term) }
            if lhs.segment != rhs.segment { return lhs.segment > rhs.segment }
            if lhs.source != rhs.source { return lhs.source.lexicographicallyPrecedes(rhs.source) }
            return lhs.low < rhs.low
        }
    }
}
