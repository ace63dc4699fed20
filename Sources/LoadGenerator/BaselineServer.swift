import ArgumentParser
import Glibc
import NIOCore
import NIOPosix

/// The other side of `--baseline`, in a process of its own; hidden, since it is of use to nobody
/// else.
struct BaselineServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline-server",
        abstract: "Fan out frames between bare sockets until standard input ends.",
        shouldDisplay: false)

    @Option(help: "Bytes of a frame that delivers.")
    var deliveryBytes: Int

    func run() async throws {
        FileLimit.raise()
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let byteCount = deliveryBytes
        let hall = try await loop.submit {
            NIOLoopBound(BaselineHall(loop: loop, deliveryByteCount: byteCount), eventLoop: loop)
        }.get()
        let server = try await ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 4_096)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        BaselineMember(hall: hall.value))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: "127.0.0.1", port: 0).get()
        print(server.localAddress?.port ?? 0)
        fflush(nil)
        while readLine() != nil {}
        try? await server.close()
    }
}

/// All chats of a baseline server. Confined to its loop.
final class BaselineHall {
    private let loop: any EventLoop
    private let deliveryByteCount: Int
    private var chats: [UInt32: [BaselineMember]] = [:]
    private var dirty: [BaselineMember] = []
    private let ack = BaselineFrame.make(.ack, byteCount: BaselineFrame.ackByteCount)

    init(loop: any EventLoop, deliveryByteCount: Int) {
        self.loop = loop
        self.deliveryByteCount = deliveryByteCount
    }

    /// Adds a connection to a chat.
    func join(_ member: BaselineMember, _ chat: UInt32) { chats[chat, default: []].append(member) }

    /// Takes a connection out of its chat.
    func leave(_ member: BaselineMember, _ chat: UInt32) {
        chats[chat]?.removeAll { $0 === member }
    }

    /// Gives a message to everybody in the chat; all that a turn of the loop brings to one
    /// connection leaves in one write.
    func spread(_ sender: BaselineMember, _ chat: UInt32) {
        let delivery = BaselineFrame.make(.delivery, byteCount: deliveryByteCount)
        for member in chats[chat] ?? [] { write(delivery, to: member) }
        write(ack, to: sender)
    }

    private func write(_ frame: ByteBuffer, to member: BaselineMember) {
        if member.write(frame) {
            if dirty.isEmpty {
                loop.assumeIsolated().execute { self.flush() }
            }
            dirty.append(member)
        }
    }

    private func flush() {
        let members = dirty
        dirty = []
        for member in members { member.flush() }
    }
}

/// One connection of a baseline server.
final class BaselineMember: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let hall: BaselineHall
    private var chat: UInt32?
    private var bytes = BaselineBytes()
    private var context: ChannelHandlerContext?
    private var isDirty = false

    init(hall: BaselineHall) { self.hall = hall }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        if let chat { hall.leave(self, chat) }
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes.read(Self.unwrapInboundIn(data)) { kind, number in
            switch kind {
            case .join:
                chat = number
                hall.join(self, number)
            case .message: if let chat { hall.spread(self, chat) }
            case .ack, .delivery: break
            }
        }
    }

    /// Writes a frame; whether the connection has to be flushed because of it.
    func write(_ frame: ByteBuffer) -> Bool {
        context?.write(Self.wrapOutboundOut(frame), promise: nil)
        defer { isDirty = true }
        return !isDirty
    }

    func flush() {
        isDirty = false
        context?.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
