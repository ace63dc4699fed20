internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import Node

/// Decides which requests may become a WebSocket (RFC 6455 section 4.2.1), and what their head
/// says.
struct UpgradeJudge: Sendable {
    let backend: any GatewayBackend
    let trustedProxies: Set<String>
    let isTLS: Bool

    /// Where the request comes from.
    func facts(_ head: HTTPRequestHead, _ channel: any Channel) -> RequestFacts {
        RequestFacts(
            headers: head.headers, authority: head.headers["host"].first,
            remote: channel.remoteAddress, isTLS: isTLS, trustedProxies: trustedProxies,
            publicOrigins: backend.facts.publicOrigins)
    }

    /// Whether the request is a complete and permitted opening handshake.
    func permits(_ head: HTTPRequestHead, _ channel: any Channel) -> Bool {
        let headers = head.headers
        let path = head.uri.prefix { $0 != "?" }
        guard head.method == .GET, path == SocketGate.path, head.version == .http1_1,
            headers[canonicalForm: "upgrade"].map({ $0.lowercased() }) == ["websocket"],
            headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" }),
            headers["sec-websocket-version"] == ["13"],
            headers["sec-websocket-key"].count == 1,
            headers["sec-websocket-key"].first?.utf8.count == UpgradeJudge.keyCharacterCount,
            !headers.contains(name: "transfer-encoding"),
            headers["content-length"].allSatisfy({ $0 == "0" })
        else { return false }
        return facts(head, channel).origin != .foreign
    }

    /// What shows who opens the socket: a bearer, or else the session cookie.
    func token(_ head: HTTPRequestHead) -> SessionToken? {
        let bearers = head.headers["authorization"]
        guard bearers.isEmpty else {
            return bearers.count == 1
                ? Credential.bearer(bearers[0]).flatMap(SessionToken.init(text:)) : nil
        }
        return Cookies(headers: head.headers["cookie"])[.session]
            .flatMap(SessionToken.init(text:))
    }

    /// The headers that every answer carries.
    var securityHeaders: SecurityHeaders {
        SecurityHeaders(origins: backend.facts.publicOrigins, isSecure: isTLS)
    }

    /// A key is 16 bytes in base64.
    private static let keyCharacterCount = 24
}

extension HTTPHeaders: HeaderReading {
    func all(_ name: String) -> [String] { self[name] }
}

/// Stands before the library's upgrade handler and takes the wish to upgrade out of every request
/// that may not, so that the handler, which drops the request that it refuses, never refuses: the
/// request goes on as plain HTTP and gets an answer that says why.
final class SocketGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    /// Where sockets open.
    static let path = "/ws"

    private let judge: UpgradeJudge

    init(judge: UpgradeJudge) {
        self.judge = judge
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = Self.unwrapInboundIn(data),
            head.headers.contains(name: "upgrade"),
            !judge.permits(head, context.channel)
        else {
            context.fireChannelRead(data)
            return
        }
        head.headers.remove(name: "upgrade")
        context.fireChannelRead(Self.wrapInboundOut(.head(head)))
    }
}

/// Answers bytes that are not HTTP, and closes connections after answers that say so.
final class RequestErrorHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let judge: UpgradeJudge
    private let metrics: GatewayMetrics
    private var isAnswering = false
    private var closesAfterAnswer = false

    init(judge: UpgradeJudge, metrics: GatewayMetrics) {
        self.judge = judge
        self.metrics = metrics
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else {
            context.fireErrorCaught(error)
            return
        }
        metrics.count(.malformedRequests)
        // The decoder reads nothing more. What is being answered is answered; then it ends.
        guard !isAnswering else {
            closesAfterAnswer = true
            return
        }
        let failure = Failure(
            error as? HTTPParserError == .headerOverflow ? .tooLarge : .badRequest)
        var headers = HTTPHeaders(judge.securityHeaders.pairs)
        headers.add(name: "content-type", value: Answer.json)
        headers.add(name: "content-length", value: "\(failure.body.count)")
        headers.add(name: "cache-control", value: "no-store")
        headers.add(name: "connection", value: "close")
        let head = HTTPResponseHead(
            version: .http1_1, status: .init(statusCode: failure.code.status.code), headers: headers
        )
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        let body = ByteBuffer(bytes: failure.body)
        context.write(Self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch Self.unwrapOutboundIn(data) {
        case .head(let head):
            isAnswering = true
            closesAfterAnswer =
                closesAfterAnswer
                || head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "close" }
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            isAnswering = false
            context.write(data, promise: promise)
            if closesAfterAnswer { closeSoon(context) }
        }
    }

    /// Closes when the client had time to read the answer: to close at once, with bytes unread,
    /// would make the system throw the answer away.
    private func closeSoon(_ context: ChannelHandlerContext) {
        let channel = context.channel
        context.eventLoop.scheduleTask(in: RequestErrorHandler.lingering) {
            channel.close(promise: nil)
        }
    }

    private static let lingering = TimeAmount.milliseconds(500)
}
