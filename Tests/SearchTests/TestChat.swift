import Determinism
import Identity
import Storage
import Testing

@testable import Search

/// A chat in memory, as a store has it: messages keep the words that they have now.
struct TestChat: SearchSource {
    private(set) var documents: [SearchDocument] = []
    let id = ChatID(high: 7, low: 7)

    var head: SequenceNumber { SequenceNumber(UInt64(documents.count)) }

    mutating func send(
        _ text: String, from: AccountID = AccountID(high: 0, low: 1), isReply: Bool = false,
        at time: UInt64? = nil
    ) {
        append(.message(text, isReply: isReply, isEdited: false), from: from, at: time)
    }

    mutating func edit(_ seq: SequenceNumber, _ text: String) {
        let message = documents[Int(seq.rawValue) - 1]
        guard case .message(_, let isReply, _) = message.content else { return }
        replace(message, .message(text, isReply: isReply, isEdited: true))
        append(.change(of: seq), from: message.from, at: nil)
    }

    mutating func delete(_ seq: SequenceNumber) {
        let message = documents[Int(seq.rawValue) - 1]
        guard case .message = message.content else { return }
        replace(message, .other)
        append(.change(of: seq), from: message.from, at: nil)
    }

    private mutating func append(
        _ content: SearchDocument.Content, from: AccountID?, at time: UInt64?
    ) {
        let earliest = (documents.last?.time.milliseconds ?? 0) + 1
        documents.append(
            SearchDocument(
                seq: head.next, time: WallTime(milliseconds: max(earliest, time ?? 0)), from: from,
                content: content))
    }

    private mutating func replace(_ message: SearchDocument, _ content: SearchDocument.Content) {
        documents[Int(message.seq.rawValue) - 1] = SearchDocument(
            seq: message.seq, time: message.time, from: message.from, content: content)
    }

    func documents(
        before: SequenceNumber, countMax: Int
    ) throws(StorageError) -> [SearchDocument] {
        Array(documents.prefix(Int(before.rawValue) - 1).suffix(min(countMax, 50)).reversed())
    }

    func document(at seq: SequenceNumber) throws(StorageError) -> SearchDocument? {
        seq == .zero || seq > head ? nil : documents[Int(seq.rawValue) - 1]
    }

    /// What a search must find: every message is looked at.
    func naive(_ criteria: SearchCriteria) -> [SequenceNumber] {
        documents.reversed().filter { document in
            if let before = criteria.facts.before, document.time >= before { return false }
            if let since = criteria.facts.since, document.time < since { return false }
            return criteria.matches(document)
        }.map(\.seq)
    }
}

/// An index of a chat in a store in memory.
struct TestIndex {
    var store = MemoryStore()
    let key: SearchIndexKey

    init(_ chat: TestChat) {
        key = SearchIndexKey(chat.id, of: ShardID(3), generation: 1)
    }

    /// Adds one piece; whether there was one.
    @discardableResult
    mutating func extend(_ chat: TestChat, countMax: Int = 1_024) throws -> Bool {
        guard
            let piece = try SearchIndexer.piece(
                of: key, through: chat.head, in: store, from: chat, countMax: countMax)
        else { return false }
        store.apply(piece.batch)
        return true
    }

    /// Edits a message, as a batch that has the note does.
    mutating func edit(_ seq: SequenceNumber, _ text: String, in chat: inout TestChat) {
        note(seq, in: chat)
        chat.edit(seq, text)
    }

    /// Deletes a message, as a batch that has the note does.
    mutating func delete(_ seq: SequenceNumber, in chat: inout TestChat) {
        note(seq, in: chat)
        chat.delete(seq)
    }

    private mutating func note(_ seq: SequenceNumber, in chat: TestChat) {
        var batch = WriteBatch()
        SearchIndexer.forget(
            chat.documents[Int(seq.rawValue) - 1], before: chat.head.next, in: key, to: &batch)
        store.apply(batch)
    }

    /// What the index says, whatever the pieces were in which it was made: words and their lists,
    /// and each term with each message that has it.
    func content() throws -> Set<[UInt8]> {
        var content: Set<[UInt8]> = []
        for pair in try store.pairs(KeyRange(.search, from: [], to: [0xFF], countMax: .max)) {
            let rest = Array(pair.key.dropFirst(key.prefix.count))
            switch rest.first.flatMap(SearchKind.init) {
            case .posting:
                // All but the source, which begins four bytes after the zero.
                let zero = try #require(rest.dropFirst(17).firstIndex(of: 0))
                for low in pair.value { content.insert(Array(rest[...(zero + 4)]) + [low]) }
            case .word: content.insert(rest)
            case .words:
                for word in pair.value.split(separator: 0) { content.insert([0x04] + word) }
            case .stale: content.insert(rest)
            case .cursor, nil: break
            }
        }
        return content
    }

    /// All hits, page by page.
    func find(
        _ criteria: SearchCriteria, _ chat: TestChat, limit: Int = 100, work: Int = 60_000
    ) throws -> [SequenceNumber] {
        var found: [SequenceNumber] = []
        var position: SearchPosition?
        while true {
            var search = ChatSearch(
                criteria, key, in: store, from: chat, limit: limit, work: work)
            let result = try search.run(head: chat.head, last: chat.head, after: position)
            found += result.hits.map(\.seq)
            guard let reached = result.reached else { return found }
            if let position { precondition(position < reached, "a search makes progress") }
            position = reached
        }
    }
}

extension SearchCriteria {
    init(_ query: String, senders: [AccountID]? = nil) throws {
        let query = try SearchQuery(query)
        self.init(words: query.words, senders: senders, facts: query.facts)
    }
}
