import ArgumentParser

/// `chaticket-load reconnect`: a storm.
struct ReconnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconnect",
        abstract: "All clients lose their connections at once and come back.",
        discussion: """
            Each follows one of --chats chats and comes back with its position there. Live means \
            that everything that was missed has come.
            """)

    @OptionGroup var run: RunOptions

    @Option(help: ArgumentHelp("How many clients.", valueName: "n"))
    var clients = 5_000

    @Option(help: ArgumentHelp("How many chats they follow.", valueName: "n"))
    var chats = 100

    @Option(help: ArgumentHelp("How many storms, one after the other.", valueName: "n"))
    var storms = 3

    func validate() throws {
        guard 1...100_000 ~= clients, 1...10_000 ~= chats, 1...100 ~= storms else {
            throw ValidationError(
                "--clients is 1 to 100000, --chats 1 to 10000, --storms 1 to 100.")
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
        settings.reconnects = true
        let loadRun = cluster.run(settings)
        // As many in each, and the rest one by one from the first.
        try await cluster.open(rooms, in: loadRun) { room in
            (clients - room + rooms.count - 1) / rooms.count
        }
        var report = Report("reconnect")
        run.describe(cluster.file, in: &report)
        report.set("clients", "\(clients)")
        for storm in 1...storms {
            Progress.tell("storm \(storm)")
            let before = ProcessUse.sample(cluster.file.pids)
            let summary = try await loadRun.storm()
            let use = ProcessUse(from: before, to: ProcessUse.sample(cluster.file.pids))
            report.add("storm\(storm)_live", "storm \(storm): live again", summary)
            report.add(
                "storm\(storm)_cpu_ms", "storm \(storm): CPU of all nodes per client",
                Double(use.cpuNanoseconds) / 1e6, per: Double(clients), "ms")
            try await Task.sleep(for: .seconds(3))
        }
        await loadRun.close()
        report.take(await loadRun.judge())
        return report
    }
}
