/// The targets that Package.swift declares. Read from its words, because asking the package
/// manager from inside its own tests would wait for the lock that the tests hold.
struct Manifest: Sendable {
    /// A target with the modules that it may import.
    struct Target: Hashable, Sendable {
        let name: String
        /// Our own targets and the products of packages.
        let dependencies: Set<String>
    }

    let targets: [String: Target]

    private static let declarations: Set<String> = [
        "room", "tests", "target", "executableTarget", "testTarget", "systemLibrary",
    ]

    init(text: String) {
        let code = Lexer.tokens(of: text).filter { !$0.isComment }
        let constants = Self.constants(in: code)
        var targets: [String: Target] = [:]
        for index in code.indices where Self.declarations.contains(code[index].text) {
            guard index == 0 || !code[index - 1].isWord("func"), index + 1 < code.count,
                code[index + 1].isMark("(")
            else { continue }
            let inside = Self.group(in: code, openedAt: index + 1)
            guard let name = Self.name(in: inside) else { continue }
            targets[name] = Target(
                name: name,
                dependencies: Self.dependencies(in: inside, named: name, constants))
        }
        self.targets = targets
    }

    /// The words between the bracket at `index` and its partner.
    private static func group(in code: [Token], openedAt index: Int) -> ArraySlice<Token> {
        var depth = 0
        for position in index..<code.count {
            if "([".contains(code[position].text), code[position].kind == .mark { depth += 1 }
            if ")]".contains(code[position].text), code[position].kind == .mark { depth -= 1 }
            if depth == 0 { return code[(index + 1)..<position] }
        }
        return code[code.endIndex...]
    }

    private static func name(in inside: ArraySlice<Token>) -> String? {
        let words = Array(inside.prefix(3))
        if words.first?.kind == .string { return words.first?.text }
        guard words.count == 3, words[0].isWord("name"), words[2].kind == .string else {
            return nil
        }
        return words[2].text
    }

    /// `let name = …` of the manifest that stand for dependencies.
    private static func constants(in code: [Token]) -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        for index in code.indices where code[index].isWord("let") && index + 2 < code.count {
            let end = code[(index + 1)...].firstIndex { $0.isWord("let") || $0.isWord("func") }
            found[code[index + 1].text] = products(in: code[(index + 1)..<(end ?? code.endIndex)])
        }
        return found
    }

    private static func products(in words: ArraySlice<Token>) -> Set<String> {
        var found: Set<String> = []
        for index in words.indices
        where words[index].isWord("product") && index + 4 < words.endIndex {
            if words[index + 2].isWord("name") { found.insert(words[index + 4].text) }
        }
        return found
    }

    /// What a declaration depends on: the strings of its first bracket that no other label names,
    /// the products in it, and the constants.
    private static func dependencies(
        in inside: ArraySlice<Token>, named name: String, _ constants: [String: Set<String>]
    ) -> Set<String> {
        var found = products(in: inside)
        var label = ""
        var index = inside.startIndex
        while index < inside.endIndex {
            let token = inside[index]
            let isLabel =
                token.kind == .word && index + 1 < inside.endIndex && inside[index + 1].isMark(":")
            if isLabel { label = token.text }
            if token.isMark("(") || (token.isMark("[") && !(label == "" || label == "dependencies"))
            {
                index += group(in: Array(inside), openedAt: index - inside.startIndex).count + 2
                continue
            }
            if label == "" || label == "dependencies" || label == "name" {
                if token.kind == .string, token.text != name { found.insert(token.text) }
                if token.kind == .word, let more = constants[token.text] { found.formUnion(more) }
            }
            index += 1
        }
        return found
    }
}
