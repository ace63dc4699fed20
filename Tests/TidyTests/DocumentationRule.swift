/// Everything that siblings may use says what it is. (swift-format's own rule looks at `public`.)
enum DocumentationRule {
    private static let modifiers: Set<String> = [
        "static", "final", "mutating", "nonmutating", "borrowing", "consuming", "indirect", "lazy",
        "override", "convenience", "nonisolated",
    ]
    /// What a protocol of the standard library documents already.
    private static let inherited: Set<String> = ["hash", "description", "debugDescription", "next"]
    private static let operators: Set<String> = ["=", "<", ">", "+", "-", "*", "/", "^", "&", "|"]

    /// Declarations marked `package` that no doc comment stands above. Not needed: what a protocol
    /// documents already (`requirements` are the names in ours), an initialiser that only stores
    /// its parameters, and a property in a row right below one comment or below the first line of
    /// its type.
    static func offences(
        in file: SourceFile, requirements: Set<String> = []
    ) -> [Offence] {
        let tokens = file.tokens
        return tokens.indices.compactMap { index in
            guard tokens[index].isWord("package"), index + 2 < tokens.count,
                tokens[index + 1].kind == .word, !tokens[index + 1].isWord("import"),
                index == 0 || !tokens[index - 1].isMark(".")
            else { return nil }
            guard !isInherited(index, tokens, requirements), !isDocumented(index, tokens),
                !isMemberwise(index, tokens), !isInRow(index, tokens)
            else { return nil }
            let name = tokens[(index + 1)...].prefix(3).map(\.text).joined(separator: " ")
            return Offence(file, tokens[index], "no doc comment: package \(name)")
        }
    }

    /// The names of what the protocols in `files` require with a doc comment.
    static func requirements(in files: [SourceFile]) -> Set<String> {
        var found: Set<String> = []
        for file in files {
            let tokens = file.tokens
            for start in tokens.indices where tokens[start].isWord("protocol") {
                guard let open = tokens[start...].firstIndex(where: { $0.isMark("{") }) else {
                    continue
                }
                var depth = 0
                for index in open..<tokens.count {
                    if tokens[index].isMark("{") { depth += 1 }
                    if tokens[index].isMark("}") { depth -= 1 }
                    if depth == 0 { break }
                    let names = tokens[index].isWord("func") || tokens[index].isWord("var")
                    if names, isDocumented(index, tokens) { found.insert(tokens[index + 1].text) }
                }
            }
        }
        return found
    }

    private static func isInherited(
        _ index: Int, _ tokens: [Token], _ requirements: Set<String>
    ) -> Bool {
        let words = tokens[index...].prefix(6)
        guard let keyword = words.firstIndex(where: { $0.isWord("func") || $0.isWord("var") }),
            tokens[keyword].line == tokens[index].line, keyword + 1 < tokens.count
        else { return false }
        let name = tokens[keyword + 1]
        return inherited.contains(name.text) || requirements.contains(name.text)
            || name.kind == .mark && operators.contains(name.text)
    }

    /// Whether the declaration at `index` is an initialiser whose body only stores parameters under
    /// their own names.
    private static func isMemberwise(_ index: Int, _ tokens: [Token]) -> Bool {
        guard tokens[index + 1].isWord("init"),
            let open = tokens[index...].firstIndex(where: { $0.isMark("{") })
        else { return false }
        var position = open + 1
        while position + 4 < tokens.count, tokens[position].isWord("self") {
            guard tokens[position + 1].isMark("."), tokens[position + 3].isMark("="),
                tokens[position + 2].text == tokens[position + 4].text
            else { return false }
            position += 5
        }
        return position < tokens.count && tokens[position].isMark("}")
    }

    /// Whether the declaration at `index` is a property right below another property's line that is
    /// documented or in such a row itself.
    private static func isInRow(_ index: Int, _ tokens: [Token]) -> Bool {
        guard isProperty(index, tokens) else { return false }
        let above = tokens[..<index].lastIndex { $0.isWord("package") && $0.isFirstOnLine }
        guard let above, index > 0, tokens[index - 1].line == tokens[index].line - 1 else {
            return false
        }
        if tokens[index - 1].isMark("{") {
            return tokens[above].line == tokens[index].line - 1 && isDocumented(above, tokens)
        }
        guard tokens[above].line == tokens[index].line - 1, isProperty(above, tokens) else {
            return false
        }
        return isDocumented(above, tokens) || isInRow(above, tokens)
    }

    private static func isProperty(_ index: Int, _ tokens: [Token]) -> Bool {
        tokens[index...].prefix(6).contains { token in
            token.line == tokens[index].line && (token.isWord("let") || token.isWord("var"))
        }
    }

    /// Whether a doc comment stands above the modifiers and attributes before `index`.
    private static func isDocumented(_ index: Int, _ tokens: [Token]) -> Bool {
        var position = index - 1
        while position >= 0 {
            let token = tokens[position]
            if token.kind == .documentation { return true }
            if token.kind == .word, modifiers.contains(token.text) || token.text.hasPrefix("@") {
                position -= 1
            } else if token.isMark(")"), let open = attributeOpening(position, tokens) {
                position = open - 1
            } else if token.kind == .comment {
                position -= 1
            } else {
                return false
            }
        }
        return false
    }

    /// The index of the attribute whose arguments end at `index`, or nil when they are no
    /// attribute's.
    private static func attributeOpening(_ index: Int, _ tokens: [Token]) -> Int? {
        var depth = 0
        for position in stride(from: index, through: 1, by: -1) {
            if tokens[position].isMark(")") { depth += 1 }
            if tokens[position].isMark("(") { depth -= 1 }
            if depth == 0 {
                return tokens[position - 1].text.hasPrefix("@") ? position - 1 : nil
            }
        }
        return nil
    }
}
