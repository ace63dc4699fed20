import ArgumentParser

/// `chaticket-load rebalance`: a node joins under load.
struct RebalanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebalance",
        abstract: "Add a node while messages flow: how long shards move, and what senders feel.",
        discussion: """
            Measures --calm seconds of the load, then has cluster/up add a node to the cluster and \
            goes on until every replica is where the new placement wants it. The cluster has one \
            node more afterwards; cluster/up --fresh makes it small again. Latency counts from the \
            moment at which a message was meant to be sent.
            """)

    @OptionGroup var run: RunOptions

    @Option(help: ArgumentHelp("Messages in a second, by the clock.", valueName: "n"))
    var rate: UInt64 = 200

    @Option(help: ArgumentHelp("How many chats of three.", valueName: "n"))
    var chats = 100

    @Option(
        help: ArgumentHelp(
            "Messages of 128 bytes that are sent before, so that there is something to move.",
            valueName: "n"))
    var messages: UInt64 = 100_000

    @Option(help: ArgumentHelp("Seconds of calm that are measured first.", valueName: "s"))
    var calm: UInt64 = 20

    @Option(help: ArgumentHelp("The script that adds the node.", valueName: "file"))
    var up = "cluster/up"

    private static let settledSecondsMax = 600
    private static let nodesMax = 9

    func validate() throws {
        guard 1...10_000 ~= rate, 1...10_000 ~= chats, 0...10_000_000 ~= messages, 1...3_600 ~= calm
        else {
            throw ValidationError(
                "--rate and --chats are 1 to 10000, --messages 0 to 10000000, --calm 1 to 3600.")
        }
    }

    func run() async throws {
        try await run.running { try await report() }
    }

    private func report() async throws -> Report {
        var cluster = try LoadedCluster(run)
        guard cluster.file.nodes.count < RebalanceCommand.nodesMax else {
            throw LoadFailure.noCluster("cluster/up makes no more than nine nodes")
        }
        let rooms = try await cluster.chats(
            chats, memberCount: 3, purpose: "chats", among: try await cluster.accounts())
        let loadRun = cluster.run()
        try await cluster.open(rooms, in: loadRun) { _ in 3 }
        Progress.tell("sending \(messages) messages")
        try await loadRun.fill(messages, outstanding: 256)
        Progress.tell("measuring the calm")
        let quiet = try await loadRun.measure(.rate(rate), warmup: 2, seconds: calm)
        Progress.tell("adding a node")
        let grown = Growth(file: cluster.file, script: up)
        let before = ProcessUse.sample(cluster.file.pids)
        let moving = try await loadRun.measure(.rate(rate)) {
            try await grown.addNode()
            try await grown.untilSettled(secondsMax: RebalanceCommand.settledSecondsMax)
        }
        cluster.file = try run.cluster()
        let use = ProcessUse(from: before, to: ProcessUse.sample(cluster.file.pids))
        await loadRun.close()
        var report = Report("rebalance")
        run.describe(cluster.file, in: &report)
        report.set("rate", "\(rate)")
        report.set("messagesBefore", "\(messages)")
        report.add("settled_s", "until every replica is in its place", moving.seconds, "s")
        report.add("calm_latency", "ack latency before", quiet.latency)
        report.add("moving_latency", "ack latency while shards move", moving.latency)
        report.add("acks_per_s", "durable acks meanwhile", moving.acks, per: moving.seconds, "/s")
        report.add(
            "written_mb", "written to disk meanwhile by all nodes",
            Double(use.writtenBytes) / 1e6, "MB")
        report.add(
            "node_cpu_cores", "CPU of all nodes meanwhile",
            Double(use.cpuNanoseconds) / 1e9, per: moving.seconds, "cores")
        report.take(await loadRun.judge())
        return report
    }
}

/// One node more for a cluster of `cluster/up`.
private struct Growth {
    let file: ClusterFile
    let script: String

    /// Has the script add a node; returns when it is ready.
    func addNode() async throws {
        let program = try NodeProcess(file.nodes[0]).program
        let code = try await ChildProcess.exitCode(
            script,
            ["--detach", "--nodes", "\(file.nodes.count + 1)", "--directory", file.directory],
            environment: ["CHATICKET_BINARY": program])
        guard code == 0 else {
            throw LoadFailure.noProcess("\(script) added no node; run it by hand to see why")
        }
    }

    /// Waits until the first node says that every replica is in its place.
    func untilSettled(secondsMax: Int) async throws {
        let process = try NodeProcess(file.nodes[0])
        for _ in 0..<secondsMax {
            let arguments = ["cluster", "status", "--check", "--data", process.node.data]
            if try await ChildProcess.exitCode(process.program, arguments) == 0 { return }
            try await Task.sleep(for: .seconds(1))
        }
        throw LoadFailure.notTaken("all replicas in their places")
    }
}
