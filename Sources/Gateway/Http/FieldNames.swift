internal import HTTPTypes

extension HTTPField.Name {
    /// A name of ours; the literals below are all valid.
    private static func name(_ text: String, or fallback: HTTPField.Name = .server)
        -> HTTPField.Name
    {
        HTTPField.Name(text) ?? fallback
    }

    static let csrfToken = name("X-CSRFToken")
    static let idempotencyKey = name("Idempotency-Key")
    static let referrerPolicy = name("Referrer-Policy")
    static let crossOriginOpenerPolicy = name("Cross-Origin-Opener-Policy")
    static let permissionsPolicy = name("Permissions-Policy")
    static let frameOptions = name("X-Frame-Options")
    static let forwardedFor = name("X-Forwarded-For")
    static let forwardedProto = name("X-Forwarded-Proto")
    static let forwardedHost = name("X-Forwarded-Host")
}
