package import Determinism
package import Identity

/// What a node says on a client's socket; one JSON object with a `kind`.
package enum ServerFrame: Hashable, Sendable {
    /// The answer to `hello`.
    case welcome(Welcome)
    /// What a log has after the client's position.
    case difference(DifferenceFrame)
    /// The client goes on from the head and records a hole.
    case tooLong(TooLongFrame)
    /// All positions of `hello` are caught up.
    case live
    /// One new entry.
    case push(ClientLog, epoch: UInt64, ClientEntry)
    /// Read marks that changed, as absolute values.
    case marks(ChatID, MarksFields)
    /// Frames of this log were left out: ask for the difference.
    case advanced(ClientLog, LogPosition)
    /// A change is durable.
    case ack(MessageID, ChatID, LogPosition, time: WallTime)
    case error(ErrorFrame)
    /// The answer to `ping`.
    case pong(inbox: LogCursor, ticket: String, now: WallTime)
    /// Connect elsewhere, at a random moment between `after` and `after + spread`.
    case goaway(after: Interval, spread: Interval, reason: String)
    /// Drop the positions and say hello again.
    case resync
    /// The session has ended.
    case authExpired
    /// Send less; the frame that was too much has not been done.
    case slowDown(retryAfter: Interval)
    /// Somebody else, who may write there, types in the chat, whose log ends so; forgotten after
    /// six seconds, or with their next message.
    case typing(ChatID, AccountID, seq: SequenceNumber)
    /// Whether those are there who are on the screen.
    case presence([PersonPresence])
}

/// The answer to `hello`.
package struct Welcome: Hashable, Sendable {
    package let account: ClientPerson
    package let session: SessionID
    /// How often to ping; whole seconds.
    package let heartbeat: Interval
    package let now: WallTime
    package let limits: ClientLimits
    /// Base URLs of nodes that the client may connect to.
    package let nodes: [String]
    /// Opens a socket on another node, once.
    package let ticket: String
    /// A new bearer, only when a ticket opened the socket.
    package let bearer: String?
    /// The head of the inbox.
    package let inbox: LogCursor

    package init(
        account: ClientPerson, session: SessionID, heartbeat: Interval, now: WallTime,
        limits: ClientLimits, nodes: [String], ticket: String, bearer: String?, inbox: LogCursor
    ) {
        self.account = account
        self.session = session
        self.heartbeat = heartbeat
        self.now = now
        self.limits = limits
        self.nodes = nodes
        self.ticket = ticket
        self.bearer = bearer
        self.inbox = inbox
    }
}

/// The limits that concern clients.
package struct ClientLimits: Hashable, Sendable {
    package let textCharacters: UInt64
    package let textBytes: UInt64
    package let frameBytes: UInt64
    package let differenceEntries: UInt64
    package let pageEntries: UInt64
    package let nameCharacters: UInt64
    package let fullNameCharacters: UInt64
    package let openChats: UInt64
    /// How often a client may say that its person types, in milliseconds, and how many accounts it
    /// may watch. Zero from a node that knows neither frame.
    package let typingPause: UInt64
    package let watched: UInt64

    package init(
        textCharacters: UInt64, textBytes: UInt64, frameBytes: UInt64, differenceEntries: UInt64,
        pageEntries: UInt64, nameCharacters: UInt64, fullNameCharacters: UInt64, openChats: UInt64,
        typingPause: UInt64 = 0, watched: UInt64 = 0
    ) {
        self.textCharacters = textCharacters
        self.textBytes = textBytes
        self.frameBytes = frameBytes
        self.differenceEntries = differenceEntries
        self.pageEntries = pageEntries
        self.nameCharacters = nameCharacters
        self.fullNameCharacters = fullNameCharacters
        self.openChats = openChats
        self.typingPause = typingPause
        self.watched = watched
    }
}

/// Read marks with the version that they bring the client to.
package struct MarksFields: Hashable, Sendable {
    package let version: UInt64
    package let marks: [ReadMark]

    package init(version: UInt64, marks: [ReadMark]) {
        self.version = version
        self.marks = marks
    }
}

/// Entries of one log, dense after the client's position.
package struct DifferenceFrame: Hashable, Sendable {
    package let log: ClientLog
    package let epoch: UInt64
    package let entries: [ClientEntry]
    package let head: LogPosition
    /// Nil when the marks are not told.
    package let marks: MarksFields?
    /// Whether the client must ask for the rest.
    package let hasMore: Bool

    package init(
        log: ClientLog, epoch: UInt64, entries: [ClientEntry], head: LogPosition,
        marks: MarksFields?, hasMore: Bool
    ) {
        self.log = log
        self.epoch = epoch
        self.entries = entries
        self.head = head
        self.marks = marks
        self.hasMore = hasMore
    }
}

/// A gap that is not sent.
package struct TooLongFrame: Hashable, Sendable {
    package let log: ClientLog
    package let epoch: UInt64
    package let head: LogPosition
    /// The newest that the client has.
    package let tail: LogPosition
    package let marks: MarksFields?

    package init(
        log: ClientLog, epoch: UInt64, head: LogPosition, tail: LogPosition, marks: MarksFields?
    ) {
        self.log = log
        self.epoch = epoch
        self.head = head
        self.tail = tail
        self.marks = marks
    }
}

/// Why something that the client asked was not done.
package struct ErrorFrame: Hashable, Sendable {
    /// Of the frame that failed.
    package let cmid: MessageID?
    package let log: ClientLog?
    /// A stable word.
    package let code: String
    /// For developers.
    package let message: String
    /// Whether the same frame, with the same `cmid`, may succeed later.
    package let isRetryable: Bool
    package let retryAfter: Interval?

    package init(
        cmid: MessageID?, log: ClientLog?, code: String, message: String, isRetryable: Bool,
        retryAfter: Interval?
    ) {
        self.cmid = cmid
        self.log = log
        self.code = code
        self.message = message
        self.isRetryable = isRetryable
        self.retryAfter = retryAfter
    }
}
