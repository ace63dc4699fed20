import Determinism
import Identity
import Membership
import NIOCore
import NIOPosix
import PeerTransport
import Testing
import Wire

@Suite("Links between nodes")
struct LinkTests {
    private func request(_ id: UInt64, byteCount: Int = 10) -> PeerMessage {
        .request(id: id, shard: ShardID(1), bytes: [UInt8](repeating: 7, count: byteCount))
    }

    @Test("Two nodes exchange messages over mutual TLS, in order, small and large")
    func exchange() async throws {
        let cluster = try TestCluster()
        let one = try await TestNode.start(try cluster.credentials(1))
        let two = try await TestNode.start(try cluster.credentials(2))
        try await one.connect(to: two)
        try await two.connect(to: one)
        _ = try await one.log.first { $0 == .linkUp(NodeID(2)) }
        _ = try await two.log.first { $0 == .linkUp(NodeID(1)) }
        let sent: [PeerMessage] = (1...200).map { request($0, byteCount: Int($0) * 300) }
        try await one.call { $0.send(sent, to: NodeID(2)) }
        try await two.call { $0.send([.streamPing(sequence: 9)], to: NodeID(1)) }
        var received: [PeerMessage] = []
        var place = -1
        while received.count < sent.count {
            let found = try await two.log.first(from: place + 1) {
                if case .messages = $0 { true } else { false }
            }
            place = found.place
            if case .messages(let messages, let from) = found.event {
                #expect(from == NodeID(1))
                received += messages
            }
        }
        #expect(received == sent)
        _ = try await one.log.first {
            $0 == .messages([.streamPing(sequence: 9)], from: NodeID(2))
        }
        // 6 MB of sevens are not sent as such: the batches are compressed.
        let counters = try await one.counters()
        #expect(counters.messagesSent == 200)
        #expect(counters.bytesSent < 1_000_000)
        await one.transport.stop()
        await two.transport.stop()
    }

    @Test(
        "A node that goes away is reported at once, then that nobody listens there; then its return"
    )
    func restart() async throws {
        let cluster = try TestCluster()
        let one = try await TestNode.start(try cluster.credentials(1))
        let credentials = try cluster.credentials(2)
        let port = try VacantPort()
        let two = try await TestNode.start(credentials, peerPort: port.number)
        try await one.connect(to: two)
        let up = try await one.log.first { $0 == .linkUp(NodeID(2)) }
        await two.transport.stop()
        let down = try await one.log.first(from: up.place) {
            $0 == .linkDown(NodeID(2), isRefused: false)
        }
        let refused = try await one.log.first(from: down.place) {
            $0 == .linkDown(NodeID(2), isRefused: true)
        }
        let again = try await TestNode.start(
            credentials, generation: 2, peerPort: port.number)
        let back = try await one.log.first(from: refused.place) { $0 == .linkUp(NodeID(2)) }
        try await one.call { $0.send([.streamPing(sequence: 1)], to: NodeID(2)) }
        _ = try await again.log.first {
            $0 == .messages([.streamPing(sequence: 1)], from: NodeID(1))
        }
        // Nothing else was told in between.
        let told = one.log.events[up.place...back.place].filter { $0 != .linkUp(NodeID(2)) }
        #expect(Array(told) == [down.event, refused.event])
        await one.transport.stop()
        await again.transport.stop()
    }

    @Test("A peer that was never there is reported as refused, once")
    func neverThere() async throws {
        let cluster = try TestCluster()
        let one = try await TestNode.start(try cluster.credentials(1))
        let vacant = try VacantPort()
        try await one.call {
            $0.setPeer(NodeID(2), host: TestNode.host, port: vacant.number)
        }
        _ = try await one.log.first { $0 == .linkDown(NodeID(2), isRefused: true) }
        let other = try await TestNode.start(try cluster.credentials(3))
        try await one.connect(to: other)
        _ = try await one.log.first { $0 == .linkUp(NodeID(3)) }
        #expect(one.log.events == [.linkDown(NodeID(2), isRefused: true), .linkUp(NodeID(3))])
        await one.transport.stop()
        await other.transport.stop()
    }

    @Test("A node that listens elsewhere is reached there")
    func moved() async throws {
        let cluster = try TestCluster()
        let one = try await TestNode.start(try cluster.credentials(1))
        let credentials = try cluster.credentials(2)
        let before = try await TestNode.start(credentials)
        try await one.connect(to: before)
        let up = try await one.log.first { $0 == .linkUp(NodeID(2)) }
        let after = try await TestNode.start(credentials, generation: 2)
        try await one.connect(to: after)
        _ = try await one.log.first(from: up.place + 1) { $0 == .linkUp(NodeID(2)) }
        try await one.call { $0.send([.streamPing(sequence: 5)], to: NodeID(2)) }
        _ = try await after.log.first {
            $0 == .messages([.streamPing(sequence: 5)], from: NodeID(1))
        }
        await one.transport.stop()
        await before.transport.stop()
        await after.transport.stop()
    }

    @Test("A peer that falls silent is given up after the longest silence")
    func silence() async throws {
        let cluster = try TestCluster()
        let quick: @Sendable (inout PeerTransportSettings) -> Void = {
            $0.keepalive = .milliseconds(50)
            $0.silenceMax = .milliseconds(200)
        }
        let one = try await TestNode.start(try cluster.credentials(1), configure: quick)
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let two = try await TestNode.start(try cluster.credentials(2), on: loop.next())
        try await one.connect(to: two)
        let up = try await one.log.first { $0 == .linkUp(NodeID(2)) }
        // The other node's only thread stands still, as in a process that was stopped.
        let gate = Gate()
        two.eventLoop.execute { gate.wait() }
        let down = try await one.log.first(from: up.place) {
            $0 == .linkDown(NodeID(2), isRefused: false)
        }
        gate.open()
        _ = try await one.log.first(from: down.place) { $0 == .linkUp(NodeID(2)) }
        await one.transport.stop()
        await two.transport.stop()
        try await loop.shutdownGracefully()
    }

    @Test("A full queue drops its oldest batches and says so; the newest arrive")
    func congestion() async throws {
        let cluster = try TestCluster()
        let one = try await TestNode.start(
            try cluster.credentials(1), configure: { $0.queueBytesMax = 100_000 })
        let two = try await TestNode.start(try cluster.credentials(2))
        try await one.connect(to: two)
        _ = try await one.log.first { $0 == .linkUp(NodeID(2)) }
        // All in one turn of the loop, so that nothing is written in between.
        let messages = (1...50).map { request(UInt64($0), byteCount: 10_000) }
        try await one.call { transport in
            for message in messages { transport.send([message], to: NodeID(2)) }
        }
        _ = try await one.log.first { $0 == .congested(NodeID(2)) }
        _ = try await two.log.first {
            if case .messages(let received, _) = $0 {
                received.last == messages.last
            } else {
                false
            }
        }
        #expect(try await one.counters().batchesDropped > 30)
        await one.transport.stop()
        await two.transport.stop()
    }

    @Test("Bytes that are no TLS, and frames that are out of order, close their connection alone")
    func garbage() async throws {
        let cluster = try TestCluster()
        let one = try await TestNode.start(try cluster.credentials(1))
        let two = try await TestNode.start(try cluster.credentials(2))
        try await one.connect(to: two)
        _ = try await one.log.first { $0 == .linkUp(NodeID(2)) }
        for _ in 0..<5 {
            let channel = try await ClientBootstrap(group: one.eventLoop)
                .connect(host: TestNode.host, port: Int(two.ports.peer)).get()
            try? await channel.writeAndFlush(
                ByteBuffer(bytes: (0..<200).map { UInt8(truncatingIfNeeded: $0 * 31) }))
            try await channel.closeFuture.get()
        }
        #expect(try await eventually { try await two.counters().tlsFailures >= 5 })
        try await one.call { $0.send([.streamPing(sequence: 2)], to: NodeID(2)) }
        _ = try await two.log.first {
            $0 == .messages([.streamPing(sequence: 2)], from: NodeID(1))
        }
        #expect(one.log.events == [.linkUp(NodeID(2))])
        await one.transport.stop()
        await two.transport.stop()
    }

    @Test("A port that is taken is one clear error")
    func portTaken() async throws {
        let cluster = try TestCluster()
        let one = try await TestNode.start(try cluster.credentials(1))
        let error = await #expect(throws: PeerTransportError.self) {
            _ = try await TestNode.start(try cluster.credentials(2), peerPort: one.ports.peer)
        }
        guard case .cannotBind(TestNode.host, one.ports.peer, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await one.transport.stop()
    }
}
