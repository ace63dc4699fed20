/// Why the client listener cannot start, or cannot take a new certificate.
package enum GatewayError: Error, Hashable, Sendable, CustomStringConvertible {
    case plainListenerBeyondLoopback(host: String)
    case certificateUnreadable(path: String, reason: String)
    case privateKeyUnreadable(path: String, reason: String)
    case certificateUnusable(path: String, reason: String)
    case badPublicOrigin(String)
    case badTrustedProxy(String)
    case secretTooShort(bytes: Int, bytesMin: Int)
    case cannotListen(host: String, port: Int, reason: String)
    case noCertificate

    /// A sentence that says what to do.
    package var description: String {
        switch self {
        case .plainListenerBeyondLoopback(let host):
            "refusing to serve \(host) without TLS: give --tls-certificate and --tls-key, or name"
                + " the proxy in front of this node with --trusted-proxy, or listen on 127.0.0.1"
        case .certificateUnreadable(let path, let reason):
            "the certificate \(path) cannot be read: \(reason)"
        case .privateKeyUnreadable(let path, let reason):
            "the private key \(path) cannot be read: \(reason)"
        case .certificateUnusable(let path, let reason):
            "the certificate \(path) and its private key cannot be used: \(reason)"
        case .badPublicOrigin(let text):
            "\"\(text)\" is no origin: write it as https://chat.example.com"
        case .badTrustedProxy(let text):
            "\"\(text)\" is no address of a trusted proxy: write it as 10.0.0.1 or ::1"
        case .secretTooShort(let bytes, let bytesMin):
            "the cluster's client secret has \(bytes) bytes, at least \(bytesMin) are needed"
        case .cannotListen(let host, let port, let reason):
            "cannot listen for clients on \(host):\(port): \(reason)"
        case .noCertificate:
            "this node has no certificate to load again: it serves plain HTTP"
        }
    }
}
