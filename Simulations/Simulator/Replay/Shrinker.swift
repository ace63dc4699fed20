internal import Determinism

/// Finds the least options under which a seed still breaks the same property: kinds of faults are
/// dropped one at a time, time is cut by bisection, people, shards and nodes become fewer.
///
/// Greedy, and repeated until nothing can be dropped any more (delta debugging with chunks of one:
/// Zeller and Hildebrandt, 2002). Every kind of fault has a generator of its own, so dropping one
/// leaves the others as they were.
package struct Shrinker {
    /// The most runs that a search takes.
    private static let runsMax = 300
    /// Cutting less of the safety phase is not worth a run.
    private static let timeStepMin = Interval.milliseconds(250)

    /// Never changed.
    package let seed: UInt64
    /// What must stay broken.
    package let property: String
    /// The least options found so far.
    package private(set) var options: SimulationOptions
    /// How many runs it took so far.
    package private(set) var runCount = 0
    private let run: (SimulationOptions) -> String?
    private let told: (String) -> Void

    /// A search that begins with `options`, under which `seed` breaks `property`. `run` answers
    /// which property a run breaks first, `told` hears of each step that succeeded.
    package init(
        seed: UInt64, options: SimulationOptions, property: String,
        run: @escaping (SimulationOptions) -> String?, told: @escaping (String) -> Void
    ) {
        self.seed = seed
        self.options = options
        self.property = property
        self.run = run
        self.told = told
    }

    /// Searches until nothing more can be dropped, or the limit of runs is reached.
    package mutating func shrink() {
        var before: SimulationOptions?
        while before != options, runCount < Self.runsMax {
            before = options
            dropDisturbances()
            cutTime()
            lessen(\.people, from: settings.personCount) { [1, $0 / 2, $0 - 1] }
            lessen(\.shards, from: settings.shardCount) { [1, $0 / 2] }
            lessen(\.nodes, from: settings.nodeCount) { [1, 3, $0 - 1] }
        }
    }

    private var settings: SimulationSettings { options.settings(seed: seed) }

    private mutating func dropDisturbances() {
        for name in settings.activeDisturbances {
            var fewer = options
            fewer.leaveOut(name)
            attempt(fewer, "without \(name)")
        }
    }

    /// The least time is looked for between nothing and what is known to fail.
    private mutating func cutTime() {
        var passes = Interval.zero
        var fails = settings.safetyTime
        while fails - passes > Self.timeStepMin {
            let middle = Interval.milliseconds((passes.milliseconds + fails.milliseconds) / 2)
            guard middle > .zero else { return }
            var shorter = options
            shorter.safetyTime = middle
            if attempt(shorter, "faults for \(middle)") {
                fails = middle
            } else {
                passes = middle
            }
        }
    }

    private mutating func lessen(
        _ field: WritableKeyPath<SimulationOptions, Int?>, from count: Int,
        to candidates: (Int) -> [Int]
    ) {
        var count = count
        while true {
            let fewer = candidates(count).filter { $0 > 0 && $0 < count }
            let found = fewer.first { candidate in
                var smaller = options
                smaller[keyPath: field] = candidate
                return attempt(smaller, "\(Self.word(of: field)) \(candidate)")
            }
            guard let found else { return }
            count = found
        }
    }

    private static func word(of field: WritableKeyPath<SimulationOptions, Int?>) -> String {
        switch field {
        case \.people: "people"
        case \.shards: "shards"
        default: "nodes"
        }
    }

    @discardableResult
    private mutating func attempt(_ smaller: SimulationOptions, _ words: String) -> Bool {
        guard smaller != options, runCount < Self.runsMax else { return false }
        runCount += 1
        guard run(smaller) == property else { return false }
        options = smaller
        told(words)
        return true
    }
}
