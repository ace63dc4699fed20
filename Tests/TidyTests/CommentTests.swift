import Testing

@Suite("Comments")
struct CommentTests {
    @Test("No note to do something later, no code that is switched off")
    func repositoryComments() {
        #expect(SourceTree.repository.swift.flatMap(CommentRule.offences) == [])
    }

    @Test("The files in other languages hold no such note either")
    func otherLanguages() {
        let tree = SourceTree.repository
        let kinds = [
            ".c", ".cpp", ".h", ".proto", ".py", ".ts", ".tsx", ".css", ".mjs", ".bash", ".md",
        ]
        // The browser client's own checks look for the same notes.
        let paths = tree.paths.filter { path in
            (kinds.contains(where: path.hasSuffix) || path.hasPrefix("cluster/"))
                && path != "Sources/WebClient/checks.mjs"
        }
        #expect(paths.count > 20)
        let found = paths.flatMap { path in
            tree.text(at: path).map { CommentRule.notes(inText: $0, at: path) } ?? []
        }
        #expect(found == [])
    }

    @Test("A planted note is found", arguments: CommentRule.notes)
    func plantedNote(note: String) {
        let text = "let a = 1  // \(note): later"
        #expect(CommentRule.offences(in: SourceFile(path: "A.swift", text: text)).count == 1)
        #expect(CommentRule.notes(inText: "a\n# \(note) later", at: "a.py").map(\.line) == [2])
    }

    @Test(
        "Planted code is found",
        arguments: [
            "// let a = b", "// return step()", "// if a {", "// }", "// step();",
            "// replica.tick(now)",
            "// guard let a else { return }", "//    private var a = 0",
        ])
    func plantedCode(text: String) {
        #expect(CommentRule.offences(in: SourceFile(path: "A.swift", text: text)).count == 1)
    }

    @Test(
        "Sentences are no code",
        arguments: [
            "// The leader steps down (Raft 5.1)", "// Returns at once.", "// try again later",
            "// Let it go (it is old)", "// SAFETY: `a[0]` exists", "let a = \"// let b = c\"",
            "/// let a = b", "// import order matters",
        ])
    func innocents(text: String) {
        #expect(CommentRule.offences(in: SourceFile(path: "A.swift", text: text)) == [])
    }
}
