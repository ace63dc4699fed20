internal import Determinism
internal import Identity
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Wire

/// The link by which this node sends to one other: dials, greets, writes, and dials again for ever.
///
/// Each side dials its own link, so a pair of nodes has two connections, and nobody has to agree on
/// who calls whom. The other direction of a link carries nothing but the answer to the handshake and
/// to keepalives.
final class PeerLink {
    private enum State {
        /// Until the next attempt. → dialling
        case waiting(Scheduled<Void>?)
        /// TCP. → greeting, waiting
        case dialling
        /// TLS and handshake. → open, waiting
        case greeting(OutgoingConnection, since: NIODeadline)
        /// → waiting
        case open(OutgoingConnection)
        /// For ever.
        case stopped
    }

    private enum Reported {
        case nothing, up, down, refused
    }

    private let node: NodeID
    private let core: TransportCore
    private var host: String
    private var port: UInt16
    private var state = State.waiting(nil)
    private var reported = Reported.nothing
    /// Tells an answer to the present attempt from one to an earlier attempt.
    private var attempt: UInt64 = 0
    private var failureCount = 0
    private var queue: OutboundQueue
    private var isFlushScheduled = false
    private var lastReceived = NIODeadline.now()
    private var lastPinged = NIODeadline.now()

    init(node: NodeID, host: String, port: UInt16, core: TransportCore) {
        self.node = node
        self.host = host
        self.port = port
        self.core = core
        queue = OutboundQueue(bytesMax: core.settings.queueBytesMax)
    }

    var isUp: Bool {
        if case .open = state { true } else { false }
    }

    // MARK: - What the transport says

    func setAddress(host: String, port: UInt16) {
        guard host != self.host || port != self.port else { return }
        self.host = host
        self.port = port
        failureCount = 0
        switch state {
        case .waiting(let timer):
            timer?.cancel()
            dialSoon()
        case .dialling:
            dialSoon()
        case .greeting(let connection, _), .open(let connection):
            // The node has moved: what is open is a thing of the past.
            abandon(connection)
        case .stopped:
            break
        }
    }

    /// The other node has just called: it lives, so do not wait any longer.
    func retryNow() {
        failureCount = 0
        if case .waiting(let timer) = state {
            timer?.cancel()
            dialSoon()
        }
    }

    func send(_ messages: [PeerMessage]) {
        switch state {
        case .waiting where failureCount > 0, .stopped:
            core.counters.messagesUnsendable += UInt64(messages.count)
            return
        default:
            break
        }
        var batch: [UInt8] = []
        for message in messages {
            do throws(WireError) {
                let element = try message.encoded()
                if !batch.isEmpty, batch.count + element.count > core.settings.frameBytesTarget {
                    enqueue(batch)
                    batch = []
                }
                batch.append(contentsOf: element)
                core.counters.messagesSent += 1
            } catch {
                core.counters.messagesUnsendable += 1
                core.warn(key: "unsendable \(node)", "A message to \(node) was not sent. \(error)")
            }
        }
        if !batch.isEmpty { enqueue(batch) }
        scheduleFlush()
    }

    func stop() {
        flush()
        let last = state
        state = .stopped
        attempt += 1
        queue.removeAll()
        switch last {
        case .waiting(let timer): timer?.cancel()
        case .greeting(let connection, _), .open(let connection): connection.close()
        case .dialling, .stopped: break
        }
    }

    func tick(now: NIODeadline, wasStalled: Bool) {
        switch state {
        case .greeting(let connection, let since):
            if now - since > TimeAmount(core.settings.handshakeTimeout), !wasStalled {
                abandon(connection)
            }
        case .open(let connection):
            if wasStalled { lastReceived = now }
            if now - lastReceived > TimeAmount(core.settings.silenceMax) {
                abandon(connection)
            } else if now - lastPinged >= TimeAmount(core.settings.keepalive) {
                lastPinged = now
                connection.write(PeerFrame(kind: .keepalivePing))
            }
        case .waiting, .dialling, .stopped:
            break
        }
    }

    // MARK: - Dialling

    /// Dials in a fresh turn of the loop.
    func dialSoon(after delay: TimeAmount = .zero) {
        attempt += 1
        let attempt = attempt
        let bound = NIOLoopBound(self, eventLoop: core.eventLoop)
        let timer = core.eventLoop.scheduleTask(in: delay) {
            if bound.value.attempt == attempt { bound.value.dial() }
        }
        state = .waiting(timer)
    }

    private func dial() {
        guard !core.isStopping else { return }
        state = .dialling
        let attempt = attempt
        let bound = NIOLoopBound(self, eventLoop: core.eventLoop)
        let bootstrap = ClientBootstrap(group: core.eventLoop)
            .connectTimeout(TimeAmount(core.settings.connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(
                .writeBufferWaterMark, value: .init(low: 256 * 1_024, high: 1_024 * 1_024)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let link = bound.value
                    let tls = try NIOSSLClientHandler(
                        context: link.core.tls.client, serverHostname: nil)
                    try channel.pipeline.syncOperations.addHandlers([
                        tls, OutgoingConnection(link: link, attempt: attempt),
                    ])
                }
            }
        let connecting: EventLoopFuture<any Channel>
        if let address = try? SocketAddress(ipAddress: host, port: Int(port)) {
            connecting = bootstrap.connect(to: address)
        } else {
            connecting = bootstrap.connect(host: host, port: Int(port))
        }
        connecting.assumeIsolated().whenFailure { error in
            let link = bound.value
            guard link.attempt == attempt, case .dialling = link.state else { return }
            link.ended(reason: error)
        }
    }

    /// Gives a connection up; only then closes it, so that its end is no news any more.
    private func abandon(_ connection: OutgoingConnection) {
        ended(reason: nil)
        connection.close()
    }

    private func ended(reason: (any Error)?) {
        if case .stopped = state { return }
        let wasOpen = isUp
        let isRefused = reason.map(isConnectionRefused) ?? false
        if wasOpen {
            failureCount = 0
            report(.down)
        } else {
            failureCount += 1
            queue.removeAll()
            report(isRefused ? .refused : .down)
        }
        dialSoon(after: wasOpen ? .zero : pause())
    }

    /// Short at first, because a process that dies closes its connections a moment before its
    /// listener; then doubling, with jitter.
    private func pause() -> TimeAmount {
        let shortest = core.settings.redialMin.nanoseconds
        let doublings = UInt64(min(failureCount - 1, 16))
        let longest = core.settings.redialMax.nanoseconds
        let pause = min(shortest << doublings, longest)
        return .nanoseconds(Int64(clamping: pause + UInt64.random(in: 0...(pause / 2))))
    }

    private func report(_ new: Reported) {
        let old = reported
        let node = node
        switch (old, new) {
        case (.down, .up), (.refused, .up), (.nothing, .up):
            reported = .up
            core.later { $0.transport(linkUp: node) }
        case (.up, .down), (.nothing, .down):
            reported = .down
            core.later { $0.transport(linkDown: node, isRefused: false) }
        case (.up, .refused), (.down, .refused), (.nothing, .refused):
            reported = .refused
            core.later { $0.transport(linkDown: node, isRefused: true) }
        case (_, .nothing), (.up, .up), (.down, .down), (.refused, .down), (.refused, .refused):
            break
        }
    }

    // MARK: - Writing

    private func enqueue(_ batch: [UInt8]) {
        let droppedCount = queue.append(batch)
        guard droppedCount > 0 else { return }
        core.counters.batchesDropped += UInt64(droppedCount)
        let node = node
        core.later { $0.transport(linkCongested: node, droppedBatchCount: droppedCount) }
    }

    private func scheduleFlush() {
        guard !isFlushScheduled, isUp else { return }
        isFlushScheduled = true
        let bound = NIOLoopBound(self, eventLoop: core.eventLoop)
        core.eventLoop.execute {
            bound.value.isFlushScheduled = false
            bound.value.flush()
        }
    }

    /// Writes as much as the connection takes.
    func flush() {
        guard case .open(let connection) = state else { return }
        while connection.isWritable,
            let payload = queue.takePayload(bytesTarget: core.settings.frameBytesTarget)
        {
            connection.write(.packing(.messages, payload))
        }
    }
}

extension PeerLink {
    // MARK: - What the connection says

    func secured(_ connection: OutgoingConnection, attempt: UInt64) {
        guard attempt == self.attempt, case .dialling = state,
            let payload = try? core.handshake(target: node).encoded()
        else { return connection.close() }
        state = .greeting(connection, since: .now())
        connection.write(PeerFrame(kind: .handshake, payload: payload))
    }

    func received(_ frame: PeerFrame, on connection: OutgoingConnection, attempt: UInt64) {
        guard attempt == self.attempt else { return connection.close() }
        lastReceived = .now()
        switch (state, frame.kind) {
        case (.greeting, .handshake):
            greet(frame, connection)
        case (_, .refusal):
            let refusal =
                (try? PeerRefusal(decoding: frame.payload))
                ?? PeerRefusal(code: .other, reason: "The other node gave no reason.")
            refused(refusal, by: "It says")
            abandon(connection)
        case (.open, .keepalivePong):
            break
        default:
            core.counters.protocolErrors += 1
            abandon(connection)
        }
    }

    /// The connection broke by an error; its end follows. Only what TLS says of certificates is
    /// news: everything else is a broken line.
    func failed(_ error: any Error, attempt: UInt64) {
        guard attempt == self.attempt, !isUp, error is NIOSSLError || error is BoringSSLError else {
            return
        }
        let text = "\(error)"
        guard text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("_ALERT_") else { return }
        core.counters.tlsFailures += 1
        refused(
            PeerRefusal(
                code: .wrongIdentity,
                reason:
                    "TLS failed: another cluster's authority, an expired certificate or a wrong "
                    + "clock (\(text))."),
            by: "This node finds")
    }

    func closed(attempt: UInt64) {
        guard attempt == self.attempt else { return }
        switch state {
        case .dialling, .greeting, .open: ended(reason: nil)
        case .waiting, .stopped: break
        }
    }

    private func greet(_ frame: PeerFrame, _ connection: OutgoingConnection) {
        let refusal: PeerRefusal?
        if let handshake = try? PeerHandshake(decoding: frame.payload) {
            refusal = core.rules.check(
                handshake, names: connection.peerNames(), expected: node,
                now: core.settings.wallClock())
        } else {
            refusal = PeerRefusal(code: .protocolViolation, reason: "This is no handshake.")
        }
        if let refusal {
            refused(refusal, by: "This node finds")
            abandon(connection)
            return
        }
        connection.acceptLargeFrames()
        lastReceived = .now()
        lastPinged = .now()
        failureCount = 0
        state = .open(connection)
        report(.up)
        flush()
    }

    func wrote(byteCount: Int) {
        core.counters.bytesSent += UInt64(byteCount)
    }

    private func refused(_ refusal: PeerRefusal, by who: String) {
        core.counters.refusals += 1
        core.warn(
            key: "link \(node) \(refusal.code.rawValue)",
            "No link to \(node) at \(host):\(port). \(who): \(refusal.reason)")
        let node = node
        core.later { $0.transport(linkRefused: node, by: refusal) }
    }
}

/// Whether a failed attempt means that nobody listens there: the process is gone.
func isConnectionRefused(_ error: any Error) -> Bool {
    if let error = error as? IOError { return error.errnoCode == ECONNREFUSED }
    if let error = error as? NIOConnectionError {
        return !error.connectionErrors.isEmpty
            && error.connectionErrors.allSatisfy { isConnectionRefused($0.error) }
    }
    return false
}
