import Foundation

/// Marks, perturbations and canaries: each is somewhere in the code that it is about, and each mark
/// names a test that is there.
enum ProbeRule {
    /// One case of an enum of probes, with its documentation on one line.
    struct Probe: Hashable {
        let name: String
        let documentation: String
    }

    /// The probes of the enum `type`, which `text` declares, that no code of `files` uses by `use`,
    /// a property or a function of it.
    static func unused(
        _ type: String, declaredIn text: String, use: String, in files: [SourceFile]
    ) -> [String] {
        var used: Set<String> = []
        for file in files {
            let code = file.code
            for place in code.indices.dropLast(4)
            where code[place].isWord(type) && code[place + 1].isMark(".")
                && code[place + 3].isMark(".") && code[place + 4].isWord(use)
            {
                used.insert(code[place + 2].text)
            }
        }
        return probes(in: text).map(\.name).filter { !used.contains($0) }
    }

    /// The marks whose documentation names no test, or one that `contents` does not have: the text
    /// of a file by its path without the ending, below `Tests`.
    static func unexplained(in text: String, contents: (String) -> String?) -> [String] {
        probes(in: text).filter { probe in
            guard let match = probe.documentation.firstMatch(of: /`([^`]+)`, "(.+)"\./),
                let content = contents(String(match.output.1))
            else { return true }
            let line = oneLine(content)
            let sentence = String(match.output.2)
            return !line.contains(sentence + "\"") && !line.contains(sentence + " \"")
        }.map(\.name)
    }

    /// The cases that `text` declares.
    static func probes(in text: String) -> [Probe] {
        var probes: [Probe] = []
        var documentation: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.trimmingCharacters(in: .whitespaces)
            if words.hasPrefix("///") {
                documentation.append(
                    String(words.dropFirst(3)).trimmingCharacters(in: .whitespaces))
            } else if words.hasPrefix("case "), !words.hasSuffix(":") {
                let name = String(words.dropFirst(5).prefix { $0.isLetter || $0.isNumber })
                probes.append(
                    Probe(name: name, documentation: documentation.joined(separator: " ")))
                documentation = []
            } else {
                documentation = []
            }
        }
        return probes
    }

    /// Text as one line, with literals of several lines as the compiler reads them.
    private static func oneLine(_ text: String) -> String {
        text.replacing(/\\\n\s*/, with: "").replacing(/\s+/, with: " ")
    }
}
