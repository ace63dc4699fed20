package import ClientSession
internal import Determinism
internal import Identity
internal import NIOCore
internal import Wire

/// Whoever wants to know what a driven client core tells: entries, acknowledgements, being live.
package protocol ClientDriverDelegate: AnyObject {
    /// The core told something that is not the transport's to do.
    func driver(_ driver: ClientDriver, told effect: ClientEffect)
}

/// Does what a client core says: opens and closes its socket, sends its frames, keeps its timers.
/// It decides nothing. Confined to one event loop.
///
/// Inputs that come while effects are carried out wait for their turn.
package final class ClientDriver {
    private let connector: ClientConnector
    private weak var delegate: (any ClientDriverDelegate)?
    private var core = ClientCore()
    private var generator = SystemRandomNumberGenerator()
    private var bearer: String?
    private var attempt: SocketAttempt?
    private var timers: [ClientTimer: Scheduled<Void>] = [:]
    private var events: [ClientEvent] = []
    private var isStepping = false

    /// Tells `delegate` what the core says to the world.
    package init(_ connector: ClientConnector, delegate: any ClientDriverDelegate) {
        self.connector = connector
        self.delegate = delegate
    }

    /// Whether the client has caught up and may send.
    package var isLive: Bool { core.phase == .live }

    /// Messages that are not known to be in their chats.
    package var outboxCount: Int { core.outbox.count }

    /// Takes in one event. Must be called on the loop.
    package func submit(_ event: ClientEvent) {
        if case .start(let start) = event { bearer = start.bearer }
        events.append(event)
        guard !isStepping else { return }
        isStepping = true
        defer { isStepping = false }
        while !events.isEmpty {
            for effect in core.receive(events.removeFirst(), using: &generator) { perform(effect) }
        }
    }

    /// Drops the socket and the timers without telling the node or the core.
    package func halt() {
        attempt?.drop()
        attempt = nil
        for timer in timers.values { timer.cancel() }
        timers = [:]
    }

    private func perform(_ effect: ClientEffect) {
        switch effect {
        case .connect(let node): open(node)
        case .disconnect:
            attempt?.drop()
            attempt = nil
        case .sendFrame(let frame): attempt?.socket?.send(frame)
        case .setTimer(let timer, let after): set(timer, after)
        case .cancelTimer(let timer): timers.removeValue(forKey: timer)?.cancel()
        case .cancelAllTimers:
            for timer in timers.values { timer.cancel() }
            timers = [:]
        case .keep, .forget, .entries, .hole, .reset, .marks, .acked, .typing, .presence,
            .refused, .problem, .live, .signedOut:
            delegate?.driver(self, told: effect)
        }
    }

    private func set(_ timer: ClientTimer, _ after: Interval) {
        timers.removeValue(forKey: timer)?.cancel()
        timers[timer] = connector.loop.assumeIsolated().scheduleTask(
            in: .nanoseconds(Int64(clamping: after.nanoseconds))
        ) { [weak self] in
            guard let self else { return }
            timers[timer] = nil
            submit(.timer(timer))
        }
    }

    // MARK: The socket

    private func open(_ node: String) {
        attempt?.drop()
        let attempt = SocketAttempt(self)
        self.attempt = attempt
        guard let url = NodeURL(node) else {
            connector.loop.assumeIsolated().execute { self.ended(attempt, ClientSocket.abnormal) }
            return
        }
        connector.openSocket(to: url, bearer: bearer, delegate: attempt).assumeIsolated()
            .whenComplete { result in self.opened(attempt, result) }
    }

    private func opened(
        _ attempt: SocketAttempt, _ result: Result<NIOLoopBound<ClientSocket>, any Error>
    ) {
        guard self.attempt === attempt else {
            if case .success(let socket) = result { socket.value.abort() }
            return
        }
        switch result {
        case .success(let socket):
            attempt.socket = socket.value
            submit(.opened)
        case .failure: ended(attempt, ClientSocket.abnormal)
        }
    }

    fileprivate func ended(_ attempt: SocketAttempt, _ code: UInt16) {
        guard self.attempt === attempt else { return }
        self.attempt = nil
        submit(.closed(code: code))
    }

    fileprivate func receive(_ attempt: SocketAttempt, _ text: UnsafeRawBufferPointer) {
        guard self.attempt === attempt else { return }
        // A frame that this build does not know is passed over.
        guard let frame = try? ServerFrame(decoding: Array(text)) else { return }
        submit(.frame(frame))
    }
}

/// One try to have a socket; what a dropped one says is not heard.
private final class SocketAttempt: ClientSocketDelegate {
    private weak var driver: ClientDriver?
    var socket: ClientSocket?

    init(_ driver: ClientDriver) { self.driver = driver }

    func receive(text: UnsafeRawBufferPointer) { driver?.receive(self, text) }

    func socketDidClose(code: UInt16) {
        socket = nil
        driver?.ended(self, code)
    }

    func drop() {
        driver = nil
        socket?.abort()
        socket = nil
    }
}
