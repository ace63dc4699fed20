internal import Determinism
internal import HTTPTypes
internal import Identity
internal import Logging
internal import Node
internal import Wire

/// The routes and what they share.
struct GatewayRoutes: Sendable {
    let backend: any GatewayBackend
    let secrets: GatewaySecrets
    let codeSender: any CodeSender
    let limiter: SignInLimiter
    let passwords = PasswordHasher()
    let metrics: GatewayMetrics
    let logger: Logger
    /// Tries of secrets of invite links, which are too many to be guessed anyway.
    let secretLimiter = WindowLimiter<AccountID>(
        countMax: GatewayLimits.secretsPerAccount, window: GatewayLimits.secretsWindow)
    /// Tries to sign in with a username.
    let usernameLimiter = WindowLimiter<String>(
        countMax: GatewayLimits.passwordTries, window: GatewayLimits.passwordWindow)
    /// Tries of who is signed in to show the password once more.
    let passwordLimiter = WindowLimiter<AccountID>(
        countMax: GatewayLimits.passwordTries, window: GatewayLimits.passwordWindow)

    /// Every route of the listener but the socket's upgrade, the browser client's files and
    /// `OPTIONS`.
    var all: [Route] {
        signIn + passwordRoutes + sessions + profile + chats + roles + links + stars + pins
            + chatSettings + drafts + searches + operations
    }

    /// Asks the node; a failure is thrown.
    func ask(_ request: ClientRequest) async throws(Failure) -> ClientResponse {
        let response = await backend.perform(request)
        if case .failed(let failure) = response { throw failure }
        return response
    }

    /// Asks for a change that has no result.
    func askDone(_ request: ClientRequest) async throws(Failure) -> Answer {
        switch try await ask(request) {
        case .done, .receipt: return Answer(.noContent)
        default: throw unexpected(request)
        }
    }

    /// The node answered with another kind than its contract says: our mistake, not the client's.
    func unexpected(_ request: ClientRequest) -> Failure {
        logger.error("The node answered with an unexpected kind of response.")
        return Failure(.internal)
    }
}
