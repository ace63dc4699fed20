import Testing

@Suite("Probes")
struct ProbeTests {
    private static let folder = "Sources/Determinism/"

    private var rooms: [SourceFile] {
        SourceTree.repository.swift.filter {
            $0.path.hasPrefix("Sources/") && !$0.path.hasPrefix(Self.folder)
        }
    }

    @Test(
        "Every mark is hit, every perturbation fires and every canary lives somewhere in the code",
        arguments: [("Mark", "hit", 90), ("Perturbation", "fires", 16), ("Canary", "lives", 18)])
    func probesAreUsed(type: String, use: String, countMin: Int) throws {
        let text = try #require(SourceTree.repository.text(at: Self.folder + type + ".swift"))
        #expect(ProbeRule.probes(in: text).count >= countMin)
        #expect(ProbeRule.unused(type, declaredIn: text, use: use, in: rooms) == [])
    }

    @Test("Every mark names a test that explains it, and that test is there")
    func marksAreExplained() throws {
        let tree = SourceTree.repository
        let text = try #require(tree.text(at: Self.folder + "Mark.swift"))
        let unexplained = ProbeRule.unexplained(in: text) { name in
            tree.text(at: "Tests/\(name).swift") ?? tree.text(at: "Tests/\(name).json")
        }
        #expect(unexplained == [])
    }

    @Test("A mark that nobody hits, and one whose test is not there, are found")
    func plantedMarks() {
        let text = """
            enum Mark {
                /// A; `RoomTests/Tests`, "What must
                /// hold".
                case used
                /// B; `RoomTests/Tests`, "What nobody tests".
                case unused
                /// C.
                case silent
            }
            """
        let file = SourceFile(
            path: "Sources/Room/A.swift", text: "if a { Mark.used.hit() }; Mark.silent.hit()")
        let tests = "@Test(\n    \"What must hold\", arguments: [1])"
        #expect(
            ProbeRule.unused("Mark", declaredIn: text, use: "hit", in: [file]) == ["unused"])
        #expect(
            ProbeRule.unexplained(in: text) { $0 == "RoomTests/Tests" ? tests : nil } == [
                "unused", "silent",
            ])
    }
}
