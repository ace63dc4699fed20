internal import HTTPTypes

/// The headers that every answer carries, whatever it answers.
struct SecurityHeaders: Sendable {
    private let fields: [HTTPField]

    /// `origins` are all public origins of the cluster: pages may connect to each of them.
    init(origins: [Origin], isSecure: Bool) {
        var sources = ["'self'"]
        for origin in origins { sources += [origin.description, origin.socketForm] }
        let policy = [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
            "font-src 'self'", "manifest-src 'self'",
            "connect-src " + sources.joined(separator: " "),
            "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'",
        ]
        var fields = [
            HTTPField(name: .contentSecurityPolicy, value: policy.joined(separator: "; ")),
            HTTPField(name: .xContentTypeOptions, value: "nosniff"),
            HTTPField(name: .referrerPolicy, value: "no-referrer"),
            HTTPField(name: .crossOriginOpenerPolicy, value: "same-origin"),
            HTTPField(name: .crossOriginResourcePolicy, value: "same-origin"),
            HTTPField(name: .frameOptions, value: "DENY"),
            HTTPField(
                name: .permissionsPolicy,
                value: "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
        ]
        if isSecure {
            fields.append(
                HTTPField(
                    name: .strictTransportSecurity,
                    value: "max-age=\(GatewayLimits.strictTransportSeconds)"))
        }
        self.fields = fields
    }

    /// Sets every one of them in `headers`.
    func apply(to headers: inout HTTPFields) {
        for field in fields { headers[field.name] = field.value }
    }

    /// Name and value of each, for answers that are not written with HTTPTypes.
    var pairs: [(String, String)] { fields.map { ($0.name.rawName, $0.value) } }
}
