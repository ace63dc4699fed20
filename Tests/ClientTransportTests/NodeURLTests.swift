import ClientTransport
import Testing

@Suite("Client transport: addresses of nodes")
struct NodeURLTests {
    @Test(
        "Addresses that are one",
        arguments: [
            ("http://127.0.0.1:8080", "127.0.0.1", 8080, false),
            ("https://chat.example", "chat.example", 443, true), ("http://a/", "a", 80, false),
            ("https://[::1]:99", "::1", 99, true), ("http://[fe80::1]", "fe80::1", 80, false),
        ])
    func good(_ text: String, _ host: String, _ port: Int, _ isTLS: Bool) throws {
        let url = try #require(NodeURL(text))
        #expect(url.host == host && url.port == port && url.isTLS == isTLS)
        #expect(NodeURL(url.description) == url)
    }

    @Test(
        "Addresses that are none",
        arguments: ["", "ftp://a", "http://", "http://a:x", "http://a:70000", "a:80", "http://a/b"])
    func bad(_ text: String) { #expect(NodeURL(text) == nil) }
}
