internal import Crypto
package import Determinism
internal import Foundation
package import Identity
internal import Seal
internal import SwiftASN1
internal import X509

/// What the transport needs to know of certificates and keys.
package enum PeerCertificate {
    /// The DNS name that the certificate of `node` carries: what the peer's certificate is checked
    /// against, whatever its address is.
    package static func name(of node: NodeID, in cluster: ClusterID) -> String {
        "node-\(node.rawValue).\(cluster)"
    }

    /// SHA-256 of the certificate's binary form.
    package static func fingerprint(pem: String) throws(CertificateError) -> [UInt8] {
        fingerprint(der: try der(pem: pem))
    }

    static func fingerprint(der: [UInt8]) -> [UInt8] { Digest.sha256(der) }

    /// The binary form of the first certificate in `pem`.
    package static func der(pem: String) throws(CertificateError) -> [UInt8] {
        do {
            let document = try PEMDocument(pemString: pem)
            guard document.discriminator == Certificate.defaultPEMDiscriminator else {
                throw CertificateError.malformed("certificate")
            }
            return document.derBytes
        } catch {
            throw .malformed("certificate")
        }
    }

    /// Until when the certificate is valid.
    package static func expiry(pem: String) throws(CertificateError) -> WallTime {
        let seconds = try parsed(pem: pem).notValidAfter.timeIntervalSince1970
        return WallTime(milliseconds: UInt64(max(seconds, 0)) * 1_000)
    }

    static func parsed(pem: String) throws(CertificateError) -> Certificate {
        try parsed(der: try der(pem: pem))
    }

    static func parsed(der: [UInt8]) throws(CertificateError) -> Certificate {
        do {
            return try Certificate(derEncoded: der)
        } catch {
            throw .malformed("certificate")
        }
    }

    /// The DNS names that the certificate carries; empty when it cannot be read.
    static func names(der: [UInt8]) -> [String] {
        guard let certificate = try? parsed(der: der),
            let names = try? certificate.extensions.subjectAlternativeNames
        else { return [] }
        return names.compactMap { name in
            if case .dnsName(let text) = name { text } else { nil }
        }
    }

    /// Whether `leaf` was signed by the key of `authority`; both in binary form.
    static func isSigned(leaf: [UInt8], by authority: [UInt8]) -> Bool {
        guard let leaf = try? parsed(der: leaf), let authority = try? parsed(der: authority) else {
            return false
        }
        return authority.publicKey.isValidSignature(leaf.signature, for: leaf)
    }

    /// Throws unless `certificatePEM` is that of `node`, signed by `authorityPEM`, made for the
    /// private key, and valid now.
    static func check(
        certificatePEM: String, privateKeyPEM: String, authorityPEM: String, node: NodeID,
        cluster: ClusterID, now: WallTime
    ) throws(CertificateError) {
        let leaf = try der(pem: certificatePEM)
        let certificate = try parsed(der: leaf)
        guard isSigned(leaf: leaf, by: try der(pem: authorityPEM)) else { throw .notSigned }
        let key: Certificate.PrivateKey
        do {
            key = try Certificate.PrivateKey(pemEncoded: privateKeyPEM)
        } catch {
            throw .malformed("private key")
        }
        guard key.publicKey == certificate.publicKey else { throw .keyMismatch }
        let expected = name(of: node, in: cluster)
        guard names(der: leaf).contains(expected) else { throw .wrongName(expected: expected) }
        let date = Date(timeIntervalSince1970: Double(now.milliseconds / 1_000))
        guard certificate.notValidBefore <= date, date < certificate.notValidAfter else {
            throw .notValidNow
        }
    }
}

/// A node's own key pair (P-256). The private half is made on the node and never leaves it.
package struct NodeKey: Sendable {
    /// The private key in PEM form: a secret.
    package let privateKeyPEM: String
    /// The public key (DER, SubjectPublicKeyInfo), as a join carries it.
    package let publicKey: [UInt8]

    /// A new pair.
    package init() {
        self.init(P256.Signing.PrivateKey())
    }

    /// A pair that was made before. Throws ``CertificateError/malformed(_:)``.
    package init(privateKeyPEM: String) throws(CertificateError) {
        do {
            self.init(try P256.Signing.PrivateKey(pemRepresentation: privateKeyPEM))
        } catch {
            throw .malformed("private key")
        }
    }

    private init(_ key: P256.Signing.PrivateKey) {
        privateKeyPEM = key.pemRepresentation
        publicKey = Array(key.publicKey.derRepresentation)
    }
}
