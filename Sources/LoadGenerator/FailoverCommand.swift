import ArgumentParser
import ClientTransport
import Glibc
import Identity
import NIOCore
import Wire

/// `chaticket-load failover`: the node that owns a chat dies.
struct FailoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "failover",
        abstract: "Kill or freeze the node that owns a chat: the longest gap in acknowledgements.",
        discussion: """
            --clients clients, spread over all nodes, write into one chat by turns; each is \
            driven by the client core that every client is built on and so finds another node by \
            itself. The owner's process, which cluster/up must have started on this machine, gets \
            SIGKILL (or SIGSTOP with --freeze); the gap ends with the next acknowledgement of any \
            client. Then the node is started again (or goes on), and so on. In the end every \
            client's copy of the chat has to hold every acknowledged message once.
            """)

    @OptionGroup var run: RunOptions

    @Flag(help: "SIGSTOP instead of SIGKILL.")
    var freeze = false

    @Option(help: ArgumentHelp("How many deaths, one after the other.", valueName: "n"))
    var times = 5

    @Option(help: ArgumentHelp("How many clients.", valueName: "n"))
    var clients = 9

    @Option(help: ArgumentHelp("Messages in a second, of all clients.", valueName: "n"))
    var rate: UInt64 = 100

    @Option(help: ArgumentHelp("Seconds of calm before each death.", valueName: "s"))
    var calm: UInt64 = 5

    private static let gapSecondsMax: UInt64 = 30

    func validate() throws {
        guard 1...1_000 ~= times, 1...300 ~= clients, 1...10_000 ~= rate, 1...600 ~= calm else {
            throw ValidationError(
                "--times is 1 to 1000, --clients 1 to 300, --rate 1 to 10000, --calm 1 to 600.")
        }
    }

    func run() async throws {
        try await run.running { try await report() }
    }

    private func report() async throws -> Report {
        var cluster = try LoadedCluster(run)
        let connector = cluster.connector
        let chat = try await cluster.chats(
            1, memberCount: 30, purpose: "failover", among: try await cluster.accounts())[0]
        let crowd = FailoverCrowd(
            connector, chat, urls: cluster.file.nodes.map(\.url), count: clients)
        await crowd.start()
        try await crowd.untilLive()
        await crowd.begin(rate: rate)
        var report = Report("failover")
        run.describe(cluster.file, in: &report)
        report.set("signal", freeze ? "SIGSTOP" : "SIGKILL")
        report.set("rate", "\(rate)")
        var gaps: [UInt64] = []
        var calmest: UInt64 = 0
        for time in 1...times {
            try await Task.sleep(for: .seconds(calm))
            calmest = max(calmest, await crowd.longestGap)
            let owner = try owner(of: chat.id, cluster.file)
            let process = try NodeProcess(owner)
            await crowd.watch()
            process.signal(freeze ? SIGSTOP : SIGKILL)
            let gap = try await crowd.gap(secondsMax: FailoverCommand.gapSecondsMax)
            gaps.append(gap)
            Progress.tell(
                "death \(time): node \(owner.id), a gap of \(Report.number(Double(gap) / 1e6)) ms")
            try await revive(process, &cluster.file, connector)
            try await crowd.untilLive()
            await crowd.watch()
        }
        try await Task.sleep(for: .seconds(1))
        try await crowd.finish(&report)
        gaps.sort()
        report.add("deaths", "deaths", Double(gaps.count), "")
        let middle = gaps[gaps.count / 2]
        report.add("gap_p50_ms", "longest gap in acks, p50", Double(middle) / 1e6, "ms")
        let last = gaps[min(gaps.count - 1, gaps.count * 99 / 100)]
        report.add("gap_p99_ms", "longest gap in acks, p99", Double(last) / 1e6, "ms")
        report.add("calm_gap_ms", "longest gap while nothing dies", Double(calmest) / 1e6, "ms")
        return report
    }

    /// The owner, as a majority of the nodes that answer names it.
    private func owner(of chat: ChatID, _ cluster: ClusterFile) throws -> ClusterFile.Node {
        var votes: [UInt64: Int] = [:]
        for node in cluster.nodes {
            guard let owner = try NodeProcess(node).owner(of: chat.text) else { continue }
            votes[owner, default: 0] += 1
        }
        guard let (id, count) = votes.max(by: { $0.value < $1.value }),
            count * 2 > cluster.nodes.count, let node = cluster.nodes.first(where: { $0.id == id })
        else { throw LoadFailure.noOwner("the nodes name \(votes)") }
        return node
    }

    private func revive(
        _ process: NodeProcess, _ cluster: inout ClusterFile, _ connector: ClientConnector
    ) async throws {
        if freeze {
            process.signal(SIGCONT)
        } else {
            let pid = try process.start()
            guard cluster.setPID(pid, of: process.node.id) else {
                throw LoadFailure.noProcess("\(cluster.path) cannot be written")
            }
        }
        let asker = NodeAsker(connector, process.node.url)
        let request = NodeRequest("GET", "/readyz")
        for _ in 0..<600 {
            if let answer = try? await asker.ask(request, timeout: .seconds(2)),
                answer.status == 200
            {
                await asker.close()
                return
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw LoadFailure.notResumed("node \(process.node.id) is not ready again")
    }
}
