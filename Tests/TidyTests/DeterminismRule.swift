/// What would make a core differ between two runs of one seed: ambient time, randomness and order,
/// concurrency, floating point.
enum DeterminismRule {
    /// A use that looks like an offence and is none.
    struct Exception: Hashable, Sendable {
        let path: String
        /// The word that the rule finds there.
        let word: String
        let reason: String
    }

    /// The rooms that the rule holds for.
    static let rooms = ImportRule.pure

    /// What is allowed all the same.
    static let exceptions: [Exception] = [
        Exception(
            path: "Sources/Wire/JoinMessage.swift", word: "keys",
            reason: "a list of gossip keys, not the keys of a dictionary"),
        Exception(
            path: "Sources/Node/Interest.swift", word: "values",
            reason: "sets are united, which has no order"),
    ]

    private static let bannedWords: Set<String> = [
        // Time.
        "Date", "ContinuousClock", "SuspendingClock", "Clock", "NIODeadline", "DispatchTime",
        "DispatchWallTime", "clock_gettime", "gettimeofday", "mach_absolute_time", "Timer",
        "RunLoop",
        // Chance.
        "UUID", "SystemRandomNumberGenerator", "arc4random", "arc4random_uniform",
        "arc4random_buf", "getrandom", "drand48",
        // Order that depends on seeds and addresses.
        "hashValue", "ObjectIdentifier", "Unmanaged", "withUnsafePointer",
        "withUnsafeMutablePointer", "JSONEncoder", "JSONSerialization", "PropertyListEncoder",
        // Concurrency.
        "Task", "TaskGroup", "TaskLocal", "withTaskGroup", "withMainSerialExecutor", "async",
        "await", "@MainActor", "Thread", "DispatchQueue", "DispatchGroup", "DispatchSemaphore",
        "OperationQueue", "Mutex", "Atomic", "NIOLock", "NSLock", "pthread_create", "pthread_self",
        // Floating point.
        "Double", "Float", "Float16", "Float32", "Float64", "Float80", "CGFloat", "Decimal",
        // When memory goes is the optimiser's choice.
        "weak", "deinit",
        // The machine, its languages and its files.
        "ProcessInfo", "getenv", "setenv", "CommandLine", "FileManager", "sysconf", "Locale",
        "Calendar", "TimeZone", "NumberFormatter", "DateFormatter", "localizedCompare",
        "localizedStandardCompare", "localizedCaseInsensitiveCompare", "print",
    ]
    /// What of a dictionary or set depends on the order in which it is kept.
    private static let ordered: Set<String> = [
        "first", "popFirst", "removeFirst", "map", "compactMap", "flatMap", "forEach", "enumerated",
        "reduce", "prefix", "dropFirst", "description", "debugDescription", "makeIterator", "lazy",
        "joined", "elementsEqual", "starts", "startIndex", "reversed",
    ]
    private static let unlessSeeded: Set<String> = [
        "random", "shuffle", "shuffled", "randomElement",
    ]
    /// What may be asked of hashed keys, because its answer has no order.
    private static let orderless: Set<String> = [
        "count", "isEmpty", "contains", "allSatisfy", "max", "min",
    ]

    /// The offences of one file, exceptions left out. `hashed` are the names that the room declares
    /// as dictionaries or sets, `hashedEverywhere` those that every room does, for members of
    /// another room's values.
    static func offences(
        in file: SourceFile, hashed: Set<String>, hashedEverywhere: Set<String>? = nil,
        exceptions: [Exception] = exceptions
    ) -> [Offence] {
        // An invariant holds or traps, whatever the order in which its parts are looked at.
        guard !file.path.hasSuffix("+Invariants.swift") else { return [] }
        var found: [(String, Offence)] = []
        // A name that the file gives to something else too is left to the reader.
        let unclear = namesGiven(in: file).subtracting(hashedNames(in: [file]))
        let clear = hashed.subtracting(unclear)
        for index in file.code.indices {
            let token = file.code[index]
            guard token.kind == .word || token.kind == .number else { continue }
            if let text = offence(at: index, of: file) {
                found.append((token.text, Offence(file, token, text)))
            } else if let name = hashedLoop(
                at: index, of: file, own: hashed, others: hashedEverywhere ?? hashed)
            {
                found.append(
                    (name, Offence(file, token, "\(name) is hashed: sort what is iterated")))
            } else if let use = hashedUse(at: index, of: file, own: clear) {
                found.append((token.text, Offence(file, token, "\(token.text) is hashed: \(use)")))
            }
        }
        return found.filter { word, _ in
            !exceptions.contains { $0.path == file.path && $0.word == word }
        }.map(\.1)
    }

    private static func offence(at index: Int, of file: SourceFile) -> String? {
        let code = file.code
        let token = code[index]
        if token.kind == .number { return isFloating(token.text) ? "floating point" : nil }
        let isMember = index > 0 && code[index - 1].isMark(".")
        let isLabel = index + 1 < code.count && code[index + 1].isMark(":") && !isMember
        if bannedWords.contains(token.text), !isLabel {
            return "\(token.text) is not deterministic"
        }
        switch token.text {
        case "actor" where index + 2 < code.count && code[index + 1].kind == .word:
            let next = code[index + 1]
            return next.text.first?.isUppercase == true && next.line == token.line
                ? "an actor is not deterministic" : nil
        case "Hasher":
            return isConformance(index, code) ? nil : "Hasher is seeded anew in every process"
        case "keys" where isMember, "values" where isMember:
            return isOrdered(index, code) ? nil : "the order of .\(token.text) differs between runs"
        default:
            guard unlessSeeded.contains(token.text), isMember, index + 1 < code.count,
                code[index + 1].isMark("(")
            else { return nil }
            return callNames("using", index + 1, code) ? nil : "\(token.text) without a generator"
        }
    }

    private static func isFloating(_ text: String) -> Bool {
        !text.hasPrefix("0x") && !text.hasPrefix("0b") && (text.contains(".") || text.contains("e"))
    }

    /// Whether `Hasher` is only the parameter of `hash(into:)`.
    private static func isConformance(_ index: Int, _ code: [Token]) -> Bool {
        code[..<index].suffix(7).contains { $0.isWord("hash") }
    }

    private static func callNames(_ label: String, _ open: Int, _ code: [Token]) -> Bool {
        var depth = 0
        for token in code[open...] {
            if token.isMark("(") { depth += 1 }
            if token.isMark(")") { depth -= 1 }
            if depth == 0 { return false }
            if token.isWord(label) { return true }
        }
        return false
    }

    /// Whether what follows `.keys` or `.values` sorts, has no order, or writes.
    private static func isOrdered(_ index: Int, _ code: [Token]) -> Bool {
        guard index + 2 < code.count else { return false }
        let next = code[index + 1]
        if next.isMark("(") || next.isMark("=") || next.isMark("[") { return true }
        if next.isMark("."), orderless.contains(code[index + 2].text) { return true }
        let line = code[index].line
        return code[index...].prefix(12).contains {
            $0.isWord("sorted") && ($0.line == line || code[index + 2] == $0)
        }
    }

    /// The name of a dictionary or set that a `for` at `index` goes through.
    private static func hashedLoop(
        at index: Int, of file: SourceFile, own: Set<String>, others: Set<String>
    ) -> String? {
        let code = file.code
        guard code[index].isWord("for"),
            !code[..<index].suffix(1).contains(where: { $0.isMark(".") })
        else { return nil }
        guard let start = code[index...].firstIndex(where: { $0.isWord("in") }) else { return nil }
        let subject = code[(start + 1)...].prefix { token in
            token.kind == .word && !token.isWord("where") || token.isMark(".") || token.isMark("?")
        }
        guard let last = subject.last, start + subject.count + 1 < code.count else { return nil }
        let next = code[start + subject.count + 1]
        let isOwn = subject.count == 1 || subject.first?.isWord("self") == true
        let hashed = isOwn ? own : own.intersection(others)
        guard next.isMark("{") || next.isWord("where"), hashed.contains(last.text) else {
            return nil
        }
        return last.text
    }

    /// The names that a file gives to constants, variables and parameters.
    private static func namesGiven(in file: SourceFile) -> Set<String> {
        let code = file.code
        let given = code.indices.dropLast().filter { index in
            guard code[index].kind == .word else { return false }
            let isConstant =
                index > 0 && (code[index - 1].isWord("let") || code[index - 1].isWord("var"))
            return isConstant || code[index + 1].isMark(":") || code[index + 1].isWord("in")
        }
        return Set(given.map { code[$0].text })
    }

    /// How the order of a dictionary or set of this room, named at `index`, is used other than by a
    /// `for`: one of its parts, an array of it, or its text.
    private static func hashedUse(
        at index: Int, of file: SourceFile, own: Set<String>
    ) -> String? {
        let code = file.code
        guard own.contains(code[index].text), index + 1 < code.count else { return nil }
        let isOther =
            index > 1 && code[index - 1].isMark(".") && !code[index - 2].isWord("self")
        guard !isOther else { return nil }
        if index > 1, code[index - 1].isMark("("), code[index + 1].isMark(")"),
            code[index - 2].isWord("Array")
        {
            return isSortedSoon(index, code) ? nil : "sort what an array is made of"
        }
        // Optional chaining leads to the same thing.
        let dot = code[index + 1].isMark("?") ? index + 2 : index + 1
        guard dot + 1 < code.count, code[dot].isMark("."), ordered.contains(code[dot + 1].text)
        else { return nil }
        // An argument label makes it a search, whose answer may be unique; that is for a reader.
        let isSearch =
            code[dot + 1].isWord("first") && dot + 3 < code.count && code[dot + 2].isMark("(")
        if isSearch || isSortedSoon(index, code) { return nil }
        return ".\(code[dot + 1].text) depends on its order"
    }

    private static func isSortedSoon(_ index: Int, _ code: [Token]) -> Bool {
        let line = code[index].line
        return code[index...].prefix(40).contains {
            ($0.isWord("sorted") || $0.isWord("sort")) && $0.line - line <= 3
        }
    }

    /// What a build must not be told, because then a broken promise goes on unseen.
    static func offences(inBuild text: String) -> [String] {
        ["-Ounchecked", "-enforce-exclusivity=unchecked", "SWIFT_DETERMINISTIC_HASHING"].filter {
            text.contains($0)
        }
    }

    /// The names that `files` declare as dictionaries or sets and nowhere as anything else.
    static func hashedNames(in files: [SourceFile]) -> Set<String> {
        var hashed: Set<String> = []
        var others: Set<String> = []
        for file in files {
            let code = file.code
            for index in code.indices.dropLast(3) {
                guard code[index].kind == .word else { continue }
                if code[index + 1].isMark("="), makesHashed(code[(index + 2)...]),
                    index > 0, code[index - 1].isWord("let") || code[index - 1].isWord("var")
                {
                    hashed.insert(code[index].text)
                }
                guard code[index + 1].isMark(":") else { continue }
                if declaresHashed(code[(index + 2)...]) {
                    hashed.insert(code[index].text)
                } else if code[index + 2].isMark("[") {
                    others.insert(code[index].text)
                }
            }
        }
        return hashed.subtracting(others)
    }

    /// Whether an expression is one of `Set(…)`, `Set<…>(…)`, `Dictionary(…)`.
    private static func makesHashed(_ expression: ArraySlice<Token>) -> Bool {
        guard let first = expression.first, let next = expression.dropFirst().first else {
            return false
        }
        return (first.isWord("Set") || first.isWord("Dictionary"))
            && (next.isMark("(") || next.isMark("<"))
    }

    private static func declaresHashed(_ type: ArraySlice<Token>) -> Bool {
        guard let first = type.first else { return false }
        if first.isWord("Set") || first.isWord("Dictionary") { return true }
        guard first.isMark("[") else { return false }
        var depth = 0
        for token in type {
            if token.isMark("[") || token.isMark("(") { depth += 1 }
            if token.isMark("]") || token.isMark(")") { depth -= 1 }
            if depth == 0 { return false }
            let isTypeName = token.kind == .word || token.kind == .mark
            guard isTypeName, token.kind != .string else { return false }
            if depth == 1, token.isMark(":") { return true }
        }
        return false
    }
}
