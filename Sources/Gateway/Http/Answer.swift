internal import Determinism
internal import HTTPTypes
internal import Node
internal import Wire

/// What a route answers, before the headers that all answers have.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var fields = HTTPFields()
    var body: [UInt8] = []

    /// An answer without a body.
    init(_ status: HTTPResponse.Status) {
        self.status = status
    }

    /// A text in UTF-8, or JSON.
    init(_ status: HTTPResponse.Status = .ok, type: String, body: [UInt8]) {
        self.status = status
        self.body = body
        fields[.contentType] = type
    }

    /// A JSON object with what `write` puts between its braces.
    init(_ status: HTTPResponse.Status = .ok, json write: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        writer.beginObject()
        write(&writer)
        writer.endObject()
        self.init(status, type: Answer.json, body: writer.bytes)
    }

    /// A value that has a JSON form.
    init(_ status: HTTPResponse.Status, _ value: some JSONEncodable) {
        self.init(status, type: Answer.json, body: value.jsonBytes)
    }

    /// The form of every error.
    init(_ failure: Failure) {
        self.init(failure.code.status, type: Answer.json, body: failure.body)
        if let wait = failure.retryAfter {
            fields[.retryAfter] = "\((wait.milliseconds + 999) / 1_000)"
        }
        if failure.code == .unauthorised { fields[.wwwAuthenticate] = "Bearer" }
    }

    /// Adds a `Set-Cookie`.
    mutating func setCookie(_ value: String) {
        fields.append(HTTPField(name: .setCookie, value: value))
    }

    static let json = "application/json; charset=utf-8"
}
