/// The cookies of a request that mean something here.
struct Cookies: Sendable {
    /// The names that mean something.
    enum Name: String, CaseIterable, Sendable {
        /// The session's token; not for scripts.
        case session
        /// The CSRF token; scripts echo it.
        case csrfToken = "csrftoken"
        /// What a CSRF token is bound to before the sign-in; not for scripts.
        case beforeSession = "presession"
    }

    private var values: [Name: String] = [:]

    /// Reads `Cookie` headers. Of several cookies with one name the first counts: browsers send the
    /// one with the longest path first.
    init(headers: [String]) {
        for header in headers {
            for pair in header.split(separator: ";") {
                let parts = pair.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, let name = Name(rawValue: Cookies.trimmed(parts[0])),
                    values[name] == nil
                else { continue }
                let value = Cookies.trimmed(parts[1])
                if !value.isEmpty { values[name] = value }
            }
        }
    }

    /// No cookies: for requests that may not use theirs.
    init() {}

    subscript(name: Name) -> String? { values[name] }

    /// What a CSRF token of this browser is bound to.
    var csrfBinding: String? {
        if let session = self[.session] { return "session=" + session }
        if let early = self[.beforeSession] { return "presession=" + early }
        return nil
    }

    /// The binding of a token for a session that is only now given out.
    static func csrfBinding(session: String) -> String { "session=" + session }

    /// The binding of a token for somebody who is not signed in.
    static func csrfBinding(beforeSession: String) -> String { "presession=" + beforeSession }

    /// The value of `Set-Cookie`.
    static func setting(_ name: Name, _ value: String, isSecure: Bool) -> String {
        // Before the sign-in the cookies end with the browser.
        var parts = ["\(name.rawValue)=\(value)", "Path=/", "SameSite=Lax"]
        if name != .csrfToken { parts.append("HttpOnly") }
        if name != .beforeSession { parts.append("Max-Age=\(GatewayLimits.sessionCookieSeconds)") }
        if isSecure { parts.append("Secure") }
        return parts.joined(separator: "; ")
    }

    /// The value of `Set-Cookie` that removes the cookie.
    static func removing(_ name: Name, isSecure: Bool) -> String {
        var parts = ["\(name.rawValue)=", "Path=/", "SameSite=Lax", "Max-Age=0"]
        if name != .csrfToken { parts.append("HttpOnly") }
        if isSecure { parts.append("Secure") }
        return parts.joined(separator: "; ")
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
