package import Determinism

/// What somebody types into a search field, taken apart: words, and operators of the form
/// `name:value`. Names of people and chats are as they were typed; whoever knows them resolves
/// them.
package struct SearchQuery: Hashable, Sendable {
    /// The words, with one space between each; may be empty when there are operators.
    package private(set) var words = ""
    /// The values of `from:`; a message of any of them is found.
    package private(set) var senders: [String] = []
    /// The values of `in:`; messages in any of these chats are found.
    package private(set) var chats: [String] = []
    /// What must be so beside the words.
    package private(set) var facts = SearchFacts()

    /// Reads `text`. Days of `before:` and `after:` are those of a clock `zone` minutes ahead of
    /// UTC. A word with a colon whose name is no operator is a word.
    package init(_ text: String, zone: Int = 0) throws(SearchQueryError) {
        guard text.unicodeScalars.count <= SearchLimits.queryScalarsMax else { throw .tooLong }
        guard abs(zone) <= SearchQuery.zoneMax else { throw .badZone }
        var plain: [Substring] = []
        var operators = 0
        for part in SearchQuery.parts(of: text) {
            guard let colon = part.firstIndex(of: ":"),
                let name = Operator(rawValue: part[..<colon].lowercased())
            else {
                plain.append(part)
                continue
            }
            let value = part[part.index(after: colon)...]
            operators += 1
            try take(name, SearchQuery.unquoted(value), zone: zone)
        }
        words = plain.map { SearchQuery.unquoted($0) }.joined(separator: " ")
        let clauseCount = SearchClause.clauses(of: words).count
        guard clauseCount > 0 || operators > 0 else { throw .empty }
        guard clauseCount + operators <= SearchLimits.clausesMax else { throw .tooLong }
    }

    private enum Operator: String {
        case from, `in`, before, after, has, `is`
    }

    /// Clocks on earth are at most 14 hours ahead of UTC.
    private static let zoneMax = 14 * 60

    private mutating func take(
        _ name: Operator, _ value: String, zone: Int
    ) throws(SearchQueryError) {
        guard !value.isEmpty else { throw .badOperator(name: name.rawValue) }
        switch name {
        case .from: senders.append(value)
        case .in: chats.append(value)
        case .before:
            let (start, _) = try SearchQuery.period(value, zone: zone)
            facts.before = min(facts.before ?? start, start)
        case .after:
            let (_, end) = try SearchQuery.period(value, zone: zone)
            facts.since = max(facts.since ?? end, end)
        case .has:
            guard value.lowercased() == "link" else { throw .badOperator(name: "has") }
            facts.hasLink = true
        case .is:
            switch value.lowercased() {
            case "reply": facts.isReply = true
            case "edited": facts.isEdited = true
            default: throw .badOperator(name: "is")
            }
        }
    }

    /// The first moment of a day, a month or a year, and the first one after it.
    private static func period(
        _ text: String, zone: Int
    ) throws(SearchQueryError) -> (start: WallTime, end: WallTime) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        var numbers: [Int] = []
        for part in parts {
            guard (1...4).contains(part.utf8.count),
                part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(part)
            else { throw .badDate(text) }
            numbers.append(number)
        }
        guard (1...3).contains(numbers.count), (1_970...9_999).contains(numbers[0]) else {
            throw .badDate(text)
        }
        let year = numbers[0]
        let month = numbers.count > 1 ? numbers[1] : 1
        guard (1...12).contains(month) else { throw .badDate(text) }
        let day = numbers.count > 2 ? numbers[2] : 1
        guard (1...CivilDay.count(inMonth: month, of: year)).contains(day) else {
            throw .badDate(text)
        }
        let start = CivilDay.number(year: year, month: month, day: day)
        let end =
            switch numbers.count {
            case 1: CivilDay.number(year: year + 1, month: 1, day: 1)
            case 2:
                CivilDay.number(year: month < 12 ? year : year + 1, month: month % 12 + 1, day: 1)
            default: start + 1
            }
        return (time(ofDay: start, zone: zone), time(ofDay: end, zone: zone))
    }

    private static func time(ofDay day: Int, zone: Int) -> WallTime {
        WallTime(milliseconds: UInt64(max(0, (day * 1_440 - zone) * 60_000)))
    }

    /// What lies between blanks outside of quotation marks.
    private static func parts(of text: String) -> [Substring] {
        var isQuoted = false
        return text.split { character in
            if character == "\"" { isQuoted.toggle() }
            return !isQuoted && character.isWhitespace
        }
    }

    private static func unquoted(_ text: Substring) -> String {
        String(text.filter { $0 != "\"" })
    }
}

/// What must be so of a message beside its words.
package struct SearchFacts: Hashable, Sendable {
    /// It is older than this.
    package var before: WallTime?
    /// It is not older than this.
    package var since: WallTime?
    package var hasLink = false
    package var isReply = false
    package var isEdited = false

    package init() {}
}

/// Why a query cannot be answered: it says what to change.
package enum SearchQueryError: Error, Hashable, Sendable {
    /// There is nothing to look for.
    case empty
    /// More than ``SearchLimits/queryScalarsMax`` characters or ``SearchLimits/clausesMax`` words.
    case tooLong
    /// No day, month or year of the calendar from 1970 on: `2026-02-30`.
    case badDate(String)
    /// An operator without a value, or with one that it does not know.
    case badOperator(name: String)
    /// No clock is so far from UTC.
    case badZone
}

/// Days of the Gregorian calendar, counted from 1970-01-01.
enum CivilDay {
    /// How many days a month has.
    static func count(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// The number of a day; the year counts from March, so that the day that comes and goes is the
    /// last.
    static func number(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year % 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }
}
