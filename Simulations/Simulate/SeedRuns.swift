internal import Determinism
internal import Simulator

/// Seeds one after another, each told, with a table in the end.
struct SeedRuns {
    /// One of so many seeds is run twice, to see that it is the same both times.
    private static let twiceEvery: UInt64 = 50
    /// So many seeds must have hit every mark.
    private static let seedsForMarks: UInt64 = 10_000
    /// So many seeds must have had every kind of fault.
    private static let seedsForFaults: UInt64 = 300
    /// Up to so many seeds are told each in a line.
    private static let seedsInLines: UInt64 = 50

    let seeds: ClosedRange<UInt64>
    let options: SimulationOptions
    let telling: TellingArguments

    private var count: UInt64 { seeds.upperBound - seeds.lowerBound + 1 }

    /// Runs all; whether everything held.
    func run() async -> Bool {
        let clock = ContinuousClock()
        let begun = clock.now
        var summary = RunSummary()
        let requests = seeds.lazy.map { seed in
            RunRequest(
                seed: seed, options: options,
                isTwice: count > 1 && (seed - seeds.lowerBound) % Self.twiceEvery == 0,
                tellsFailure: true, keepsTail: telling.trace)
        }
        await Runner.run(requests, jobs: telling.jobCount) { outcome in
            summary.add(outcome.report)
            tell(outcome)
            let seconds = max(1, (clock.now - begun).components.seconds)
            Terminal.showProgress(
                "\(summary.runCount) of \(count) seeds, \(summary.failureCount) failed, "
                    + "\(summary.runCount * 60 / Int(seconds)) a minute")
            return outcome.report.verdict != .failed || !telling.untilFailure
        }
        Terminal.clearProgress()
        let time = (clock.now - begun).components
        let seconds = Double(time.seconds) + Double(time.attoseconds) / 1e18
        Terminal.tell(summary.table(seconds: max(0.001, seconds)))
        if telling.marks { Terminal.tell(summary.marks.table) }
        if count > 1 { Terminal.tell(summary.marks.rareWords) }
        let faults = complaints(of: summary)
        for fault in faults { Terminal.tell("✗ \(fault)") }
        return summary.failureCount == 0 && faults.isEmpty
    }

    private func complaints(of summary: RunSummary) -> [String] {
        var complaints: [String] = []
        if !summary.isAvailable { complaints.append("fewer than 70 % of the operations succeeded") }
        if count >= Self.seedsForFaults, options == SimulationOptions(), !telling.untilFailure {
            complaints += summary.missingFaults.map { "there was no fault of the kind \($0)" }
            if !summary.isWithinModel {
                complaints.append("more than 2 % of the runs went beyond the model")
            }
        }
        if telling.requireMarks || count >= Self.seedsForMarks {
            complaints += summary.marks.missing.map { "the mark \($0) was never hit" }
        }
        return complaints
    }

    private func tell(_ outcome: RunOutcome) {
        let report = outcome.report
        let isTold = !report.hasPassed || telling.trace
        if telling.json { Terminal.print(json(report)) }
        if isTold || telling.verbose || count <= Self.seedsInLines { Terminal.clearProgress() }
        if telling.verbose {
            let settings = options.settings(seed: report.seed)
            let perturbed = settings.perturbationSeed == nil ? "" : ", perturbed"
            Terminal.tell("seed \(report.seed): \(settings.words)\(perturbed)")
        }
        if isTold {
            for line in report.tail.suffix(200) { Terminal.tell(line) }
            for violation in report.violations.prefix(10) { Terminal.tell("✗ \(violation)") }
        }
        if case .beyondModel(let words) = report.verdict {
            Terminal.tell("seed \(report.seed) went beyond the model: \(words)")
        } else if !report.hasPassed {
            Terminal.tell(
                "seed \(report.seed) failed; again with: "
                    + Replay.advice(seed: report.seed, options: options))
        }
        guard isTold || telling.verbose || count <= Self.seedsInLines else { return }
        Terminal.tell(
            "seed \(report.seed) of \(seeds.lowerBound)..\(seeds.upperBound): "
                + "\(report.verdict.word), \(report.time) simulated in "
                + "\(Int(outcome.seconds * 1_000))ms, healed in \(report.counters.healTime), "
                + "\(report.eventCount) events, \(report.counters.acks) messages, hash "
                + String(report.hash, radix: 16))
    }

    private func json(_ report: SimulationReport) -> String {
        let property = report.violations.first.map { ",\"property\":\"\($0.property)\"" } ?? ""
        return "{\"seed\":\(report.seed),\"hash\":\"\(String(report.hash, radix: 16))\","
            + "\"verdict\":\"\(report.verdict.word)\"\(property)}"
    }
}
