internal import Determinism
internal import Identity
internal import Membership
internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import Wire

/// A connection that another node, or a machine that wants to become one, has made to this node.
final class IncomingConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// TLS and the first frame. → open, joining, closed
        case greeting
        /// Messages come in. → closed
        case open(NodeID)
        /// The registry decides. → closed
        case joining
        case closed
    }

    private let core: TransportCore
    private var state = State.greeting
    private var context: ChannelHandlerContext?
    private var decoder = FrameDecoder(frameBytesMax: PeerLimits.handshakeBytesMax)
    private var names: [String] = []
    private var isSecured = false
    private var since = NIODeadline.now()

    init(core: TransportCore) {
        self.core = core
    }

    /// Who it is; nil until that is proved.
    var node: NodeID? {
        if case .open(let node) = state { node } else { nil }
    }

    func close() {
        state = .closed
        context?.close(promise: nil)
    }

    func tick(now: NIODeadline, wasStalled: Bool) {
        if wasStalled { since = now }
        let limit =
            switch state {
            case .greeting, .closed: core.settings.handshakeTimeout
            // Twice what the other end allows, which has the better judgement.
            case .open: core.settings.silenceMax * 2
            case .joining: core.settings.joinTimeout
            }
        guard now - since > TimeAmount(limit) else { return }
        if case .joining = state {
            refuse(
                PeerRefusal(
                    code: .unavailable, reason: "The registry did not decide in time; try again."))
        } else {
            close()
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        since = .now()
        if !core.admit(self) { close() }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .closed
        core.closed(self)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted = event {
            isSecured = true
            if let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate(),
                let der = try? certificate.toDERBytes()
            {
                names = PeerCertificate.names(der: der)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !isSecured {
            core.counters.tlsFailures += 1
            let address = context.remoteAddress?.ipAddress ?? "somebody"
            core.warn(
                key: "tls \(address)",
                "A connection from \(address) was refused: its TLS failed (\(error)).")
        }
        close()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        core.counters.bytesReceived += UInt64(buffer.readableBytes)
        decoder.append(buffer.readableBytesView)
        do throws(WireError) {
            while let frame = try decoder.next() { try receive(frame) }
        } catch {
            core.counters.protocolErrors += 1
            let name = node.map { "\($0)" } ?? context.remoteAddress?.ipAddress ?? "somebody"
            core.warn(key: "frame \(name)", "The connection of \(name) is closed. \(error)")
            close()
        }
    }

    private func receive(_ frame: PeerFrame) throws(WireError) {
        switch (state, frame.kind) {
        case (.greeting, .handshake):
            greet(try PeerHandshake(decoding: frame.payload))
        case (.greeting, .joinRequest):
            join(try JoinRequest(decoding: frame.payload))
        case (.open(let node), .messages):
            since = .now()
            let payload = try frame.unpackedPayload(bytesMax: PeerLimits.frameBytesMax)
            let messages = try PeerMessage.decodeBatch(payload)
            core.counters.messagesReceived += UInt64(messages.count)
            core.delegate?.transport(received: messages, from: node)
        case (.open, .keepalivePing):
            since = .now()
            write(PeerFrame(kind: .keepalivePong))
        case (.closed, _):
            break
        default:
            throw .unknownValue("frame.kind", UInt64(frame.kind.rawValue))
        }
    }

    private func greet(_ handshake: PeerHandshake) {
        let now = core.settings.wallClock()
        if let refusal = core.rules.check(handshake, names: names, expected: nil, now: now) {
            core.warn(
                key: "peer \(handshake.node) \(refusal.code.rawValue)",
                "The node at \(context?.remoteAddress?.ipAddress ?? "an unknown address") that "
                    + "calls itself \(handshake.node) was refused. \(refusal.reason)")
            return refuse(refusal)
        }
        guard let payload = try? core.handshake(target: handshake.node).encoded() else {
            return close()
        }
        since = .now()
        state = .open(handshake.node)
        decoder.frameBytesMax = PeerLimits.frameBytesMax
        write(PeerFrame(kind: .handshake, payload: payload))
        core.opened(self, node: handshake.node)
    }

    private func join(_ request: JoinRequest) {
        guard request.cluster == core.credentials.cluster else {
            return refuse(
                PeerRefusal(
                    code: .wrongCluster,
                    reason: "The token is for cluster \(request.cluster); this is "
                        + "\(core.credentials.cluster)."))
        }
        if let refusal = HandshakeRules.clockRefusal(
            request.wallClock, now: core.settings.wallClock())
        {
            return refuse(refusal)
        }
        guard let delegate = core.delegate else {
            return refuse(PeerRefusal(code: .unavailable, reason: "This node is stopping."))
        }
        state = .joining
        since = .now()
        delegate.transport(joinRequested: request) { decision in
            self.decided(decision, request)
        }
    }

    private func decided(_ decision: Result<JoinAdmission, PeerRefusal>, _ request: JoinRequest) {
        guard case .joining = state else { return }
        switch decision {
        case .failure(let refusal):
            refuse(refusal)
        case .success(let admission):
            do {
                let reply = try core.credentials.reply(
                    to: request, admission, now: core.settings.wallClock())
                finish(PeerFrame(kind: .joinReply, payload: try reply.encoded()))
            } catch {
                refuse(PeerRefusal(code: .badRequest, reason: "\(error)"))
            }
        }
    }

    private func refuse(_ refusal: PeerRefusal) {
        core.counters.refusals += 1
        guard let payload = try? refusal.encoded() else { return close() }
        finish(PeerFrame(kind: .refusal, payload: payload))
    }

    /// Writes the last frame, then closes.
    private func finish(_ frame: PeerFrame) {
        state = .closed
        since = .now()
        guard let context, let bytes = try? frame.encoded() else { return close() }
        let buffer = context.channel.allocator.buffer(bytes: bytes)
        let bound = NIOLoopBound(self, eventLoop: core.eventLoop)
        context.writeAndFlush(wrapOutboundOut(buffer)).whenComplete { _ in bound.value.close() }
    }

    private func write(_ frame: PeerFrame) {
        guard let context, let bytes = try? frame.encoded() else { return }
        core.counters.bytesSent += UInt64(bytes.count)
        context.writeAndFlush(
            wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    }
}

extension PeerCredentials {
    /// The answer to an admitted node: its certificate, and all that members share.
    fileprivate func reply(
        to request: JoinRequest, _ admission: JoinAdmission, now: WallTime
    ) throws -> JoinReply {
        let certificate = try authority.issueNodeCertificate(
            node: admission.node, cluster: cluster, publicKey: request.publicKey,
            hosts: [request.endpoint.host], now: now)
        return JoinReply(
            cluster: cluster, node: admission.node, certificate: certificate,
            authority: authorityPEM, authorityKey: authorityKeyPEM, keys: gossipKeys,
            registry: admission.registry, seeds: admission.seeds)
    }
}
