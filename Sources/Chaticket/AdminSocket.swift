import Determinism
import Foundation
import Identity
import Logging
import NIOCore
import NIOPosix
import Node
import NodeHost
import PeerTransport
import Registry
import ServiceLifecycle

import struct PeerTransport.JoinToken

/// The socket in the data directory by which operators on this machine, with the right to read it, ask
/// the running node.
struct AdminSocket: Service {
    let path: String
    let host: NodeHost
    let credentials: PeerCredentials
    let settings: NodeHostSettings
    let logger: Logger

    /// Longest path of a Unix socket, in bytes.
    private static let pathBytesMax = 107

    func run() async throws {
        // Only a node that listens has something to tell. When it cannot start it says why itself.
        guard let addresses = try? await host.addresses else { return }
        let desk = AdminDesk(
            host: host, credentials: credentials,
            seedHost: settings.host, seedPort: addresses.peerPort)
        guard path.utf8.count <= AdminSocket.pathBytesMax else {
            logger.warning(
                "The path of the data directory is too long for `chaticket cluster status`.",
                metadata: ["path": "\(path)", "bytesMax": "\(AdminSocket.pathBytesMax)"])
            return
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel: any Channel
        do {
            channel = try await ServerBootstrap(group: group)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(AdminHandler(desk: desk))
                    }
                }
                .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
            chmod(path, 0o600)
        } catch {
            logger.warning(
                "Operators cannot ask this node: its socket cannot be made.",
                metadata: ["path": "\(path)", "reason": "\(error)"])
            try? await group.shutdownGracefully()
            return
        }
        logger.notice(
            "The node is ready.",
            metadata: ["node": "\(addresses.node)", "url": "\(addresses.clientURL)"])
        try? await gracefulShutdown()
        try? await channel.close()
        unlink(path)
        try? await group.shutdownGracefully()
    }
}

/// Answers operators.
struct AdminDesk: Sendable {
    let host: NodeHost
    let credentials: PeerCredentials
    let seedHost: String
    let seedPort: UInt16

    /// The answer to one line.
    func answer(_ line: [UInt8]) async -> AdminResponse {
        let request: AdminRequest
        do {
            request = try JSONDecoder().decode(AdminRequest.self, from: Data(line))
        } catch {
            return AdminDesk.refusal("badRequest", "The request is not understood.")
        }
        guard request.version == AdminMessage.version else {
            return AdminDesk.refusal(
                "version", "The node speaks version \(AdminMessage.version) of this protocol.")
        }
        do {
            switch request.request {
            case .status: return AdminDesk.response(try await host.operate(.status))
            case .locate:
                guard let chat = request.chat.flatMap({ ChatID(text: $0) }) else {
                    return AdminDesk.refusal(
                        "badRequest", "A chat's id has 32 hexadecimal digits.")
                }
                return AdminDesk.response(try await host.operate(.locate(chat)))
            case .token: return try await token(seconds: request.seconds ?? 3_600)
            }
        } catch {
            return AdminDesk.refusal("stopping", "The node is stopping.", retryable: true)
        }
    }

    private func token(seconds: UInt64) async throws -> AdminResponse {
        let token = JoinToken(
            authority: try credentials.authority, cluster: credentials.cluster, seedHost: seedHost,
            seedPort: seedPort,
            expiry: SystemClock.wall + .seconds(min(seconds, 366 * 86_400)))
        let response = try await host.operate(
            .change(.createToken(hash: token.secretHash, expiry: token.expiry)))
        switch response {
        case .outcome(.done), .outcome(.unchanged):
            return AdminResponse(
                token: TokenReport(token: token.text, expires: token.expiry.milliseconds))
        default: return AdminDesk.response(response)
        }
    }

    private static func response(_ response: OperatorResponse) -> AdminResponse {
        switch response {
        case .status(let status): AdminResponse(status: StatusReport(status))
        case .located(let location): AdminResponse(location: LocationReport(location))
        case .outcome(.refused(let refusal)):
            AdminDesk.refusal("refused", "The registry refuses: \(refusal).")
        case .outcome: AdminDesk.refusal("unexpected", "The registry's answer is not understood.")
        case .failed:
            AdminDesk.refusal(
                "noQuorum",
                "The registry does not answer: most of its nodes are down or unreachable. Start "
                    + "them, then repeat the command.", retryable: true)
        }
    }

    private static func refusal(
        _ code: String, _ message: String, retryable: Bool = false
    ) -> AdminResponse {
        AdminResponse(error: AdminError(code: code, message: message, retryable: retryable))
    }
}

/// One operator's connection: lines in, lines out.
private final class AdminHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let desk: AdminDesk
    private var line: [UInt8] = []

    init(desk: AdminDesk) {
        self.desk = desk
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        for byte in unwrapInboundIn(data).readableBytesView {
            if byte == UInt8(ascii: "\n") {
                answer(line, on: context.channel)
                line = []
            } else {
                line.append(byte)
            }
            guard line.count <= AdminMessage.requestBytesMax else {
                context.close(promise: nil)
                return
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ line: [UInt8], on channel: any Channel) {
        let desk = desk
        Task {
            let bytes = AdminMessage.line(await desk.answer(line))
            try? await channel.writeAndFlush(channel.allocator.buffer(bytes: bytes))
        }
    }
}
