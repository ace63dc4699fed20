/// What the language offers and we do not take: what traps, what escapes the checks of
/// concurrency, what is visible to everyone.
enum LanguageRule {
    /// The rooms at a C boundary, where an exception may stand with a `// SAFETY:` line above it.
    static let rooms: Set<String> = ["RocksStore", "Compression", "Seal", "CWebAssets"]

    /// How far above an exception its `// SAFETY:` line may be.
    static let safetyDistanceLinesMax = 8

    private static let bannedWords: Set<String> = [
        "fatalError", "unowned", "unsafeBitCast",
    ]
    private static let access: Set<String> = ["public", "open"]
    private static let declarations: Set<String> = [
        "import", "struct", "class", "enum", "protocol", "actor", "extension", "func", "var", "let",
        "init", "subscript", "typealias", "static", "final", "private", "override", "mutating",
    ]

    /// The offences of one file.
    static func offences(in file: SourceFile) -> [Offence] {
        let isBoundary = SourceTree.target(of: file.path).map(rooms.contains) ?? false
        return file.code.indices.compactMap { index in
            guard let text = offence(at: index, file.code) else { return nil }
            let token = file.code[index]
            guard isBoundary, text != visibility else { return Offence(file, token, text) }
            return isExplained(token.line, in: file)
                ? nil : Offence(file, token, "\(text), without a SAFETY line")
        }
    }

    /// Lines of a file in C or C++ that handle raw memory without a `// SAFETY:` line above them.
    static func unexplainedMemory(inText text: String, at path: String) -> [Offence] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.compactMap { index in
            let calls = ["reinterpret_cast<", "const_cast<", "memcpy(", "memset(", "memcmp("]
            guard calls.contains(where: lines[index].contains),
                !lines[index].contains("CRYPTO_memcmp(")
            else { return nil }
            let above = lines[max(0, index - safetyDistanceLinesMax)...index]
            return above.contains { $0.contains("// SAFETY:") }
                ? nil
                : Offence(path: path, line: index + 1, text: "raw memory without a SAFETY line")
        }
    }

    private static let visibility = "we ship an executable: nothing is public"

    private static func offence(at index: Int, _ code: [Token]) -> String? {
        let token = code[index]
        let previous = index > 0 ? code[index - 1] : nil
        let next = index + 1 < code.count ? code[index + 1] : nil
        if token.isMark("!") {
            return isPostfix(token, previous, next) ? "`!` traps" : nil
        }
        guard token.kind == .word, previous?.isMark(".") != true else { return nil }
        if bannedWords.contains(token.text) { return "\(token.text) traps or dangles" }
        if token.isWord("@unchecked") { return "@unchecked is not checked" }
        if token.isWord("nonisolated"), next?.isMark("(") == true,
            index + 2 < code.count, code[index + 2].isWord("unsafe")
        {
            return "nonisolated(unsafe) is not checked"
        }
        if access.contains(token.text), let next, declarations.contains(next.text) {
            return visibility
        }
        return nil
    }

    /// Whether a `!` belongs to what stands before it: `value!`, `try!`, `as!`, `Type!`.
    private static func isPostfix(_ token: Token, _ previous: Token?, _ next: Token?) -> Bool {
        guard let previous, !token.isAfterSpace else { return false }
        if let next, next.isMark("="), !next.isAfterSpace { return false }
        switch previous.kind {
        case .word, .number, .string: return true
        case .mark: return [")", "]", "}", ">", "?", "!"].contains(previous.text)
        case .comment, .documentation: return false
        }
    }

    private static func isExplained(_ line: Int, in file: SourceFile) -> Bool {
        file.tokens.contains { token in
            token.isComment && token.text.contains("SAFETY:")
                && (line - safetyDistanceLinesMax...line).contains(token.line)
        }
    }
}
