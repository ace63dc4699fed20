internal import Determinism
internal import Simulator

/// Many runs in one table.
struct RunSummary {
    private(set) var runCount = 0
    private(set) var failureCount = 0
    /// How many runs went beyond the model.
    var beyondCount: Int { seedsBeyondModel.count }
    private(set) var marks = MarkTable()
    private var failedSeeds: [UInt64] = []
    private var seedsBeyondModel: [UInt64] = []
    private var succeeded: UInt64 = 0
    private var failed: UInt64 = 0
    private var faults: [UInt64] = FaultKind.allCases.map { _ in 0 }
    private var perturbations: [UInt64] = Perturbation.allCases.map { _ in 0 }
    private var rows: [(name: String, count: UInt64)] = []
    private var codes: [String: UInt64] = [:]
    private var simulatedSeconds = 0.0
    private var eventCount: UInt64 = 0
    private var clusterHealingMax: UInt64 = 0
    private var healingMax: UInt64 = 0

    mutating func add(_ report: SimulationReport) {
        runCount += 1
        switch report.verdict {
        case .passed: break
        case .failed:
            failureCount += 1
            failedSeeds.append(report.seed)
        case .beyondModel: seedsBeyondModel.append(report.seed)
        }
        marks.add(report)
        succeeded += report.counters.operationsSucceeded
        failed += report.counters.operationsFailed
        for (position, kind) in FaultKind.allCases.enumerated() {
            faults[position] += report.faults[kind] ?? 0
        }
        for (position, count) in report.perturbations.enumerated() {
            perturbations[position] += UInt64(count)
        }
        let added = report.counters.rows
        rows = rows.isEmpty ? added : zip(rows, added).map { ($0.name, $0.count + $1.count) }
        codes.merge(report.counters.failureCodes) { $0 + $1 }
        simulatedSeconds += Double(report.time.nanoseconds) / 1e9
        eventCount += report.eventCount
        clusterHealingMax = max(
            clusterHealingMax, report.counters.clusterHealTime.milliseconds)
        healingMax = max(healingMax, report.counters.healTime.milliseconds)
    }

    /// Whether of all operations at least 70 % succeeded.
    var isAvailable: Bool { succeeded * 10 >= (succeeded + failed) * 7 }

    /// Whether at most one run of fifty went beyond the model; one run may in any case.
    var isWithinModel: Bool { seedsBeyondModel.count <= max(1, runCount / 50) }

    /// The kinds of faults that did not happen once.
    var missingFaults: [FaultKind] {
        zip(FaultKind.allCases, faults).filter { $1 == 0 }.map(\.0)
    }

    /// The table for the end, after `seconds` of work.
    func table(seconds: Double) -> String {
        let total = max(1, succeeded + failed)
        var lines: [(String, String)] = [
            ("runs", "\(runCount)"),
            ("failures", failedSeeds.isEmpty ? "0" : "\(failureCount): seeds \(failedSeeds)"),
            (
                "runs beyond the model",
                seedsBeyondModel.isEmpty
                    ? "0" : "\(seedsBeyondModel.count): seeds \(seedsBeyondModel)"
            ),
            ("operations that succeeded", "\(succeeded) (\(succeeded * 100 / total) %)"),
            ("operations that failed", "\(failed)"),
        ]
        lines += zip(FaultKind.allCases, faults).map { ("fault \($0.rawValue)", "\($1)") }
        lines += zip(Perturbation.allCases, perturbations).map { ("perturbation \($0)", "\($1)") }
        lines += rows.map { ($0.name, "\($0.count)") }
        lines += codes.sorted { $0.key < $1.key }.map { ("failed: \($0.key)", "\($0.value)") }
        lines += [
            ("longest healing of a cluster", "\(clusterHealingMax) ms"),
            ("longest healing with clients", "\(healingMax) ms"),
            ("events", "\(eventCount)"),
            ("simulated seconds per second", "\(Int(simulatedSeconds / seconds))"),
        ]
        return Terminal.table(lines)
    }
}
