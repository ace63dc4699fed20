import Foundation
import Testing

@Suite("Scenarios: what the scripts print is what they say")
struct ScenarioTests {
    @Test("The transcripts of Raft hold", arguments: ScenarioFile.all(in: "raft"))
    func raft(file: ScenarioFile) throws { try file.check(with: RaftScenario.self) }

    @Test("The transcripts of membership hold", arguments: ScenarioFile.all(in: "membership"))
    func membership(file: ScenarioFile) throws { try file.check(with: MembershipScenario.self) }

    @Test("There are the transcripts that the papers ask for")
    func isComplete() {
        #expect(ScenarioFile.all(in: "raft").count >= 16)
        #expect(ScenarioFile.all(in: "membership").count >= 9)
    }
}

/// One transcript in Simulations/Scenarios.
struct ScenarioFile: CustomTestStringConvertible, Sendable {
    /// From the root of the repository.
    let path: String

    private static let root: URL = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url
    }()

    /// What is set to `rewrite` when the transcripts are to be written anew.
    private static let variable = "CHATICKET_SCENARIOS"

    var testDescription: String { path }

    /// The transcripts of one kind, by name.
    static func all(in folder: String) -> [ScenarioFile] {
        let path = "Simulations/Scenarios/\(folder)"
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: root.appendingPathComponent(path).path)
        return (names ?? []).filter { $0.hasSuffix(".txt") }.sorted()
            .map { ScenarioFile(path: "\(path)/\($0)") }
    }

    /// Runs the transcript; records an issue at the line where it prints something else, or writes
    /// what it prints into the file.
    func check<Subject: Interpreter>(with subject: Subject.Type) throws {
        let url = Self.root.appendingPathComponent(path)
        let transcript = try Transcript(String(contentsOf: url, encoding: .utf8))
        var script = Script<Subject>()
        var outputs: [[String]] = []
        let isRewriting = ProcessInfo.processInfo.environment[Self.variable] == "rewrite"
        for block in transcript.blocks {
            do {
                outputs.append(try script.run(block))
            } catch let failure as ScriptFailure {
                record(failure.reason, at: failure.line)
                return
            }
            if !isRewriting, let difference = Difference(block, printed: outputs.last ?? []) {
                record(difference.description, at: difference.line)
                return
            }
        }
        guard isRewriting else { return }
        let text = transcript.text(printing: outputs)
        try text.write(to: url, atomically: true, encoding: .utf8)
    }

    private func record(_ text: String, at line: Int) {
        let place = SourceLocation(
            fileID: "ScenarioTests/\(path)", filePath: Self.root.path + "/" + path, line: line,
            column: 1)
        Issue.record(
            """
            \(path):\(line)
            \(text)
            If this is as it should be: \(Self.variable)=rewrite swift test --filter ScenarioTests
            """, sourceLocation: place)
    }
}
