package import Determinism

/// What one session may cost, in one place; clients learn the ones that concern them in `welcome`.
package enum SessionLimits {
    /// How often a client pings.
    package static let heartbeat = Interval.seconds(25)
    /// How long a socket may be silent before it is taken for dead.
    package static let silenceMax = Interval.seconds(60)
    /// How long a socket may take to authenticate.
    package static let helloTimeout = Interval.seconds(5)
    /// How long the node may take to find the inbox before the client is sent elsewhere.
    package static let welcomeTimeout = Interval.seconds(10)
    /// How long clients that were told to leave may take beyond what they were told.
    package static let drainGrace = Interval.seconds(5)
    /// How long a resume ticket is good for.
    package static let ticketLifetime = Interval.seconds(600)
    /// Bytes of one client frame.
    package static let frameBytesMax = 65_536
    /// Chats that one socket follows.
    package static let openChatsMax = 512
    /// Sockets of one hub.
    package static let socketsMax = 100_000
    /// Requests of one socket that wait for the node.
    package static let requestsInFlightMax = 64
    /// Frames that a socket may send at once.
    package static let frameBurst: UInt64 = 100
    /// Frames a second that it may send for long.
    package static let framesPerSecond: UInt64 = 50
    /// What a client that is over the rate is told to wait.
    package static let slowDownDelay = Interval.seconds(1)
    /// Frames over the rate in a row that are answered; the next one closes the socket.
    package static let refusedFramesMax = 200
    /// How often a client says that its person types.
    package static let typingPause = Interval.seconds(3)
    /// How long a client shows that somebody types who says no more about it.
    package static let typingLifetime = Interval.seconds(6)
    /// Said sooner after the last time, for whichever chat, it is not passed on.
    package static let typingPauseMin = Interval.seconds(1)
    /// Backlog from which the shell reports.
    package static let backlogReportFrames = 32
    package static let backlogReportBytes = 131_072
    /// Backlog at which ephemeral frames are no longer sent.
    package static let backlogSoftFrames = 128
    package static let backlogSoftBytes = 524_288
    /// Backlog at which a log's pushes are replaced by one `advanced`.
    package static let backlogFrames = 256
    package static let backlogBytes = 1_048_576
    /// Backlog at which the socket is closed.
    package static let backlogFramesMax = 1_024
    package static let backlogBytesMax = 8_388_608
    /// How long a socket with a full backlog may go without progress.
    package static let stallMax = Interval.seconds(10)
    /// Differences that one socket waits for at a time.
    package static let catchUpsInFlightMax = 4
    /// Pushes kept of a log while one of its cursors catches up.
    package static let recentFramesMax = 256
    /// How long to wait after a difference that the node could not answer; doubles up to the maximum.
    package static let retryDelay = Interval.milliseconds(250)
    package static let retryDelayMax = Interval.seconds(8)
    /// Entries and bytes of one difference.
    package static let differenceEntriesMax = 1_000
    package static let differenceBytesMax = 1_048_576
    /// Entries of a page of history.
    package static let pageMax = 100
    /// Characters and bytes of a message.
    package static let textCharactersMax = 4_096
    package static let textBytesMax = 16_384
    package static let nameCharactersMax = 32
    package static let fullNameCharactersMax = 128
    package static let deviceCharactersMax = 64

    /// Traps unless the limits fit each other; called once at start.
    package static func validate() {
        precondition(silenceMax > heartbeat * 2, "two pings may be lost")
        precondition(textBytesMax * 2 < frameBytesMax, "an escaped text must fit in a frame")
        precondition(backlogReportFrames <= backlogSoftFrames && backlogSoftFrames <= backlogFrames)
        precondition(backlogReportBytes <= backlogSoftBytes && backlogSoftBytes <= backlogBytes)
        // Every log may be replaced by one `advanced` and still the socket survives.
        precondition(backlogFrames + openChatsMax + 1 < backlogFramesMax)
        // The differences that were asked for may still come when a socket becomes slow.
        precondition(
            backlogBytes + catchUpsInFlightMax * differenceBytesMax < backlogBytesMax)
        precondition(ticketLifetime > silenceMax * 2, "a ticket outlives a missed pong")
        precondition(frameBurst >= framesPerSecond)
        precondition(typingPauseMin < typingPause && typingPause < typingLifetime, "dots go on")
        precondition(retryDelay < retryDelayMax)
    }
}
