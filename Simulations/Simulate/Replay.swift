internal import Foundation
internal import Simulator

/// How a run is run again.
enum Replay {
    /// The one command.
    static func command(seed: UInt64, options: SimulationOptions, _ more: String = "") -> String {
        let flags = CanaryBuild.isOne ? CanaryBuild.buildFlags + " " : ""
        let written = options.written.map { " --\($0.key.rawValue) \($0.value)" }.joined()
        return "swift run -c release \(flags)simulate --seed \(seed)\(written)\(more)"
    }

    /// The commit that the sources are at, if it can be known: of the environment, or of git.
    static let commit: String? = {
        if let given = ProcessInfo.processInfo.environment["CHATICKET_COMMIT"] { return given }
        let git = Process()
        git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        git.arguments = ["git", "describe", "--always", "--dirty"]
        let output = Pipe()
        git.standardOutput = output
        git.standardError = FileHandle.nullDevice
        guard (try? git.run()) != nil else { return nil }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        git.waitUntilExit()
        guard git.terminationStatus == 0 else { return nil }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }()

    /// The command, and the commit at which it gives the same.
    static func advice(seed: UInt64, options: SimulationOptions) -> String {
        command(seed: seed, options: options, " --trace --verbose")
            + (commit.map { "  (at commit \($0))" } ?? "")
    }
}

/// Whether the planted bugs are compiled in.
enum CanaryBuild {
    #if CANARIES
        static let isOne = true
    #else
        static let isOne = false
    #endif

    static let buildFlags = "-Xswiftc -DCANARIES --scratch-path .build/canaries"

    static let advice =
        "The planted bugs are not in this build; they are in the one that "
        + "`swift build -c release \(buildFlags) --product simulate` makes."
}
