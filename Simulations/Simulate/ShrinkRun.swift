internal import Simulator

/// Makes a failure small, and says how it is repeated then.
struct ShrinkRun {
    let seed: UInt64
    let options: SimulationOptions

    /// Searches; false, because the seed fails, unless it does not.
    func run() -> Bool {
        guard let property = broken(options) else {
            Terminal.tell("seed \(seed) passes: there is nothing to shrink")
            return true
        }
        Terminal.tell("seed \(seed) breaks \(property); looking for less that does")
        var shrinker = Shrinker(
            seed: seed, options: options, property: property, run: broken,
            told: { Terminal.tell("  still with \($0)") })
        shrinker.shrink()
        let report = outcome(shrinker.options).report
        for violation in report.violations.prefix(3) { Terminal.tell("✗ \(violation)") }
        let settings = shrinker.options.settings(seed: seed)
        Terminal.tell("after \(shrinker.runCount) runs: \(settings.words)")
        Terminal.tell("the least: \(Replay.advice(seed: seed, options: shrinker.options))")
        Terminal.print(
            "seeds \(seed)\n"
                + shrinker.options.written.map { "\($0.key.rawValue) \($0.value)" }
                .joined(separator: "\n"))
        return false
    }

    private func broken(_ options: SimulationOptions) -> String? {
        let report = outcome(options).report
        return report.verdict == .failed ? report.violations.first?.property : nil
    }

    private func outcome(_ options: SimulationOptions) -> RunOutcome {
        Runner.run(RunRequest(seed: seed, options: options))
    }
}
