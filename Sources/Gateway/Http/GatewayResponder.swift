internal import HTTPTypes
internal import Hummingbird
internal import Identity
internal import Logging
internal import NIOCore
internal import Node

/// The context of a request: the connection that it came on.
struct GatewayContext: InitializableFromSource, Sendable {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
    }
}

/// Answers every request: judges where it comes from, finds its route, checks what the route
/// demands, and puts the headers on that all answers have.
struct GatewayResponder: HTTPResponder {
    typealias Context = GatewayContext

    let table: RouteTable
    let assets: WebAssets
    let backend: any GatewayBackend
    let secrets: GatewaySecrets
    let metrics: GatewayMetrics
    let trustedProxies: Set<String>
    let isTLS: Bool
    let timeouts: GatewayTimeouts

    func respond(to request: Request, context: GatewayContext) async throws -> Response {
        // Whoever sends a body for ever, or waits for an answer that does not come, is cut off.
        let deadline = context.channel.eventLoop.scheduleTask(in: timeouts.request) {
            context.channel.close(promise: nil)
        }
        defer { deadline.cancel() }
        let publicOrigins = backend.facts.publicOrigins
        let facts = RequestFacts(
            headers: request.headers, authority: request.head.authority,
            remote: context.channel.remoteAddress, isTLS: isTLS, trustedProxies: trustedProxies,
            publicOrigins: publicOrigins)
        var response: Response
        do throws(Failure) {
            response = try await route(request, facts)
        } catch {
            response = GatewayResponder.response(Answer(error))
            count(error)
        }
        finish(&response, request, facts, publicOrigins)
        return response
    }

    private func route(_ request: Request, _ facts: RequestFacts) async throws(Failure) -> Response
    {
        let target = try RequestTarget(request.head.path ?? "")
        let isAPI = target.path.hasPrefix("/api/")
        if isAPI, request.method == .options { return try preflight(request, facts) }
        if target.path == SocketGate.path { throw try refuseUpgrade(facts) }
        switch table.match(request.method, target) {
        case .route(let route, let parameters):
            return GatewayResponder.response(
                try await answer(route, parameters, target, request, facts))
        case .otherMethods(let methods):
            var answer = Answer(Failure(.methodNotAllowed))
            answer.fields[.allow] = methods.map(\.rawValue).joined(separator: ", ")
            return GatewayResponder.response(answer)
        case .none:
            guard !isAPI else { throw Failure(.notFound) }
            return try page(target, request)
        }
    }

    /// A file of the browser client, or its page: the client finds its way by the path.
    private func page(_ target: RequestTarget, _ request: Request) throws(Failure) -> Response {
        guard request.method == .get || request.method == .head else {
            throw Failure(assets.has(target.path) ? .methodNotAllowed : .notFound)
        }
        var path = target.path
        if !assets.has(path) {
            let accepted = request.headers[.accept] ?? "*/*"
            guard !path.hasPrefix("/assets/"),
                accepted.contains("text/html") || accepted.contains("*/*")
            else { throw Failure(.notFound) }
            path = WebAssets.index
        }
        guard let (status, fields, bytes) = assets.answer(path, headers: request.headers) else {
            throw Failure(.notFound)
        }
        return Response(status: status, headers: fields, body: .init(byteBuffer: bytes))
    }

    private func answer(
        _ route: Route, _ parameters: [Substring], _ target: RequestTarget, _ request: Request,
        _ facts: RequestFacts
    ) async throws(Failure) -> Answer {
        let bearers = request.headers[values: .authorization]
        if facts.origin == .foreign, target.path.hasPrefix("/api/") {
            throw Failure(route.isSafe || !bearers.isEmpty ? .badOrigin : .csrf)
        }
        let fields = try await fields(of: request, route)
        // Cookies are for pages of this very address; whoever shows a bearer means the bearer.
        let hasCookies = bearers.isEmpty && !facts.origin.isPublic
        let cookies =
            hasCookies || route.access == .everybody && !facts.origin.isPublic
            ? Cookies(headers: request.headers[values: .cookie]) : Cookies()
        if !route.isSafe, bearers.isEmpty || route.access == .everybody {
            try GatewayResponder.checkReferer(request.headers, facts)
            try CrossSiteGuard(secrets: secrets).check(
                cookies: cookies, shown: request.headers[.csrfToken] ?? fields.csrfToken)
        }
        var caller: SessionGrant?
        if route.access == .account {
            caller = try await authenticate(bearers, cookies)
        }
        let key = route.isSafe ? nil : try GatewayResponder.key(request.headers)
        return try await route.answer(
            GatewayRequest(
                target: target, parameters: parameters, fields: fields, cookies: cookies,
                caller: caller, key: key, address: facts.address, isSecure: facts.isSecure))
    }

    /// Who asks, by the bearer or else the cookie.
    private func authenticate(
        _ bearers: [String], _ cookies: Cookies
    ) async throws(Failure) -> SessionGrant {
        let text: String?
        if bearers.isEmpty {
            text = cookies[.session]
        } else {
            text = bearers.count == 1 ? Credential.bearer(bearers[0]) : nil
        }
        guard let token = text.flatMap(SessionToken.init(text:)) else {
            throw Failure(.unauthorised)
        }
        return try await Credential.authenticate(token, backend: backend, secrets: secrets)
    }

    /// Unsafe requests of browsers without `Origin` say by `Referer` where they come from, if at
    /// all.
    private static func checkReferer(_ headers: HTTPFields, _ facts: RequestFacts) throws(Failure) {
        guard facts.origin == .unsaid, let referer = headers[.referer] else { return }
        let slashes = referer.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard slashes.count >= 3, let origin = Origin(slashes.prefix(3).joined(separator: "/")),
            origin == facts.own
        else { throw Failure(.csrf) }
    }

    private func fields(of request: Request, _ route: Route) async throws(Failure) -> RequestFields
    {
        guard !route.isSafe else { return .none }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }),
            length > GatewayLimits.bodyBytesMax
        {
            throw Failure(.tooLarge)
        }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: GatewayLimits.bodyBytesMax)
        } catch {
            throw Failure(error is NIOTooManyBytesError ? .tooLarge : .badRequest)
        }
        return try RequestFields(
            body: Array(body.readableBytesView), contentType: request.headers[.contentType])
    }

    private static func key(_ headers: HTTPFields) throws(Failure) -> MessageID {
        let values = headers[values: .idempotencyKey]
        guard let text = values.first else { throw Failure(.idempotencyKeyMissing) }
        guard values.count == 1, let key = MessageID(clientText: text) else {
            throw Failure(.badRequest)
        }
        return key
    }
}
