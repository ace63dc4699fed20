internal import Determinism
internal import NIOCore
internal import Node
internal import Seal

/// A session hub and its sockets: steps the hub, does what it says. Confined to one event loop.
///
/// Inputs that come while the hub's effects are carried out wait for their turn. What a turn writes
/// is flushed once for each socket, when the loop has taken in everything that was there to read.
final class HubCore {
    private var hub: SessionHub
    private var generator = SystemGenerator()
    private let eventLoop: any EventLoop
    private let backend: any GatewayBackend
    private let secrets: GatewaySecrets
    private var link: HubLink?
    private var loop: HubLoop?
    private var sockets: [SocketID: ClientSocket] = [:]
    private var lastSocket: UInt64 = 0
    private var inputs: [HubInput] = []
    private var isStepping = false
    private var dirty: [ClientSocket] = []
    private var isFlushScheduled = false
    private var calls: [HubCall] = []
    private var timer: Scheduled<Void>?
    private var timerDeadline: Instant?

    init(eventLoop: any EventLoop, backend: any GatewayBackend, secrets: GatewaySecrets) {
        self.eventLoop = eventLoop
        self.backend = backend
        self.secrets = secrets
        hub = SessionHub(digest: secrets.digest, nodes: backend.facts.nodes)
    }

    /// Makes the hub known to its node.
    func start(_ link: HubLink, _ loop: HubLoop) {
        self.link = link
        self.loop = loop
        backend.attach(link)
    }

    /// Ends every socket; the link by which the node knows the hub has to be taken from it then.
    func stop() -> HubLink? {
        defer {
            link = nil
            loop = nil
        }
        timer?.cancel()
        for socket in sockets.values { socket.end(1001, reason: "the node is stopping") }
        return link
    }

    // MARK: Sockets

    /// Numbers a new socket and asks the cluster who it is, if it shows a token.
    func add(_ socket: ClientSocket, token: SessionToken?) -> SocketID {
        lastSocket += 1
        let id = SocketID(lastSocket)
        sockets[id] = socket
        guard let token, let loop else {
            // The socket is told after its handler has been added to the end.
            eventLoop.assumeIsolated().execute { self.sockets[id]?.open(grant: nil) }
            return id
        }
        let (backend, secrets) = (backend, secrets)
        Task {
            let result: Result<SessionGrant, Failure>
            do throws(Failure) {
                result = .success(
                    try await Credential.authenticate(token, backend: backend, secrets: secrets))
            } catch {
                result = .failure(error)
            }
            loop.settle(id, result)
        }
        return id
    }

    /// The cluster has answered about a socket. A token that is no good is no token: `hello` may
    /// bring another. When the cluster cannot tell, the client must not think that it is signed
    /// out.
    func settle(_ id: SocketID, _ result: Result<SessionGrant, Failure>) {
        guard let socket = sockets[id] else { return }
        switch result {
        case .success(let grant): socket.open(grant: grant)
        case .failure(let failure) where failure.isRetryable:
            socket.end(1001, reason: failure.code.rawValue)
        case .failure: socket.open(grant: nil)
        }
    }

    /// The socket is gone or going.
    func remove(_ socket: ClientSocket, _ id: SocketID) {
        guard sockets.removeValue(forKey: id) != nil else { return }
        submit(.closed(id))
    }

    /// Tells the hub how much waits for a socket that has had a backlog.
    func reportBacklog(of socket: ClientSocket, _ id: SocketID) {
        guard sockets[id] != nil else { return }
        socket.hasReportedBacklog = socket.backlog.frameCount > 0
        submit(
            .backlog(
                id, frameCount: socket.backlog.frameCount, byteCount: socket.backlog.byteCount))
    }

    /// Remembers to flush a socket at the end of the turn.
    func markDirty(_ socket: ClientSocket) {
        guard !socket.isDirty else { return }
        socket.isDirty = true
        dirty.append(socket)
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        eventLoop.assumeIsolated().execute { self.flush() }
    }

    // MARK: The hub

    /// Tells the hub something, now or after what it is told already.
    func submit(_ input: HubInput) {
        inputs.append(input)
        step()
    }

    /// Tells the hub what the node delivers.
    func submit(_ deliveries: [HubDelivery]) {
        for delivery in deliveries { inputs.append(.delivery(delivery)) }
        step()
    }

    private func step() {
        guard !isStepping else { return }
        isStepping = true
        var position = 0
        while position < inputs.count {
            let input = inputs[position]
            position += 1
            interpret(
                hub.receive(
                    input, at: GatewayClock.now, wall: GatewayClock.wall, using: &generator))
        }
        inputs.removeAll(keepingCapacity: true)
        isStepping = false
        sendCalls()
        schedule()
    }

    private func interpret(_ effects: [HubEffect]) {
        for effect in effects {
            switch effect {
            case .send(let ids, let frame, _):
                let bytes = ServerFrameBytes.text(frame.bytes)
                for id in ids { sockets[id]?.write(bytes) }
            case .close(let id, let code, let reason):
                sockets.removeValue(forKey: id)?.end(code.rawValue, reason: reason)
            case .request(let token, let request): calls.append(.request(token, request))
            case .follow(let log): calls.append(.follow(log))
            case .unfollow(let log): calls.append(.unfollow(log))
            case .signal(let signal): calls.append(.signal(signal))
            }
        }
    }

    private func sendCalls() {
        guard !calls.isEmpty, let link else { return }
        let calls = calls
        self.calls.removeAll(keepingCapacity: true)
        backend.receive(calls, from: link)
    }

    private func schedule() {
        guard let deadline = hub.nextDeadline else { return }
        // A timer that is too early finds nothing to do and is set anew; that is cheaper than to
        // set it anew with every frame.
        if let timerDeadline, timerDeadline <= deadline { return }
        timer?.cancel()
        timerDeadline = deadline
        timer = eventLoop.assumeIsolated().scheduleTask(
            deadline: GatewayClock.deadline(deadline)
        ) {
            self.timerDeadline = nil
            self.advance()
        }
    }

    private func advance() {
        guard link != nil else { return }
        precondition(!isStepping, "a timer fires between turns")
        isStepping = true
        interpret(
            hub.advance(to: GatewayClock.now, wall: GatewayClock.wall, using: &generator))
        isStepping = false
        step()
    }

    private func flush() {
        isFlushScheduled = false
        let sockets = dirty
        dirty.removeAll(keepingCapacity: true)
        for socket in sockets {
            socket.flush()
            guard
                socket.backlog.frameCount > SessionLimits.backlogReportFrames
                    || socket.backlog.byteCount > SessionLimits.backlogReportBytes
            else { continue }
            reportBacklog(of: socket, socket.id)
        }
    }
}
