import Determinism
import Identity
import Testing

@testable import Search

@Suite("Search query")
struct SearchQueryTests {
    @Test("Operators are taken out of the words; what is no operator is words")
    func operators() throws {
        let query = try SearchQuery(
            "from:alice tea in:\"Big Room\" has:link is:reply http://a.b IS:edited note:this")
        #expect(query.senders == ["alice"])
        #expect(query.chats == ["Big Room"])
        #expect(query.words == "tea http://a.b note:this")
        #expect(query.facts.hasLink && query.facts.isReply && query.facts.isEdited)
    }

    @Test(
        "Days, months and years are periods of the asking clock"
    )
    func periods() throws {
        let day: UInt64 = 86_400_000
        #expect(try SearchQuery("before:1970-01-02").facts.before?.milliseconds == day)
        #expect(try SearchQuery("after:1970-01-02").facts.since?.milliseconds == 2 * day)
        #expect(try SearchQuery("after:1970-01").facts.since?.milliseconds == 31 * day)
        #expect(try SearchQuery("after:1970").facts.since?.milliseconds == 365 * day)
        #expect(
            try SearchQuery("before:2024-02-29").facts.before?.milliseconds == 1_709_164_800_000)
        #expect(try SearchQuery("after:2024-12").facts.since?.milliseconds == 1_735_689_600_000)
        #expect(
            try SearchQuery("before:1970-01-02", zone: 120).facts.before?.milliseconds
                == day - 7_200_000)
        let both = try SearchQuery("before:2024-05-01 before:2023-05-01")
        #expect(both.facts.before == (try SearchQuery("before:2023-05-01").facts.before))
    }

    @Test(
        "A day that is not in the calendar is refused by name",
        arguments: [
            "2026-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "yesterday",
            "1969-01-01", "2024-1-1-1", "20240101", "２０２４", "-1", "2024-",
        ])
    func impossibleDates(text: String) {
        #expect(throws: SearchQueryError.badDate(text)) { try SearchQuery("before:\(text)") }
        #expect(throws: SearchQueryError.badDate(text)) { try SearchQuery("tea after:\(text)") }
    }

    @Test("Operators without a value or with an unknown one, empty and endless queries are refused")
    func refusals() {
        #expect(throws: SearchQueryError.badOperator(name: "has")) { try SearchQuery("has:gold") }
        #expect(throws: SearchQueryError.badOperator(name: "is")) { try SearchQuery("is:unread") }
        #expect(throws: SearchQueryError.badOperator(name: "from")) { try SearchQuery("from:") }
        #expect(throws: SearchQueryError.empty) { try SearchQuery(" \n ") }
        #expect(throws: SearchQueryError.empty) { try SearchQuery("?!") }
        #expect(throws: SearchQueryError.tooLong) {
            try SearchQuery(String(repeating: "a", count: 257))
        }
        #expect(throws: SearchQueryError.tooLong) {
            try SearchQuery((0..<17).map { "word\($0)" }.joined(separator: " "))
        }
        #expect(throws: SearchQueryError.badZone) { try SearchQuery("tea", zone: 841) }
    }

    @Test(
        "Words, their beginnings and three letters from their middle are found; two are not",
        arguments: [
            ("pine", true), ("pin", true), ("pi", true), ("p", true), ("eapp", true), ("ea", false),
            ("PINEAPPLE", true), ("apple tea", true), ("apple coffee", false), ("京", true),
            ("都", true), ("東京", true), ("東都", false), ("🍍", true), ("🍎", false),
        ])
    func matching(query: String, isFound: Bool) throws {
        let document = SearchDocument(
            seq: SequenceNumber(1), time: WallTime(milliseconds: 1), from: nil,
            content: .message("Pineapple tea 東京都 🍍", isReply: false, isEdited: false))
        #expect(try SearchCriteria(query).matches(document) == isFound)
    }

    @Test("A link is an address with something after its scheme")
    func links() {
        #expect(SearchDocument.hasLink("see https://a.example/b"))
        #expect(SearchDocument.hasLink("http:// and http://x"))
        #expect(!SearchDocument.hasLink("https:// is no link, nor is a.example"))
    }
}
