import ArgumentParser

/// `chaticket-load pressure`: twice as much as the cluster takes.
struct PressureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pressure",
        abstract: "Twice as many messages as the cluster takes: what it accepts, and how soon.",
        discussion: """
            Measures a quiet load, then how many messages a second the cluster takes, then sends \
            twice as many by the clock for --duration seconds. A connection that is told to wait \
            waits as long as it is told, and has one message on its way at a time, as clients do. \
            Latency under pressure counts from the attempt that was accepted: what was refused was \
            answered at once. In the end every message that ever left must be there once.
            """)

    @OptionGroup var run: RunOptions

    @Option(help: ArgumentHelp("Seconds of pressure.", valueName: "s"))
    var duration: UInt64 = 60

    @Option(help: ArgumentHelp("Messages in a second of the quiet load.", valueName: "n"))
    var quiet: UInt64 = 200

    @Option(help: ArgumentHelp("How many chats of three.", valueName: "n"))
    var chats = 1_000

    private static let calibrationSeconds: UInt64 = 15

    func validate() throws {
        guard 1...3_600 ~= duration, 1...10_000 ~= quiet, 1...10_000 ~= chats else {
            throw ValidationError(
                "--duration is 1 to 3600, --quiet 1 to 10000, --chats 1 to 10000.")
        }
    }

    func run() async throws {
        try await run.running { try await report() }
    }

    private func report() async throws -> Report {
        let cluster = try LoadedCluster(run)
        let rooms = try await cluster.chats(
            chats, memberCount: 3, purpose: "chats", among: try await cluster.accounts())
        var settings = LoadEngine.Settings()
        settings.isBeyond = true
        let loadRun = cluster.run(settings)
        try await cluster.open(rooms, in: loadRun) { _ in 3 }
        Progress.tell("measuring the quiet load")
        let calm = try await loadRun.measure(
            .rate(quiet), warmup: 5, seconds: PressureCommand.calibrationSeconds)
        Progress.tell("measuring what the cluster takes")
        let most = try await loadRun.measure(
            .saturated(outstanding: 64), warmup: 5, seconds: PressureCommand.calibrationSeconds)
        let rate = UInt64(2 * most.acks / most.seconds) + 1
        Progress.tell("sending \(rate) messages a second")
        let before = ProcessUse.sample(cluster.file.pids)
        let pressed = try await loadRun.measure(.rate(rate), warmup: 0, seconds: duration)
        await loadRun.close()
        var report = Report("pressure")
        run.describe(cluster.file, in: &report)
        report.set("chats", "\(chats)")
        report.set("rate", "\(rate)")
        report.set("seconds", "\(duration)")
        report.add("quiet_latency", "ack latency, quiet", calm.latency)
        report.add("saturated_acks_per_s", "acks, saturated", most.acks, per: most.seconds, "/s")
        report.add("acks_per_s", "acks under pressure", pressed.acks, per: pressed.seconds, "/s")
        report.add("accepted_latency", "ack latency of what was accepted", pressed.latency)
        report.add(
            "p99_ratio", "its p99 in terms of the quiet one", Double(pressed.latency.p99),
            per: Double(calm.latency.p99), "")
        report.add(
            "refused", "attempts that were told to wait",
            Double(pressed.count.errorCount - most.count.errorCount), "")
        report.add(
            "slow_downs", "frames slowDown", Double(pressed.count.slowDowns - most.count.slowDowns),
            "")
        report.add("unsent", "messages that never left", Double(pressed.count.unsent), "")
        let resident = Double(ProcessUse(from: before, to: before).residentBytes)
        report.add(
            "memory_growth_percent", "growth of the nodes' resident memory",
            100 * (Double(pressed.nodes.residentBytes) - resident), per: resident, "%")
        report.take(await loadRun.judge())
        return report
    }
}
