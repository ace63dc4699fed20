package import Identity
package import Node
internal import Seal

/// What the client listener makes of the cluster's secret: one key for each purpose.
///
/// Everything here is a function of the secret and its arguments, so that every node of the cluster
/// makes and accepts the same tokens, and a retry gets what the first try got.
package struct GatewaySecrets: Sendable {
    private let csrfKey: [UInt8]
    private let codeKey: [UInt8]
    private let codeHashKey: [UInt8]
    private let sessionKey: [UInt8]
    private let ticketKey: [UInt8]
    private let passwordSessionKey: [UInt8]

    /// Derives the keys from `secret`, the same on every node.
    package init(secret: [UInt8]) {
        precondition(secret.count >= GatewaySettings.secretBytesMin, "a secret cannot be guessed")
        csrfKey = Digest.derivedKey(from: secret, info: "chaticket csrf")
        codeKey = Digest.derivedKey(from: secret, info: "chaticket sign-in code")
        codeHashKey = Digest.derivedKey(from: secret, info: "chaticket sign-in code hash")
        sessionKey = Digest.derivedKey(from: secret, info: "chaticket session")
        ticketKey = Digest.derivedKey(from: secret, info: "chaticket ticket")
        passwordSessionKey = Digest.derivedKey(from: secret, info: "chaticket password session")
    }

    /// What binds a CSRF token's random half to a session.
    func csrfSeal(nonce: String, binding: String) -> String {
        Hexadecimal.text(
            Digest.hmac(key: csrfKey, message: Array((nonce + "/" + binding).utf8)))
    }

    /// The code that answers one request for a code: a pseudo-random function of the request's id,
    /// so that a retry sends the same digits.
    package func code(phone: String, cmid: MessageID) -> SignInCode {
        let bytes = Digest.hmac(key: codeKey, message: cmid.bytes + Array(phone.utf8))
        // 64 bits modulo a million: the bias is below one in 10^13.
        let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return SignInCode(number: number % SignInCode.count)
    }

    /// The value of a cookie that binds a CSRF token before the sign-in.
    func freshBinding() -> String { Hexadecimal.text(SystemGenerator.bytes(count: 32)) }

    /// How the cluster keeps a code.
    func codeHash(phone: String, code: String) -> [UInt8] {
        Digest.hmac(key: codeHashKey, message: Array(phone.utf8) + [0] + Array(code.utf8))
    }

    /// The session, account and secret that a sign-in proposes. The code is part of it: who knows
    /// only the id of somebody's sign-in cannot make its secret.
    func proposal(phone: String, codeHash: [UInt8], cmid: MessageID) -> SessionProposal {
        proposal(
            from: Digest.hmac(
                key: sessionKey, message: cmid.bytes + codeHash + Array(phone.utf8)))
    }

    /// The same for a sign-up or a sign-in with a password, which is part of it.
    func proposal(username: String, password: String, cmid: MessageID) -> SessionProposal {
        proposal(
            from: Digest.hmac(
                key: passwordSessionKey,
                message: cmid.bytes + Digest.sha256(Array(password.utf8)) + Array(username.utf8)))
    }

    private func proposal(from seed: [UInt8]) -> SessionProposal {
        let bytes = Digest.derivedKey(from: seed, info: "session", byteCount: 64)
        guard let account = AccountID(bytes: bytes[0..<16]),
            let session = SessionID(bytes: bytes[16..<32])
        else { preconditionFailure("16 bytes are an id") }
        return SessionProposal(account: account, session: session, secret: Array(bytes[32...]))
    }

    /// The cryptography for session hubs.
    package var digest: some SecretDigest { HubDigest(key: ticketKey) }
}

/// What a sign-in proposes to the cluster, which takes the account only if the phone has none.
struct SessionProposal: Sendable {
    let account: AccountID
    let session: SessionID
    let secret: [UInt8]
}

/// SHA-256 and HMAC-SHA256 for session hubs.
private struct HubDigest: SecretDigest {
    let key: [UInt8]

    func digest(_ secret: [UInt8]) -> [UInt8] { Digest.sha256(secret) }

    func authenticate(_ message: [UInt8]) -> [UInt8] { Digest.hmac(key: key, message: message) }
}
