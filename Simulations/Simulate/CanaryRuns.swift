internal import Determinism
internal import Foundation

/// Lets each planted bug live, one at a time, and looks how many seeds it takes to find it.
///
/// Every search is a process of its own, because some bugs end it by a trap.
struct CanaryRuns {
    /// Which bugs are looked for, and for how long; all must be found.
    enum Form {
        /// Each within 500 seeds of each block.
        case whole(blockCount: Int)
        /// Those that a few seeds show, each within 64 seeds: a minute or two.
        case short

        var canaries: [Canary] {
            switch self {
            case .whole: Canary.allCases
            case .short: CanaryRuns.quick
            }
        }

        /// A bug that is not found within so many seeds is not found.
        var seedsMax: UInt64 {
            switch self {
            case .whole: 500
            case .short: 64
            }
        }

        var blockCount: Int {
            switch self {
            case .whole(let blockCount): blockCount
            case .short: 1
            }
        }
    }

    /// What has been found within 16 seeds; of every room.
    private static let quick: [Canary] = [
        .ackBeforeSync, .forgottenVote, .behindElected, .commitByMinority, .unconfirmedCommit,
        .keptConflict, .snapshotWithoutConfiguration, .lostDedupe, .doubleApply,
        .reusedIncarnation, .reversedIncarnation, .unreadTwice, .markGoesBack,
        .revokedSessionStays, .cursorBeforeData, .newIDOnResend, .lostField,
    ]

    /// Blocks are so far from each other.
    private static let blockSize: UInt64 = 500

    /// How one search ended.
    private struct Find: Sendable {
        let canary: Canary
        let block: UInt64
        /// How many seeds it took; nil when it was not found.
        var seedCount: Int?
        var property = ""
    }

    /// Which of the seeds that were run failed, counted from one, and by what.
    private struct Failure {
        let count: Int
        let property: String
    }

    let form: Form
    let jobs: Int

    /// Searches for all; whether all were found.
    func run() async throws -> Bool {
        let searches = form.canaries.flatMap { canary in
            (0..<UInt64(form.blockCount)).map { Find(canary: canary, block: $0) }
        }
        var finds: [Find] = []
        try await withThrowingTaskGroup(of: Find.self) { group in
            var rest = searches[...]
            let seedsMax = form.seedsMax
            for search in rest.prefix(jobs) {
                group.addTask { try Self.search(search, seedsMax: seedsMax) }
            }
            rest = rest.dropFirst(jobs)
            while let find = try await group.next() {
                finds.append(find)
                let same = finds.filter { $0.canary == find.canary }
                if same.count == form.blockCount {
                    Terminal.clearProgress()
                    tell(find.canary, same)
                }
                Terminal.showProgress("\(finds.count) of \(searches.count) searches")
                if let next = rest.popFirst() {
                    group.addTask { try Self.search(next, seedsMax: seedsMax) }
                }
            }
        }
        Terminal.clearProgress()
        let missed = finds.count { $0.seedCount == nil }
        let medians = finds.compactMap(\.seedCount).sorted()
        Terminal.tell(
            "\(finds.count - missed) of \(finds.count) searches found their bug"
                + (medians.isEmpty ? "" : ", median \(medians[medians.count / 2]) seeds"))
        return missed == 0
    }

    private func tell(_ canary: Canary, _ finds: [Find]) {
        let counts = finds.compactMap(\.seedCount).sorted()
        let found = finds.filter { $0.seedCount != nil }
        let properties = Set(found.map(\.property)).sorted().joined(separator: ", ")
        Terminal.tell(
            "\(counts.count == finds.count ? "found" : "MISSED") \(canary): in \(counts.count) of "
                + "\(finds.count) blocks of \(form.seedsMax) seeds"
                + (counts.isEmpty
                    ? "" : ", median \(counts[counts.count / 2]) seeds, by \(properties)"))
    }

    /// Runs seeds of the block until one fails that would not without the bug.
    private static func search(_ search: Find, seedsMax: UInt64) throws -> Find {
        var find = search
        let first = search.block * blockSize + 1
        var next = first
        let last = first + seedsMax - 1
        while next <= last {
            let run = try simulate([
                "--seeds", "\(next)..\(last)", "--canary", "\(search.canary)", "--until-failure",
            ])
            guard let failed = run else { return find }
            let seed = next + UInt64(failed.count) - 1
            let isInnocent = try simulate(["--seed", "\(seed)"]) == nil
            if isInnocent {
                find.seedCount = Int(seed - first) + 1
                find.property = failed.property
                return find
            }
            Terminal.tell("seed \(seed) fails without \(search.canary) too")
            next = seed + 1
        }
        return find
    }

    /// Runs this program again, until a seed fails or all have passed.
    private static func simulate(_ arguments: [String]) throws -> Failure? {
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments = arguments + ["--json", "--jobs", "1"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        if process.terminationReason == .uncaughtSignal {
            return Failure(count: lines.count + 1, property: "a trap")
        }
        guard let last = lines.last, last.contains("\"verdict\":\"failed\"") else { return nil }
        let words = last.split(separator: "\"", omittingEmptySubsequences: false)
        let property = words.firstIndex(of: "property").map { String(words[$0 + 2]) }
        return Failure(count: lines.count, property: property ?? "an unknown property")
    }
}
