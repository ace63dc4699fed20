import Foundation
import Testing

@Suite("Ratchet")
struct RatchetTests {
    /// What is over a limit in the repository, in order.
    private static let found: [Excess] = {
        let files = SourceTree.repository.swift
        let requirements = DocumentationRule.requirements(in: files)
        return files.flatMap { file -> [Excess] in
            let silent = DocumentationRule.offences(in: file, requirements: requirements).count
            let undocumented = Excess(path: file.path, what: "undocumented", measure: silent)
            return LengthRule.excesses(in: file) + (silent > 0 ? [undocumented] : [])
        }.sorted()
    }()

    @Test("Lengths and comments keep their limits; what was over a limit only shrinks")
    func repository() throws {
        let tree = SourceTree.repository
        let record = try #require(tree.text(at: Ratchet.path))
        let ratchet = try #require(Ratchet(text: record))
        // CHATICKET_RATCHET=tighten writes the record anew, lowered; it never grows by that.
        if ProcessInfo.processInfo.environment["CHATICKET_RATCHET"] == "tighten" {
            let lines =
                record.split(separator: "\n").filter { $0.hasPrefix("#") }.map(String.init)
                + ratchet.tightened(to: Self.found).map(\.description)
            try (lines.joined(separator: "\n") + "\n").write(
                toFile: tree.root + "/" + Ratchet.path, atomically: true, encoding: .utf8)
        }
        #expect(ratchet.offences(of: Self.found) == [])
    }

    @Test("The record holds, and neither a growing nor a stale entry passes")
    func ratchet() throws {
        let ratchet = try #require(Ratchet(text: "# why\na.swift file 600\n"))
        let excess = { Excess(path: "a.swift", what: "file", measure: $0) }
        #expect(ratchet.offences(of: [excess(600)]) == [])
        #expect(ratchet.offences(of: [excess(590)]) == [])
        #expect(ratchet.offences(of: [excess(601)]).count == 1)
        #expect(ratchet.offences(of: [excess(510)]).count == 1)
        #expect(ratchet.offences(of: []).count == 1)
        let other = Excess(path: "b.swift", what: "file", measure: 501)
        #expect(ratchet.offences(of: [excess(600), other]).count == 1)
        #expect(Ratchet(text: "a.swift file many") == nil)
        #expect(ratchet.tightened(to: [excess(510), other]) == [excess(510)])
        #expect(ratchet.tightened(to: [excess(700)]) == [excess(600)])
        #expect(ratchet.tightened(to: []) == [])
    }
}
