internal import Determinism

/// Every limit and interval of the client core; the browser's has the same, since both pass the same
/// vectors.
enum ClientTimes {
    static let gapWait = Interval.milliseconds(300)
    static let connectTimeout = Interval.seconds(10)
    static let pongTimeout = Interval.seconds(10)
    /// Longer than a node waits for a quorum; after it the message is sent again, and the line is
    /// doubted.
    static let ackTimeout = Interval.seconds(12)
    static let retryPause = Interval.seconds(1)
    static let heartbeatDefault = Interval.seconds(25)
    static let backoffBase: UInt64 = 500
    static let backoffMax: UInt64 = 30_000
    /// Chats that one `hello` may follow; more follow by `open` once live.
    static let helloChatsMax = 512
    /// Pushes that wait behind a gap, per log.
    static let earlyEntriesMax = 256
    /// A random draw is a whole number below this.
    static let randomScale: UInt64 = 1_000_000
}
