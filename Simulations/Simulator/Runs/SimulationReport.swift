package import Determinism

/// How a run ended.
package enum SimulationVerdict: Hashable, Sendable {
    case passed
    case failed
    /// More was destroyed than the model promises to survive, in words: whatever else was found
    /// says nothing.
    case beyondModel(String)

    /// One word for tables and JSON.
    package var word: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .beyondModel: "beyond the model"
        }
    }
}

/// What came of a run.
package struct SimulationReport: Sendable {
    package let seed: UInt64
    /// Of everything that happened; equal for equal runs.
    package let hash: UInt64
    /// Empty when everything held.
    package private(set) var violations: [Violation]
    /// Why the run went beyond the model; nil when it stayed within.
    package var beyondModel: String?
    package let counters: SimulationCounters
    package let faults: [FaultKind: UInt64]
    /// How often each mark was hit, in the order of the cases.
    package let marks: [UInt32]
    /// How often each perturbation fired, in the order of the cases.
    package let perturbations: [UInt32]
    /// Simulated time.
    package let time: Instant
    package let eventCount: UInt64
    /// The last events, when something did not hold.
    package var tail: [String]

    /// Whether everything held, within the model.
    package var hasPassed: Bool { verdict == .passed }

    /// How the run ended.
    package var verdict: SimulationVerdict {
        if let beyondModel { return .beyondModel(beyondModel) }
        return violations.isEmpty ? .passed : .failed
    }

    /// Whether another run of the same settings was the same.
    package func equals(_ other: SimulationReport) -> Bool {
        hash == other.hash && eventCount == other.eventCount && violations == other.violations
            && marks == other.marks && perturbations == other.perturbations
    }

    /// After the run it was found out that `property` did not hold, as `words` say.
    package mutating func add(_ property: String, _ words: String) {
        violations.append(Violation(property: property, words: words))
    }
}
