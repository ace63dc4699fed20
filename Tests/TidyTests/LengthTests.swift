import Testing

@Suite("Lengths")
struct LengthTests {
    private func file(_ text: String) -> SourceFile {
        SourceFile(path: "Sources/Raft/A.swift", text: text)
    }

    @Test("A file, a function and a line are too long one step beyond the limit")
    func limits() {
        let short = "let a = 1\n"
        #expect(LengthRule.excesses(in: file(String(repeating: short, count: 500))) == [])
        #expect(
            LengthRule.excesses(in: file(String(repeating: short, count: 501))).map(\.measure) == [
                501
            ])
        let body = { String(repeating: "step()\n", count: $0) }
        let long = "struct A {\nfunc a(b: () -> Void = {}) -> Int {\n\(body(69))}\n}"
        #expect(
            LengthRule.excesses(in: file(long)).map(\.description) == ["Sources/Raft/A.swift a 71"])
        #expect(LengthRule.excesses(in: file("func a() {\n\(body(68))}")) == [])
        #expect(LengthRule.excesses(in: file("init() {\n\(body(70))}")).map(\.what) == ["init"])
        #expect(LengthRule.excesses(in: file("var a: Int {\n\(body(70))}")).map(\.what) == ["a"])
        let line = String(repeating: "a", count: 100)
        #expect(LengthRule.excesses(in: file(line)) == [])
        #expect(LengthRule.excesses(in: file("/// | " + line)) == [])
        #expect(LengthRule.excesses(in: file(line + "a")).map(\.what) == ["longLines"])
    }

    @Test("A requirement of a protocol has no body, a stored property has none either")
    func noBody() {
        let text = """
            protocol A {
                func a() -> Int
                var b: Int { get }
            }
            struct B {
                var c: Int
                func d() { "}" }
            }
            """
        #expect(LengthRule.functions(of: file(text)).map(\.name) == ["b", "d"])
    }
}
