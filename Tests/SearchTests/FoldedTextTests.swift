import Testing

@testable import Search

@Suite("Folded text")
struct FoldedTextTests {
    private func words(_ text: String) -> [String] {
        FoldedText(text).words.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "Words of every script are found, in lower case and without marks",
        arguments: [
            ("Hello, World! 42", ["hello", "world", "42"]),
            ("Crème brûlée à la Zürich", ["creme", "brulee", "a", "la", "zurich"]),
            ("Cre\u{300}me", ["creme"]),
            ("Straße ÆSIR Łódź", ["strasse", "aesir", "lodz"]),
            ("İstanbul ısı", ["istanbul", "isi"]),
            ("Ёлка и ЙОД", ["елка", "и", "иод"]),
            ("Οδυσσέας ΌΔΟΣ", ["οδυσσεασ", "οδοσ"]),
            ("السَّلامُ عليكم", ["السلام", "عليكم"]),
            ("שָׁלוֹם", ["שלום"]),
            ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
            ("٣٤ ५६", ["34", "56"]),
            ("ＡＢＣ１２", ["abc12"]),
            ("東京都に行く", ["東京都に行く"]),
            ("カタカナ ｶﾀｶﾅ", ["かたかな", "かたかな"]),
            ("한국어 공부", ["한국어", "공부"]),
            ("สวัสดีครับ", ["สวัสดีครับ"]),
            ("iPhone15を買う", ["iphone15", "を買う"]),
            ("ok👍🏽👍 fine", ["ok", "👍", "👍", "fine"]),
            ("snake_case don't e-mail", ["snake", "case", "don", "t", "e", "mail"]),
            ("  \n\t…—!?", []),
            ("", []),
        ])
    func scripts(text: String, expected: [String]) {
        #expect(words(text) == expected)
    }

    @Test("A flood of marks is one word, and a paste is cut where the limit is")
    func floods() {
        let marks = String(repeating: "\u{301}\u{336}", count: 3_000)
        #expect(words("Z" + marks + "algo") == ["zalgo"])
        let paste = FoldedText(String(repeating: "lorem ipsum ", count: 9_000))
        #expect(paste.bytes.count <= SearchLimits.textScalarsMax + 2)
        let long = words(String(repeating: "x", count: 100))
        #expect(long.map(\.count) == [40, 40, 20])
    }

    @Test("What is found is told in UTF-16 code units of the text, marks included")
    func places() throws {
        let text = "👍🏽 Crème BRU\u{302}LÉE, 東京都"
        for (query, expected) in [
            ("creme", "Crème"), ("rule", "RU\u{302}LÉ"), ("京都", "京都"), ("👍", "👍🏽"),
        ] {
            let marks = try SearchCriteria(query).marks(in: text)
            let units = Array(text.utf16)
            #expect(marks.map { String(decoding: units[$0], as: UTF16.self) } == [expected])
        }
        let many = try SearchCriteria("aba").marks(in: "aba abaaba xabax")
        #expect(many == [0..<3, 4..<10, 12..<15])
        #expect(
            try SearchCriteria("aaa").marks(in: String(repeating: "aaa ", count: 900)).count == 64)
    }

    @Test("Terms are the words, and pairs of neighbours where there are no spaces")
    func terms() {
        let terms = SearchTerm.terms(of: FoldedText("東京都 tea 東 tea"))
        #expect(
            terms.map { String(decoding: $0, as: UTF8.self) } == ["tea", "京都", "東", "東京"])
    }
}
