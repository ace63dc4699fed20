import ArgumentParser
import ClientTransport

/// `chaticket-load idle`: connections that do nothing.
struct IdleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle",
        abstract: "Idle authenticated connections: memory of each, and the CPU of keeping them.",
        discussion: """
            Memory is the growth of the nodes' resident memory (VmRSS) while the connections were \
            opened, after the first --first of them, divided by their number. They ping as \
            clients do.
            """)

    @OptionGroup var run: RunOptions
    @OptionGroup var time: TimeOptions

    @Option(help: ArgumentHelp("How many connections.", valueName: "n"))
    var connections = 10_000

    @Option(help: ArgumentHelp("Connections before memory is looked at first.", valueName: "n"))
    var first = 200

    func validate() throws {
        guard 0...200_000 ~= connections, 0...100_000 ~= first else {
            throw ValidationError("--connections is 0 to 200000, --first 0 to 100000.")
        }
    }

    func run() async throws {
        try await run.running { try await report() }
    }

    private func report() async throws -> Report {
        let cluster = try LoadedCluster(run)
        let urls = cluster.urls
        let accounts = try await cluster.accounts()
        func seats(_ count: Int) -> [Seat] {
            (0..<count).map { number in
                Seat(
                    url: urls[number % urls.count], token: accounts[number % accounts.count].token,
                    room: nil, target: nil)
            }
        }
        let loadRun = cluster.run()
        if first > 0 { try await loadRun.connect(seats(first)) }
        try await Task.sleep(for: .seconds(time.warmup))
        let before = ProcessUse.sample(cluster.file.pids)
        let start = Moment.now
        if connections > 0 { try await loadRun.connect(seats(connections)) }
        let opening = Double(Moment.now - start) / 1e9
        try await Task.sleep(for: .seconds(time.warmup))
        let after = ProcessUse.sample(cluster.file.pids)
        let figures = try await loadRun.rest(seconds: time.duration)
        await loadRun.close()
        var report = Report("idle")
        run.describe(cluster.file, in: &report)
        report.set("connections", "\(connections)")
        let opened = ProcessUse(from: before, to: after)
        let grown =
            Double(opened.residentBytes) - Double(before.values.reduce(0) { $0 + $1.residentBytes })
        report.add(
            "memory_bytes_per_connection", "resident memory of all nodes per connection", grown,
            per: Double(connections), "bytes")
        if connections > 0 {
            report.add(
                "opened_per_s", "connections opened", Double(connections), per: opening, "/s")
        }
        report.add(
            "open_cpu_ms", "CPU of all nodes per connection opened",
            Double(opened.cpuNanoseconds) / 1e6, per: Double(connections), "ms")
        report.add(
            "idle_cpu_percent_per_node", "CPU of a node at rest",
            Double(figures.nodes.cpuNanoseconds) / 1e7 / Double(cluster.file.nodes.count),
            per: figures.seconds, "% of a core")
        report.add(
            "own_cpu_cores", "CPU of the generator", figures.ownCPU, per: figures.seconds, "cores")
        report.take(await loadRun.judge())
        return report
    }
}
