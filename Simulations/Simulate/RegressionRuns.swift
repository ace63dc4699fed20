internal import ArgumentParser
internal import Foundation
internal import Simulator

/// Runs every story of the past: none may come again.
struct RegressionRuns {
    static let suffix = ".seeds"

    let folder: String
    let jobs: Int

    /// Runs all; whether everything held.
    func run() async throws -> Bool {
        let regressions = try read()
        var hasPassed = true
        for regression in regressions {
            let requests = regression.seeds.map {
                RunRequest(seed: $0, options: regression.options)
            }
            var failed: [SimulationReport] = []
            await Runner.run(requests, jobs: jobs) { outcome in
                if !outcome.report.hasPassed { failed.append(outcome.report) }
                return true
            }
            Terminal.tell(
                "\(failed.isEmpty ? "passed" : "FAILED") \(regression.name): \(regression.story)")
            for report in failed {
                hasPassed = false
                for violation in report.violations.prefix(3) { Terminal.tell("  ✗ \(violation)") }
                Terminal.tell(
                    "  again with: "
                        + Replay.advice(seed: report.seed, options: regression.options))
            }
        }
        Terminal.tell("\(regressions.count) regressions")
        return hasPassed
    }

    private func read() throws -> [Regression] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { $0.hasSuffix(Self.suffix) }.sorted()
        } catch {
            throw ValidationError("\(folder) cannot be read: \(error.localizedDescription)")
        }
        guard !names.isEmpty else {
            throw ValidationError("There is no file *\(Self.suffix) in \(folder).")
        }
        return try names.map { name in
            let path = folder + "/" + name
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ValidationError("\(path) cannot be read.")
            }
            do throws(RegressionError) {
                return try Regression(
                    name: String(name.dropLast(Self.suffix.count)),
                    text: String(decoding: data, as: UTF8.self))
            } catch {
                throw ValidationError("\(path): \(error).")
            }
        }
    }
}
