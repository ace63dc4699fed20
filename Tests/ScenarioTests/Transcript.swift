/// A script whose printed state is the assertion: comments, and blocks of commands above a rule
/// with what they print below it.
///
/// ```
/// # One sentence that tells the story (paper and section).
///
/// campaign n1
/// settle
/// ----
/// n1 preCandidate term 0
/// …
/// ```
///
/// A block ends at the first empty line, so what is printed has none. A line that begins with `#`
/// is a comment, except below the rule.
struct Transcript {
    /// Commands, and what they are to print.
    struct Block {
        /// The commands with the numbers of their lines, from 1.
        let commands: [(line: Int, text: String)]
        /// The line of the rule, or where it will be.
        let ruleLine: Int
        /// What was printed when the file was last written.
        let expected: [String]
        /// The lines above the rule, comments included.
        let source: [String]
    }

    private enum Part {
        case lines([String])
        case block(Block)
    }

    /// What separates commands from what they print.
    static let rule = "----"

    private let parts: [Part]

    /// The first line without its mark.
    let story: String

    /// The blocks in order.
    var blocks: [Block] {
        parts.compactMap { part in
            guard case .block(let block) = part else { return nil }
            return block
        }
    }

    /// Reads a transcript; any text is one, but its first line must be a comment that tells the
    /// story and names a source in parentheses.
    init(_ text: String) throws(ScriptError) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last == "" { lines.removeLast() }
        guard let first = lines.first, first.hasPrefix("# "), first.hasSuffix(")."),
            first.contains("(")
        else { throw ScriptError("the first line tells the story and its source: # Story (5.1).") }
        story = String(first.dropFirst(2))
        var parts: [Part] = []
        var position = 0
        while position < lines.count {
            let start = position
            if Self.isAside(lines[position]) {
                while position < lines.count, Self.isAside(lines[position]) { position += 1 }
                parts.append(.lines(Array(lines[start..<position])))
                continue
            }
            while position < lines.count, !lines[position].isEmpty, lines[position] != Self.rule {
                position += 1
            }
            let source = Array(lines[start..<position])
            let ruleLine = position + 1
            var expected: [String] = []
            if position < lines.count, lines[position] == Self.rule {
                position += 1
                let outputStart = position
                while position < lines.count, !lines[position].isEmpty { position += 1 }
                expected = Array(lines[outputStart..<position])
            }
            let commands = source.enumerated().filter { !$0.element.hasPrefix("#") }
                .map { (line: start + $0.offset + 1, text: $0.element) }
            parts.append(
                .block(
                    Block(
                        commands: commands, ruleLine: ruleLine, expected: expected, source: source))
            )
        }
        self.parts = parts
    }

    /// The text of the transcript with `outputs`, one for each block, in the place of what it
    /// expected.
    func text(printing outputs: [[String]]) -> String {
        var rest = outputs[...]
        var lines: [String] = []
        for part in parts {
            switch part {
            case .lines(let aside): lines += aside
            case .block(let block):
                lines += block.source + [Self.rule] + (rest.popFirst() ?? block.expected)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func isAside(_ line: String) -> Bool { line.isEmpty || line.hasPrefix("#") }
}

/// Why a script cannot be run.
struct ScriptError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Where a transcript and the code disagree.
struct Difference: CustomStringConvertible {
    /// The line of the file, from 1.
    let line: Int
    let description: String

    /// The first line in which `printed` is not what `block` expects; nil when all is as expected.
    init?(_ block: Transcript.Block, printed: [String]) {
        guard block.expected != printed else { return nil }
        let same = zip(block.expected, printed).prefix { $0 == $1 }.count
        line = block.ruleLine + 1 + same
        let expected = same < block.expected.count ? block.expected[same] : "nothing more"
        let found = same < printed.count ? printed[same] : "nothing more"
        description = "expected: \(expected)\n printed: \(found)"
    }
}
