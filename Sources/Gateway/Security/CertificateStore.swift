package import NIOSSL
internal import Synchronization

/// The certificate that clients see, and how to take a new one without a restart.
///
/// Connections that are open keep the certificate that they began with.
package final class CertificateStore: Sendable {
    private let files: CertificateFiles
    private let current: Mutex<NIOSSLContext>

    /// Reads the files.
    package init(_ files: CertificateFiles) throws(GatewayError) {
        self.files = files
        current = Mutex(try CertificateStore.load(files))
    }

    /// Reads the files again; when they cannot be used, the old certificate stays and the error
    /// says why.
    package func reload() throws(GatewayError) {
        let context = try CertificateStore.load(files)
        current.withLock { $0 = context }
    }

    /// What new connections are served with.
    package var context: NIOSSLContext { current.withLock { $0 } }

    private static func load(_ files: CertificateFiles) throws(GatewayError) -> NIOSSLContext {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(files.certificatePath)
        } catch {
            throw .certificateUnreadable(path: files.certificatePath, reason: "\(error)")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: files.privateKeyPath, format: .pem)
        } catch {
            throw .privateKeyUnreadable(path: files.privateKeyPath, reason: "\(error)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.maximumTLSVersion = .tlsv13
        configuration.applicationProtocols = ["http/1.1"]
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .certificateUnusable(path: files.certificatePath, reason: "\(error)")
        }
    }
}
