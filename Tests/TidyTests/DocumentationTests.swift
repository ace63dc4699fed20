import Testing

@Suite("Documentation")
struct DocumentationTests {
    @Test(
        "A planted silence is found",
        arguments: [
            "package struct A {}", "package var a: Int", "package init() { step() }",
            "// not for readers\npackage enum A {}", "/// B.\nstruct B {}\npackage func a() {}",
            "@inlinable package func a() {}", "package static let a = 1",
            "/// B.\nlet b = f(1)\npackage mutating func a() {}",
            "package init(a: Int) { self.a = a + 1 }", "package init() { self.a = b }",
            "/// B.\npackage let b: Int\n\npackage let a: Int",
        ])
    func plantedSilence(text: String) {
        let file = SourceFile(path: "Sources/Raft/A.swift", text: text)
        #expect(DocumentationRule.offences(in: file).count == 1)
    }

    @Test("What a protocol of ours documents need not be said again")
    func requirements() {
        let port = SourceFile(
            path: "Sources/Raft/Port.swift",
            text: "package protocol Port {\n/// Reads.\nfunc read() -> Int\nfunc close()\n}")
        let requirements = DocumentationRule.requirements(in: [port])
        #expect(requirements == ["read"])
        let file = SourceFile(
            path: "Sources/Raft/A.swift",
            text: "package func read() -> Int { 0 }\npackage func close() {}")
        let found = DocumentationRule.offences(in: file, requirements: requirements)
        #expect(found.map(\.line) == [2])
    }

    @Test("What is documented, inherited or an import is no offence")
    func innocents() {
        let text = """
            package import Identity
            /// A.
            package struct A {
                /// B.
                @discardableResult
                @available(*, deprecated)
                package mutating func b() {}
                package static func == (lhs: A, rhs: A) -> Bool { true }
                package func hash(into hasher: inout Hasher) {}
                let c = bundle.package
                /// B.
                package struct High {
                    package let rawValue: UInt64
                }
                /// The high half, and the low one.
                package let high: UInt64
                package let low: UInt64
                package init(high: UInt64, low: UInt64) {
                    self.high = high
                    self.low = low
                }
            }
            """
        let file = SourceFile(path: "Sources/Raft/A.swift", text: text)
        #expect(DocumentationRule.offences(in: file) == [])
    }
}
