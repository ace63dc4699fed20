internal import CWebAssets
internal import HTTPTypes
internal import NIOCore

/// The browser client's files, as they are in the binary.
struct WebAssets: Sendable {
    /// One file in one encoding.
    struct Variant: Sendable {
        let type: String
        let encoding: String
        let etag: String
        let isImmutable: Bool
        let bytes: ByteBuffer
    }

    private let variants: [String: [Variant]]

    /// The files that the binary has.
    init() {
        var variants: [String: [Variant]] = [:]
        for index in 0..<chaticket_asset_count() {
            let asset = chaticket_asset(index)
            let path = String(cString: asset.path)
            // SAFETY: the bundle has `count` bytes, constants of the process; copied once.
            let bytes = UnsafeBufferPointer(start: asset.bytes, count: asset.count)
            variants[path, default: []].append(
                Variant(
                    type: String(cString: asset.content_type),
                    encoding: String(cString: asset.encoding), etag: String(cString: asset.etag),
                    isImmutable: asset.immutable, bytes: ByteBuffer(bytes: bytes)))
        }
        self.variants = variants
    }

    /// Files given by a test.
    init(_ variants: [String: [Variant]]) {
        self.variants = variants
    }

    /// The path of the page that answers what nothing else answers.
    static let index = "/index.html"

    /// Whether there is a file at `path`.
    func has(_ path: String) -> Bool { variants[path] != nil }

    /// The file at `path` in the best encoding that the client takes, or its 304; nil when there is
    /// none.
    func answer(_ path: String, headers: HTTPFields) -> (
        HTTPResponse.Status, HTTPFields, ByteBuffer
    )? {
        guard let choices = variants[path],
            let variant = WebAssets.best(of: choices, accepted: headers[.acceptEncoding])
        else { return nil }
        var fields = HTTPFields()
        fields[.eTag] = variant.etag
        fields[.vary] = "Accept-Encoding"
        fields[.cacheControl] =
            variant.isImmutable ? "public, max-age=31536000, immutable" : "no-cache"
        let known = (headers[.ifNoneMatch] ?? "").split(separator: ",").map { tag in
            String(tag.drop(while: { $0 == " " }).prefix(while: { $0 != " " }))
        }
        if known.contains(where: { $0 == variant.etag || $0 == "W/" + variant.etag || $0 == "*" }) {
            return (.notModified, fields, ByteBuffer())
        }
        fields[.contentType] = variant.type
        if variant.encoding != "identity" { fields[.contentEncoding] = variant.encoding }
        return (.ok, fields, variant.bytes)
    }

    /// Brotli, then gzip, then the plain form, of those that the client accepts (RFC 9110 section
    /// 12.5.3). Who accepts nothing that we have gets the plain form.
    private static func best(of choices: [Variant], accepted: String?) -> Variant? {
        let accepts = (accepted ?? "").lowercased().split(separator: ",").compactMap {
            item -> String? in
            let parts = item.split(separator: ";").map { part in
                part.filter { $0 != " " && $0 != "\t" }
            }
            guard let name = parts.first else { return nil }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
            let isRefused = weight.map { $0.allSatisfy { $0 == "0" || $0 == "." } } ?? false
            return isRefused ? nil : name
        }
        for encoding in ["br", "gzip"] where accepts.contains(encoding) || accepts.contains("*") {
            if let variant = choices.first(where: { $0.encoding == encoding }) { return variant }
        }
        return choices.first { $0.encoding == "identity" } ?? choices.first
    }
}
