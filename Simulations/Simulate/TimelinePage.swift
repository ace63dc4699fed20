internal import ArgumentParser
internal import Foundation
internal import Simulator

// A manifest that declares only cores and simulator has no page, and everything else.
#if canImport(CTimelinePage)
    internal import CTimelinePage
#endif

/// Writes a run as a page for a browser: one file that needs nothing else.
struct TimelinePage {
    private static let place = "/*DATA*/"

    let seed: UInt64
    let options: SimulationOptions
    let path: String

    /// Runs the seed and writes the page; whether the run passed.
    func run() throws -> Bool {
        guard let page = Self.empty else {
            throw ValidationError("This build has no page: its manifest leaves CTimelinePage out.")
        }
        let settings = options.settings(seed: seed)
        let (report, timeline) = Simulation(settings: settings).runRecorded()
        let data = timeline.json(
            title: "Seed \(seed)", settings: settings.words, verdict: report.verdict.word,
            violations: report.violations.prefix(5).map(\.description))
        let parts = page.components(separatedBy: Self.place)
        precondition(parts.count == 2, "the page has one place for its data")
        do {
            try (parts[0] + data + parts[1]).write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw ValidationError("\(path) cannot be written: \(error.localizedDescription)")
        }
        for violation in report.violations.prefix(5) { Terminal.tell("✗ \(violation)") }
        Terminal.tell(
            "seed \(seed): \(report.verdict.word), \(report.time) simulated, "
                + "\(timeline.messageCount) messages in \(path)")
        return report.hasPassed
    }

    /// The page without data; nil in a build without it.
    private static var empty: String? {
        #if canImport(CTimelinePage)
            // SAFETY: the C target owns the bytes as long as the process lives, and counts them.
            String(
                decoding: UnsafeBufferPointer(
                    start: chaticket_timeline_page(), count: chaticket_timeline_page_count()),
                as: UTF8.self)
        #else
            nil
        #endif
    }
}
