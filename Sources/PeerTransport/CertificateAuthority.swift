internal import Crypto
package import Determinism
internal import Foundation
package import Identity
internal import NIOCore
internal import Seal
internal import SwiftASN1
internal import X509

/// The cluster's own certificate authority (P-256), made by `cluster init`.
///
/// Every member has its private key: it comes with the join, over a TLS connection that is pinned to
/// the authority's fingerprint, and is kept in a file of mode 0600 beside the node's data. So any
/// member can admit a new one, and no machine is special; the price is that a cluster trusts each of
/// its nodes entirely, which it does anyway, because each holds everybody's messages.
package struct CertificateAuthority: Sendable {
    /// How long the authority is valid.
    package static let validity: Interval = .seconds(10 * 365 * 86_400)
    /// How long the certificate of a node, or one for clients, is valid.
    package static let leafValidity: Interval = .seconds(365 * 86_400)
    /// How far the start of validity lies in the past, for clocks that are a little off.
    package static let backdating: Interval = .seconds(86_400)

    /// The certificate in PEM form.
    package let certificatePEM: String
    /// The private key in PEM form: a secret.
    package let privateKeyPEM: String

    private let certificate: Certificate
    private let privateKey: Certificate.PrivateKey

    /// A new authority for `cluster`. Throws ``CertificateError/failed(_:)``.
    package static func create(
        cluster: ClusterID, now: WallTime
    ) throws(CertificateError) -> CertificateAuthority {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let pem = try attempt {
            let name = try authorityName(cluster)
            let certificate = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
                notValidBefore: date(now, minus: backdating),
                notValidAfter: date(now + validity), issuer: name, subject: name,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                    SubjectKeyIdentifier(hash: key.publicKey)
                },
                issuerPrivateKey: key)
            return (
                try certificate.serializeAsPEM().pemString, try key.serializeAsPEM().pemString
            )
        }
        return try CertificateAuthority(certificatePEM: pem.0, privateKeyPEM: pem.1)
    }

    /// An authority that was made before. Throws ``CertificateError/malformed(_:)`` or
    /// ``CertificateError/keyMismatch``.
    package init(certificatePEM: String, privateKeyPEM: String) throws(CertificateError) {
        self.certificatePEM = certificatePEM
        self.privateKeyPEM = privateKeyPEM
        certificate = try PeerCertificate.parsed(pem: certificatePEM)
        do {
            privateKey = try Certificate.PrivateKey(pemEncoded: privateKeyPEM)
        } catch {
            throw .malformed("private key")
        }
        guard privateKey.publicKey == certificate.publicKey else { throw .keyMismatch }
    }

    /// SHA-256 of the certificate (DER): what a join token pins.
    package var fingerprint: [UInt8] {
        (try? PeerCertificate.fingerprint(pem: certificatePEM)) ?? []
    }

    /// A certificate with which `node` shows who it is, as server and as client; PEM.
    ///
    /// `publicKey` is the node's P-256 key (DER, SubjectPublicKeyInfo); `hosts` are further names
    /// and addresses. Throws ``CertificateError``.
    package func issueNodeCertificate(
        node: NodeID, cluster: ClusterID, publicKey: [UInt8], hosts: [String] = [], now: WallTime,
        validity: Interval = leafValidity
    ) throws(CertificateError) -> String {
        let key: Certificate.PublicKey
        do {
            key = Certificate.PublicKey(try P256.Signing.PublicKey(derRepresentation: publicKey))
        } catch {
            throw .malformed("P-256 public key")
        }
        let name = PeerCertificate.name(of: node, in: cluster)
        return try issue(
            subject: "node-\(node.rawValue)", key: key, names: [name] + hosts,
            usages: [.serverAuth, .clientAuth], now: now, validity: validity)
    }

    /// A certificate and its private key for browsers and other clients that reach nodes under
    /// `hosts` (names and addresses). It is no node's: links between nodes refuse it.
    package func issueServerCertificate(
        hosts: [String], now: WallTime, validity: Interval = leafValidity
    ) throws(CertificateError) -> (certificatePEM: String, privateKeyPEM: String) {
        guard let first = hosts.first else { throw .malformed("list of hosts") }
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let certificate = try issue(
            subject: first, key: key.publicKey, names: hosts, usages: [.serverAuth], now: now,
            validity: validity)
        let pem = try Self.attempt { try key.serializeAsPEM().pemString }
        return (certificate, pem)
    }

    private func issue(
        subject: String, key: Certificate.PublicKey, names: [String],
        usages: [ExtendedKeyUsage.Usage], now: WallTime, validity: Interval
    ) throws(CertificateError) -> String {
        try Self.attempt {
            let issuerKey = SubjectKeyIdentifier(hash: certificate.publicKey).keyIdentifier
            let leaf = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key,
                notValidBefore: Self.date(now, minus: Self.backdating),
                notValidAfter: Self.date(now + validity), issuer: certificate.subject,
                subject: try DistinguishedName { CommonName(subject) },
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage(usages)
                    SubjectAlternativeNames(names.map(Self.generalName))
                    SubjectKeyIdentifier(hash: key)
                    AuthorityKeyIdentifier(keyIdentifier: issuerKey)
                },
                issuerPrivateKey: privateKey)
            return try leaf.serializeAsPEM().pemString
        }
    }

    private static func authorityName(_ cluster: ClusterID) throws -> DistinguishedName {
        try DistinguishedName {
            OrganizationName("Chaticket")
            CommonName("Cluster \(cluster)")
        }
    }

    /// An address if it is one, else a DNS name.
    private static func generalName(_ host: String) -> GeneralName {
        guard let address = try? SocketAddress(ipAddress: host, port: 0) else {
            return .dnsName(host)
        }
        switch address {
        case .v4(let address):
            let bytes = withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
            return .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
        case .v6(let address):
            let bytes = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
            return .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
        case .unixDomainSocket:
            return .dnsName(host)
        }
    }

    private static func date(_ time: WallTime, minus earlier: Interval = .zero) -> Date {
        let seconds = Double(time.milliseconds / 1_000) - Double(earlier.milliseconds / 1_000)
        return Date(timeIntervalSince1970: seconds)
    }

    private static func attempt<Value>(
        _ body: () throws -> Value
    ) throws(CertificateError) -> Value {
        do {
            return try body()
        } catch {
            throw .failed("\(error)")
        }
    }
}
