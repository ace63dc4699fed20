internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Node

extension GatewayResponder {
    /// A request for the socket that was not upgraded: says why.
    func refuseUpgrade(_ facts: RequestFacts) throws(Failure) -> Failure {
        switch facts.origin {
        case .foreign: Failure(.badOrigin)
        default: Failure(.badRequest)
        }
    }

    /// The answer to a browser that asks whether a page of another origin may send a request.
    func preflight(_ request: Request, _ facts: RequestFacts) throws(Failure) -> Response {
        guard facts.origin != .foreign else { throw Failure(.badOrigin) }
        var answer = Answer(.noContent)
        answer.fields[.allow] = GatewayResponder.methods
        if facts.origin.isPublic, request.headers[.accessControlRequestMethod] != nil {
            answer.fields[.accessControlAllowMethods] = GatewayResponder.methods
            answer.fields[.accessControlAllowHeaders] =
                "Authorization, Content-Type, Idempotency-Key, X-CSRFToken"
            answer.fields[.accessControlMaxAge] = "\(GatewayLimits.preflightSeconds)"
        }
        return GatewayResponder.response(answer)
    }

    /// What every answer gets, and what `HEAD` does not get.
    func finish(
        _ response: inout Response, _ request: Request, _ facts: RequestFacts,
        _ publicOrigins: [Origin]
    ) {
        SecurityHeaders(origins: publicOrigins, isSecure: facts.isSecure)
            .apply(to: &response.headers)
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        if (request.head.path ?? "").hasPrefix("/api/") {
            response.headers.append(HTTPField(name: .vary, value: "Origin"))
            if case .public(let origin) = facts.origin {
                response.headers[.accessControlAllowOrigin] = origin.description
                response.headers[.accessControlExposeHeaders] = "Retry-After"
                response.headers[.crossOriginResourcePolicy] = "cross-origin"
            }
        }
        if response.status == .contentTooLarge || response.status == .badRequest {
            // What is left of the body is not worth reading.
            response.headers[.connection] = "close"
        }
        if request.method == .head { response = response.createHeadResponse() }
        metrics.count(.requests)
        switch response.status.code {
        case 400..<500: metrics.count(.clientErrors)
        case 500...: metrics.count(.serverErrors)
        default: break
        }
    }

    /// Counts refusals that an operator may want to see.
    func count(_ failure: Failure) {
        switch failure.code {
        case .csrf: metrics.count(.csrfRefusals)
        case .badOrigin: metrics.count(.originRefusals)
        default: break
        }
    }

    /// The answer as the server library writes it.
    static func response(_ answer: Answer) -> Response {
        Response(
            status: answer.status, headers: answer.fields,
            body: answer.body.isEmpty
                ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    private static let methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
}

extension RequestOrigin {
    /// Whether a page of another public origin asks.
    var isPublic: Bool {
        if case .public = self { return true }
        return false
    }
}
