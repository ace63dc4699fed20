import Testing

@Suite("Language")
struct LanguageTests {
    @Test("Nothing traps, dangles, escapes the checks or is public without a reason beside it")
    func repositoryLanguage() {
        #expect(SourceTree.repository.swift.flatMap(LanguageRule.offences) == [])
    }

    @Test("A file that calls C with pointers says why that is safe")
    func pointersAreExplained() {
        let offenders = SourceTree.repository.swift.filter(Self.lacksSafety).map(\.path)
        #expect(offenders == [])
    }

    private static func lacksSafety(_ file: SourceFile) -> Bool {
        let callsC = ImportRule.imports(of: file).contains {
            [
                "CRocksDB", "CLZ4", "COpenSSL", "CEncryptedEnv", "CWebAssets", "CProbes",
            ].contains($0.module)
        }
        let usesPointers = file.code.contains {
            $0.kind == .word && ($0.text.hasPrefix("Unsafe") || $0.text.hasPrefix("withUnsafe"))
        }
        return callsC && usesPointers
            && !file.tokens.contains { $0.isComment && $0.text.contains("SAFETY:") }
    }

    @Test("C and C++ say why what they do with raw memory is safe")
    func rawMemoryIsExplained() {
        let tree = SourceTree.repository
        let paths = tree.paths.filter { $0.hasSuffix(".c") || $0.hasSuffix(".cpp") }
        #expect(paths.count >= 2)
        let found = paths.flatMap { path in
            tree.text(at: path).map { LanguageRule.unexplainedMemory(inText: $0, at: path) } ?? []
        }
        #expect(found == [])
    }

    @Test("Planted raw memory is found, and a SAFETY line above it excuses it")
    func plantedMemory() {
        let line = "std::memcpy(a, b, 4);"
        #expect(
            LanguageRule.unexplainedMemory(inText: "int a;\n" + line, at: "a.cpp").map(\.line) == [
                2
            ])
        let explained = "// SAFETY: both have four bytes.\n" + line
        #expect(LanguageRule.unexplainedMemory(inText: explained, at: "a.cpp") == [])
    }

    @Test("A file that calls C with pointers and is silent is found")
    func plantedPointers() {
        let text = "import CLZ4\nbytes.withUnsafeBytes { LZ4_compress($0) }"
        let silent = SourceFile(path: "Sources/Compression/A.swift", text: text)
        let explained = SourceFile(
            path: "Sources/Compression/A.swift", text: "// SAFETY: it is read only.\n" + text)
        #expect(Self.lacksSafety(silent))
        #expect(!Self.lacksSafety(explained))
    }

    @Test(
        "A planted offence is found",
        arguments: [
            "let a = b!", "let a = b[0]!.c", "f()!", "let a: Int!", "try! f()", "a as! B",
            "let a = \"\\(b!)\"", "fatalError()", "unowned let a: B",
            "final class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 0",
            "public struct A {}", "open class A {}", "public import Raft",
        ])
    func plantedOffence(text: String) {
        #expect(
            LanguageRule.offences(in: SourceFile(path: "Sources/Raft/A.swift", text: text)).count
                == 1)
    }

    @Test("At a C boundary an exception needs a SAFETY line, and is never public")
    func boundary() {
        let path = "Sources/RocksStore/A.swift"
        let bare = SourceFile(path: path, text: "final class A: @unchecked Sendable {}")
        let explained = SourceFile(
            path: path, text: "// SAFETY: locked.\nfinal class A: @unchecked Sendable {}")
        let visible = SourceFile(path: path, text: "// SAFETY: locked.\npublic struct A {}")
        #expect(LanguageRule.offences(in: bare).count == 1)
        #expect(LanguageRule.offences(in: explained) == [])
        #expect(LanguageRule.offences(in: visible).count == 1)
    }

    @Test("Negation, inequality, enum cases and text are no offences")
    func innocents() {
        let text = """
            // try! and as! are spoken of; a public room
            if !isOpen, a != b, a!=b { return .public }
            let a = "b!"
            case `public`
            let kind: Kind = .open
            """
        #expect(
            LanguageRule.offences(in: SourceFile(path: "Sources/Raft/A.swift", text: text)) == [])
    }
}
