package import Determinism
package import Identity
package import Wire

/// What the client core hears.
package enum ClientEvent: Hashable, Sendable {
    /// Begin: connect to the home node.
    case start(ClientStart)
    /// The socket of the last `connect` is open.
    case opened
    /// It closed, or could not be opened (1006). Never told after `disconnect`.
    case closed(code: UInt16)
    case frame(ServerFrame)
    case timer(ClientTimer)
    case follow(ChatID, LogCursor)
    case unfollow(ChatID)
    /// A person wrote a message.
    case send(OutgoingMessage)
    /// A person wants a failed message tried again, or gives it up.
    case retry(MessageID)
    case discard(MessageID)
    /// I have read up to here.
    case read(ChatID, Ordinal)
    /// My person types in the chat; to be said as often as the welcome lets us.
    case typing(ChatID)
    /// Whether my person uses the client.
    case active(Bool)
    /// Whom my person has on the screen, instead of those of the last time.
    case watch([AccountID])
    /// What the system says about its network.
    case offline
    case online
    /// A person looks: do not wait any longer.
    case wake
    /// Sign out here.
    case stop
}

/// What a client core begins with.
package struct ClientStart: Hashable, Sendable {
    package let home: String
    /// Base URLs of the cluster's nodes.
    package let nodes: [String]
    /// Whether a cookie proves who we are at home.
    package let hasCookies: Bool
    package let bearer: String?
    package let inbox: LogCursor
    package let logs: [Hello.Open]
    /// What was written before and never acknowledged, oldest first.
    package let outbox: [OutgoingMessage]

    package init(
        home: String, nodes: [String], hasCookies: Bool = false, bearer: String?,
        inbox: LogCursor = .nothing, logs: [Hello.Open] = [], outbox: [OutgoingMessage] = []
    ) {
        self.home = home
        self.nodes = nodes
        self.hasCookies = hasCookies
        self.bearer = bearer
        self.inbox = inbox
        self.logs = logs
        self.outbox = outbox
    }
}

/// A message that a person wrote, or other words for one: what survives a restart of the client.
package struct OutgoingMessage: Hashable, Sendable {
    package let cmid: MessageID
    package let chat: ChatID
    package let text: String
    /// The earlier message of the chat that it answers.
    package let replyTo: SequenceNumber?
    /// My message that gets this text; nil for a message of its own.
    package let edits: SequenceNumber?
    /// The message that is to be deleted; then there is no text.
    package let deletes: SequenceNumber?
    /// The message whose words this one has; the node reads them, `text` is what is shown until
    /// then.
    package let forwards: MessagePlace?
    /// What is said of a message; then there is no text.
    package let reacts: OutgoingReaction?

    package init(
        cmid: MessageID, chat: ChatID, text: String, replyTo: SequenceNumber? = nil,
        edits: SequenceNumber? = nil, deletes: SequenceNumber? = nil,
        forwards: MessagePlace? = nil, reacts: OutgoingReaction? = nil
    ) {
        self.cmid = cmid
        self.chat = chat
        self.text = text
        self.replyTo = replyTo
        self.edits = edits
        self.deletes = deletes
        self.forwards = forwards
        self.reacts = reacts
    }

    /// The frame that asks for it.
    var frame: ClientFrame {
        if let reacts {
            .react(cmid, chat, target: reacts.target, emoji: reacts.emoji)
        } else if let deletes {
            .deleteMessage(cmid, chat, target: deletes)
        } else if let edits {
            .edit(cmid, chat, target: edits, text: text)
        } else if let forwards {
            .forward(cmid, chat, source: forwards)
        } else {
            .send(cmid, chat, text: text, replyTo: replyTo)
        }
    }
}

/// An emoji for a message, instead of what one said before.
package struct OutgoingReaction: Hashable, Sendable {
    package let target: SequenceNumber
    /// Nil takes back what was said before.
    package let emoji: String?

    package init(target: SequenceNumber, emoji: String?) {
        self.target = target
        self.emoji = emoji
    }
}

/// A timer of the client core; each at most once.
package enum ClientTimer: Hashable, Sendable {
    /// From connecting to the welcome.
    case connect
    /// Until the next attempt.
    case reconnect
    /// Until the next ping, and until its answer must have come.
    case heartbeat
    case pong
    /// Until we leave a node that goes away.
    case goaway
    /// Until we may send again.
    case outbox
    /// How long a gap may stay.
    case gap(ClientLog)
    /// How long an acknowledgement may take.
    case ack(ChatID)
    /// Until a message that failed for the moment goes again.
    case retry(ChatID)
}

/// What the client core wants done, in this order.
package enum ClientEffect: Hashable, Sendable {
    /// Open a socket to this base URL.
    case connect(node: String)
    /// Close the socket and tell nothing more of it.
    case disconnect
    case sendFrame(ClientFrame)
    /// Start the timer, or start it anew.
    case setTimer(ClientTimer, after: Interval)
    case cancelTimer(ClientTimer)
    case cancelAllTimers
    /// Write to storage that survives a restart, and remove from it.
    case keep(OutgoingMessage)
    case forget(MessageID)
    /// These follow what was told before of the log, densely and in order.
    case entries(ClientLog, epoch: UInt64, [ClientEntry])
    /// Between `tail` and `head` there are entries that did not come; the log goes on after `head`.
    case hole(ClientLog, epoch: UInt64, tail: SequenceNumber, head: LogPosition)
    /// Drop the copy of the log.
    case reset(ClientLog, epoch: UInt64)
    case marks(ChatID, MarksFields)
    case acked(MessageID, ChatID, LogPosition, time: WallTime)
    /// Somebody else types in the chat.
    case typing(ChatID, AccountID, seq: SequenceNumber)
    /// Whether those are there who are watched.
    case presence([PersonPresence])
    /// The log is gone or not ours; it is followed no longer.
    case refused(ClientLog, code: String)
    /// An error that belongs to nothing of ours.
    case problem(code: String, message: String)
    /// Caught up.
    case live
    /// The session ended.
    case signedOut
}
