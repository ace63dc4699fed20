import ClientTransport
import Determinism
import Identity
import Wire

/// One connection of the generator: says hello, sends one message after the other as a client does,
/// and passes on what it hears. Confined to the engine's loop.
final class LoadSocket: ClientSocketDelegate {
    /// connecting → greeting (hello is sent) → live; from each of them → closed.
    enum Phase {
        case connecting
        case greeting
        case live
        case closed
    }

    /// A message on its way.
    struct Sending {
        let cmid: MessageID
        let message: UInt64
        /// When it was meant to be sent, and when it was.
        let intended: UInt64
        let text: String
    }

    let seat: Seat
    let number: Int
    private let engine: LoadEngine
    var socket: ClientSocket?
    private(set) var phase = Phase.connecting
    private(set) var sending: Sending?
    /// Messages whose turn has not come, by their intended times.
    private var waiting: [UInt64] = []
    private(set) var lastSent: UInt64 = 0
    /// Attempts since it was last live.
    var attempts: UInt64 = 0

    init(_ seat: Seat, number: Int, engine: LoadEngine) {
        self.seat = seat
        self.number = number
        self.engine = engine
    }

    // MARK: What the engine does

    /// The socket is open: says hello with everything that was seen.
    func opened(_ socket: ClientSocket) {
        self.socket = socket
        phase = .greeting
        var open: [Hello.Open] = []
        if let room = seat.room {
            open = [Hello.Open(chat: room.chat, cursor: engine.cursor(of: room))]
        }
        socket.send(.hello(Hello(open: open)))
    }

    /// Gives up the connection without a word, to connect again.
    func drop() {
        socket?.forget()
        socket?.abort()
        socket = nil
        phase = .connecting
    }

    /// Sends a message now or when those before it are done.
    func send(intended: UInt64) {
        guard sending == nil, phase == .live else {
            waiting.append(intended)
            return
        }
        start(intended)
    }

    /// Drops the messages whose turn has not come; how many there were.
    func dropWaiting() -> Int {
        defer { waiting = [] }
        return waiting.count
    }

    /// Pings, as clients do.
    func beat() {
        if phase == .live { socket?.send(.ping) }
    }

    /// Messages that are on their way or wait.
    var outstandingCount: Int { waiting.count + (sending == nil ? 0 : 1) }

    private func start(_ intended: UInt64) {
        guard let target = seat.target else { return }
        let message = engine.nextMessage()
        let sending = Sending(
            cmid: engine.nextID(), message: message, intended: intended,
            text: LoadText.text(message, byteCount: engine.settings.textByteCount))
        self.sending = sending
        transmit(sending, target)
    }

    private func transmit(_ sending: Sending, _ target: ChatID) {
        lastSent = Moment.now
        let bytes = ClientFrame.send(sending.cmid, target, text: sending.text).jsonBytes
        engine.count.bytesSent += UInt64(bytes.count)
        engine.count.framesSent += 1
        socket?.send(text: bytes)
    }

    // MARK: What the node says

    func receive(text: UnsafeRawBufferPointer) {
        if let push = FrameScanner.push(text) {
            engine.delivered(self, push, byteCount: text.count)
        } else if let ack = FrameScanner.ack(text) {
            acknowledged(ack)
        } else {
            receiveSlowly(text)
        }
    }

    func socketDidClose(code: UInt16) {
        socket = nil
        phase = .closed
        engine.closed(self, code: code)
    }

    private func acknowledged(_ ack: FrameScanner.Ack) {
        guard let sending, sending.cmid == ack.cmid else {
            engine.violate("socket \(number): an acknowledgement of nothing that was sent")
            return
        }
        self.sending = nil
        engine.acknowledged(self, sending, ack)
        if !waiting.isEmpty { start(waiting.removeFirst()) }
    }

    private func receiveSlowly(_ text: UnsafeRawBufferPointer) {
        let frame: ServerFrame
        do throws(ClientFrameError) {
            frame = try ServerFrame(decoding: Array(text))
        } catch {
            engine.violate("socket \(number): a frame that cannot be read: \(error)")
            return
        }
        switch frame {
        case .live:
            guard phase == .greeting else { return }
            phase = .live
            attempts = 0
            engine.live(self)
        case .push(.chat(let chat), _, let entry):
            entry.jsonBytes.withUnsafeBytes { engine.delivered(self, chat, entry, $0) }
        case .difference(let difference): receive(difference)
        case .advanced(.chat, _):
            engine.count.advanced += 1
            if let room = seat.room {
                socket?.send(.difference(.chat(room.chat), engine.cursor(of: room)))
            }
        case .tooLong(let gap):
            engine.violate("socket \(number): too much of \(gap.log.text) was missed")
        case .error(let error): receive(error)
        case .slowDown: engine.count.slowDowns += 1
        case .ack(_, _, _, _): engine.violate("socket \(number): an unusual acknowledgement")
        case .goaway: engine.count.goneAway += 1
        case .welcome, .push, .marks, .advanced, .pong, .resync, .authExpired, .typing, .presence:
            engine.count.otherFrames += 1
        }
    }

    private func receive(_ difference: DifferenceFrame) {
        guard case .chat(let chat) = difference.log, let room = seat.room, room.chat == chat else {
            return
        }
        for entry in difference.entries {
            entry.jsonBytes.withUnsafeBytes { engine.delivered(self, chat, entry, $0) }
        }
        if difference.hasMore {
            socket?.send(.difference(.chat(chat), engine.cursor(of: room)))
        }
    }

    private func receive(_ error: ErrorFrame) {
        engine.count.errors[error.code, default: 0] += 1
        guard let sending, sending.cmid == error.cmid, let target = seat.target else {
            engine.violate("socket \(number): \(error.code): \(error.message)")
            return
        }
        guard error.isRetryable else {
            engine.violate("socket \(number): a message was refused: \(error.code)")
            self.sending = nil
            return
        }
        engine.later(milliseconds: error.retryAfter?.milliseconds ?? LoadSocket.retryMilliseconds) {
            guard self.sending?.cmid == sending.cmid, self.phase == .live else { return }
            self.transmit(sending, target)
        }
    }

    /// How long a message waits that failed for the moment, when the node does not say.
    private static let retryMilliseconds: UInt64 = 200
}
