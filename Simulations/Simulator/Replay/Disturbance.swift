/// What can be left out of a run by its name, so that a failure is seen without what has nothing to
/// do with it.
extension SimulationSettings {
    private static let perturbations = "perturbations"
    private static let core = "core"

    /// Every name: the kinds of faults, the perturbations, and the core that goes on alone.
    package static let disturbances = FaultKind.allCases.map(\.rawValue) + [perturbations, core]

    /// The names of what this run has, in the order of ``disturbances``.
    package var activeDisturbances: [String] { Self.disturbances.filter(has) }

    private func has(_ name: String) -> Bool {
        switch name {
        case Self.perturbations: perturbationSeed != nil
        case Self.core: hasCore
        default: FaultKind(rawValue: name).map { faults.has($0) } ?? false
        }
    }

    /// The same run without what has this name; nothing else is drawn differently.
    package mutating func leaveOut(_ name: String) {
        switch name {
        case Self.perturbations: perturbationSeed = nil
        case Self.core: hasCore = false
        default: if let kind = FaultKind(rawValue: name) { faults.leaveOut(kind) }
        }
    }
}
