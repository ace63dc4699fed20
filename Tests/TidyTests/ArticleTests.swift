import Testing

@Suite("Articles")
struct ArticleTests {
    @Test("Every test that the Architecture article names exists")
    func architecture() throws {
        let tree = SourceTree.repository
        let path = "Sources/Chaticket/Documentation.docc/Architecture.md"
        let references = ArticleRule.references(in: try #require(tree.text(at: path)))
        #expect(references.count > 150)
        var texts: [String: String] = [:]
        for path in tree.paths where path.hasPrefix("Tests/") {
            guard path.hasSuffix(".swift") || path.hasSuffix(".py") else { continue }
            // A sentence may be written in two pieces.
            texts[path] = tree.text(at: path)?.split(separator: "\n")
                .map { $0.drop { $0 == " " } }.joined(separator: "\n")
                .replacing("\"\n+ \"", with: "")
        }
        #expect(ArticleRule.broken(references, among: texts) == [])
    }

    @Test("A planted reference to a test that is not there is found")
    func planted() {
        let article = """
            | what | test |
            | A | `RaftTests/PaperTests`: "A leader leads"; `RaftTests/PaperTests`: "Gone" |
            | B | `Processes/test_a.py` `test_one`, `test_two` |
            | Raft 5.1 | Terms grow | `RaftTests/PaperTests` |
            | Raft 9.9 | Terms grow | `RaftTests/PaperTests` |
            """
        let references = ArticleRule.references(in: article)
        #expect(references.count == 8)
        let texts = [
            "Tests/RaftTests/PaperTests.swift":
                "@Test(\"A leader leads\") @Test(\"Terms grow (Raft 5.1)\")",
            "Tests/Processes/test_a.py": "def test_one():",
        ]
        #expect(
            ArticleRule.broken(references, among: texts).map(\.text) == [
                "Gone", "def test_two(", "(Raft 9.9)",
            ])
    }
}
