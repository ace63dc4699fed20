package import Determinism

/// What a person insists on, whatever the seed draws: on the command line `--key value`, in a file
/// of `Simulations/Regressions` a line `key value`.
package struct SimulationOptions: Hashable, Sendable {
    /// The options by the names that people write.
    package enum Key: String, CaseIterable, Hashable, Sendable {
        /// How many nodes the run begins with, 1 to 9.
        case nodes
        /// How many shards: a power of two up to 64.
        case shards
        /// How many replicas a shard has where there are enough nodes: 1, 3 or 5.
        case replicas
        /// How many people chat, 1 to 100.
        case people
        /// How long faults go on, as `20s` or `1500ms`.
        case safetyTime = "safety-time"
        /// How long a person thinks between two actions, on average.
        case thinkTime = "think-time"
        /// A kind of fault to leave out; may be repeated.
        case without
        /// A kind of fault to have, with the mean time between two: `crash=4s`; may be repeated.
        case fault
        /// The planted bug that lives, in a build that has them.
        case canary
    }

    /// A kind of fault that happens every `mean`.
    package struct FaultRate: Hashable, Sendable {
        package let kind: FaultKind
        package let mean: Interval
    }

    /// What ``Key`` says of each; nil where the seed draws.
    package var nodes: Int?
    package var shards: Int?
    package var replicas: Int?
    package var people: Int?
    package var safetyTime: Interval?
    package var thinkTime: Interval?
    /// Names of ``SimulationSettings/disturbances``, each once.
    package private(set) var without: [String] = []
    package private(set) var faults: [FaultRate] = []
    /// Without effect unless the build has planted bugs.
    package var canary: Canary?

    /// Everything as the seed draws it.
    package init() {}

    /// Takes the option as it is written.
    package mutating func set(_ key: Key, to value: String) throws(OptionError) {
        switch key {
        case .nodes: nodes = try Self.number(value, of: key, in: 1...9)
        case .shards:
            let count = try Self.number(value, of: key, in: 1...64)
            guard count & (count - 1) == 0 else { throw .outOfRange(key, "a power of two") }
            shards = count
        case .replicas:
            let count = try Self.number(value, of: key, in: 1...5)
            guard count % 2 == 1 else { throw .outOfRange(key, "1, 3 or 5") }
            replicas = count
        case .people: people = try Self.number(value, of: key, in: 1...100)
        case .safetyTime: safetyTime = try Self.time(value, of: key)
        case .thinkTime: thinkTime = try Self.time(value, of: key)
        case .without:
            guard SimulationSettings.disturbances.contains(value) else {
                throw .unknownFault(value)
            }
            leaveOut(value)
        case .fault:
            let parts = value.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, let kind = FaultKind(rawValue: String(parts[0])) else {
                throw .unknownFault(value)
            }
            let mean = try Self.time(String(parts[1]), of: key)
            faults.removeAll { $0.kind == kind }
            faults.append(FaultRate(kind: kind, mean: mean))
        case .canary:
            guard let named = Canary(name: value) else { throw .unknownCanary(value) }
            canary = named
        }
    }

    /// Leaves out what has this name, one of ``SimulationSettings/disturbances``.
    package mutating func leaveOut(_ name: String) {
        faults.removeAll { $0.kind.rawValue == name }
        if !without.contains(name) { without.append(name) }
    }

    /// The options that are not the seed's, in the order of the keys, as ``set(_:to:)`` takes them.
    package var written: [(key: Key, value: String)] {
        Key.allCases.flatMap { key in values(of: key).map { (key, $0) } }
    }

    private func values(of key: Key) -> [String] {
        switch key {
        case .nodes: nodes.map { ["\($0)"] } ?? []
        case .shards: shards.map { ["\($0)"] } ?? []
        case .replicas: replicas.map { ["\($0)"] } ?? []
        case .people: people.map { ["\($0)"] } ?? []
        case .safetyTime: safetyTime.map { ["\($0)"] } ?? []
        case .thinkTime: thinkTime.map { ["\($0)"] } ?? []
        case .without: without
        case .fault: faults.map { "\($0.kind.rawValue)=\($0.mean)" }
        case .canary: canary.map { ["\($0)"] } ?? []
        }
    }

    /// What `seed` draws, except where these options say otherwise.
    package func settings(seed: UInt64) -> SimulationSettings {
        var settings = SimulationSettings(seed: seed, nodeCount: nodes, replicaCount: replicas)
        if let shards { settings.shardCount = shards }
        if let people { settings.personCount = people }
        if let safetyTime { settings.safetyTime = safetyTime }
        if let thinkTime { settings.workload.thinkTime = thinkTime }
        for rate in faults { settings.faults.include(rate.kind, every: rate.mean) }
        for name in without { settings.leaveOut(name) }
        settings.canary = canary
        return settings
    }

    // MARK: Values

    private static func number(
        _ text: String, of key: Key, in range: ClosedRange<Int>
    ) throws(OptionError) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw .outOfRange(key, "\(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static let daySeconds: UInt64 = 86_400

    private static func time(_ text: String, of key: Key) throws(OptionError) -> Interval {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        if let number = UInt64(digits), number > 0 {
            switch text.dropFirst(digits.count) {
            case "s" where number <= daySeconds: return .seconds(number)
            case "ms" where number <= daySeconds * 1_000: return .milliseconds(number)
            default: break
            }
        }
        throw .outOfRange(key, "a time like 20s or 1500ms, at most a day")
    }
}

/// An option that cannot be.
package enum OptionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The value is not one that the key takes; what it takes.
    case outOfRange(SimulationOptions.Key, String)
    case unknownFault(String)
    case unknownCanary(String)

    package var description: String {
        switch self {
        case .outOfRange(let key, let words): "\(key.rawValue) is \(words)."
        case .unknownFault(let name):
            "There is no fault \(name); there are "
                + SimulationSettings.disturbances.joined(separator: ", ") + "."
        case .unknownCanary(let name):
            "There is no canary \(name); there are "
                + Canary.allCases.map { "\($0)" }.joined(separator: ", ") + "."
        }
    }
}
