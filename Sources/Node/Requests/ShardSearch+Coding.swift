internal import Determinism
internal import Identity
internal import Records
internal import Search
internal import Storage

// How searches and what they find travel between nodes; used by `ShardQuery` and `ShardResponse`.

extension ShardSearch {
    var record: Records_SearchQuery {
        var query = Records_SearchQuery()
        query.chats = chats.map { recordField($0.bytes) }
        query.account = recordField(account.bytes)
        query.words = criteria.words
        query.hasSenders_p = criteria.senders != nil
        query.senders = (criteria.senders ?? []).map { recordField($0.bytes) }
        query.before = criteria.facts.before?.milliseconds ?? 0
        query.since = criteria.facts.since?.milliseconds ?? 0
        query.hasLink_p = criteria.facts.hasLink
        query.isReply = criteria.facts.isReply
        query.isEdited = criteria.facts.isEdited
        if let after { query.after = after.record }
        query.limit = UInt32(clamping: limit)
        return query
    }

    init(_ record: Records_SearchQuery) throws(StorageError) {
        var facts = SearchFacts()
        facts.before = record.before == 0 ? nil : try WallTime(stored: record.before)
        facts.since = record.since == 0 ? nil : try WallTime(stored: record.since)
        facts.hasLink = record.hasLink_p
        facts.isReply = record.isReply
        facts.isEdited = record.isEdited
        var chats: [ChatID] = []
        for chat in record.chats { chats.append(try ChatID(stored: chat)) }
        var senders: [AccountID] = []
        for sender in record.senders { senders.append(try AccountID(stored: sender)) }
        self.init(
            chats, for: try AccountID(stored: record.account),
            SearchCriteria(
                words: record.words, senders: record.hasSenders_p ? senders : nil, facts: facts),
            after: record.hasAfter ? try SearchPosition(record.after) : nil,
            limit: Int(record.limit))
    }
}

extension SearchPosition {
    fileprivate var record: Records_SearchPlace {
        var place = Records_SearchPlace()
        place.time = time.milliseconds
        place.chat = recordField(chat.bytes)
        return place
    }

    fileprivate init(_ record: Records_SearchPlace) throws(StorageError) {
        self.init(
            time: try WallTime(stored: record.time), chat: try ChatID(stored: record.chat))
    }
}

extension StoredHits {
    var answer: Records_SearchAnswer {
        var answer = Records_SearchAnswer()
        answer.hits = hits.map { hit in
            var record = Records_SearchHit()
            record.chat = recordField(hit.chat.bytes)
            record.entry = recordField(hit.entry)
            record.marks = hit.marks.flatMap {
                [UInt32(clamping: $0.lowerBound), UInt32(clamping: $0.upperBound)]
            }
            return record
        }
        if let reached { answer.reached = reached.record }
        return answer
    }

    init(_ answer: Records_SearchAnswer) throws(StorageError) {
        var hits: [Hit] = []
        for record in answer.hits {
            var marks: [Range<Int>] = []
            for place in stride(from: 0, to: record.marks.count - 1, by: 2) {
                let (start, end) = (record.marks[place], record.marks[place + 1])
                guard start < end else { throw .corrupt("the marks of a hit") }
                marks.append(Int(start)..<Int(end))
            }
            hits.append(
                Hit(
                    chat: try ChatID(stored: record.chat), entry: Array(record.entry), marks: marks)
            )
        }
        self.init(
            hits: hits, reached: answer.hasReached ? try SearchPosition(answer.reached) : nil)
    }
}
