package import Determinism

/// Which faults a run has, and how often.
package struct FaultPlan: Hashable, Sendable {
    /// The mean time between two faults of a kind, in the order of the kinds; nil for never.
    package var means: [Interval?]
    /// How many of a thousand datagrams a kind happens to, in the order of the kinds; zero for
    /// kinds that do not happen to datagrams.
    package var perMille: [UInt64]
    /// What clients are owed while these faults happen.
    package private(set) var promise = Availability.Promise.half
    /// Whether faults may destroy more than the model tolerates, to see that the run is called so.
    package var exceedsBudget = false

    /// No faults.
    package init() {
        means = FaultKind.allCases.map { _ in nil }
        perMille = FaultKind.allCases.map { _ in 0 }
    }

    /// The faults that `generator` draws: of each kind often none; never very many for a cluster
    /// that cannot spare a node.
    package init(canSpareNode: Bool, using generator: inout SeededGenerator) {
        self.init()
        // In some runs faults come so thick that hardly anything gets done between them.
        let haste: UInt64 = generator.chance(1, in: 5) && canSpareNode ? 4 : 1
        for (index, kind) in FaultKind.allCases.enumerated() {
            // By a generator of its own: a new kind does not change what a seed draws of the
            // others.
            var own = generator.forked(named: "plan of \(kind.rawValue)")
            let isOn = own.chance(kind.perCent, in: 100)
            if let meanMin = kind.meanMin {
                let mean =
                    meanMin.jittered(by: meanMin * 4, using: &own)
                    / (kind.isOfMachines ? 1 : haste)
                if isOn { means[index] = mean }
            } else if let most = kind.perMilleMax {
                let rate = 1 + own.next(upperBound: most)
                if isOn { perMille[index] = rate }
            }
        }
        spread(over: 3) { $0.isPartition }
        spread(over: 3) { $0.isOfStreams }
        if haste > 1 { spread(over: 4) { $0.isPartition || $0.isOfStreams || $0.isOfProcesses } }
        spread(over: 3) { $0.isOfMachines }
        drawPromise(canSpareNode: canSpareNode, using: generator)
        var own = generator.forked(named: "plan of what is beyond the model")
        if own.chance(1, in: 150), promise == .half {
            exceedsBudget = true
            include(.diskLost, every: .seconds(2))
        }
    }

    /// In some runs nothing is broken, or no more than the cluster tolerates.
    private mutating func drawPromise(canSpareNode: Bool, using generator: SeededGenerator) {
        var own = generator.forked(named: "what clients are owed")
        switch own.number(below: 100) {
        case ..<5: keepOnly(promise: .everyTry) { $0.isHarmless }
        case ..<15 where canSpareNode:
            keepOnly(promise: .everything) { $0.isHarmless || $0.isTolerated }
        default: break
        }
    }

    private mutating func keepOnly(
        promise: Availability.Promise, _ isFitting: (FaultKind) -> Bool
    ) {
        self.promise = promise
        for kind in FaultKind.allCases where !isFitting(kind) { leaveOut(kind) }
    }

    /// Many kinds of one domain together happen no more often than `limit` of them would, else
    /// there would hardly be a time without any.
    private mutating func spread(over limit: Int, _ isOfDomain: (FaultKind) -> Bool) {
        let kinds = FaultKind.allCases.indices.filter {
            isOfDomain(FaultKind.allCases[$0]) && means[$0] != nil
        }
        guard kinds.count > limit else { return }
        for index in kinds {
            if let mean = means[index] { means[index] = mean * UInt64(kinds.count) / UInt64(limit) }
        }
    }

    /// How many of a thousand datagrams `kind` happens to.
    package func perMille(of kind: FaultKind) -> UInt64 {
        perMille[FaultKind.allCases.firstIndex(of: kind) ?? 0]
    }

    /// The mean time between two faults of `kind`; nil when there are none.
    package func mean(of kind: FaultKind) -> Interval? {
        means[FaultKind.allCases.firstIndex(of: kind) ?? 0]
    }

    /// Whether faults of `kind` happen at all.
    package func has(_ kind: FaultKind) -> Bool { mean(of: kind) != nil || perMille(of: kind) > 0 }

    /// The same without faults of this kind.
    package mutating func leaveOut(_ kind: FaultKind) {
        means[FaultKind.allCases.firstIndex(of: kind) ?? 0] = nil
        perMille[FaultKind.allCases.firstIndex(of: kind) ?? 0] = 0
    }

    /// The same with faults of this kind, at this mean time between two; for what happens to single
    /// datagrams there is no such time, and half of the most of them are struck.
    package mutating func include(_ kind: FaultKind, every mean: Interval) {
        promise = .half
        let index = FaultKind.allCases.firstIndex(of: kind) ?? 0
        if let most = kind.perMilleMax { perMille[index] = most / 2 } else { means[index] = mean }
    }

    /// One line for people.
    package var words: String {
        var parts = [promise.words]
        parts += zip(FaultKind.allCases, means).compactMap { kind, mean in
            mean.map { "\(kind.rawValue) every \($0.milliseconds) ms" }
        }
        parts += zip(FaultKind.allCases, perMille).compactMap { kind, rate in
            rate > 0 ? "\(kind.rawValue) of \(rate)‰" : nil
        }
        return parts.joined(separator: ", ")
    }
}

extension Availability.Promise {
    /// What it means for the faults of a run.
    fileprivate var words: String {
        switch self {
        case .everyTry: "nothing broken"
        case .everything: "faults one at a time"
        case .half: "faults as they come"
        }
    }
}
