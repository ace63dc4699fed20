import ClientSession
import ClientTransport
import Identity
import NIOCore
import Wire

/// Clients of one chat, each driven by the client core, and what they see. Its executor is their
/// loop.
actor FailoverCrowd {
    private let connector: ClientConnector
    private let state: FailoverState
    private let urls: [NodeURL]
    private let chat: ChatBook.Chat
    private let count: Int

    private static let pollPause = Duration.milliseconds(20)
    private static let liveTries = 3_000

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        connector.loop.executor.asUnownedSerialExecutor()
    }

    init(_ connector: ClientConnector, _ chat: ChatBook.Chat, urls: [NodeURL], count: Int) {
        self.connector = connector
        self.chat = chat
        self.urls = urls
        self.count = count
        state = FailoverState(connector, chat, count: count)
    }

    /// Starts the clients, each at a node of its own by turns.
    func start() { state.start(urls) }

    /// Waits until all clients are live.
    func untilLive() async throws {
        for _ in 0..<FailoverCrowd.liveTries where !state.isLive {
            try await Task.sleep(for: FailoverCrowd.pollPause)
        }
        guard state.isLive else { throw LoadFailure.notLive(count: state.liveCount, of: count) }
    }

    /// Begins to send by the clock.
    func begin(rate: UInt64) { state.begin(rate: rate) }

    /// The longest gap since the last ``watch()``.
    var longestGap: UInt64 { state.gaps.longest }

    /// Begins to look for a gap.
    func watch() { state.gaps.begin(at: Moment.now) }

    /// Waits until acknowledgements have come again for a second; the longest gap.
    func gap(secondsMax: UInt64) async throws -> UInt64 {
        let deadline = Moment.now + secondsMax * 1_000_000_000
        // What was on its way may still come: a gap counts when messages flow behind it.
        let settled: UInt64 = 3_000_000_000
        let start = Moment.now
        while Moment.now < deadline {
            try await Task.sleep(for: FailoverCrowd.pollPause)
            let now = Moment.now
            guard let last = state.gaps.last, now - start > settled else { continue }
            let silence = now - min(last, now)
            if silence < 200_000_000, state.gaps.count > 0 { return state.gaps.longest }
        }
        throw LoadFailure.notResumed("no acknowledgement for \(secondsMax) s")
    }

    /// Stops sending, waits until all is quiet and judges.
    func finish(_ report: inout Report) async throws {
        state.stop()
        for _ in 0..<FailoverCrowd.liveTries where !state.isLevel {
            try await Task.sleep(for: FailoverCrowd.pollPause)
        }
        report.add("acks", "messages acknowledged", Double(state.ackCount), "")
        report.take(state.judge())
        state.halt()
    }
}

/// The clients of a failover run. Confined to their loop.
final class FailoverState: ClientDriverDelegate {
    private let connector: ClientConnector
    private let chat: ChatBook.Chat
    private let count: Int
    private var drivers: [ClientDriver] = []
    private var checker = ContinuityChecker()
    private var generator = SystemRandomNumberGenerator()
    private var messages: [MessageID: UInt64] = [:]
    private var messageCount: UInt64 = 0
    private var schedule: OpenLoopSchedule?
    private var began: UInt64 = 0
    var gaps = AckGaps()
    private(set) var ackCount = 0

    init(_ connector: ClientConnector, _ chat: ChatBook.Chat, count: Int) {
        self.connector = connector
        self.chat = chat
        self.count = count
        _ = checker.add(readerCount: count, base: chat.cursor.seq)
    }

    // MARK: Handlers

    func start(_ urls: [NodeURL]) {
        for number in 0..<count {
            let driver = ClientDriver(connector, delegate: self)
            drivers.append(driver)
            driver.submit(
                .start(
                    ClientStart(
                        home: urls[number % urls.count].description,
                        nodes: urls.map(\.description),
                        bearer: chat.members[number % chat.members.count].token,
                        logs: [Hello.Open(chat: chat.id, cursor: chat.cursor)])))
        }
    }

    func begin(rate: UInt64) {
        schedule = OpenLoopSchedule(rate: rate)
        began = Moment.now
        gaps.begin(at: began)
        pump()
    }

    func stop() { schedule = nil }

    func halt() { for driver in drivers { driver.halt() } }

    func driver(_ driver: ClientDriver, told effect: ClientEffect) {
        switch effect {
        case .entries(.chat, epoch: _, let entries): read(entries, driver)
        case .acked(let cmid, _, let place, time: _):
            ackCount += 1
            gaps.acknowledged(at: Moment.now)
            guard let message = messages.removeValue(forKey: cmid) else {
                checker.report(.other("an acknowledgement of nothing that was sent"))
                return
            }
            checker.acknowledged(chat: 0, message: message, seq: place.seq)
        case .hole: checker.report(.other("a client has a hole in its copy"))
        case .reset: checker.report(.other("a client dropped its copy"))
        case .refused(_, let code): checker.report(.other("the chat is gone: \(code)"))
        case .signedOut: checker.report(.other("a session ended"))
        default: break
        }
    }

    private func read(_ entries: [ClientEntry], _ driver: ClientDriver) {
        guard let reader = drivers.firstIndex(where: { $0 === driver }) else { return }
        for entry in entries {
            entry.jsonBytes.withUnsafeBytes { json in
                checker.saw(
                    chat: 0, reader: reader, seq: entry.seq, digest: FrameScanner.digest(json),
                    message: FrameScanner.entry(json)?.message)
            }
        }
    }

    /// A client that has a backlog gets no more: a person does not write into a dead window either,
    /// and the gap is seen all the same.
    private func pump() {
        guard var schedule else { return }
        let now = Moment.now
        while let operation = schedule.take(at: now - began) {
            let driver = drivers[Int(operation.index % UInt64(drivers.count))]
            guard driver.outboxCount < FailoverState.backlogMax else { continue }
            messageCount += 1
            let cmid = MessageID(
                milliseconds: Moment.wallMilliseconds, using: &generator)
            messages[cmid] = messageCount
            driver.submit(
                .send(
                    OutgoingMessage(
                        cmid: cmid, chat: chat.id,
                        text: LoadText.text(messageCount, byteCount: 128))))
        }
        self.schedule = schedule
        let next = began + schedule.next
        _ = connector.loop.assumeIsolated().scheduleTask(
            in: .nanoseconds(Int64(next > now ? next - now : 0))
        ) { self.pump() }
    }

    private static let backlogMax = 20

    // MARK: Queries

    var liveCount: Int { drivers.count(where: \.isLive) }

    var isLive: Bool { liveCount == drivers.count }

    var isLevel: Bool {
        drivers.allSatisfy { $0.outboxCount == 0 } && checker.isLevel && messages.isEmpty
    }

    /// What the checker says in the end.
    func judge() -> ContinuityChecker {
        if !messages.isEmpty {
            checker.report(.other("\(messages.count) messages were never acknowledged"))
        }
        checker.finish()
        return checker
    }
}
