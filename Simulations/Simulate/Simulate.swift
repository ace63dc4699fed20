internal import ArgumentParser
internal import Simulator

@main
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs whole clusters on virtual time, network and disk, each from one seed.",
        discussion: """
            Nodes and clients are those of the product; what is around them is simulated, with \
            faults: crashes, pauses, cuts, losses, slow disks. While it runs and in the end \
            checkers look at everything that was said and stored. The same seed gives the same \
            run, to the last byte.

            Examples:
              simulate --seeds 1..300
              simulate --seed 17 --trace
            """)

    @Option(help: "The seeds to run, as A..B, both included.")
    var seeds: SeedRange?

    @Option(help: "One seed to run.")
    var seed: UInt64?

    @Option(help: "How many nodes every run begins with, 1 to 9, instead of what the seed draws.")
    var nodes: Int?

    @Option(help: "A kind of fault to leave out; may be given more than once.")
    var without: [String] = []

    @Flag(help: "Print one line of JSON for each seed: seed, hash, verdict.")
    var json = false

    @Flag(help: "Print the settings of each run before it begins.")
    var verbose = false

    @Flag(help: "Print the last events also when everything holds.")
    var trace = false

    func validate() throws {
        guard (seeds == nil) != (seed == nil) else {
            throw ValidationError("Give either --seeds A..B or --seed N.")
        }
        if let nodes, !(1...9).contains(nodes) { throw ValidationError("--nodes is 1 to 9.") }
        for name in without where FaultKind(rawValue: name) == nil {
            let known = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("There is no fault \(name); there are \(known).")
        }
    }

    mutating func run() throws {
        let range = seeds?.range ?? (seed ?? 1)...(seed ?? 1)
        var summary = RunSummary()
        let clock = ContinuousClock()
        let begun = clock.now
        for seed in range {
            var settings = SimulationSettings(seed: seed, nodeCount: nodes)
            for name in without {
                if let kind = FaultKind(rawValue: name) { settings.faults.leaveOut(kind) }
            }
            if verbose { Terminal.tell("seed \(seed): \(settings.words)") }
            let report = Simulation(settings: settings).run()
            summary.add(report)
            tell(report, of: range)
        }
        let seconds = Double((clock.now - begun).components.seconds)
        Terminal.tell(summary.table(seconds: max(1, seconds)))
        if !summary.isAvailable { Terminal.tell("✗ fewer than 70 % of the operations succeeded") }
        let missing = range.count >= 300 && without.isEmpty ? summary.missingFaults : []
        for kind in missing { Terminal.tell("✗ there was no fault of the kind \(kind.rawValue)") }
        if summary.failureCount > 0 || !summary.isAvailable || !missing.isEmpty {
            throw ExitCode(1)
        }
    }

    private func tell(_ report: SimulationReport, of range: ClosedRange<UInt64>) {
        if json {
            let verdict = report.hasPassed ? "passed" : "failed"
            Terminal.print(
                "{\"seed\":\(report.seed),\"hash\":\"\(String(report.hash, radix: 16))\","
                    + "\"verdict\":\"\(verdict)\"}")
        }
        if !report.hasPassed || trace {
            for line in report.tail.suffix(200) { Terminal.tell(line) }
            for violation in report.violations.prefix(10) { Terminal.tell("✗ \(violation)") }
        }
        if !report.hasPassed {
            Terminal.tell("seed \(report.seed) failed; again with: \(replay(report.seed))")
        }
        Terminal.tell(
            "seed \(report.seed) of \(range.lowerBound)..\(range.upperBound): "
                + "\(report.hasPassed ? "passed" : "FAILED"), \(report.time) simulated, "
                + "healed in \(report.counters.healTime), \(report.eventCount) events, "
                + "\(report.counters.acks) messages, hash "
                + String(report.hash, radix: 16))
    }

    private func replay(_ seed: UInt64) -> String {
        let nodes = nodes.map { " --nodes \($0)" } ?? ""
        let without = without.map { " --without \($0)" }.joined()
        return "swift run -c release simulate --seed \(seed)\(nodes)\(without) --trace --verbose"
    }
}

/// Seeds as people write them.
struct SeedRange: ExpressibleByArgument {
    let range: ClosedRange<UInt64>

    init?(argument: String) {
        let parts = argument.split(separator: ".", omittingEmptySubsequences: true)
        guard parts.count == 2, argument.contains(".."), let first = UInt64(parts[0]),
            let last = UInt64(parts[1]), first <= last
        else { return nil }
        range = first...last
    }
}
