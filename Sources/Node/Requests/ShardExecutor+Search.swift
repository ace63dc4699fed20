internal import Chat
internal import Determinism
internal import Identity
internal import Search
internal import Storage

/// Searching the messages of a shard, and the index that makes it fast: questions to the store,
/// answered beside the node's loop. What an account may see is decided in the state that is
/// searched.
extension ShardExecutor {
    /// The question for the hits of `search`; answers with an encoded ``ShardResponse``.
    static func question(
        _ search: ShardSearch, shard: ShardID, generation: UInt8
    ) -> StoreQuestion {
        StoreQuestion { store throws(StorageError) in
            var hits = ShardHits(search, shard: shard, generation: generation, store)
            for chat in search.chats.prefix(ShardQuery.chatsMax) { try hits.add(chat) }
            return try hits.finding()
        }
    }

    /// The question for the next piece of the index of `chat`.
    static func indexing(
        _ chat: ChatID, shard: ShardID, generation: UInt8
    ) -> StoreQuestion {
        StoreQuestion { store throws(StorageError) in
            let state = ShardStore(shard: shard, generation: generation, base: store)
            guard let head = try ChatQueries.head(of: chat, in: shard, state) else {
                return StoreFinding()
            }
            let index = SearchIndexKey(chat, of: shard, generation: generation)
            let piece = try SearchIndexer.piece(
                of: index, through: head.seq, in: store,
                from: ChatMessages(chat: chat, shard: shard, state: state, limitOfSight: nil))
            guard let piece else { return StoreFinding() }
            let behind = head.seq.rawValue - piece.indexed.rawValue
            return StoreFinding(
                behind: behind > 0 ? [(chat, behind)] : [], derived: piece.batch)
        }
    }
}

/// The messages of one chat as search reads them.
struct ChatMessages: SearchSource {
    let chat: ChatID
    let shard: ShardID
    let state: ShardStore
    /// The last entry that the reader may know of; nil when there is no such limit.
    let limitOfSight: SequenceNumber?

    func documents(
        before: SequenceNumber, countMax: Int
    ) throws(StorageError) -> [SearchDocument] {
        let pairs = try state.pairs(
            ChatQueries.historyRange(
                of: chat, in: shard, before: before, isNewestFirst: true, countMax: countMax))
        var documents: [SearchDocument] = []
        documents.reserveCapacity(pairs.count)
        for pair in pairs { documents.append(document(of: try ChatEntry(decoding: pair.value))) }
        return documents
    }

    func document(at seq: SequenceNumber) throws(StorageError) -> SearchDocument? {
        try ChatQueries.entry(seq, of: chat, in: shard, state).map { document(of: $0) }
    }

    private func document(of entry: ChatEntry) -> SearchDocument {
        let seen = limitOfSight.map { entry.seen(through: $0) } ?? entry
        let content: SearchDocument.Content =
            switch seen.kind {
            case .text(let text, let replyTo):
                .message(text, isReply: replyTo != nil, isEdited: seen.edition != nil)
            case .edited(let target, _), .messageDeleted(let target, _): .change(of: target)
            default: .other
            }
        return SearchDocument(seq: seen.seq, time: seen.time, from: seen.from, content: content)
    }
}

/// The hits of several chats of one shard on their way to a page.
struct ShardHits {
    private struct Found {
        let hit: SearchHit
        let limitOfSight: SequenceNumber?
    }

    private let search: ShardSearch
    private let shard: ShardID
    private let generation: UInt8
    private let base: any ReadableStore
    private let state: ShardStore
    private var found: [Found] = []
    private var reached: SearchPosition?
    private var behind: [(ChatID, UInt64)] = []
    private var mayAny = false

    init(
        _ search: ShardSearch, shard: ShardID, generation: UInt8, _ base: any ReadableStore
    ) {
        self.search = search
        self.shard = shard
        self.generation = generation
        self.base = base
        state = ShardStore(shard: shard, generation: generation, base: base)
    }

    private var limit: Int { max(1, min(search.limit, SearchLimits.hitsMax)) }

    /// Searches one chat, if the account may see it.
    mutating func add(_ chat: ChatID) throws(StorageError) {
        let access = try ChatQueries.access(of: search.account, to: chat, in: shard, state)
        guard let head = try ChatQueries.head(of: chat, in: shard, state),
            let last = access.last(of: head.seq)
        else { return }
        mayAny = true
        let source = ChatMessages(
            chat: chat, shard: shard, state: state, limitOfSight: access.limitOfSight)
        // What is older than the page that is full already need not be found.
        let floor = found.count > limit ? found[limit].hit.time : nil
        let result = try ShardHits.run(
            search, in: base, source, SearchIndexKey(chat, of: shard, generation: generation),
            limit: limit + 1, floor: floor, head: head.seq, last: last)
        if result.unindexedCount > 0 { behind.append((chat, result.unindexedCount)) }
        if let end = result.reached { reached = min(reached ?? end, end) }
        found += result.hits.map { Found(hit: $0, limitOfSight: access.limitOfSight) }
        found.sort { $0.hit.position < $1.hit.position }
        found.removeLast(max(0, found.count - limit - 1))
    }

    private static func run(
        _ search: ShardSearch, in store: some ReadableStore, _ source: ChatMessages,
        _ index: SearchIndexKey, limit: Int, floor: WallTime?, head: SequenceNumber,
        last: SequenceNumber
    ) throws(StorageError) -> ChatSearchResult {
        var chatSearch = ChatSearch(
            search.criteria, index, in: store, from: source, limit: limit, floor: floor,
            work: max(SearchLimits.workMin, SearchLimits.workMax / search.chats.count))
        return try chatSearch.run(head: head, last: last, after: search.after)
    }

    /// The page.
    func finding() throws(StorageError) -> StoreFinding {
        guard mayAny || search.chats.count > 1 else {
            return StoreFinding(bytes: ShardResponse.failed(Failure(.notFound)).encoded())
        }
        var end = reached
        if found.count > limit {
            let last = found[limit - 1].hit.position
            end = min(end ?? last, last)
        }
        var hits: [StoredHits.Hit] = []
        for found in found.prefix(limit) where end.map({ found.hit.position <= $0 }) ?? true {
            guard
                let entry = try ChatQueries.entry(
                    found.hit.seq, of: found.hit.chat, in: shard, state)
            else { continue }
            let seen = found.limitOfSight.map { entry.seen(through: $0) } ?? entry
            guard case .text(let text, _) = seen.kind else { continue }
            hits.append(
                StoredHits.Hit(
                    chat: found.hit.chat, entry: seen.encoded(),
                    marks: search.criteria.marks(in: text)))
        }
        let response = ShardResponse.hits(StoredHits(hits: hits, reached: end))
        return StoreFinding(bytes: response.encoded(), behind: behind)
    }
}
