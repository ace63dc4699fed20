internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Wire

/// Somebody with a browser: what they know, what they want, and their client.
final class SimulatedPerson {
    let index: Int
    let phone: String
    let username: String
    /// Proves by its cookie who it is, at home only; otherwise by a bearer everywhere.
    let usesCookie: Bool
    var generator: SeededGenerator
    var core = ClientCore()
    var account: AccountID?
    var session: SessionID?
    let secret: [UInt8]
    /// Home is the node of the first socket.
    var home = ""
    /// Whether the session runs.
    var isStarted = false
    /// The socket that the client believes to have.
    var socket: SocketID?
    /// Chats that may be written to, public rooms included, in the order in which they were met.
    var chats: [ChatID] = []
    /// Chats of my own making.
    var own: [ChatID] = []
    /// The newest message of each chat that was told; looked up only.
    var newest: [ChatID: Ordinal] = [:]
    /// Messages that are not acknowledged; looked up only.
    var pending: [MessageID: PendingSend] = [:]
    /// Which setting of each timer counts; looked up only.
    var timers: [ClientTimer: UInt64] = [:]
    var nextTimer: UInt64 = 1

    /// A message that was sent and not acknowledged.
    struct PendingSend {
        let chat: ChatID
        let begun: Instant
        /// What was acknowledged in the chat when it was begun.
        let floor: SequenceNumber
        /// Whether it counts for the share of operations that succeed.
        let counts: Bool
    }

    init(index: Int, generator: SeededGenerator) {
        self.index = index
        self.generator = generator
        let digits = String(1_000_000 + index)
        phone = "+49151\(digits)"
        username = "person\(index)"
        usesCookie = self.generator.chance(1, in: 2)
        secret = SimulatedDigest().digest(Array("secret of \(index)".utf8))
    }

    /// What the bearer is.
    var token: String? {
        guard let account, let session else { return nil }
        return SessionToken(account: account, session: session, secret: secret).text
    }
}

/// A socket between a client and a node.
struct ClientSocket {
    let id: SocketID
    let person: Int
    let node: Int
    /// The run of the node in which its hub knows the socket; nil while it does not.
    var run: UInt64?
    /// When what is under way arrives, in each direction.
    var toNodeAt = Instant.start
    var toClientAt = Instant.start
    /// The client does not read: this waits at the node.
    var isStalled = false
    var waiting: [[UInt8]] = []
    var waitingBytes = 0
    var wasReported = false
}

/// One thing that a person wants of the HTTP interface, through as many tries as it takes.
struct ClientOperation {
    /// What is to be done with the answer.
    enum Purpose: Hashable {
        case requestCode
        case signIn
        case profile
        case firstChats
        case create
        case invite
        case history(ChatID)
        /// Somebody else's chat.
        case probe(ChatID)
        case chats
        case rename
        /// Somebody else's chat.
        case renameForeign
        case me
        case finalChats

        /// It is tried until it succeeds.
        var isEssential: Bool {
            switch self {
            case .requestCode, .signIn, .profile, .firstChats, .finalChats: true
            default: false
            }
        }
    }

    let id: UInt64
    let person: Int
    let purpose: Purpose
    let request: ClientRequest
    let begun: Instant
    /// What was acknowledged in the chat that is read, when it was begun.
    let floor: SequenceNumber
    /// Whether it counts for the share of operations that succeed, and has not been counted.
    var counts: Bool
    var attempt: UInt64 = 0
    var node = 0
    var isWaiting = false
}
