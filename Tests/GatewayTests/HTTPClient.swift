import Foundation
import Identity
import NIOSSL

/// An answer as it came.
struct HTTPAnswer {
    let status: Int
    /// Lowercase names, in the order of the answer.
    let headers: [(name: String, value: String)]
    let body: [UInt8]

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    func all(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object.
    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }

    /// The stable code of an error.
    var errorCode: String? { (json["error"] as? [String: Any])?["code"] as? String }

    /// The value that a `Set-Cookie` gives a cookie; empty when it removes it.
    func cookie(_ name: String) -> String? {
        all("set-cookie").first { $0.hasPrefix(name + "=") }.map { line in
            String(line.dropFirst(name.count + 1).prefix { $0 != ";" })
        }
    }
}

/// A browser without a screen: one connection for each request, and cookies if wanted.
final class HTTPClient {
    let port: Int
    let tls: TLSConfiguration?
    /// What is sent as `Cookie`.
    var cookies: [String: String] = [:]
    /// What the page knows as its CSRF token.
    var csrfToken: String?
    /// The page's origin.
    var origin: String?
    var bearer: String?

    init(port: Int, tls: TLSConfiguration? = nil) {
        self.port = port
        self.tls = tls
    }

    /// Sends one request and waits for its answer.
    func send(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: String? = nil,
        type: String = "application/json", key: String? = nil
    ) async throws -> HTTPAnswer {
        var lines = ["\(method) \(target) HTTP/1.1", "Connection: close"]
        if !headers.contains(where: { $0.0 == "Host" }) { lines.append("Host: 127.0.0.1:\(port)") }
        if let origin { lines.append("Origin: \(origin)") }
        if let bearer { lines.append("Authorization: Bearer \(bearer)") }
        if let csrfToken, method != "GET" { lines.append("X-CSRFToken: \(csrfToken)") }
        if !cookies.isEmpty {
            lines.append("Cookie: " + cookies.map { "\($0)=\($1)" }.joined(separator: "; "))
        }
        if let key { lines.append("Idempotency-Key: \(key)") }
        for (name, value) in headers { lines.append("\(name): \(value)") }
        let bytes = Array((body ?? "").utf8)
        if body != nil {
            lines.append("Content-Type: \(type)")
            lines.append("Content-Length: \(bytes.count)")
        }
        let client = try await RawClient(port: port, tls: tls)
        try await client.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + bytes)
        let answer = HTTPClient.parse(await client.receiveAll())
        for line in answer.all("set-cookie") {
            let pair = line.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 {
                cookies[String(pair[0])] = String(pair[1])
            } else {
                cookies[String(pair[0])] = nil
            }
        }
        return answer
    }

    /// Fetches a CSRF token as a page does before its first unsafe request.
    func fetchCSRFToken() async throws {
        csrfToken = try await send("GET", "/api/csrf").json["csrftoken"] as? String
    }

    /// An unsafe request with a fresh `Idempotency-Key`.
    func change(_ method: String, _ target: String, _ body: String? = nil) async throws
        -> HTTPAnswer
    {
        try await send(method, target, body: body, key: HTTPClient.freshKey())
    }

    static func freshKey() -> String {
        var generator = SystemRandomNumberGenerator()
        let now = UInt64(Date().timeIntervalSince1970 * 1_000)
        return MessageID(milliseconds: now, using: &generator).text
    }

    static func parse(_ bytes: [UInt8]) -> HTTPAnswer {
        let mark = Array("\r\n\r\n".utf8)
        var split = 0
        while split + 4 <= bytes.count, Array(bytes[split..<(split + 4)]) != mark { split += 1 }
        guard split + 4 <= bytes.count else {
            return HTTPAnswer(status: 0, headers: [], body: bytes)
        }
        let head = String(decoding: bytes[..<split], as: UTF8.self).components(separatedBy: "\r\n")
        let status = head[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let headers = head.dropFirst().map { line in
            let pair = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (
                name: pair[0].lowercased(),
                value: pair.count == 2
                    ? pair[1].trimmingCharacters(in: CharacterSet(charactersIn: " ")) : ""
            )
        }
        return HTTPAnswer(status: status, headers: headers, body: Array(bytes[(split + 4)...]))
    }
}
