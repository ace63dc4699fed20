internal import Node
internal import Seal

/// Makes and checks the tokens that keep other sites from acting with somebody's cookie: the signed
/// double-submit pattern.
///
/// A token is `nonce.seal`: 32 random bytes and an HMAC of them together with what the token is
/// bound to: the session cookie, or before the sign-in a cookie of its own. So a token of another
/// session, of the time before the sign-in, or planted by a neighbouring host fails.
struct CrossSiteGuard: Sendable {
    let secrets: GatewaySecrets

    /// A fresh token for the bearer of `binding`.
    func makeToken(binding: String) -> String {
        let nonce = Hexadecimal.text(SystemGenerator.bytes(count: 32))
        return nonce + "." + secrets.csrfSeal(nonce: nonce, binding: binding)
    }

    /// Whether `token` was made for `binding`.
    func isValid(_ token: String, binding: String) -> Bool {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= CrossSiteGuard.tokenBytesMax, parts.count == 2,
            parts[0].utf8.count == 64
        else { return false }
        let seal = secrets.csrfSeal(nonce: String(parts[0]), binding: binding)
        return Digest.isEqual(Array(seal.utf8), Array(parts[1].utf8))
    }

    /// Lets an unsafe request pass that shows the same token in its cookie and in its header or
    /// form, made for what its other cookies say.
    func check(cookies: Cookies, shown: String?) throws(Failure) {
        guard let binding = cookies.csrfBinding, let cookie = cookies[.csrfToken], let shown,
            Digest.isEqual(Array(cookie.utf8), Array(shown.utf8)), isValid(shown, binding: binding)
        else { throw Failure(.csrf) }
    }

    private static let tokenBytesMax = 64 + 1 + 64
}
