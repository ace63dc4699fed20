import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import PeerTransport
import Synchronization
import Wire

/// One end of a connection that keeps no rule but TLS: a stranger that dials. What it sends is the
/// test's affair.
struct RawPeer: Sendable {
    /// What has happened on the connection.
    struct Story: Sendable {
        var frames: [PeerFrame] = []
        var isSecured = false
        var isClosed = false
    }

    final class Record: Sendable {
        private let state = Mutex(Story())

        var story: Story { state.withLock { $0 } }

        func add(_ change: (inout Story) -> Void) { state.withLock { change(&$0) } }
    }

    let channel: any Channel
    let record: Record

    /// Connects to `port` and shows `credentials`, or no certificate at all.
    static func dial(
        _ port: UInt16, as credentials: PeerCredentials?, newest: TLSVersion = .tlsv13
    ) async throws -> RawPeer {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.maximumTLSVersion = newest
        if let credentials {
            configuration.certificateChain = [
                .certificate(try certificate(credentials.certificatePEM))
            ]
            configuration.privateKey = .privateKey(try key(credentials.privateKeyPEM))
        }
        let context = try NIOSSLContext(configuration: configuration)
        let record = Record()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLClientHandler(context: context, serverHostname: nil),
                        RawHandler(record: record, answer: { _ in [] }),
                    ])
                }
            }
            .connect(host: TestNode.host, port: Int(port)).get()
        return RawPeer(channel: channel, record: record)
    }

    func send(_ frame: PeerFrame) async throws { try await send(bytes: try frame.encoded()) }

    func send(bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Whether the other end closes the connection in time.
    func isClosed(within deadline: Duration = .seconds(10)) async throws -> Bool {
        try await eventually(within: deadline) { record.story.isClosed }
    }

    static func certificate(_ pem: String) throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: Array(pem.utf8), format: .pem)
    }

    static func key(_ pem: String) throws -> NIOSSLPrivateKey {
        try NIOSSLPrivateKey(bytes: Array(pem.utf8), format: .pem)
    }
}

/// A listener that answers each frame as the test says, whoever calls.
struct Impostor: Sendable {
    let channel: any Channel
    let port: UInt16

    /// Shows the certificates in `chain`, the first with its private key.
    static func listen(
        chain: [String], privateKeyPEM: String, newest: TLSVersion = .tlsv13,
        answer: @escaping @Sendable (PeerFrame) -> [PeerFrame]
    ) async throws -> Impostor {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try chain.map { .certificate(try RawPeer.certificate($0)) },
            privateKey: .privateKey(try RawPeer.key(privateKeyPEM)))
        configuration.certificateVerification = .none
        configuration.maximumTLSVersion = newest
        let context = try NIOSSLContext(configuration: configuration)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLServerHandler(context: context),
                        RawHandler(record: RawPeer.Record(), answer: answer),
                    ])
                }
            }
            .bind(host: TestNode.host, port: 0).get()
        return Impostor(channel: channel, port: UInt16(channel.localAddress?.port ?? 0))
    }

    /// Shows the certificate of `credentials`, and that of its authority.
    static func listen(
        as credentials: PeerCredentials, newest: TLSVersion = .tlsv13,
        answer: @escaping @Sendable (PeerFrame) -> [PeerFrame]
    ) async throws -> Impostor {
        try await listen(
            chain: [credentials.certificatePEM, credentials.authorityPEM],
            privateKeyPEM: credentials.privateKeyPEM, newest: newest, answer: answer)
    }

    func close() async throws { try await channel.close() }
}

private final class RawHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let record: RawPeer.Record
    private let answer: @Sendable (PeerFrame) -> [PeerFrame]
    private var decoder = FrameDecoder()

    init(record: RawPeer.Record, answer: @escaping @Sendable (PeerFrame) -> [PeerFrame]) {
        self.record = record
        self.answer = answer
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted = event {
            record.add { $0.isSecured = true }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data).readableBytesView)
        while let frame = try? decoder.next() {
            record.add { $0.frames.append(frame) }
            for reply in answer(frame) {
                guard let bytes = try? reply.encoded() else { continue }
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) { record.add { $0.isClosed = true } }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
