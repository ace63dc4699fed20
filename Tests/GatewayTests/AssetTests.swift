import HTTPTypes
import NIOCore
import Testing

@testable import Gateway

@Suite("The browser client's files")
struct AssetTests {
    static let assets = WebAssets([
        "/index.html": [variant("text/html", "identity"), variant("text/html", "gzip")],
        "/assets/app.1a2b.js": [
            variant("text/javascript", "identity", isImmutable: true),
            variant("text/javascript", "gzip", isImmutable: true),
            variant("text/javascript", "br", isImmutable: true),
        ],
    ])

    static func variant(
        _ type: String, _ encoding: String, isImmutable: Bool = false
    ) -> WebAssets.Variant {
        WebAssets.Variant(
            type: type, encoding: encoding, etag: "\"\(encoding)\"", isImmutable: isImmutable,
            bytes: ByteBuffer(string: encoding))
    }

    @Test(
        "The best encoding that the client takes is sent (RFC 9110 section 12.5.3)",
        arguments: [
            (nil, "identity"), ("", "identity"), ("gzip", "gzip"), ("gzip, br", "br"),
            ("gzip;q=1.0, br;q=0", "gzip"), ("br;q=0.0, gzip;q=0", "identity"), ("*", "br"),
            ("deflate", "identity"), ("BR", "br"),
        ] as [(String?, String)])
    func encodings(_ accepted: String?, _ expected: String) throws {
        var headers = HTTPFields()
        headers[.acceptEncoding] = accepted
        let (status, fields, bytes) = try #require(
            Self.assets.answer("/assets/app.1a2b.js", headers: headers))
        #expect(status == .ok)
        #expect(String(buffer: bytes) == expected)
        #expect(fields[.contentEncoding] == (expected == "identity" ? nil : expected))
        #expect(fields[.vary] == "Accept-Encoding")
        #expect(fields[.cacheControl]?.contains("immutable") == true)
    }

    @Test("A client that has the file gets 304", arguments: ["\"gzip\"", "\"x\", W/\"gzip\"", "*"])
    func notModified(_ tags: String) throws {
        var headers = HTTPFields()
        headers[.acceptEncoding] = "gzip"
        headers[.ifNoneMatch] = tags
        let (status, fields, bytes) = try #require(
            Self.assets.answer("/index.html", headers: headers))
        #expect(status == .notModified)
        #expect(bytes.readableBytes == 0)
        #expect(fields[.eTag] == "\"gzip\"")
        headers[.ifNoneMatch] = "\"br\""
        #expect(Self.assets.answer("/index.html", headers: headers)?.0 == .ok)
    }

    @Test("Every path that nothing else answers is the page, for who accepts HTML")
    func page() async throws {
        try await TestGateway.run { gateway in
            for path in ["/", "/index.html", "/chat/42", "/a/b/c?d=e"] {
                let answer = try await gateway.client().send("GET", path)
                #expect(answer.status == 200)
                #expect(answer.header("content-type")?.hasPrefix("text/html") == true)
                #expect(answer.header("cache-control") == "no-cache")
            }
            let image = try await gateway.client().send(
                "GET", "/favicon.png", headers: [("Accept", "image/png")])
            #expect(image.status == 404)
            #expect(image.errorCode == "notFound")
        }
    }

    @Test("HEAD answers what GET does, without the body")
    func head() async throws {
        try await TestGateway.run { gateway in
            for path in ["/", "/healthz", "/api/me"] {
                let get = try await gateway.client().send("GET", path)
                let head = try await gateway.client().send("HEAD", path)
                #expect(head.status == get.status)
                #expect(head.body.isEmpty)
                #expect(head.header("content-length") == get.header("content-length"))
                #expect(head.header("etag") == get.header("etag"))
            }
        }
    }

    @Test("A second visit with the page's tag gets 304")
    func revisit() async throws {
        try await TestGateway.run { gateway in
            let first = try await gateway.client().send("GET", "/")
            let tag = try #require(first.header("etag"))
            let second = try await gateway.client().send(
                "GET", "/", headers: [("If-None-Match", tag)])
            #expect(second.status == 304)
            #expect(second.body.isEmpty)
        }
    }
}
