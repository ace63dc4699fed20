internal import Determinism
internal import HTTPTypes
internal import Node
internal import Wire

extension FailureCode {
    /// The HTTP status of an answer with this code.
    var status: HTTPResponse.Status {
        switch self {
        case .badRequest, .badJSON, .badText, .badReply, .badForward, .badTarget, .badPhone,
            .badName, .badUsername, .badPassword, .badSearch, .badDate, .badEmoji, .badTerms,
            .idempotencyKeyMissing, .cmidInFuture:
            .badRequest
        case .unauthorised: .unauthorized
        case .csrf, .badOrigin, .forbidden, .noRight, .banned, .notMember, .notSender, .tooOld,
            .directChat, .codeWrong, .codeExpired, .codeUsed, .passwordWrong:
            .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .nameTaken, .phoneTaken, .conflict: .conflict
        case .cmidExpired, .messageDeleted, .badLink: .gone
        case .tooLarge, .tooManyStars, .tooManyReactions, .tooManyPins,
            .tooManyPinnedChats, .tooManyLinks:
            .contentTooLarge
        case .tooMany, .codeTooManyTries: .tooManyRequests
        case .unknown, .unavailable, .overloaded: .serviceUnavailable
        case .diskFull: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
        case .internal: .internalServerError
        }
    }
}

extension Failure {
    /// The body `{"error": {…}}` that every failed request answers.
    var body: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("error")
        writer.beginObject()
        writer.member("code", code.rawValue)
        writer.member("message", code.message)
        writer.member("retryable", isRetryable)
        if let retryAfter { writer.member("retryAfter", retryAfter.milliseconds) }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}
