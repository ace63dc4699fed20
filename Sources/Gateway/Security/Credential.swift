internal import Node

/// How clients show who they are.
enum Credential {
    /// The token of an `Authorization` header (RFC 6750); nil for another scheme.
    static func bearer(_ header: String) -> String? {
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }

    /// Asks the cluster whether the token's session is open. Throws `unauthorised`, or why that
    /// cannot be known now.
    static func authenticate(
        _ token: SessionToken, backend: any GatewayBackend, secrets: GatewaySecrets
    ) async throws(Failure) -> SessionGrant {
        let response = await backend.perform(
            .authenticate(
                account: token.account, session: token.session,
                secretHash: secrets.digest.digest(token.secret)))
        switch response {
        case .granted(let grant): return grant
        case .failed(let failure) where failure.isRetryable: throw failure
        default: throw Failure(.unauthorised)
        }
    }
}
