internal import Simulator

/// Measures membership and placement at the sizes that the Architecture article shows.
struct ScaleRun {
    let seed: UInt64
    /// One object of JSON instead of tables.
    let isJSON: Bool

    /// Prints the report; the time that it took goes to whoever watches.
    func run() -> Bool {
        let clock = ContinuousClock()
        let begin = clock.now
        let report = ScaleReport(seed: seed, tell: Terminal.showProgress)
        Terminal.clearProgress()
        Terminal.print(isJSON ? report.json : report.text)
        Terminal.tell("seed \(seed), measured in \((clock.now - begin).components.seconds) s")
        return true
    }
}
