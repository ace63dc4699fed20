/// One request to a node's HTTP interface.
package struct NodeRequest: Sendable {
    package let method: String
    package let path: String
    /// A JSON object.
    package let body: [UInt8]?
    package let headers: [(name: String, value: String)]

    package init(
        _ method: String, _ path: String, body: [UInt8]? = nil,
        headers: [(name: String, value: String)] = []
    ) {
        self.method = method
        self.path = path
        self.body = body
        self.headers = headers
    }
}

/// What a node answered.
package struct NodeAnswer: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    /// The values of a header; names are compared without regard to case.
    package func all(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}
