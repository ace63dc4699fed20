package import Determinism
internal import Foundation
internal import Identity
package import Membership
package import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS
package import Wire

/// Why a node could not join.
package enum JoinError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The token cannot be used.
    case token(JoinTokenError)
    /// Nobody answers at the token's seed.
    case unreachable(seed: String, reason: String)
    /// Whoever answers is not the cluster of the token.
    case authorityMismatch(seed: String)
    /// This machine's clock differs too much from the cluster's.
    case clockOff(String)
    /// The cluster said no.
    case refused(PeerRefusal)
    /// No answer within the time.
    case timedOut(seed: String)
    /// The answer makes no sense.
    case badAnswer(String)

    /// One sentence that says what is wrong and what to do.
    package var description: String {
        switch self {
        case .token(let error): error.description
        case .unreachable(let seed, let reason):
            "The seed \(seed) of the join token cannot be reached (\(reason)); "
                + "check that the node runs and that no firewall is between."
        case .authorityMismatch(let seed):
            "The node at \(seed) does not have the certificate that the join token names; "
                + "it belongs to another cluster."
        case .clockOff(let reason): reason
        case .refused(let refusal): refusal.reason
        case .timedOut(let seed): "The seed \(seed) did not answer in time; try again."
        case .badAnswer(let reason): "The cluster's answer cannot be used: \(reason)"
        }
    }
}

/// What a node got by joining.
package struct Joined: Hashable, Sendable {
    /// To be saved before anything else is done.
    package let credentials: PeerCredentials
    /// The registry, encoded by its own rules.
    package let registry: [UInt8]
    /// Members to begin with; the token's seed is among them.
    package let seeds: [SeedAddress]
}

/// Asks a member to let this machine become a node.
package enum JoinClient {
    /// How long it may all take.
    package static let timeout: Interval = .seconds(30)

    /// Joins by `token`. With the same `key`, asking again after a lost answer gives the same node
    /// id. `endpoint` says where the node will listen.
    package static func join(
        token: JoinToken, key: NodeKey, endpoint: MemberEndpoint, facts: MemberFacts,
        now: WallTime, timeout: Interval = timeout, group: any EventLoopGroup
    ) async throws(JoinError) -> Joined {
        do throws(JoinTokenError) {
            try token.checkNotExpired(now: now)
        } catch {
            throw .token(error)
        }
        let request = JoinRequest(
            secret: token.secret, publicKey: key.publicKey, endpoint: endpoint, facts: facts,
            wallClock: now, cluster: token.cluster)
        let reply: JoinReply
        do {
            reply = try await ask(request, token, timeout: timeout, on: group.next())
        } catch let error as JoinError {
            throw error
        } catch {
            throw .badAnswer("\(error)")
        }
        return try checked(reply, token, key, now: now)
    }

    private static func checked(
        _ reply: JoinReply, _ token: JoinToken, _ key: NodeKey, now: WallTime
    ) throws(JoinError) -> Joined {
        let credentials = PeerCredentials(
            cluster: reply.cluster, node: reply.node, certificatePEM: reply.certificate,
            privateKeyPEM: key.privateKeyPEM, authorityPEM: reply.authority,
            authorityKeyPEM: reply.authorityKey, gossipKeys: reply.keys)
        guard reply.cluster == token.cluster,
            (try? PeerCertificate.fingerprint(pem: reply.authority)) == token.fingerprint
        else { throw .authorityMismatch(seed: seed(token)) }
        do throws(CertificateError) {
            _ = try credentials.authority
            try credentials.check(now: now)
        } catch {
            throw .badAnswer(error.description)
        }
        return Joined(credentials: credentials, registry: reply.registry, seeds: reply.seeds)
    }

    private static func seed(_ token: JoinToken) -> String {
        SeedAddress(host: token.seedHost, gossipPort: 0, peerPort: token.seedPort).description
    }

    private static func ask(
        _ request: JoinRequest, _ token: JoinToken, timeout: Interval, on eventLoop: any EventLoop
    ) async throws -> JoinReply {
        let seed = seed(token)
        let promise = eventLoop.makePromise(of: JoinReply.self)
        let payload = try request.encoded()
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        configuration.certificateVerification = .noHostnameVerification
        let context = try NIOSSLContext(configuration: configuration)
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let isPinned = NIOLoopBoundBox(false, eventLoop: channel.eventLoop)
                    let tls = try NIOSSLClientHandler(
                        context: context, serverHostname: nil,
                        customVerificationCallback: { chain, verdict in
                            let isRight = Self.isPinned(chain, token)
                            isPinned.value = isRight
                            verdict.succeed(isRight ? .certificateVerified : .failed)
                        })
                    let handler = JoinHandler(
                        payload: payload, seed: seed, isPinned: isPinned, promise: promise)
                    try channel.pipeline.syncOperations.addHandlers([tls, handler])
                }
            }
        let timer = eventLoop.scheduleTask(in: TimeAmount(timeout)) {
            promise.fail(JoinError.timedOut(seed: seed))
        }
        let connecting = bootstrap.connect(host: token.seedHost, port: Int(token.seedPort))
        connecting.whenFailure { error in
            promise.fail(JoinError.unreachable(seed: seed, reason: Self.reason(error)))
        }
        promise.futureResult.whenComplete { _ in
            timer.cancel()
            connecting.whenSuccess { $0.close(promise: nil) }
        }
        return try await promise.futureResult.get()
    }

    private static func reason(_ error: any Error) -> String {
        if isConnectionRefused(error) { return "connection refused" }
        if let error = error as? NIOConnectionError, error.connectionErrors.isEmpty {
            return "its name \(error.host) is not known"
        }
        if let error = error as? ChannelError, case .connectTimeout = error {
            return "no answer"
        }
        return "\(error)"
    }

    /// Whether the chain ends in the authority that the token names, which signed a certificate of a
    /// node of the token's cluster. The calendar is left out, so that a wrong clock on this side is
    /// found by the member, and called so.
    private static func isPinned(_ chain: [NIOSSLCertificate], _ token: JoinToken) -> Bool {
        let chain = chain.compactMap { try? $0.toDERBytes() }
        guard let leaf = chain.first,
            let authority = chain.first(where: {
                PeerCertificate.fingerprint(der: $0) == token.fingerprint
            })
        else { return false }
        let suffix = "." + token.cluster.text
        return PeerCertificate.isSigned(leaf: leaf, by: authority)
            && PeerCertificate.names(der: leaf).contains {
                $0.hasPrefix("node-") && $0.hasSuffix(suffix)
            }
    }
}

/// One request to join on one connection.
private final class JoinHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let payload: [UInt8]
    private let seed: String
    private let isPinned: NIOLoopBoundBox<Bool>
    private let promise: EventLoopPromise<JoinReply>
    private var decoder = FrameDecoder(frameBytesMax: PeerLimits.joinBytesMax)
    private var isSecured = false

    init(
        payload: [UInt8], seed: String, isPinned: NIOLoopBoundBox<Bool>,
        promise: EventLoopPromise<JoinReply>
    ) {
        self.payload = payload
        self.seed = seed
        self.isPinned = isPinned
        self.promise = promise
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted = event {
            isSecured = true
            let frame = PeerFrame(kind: .joinRequest, payload: payload)
            guard let bytes = try? frame.encoded() else { return }
            context.writeAndFlush(
                wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data).readableBytesView)
        do {
            while let frame = try decoder.next() {
                switch frame.kind {
                case .joinReply:
                    promise.succeed(try JoinReply(decoding: frame.payload))
                case .refusal:
                    let refusal = try PeerRefusal(decoding: frame.payload)
                    if refusal.code == .clockOff { throw JoinError.clockOff(refusal.reason) }
                    throw JoinError.refused(refusal)
                default:
                    throw WireError.unknownValue("frame.kind", UInt64(frame.kind.rawValue))
                }
            }
        } catch let error as JoinError {
            promise.fail(error)
        } catch {
            promise.fail(JoinError.badAnswer("\(error)"))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isSecured {
            promise.fail(JoinError.badAnswer("\(error)"))
        } else if error is NIOSSLError, !isPinned.value {
            promise.fail(JoinError.authorityMismatch(seed: seed))
        } else {
            promise.fail(JoinError.unreachable(seed: seed, reason: "\(error)"))
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(JoinError.unreachable(seed: seed, reason: "it closed the connection"))
        context.fireChannelInactive()
    }
}
