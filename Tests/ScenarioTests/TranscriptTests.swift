import Testing

@Suite("Transcripts")
struct TranscriptTests {
    private static let text = """
        # A story (1.2).

        say one
        # an aside
        say two
        ----
        one
        two

        # In between.

        say three
        ----
        four

        """

    /// Prints what it is told.
    private struct Echo: Interpreter {
        var printed: [String] = []
        var isTracing = false

        mutating func perform(_ command: inout Command) throws(ScriptError) {
            guard command.name == "say" else { throw ScriptError("what is \(command.name)?") }
            printed.append(try command.takeWord("a word"))
            if let times = try command.takeNumber("times") { printed.append("\(times)") }
        }
    }

    private func run(_ text: String) throws -> [[String]] {
        var script = Script<Echo>()
        return try Transcript(text).blocks.map { try script.run($0) }
    }

    @Test("A difference names the line of the file, and what was expected and printed there")
    func findsDifference() throws {
        let transcript = try Transcript(Self.text)
        let outputs = try run(Self.text)
        #expect(Difference(transcript.blocks[0], printed: outputs[0]) == nil)
        let difference = try #require(Difference(transcript.blocks[1], printed: outputs[1]))
        #expect(difference.line == 14)
        #expect(difference.description == "expected: four\n printed: three")
    }

    @Test("Too few lines and too many are differences")
    func findsLength() throws {
        let block = try Transcript(Self.text).blocks[0]
        #expect(Difference(block, printed: ["one"])?.line == 8)
        #expect(Difference(block, printed: ["one", "two", "three"])?.line == 9)
        #expect(Difference(block, printed: [])?.line == 7)
    }

    @Test("Rewriting changes what is below the rules and nothing else; twice is once")
    func rewrites() throws {
        let transcript = try Transcript(Self.text)
        let written = transcript.text(printing: try run(Self.text))
        #expect(written == Self.text.replacing("four", with: "three"))
        let again = try Transcript(written).text(printing: try run(written))
        #expect(again == written)
    }

    @Test("A block without a rule gets one")
    func addsRule() throws {
        let transcript = try Transcript("# A story (1).\n\nsay one")
        #expect(
            transcript.text(printing: [["one"]]) == "# A story (1).\n\nsay one\n----\none\n")
    }

    @Test("A command, word or option that nobody knows stops the script at its line")
    func refusesUnknown() throws {
        for line in ["shout one", "say one two", "say one loud=1", "say", "say one times=x"] {
            let text = "# A story (1).\n\nsay zero\n\(line)\n----\nok\n"
            let failure = #expect(throws: ScriptFailure.self) { _ = try run(text) }
            #expect(failure?.line == 4)
        }
    }

    @Test("A transcript without a story and its source is none")
    func needsStory() {
        for text in ["", "say one\n", "# A story without a source.\n"] {
            #expect(throws: ScriptError.self) { _ = try Transcript(text) }
        }
    }

    @Test("Quiet commands print nothing, and a bookmark brings an earlier state back")
    func goesBack() throws {
        var script = Script<RaftScenario>()
        let transcript = try Transcript(
            """
            # A story (1).

            quiet group voters=n1
            quiet campaign n1
            bookmark before
            quiet propose n1 a
            words
            return before
            words
            ----
            """)
        #expect(try script.run(transcript.blocks[0]) == ["n1  a", "n1  -"])
    }
}
