internal import NIOSSL
internal import Wire

/// TLS 1.3 between nodes, under the cluster's own authority.
///
/// Names are not checked by TLS, because nodes are reached by address; the node's name in the
/// certificate is checked against the handshake (``HandshakeRules``). A server takes connections
/// without certificate too, but those may ask to join and nothing else.
struct PeerTLS {
    let server: NIOSSLContext
    let client: NIOSSLContext

    init(_ credentials: PeerCredentials) throws(PeerTransportError) {
        do {
            let authority = try NIOSSLCertificate(
                bytes: Array(credentials.authorityPEM.utf8), format: .pem)
            let certificate = try NIOSSLCertificate(
                bytes: Array(credentials.certificatePEM.utf8), format: .pem)
            let key = try NIOSSLPrivateKey(
                bytes: Array(credentials.privateKeyPEM.utf8), format: .pem)
            // The authority is sent along, so that a node that joins can pin it.
            var server = TLSConfiguration.makeServerConfiguration(
                certificateChain: [.certificate(certificate), .certificate(authority)],
                privateKey: .privateKey(key))
            server.minimumTLSVersion = .tlsv13
            server.trustRoots = .certificates([authority])
            server.certificateVerification = .optionalVerification
            var client = TLSConfiguration.makeClientConfiguration()
            client.minimumTLSVersion = .tlsv13
            client.trustRoots = .certificates([authority])
            client.certificateVerification = .noHostnameVerification
            client.certificateChain = [.certificate(certificate)]
            client.privateKey = .privateKey(key)
            self.server = try NIOSSLContext(configuration: server)
            self.client = try NIOSSLContext(configuration: client)
        } catch {
            throw .badCredentials("\(error)")
        }
    }
}
