/// One Swift file: its path from the root of the repository, its lines and its words.
struct SourceFile: Sendable {
    let path: String
    let lines: [String]
    /// Every word, comments included.
    let tokens: [Token]
    /// Every word but comments.
    let code: [Token]

    init(path: String, text: String) {
        self.path = path
        self.lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        self.tokens = Lexer.tokens(of: text)
        self.code = tokens.filter { !$0.isComment }
    }

    /// How many lines the file has, the empty one after the last line break not counted.
    var lineCount: Int { lines.last == "" ? lines.count - 1 : lines.count }

    /// The code on `line`.
    func code(onLine line: Int) -> [Token] { code.filter { $0.line == line } }
}

/// A place where a rule is broken.
struct Offence: Hashable, Sendable, CustomStringConvertible {
    let path: String
    /// From 1.
    let line: Int
    let text: String

    var description: String { "\(path):\(line): \(text)" }
}

extension Offence {
    /// The offence at `token` of `file`.
    init(_ file: SourceFile, _ token: Token, _ text: String) {
        self.init(path: file.path, line: token.line, text: text)
    }
}
