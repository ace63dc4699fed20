/// A web origin (RFC 6454): scheme, host and port, in the one form in which two are compared.
package struct Origin: Hashable, Sendable, CustomStringConvertible {
    /// Lowercase, without the default port.
    package let description: String
    /// Whether the scheme is https.
    let isSecure: Bool
    /// Host and port as in ``description``.
    let authority: String

    /// Reads `http://host[:port]` or `https://host[:port]`, with nothing after it; nil for the
    /// rest, the word `null` included.
    package init?(_ text: String) {
        let lower = text.lowercased()
        for (scheme, isSecure, port) in [("https://", true, ":443"), ("http://", false, ":80")]
        where lower.hasPrefix(scheme) {
            var authority = lower.dropFirst(scheme.count)
            if authority.hasSuffix(port) { authority = authority.dropLast(port.count) }
            guard Origin.isAuthority(authority) else { return nil }
            self.isSecure = isSecure
            self.authority = String(authority)
            description = scheme + authority
            return
        }
        return nil
    }

    /// The same place for sockets.
    var socketForm: String { (isSecure ? "wss://" : "ws://") + authority }

    private static func isAuthority(_ text: some StringProtocol) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 255 else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"): true
            case UInt8(ascii: "["), UInt8(ascii: "]"): true
            default: false
            }
        }
    }
}

/// Where a request comes from, by its `Origin` header (or `Referer`) and its own address.
enum RequestOrigin: Hashable, Sendable {
    /// It says nothing: no browser's script, or a plain navigation.
    case unsaid
    /// A page of this very address.
    case same
    /// A page of another public origin of the cluster.
    case `public`(Origin)
    /// Any other page.
    case foreign
}
