/// A word of a Swift source: what the rules look at, so that no rule is fooled by a comment or a
/// string.
struct Token: Hashable, Sendable {
    /// What a word is.
    enum Kind: Hashable, Sendable {
        /// A name or a keyword; an attribute or directive with its `@` or `#`; a name in backticks
        /// with them.
        case word
        case number
        /// A literal's text, without what is interpolated, which follows as words of its own.
        case string
        /// The text after `//`, or all of a block comment.
        case comment
        /// The text after `///`.
        case documentation
        /// One byte of punctuation.
        case mark
    }

    let kind: Kind
    let text: String
    /// From 1.
    let line: Int
    let isAfterSpace: Bool
    let isFirstOnLine: Bool

    /// Whether this is the mark `text`.
    func isMark(_ text: String) -> Bool { kind == .mark && self.text == text }

    /// Whether this is the word `text`.
    func isWord(_ text: String) -> Bool { kind == .word && self.text == text }

    /// Whether this is a comment of either kind.
    var isComment: Bool { kind == .comment || kind == .documentation }
}
