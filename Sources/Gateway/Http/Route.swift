internal import HTTPTypes
internal import Identity
internal import Node

/// One method of one path: who may ask, and who answers.
struct Route: Sendable {
    /// Who may ask.
    enum Access: Hashable, Sendable {
        /// Anybody; an unsafe request still shows a CSRF token, also beside a bearer.
        case everybody
        /// Somebody who is signed in, by cookie or bearer.
        case account
    }

    let method: HTTPRequest.Method
    /// As in OpenAPI: `/api/chats/{id}`.
    let path: String
    let access: Access
    let answer: @Sendable (GatewayRequest) async throws(Failure) -> Answer

    /// Whether the route only reads. Every other one needs an `Idempotency-Key`.
    var isSafe: Bool { method == .get || method == .head }

    /// What stands in for the names in braces when the path has the shape of this route.
    func parameters(of segments: [Substring]) -> [Substring]? {
        let pattern = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard pattern.count == segments.count else { return nil }
        var parameters: [Substring] = []
        for (wanted, given) in zip(pattern, segments) {
            if wanted.hasPrefix("{") {
                guard !given.isEmpty else { return nil }
                parameters.append(given)
            } else if wanted != given {
                return nil
            }
        }
        return parameters
    }
}

/// A request that has passed the checks of its route.
struct GatewayRequest: Sendable {
    let target: RequestTarget
    /// What stands in for the names in braces of the route's path.
    let parameters: [Substring]
    let fields: RequestFields
    let cookies: Cookies
    /// Who asks; nil on routes for everybody.
    let caller: SessionGrant?
    /// The `Idempotency-Key`; nil on safe requests.
    let key: MessageID?
    /// The address of the client, told by a trusted proxy if there is one.
    let address: String
    /// Whether the client's side of the connection is encrypted.
    let isSecure: Bool

    /// Who asks.
    func requireCaller() throws(Failure) -> SessionGrant {
        guard let caller else { throw Failure(.unauthorised) }
        return caller
    }

    /// The id under which a change is done once.
    func requireKey() throws(Failure) -> MessageID {
        guard let key else { throw Failure(.idempotencyKeyMissing) }
        return key
    }

    /// The number of an entry at the end of the path; what is none names nothing.
    func pathSeq() throws(Failure) -> SequenceNumber {
        guard let text = parameters.last, let number = UInt64(text), number > 0 else {
            throw Failure(.notFound)
        }
        return SequenceNumber(number)
    }

    /// The account at the end of the path; what is no id names nobody.
    func pathAccount() throws(Failure) -> AccountID {
        guard let text = parameters.last, let account = AccountID(text: text) else {
            throw Failure(.notFound)
        }
        return account
    }

    /// The id in the path; what is no id names nothing.
    func pathID<ID: WideID>(_ type: ID.Type) throws(Failure) -> ID {
        guard let text = parameters.first, let id = ID(text: text) else { throw Failure(.notFound) }
        return id
    }
}
