import ClientTransport
import Identity
import NIOCore
import Wire

/// The phases of a run, one after the other: connect, warm up, measure, wait until all is quiet,
/// judge. Its executor is the loop of the connections.
actor LoadRun {
    /// What was counted and used between two moments.
    struct Figures: Sendable {
        var seconds = 0.0
        var acks = 0.0
        var deliveries = 0.0
        var bytesDelivered = 0.0
        var bytesSent = 0.0
        var framesSent = 0.0
        var latency = LatencyMeter.Summary()
        var nodes = ProcessUse(from: [:], to: [:])
        var ownCPU = 0.0
        var count = LoadEngine.Count()

        /// The mean size of a frame that delivers, and of one that sends.
        var deliveryByteCount: Int { deliveries > 0 ? Int(bytesDelivered / deliveries) : 0 }
        var sendByteCount: Int { framesSent > 0 ? Int(bytesSent / framesSent) : 0 }
    }

    private struct Mark {
        let moment: UInt64
        let ownCPU: UInt64
        let count: LoadEngine.Count
        let nodes: [Int32: ProcessFacts]
    }

    private let connector: ClientConnector
    private let engine: LoadEngine
    private let pids: [Int32]
    private var ticker: Task<Void, Never>?

    private static let connectBatch = 100
    private static let liveTries = 1_200
    private static let pollPause = Duration.milliseconds(50)

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        connector.loop.executor.asUnownedSerialExecutor()
    }

    init(_ connector: ClientConnector, _ settings: LoadEngine.Settings, pids: [Int32]) {
        self.connector = connector
        self.pids = pids
        engine = LoadEngine(connector, settings)
    }

    // MARK: Connecting

    /// Makes a chat known; answers its number.
    func addChat(readerCount: Int, base: SequenceNumber) -> Int {
        engine.addChat(readerCount: readerCount, base: base)
    }

    /// Opens connections and waits until all are live.
    func connect(_ seats: [Seat]) async throws {
        let total = engine.sockets.count + seats.count
        var rest = seats[...]
        while !rest.isEmpty {
            let opening = rest.prefix(LoadRun.connectBatch).map { engine.connect($0) }
            rest = rest.dropFirst(opening.count)
            for future in opening { try await future.get() }
        }
        try await untilLive(total, tries: LoadRun.liveTries)
        if ticker == nil { ticker = Task { await tick() } }
    }

    private func untilLive(_ total: Int, tries: Int) async throws {
        for _ in 0..<tries where engine.liveCount < total {
            try await Task.sleep(for: LoadRun.pollPause)
        }
        guard engine.liveCount >= total else {
            throw LoadFailure.notLive(count: engine.liveCount, of: total)
        }
    }

    /// Drops all connections and waits until all are live again; how long each needed.
    func storm() async throws -> LatencyMeter.Summary {
        engine.storm()
        try await untilLive(engine.sockets.count, tries: LoadRun.liveTries)
        return engine.comebackSummary
    }

    /// Ends all connections.
    func close() {
        ticker?.cancel()
        engine.closeAll()
    }

    // MARK: Load

    /// What a load is like.
    enum Load: Sendable {
        case rate(UInt64)
        case saturated(outstanding: Int)

        var isOpen: Bool { if case .rate = self { true } else { false } }
    }

    /// Warms up, measures for `seconds`, and waits until all that was sent has arrived everywhere.
    func measure(_ load: Load, warmup: UInt64, seconds: UInt64) async throws -> Figures {
        try await measure(load, warmup: warmup) { try await Task.sleep(for: .seconds(seconds)) }
    }

    /// The same, measured until `body` returns.
    func measure(
        _ load: Load, warmup: UInt64 = 0, during body: () async throws -> Void
    ) async throws -> Figures {
        switch load {
        case .rate(let rate):
            engine.begin(.open(OpenLoopSchedule(rate: rate), start: Moment.now))
        case .saturated(let outstanding):
            engine.begin(.closed(outstanding: outstanding, rest: .max))
        }
        try await Task.sleep(for: .seconds(warmup))
        engine.openWindow()
        let start = mark()
        try await body()
        engine.closeWindow()
        let end = mark()
        engine.begin(.still)
        await settle()
        return figures(start, end)
    }

    /// Does nothing for `seconds`; what that costs.
    func rest(seconds: UInt64) async throws -> Figures {
        let start = mark()
        try await Task.sleep(for: .seconds(seconds))
        return figures(start, mark())
    }

    /// Sends `total` messages, `outstanding` at a time.
    func fill(_ total: UInt64, outstanding: Int) async throws {
        engine.begin(.closed(outstanding: outstanding, rest: total))
        while !engine.hasBegunAll || engine.outstandingCount > 0 {
            try await Task.sleep(for: LoadRun.pollPause)
        }
        engine.begin(.still)
    }

    /// What the checker says of everything so far. To be asked once.
    func judge() -> ContinuityChecker { engine.finish() }

    /// Waits until nothing is on its way; what is still missing then is for the checker to say.
    private func settle() async {
        for _ in 0..<LoadRun.settleTries where !engine.isLevel {
            try? await Task.sleep(for: LoadRun.pollPause)
        }
        if engine.outstandingCount > 0 {
            engine.violate("\(engine.outstandingCount) messages were never acknowledged")
        }
    }

    private static let settleTries = 600

    private func mark() -> Mark {
        Mark(
            moment: Moment.now, ownCPU: Moment.ownCPU, count: engine.count,
            nodes: ProcessUse.sample(pids))
    }

    private func figures(_ start: Mark, _ end: Mark) -> Figures {
        var figures = Figures()
        figures.seconds = Double(end.moment - start.moment) / 1e9
        figures.acks = Double(end.count.acks - start.count.acks)
        figures.deliveries = Double(end.count.deliveries - start.count.deliveries)
        figures.bytesDelivered = Double(end.count.bytesDelivered - start.count.bytesDelivered)
        figures.bytesSent = Double(end.count.bytesSent - start.count.bytesSent)
        figures.framesSent = Double(end.count.framesSent - start.count.framesSent)
        figures.latency = engine.latencySummary
        figures.nodes = ProcessUse(from: start.nodes, to: end.nodes)
        figures.ownCPU = Double(end.ownCPU - start.ownCPU) / 1e9
        figures.count = engine.count
        return figures
    }

    /// Every second: pings, and a line for whoever watches.
    private func tick() async {
        var last = engine.count
        var seconds = 0
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            guard !Task.isCancelled else { return }
            seconds += 1
            engine.beat()
            let now = engine.count
            let lately = engine.takeLately()
            Progress.tell(
                "\(seconds) s: \(now.acks - last.acks) acks/s, "
                    + "\(now.deliveries - last.deliveries) deliveries/s, "
                    + "p50 \(Report.number(Double(lately.p50) / 1e6)) ms, "
                    + "p99 \(Report.number(Double(lately.p99) / 1e6)) ms, "
                    + "\(engine.outstandingCount) outstanding, \(engine.liveCount) live")
            last = now
        }
    }
}
