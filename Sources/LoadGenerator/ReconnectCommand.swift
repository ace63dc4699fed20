import ArgumentParser
import Identity
import Wire

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
        let cluster = try run.cluster()
        let connector = try run.connector(for: cluster)
        let urls = try run.urls(of: cluster)
        let accounts = try await AccountBook(cluster: cluster, connector: connector).accounts(30)
        let rooms = try await ChatBook(
            cluster: cluster, connector: connector, memberCount: 3, purpose: "chats"
        ).chats(chats, among: accounts)
        var settings = LoadEngine.Settings()
        settings.reconnects = true
        let loadRun = LoadRun(connector, settings, pids: cluster.pids)
        var seats: [Seat] = []
        for (index, chat) in rooms.enumerated() {
            let readers = (clients - index + rooms.count - 1) / rooms.count
            guard readers > 0 else { continue }
            let number = await loadRun.addChat(readerCount: readers, base: chat.cursor.seq)
            for reader in 0..<readers {
                let room = Seat.Room(
                    chat: chat.id, number: number, reader: reader, epoch: chat.cursor.epoch)
                seats.append(
                    Seat(
                        url: urls[seats.count % urls.count],
                        token: chat.members[reader % chat.members.count].token, room: room,
                        target: chat.id))
            }
        }
        Progress.tell("opening \(seats.count) connections")
        try await loadRun.connect(seats)
        var report = Report("reconnect")
        run.describe(cluster, in: &report)
        report.set("clients", "\(clients)")
        for storm in 1...storms {
            Progress.tell("storm \(storm)")
            let before = ProcessUse.sample(cluster.pids)
            let summary = try await loadRun.storm()
            let use = ProcessUse(from: before, to: ProcessUse.sample(cluster.pids))
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
