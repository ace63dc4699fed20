internal import Determinism
internal import Simulator

/// The speed under a fixed load: 5 nodes, 64 shards, 200 messages a second, no faults, on one core.
struct ProfileRun {
    /// Simulated time is to go so many times as fast as real time.
    private static let ratioMin = 100.0

    /// Measures; whether it is fast enough.
    func run() -> Bool {
        let begun = Terminal.threadSeconds
        let report = Simulation(settings: .profile).run()
        let seconds = Terminal.threadSeconds - begun
        let simulated = Double(report.time.nanoseconds) / 1e9
        let ratio = simulated / max(0.001, seconds)
        Terminal.tell(
            Terminal.table([
                ("simulated", "\(report.time)"), ("time of one core", "\(Int(seconds * 1_000))ms"),
                ("events", "\(report.eventCount)"),
                ("messages acknowledged", "\(report.counters.acks)"),
                ("events per second", "\(Int(Double(report.eventCount) / max(0.001, seconds)))"),
                ("ratio", "\(Int(ratio)) × as fast (at least \(Int(Self.ratioMin)) are wanted)"),
                ("hash", String(report.hash, radix: 16)),
            ]))
        for violation in report.violations.prefix(3) { Terminal.tell("✗ \(violation)") }
        return report.hasPassed && ratio >= Self.ratioMin
    }
}
