import ClientTransport
import Foundation
import NIOCore
import NIOPosix

/// The limit that a chat server can be held against: as many bare connections move the same bytes
/// through one bare server that fans them out, in the same pattern, without any protocol.
struct BaselineRun: Sendable {
    let connector: ClientConnector
    let chatCount: Int
    let readerCount: Int
    let sendByteCount: Int
    let deliveryByteCount: Int
    let load: LoadRun.Load
    let time: TimeOptions

    /// What was moved, and what it cost the server.
    struct Figures: Sendable {
        let seconds: Double
        let messages: Double
        let deliveries: Double
        let serverCPU: Double
    }

    /// Starts a server, moves the bytes and ends the server.
    func measure() async throws -> Figures {
        let server = try ChildProcess.start(
            "/proc/self/exe",
            ["baseline-server", "--delivery-bytes", "\(deliveryByteCount)"])
        defer { server.end() }
        guard let port = server.readNumber(), port > 0 else {
            throw LoadFailure.noProcess("the baseline server says no port")
        }
        Progress.tell("the same bytes over bare sockets")
        let crowd = BaselineCrowd(self, port: port)
        try await crowd.connect()
        await crowd.begin()
        try await Task.sleep(for: .seconds(time.warmup))
        let (start, before) = (Moment.now, await crowd.counts)
        let sample = ProcessUse.sample([server.pid])
        try await Task.sleep(for: .seconds(time.duration))
        let (end, after) = (Moment.now, await crowd.counts)
        let use = ProcessUse(from: sample, to: ProcessUse.sample([server.pid]))
        await crowd.close()
        return Figures(
            seconds: Double(end - start) / 1e9, messages: Double(after.acks - before.acks),
            deliveries: Double(after.deliveries - before.deliveries),
            serverCPU: Double(use.cpuNanoseconds) / 1e9)
    }
}

/// The bare connections. Its executor is their loop.
actor BaselineCrowd {
    private let run: BaselineRun
    private let port: Int
    private let state: BaselineState

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        run.connector.loop.executor.asUnownedSerialExecutor()
    }

    init(_ run: BaselineRun, port: Int) {
        self.run = run
        self.port = port
        state = BaselineState(run)
    }

    /// Opens the connections.
    func connect() async throws {
        let loop = run.connector.loop
        for chat in 0..<run.chatCount {
            for _ in 0..<run.readerCount {
                let end = BaselineEnd(state)
                let bound = NIOLoopBound(end, eventLoop: loop)
                let channel = try await ClientBootstrap(group: loop)
                    .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(bound.value)
                        }
                    }.connect(host: "127.0.0.1", port: port).get()
                try await channel.writeAndFlush(
                    BaselineFrame.make(.join, byteCount: 5, number: UInt32(chat)))
                state.ends.append(end)
            }
        }
    }

    /// Begins to send.
    func begin() { state.begin() }

    /// Messages that came back to their senders, and deliveries.
    var counts: (acks: UInt64, deliveries: UInt64) { (state.acks, state.deliveries) }

    /// Ends all connections.
    func close() { state.close() }
}

/// What the bare connections do and count.
final class BaselineState {
    private let run: BaselineRun
    private let message: ByteBuffer
    var ends: [BaselineEnd] = []
    private(set) var acks: UInt64 = 0
    private(set) var deliveries: UInt64 = 0
    private var turn = 0
    private var schedule: OpenLoopSchedule?
    private var start: UInt64 = 0
    private var isClosed = false

    init(_ run: BaselineRun) {
        self.run = run
        message = BaselineFrame.make(.message, byteCount: run.sendByteCount)
    }

    /// Sends by the clock, or as many at a time as the real run did.
    func begin() {
        switch run.load {
        case .rate(let rate):
            schedule = OpenLoopSchedule(rate: rate)
            start = Moment.now
            pump()
        case .saturated(let outstanding):
            for _ in 0..<min(outstanding, ends.count) { sendOne() }
        }
    }

    /// A frame came.
    func received(_ kind: BaselineFrame.Kind) {
        switch kind {
        case .delivery: deliveries += 1
        case .ack:
            acks += 1
            if schedule == nil, !isClosed { sendOne() }
        case .join, .message: break
        }
    }

    /// Ends all connections.
    func close() {
        isClosed = true
        for end in ends { end.close() }
    }

    /// Connections are in the order of chats: the chats take turns, and in each its connections.
    private func sendOne() {
        let chat = turn % run.chatCount
        let reader = turn / run.chatCount % run.readerCount
        ends[chat * run.readerCount + reader].send(message)
        turn += 1
    }

    private func pump() {
        guard !isClosed, var schedule else { return }
        let now = Moment.now
        while schedule.take(at: now - start) != nil { sendOne() }
        self.schedule = schedule
        let next = start + schedule.next
        _ = run.connector.loop.assumeIsolated().scheduleTask(
            in: .nanoseconds(Int64(next > now ? next - now : 0))
        ) { self.pump() }
    }
}

/// One bare connection of the generator.
final class BaselineEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let state: BaselineState
    private var bytes = BaselineBytes()
    private var context: ChannelHandlerContext?

    init(_ state: BaselineState) { self.state = state }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes.read(Self.unwrapInboundIn(data)) { kind, _ in state.received(kind) }
    }

    func send(_ frame: ByteBuffer) {
        context?.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
    }

    func close() { context?.close(promise: nil) }
}

extension Report {
    /// The figures of the baseline, and how far from it the real run is.
    mutating func add(_ baseline: BaselineRun.Figures, against figures: LoadRun.Figures) {
        add(
            "baseline_deliveries_per_s", "bare sockets: deliveries", baseline.deliveries,
            per: baseline.seconds, "/s")
        let bare = baseline.deliveries > 0 ? baseline.serverCPU * 1e6 / baseline.deliveries : 0
        add(
            "baseline_cpu_s_per_million_deliveries",
            "bare sockets: CPU of the server per million deliveries", bare, "s")
        guard figures.deliveries > 0 else { return }
        let real = Double(figures.nodes.cpuNanoseconds) / 1e9 * 1e6 / figures.deliveries
        add(
            "cpu_ratio_to_baseline", "CPU per delivery, times the bare sockets'", real, per: bare,
            "x")
    }
}
