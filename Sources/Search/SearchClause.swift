package import Identity

/// One thing that a message must have to be found.
struct SearchClause: Hashable {
    /// Where in a word it may stand.
    enum Place: Hashable {
        /// Anywhere in a word, or in a run of a script without spaces.
        case part
        /// At the beginning: it has too few letters to be looked for inside of words.
        case beginning
        /// The word itself.
        case whole
    }

    let place: Place
    /// Folded, without zeros.
    let text: [UInt8]
    /// Whether it is a run of a script without spaces.
    let isRun: Bool
    /// What is looked for in a ``FoldedText``.
    let needle: [UInt8]

    private init(_ word: ArraySlice<UInt8>) {
        text = Array(word)
        isRun = SearchTerm.isRun(word)
        if isRun || SearchTerm.scalarCount(of: word) >= SearchLimits.partScalarsMin {
            place = .part
            needle = text
        } else if SearchTerm.isPictograph(word) {
            place = .whole
            needle = [0] + text + [0]
        } else {
            place = .beginning
            needle = [0] + text
        }
    }

    /// The clauses of the words of a query, each once.
    static func clauses(of words: String) -> [SearchClause] {
        SearchTerm.sortedOnce(FoldedText(words).words.map { Array($0) }).map {
            SearchClause($0[...])
        }
    }

    /// The terms that a message with this must have, each for itself; nil when the index does not
    /// say it by terms known beforehand.
    var exactTerms: [[UInt8]]? {
        if place == .whole { return [text] }
        guard isRun, SearchTerm.scalarCount(of: text[...]) > 1 else { return nil }
        return SearchTerm.sortedOnce(SearchTerm.pairs(of: text[...]))
    }

    /// Whether `folded` has this; linear.
    func matches(_ folded: FoldedText) -> Bool {
        ByteSearch.place(of: needle, in: folded.bytes) != nil
    }

    /// Where `folded`, which has places, has this: in UTF-16 code units, in order.
    func ranges(in folded: FoldedText, countMax: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var from = 0
        // The zeros around it are not part of the hit.
        let lead = place == .part ? 0 : 1
        while ranges.count < countMax,
            let place = ByteSearch.place(of: needle, in: folded.bytes, from: from)
        {
            let first = place + lead
            let last = first + text.count - 1
            ranges.append(Int(folded.starts[first])..<Int(folded.ends[last]))
            from = first + text.count
        }
        return ranges
    }
}

/// What is searched for: a query whose people are resolved.
package struct SearchCriteria: Hashable, Sendable {
    /// The words; all of them must be there.
    package let words: String
    /// Who may have sent it; nil for anybody, empty for nobody.
    package let senders: [AccountID]?
    /// What else must be so.
    package let facts: SearchFacts

    let clauses: [SearchClause]

    /// A message must have all of `words`, be of one of `senders` (nil: of anybody) and have
    /// `facts`.
    package init(words: String, senders: [AccountID]?, facts: SearchFacts) {
        self.words = words
        self.senders = senders
        self.facts = facts
        clauses = SearchClause.clauses(of: words)
    }

    /// Whether a message is found, its time aside. Linear in its text.
    package func matches(_ document: SearchDocument) -> Bool {
        guard case .message(let text, let isReply, let isEdited) = document.content else {
            return false
        }
        if facts.isReply && !isReply || facts.isEdited && !isEdited { return false }
        if let senders {
            guard let from = document.from, senders.contains(from) else { return false }
        }
        if facts.hasLink, !SearchDocument.hasLink(text) { return false }
        guard !clauses.isEmpty else { return true }
        let folded = FoldedText(text)
        return clauses.allSatisfy { $0.matches(folded) }
    }

    /// What to mark in the text of a message that is found: ranges in UTF-16 code units, ascending
    /// and apart, at most ``SearchLimits/marksMax``.
    package func marks(in text: String) -> [Range<Int>] {
        guard !clauses.isEmpty else { return [] }
        let folded = FoldedText(text, hasPlaces: true)
        var found: [Range<Int>] = []
        for clause in clauses {
            found += clause.ranges(in: folded, countMax: SearchLimits.marksMax)
        }
        var apart: [Range<Int>] = []
        for range in found.sorted(by: {
            ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound)
        }) {
            if let last = apart.last, range.lowerBound <= last.upperBound {
                apart[apart.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                apart.append(range)
            }
        }
        return Array(apart.prefix(SearchLimits.marksMax))
    }
}

/// Names of people and chats as somebody types them.
package enum SearchName {
    /// Whether every word of `typed` is a word of `name`, or the beginning of one.
    package static func matches(_ typed: String, _ name: String) -> Bool {
        let words = FoldedText(typed).words
        let folded = FoldedText(name)
        return !words.isEmpty
            && words.allSatisfy { ByteSearch.place(of: [0] + $0, in: folded.bytes) != nil }
    }
}
