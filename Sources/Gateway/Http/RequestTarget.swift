internal import Node

/// The target of a request: its path, and the fields of its query.
struct RequestTarget: Sendable {
    /// Begins with a slash; as it was sent.
    let path: String
    private let query: [FormField]

    /// Reads the origin form (RFC 9112 section 3.2.1) and no other.
    init(_ text: String) throws(Failure) {
        guard text.utf8.count <= GatewayLimits.targetBytesMax else { throw Failure(.tooLarge) }
        guard text.hasPrefix("/") else { throw Failure(.badRequest) }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        query = parts.count == 2 ? try Form.urlencoded(Array(parts[1].utf8)) : []
    }

    /// The segments between the slashes.
    var segments: [Substring] {
        path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    }

    /// The first query field `name`.
    func text(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// A whole number that is not negative, if the field is there.
    func number(_ name: String) throws(Failure) -> UInt64? {
        guard let text = text(name) else { return nil }
        guard let number = UInt64(text), number <= 1 << 53 else { throw Failure(.badRequest) }
        return number
    }
}
