/// The tests that the Architecture article names exist, so that its tables stay true.
enum ArticleRule {
    /// A test as the article names it.
    struct Reference: Hashable, Sendable {
        /// Folder and file: `RaftTests/PaperTests`, or `Processes/test_quorum.py`.
        let file: String
        /// What must be in the file.
        let text: String
    }

    /// References of both forms: `` `Folder/File`: "sentence" ``, and a row of three cells
    /// `| cited | sentence | `Folder/File` |`; and names of functions behind a file in Python.
    static func references(in article: String) -> [Reference] {
        article.split(separator: "\n").filter { $0.hasPrefix("|") }.flatMap { line in
            let row = row(line)
            return row.isEmpty ? quoted(line) + functions(line) : row
        }
    }

    private static func row(_ line: Substring) -> [Reference] {
        let cells = line.split(separator: "|").map { trimmed($0) }
        guard cells.count == 3, let file = code(cells[2]), file.contains("Tests/") else {
            return []
        }
        return [
            Reference(file: file, text: cells[1]), Reference(file: file, text: "(\(cells[0]))"),
        ]
    }

    private static func quoted(_ line: Substring) -> [Reference] {
        var found: [Reference] = []
        let parts = line.split(separator: "`", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() where index + 1 < parts.count && index % 2 == 1 {
            guard parts[index + 1].hasPrefix(": \"") else { continue }
            let sentence = parts[index + 1].dropFirst(3).prefix { $0 != "\"" }
            found.append(Reference(file: String(part), text: String(sentence)))
        }
        return found
    }

    private static func functions(_ line: Substring) -> [Reference] {
        var file: String?
        var found: [Reference] = []
        let parts = line.split(separator: "`", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() where index % 2 == 1 {
            if part.hasSuffix(".py") {
                file = String(part)
            } else if let file, part.hasPrefix("test_") {
                found.append(Reference(file: file, text: "def \(part)("))
            }
        }
        return found
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static func code(_ cell: String) -> String? {
        cell.hasPrefix("`") && cell.hasSuffix("`") && cell.count > 2
            ? String(cell.dropFirst().dropLast()) : nil
    }

    /// References that no file among `texts`, by path below Tests, bears out.
    static func broken(_ references: [Reference], among texts: [String: String]) -> [Reference] {
        references.filter { reference in
            let parts = reference.file.split(separator: "/")
            guard parts.count == 2 else { return true }
            let name = parts[1].hasSuffix(".py") ? String(parts[1]) : parts[1] + ".swift"
            return !texts.contains { path, text in
                path.hasPrefix("Tests/\(parts[0])/") && path.hasSuffix("/" + name)
                    && text.contains(reference.text)
            }
        }
    }
}
