/// How long files, functions and lines may be, and the record of what is longer already.
enum LengthRule {
    static let fileLinesMax = 500
    static let functionLinesMax = 70
    static let lineCharactersMax = 100

    /// Something over a limit. Its measure is lines, or for `longLines` how many lines are too long.
    struct Excess: Hashable, Sendable, Comparable, CustomStringConvertible {
        let path: String
        /// `file`, `longLines` or a function's name.
        let what: String
        let measure: Int

        var description: String { "\(path) \(what) \(measure)" }

        static func < (lhs: Excess, rhs: Excess) -> Bool {
            (lhs.path, lhs.what, lhs.measure) < (rhs.path, rhs.what, rhs.measure)
        }
    }

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

/// The record of what was too long when the limits came: it may shrink and never grow.
struct Ratchet: Sendable {
    /// Where the record is, from the root.
    static let path = "Tests/TidyTests/Ratchet.txt"

    let recorded: [LengthRule.Excess]

    /// Reads lines of `path what measure`; `#` begins a comment. A line of another shape is nil.
    init?(text: String) {
        var recorded: [LengthRule.Excess] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            guard parts.count == 3, let measure = Int(parts[2]) else { return nil }
            recorded.append(
                LengthRule.Excess(path: String(parts[0]), what: String(parts[1]), measure: measure))
        }
        self.recorded = recorded
    }

    /// What is longer than recorded, and records that are no longer needed or a tenth above the
    /// truth.
    func offences(of found: [LengthRule.Excess]) -> [String] {
        var offences: [String] = []
        for excess in found {
            let limit = recorded.first { $0.path == excess.path && $0.what == excess.what }?.measure
            guard let limit else {
                offences.append("too long: \(excess)")
                continue
            }
            if excess.measure > limit { offences.append("grew from \(limit): \(excess)") }
            if excess.measure * 11 < limit * 10 {
                offences.append("lower the record to: \(excess)")
            }
        }
        for record in recorded
        where !found.contains(where: { $0.path == record.path && $0.what == record.what }) {
            offences.append("remove the record: \(record)")
        }
        return offences
    }
}
