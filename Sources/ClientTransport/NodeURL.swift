/// Where a node takes clients: `http://host:port` or `https://host:port`, without a path.
package struct NodeURL: Hashable, Sendable, CustomStringConvertible {
    package let isTLS: Bool
    package let host: String
    package let port: Int

    /// Nil unless `text` is a scheme, a host (an IPv6 address in brackets) and perhaps a port.
    package init?(_ text: String) {
        guard let separator = text.firstRange(of: "://") else { return nil }
        switch text[..<separator.lowerBound] {
        case "http": isTLS = false
        case "https": isTLS = true
        default: return nil
        }
        var rest = text[separator.upperBound...]
        if rest.hasSuffix("/") { rest.removeLast() }
        var portText: Substring?
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("]") {
            portText = rest[rest.index(after: colon)...]
            rest = rest[..<colon]
        }
        if rest.hasPrefix("["), rest.hasSuffix("]") { rest = rest.dropFirst().dropLast() }
        guard !rest.isEmpty, !rest.contains("/") else { return nil }
        host = String(rest)
        guard let portText else {
            port = isTLS ? 443 : 80
            return
        }
        guard let number = UInt16(portText) else { return nil }
        port = Int(number)
    }

    /// Host and port as the header `Host` has them.
    package var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether the host is an address of IPv4's loopback.
    package var isLoopback: Bool { host.hasPrefix("127.") }

    package var description: String { (isTLS ? "https://" : "http://") + authority }
}
