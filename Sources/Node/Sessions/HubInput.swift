package import Determinism
package import Identity
package import Wire

/// One client socket of a hub: numbered by the shell, never reused within a hub's life.
package struct SocketID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package var description: String { "k\(rawValue)" }

    package static func < (lhs: SocketID, rhs: SocketID) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// Which of a hub's requests a response belongs to.
package struct HubToken: Hashable, Comparable, Sendable {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package static func < (lhs: HubToken, rhs: HubToken) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// What a session hub is told.
package enum HubInput: Sendable {
    /// A WebSocket is open. With a grant when the upgrade carried a valid cookie or bearer, else the
    /// `hello` must authenticate. `origin` is the upgrade's `Origin`, nil outside browsers.
    case opened(SocketID, grant: SessionGrant?, origin: String?)
    /// A text frame, as its UTF-8 bytes.
    case frame(SocketID, [UInt8])
    /// The socket is gone, whoever closed it.
    case closed(SocketID)
    /// How much waits to be written to the socket right now. The shell says so after it has carried
    /// out effects for a socket that has more than `SessionLimits.backlogReportFrames` frames or
    /// `backlogReportBytes` bytes waiting, whenever such a socket's queue shrinks, and once when it is
    /// empty again.
    case backlog(SocketID, frameCount: Int, byteCount: Int)
    /// Something from the node.
    case delivery(HubDelivery)
}

/// What a node tells its session hubs.
package enum HubDelivery: Sendable {
    /// Committed entries of a followed log, dense among themselves and after the deliveries and the
    /// head before.
    case published(LogID, epoch: UInt64, [PublishedEntry])
    /// Read marks that changed, as absolute values.
    case marks(ChatID, version: UInt64, [ReadMark])
    /// Where a followed log and its marks end: answers `follow`, and comes again after every change of
    /// its owner.
    case head(LogID, epoch: UInt64, LogPosition, marksVersion: UInt64 = 0)
    /// The answer to a request of this hub.
    case response(HubToken, ClientResponse)
    /// Base URLs of the nodes that clients may connect to: this one, the others by how likely they
    /// are to answer.
    case nodes([String])
    /// Somebody who may write there types in a followed chat, whose log ended so then.
    case typing(ChatID, epoch: UInt64, seq: SequenceNumber, AccountID)
    /// Whether accounts are there that this hub watches.
    case presence([PersonPresence])
    /// The node is about to stop serving: clients move within `after + spread`.
    case goaway(after: Interval, spread: Interval, reason: String)
}

/// What may be done with a frame when a socket is slow.
package enum FrameClass: Hashable, Sendable {
    /// Answers and pushes: never dropped once sent.
    case durable
    /// Superseded by a later one of its kind: dropped first.
    case ephemeral
}

/// The bytes of one text frame, encoded once and shared by all sockets that get it.
package struct SharedFrame: Hashable, Sendable {
    /// UTF-8 JSON.
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }
}

/// Why the hub closes a socket (RFC 6455 section 7.4; 4000 and above are ours).
package enum CloseCode: UInt16, Hashable, Sendable {
    /// The node goes away or has not heard of the client for too long.
    case goingAway = 1001
    case tooBig = 1009
    /// The client breaks the protocol.
    case malformed = 4400
    /// Not signed in, in time or any more.
    case unauthenticated = 4401
    /// The client reads too slowly.
    case slowConsumer = 4409
    /// The client asks too much.
    case tooMany = 4429
}

/// What a session hub wants done, in this order.
package enum HubEffect: Hashable, Sendable {
    /// Write the frame to each of the sockets, ascending; the frame's bytes are the same for all.
    case send([SocketID], SharedFrame, FrameClass)
    /// Close the socket after what has been sent; the hub has forgotten it already.
    case close(SocketID, CloseCode, reason: String)
    /// Ask the node; it answers with `.response` and the same token, exactly once.
    case request(HubToken, ClientRequest)
    /// Deliver this log from now on; the node answers with its head.
    case follow(LogID)
    /// Stop delivering this log.
    case unfollow(LogID)
    /// Tell the node something that it does not answer.
    case signal(HubSignal)
}

/// What a hub tells its node about who types and who is there: soft state, which may get lost.
package enum HubSignal: Hashable, Sendable {
    case typing(AccountID, ChatID)
    /// Whether the account has somebody at a socket of this hub.
    case presence(AccountID, isActive: Bool)
    /// Tell of these from now on, now and at every change; and of those no more.
    case watch([AccountID])
    case unwatch([AccountID])
}
