internal import HTTPTypes
internal import NIOCore
internal import Node

/// What the head of a request and its connection say about where it comes from.
struct RequestFacts: Sendable {
    /// The client's address.
    let address: String
    /// Whether the client's side is encrypted: by us or by the proxy in front.
    let isSecure: Bool
    /// This very address as the client wrote it.
    let own: Origin?
    /// Where the page is that asks.
    let origin: RequestOrigin

    /// `remote` is the other end of the connection: the client, or a trusted proxy whose word
    /// counts.
    init(
        headers: some HeaderReading, authority: String?, remote: SocketAddress?, isTLS: Bool,
        trustedProxies: Set<String>, publicOrigins: [Origin]
    ) {
        let peer = remote?.ipAddress ?? "local"
        let isProxied = trustedProxies.contains(peer)
        var address = peer
        var isSecure = isTLS
        var authority = authority
        if isProxied {
            // The last address that no trusted proxy wrote about itself.
            let chain = headers.all("x-forwarded-for").flatMap { $0.split(separator: ",") }
                .map { String($0.filter { $0 != " " }) }
            if let client = chain.last(where: { !trustedProxies.contains($0) }),
                (try? SocketAddress(ipAddress: client, port: 0)) != nil
            {
                address = client
            }
            isSecure = isTLS || headers.all("x-forwarded-proto").last == "https"
            authority = headers.all("x-forwarded-host").last ?? authority
        }
        self.address = address
        self.isSecure = isSecure
        own = authority.flatMap { Origin((isSecure ? "https://" : "http://") + $0) }
        origin = RequestFacts.origin(headers, own: own, publicOrigins: publicOrigins)
    }

    /// Several `Origin` headers are nobody's.
    private static func origin(
        _ headers: some HeaderReading, own: Origin?, publicOrigins: [Origin]
    ) -> RequestOrigin {
        let said = headers.all("origin")
        guard said.count <= 1 else { return .foreign }
        guard let text = said.first else { return .unsaid }
        guard let origin = Origin(text) else { return .foreign }
        if origin == own { return .same }
        return publicOrigins.contains(origin) ? .public(origin) : .foreign
    }
}

/// Headers of either HTTP library.
protocol HeaderReading {
    /// Every value of the header `name`, which is lowercase.
    func all(_ name: String) -> [String]
}

extension HTTPFields: HeaderReading {
    func all(_ name: String) -> [String] {
        HTTPField.Name(name).map { self[values: $0] } ?? []
    }
}
