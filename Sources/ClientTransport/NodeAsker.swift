package import NIOCore
internal import NIOHTTP1

/// Asks a node by HTTP over one connection that stays open, one request at a time. A request after
/// a lost connection opens another.
package actor NodeAsker {
    private let connector: ClientConnector
    private let url: NodeURL
    private let source: String?
    private var channel: (any Channel)?
    private var exchange: NIOLoopBound<HTTPExchange>?

    /// The loop of the connection.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        connector.loop.executor.asUnownedSerialExecutor()
    }

    /// Asks the node at `url`, from the local address `source` if there is one.
    package init(_ connector: ClientConnector, _ url: NodeURL, from source: String? = nil) {
        self.connector = connector
        self.url = url
        self.source = source
    }

    /// The answer, whatever its status. Throws when none came within `timeout`.
    package func ask(
        _ request: NodeRequest, timeout: TimeAmount = .seconds(30)
    ) async throws -> NodeAnswer {
        let exchange = try await connected()
        let head = head(of: request)
        let promise = connector.loop.makePromise(of: NodeAnswer.self)
        exchange.value.ask(head, request.body, promise)
        let deadline = connector.loop.scheduleTask(in: timeout) {
            exchange.value.fail(TransportError.timedOut)
        }
        defer { deadline.cancel() }
        return try await promise.futureResult.get()
    }

    /// Closes the connection.
    package func close() async {
        try? await channel?.close()
        channel = nil
        exchange = nil
    }

    private func head(of request: NodeRequest) -> HTTPRequestHead {
        var headers = HTTPHeaders([("Host", url.authority)])
        for header in request.headers { headers.add(name: header.name, value: header.value) }
        if let body = request.body {
            headers.add(name: "Content-Type", value: "application/json")
            headers.add(name: "Content-Length", value: "\(body.count)")
        }
        return HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: request.path,
            headers: headers)
    }

    private func connected() async throws -> NIOLoopBound<HTTPExchange> {
        if let exchange, let channel, channel.isActive { return exchange }
        let made = NIOLoopBound(HTTPExchange(), eventLoop: connector.loop)
        let (channel, _) = try await connector.connect(to: url, from: source) { channel in
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHTTPClientHandlers()
            try pipeline.addHandler(made.value)
        }.get()
        self.channel = channel
        exchange = made
        return made
    }
}

/// One connection's requests and answers.
private final class HTTPExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private var context: ChannelHandlerContext?
    private var promise: EventLoopPromise<NodeAnswer>?
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func ask(
        _ head: HTTPRequestHead, _ body: [UInt8]?, _ promise: EventLoopPromise<NodeAnswer>
    ) {
        guard let context, self.promise == nil else {
            promise.fail(TransportError.closed)
            return
        }
        self.promise = promise
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        if let body {
            context.write(
                Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
    }

    func fail(_ error: any Error) {
        let promise = promise
        self.promise = nil
        promise?.fail(error)
        context?.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let bytes): body.append(contentsOf: bytes.readableBytesView)
        case .end:
            guard let head, let promise else { return }
            self.promise = nil
            self.head = nil
            promise.succeed(
                NodeAnswer(
                    status: Int(head.status.code),
                    headers: head.headers.map { (name: $0.name, value: $0.value) }, body: body))
        }
    }

    func channelInactive(context: ChannelHandlerContext) { fail(TransportError.closed) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(error) }
}
