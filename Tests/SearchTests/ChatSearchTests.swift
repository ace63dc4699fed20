import Determinism
import Identity
import Storage
import Testing

@testable import Search

@Suite("Search of a chat")
struct ChatSearchTests {
    private static let alphabet = [
        "tea", "teapot", "steam", "pineapple", "apple", "crème", "CREME", "東京都", "京都", "東",
        "дом", "домой", "été", "https://tea.example", "👍", "kahvi", "a", "ab", "abc", "한국어",
    ]
    private static let queries = [
        "tea", "te", "t", "eap", "apple", "creme", "京都", "東", "都", "дом", "👍", "tea apple",
        "has:link", "is:reply", "is:edited", "tea is:edited", "abc", "ab", "zebra", "국어",
        "kahvi tea", "before:1970-01-02", "after:1970-01-01 tea", "has:link is:reply",
    ]

    /// A number below `bound`.
    private func number(_ bound: Int, _ generator: inout SeededGenerator) -> Int {
        Int(generator.next(upperBound: UInt64(bound)))
    }

    private func people(_ generator: inout SeededGenerator) -> AccountID {
        AccountID(high: 0, low: 1 + generator.next(upperBound: UInt64(3)))
    }

    private func sentence(_ generator: inout SeededGenerator) -> String {
        (0...number(4, &generator)).map { _ in
            Self.alphabet[number(Self.alphabet.count, &generator)]
        }.joined(separator: " ")
    }

    @Test(
        "Pages of any size, over an index of any age, have the hits of a look at every message",
        arguments: UInt64(0)..<24)
    func agreesWithNaive(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var chat = TestChat()
        var index = TestIndex(chat)
        for _ in 0..<12 {
            for _ in 0..<number(200, &generator) {
                let seq = SequenceNumber(
                    1 + generator.next(upperBound: max(1, chat.head.rawValue)))
                switch number(10, &generator) {
                case 0 where seq <= chat.head:
                    index.edit(seq, sentence(&generator), in: &chat)
                case 1 where seq <= chat.head: index.delete(seq, in: &chat)
                default:
                    chat.send(
                        sentence(&generator), from: people(&generator),
                        isReply: generator.chance(1, in: 4),
                        at: generator.chance(1, in: 100) ? UInt64(number(1 << 29, &generator)) : nil
                    )
                }
            }
            if generator.chance(2, in: 3) {
                try index.extend(chat, countMax: 1 + number(900, &generator))
            }
            let query = Self.queries[number(Self.queries.count, &generator)]
            let senders = generator.chance(1, in: 3) ? [people(&generator)] : nil
            let criteria = try SearchCriteria(query, senders: senders)
            let found = try index.find(
                criteria, chat, limit: 1 + number(60, &generator),
                work: 1 + number(3_000, &generator))
            #expect(found == chat.naive(criteria), "\(query)")
        }
        var fresh = TestIndex(chat)
        while try index.extend(chat) {}
        while try fresh.extend(chat) {}
        #expect(try index.content() == fresh.content(), "no word stays that no message has")
    }

    @Test("No word of a deleted or edited message stays in the index")
    func forgets() throws {
        var chat = TestChat()
        for number in 0..<300 { chat.send("hay \(number)") }
        chat.send("my password is hunter2")
        chat.send("hay hunter3")
        var index = TestIndex(chat)
        while try index.extend(chat) {}
        func has(_ word: String) throws -> Bool {
            try index.store.pairs(KeyRange(.search, from: [], to: [0xFF], countMax: .max)).contains
            {
                [$0.key, $0.value].contains {
                    ByteSearch.place(of: Array(word.utf8), in: $0) != nil
                }
            }
        }
        #expect(try has("hunter2") && has("hunter3"))
        index.delete(SequenceNumber(301), in: &chat)
        index.edit(SequenceNumber(302), "hay", in: &chat)
        while try index.extend(chat) {}
        #expect(try !has("hunter2") && !has("hunter3") && has("hay"))
        let criteria = try SearchCriteria("hay")
        #expect(try index.find(criteria, chat) == chat.naive(criteria))
    }

    @Test("A chat without an index, or with one that is far behind, is read message by message")
    func withoutIndex() throws {
        var chat = TestChat()
        for number in 0..<6_000 { chat.send(number % 997 == 0 ? "needle" : "hay \(number)") }
        var index = TestIndex(chat)
        let criteria = try SearchCriteria("needle")
        #expect(try index.find(criteria, chat, work: 500) == chat.naive(criteria))
        try index.extend(chat)
        #expect(try index.find(criteria, chat, work: 500) == chat.naive(criteria))
        while try index.extend(chat) {}
        #expect(try index.find(criteria, chat, work: 500) == chat.naive(criteria))
    }

    @Test("An index finds a rare word without looking at the messages that have it not")
    func looksAtFew() throws {
        var chat = TestChat()
        for number in 0..<5_000 {
            chat.send(number % 1_000 == 500 ? "a rare unicorn" : "hay and straw \(number % 90)")
        }
        var index = TestIndex(chat)
        while try index.extend(chat) {}
        for query in ["unicorn", "nicor", "un", "unicorn rare"] {
            var search = ChatSearch(
                try SearchCriteria(query), index.key, in: index.store, from: chat, limit: 20,
                work: 60)
            let result = try search.run(head: chat.head, last: chat.head, after: nil)
            #expect(result.hits.count == 5 && result.reached == nil, "\(query)")
        }
    }

    @Test("What a word has too many completions for is found by reading from the newest on")
    func manyTerms() throws {
        var chat = TestChat()
        for number in 0..<3_000 { chat.send("number\(number)x") }
        var index = TestIndex(chat)
        while try index.extend(chat) {}
        for query in ["number", "n", "umber number2999"] {
            let criteria = try SearchCriteria(query)
            #expect(try index.find(criteria, chat, limit: 50) == chat.naive(criteria), "\(query)")
        }
    }

    @Test("A former member finds nothing after the place up to which it may see")
    func limitOfSight() throws {
        var chat = TestChat()
        for number in 0..<600 { chat.send("tea \(number)") }
        var index = TestIndex(chat)
        try index.extend(chat)
        var search = ChatSearch(
            try SearchCriteria("tea"), index.key, in: index.store, from: chat, limit: 3, work: 100)
        let result = try search.run(head: chat.head, last: SequenceNumber(300), after: nil)
        #expect(result.hits.map(\.seq.rawValue) == [300, 299, 298])
        #expect(result.reached == SearchPosition(time: WallTime(milliseconds: 298), chat: chat.id))
    }

    @Test(
        "Hits are in the order of their times, those of one moment in that of their chats"
    )
    func positions() {
        let early = SearchPosition(time: WallTime(milliseconds: 1), chat: ChatID(high: 0, low: 1))
        let late = SearchPosition(time: WallTime(milliseconds: 2), chat: ChatID(high: 0, low: 2))
        let same = SearchPosition(time: WallTime(milliseconds: 2), chat: ChatID(high: 0, low: 3))
        #expect([same, early, late].sorted() == [late, same, early])
    }
}
