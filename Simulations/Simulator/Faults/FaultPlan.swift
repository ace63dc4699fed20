package import Determinism

/// The kinds of faults; each has a generator of its own, so that leaving one out leaves the others
/// as they were.
package enum FaultKind: String, Hashable, Sendable, CaseIterable {
    case crash
    case crashAll
    /// A process ends in good order, and begins again.
    case stop
    case pause
    case isolate
    case oneWay
    case split
    case streamBreak
    case streamStall
    case delaySpike
    case slowDisk
    case clockStep
    case socketBreak
    case slowReader
    case join
    case drain
}

/// Which faults a run has, and how often.
package struct FaultPlan: Hashable, Sendable {
    /// The mean time between two faults of a kind, in the order of the kinds; nil for never.
    package var means: [Interval?]
    /// Of a thousand datagrams, while faults go on.
    package var lossPerMille: UInt64 = 0
    package var duplicationPerMille: UInt64 = 0
    package var reorderPerMille: UInt64 = 0

    /// No faults.
    package init() {
        means = FaultKind.allCases.map { _ in nil }
    }

    /// The faults that `generator` draws: of each kind often none; never very many for a cluster
    /// that cannot spare a node.
    package init(canSpareNode: Bool, using generator: inout SeededGenerator) {
        self.init()
        // In some runs faults come so thick that hardly anything gets done between them.
        let haste: UInt64 = generator.chance(1, in: 5) && canSpareNode ? 4 : 1
        for (index, kind) in FaultKind.allCases.enumerated() {
            let isOn = generator.chance(kind.perCent, in: 100)
            let mean = kind.meanMin.jittered(by: kind.meanMin * 4, using: &generator) / haste
            if isOn { means[index] = mean }
        }
        if generator.chance(1, in: 2) { lossPerMille = generator.next(upperBound: 200) }
        if generator.chance(1, in: 2) { duplicationPerMille = generator.next(upperBound: 200) }
        if generator.chance(1, in: 2) { reorderPerMille = generator.next(upperBound: 200) }
    }

    /// The mean time between two faults of `kind`; nil when there are none.

    package func mean(of kind: FaultKind) -> Interval? {
        means[FaultKind.allCases.firstIndex(of: kind) ?? 0]
    }

    /// The same without faults of this kind.
    package mutating func leaveOut(_ kind: FaultKind) {
        means[FaultKind.allCases.firstIndex(of: kind) ?? 0] = nil
    }

    /// One line for people.
    package var words: String {
        var parts = zip(FaultKind.allCases, means).compactMap { kind, mean in
            mean.map { "\(kind.rawValue) every \($0.milliseconds) ms" }
        }
        parts.append("datagrams lost \(lossPerMille)‰")
        parts.append("doubled \(duplicationPerMille)‰")
        parts.append("late \(reorderPerMille)‰")
        return parts.joined(separator: ", ")
    }
}

extension FaultKind {
    /// In how many of a hundred runs it happens.
    var perCent: UInt64 {
        switch self {
        case .crash: 70
        case .crashAll, .split, .join: 30
        case .stop: 40
        case .drain: 25
        case .pause, .isolate, .oneWay, .streamBreak, .streamStall, .delaySpike, .slowDisk,
            .clockStep,
            .socketBreak, .slowReader:
            50
        }
    }

    /// The least mean time between two of them.
    var meanMin: Interval {
        switch self {
        case .crash: .seconds(4)
        case .crashAll: .seconds(15)
        case .pause, .stop, .isolate, .oneWay, .split: .seconds(6)
        case .streamBreak, .streamStall: .seconds(1)
        case .delaySpike, .slowDisk, .clockStep: .seconds(4)
        case .socketBreak, .slowReader: .seconds(2)
        case .join, .drain: .seconds(8)
        }
    }
}
