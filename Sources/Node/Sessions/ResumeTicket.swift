package import Determinism
package import Identity

/// Opens a socket of a session on a node whose host the client's cookie does not reach: bound to the
/// page's origin, good once and for a short time, and sealed by the cluster's key, so that any node can
/// check it.
///
/// The text form is hexadecimal: account ‖ session ‖ origin's hash ‖ expiry ‖ nonce ‖ seal.
package struct ResumeTicket: Hashable, Sendable {
    package let account: AccountID
    package let session: SessionID
    /// What the origin hashes to; that of the empty text for clients that are no browsers.
    package let originHash: [UInt8]
    /// Worth nothing from then on.
    package let expiry: WallTime
    /// 16 random bytes: the session keeps those that were used.
    package let nonce: [UInt8]

    private static let originHashByteCount = 16
    private static let nonceByteCount = 16
    private static let bodyByteCount = 16 + 16 + originHashByteCount + 8 + nonceByteCount
    private static let sealByteCount = 32
    // Keeps the seal apart from codes made for other purposes under the same key.
    private static let purpose = Array("chaticket resume ticket 1".utf8)

    /// A fresh ticket for a socket that was opened from `origin`.
    package init(
        _ grant: SessionGrant, origin: String?, expiry: WallTime, digest: any SecretDigest,
        using generator: inout some RandomNumberGenerator
    ) {
        account = grant.account
        session = grant.session
        originHash = ResumeTicket.hash(of: origin, digest)
        self.expiry = expiry
        nonce = SessionID(using: &generator).bytes
    }

    /// Reads the text form; nil unless this cluster sealed it.
    package init?(text: String, digest: any SecretDigest) {
        guard text.utf8.count == 2 * (ResumeTicket.bodyByteCount + ResumeTicket.sealByteCount),
            let bytes = Hexadecimal.bytes(text)
        else { return nil }
        let body = Array(bytes.prefix(ResumeTicket.bodyByteCount))
        let seal = Array(bytes.dropFirst(ResumeTicket.bodyByteCount))
        guard ConstantTime.areEqual(digest.authenticate(ResumeTicket.purpose + body), seal),
            let account = AccountID(bytes: body[0..<16]),
            let session = SessionID(bytes: body[16..<32])
        else { return nil }
        self.account = account
        self.session = session
        originHash = Array(body[32..<48])
        expiry = WallTime(milliseconds: body[48..<56].reduce(0) { $0 << 8 | UInt64($1) })
        nonce = Array(body[56...])
    }

    /// Whether it may be used from `origin` at `now`; that it has not been used is for the shard to say.
    package func isValid(origin: String?, at now: WallTime, digest: any SecretDigest) -> Bool {
        now < expiry
            && ConstantTime.areEqual(originHash, ResumeTicket.hash(of: origin, digest))
    }

    /// The text form. A secret, as a password is.
    package func text(digest: any SecretDigest) -> String {
        var body = account.bytes + session.bytes + originHash
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            body.append(UInt8(truncatingIfNeeded: expiry.milliseconds >> shift))
        }
        body += nonce
        return Hexadecimal.text(body + digest.authenticate(ResumeTicket.purpose + body))
    }

    private static func hash(of origin: String?, _ digest: any SecretDigest) -> [UInt8] {
        Array(digest.digest(Array((origin ?? "").utf8)).prefix(originHashByteCount))
    }
}
