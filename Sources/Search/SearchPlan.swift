internal import Identity
internal import Storage

/// What the index is asked for: lists of terms, of each of which a message must have one.
///
/// A clause for which too many terms stand is in none of the lists: it is left to the look at the
/// message itself, and where only such clauses are there, messages are common, and reading them
/// from the newest on finds a page soon.
struct SearchPlan {
    /// The shortest list first; empty when the index is no help.
    let requirements: [[[UInt8]]]
    /// Whether no message of the index can be found.
    let isHopeless: Bool

    /// Costs a scan of the chat's list of words when a clause is no whole term.
    init(
        _ criteria: SearchCriteria, _ index: SearchIndexKey, in store: some ReadableStore
    ) throws(StorageError) {
        var lists: [[[UInt8]]] = []
        if let senders = criteria.senders { lists.append(senders.map { SearchFact.sender($0) }) }
        if criteria.facts.hasLink { lists.append([SearchFact.link]) }
        if criteria.facts.isReply { lists.append([SearchFact.reply]) }
        if criteria.facts.isEdited { lists.append([SearchFact.edited]) }
        var vague: [SearchClause] = []
        for clause in criteria.clauses {
            if let terms = clause.exactTerms {
                lists += terms.map { [$0] }
            } else {
                vague.append(clause)
            }
        }
        for terms in try SearchPlan.terms(for: vague, index, in: store) {
            if let terms { lists.append(terms) }
        }
        // Of equally long lists the earlier one stays the earlier.
        requirements = lists.enumerated()
            .sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }
            .map(\.element)
        isHopeless = lists.contains { $0.isEmpty }
    }

    /// The words of the chat that each clause stands for; nil where there are too many.
    private static func terms(
        for clauses: [SearchClause], _ index: SearchIndexKey, in store: some ReadableStore
    ) throws(StorageError) -> [[[UInt8]]?] {
        guard !clauses.isEmpty else { return [] }
        var found: [[[UInt8]]?] = clauses.map { _ in [] }
        let prefix = index.key(.words)
        var from = prefix
        var bytesLeft = SearchLimits.wordListBytesMax
        while true {
            let pairs = try store.pairs(
                KeyRange(.search, from: from, to: KeyRange.end(of: prefix), countMax: 256))
            for pair in pairs {
                bytesLeft -= pair.value.count
                for (place, clause) in clauses.enumerated() {
                    collect(clause, in: pair.value, to: &found[place])
                }
            }
            guard let last = pairs.last, found.contains(where: { $0 != nil }) else { return found }
            // A list that is longer is of no use: what is in the rest is not known.
            guard bytesLeft > 0 else { return found.map { _ in nil } }
            from = last.key + [0]
        }
    }

    private static func collect(
        _ clause: SearchClause, in words: [UInt8], to found: inout [[UInt8]]?
    ) {
        var from = 0
        while let terms = found,
            let place = ByteSearch.place(of: clause.needle, in: words, from: from)
        {
            guard terms.count < SearchLimits.termsMax else {
                found = nil
                return
            }
            // The needle may begin with the zero before its word.
            var start = words[place] == 0 ? place + 1 : place
            while words[start - 1] != 0 { start -= 1 }
            var end = max(start, place + 1)
            while words[end] != 0 { end += 1 }
            found?.append(Array(words[start..<end]))
            from = end
        }
    }
}
