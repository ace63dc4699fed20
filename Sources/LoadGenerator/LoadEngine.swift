import ClientTransport
import Determinism
import Identity
import NIOCore
import Wire

/// All connections of a run, what they do and what was seen of it. Confined to one event loop.
final class LoadEngine {
    /// What does not change during a run.
    struct Settings: Sendable {
        /// Bytes of UTF-8 in each message.
        var textByteCount = 128
        /// Whether lost sockets are opened again instead of being an offence.
        var reconnects = false
        /// Whether latency counts from the attempt that was taken, and what never left is dropped
        /// when the load ends: for loads that no cluster can take.
        var isBeyond = false
    }

    /// What is counted all the time; the figures are differences.
    struct Count: Sendable {
        var acks: UInt64 = 0
        var deliveries: UInt64 = 0
        var bytesDelivered: UInt64 = 0
        var bytesSent: UInt64 = 0
        var framesSent: UInt64 = 0
        var otherFrames: UInt64 = 0
        var advanced: UInt64 = 0
        var slowDowns: UInt64 = 0
        var goneAway: UInt64 = 0
        /// Messages that were due while their connection waited for an earlier one, and never left.
        var unsent: UInt64 = 0
        var errors: [String: UInt64] = [:]

        /// Errors of all codes.
        var errorCount: UInt64 { errors.values.reduce(0, +) }
    }

    /// How messages come about.
    enum Mode {
        case still
        /// By the clock, whatever became of those before.
        case open(OpenLoopSchedule, start: UInt64)
        /// As many as there are on their way, always; at most `rest` more are begun.
        case closed(outstanding: Int, rest: UInt64)
    }

    let settings: Settings
    let connector: ClientConnector
    private(set) var sockets: [LoadSocket] = []
    var count = Count()
    private var checker = ContinuityChecker()
    private var mode = Mode.still
    private var generator = SeededGenerator(seed: Moment.now)
    private var messageCount: UInt64 = 0
    private var inFlight = 0
    private var turn = 0
    private var timer: Scheduled<Void>?
    private var beats = 0
    private(set) var liveCount = 0
    /// Messages that were meant to be sent since then are measured.
    private var window: Range<UInt64>?
    private var latency = LatencyMeter()
    private var lately = LatencyMeter()
    /// When the sockets were told to come back, and how long each needed.
    private var stormStart: UInt64?
    private var comeback = LatencyMeter()
    private var lastComeback: UInt64 = 0

    /// A node takes 50 frames a second of a socket; clients keep below.
    private static let pauseNanoseconds: UInt64 = 22_000_000
    private static let heartbeatSeconds = 25

    init(_ connector: ClientConnector, _ settings: Settings) {
        self.connector = connector
        self.settings = settings
    }

    // MARK: Connections

    /// Makes a chat known to the checker; answers its number.
    func addChat(readerCount: Int, base: SequenceNumber) -> Int {
        checker.add(readerCount: readerCount, base: base)
    }

    /// Opens one more connection.
    func connect(_ seat: Seat) -> EventLoopFuture<Void> {
        let socket = LoadSocket(seat, number: sockets.count, engine: self)
        sockets.append(socket)
        return open(socket)
    }

    private func open(_ socket: LoadSocket) -> EventLoopFuture<Void> {
        let opening = connector.openSocket(
            to: socket.seat.url, bearer: socket.seat.token, delegate: socket)
        let done = connector.loop.makePromise(of: Void.self)
        opening.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let open):
                socket.opened(open.value)
                done.succeed()
            case .failure(let error):
                if self.settings.reconnects {
                    self.openAgain(socket)
                    done.succeed()
                } else {
                    done.fail(error)
                }
            }
        }
        return done.futureResult
    }

    /// As clients do: at once, then after a random time below half a second, a second, and so on.
    private func openAgain(_ socket: LoadSocket) {
        socket.attempts += 1
        let cap: UInt64 = min(30_000, 500 << min(socket.attempts - 1, 16))
        later(milliseconds: generator.next(upperBound: cap)) { _ = self.open(socket) }
    }

    /// Ends every connection without a word and opens all of them anew, at once.
    func storm() {
        stormStart = Moment.now
        comeback.reset()
        liveCount = 0
        for socket in sockets { socket.drop() }
        for socket in sockets { _ = open(socket) }
    }

    /// Ends every connection.
    func closeAll() {
        mode = .still
        timer?.cancel()
        for socket in sockets { socket.drop() }
    }

    /// Pings a part of the sockets, so that all are pinged once in a heartbeat; to be called every
    /// second.
    func beat() {
        let places = stride(
            from: beats % LoadEngine.heartbeatSeconds, to: sockets.count,
            by: LoadEngine.heartbeatSeconds)
        for index in places { sockets[index].beat() }
        beats += 1
    }

    // MARK: Load

    /// Begins a way of sending, or ends it.
    func begin(_ mode: Mode) {
        timer?.cancel()
        timer = nil
        self.mode = mode
        if case .still = mode, settings.isBeyond {
            for socket in sockets { count.unsent += UInt64(socket.dropWaiting()) }
        }
        pump()
    }

    private func pump() {
        switch mode {
        case .still: break
        case .open(var schedule, let start):
            let now = Moment.now
            while let operation = schedule.take(at: now - start) {
                let socket = sockets[senderIndex(operation.index)]
                socket.send(intended: start + operation.intended)
            }
            mode = .open(schedule, start: start)
            wake(at: start + schedule.next)
        case .closed(let outstanding, var rest):
            let now = Moment.now
            var tries = 0
            while inFlight < outstanding, rest > 0, tries < sockets.count {
                let socket = sockets[senderIndex(UInt64(turn))]
                turn += 1
                tries += 1
                guard socket.phase == .live, socket.outstandingCount == 0,
                    socket.lastSent + LoadEngine.pauseNanoseconds <= now
                else { continue }
                inFlight += 1
                rest -= 1
                socket.send(intended: now)
                tries = 0
            }
            mode = .closed(outstanding: outstanding, rest: rest)
            if inFlight < outstanding, rest > 0 { wake(at: now + 1_000_000) }
        }
    }

    /// Connections are in the order of chats, then readers: the chats take turns, and in each its
    /// readers.
    private func senderIndex(_ index: UInt64) -> Int {
        let index = Int(index % UInt64(sockets.count))
        let chats = max(1, checker.chatCount)
        guard sockets.count % chats == 0 else { return index }
        let readers = sockets.count / chats
        return index % chats * readers + index / chats
    }

    private func wake(at moment: UInt64) {
        guard timer == nil else { return }
        let now = Moment.now
        let delay = moment > now ? moment - now : 0
        timer = connector.loop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(delay))) {
            self.timer = nil
            self.pump()
        }
    }

    /// Does something on the loop after a while.
    func later(milliseconds: UInt64, _ act: @escaping () -> Void) {
        _ = connector.loop.assumeIsolated().scheduleTask(
            in: .milliseconds(Int64(clamping: milliseconds)), act)
    }

    /// The number of the next message of the run, from 1.
    func nextMessage() -> UInt64 {
        messageCount += 1
        return messageCount
    }

    /// A fresh id of this moment.
    func nextID() -> MessageID {
        MessageID(milliseconds: Moment.wallMilliseconds, using: &generator)
    }

    // MARK: What sockets tell

    /// A reader got an entry as a push in the usual form.
    func delivered(_ socket: LoadSocket, _ push: FrameScanner.Push, byteCount: Int) {
        count.bytesDelivered += UInt64(byteCount)
        saw(socket, push.chat, push.seq, push.digest, push.message)
    }

    /// A reader got an entry in another way.
    func delivered(
        _ socket: LoadSocket, _ chat: ChatID, _ entry: ClientEntry, _ json: UnsafeRawBufferPointer
    ) {
        count.bytesDelivered += UInt64(json.count)
        let message = FrameScanner.entry(json)?.message
        saw(socket, chat, entry.seq, FrameScanner.digest(json), message)
    }

    private func saw(
        _ socket: LoadSocket, _ chat: ChatID, _ seq: SequenceNumber, _ digest: UInt64,
        _ message: UInt64?
    ) {
        guard let room = socket.seat.room, room.chat == chat else {
            violate("socket \(socket.number): an entry of a chat that it does not follow")
            return
        }
        count.deliveries += 1
        checker.saw(
            chat: room.number, reader: room.reader, seq: seq, digest: digest, message: message)
    }

    /// A message is durable.
    func acknowledged(
        _ socket: LoadSocket, _ sending: LoadSocket.Sending, _ ack: FrameScanner.Ack
    ) {
        count.acks += 1
        if let room = socket.seat.room {
            checker.acknowledged(chat: room.number, message: sending.message, seq: ack.seq)
        }
        let start = settings.isBeyond ? socket.lastSent : sending.intended
        let nanoseconds = Moment.now - start
        lately.record(nanoseconds)
        if window?.contains(start) == true { latency.record(nanoseconds) }
        if case .closed = mode {
            inFlight -= 1
            pump()
        } else if inFlight > 0 {
            inFlight -= 1
        }
    }

    /// A socket has caught up.
    func live(_ socket: LoadSocket) {
        liveCount += 1
        guard let stormStart else { return }
        lastComeback = Moment.now - stormStart
        comeback.record(lastComeback)
    }

    /// A connection ended.
    func closed(_ socket: LoadSocket, code: UInt16) {
        if settings.reconnects {
            openAgain(socket)
        } else {
            violate("socket \(socket.number) was closed with \(code)")
        }
    }

    /// Notes something that must not happen.
    func violate(_ text: String) { checker.report(.other(text)) }

    // MARK: Measuring

    /// Messages that are meant to be sent from now on are measured.
    func openWindow() {
        latency.reset()
        window = Moment.now..<UInt64.max
    }

    /// Messages that are meant to be sent from now on are not measured.
    func closeWindow() {
        if let start = window?.lowerBound { window = start..<max(start, Moment.now) }
    }

    /// Judges what can only be judged at the end.
    func finish() -> ContinuityChecker {
        checker.finish()
        return checker
    }

    /// The position of a reader, to ask for what follows.
    func cursor(of room: Seat.Room) -> LogCursor {
        LogCursor(
            epoch: room.epoch, seq: checker.position(chat: room.number, reader: room.reader))
    }

    /// Messages that are not acknowledged.
    var outstandingCount: Int { sockets.reduce(0) { $0 + $1.outstandingCount } }

    /// Whether nothing is on its way any more.
    var isLevel: Bool { outstandingCount == 0 && checker.isLevel }

    /// Whether a mode with an end has reached it.
    var hasBegunAll: Bool {
        if case .closed(_, let rest) = mode { rest == 0 } else { false }
    }

    /// The latencies of the window.
    var latencySummary: LatencyMeter.Summary { latency.summary }

    /// The latencies since the last call.
    func takeLately() -> LatencyMeter.Summary {
        defer { lately.reset() }
        return lately.summary
    }

    /// How long the sockets needed to come back.
    var comebackSummary: LatencyMeter.Summary { comeback.summary }
}
