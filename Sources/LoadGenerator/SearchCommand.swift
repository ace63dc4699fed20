import ArgumentParser
import ClientTransport
import Determinism
import Identity
import Wire

/// `chaticket-load search`: finding messages of a long chat.
struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Words of a long chat: rare, common, both together, and not there.",
        discussion: """
            Fills a chat up to --messages first; the next run uses it again, as `history` does. \
            The index of a chat is made once somebody has searched in it: how long that takes is \
            told apart. Then asks by HTTP over one open connection, one after the other, \
            --requests of each kind. Each message has a number that no other has: the search for \
            it has to find that very message.
            """)

    @OptionGroup var run: RunOptions

    @Option(help: ArgumentHelp("Messages in the chat.", valueName: "n"))
    var messages: UInt64 = 100_000

    @Option(help: ArgumentHelp("Searches of each kind.", valueName: "n"))
    var requests = 500

    func validate() throws {
        guard 1_000...100_000_000 ~= messages, 1...1_000_000 ~= requests else {
            throw ValidationError("--messages is 1000 to 100000000, --requests 1 to 1000000.")
        }
    }

    func run() async throws {
        try await run.running { try await report() }
    }

    private func report() async throws -> Report {
        let cluster = try LoadedCluster(run)
        let accounts = try await cluster.accounts()
        var report = Report("search")
        run.describe(cluster.file, in: &report)
        let chat = try await LongChat(of: messages, in: cluster, among: accounts, &report).chat
        let searcher = Searcher(
            NodeAsker(cluster.connector, cluster.urls[0]), token: chat.members[0].token,
            chat: chat.id)
        Progress.tell("waiting until the chat is indexed")
        let start = Moment.now
        while try await !searcher.find(SearchCommand.absent).isWhole {
            try await Task.sleep(for: SearchCommand.pause)
        }
        report.add("index_s", "until it is indexed", Double(Moment.now - start) / 1e9, "s")
        var generator = SeededGenerator(seed: 1)
        var samples: [Searcher.Message] = []
        while samples.count < requests {
            let seq = 1 + generator.next(upperBound: messages)
            if let message = try await searcher.message(at: seq) { samples.append(message) }
        }
        let before = ProcessUse.sample(cluster.file.pids)
        let kinds: [(String, String, @Sendable (String) -> String)] = [
            ("rare", "a word of one message", { $0 }),
            ("both", "the same and a word of all", { "fox \($0)" }),
            ("common", "a word of all messages", { _ in "fox" }),
            ("absent", "a word of no message", { _ in SearchCommand.absent }),
        ]
        for (key, label, words) in kinds {
            var meter = LatencyMeter()
            for sample in samples {
                let start = Moment.now
                let found = try await searcher.find(words(sample.number))
                meter.record(Moment.now - start)
                let isRight =
                    switch key {
                    case "absent": found.places.isEmpty
                    case "common": !found.places.isEmpty
                    // What is common is spread over pages, the newest first.
                    default: !found.isWhole || found.places.contains(sample.seq)
                    }
                if !isRight { report.violate("\(words(sample.number)): not as it should be") }
            }
            report.add(key, label, meter.summary)
        }
        let use = ProcessUse(from: before, to: ProcessUse.sample(cluster.file.pids))
        report.add(
            "node_cpu_ms_per_search", "CPU of all nodes per search",
            Double(use.cpuNanoseconds) / 1e6, per: Double(kinds.count * requests), "ms")
        await searcher.asker.close()
        return report
    }

    /// No text of the generator has it.
    private static let absent = "zebra"
    private static let pause = Duration.milliseconds(200)
}

/// Searches one chat.
struct Searcher {
    /// A message of the generator and the number in its text.
    struct Message {
        let seq: UInt64
        let number: String
    }

    /// A page of hits.
    struct Found {
        /// Where they are.
        let places: [UInt64]
        /// Whether there is no next page.
        let isWhole: Bool
    }

    let asker: NodeAsker
    private let token: String
    private let chat: ChatID

    private static let pageBytesMax = 4 << 20

    init(_ asker: NodeAsker, token: String, chat: ChatID) {
        self.asker = asker
        self.token = token
        self.chat = chat
    }

    /// The first page of hits of `words`, which are letters, digits and blanks.
    func find(_ words: String) async throws -> Found {
        let query = words.split(separator: " ").joined(separator: "%20")
        let page = try await ask("search?limit=50&q=\(query)")
        let places = try page.array("hits").map { hit in
            try JSONObject(hit).object("entry").integer("seq")
        }
        return Found(places: places, isWhole: page["next"] == nil)
    }

    /// The message at `seq`; nil when the generator did not send it.
    func message(at seq: UInt64) async throws -> Message? {
        let page = try await ask("entries?limit=1&before=\(seq + 1)")
        guard let entry = try page.array("entries").first,
            let text = try? JSONObject(entry).string("text"), text.hasPrefix("#")
        else { return nil }
        return Message(seq: seq, number: String(text.dropFirst().prefix { $0.isNumber }))
    }

    private func ask(_ rest: String) async throws -> JSONObject {
        let request = NodeRequest(
            "GET", "/api/chats/\(chat.text)/\(rest)",
            headers: [("Authorization", "Bearer \(token)")])
        let answer = try await asker.ask(request)
        guard answer.status == 200 else {
            throw LoadFailure.refused(request: request.path, status: answer.status, code: "?")
        }
        return try JSONObject(parsing: answer.body, byteCountMax: Searcher.pageBytesMax)
    }
}
