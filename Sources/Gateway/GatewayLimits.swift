package import Determinism
package import NIOCore

/// The limits of the client listener that are no settings: what a client may make a node hold.
package enum GatewayLimits {
    /// The body of a request.
    package static let bodyBytesMax = 64 << 10
    /// All header fields of a request together.
    package static let headerBytesMax = 32 << 10
    /// One header field.
    package static let headerFieldBytesMax = 16 << 10
    /// How many header fields a request may have.
    package static let headerCountMax = 100
    /// The target of a request: path and query.
    package static let targetBytesMax = 8 << 10
    /// A message of the socket, all of its fragments together.
    package static let messageBytesMax = 64 << 10
    /// How many fragments a message of the socket may have.
    package static let fragmentsMax = 256
    /// How many parts a multipart form may have, and how many fields an urlencoded one.
    package static let formFieldsMax = 32
    /// How many ids one question about people may name.
    package static let peopleMax = 100
    /// How many entries a page of history has at most.
    package static let pageEntriesMax = 100
    /// How many messages a page of a search has unless it says how many, and at most.
    package static let pageHits = 20
    package static let pageHitsMax = 100
    /// How far a client's clock may be from UTC, in minutes.
    package static let zoneMinutesMax = 14 * 60
    /// The bytes of a username that anybody can have.
    package static let usernameBytesMax = 32
    /// How many addresses and ids the tables of the sign-in limits remember.
    package static let rememberedMax = 10_000
    /// How many passwords may be tried in a window for one username, known or not, and by one
    /// account that wants to change something.
    package static let passwordTries = 10
    /// That window.
    package static let passwordWindow = Interval.seconds(600)
    /// How many secrets of invite links an account may show in a window.
    package static let secretsPerAccount = 60
    /// That window.
    package static let secretsWindow = Interval.seconds(600)
    /// How long a browser may use the answer to a preflight.
    package static let preflightSeconds = 600
    /// How long browsers keep the session cookie; they allow 400 days at most.
    package static let sessionCookieSeconds = 400 * 86_400
    /// How long browsers keep to https after an answer over TLS.
    package static let strictTransportSeconds = 31_536_000
}

/// How long a client may take. Settings, because tests shorten them.
package struct GatewayTimeouts: Hashable, Sendable {
    /// From the connection to the end of its first request's header, TLS included.
    package var firstRequest = TimeAmount.seconds(10)
    /// Without a byte of a request on an open connection.
    package var idle = TimeAmount.seconds(60)
    /// From the end of a request's header to the end of the answer's making, its body included.
    package var request = TimeAmount.seconds(30)
    /// From our close frame to the peer's.
    package var closeHandshake = TimeAmount.seconds(3)
    /// How long a client may leave more than the system's buffers unread of an answer.
    package var stalledWrite = TimeAmount.seconds(60)

    package init() {}
}
