import Determinism
import Identity

/// One line of a script: a name, words, and `key=value` pairs. Every word and pair must be taken,
/// so that a misspelt one is an error rather than ignored.
struct Command {
    /// What to do.
    let name: String
    private var words: [String] = []
    private var pairs: [(key: String, value: String)] = []

    /// Reads a line; an empty one is a mistake of the caller.
    init(_ line: String) throws(ScriptError) {
        var all = line.split(separator: " ").map(String.init)[...]
        guard let name = all.popFirst() else { throw ScriptError("an empty command") }
        self.name = name
        for word in all {
            if let sign = word.firstIndex(of: "="), sign > word.startIndex {
                pairs.append((String(word[..<sign]), String(word[word.index(after: sign)...])))
            } else {
                words.append(word)
            }
        }
    }

    // MARK: Taking

    /// The rest of the line as a command of its own, for words that go before another command.
    mutating func takeRest() throws(ScriptError) -> Command {
        let line = (words + pairs.map { "\($0.key)=\($0.value)" }).joined(separator: " ")
        (words, pairs) = ([], [])
        return try Command(line)
    }

    /// The next word, whatever it is.
    mutating func takeWord(_ what: String) throws(ScriptError) -> String {
        guard !words.isEmpty else { throw ScriptError("\(name) needs \(what)") }
        return words.removeFirst()
    }

    /// All words that are left.
    mutating func takeWords() -> [String] {
        defer { words = [] }
        return words
    }

    /// Whether `flag` is among the words.
    mutating func takeFlag(_ flag: String) -> Bool {
        guard let position = words.firstIndex(of: flag) else { return false }
        words.remove(at: position)
        return true
    }

    /// The next word as a node: `n3`.
    mutating func takeNode() throws(ScriptError) -> NodeID {
        try Self.node(try takeWord("a node"))
    }

    /// The next word as one node or several: `n1,n3`.
    mutating func takeNodes() throws(ScriptError) -> [NodeID] {
        try Self.nodes(try takeWord("nodes"))
    }

    /// The next word as a length of time: `200ms` or `3s`.
    mutating func takeInterval() throws(ScriptError) -> Interval {
        try Self.interval(try takeWord("a length of time"))
    }

    /// The value of `key`; nil when it is not given.
    mutating func take(_ key: String) -> String? {
        guard let position = pairs.firstIndex(where: { $0.key == key }) else { return nil }
        return pairs.remove(at: position).value
    }

    /// The value of `key` as a number.
    mutating func takeNumber(_ key: String) throws(ScriptError) -> UInt64? {
        guard let text = take(key) else { return nil }
        return try Self.number(text)
    }

    /// The value of `key` as nodes.
    mutating func takeNodes(_ key: String) throws(ScriptError) -> [NodeID]? {
        guard let text = take(key) else { return nil }
        return try Self.nodes(text)
    }

    /// Throws when something is left that nobody took.
    func finish() throws(ScriptError) {
        if let word = words.first { throw ScriptError("\(name) does not know \(word)") }
        if let pair = pairs.first { throw ScriptError("\(name) does not know \(pair.key)=") }
    }

    // MARK: Reading

    static func number(_ text: String) throws(ScriptError) -> UInt64 {
        guard let number = UInt64(text) else { throw ScriptError("\(text) is no number") }
        return number
    }

    static func node(_ text: String) throws(ScriptError) -> NodeID {
        guard text.hasPrefix("n"), let number = UInt64(text.dropFirst()), number > 0 else {
            throw ScriptError("\(text) is no node; nodes are n1, n2…")
        }
        return NodeID(number)
    }

    static func nodes(_ text: String) throws(ScriptError) -> [NodeID] {
        var found: [NodeID] = []
        for part in text.split(separator: ",") { found.append(try node(String(part))) }
        return found
    }

    static func interval(_ text: String) throws(ScriptError) -> Interval {
        if text.hasSuffix("ms") { return .milliseconds(try number(String(text.dropLast(2)))) }
        guard text.hasSuffix("s") else { throw ScriptError("\(text) is no time; 200ms or 3s is") }
        return .seconds(try number(String(text.dropLast())))
    }
}
