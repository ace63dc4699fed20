import Identity

/// What a script drives: the commands of one kind of scenario. A value, so that a script can go
/// back to an earlier point.
protocol Interpreter {
    /// Lines printed since they were last taken.
    var printed: [String] { get set }
    /// Whether messages are printed too.
    var isTracing: Bool { get set }

    init()

    /// Does what the command says; throws for one that it does not understand.
    mutating func perform(_ command: inout Command) throws(ScriptError)
}

/// A transcript being run: the words that every kind of scenario understands, and bookmarks.
struct Script<Subject: Interpreter> {
    private var subject = Subject()
    private var bookmarks: [String: Subject] = [:]

    /// Runs the commands of a block and returns what they print: `ok` when that is nothing. Throws
    /// with the line of the command that cannot be run.
    mutating func run(_ block: Transcript.Block) throws -> [String] {
        var output: [String] = []
        for (line, text) in block.commands {
            do {
                output += try run(text)
            } catch {
                throw ScriptFailure(line: line, reason: error.description)
            }
        }
        return output.isEmpty ? ["ok"] : output
    }

    private mutating func run(_ text: String) throws(ScriptError) -> [String] {
        var command = try Command(text)
        var isQuiet = false
        subject.isTracing = false
        while command.name == "quiet" || command.name == "trace" {
            if command.name == "quiet" { isQuiet = true } else { subject.isTracing = true }
            command = try command.takeRest()
        }
        switch command.name {
        case "bookmark":
            bookmarks[try command.takeWord("a name")] = subject
        case "return":
            let name = try command.takeWord("a name")
            guard let earlier = bookmarks[name] else { throw ScriptError("no bookmark \(name)") }
            subject = earlier
        default:
            try subject.perform(&command)
        }
        try command.finish()
        defer { subject.printed = [] }
        return isQuiet ? [] : subject.printed
    }
}

/// A command that cannot be run.
struct ScriptFailure: Error {
    /// The line of the file, from 1.
    let line: Int
    let reason: String
}

/// A way from one node to another.
struct Link: Hashable, Comparable {
    let from: UInt64
    let to: UInt64

    static func < (lhs: Link, rhs: Link) -> Bool { (lhs.from, lhs.to) < (rhs.from, rhs.to) }
}

extension Command {
    /// Words like `n1 -> n2,n3` (one way) or `n1 <-> n2` (both).
    mutating func takeLinks() throws(ScriptError) -> [Link] {
        let left = try takeNodes()
        let arrow = try takeWord("an arrow")
        let right = try takeNodes()
        guard arrow == "->" || arrow == "<->" else { throw ScriptError("\(arrow) is no arrow") }
        var links: [Link] = []
        for from in left {
            for to in right {
                links.append(Link(from: from.rawValue, to: to.rawValue))
                if arrow == "<->" { links.append(Link(from: to.rawValue, to: from.rawValue)) }
            }
        }
        return links
    }
}

extension String {
    /// Filled up with blanks to `width` characters.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
