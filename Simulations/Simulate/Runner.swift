internal import Determinism
internal import Simulator

/// One run that is wanted.
struct RunRequest: Sendable {
    let seed: UInt64
    let options: SimulationOptions
    /// Whether it runs a second time, to see that it is the same.
    var isTwice = false
    /// Whether the last events of a run that fails are told, for which it runs again.
    var tellsFailure = false
    /// Whether they are told whatever comes of it.
    var keepsTail = false
}

/// What came of it.
struct RunOutcome: Sendable {
    let request: RunRequest
    let report: SimulationReport
    /// Time of one core.
    let seconds: Double
}

/// Runs many seeds on several threads. A run stays on the thread on which it began, because marks,
/// perturbations and canaries belong to the thread; runs share nothing.
enum Runner {
    /// Runs one seed, here and now.
    static func run(_ request: RunRequest) -> RunOutcome {
        let begun = Terminal.threadSeconds
        let settings = request.options.settings(seed: request.seed)
        TrapNotice.begin(Replay.command(seed: request.seed, options: request.options))
        defer { TrapNotice.end() }
        var report = Simulation(settings: settings, keepsTail: request.keepsTail).run()
        let isTold = !report.hasPassed && !request.keepsTail && request.tellsFailure
        if request.isTwice || isTold {
            let again = Simulation(settings: settings, keepsTail: true).run()
            report.tail = again.tail
            if !again.equals(report) {
                report.add(
                    "determinism",
                    "the second run has the hash \(String(again.hash, radix: 16)) and "
                        + "\(again.eventCount) events, the first "
                        + "\(String(report.hash, radix: 16)) and \(report.eventCount)")
            }
        }
        return RunOutcome(
            request: request, report: report, seconds: Terminal.threadSeconds - begun)
    }

    /// Runs `requests`, `jobs` at a time, and hands over the outcomes in the order of the requests
    /// until `receive` answers false.
    static func run(
        _ requests: some Sequence<RunRequest>, jobs: Int, receive: (RunOutcome) -> Bool
    ) async {
        await withTaskGroup(of: (Int, RunOutcome).self) { group in
            var iterator = requests.makeIterator()
            var begun = 0
            func begin(_ request: RunRequest) {
                let number = begun
                begun += 1
                group.addTask { (number, run(request)) }
            }
            for _ in 0..<jobs { iterator.next().map(begin) }
            var early: [Int: RunOutcome] = [:]
            var received = 0
            while let (number, outcome) = await group.next() {
                early[number] = outcome
                while let next = early.removeValue(forKey: received) {
                    received += 1
                    guard receive(next) else { return group.cancelAll() }
                }
                iterator.next().map(begin)
            }
        }
    }
}
