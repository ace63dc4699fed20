internal import Determinism
internal import Foundation

/// Lets each planted bug live, one at a time, and looks how many seeds it takes to find it.
///
/// Every search is a process of its own, because some bugs end it by a trap.
struct CanaryRuns {
    /// A bug that is not found within so many seeds is not found.
    private static let seedsMax: UInt64 = 500

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

    let blockCount: Int
    let jobs: Int

    /// Searches for all; whether each was found in every block.
    func run() async throws -> Bool {
        let searches = Canary.allCases.flatMap { canary in
            (0..<UInt64(blockCount)).map { Find(canary: canary, block: $0) }
        }
        var finds: [Find] = []
        try await withThrowingTaskGroup(of: Find.self) { group in
            var rest = searches[...]
            for search in rest.prefix(jobs) { group.addTask { try Self.search(search) } }
            rest = rest.dropFirst(jobs)
            while let find = try await group.next() {
                finds.append(find)
                Terminal.showProgress("\(finds.count) of \(searches.count) searches")
                if let next = rest.popFirst() { group.addTask { try Self.search(next) } }
            }
        }
        Terminal.clearProgress()
        var isComplete = true
        for canary in Canary.allCases {
            let found = finds.filter { $0.canary == canary && $0.seedCount != nil }
            let counts = found.compactMap(\.seedCount).sorted()
            let properties = Set(found.map(\.property)).sorted().joined(separator: ", ")
            isComplete = isComplete && counts.count == blockCount
            Terminal.tell(
                "\(counts.count == blockCount ? "found" : "MISSED") \(canary): in "
                    + "\(counts.count) of \(blockCount) blocks"
                    + (counts.isEmpty
                        ? "" : ", median \(counts[counts.count / 2]) seeds, by \(properties)"))
        }
        return isComplete
    }

    /// Runs seeds of the block until one fails that would not without the bug.
    private static func search(_ search: Find) throws -> Find {
        var find = search
        let first = search.block * seedsMax + 1
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
