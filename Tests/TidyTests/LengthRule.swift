/// How long files, functions and lines may be,.
enum LengthRule {
    static let fileLinesMax = 500
    static let functionLinesMax = 70
    static let lineCharactersMax = 100

    /// What is too long in `file`.
    static func excesses(in file: SourceFile) -> [Excess] {
        var found: [Excess] = []
        if file.lineCount > fileLinesMax {
            found.append(Excess(path: file.path, what: "file", measure: file.lineCount))
        }
        let longLines = file.lines.count { $0.count > lineCharactersMax && !isTableRow($0) }
        if longLines > 0 {
            found.append(Excess(path: file.path, what: "longLines", measure: longLines))
        }
        let functions = functions(of: file).filter { $0.lines > functionLinesMax }
        for (name, same) in Dictionary(grouping: functions, by: \.name) {
            let longest = same.map(\.lines).max() ?? 0
            found.append(Excess(path: file.path, what: name, measure: longest))
        }
        return found.sorted()
    }

    /// A row of a table in a doc comment cannot be wrapped.
    private static func isTableRow(_ line: String) -> Bool {
        line.drop { $0 == " " }.hasPrefix("/// |")
    }

    /// The functions, initialisers and computed properties of `file` with their lines, from the
    /// declaration to the brace that closes the body.
    static func functions(of file: SourceFile) -> [(name: String, lines: Int)] {
        let code = file.code
        return code.indices.compactMap { index in
            let token = code[index]
            guard ["func", "init", "subscript", "var", "deinit"].contains(token.text),
                token.kind == .word, index + 1 < code.count,
                index == 0 || !code[index - 1].isMark(".")
            else { return nil }
            guard let open = bodyOpening(after: index, code), let close = closing(of: open, code)
            else { return nil }
            let isNamed = token.text == "func" || token.text == "var"
            let name = isNamed ? code[index + 1].text : token.text
            return (name, code[close].line - token.line + 1)
        }
    }

    private static let declarations: Set<String> = [
        "func", "init", "var", "let", "static", "mutating", "package", "private", "case", "struct",
        "enum", "subscript", "typealias", "associatedtype", "final", "extension", "return",
    ]

    private static func bodyOpening(after index: Int, _ code: [Token]) -> Int? {
        var depth = 0
        for position in (index + 1)..<code.count {
            let token = code[position]
            if token.isMark("(") || token.isMark("[") { depth += 1 }
            if token.isMark(")") || token.isMark("]") { depth -= 1 }
            guard depth == 0 else {
                if depth < 0 { return nil }
                continue
            }
            if token.isMark("{") { return position }
            if token.isMark("}") { return nil }
            let endsStatement =
                token.isFirstOnLine
                && (code[index].isWord("var") || declarations.contains(token.text))
            if endsStatement || token.text.hasPrefix("@") && token.isFirstOnLine { return nil }
        }
        return nil
    }

    private static func closing(of open: Int, _ code: [Token]) -> Int? {
        var depth = 0
        for position in open..<code.count {
            if code[position].isMark("{") { depth += 1 }
            if code[position].isMark("}") { depth -= 1 }
            if depth == 0 { return position }
        }
        return nil
    }
}
