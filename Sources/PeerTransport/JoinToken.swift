package import Determinism
internal import Foundation
package import Identity
internal import Seal
internal import Wire

/// What `cluster init` prints, and a new node needs to become a member: whom to ask, how to know that
/// it is the right one, and a secret that is good for one node until it expires.
///
/// The text is `chaticket-join-1.` and base64url of: fingerprint of the authority (32), secret (32),
/// cluster (16), expiry (8), port (2), length of the host (1), host, and the first four bytes of
/// SHA-256 of all that.
package struct JoinToken: Hashable, Sendable {
    /// SHA-256 of the authority's certificate.
    package let fingerprint: [UInt8]
    /// The host name or address of a member to ask.
    package let seedHost: String
    /// Its TCP port.
    package let seedPort: UInt16
    /// What entitles to join, 32 bytes. The registry keeps only its hash.
    package let secret: [UInt8]
    /// When it is good for nothing any more.
    package let expiry: WallTime
    /// Which cluster it is for.
    package let cluster: ClusterID

    /// A token with a fresh secret.
    package init(
        authority: CertificateAuthority, cluster: ClusterID, seedHost: String, seedPort: UInt16,
        expiry: WallTime
    ) {
        precondition(seedHost.utf8.count <= Self.hostBytesMax, "a host name is short")
        fingerprint = authority.fingerprint
        self.seedHost = seedHost
        self.seedPort = seedPort
        secret = SystemGenerator.bytes(count: JoinRequest.secretByteCount)
        self.expiry = expiry
        self.cluster = cluster
    }

    /// The longest name or address of a seed, in bytes.
    package static let hostBytesMax = 253

    /// What the registry keeps instead of the secret.
    package var secretHash: [UInt8] { Self.hash(ofSecret: secret) }

    /// SHA-256 of a token's secret.
    package static func hash(ofSecret secret: [UInt8]) -> [UInt8] { Digest.sha256(secret) }

    /// Throws ``JoinTokenError/expired(_:)`` when its time is over at `now`.
    package func checkNotExpired(now: WallTime) throws(JoinTokenError) {
        guard now < expiry else { throw .expired(expiry) }
    }
}

/// Why a text is no join token that can be used.
package enum JoinTokenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It does not look like a token.
    case malformed
    /// It has a version that this build does not read.
    case unsupportedVersion
    /// It was not copied whole.
    case wrongChecksum
    /// Its time is over.
    case expired(WallTime)

    /// One sentence that says what to do.
    package var description: String {
        switch self {
        case .malformed:
            "This is no join token; it begins with \(JoinToken.prefix) and has no spaces."
        case .unsupportedVersion:
            "This join token was made by another version of chaticket."
        case .wrongChecksum:
            "This join token is damaged; copy it again, whole."
        case .expired:
            "This join token has expired; make a new one with `chaticket cluster token`."
        }
    }
}

extension JoinToken {
    /// How every token of this version begins.
    package static let prefix = "chaticket-join-1."
    private static let family = "chaticket-join-"
    private static let textBytesMax = 1_024
    private static let fixedByteCount = 32 + 32 + 16 + 8 + 2 + 1
    private static let checksumByteCount = 4

    /// The token as people pass it on.
    package var text: String {
        var bytes = fingerprint + secret + cluster.bytes
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: expiry.milliseconds >> UInt64(shift)))
        }
        bytes.append(UInt8(truncatingIfNeeded: seedPort >> 8))
        bytes.append(UInt8(truncatingIfNeeded: seedPort))
        bytes.append(UInt8(seedHost.utf8.count))
        bytes.append(contentsOf: seedHost.utf8)
        bytes.append(contentsOf: Digest.sha256(bytes).prefix(Self.checksumByteCount))
        let base64 = Data(bytes).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
        return Self.prefix + base64
    }

    /// Reads what ``text`` gave; white space around it does no harm. Total: throws a
    /// ``JoinTokenError``. Does not look at the expiry.
    package init(text: String) throws(JoinTokenError) {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.utf8.count <= Self.textBytesMax, text.hasPrefix(Self.family) else {
            throw .malformed
        }
        guard text.hasPrefix(Self.prefix) else { throw .unsupportedVersion }
        var base64 = text.dropFirst(Self.prefix.count)
            .replacingOccurrences(of: "-", with: "+")
            .replacingOccurrences(of: "_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: base64) else { throw .malformed }
        let bytes = Array(data)
        guard bytes.count >= Self.fixedByteCount + Self.checksumByteCount else { throw .malformed }
        let body = Array(bytes.dropLast(Self.checksumByteCount))
        guard
            Array(Digest.sha256(body).prefix(Self.checksumByteCount))
                == Array(bytes.suffix(Self.checksumByteCount))
        else { throw .wrongChecksum }
        guard let cluster = ClusterID(bytes: body[64..<80]),
            body.count == Self.fixedByteCount + Int(body[90]),
            let host = String(validating: body[91...], as: UTF8.self), !host.isEmpty
        else { throw .malformed }
        fingerprint = Array(body[0..<32])
        secret = Array(body[32..<64])
        self.cluster = cluster
        expiry = WallTime(milliseconds: body[80..<88].reduce(0) { $0 << 8 | UInt64($1) })
        seedPort = UInt16(body[88]) << 8 | UInt16(body[89])
        seedHost = host
    }
}
