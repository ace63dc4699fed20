/// Comments are sentences: no notes to do something later, no code that is switched off.
enum CommentRule {
    /// Put together here so that this file is not an offence itself.
    static let notes = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]

    private static let keywords: Set<String> = [
        "let", "var", "func", "guard", "import", "return", "try", "await", "switch", "struct",
        "enum", "private", "package",
    ]

    /// The offences of one Swift file.
    static func offences(in file: SourceFile) -> [Offence] {
        file.tokens.filter(\.isComment).compactMap { token in
            if let note = notes.first(where: token.text.contains) {
                return Offence(file, token, "\(note) has no place on main")
            }
            guard token.kind == .comment, isCode(token.text) else { return nil }
            return Offence(file, token, "code that is switched off")
        }
    }

    /// Whether a comment reads like code: it ends like a statement and no sentence does.
    static func isCode(_ comment: String) -> Bool {
        let text = comment.drop { $0 == " " || $0 == "/" || $0 == "*" }
        guard let last = text.last(where: { $0 != " " }),
            let first = text.split(separator: " ").first
        else { return false }
        if text == "}" || last == "{" { return true }
        if last == ";", text.contains("(") || text.contains(" = ") { return true }
        let calls = last == ")" || last == "}" || last == "]"
        if keywords.contains(String(first)), calls || text.contains(" = ") { return true }
        return calls && isCall(text)
    }

    /// Whether all of `text` is one call: `name.name(…)`.
    private static func isCall(_ text: Substring) -> Bool {
        guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { return false }
        let name = text[..<open]
        return !name.isEmpty
            && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
    }

    /// The lines of a file in another language that hold a note.
    static func notes(inText text: String, at path: String) -> [Offence] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
            index, line in
            let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
            guard let note = notes.first(where: { words.contains(Substring($0)) }) else {
                return nil
            }
            return Offence(path: path, line: index + 1, text: "\(note) has no place on main")
        }
    }
}
