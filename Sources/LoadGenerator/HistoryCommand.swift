import ArgumentParser
import ClientTransport
import Identity
import Wire

/// `chaticket-load history`: pages of a long chat.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "The newest 50 messages, and 50 from the middle, of a long chat.",
        discussion: """
            Fills a chat up to --messages first; the next run uses it again. Then asks for pages \
            by HTTP over one open connection, one after the other, --requests of each kind, and \
            checks what is in them.
            """)

    @OptionGroup var run: RunOptions

    @Option(help: ArgumentHelp("Messages in the chat.", valueName: "n"))
    var messages: UInt64 = 100_000

    @Option(help: ArgumentHelp("Pages of each kind.", valueName: "n"))
    var requests = 2_000

    func validate() throws {
        guard 100...100_000_000 ~= messages, 1...10_000_000 ~= requests else {
            throw ValidationError("--messages is 100 to 100000000, --requests 1 to 10000000.")
        }
    }

    func run() async throws {
        try await run.running { try await report() }
    }

    private func report() async throws -> Report {
        let cluster = try LoadedCluster(run)
        let accounts = try await cluster.accounts()
        var report = Report("history")
        run.describe(cluster.file, in: &report)
        let chat = try await LongChat(of: messages, in: cluster, among: accounts, &report).chat
        let pages = HistoryPages(
            connector: cluster.connector, url: cluster.urls[0], token: chat.members[0].token,
            chat: chat.id)
        let before = ProcessUse.sample(cluster.file.pids)
        let newest = try await pages.measure(requests, before: nil, &report)
        let middle = try await pages.measure(requests, before: messages / 2, &report)
        let use = ProcessUse(from: before, to: ProcessUse.sample(cluster.file.pids))
        report.add("newest", "newest 50", newest)
        report.add("middle", "50 from the middle", middle)
        report.add(
            "node_cpu_ms_per_page", "CPU of all nodes per page", Double(use.cpuNanoseconds) / 1e6,
            per: Double(2 * requests), "ms")
        return report
    }
}

/// Asks for pages of one chat and checks them.
struct HistoryPages {
    let connector: ClientConnector
    let url: NodeURL
    let token: String
    let chat: ChatID

    private static let pageCount: UInt64 = 50
    private static let pageBytesMax = 4 << 20

    /// The latencies of `count` requests for the page before `end`, or for the newest one.
    func measure(
        _ count: Int, before end: UInt64?, _ report: inout Report
    ) async throws -> LatencyMeter.Summary {
        var meter = LatencyMeter()
        let asker = NodeAsker(connector, url)
        let place = end.map { "before=\($0)&" } ?? ""
        let request = NodeRequest(
            "GET", "/api/chats/\(chat.text)/entries?\(place)limit=\(HistoryPages.pageCount)",
            headers: [("Authorization", "Bearer \(token)")])
        for number in 0..<count {
            let start = Moment.now
            let answer = try await asker.ask(request)
            meter.record(Moment.now - start)
            guard answer.status == 200 else {
                throw LoadFailure.refused(
                    request: request.path, status: answer.status, code: "?")
            }
            // Reading the page costs more than getting it: the first and some of the others.
            if number % 100 == 0, let wrong = try HistoryPages.wrong(answer.body, before: end) {
                report.violate(wrong)
            }
        }
        await asker.close()
        return meter.summary
    }

    /// What is wrong with a page: it has to be full, dense, and to end where it was asked to.
    static func wrong(_ body: [UInt8], before end: UInt64?) throws -> String? {
        let page = try JSONObject(parsing: body, byteCountMax: pageBytesMax)
        var places: [UInt64] = []
        for entry in try page.array("entries") {
            places.append(try JSONObject(entry).integer("seq"))
        }
        let last = try end.map { $0 - 1 } ?? page.object("head").integer("seq")
        let expected = Array(max(1, last + 1 - min(last, pageCount))...last)
        return places == expected
            ? nil : "a page has \(places.first ?? 0)...\(places.last ?? 0), \(places.count) entries"
    }
}
