import Crypto
import Foundation
import Gateway
import NIOSSL
import SwiftASN1
import X509

/// A self-signed certificate for `localhost`, in two files that go with it.
final class TestCertificate {
    let files: CertificateFiles
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "certificate-" + HTTPClient.freshKey()
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        files = CertificateFiles(
            certificatePath: folder + "/certificate.pem", privateKeyPath: folder + "/key.pem")
        try renew()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Writes another certificate and key into the files.
    func renew() throws {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("localhost") }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PublicKey(key.publicKey),
            notValidBefore: Date().addingTimeInterval(-3_600),
            notValidAfter: Date().addingTimeInterval(3_600), issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                SubjectAlternativeNames([.dnsName("localhost")])
            }, issuerPrivateKey: Certificate.PrivateKey(key))
        try certificate.serializeAsPEM().pemString.write(
            toFile: files.certificatePath, atomically: true, encoding: .utf8)
        try key.pemRepresentation.write(
            toFile: files.privateKeyPath, atomically: true, encoding: .utf8)
    }

    /// What a client trusts that trusts the certificate as it is now.
    func client() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMFile(files.certificatePath))
        return configuration
    }
}
