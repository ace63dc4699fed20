import ArgumentParser
import ClientTransport
import Identity
import Wire

/// How messages are sent in the scenarios that send any.
struct LoadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Messages in a second, by the clock: an open loop.", valueName: "n"))
    var rate: UInt64?

    @Flag(help: "As many messages as the cluster takes: a closed loop.")
    var saturate = false

    @Option(help: ArgumentHelp("Messages on their way at a time, with --saturate.", valueName: "n"))
    var outstanding = 64

    @Option(help: ArgumentHelp("Bytes in each message.", valueName: "n"))
    var bytes = 128

    @Option(
        help: ArgumentHelp(
            "Accounts to share between the connections (default: as many as a chat has members, at "
                + "least 30, at most 100).", valueName: "n"))
    var accounts: Int?

    @Flag(
        help: """
            Afterwards move the same bytes between as many bare sockets and one bare fan-out \
            server, and print the ratio.
            """)
    var baseline = false

    func validate() throws {
        guard (rate != nil) != saturate else {
            throw ValidationError("Give either --rate or --saturate.")
        }
        if let rate, !(1...1_000_000 ~= rate) { throw ValidationError("--rate is 1 to 1000000.") }
        guard 1...100_000 ~= outstanding, 16...4_096 ~= bytes else {
            throw ValidationError("--outstanding is 1 to 100000, --bytes 16 to 4096.")
        }
        if let accounts, accounts < 1 { throw ValidationError("--accounts is at least 1.") }
    }

    /// The load that these options ask for.
    var load: LoadRun.Load { rate.map { .rate($0) } ?? .saturated(outstanding: outstanding) }
}

/// A run of messages in chats that all have as many connections: many small ones, or one big room.
struct MessageLoad {
    let run: RunOptions
    let time: TimeOptions
    let load: LoadOptions
    let scenario: String
    let kind: ClientChatKind
    let chatCount: Int
    /// Connections that follow each chat.
    let readerCount: Int
    /// Accounts that are members of each chat; the connections share them.
    let memberCount: Int
    /// Connections more in the first chat that read nothing, in a second measurement.
    var stalledCount = 0

    /// Sets everything up, measures and judges.
    func report() async throws -> Report {
        let cluster = try LoadedCluster(run)
        let accountCount = max(memberCount, load.accounts ?? max(30, min(100, memberCount)))
        let chats = try await cluster.chats(
            chatCount, kind: kind, memberCount: memberCount, purpose: scenario,
            among: try await cluster.accounts(accountCount))
        var settings = LoadEngine.Settings()
        settings.textByteCount = load.bytes
        let loadRun = cluster.run(settings)
        try await cluster.open(chats, in: loadRun) { _ in readerCount }
        Progress.tell("measuring")
        let figures = try await loadRun.measure(
            load.load, warmup: time.warmup, seconds: time.duration)
        var report = Report(scenario)
        describe(cluster.file, in: &report)
        report.add(figures, isOpen: load.load.isOpen)
        if stalledCount > 0 {
            report.addStalled(
                try await measureStalled(cluster, chats[0], loadRun), count: stalledCount,
                against: figures)
        }
        await loadRun.close()
        report.take(await loadRun.judge())
        if load.baseline {
            let baseline = try await BaselineRun(
                connector: cluster.connector, chatCount: chatCount, readerCount: readerCount,
                sendByteCount: figures.sendByteCount, deliveryByteCount: figures.deliveryByteCount,
                load: load.load, time: time
            ).measure()
            report.add(baseline, against: figures)
        }
        return report
    }

    private func measureStalled(
        _ cluster: LoadedCluster, _ chat: ChatBook.Chat, _ loadRun: LoadRun
    ) async throws -> LoadRun.Figures {
        Progress.tell("measuring with \(stalledCount) connections that read nothing")
        let readers = StalledReaders(cluster.connector)
        try await readers.open(stalledCount, in: chat, urls: cluster.urls)
        let figures = try await loadRun.measure(load.load, warmup: 0, seconds: time.duration)
        await readers.close()
        return figures
    }

    private func describe(_ cluster: ClusterFile, in report: inout Report) {
        run.describe(cluster, in: &report)
        report.set("kind", kind.rawValue)
        report.set("chats", "\(chatCount)")
        report.set("connectionsPerChat", "\(readerCount)")
        report.set("accountsPerChat", "\(memberCount)")
        report.set("bytes", "\(load.bytes)")
        switch load.load {
        case .rate(let rate): report.set("rate", "\(rate)")
        case .saturated(let outstanding): report.set("outstanding", "\(outstanding)")
        }
        report.set("seconds", "\(time.duration)")
    }
}

extension Report {
    /// What connections that read nothing cost the others.
    mutating func addStalled(
        _ figures: LoadRun.Figures, count: Int, against before: LoadRun.Figures
    ) {
        let with = "with \(count) that read nothing"
        add("stalled_ack_latency", "ack latency \(with)", figures.latency)
        add(
            "stalled_deliveries_per_s", "deliveries \(with)", figures.deliveries,
            per: figures.seconds, "/s")
        add(
            "stalled_p99_ratio", "p99 \(with), in terms of that without",
            Double(figures.latency.p99), per: Double(before.latency.p99), "")
        add(
            "stalled_memory_growth_mb", "growth of the nodes' resident memory \(with)",
            (Double(figures.nodes.residentBytes) - Double(before.nodes.residentBytes)) / 1e6,
            "MB")
    }

    /// The figures of a run of messages.
    mutating func add(_ figures: LoadRun.Figures, isOpen: Bool) {
        let nodeCPU = Double(figures.nodes.cpuNanoseconds)
        add("acks_per_s", "durable acks", figures.acks, per: figures.seconds, "/s")
        add(
            "ack_latency",
            isOpen ? "ack latency from the intended time" : "ack latency from sending",
            figures.latency)
        add("deliveries_per_s", "deliveries", figures.deliveries, per: figures.seconds, "/s")
        add(
            "node_cpu_ms_per_ack", "CPU of all nodes per ack, its deliveries included",
            nodeCPU / 1e6, per: figures.acks, "ms")
        add(
            "node_cpu_s_per_million_deliveries", "CPU of all nodes per million deliveries",
            nodeCPU / 1e9 * 1e6, per: figures.deliveries, "s")
        add("node_cpu_cores", "CPU of all nodes", nodeCPU / 1e9, per: figures.seconds, "cores")
        add("own_cpu_cores", "CPU of the generator", figures.ownCPU, per: figures.seconds, "cores")
        add(
            "disk_bytes_per_message", "written to disk by all nodes per message",
            Double(figures.nodes.writtenBytes), per: figures.acks, "bytes")
        add(
            "node_resident_mb", "resident memory of all nodes",
            Double(figures.nodes.residentBytes) / 1e6, "MB")
        add(
            "advanced_frames", "pushes left out for slow readers", Double(figures.count.advanced),
            "")
        add(
            "error_frames", "errors that were tried again", Double(figures.count.errorCount), "")
        add("slow_downs", "frames slowDown", Double(figures.count.slowDowns), "")
    }
}
