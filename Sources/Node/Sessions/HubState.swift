internal import Determinism
internal import Identity
internal import Wire

/// One socket of a hub.
struct HubSocket: Sendable {
    /// How far the socket has come; it only goes forward.
    enum Phase: Sendable {
        /// Nobody is known yet: the `hello` must authenticate.
        case anonymous
        /// The `hello` has come and its token or ticket is being checked.
        case authenticating(Hello, bearer: String?)
        /// Authenticated at upgrade; the `hello` has not come.
        case granted(SessionGrant)
        /// The inbox is being caught up before the welcome.
        case joining(SessionGrant, Hello, bearer: String?)
        case live(SessionGrant)
    }

    let origin: String?
    var phase: Phase
    /// By which time the phase must be over; for a live socket unused.
    var phaseDeadline: Instant
    /// When the last frame came.
    var lastHeard: Instant
    /// Looked up by log; sorted where the order matters.
    var cursors: [ClientLog: HubCursor] = [:]
    /// Positions of `hello` that are not caught up yet.
    var helloCount = 0
    /// Differences that wait for their turn, and those that are asked for.
    var catchUpQueue: [ClientLog] = []
    var catchUpCount = 0
    /// Commands that wait for the node.
    var requestCount = 0
    /// Billionths of a frame that may come now.
    var allowance: UInt64
    var allowanceAt: Instant
    /// Frames in a row that were over the rate.
    var refusedCount = 0
    /// The last report of the shell.
    var backlogBytes = 0
    /// Since when a full backlog has not shrunk.
    var stalledSince: Instant?
    /// The earliest time for which a timer is set.
    var timerAt: Instant?
    /// When its person was last said to type.
    var typedAt: Instant?
    /// Whether its person uses the client, as it says.
    var isActive = false
    /// Whom it wants to be told of; ascending, without its own account.
    var watches: [AccountID] = []

    init(phase: Phase, origin: String?, at now: Instant) {
        self.origin = origin
        self.phase = phase
        phaseDeadline = now + SessionLimits.helloTimeout
        lastHeard = now
        allowance = SessionLimits.frameBurst * 1_000_000_000
        allowanceAt = now
    }

    /// Who it is, once that is known.
    var grant: SessionGrant? {
        switch phase {
        case .anonymous, .authenticating: nil
        case .granted(let grant), .joining(let grant, _, _), .live(let grant): grant
        }
    }

    /// Takes one frame out of the rate; false when there is none left.
    mutating func takeAllowance(at now: Instant) -> Bool {
        // Ten seconds fill it from nothing; more need not be multiplied.
        let elapsed = min((now - allowanceAt).nanoseconds, 10_000_000_000)
        allowanceAt = now
        allowance = min(
            allowance + elapsed * SessionLimits.framesPerSecond,
            SessionLimits.frameBurst * 1_000_000_000)
        guard allowance >= 1_000_000_000 else { return false }
        allowance -= 1_000_000_000
        return true
    }
}

/// Where one socket is in one log.
struct HubCursor: Sendable {
    enum State: Hashable, Sendable {
        /// Has all that the hub has, and gets every push. The position is that of the log.
        case live
        /// Has more than the hub has heard of; gets pushes when the hub has caught up with it.
        case ahead
        /// Waits for a difference from the position; `token` is nil while it waits for its turn.
        case catching(token: HubToken?)
        /// The client has been told to ask: frames were left out, or there is more.
        case waiting
    }

    var state: State
    /// What the client has; meaningless while live.
    var position: LogCursor
    /// Whether a `hello` opened it and it has not been caught up since.
    var isOfHello = false
    /// Whether the account may have lost the log while a difference was under way.
    var mustAskAgain = false
    /// The version before the first marks that were left out; nil when none were.
    var staleMarksFrom: UInt64?
    /// Failed differences in a row.
    var failureCount = 0
}

/// A log that sockets of this hub follow.
struct FollowedLog: Sendable {
    /// A frame kept for sockets that are catching up.
    struct Recent: Sendable {
        let number: UInt64
        let frame: SharedFrame
    }

    /// Zero until the head is known.
    var epoch: UInt64 = 0
    /// The newest entry that the hub knows of; nil until the node has told.
    var head: LogPosition?
    var marksVersion: UInt64 = 0
    /// Sockets that have all and get every push, ascending.
    var live: [SocketID] = []
    /// The other sockets with a cursor, ascending.
    var others: [SocketID] = []
    /// How many of the others are catching up.
    var catchingCount = 0
    /// The newest pushes, by seq and dense, while somebody catches up.
    var recent: [Recent] = []
    /// The newest marks, by version, while somebody catches up.
    var recentMarks: [Recent] = []
    /// All marks after this version are among the recent ones.
    var marksKeptAfter: UInt64 = 0

    var isFollowed: Bool { !live.isEmpty || !others.isEmpty }

    mutating func keepRecent(_ seq: SequenceNumber, _ frame: SharedFrame) {
        guard catchingCount > 0 else { return }
        if Perturbation.forgottenPushes.fires { recent = [] }
        if let last = recent.last, last.number + 1 != seq.rawValue { recent = [] }
        recent.append(Recent(number: seq.rawValue, frame: frame))
        if recent.count > SessionLimits.recentFramesMax { recent.removeFirst() }
    }

    mutating func keepRecentMarks(_ version: UInt64, _ frame: SharedFrame) {
        guard catchingCount > 0 else { return }
        recentMarks.append(Recent(number: version, frame: frame))
        if recentMarks.count > SessionLimits.recentFramesMax {
            marksKeptAfter = recentMarks.removeFirst().number
        }
    }

    /// The marks went on to `version` without the hub: those up to there are not kept.
    mutating func skipMarks(to version: UInt64) {
        guard version != marksVersion else { return }
        marksVersion = version
        recentMarks = []
        marksKeptAfter = version
    }

    mutating func noteCatching(_ change: Int) {
        if catchingCount == 0 { marksKeptAfter = marksVersion }
        catchingCount += change
        precondition(catchingCount >= 0, "more cursors caught up than were catching up")
        if catchingCount == 0 {
            recent = []
            recentMarks = []
        }
    }
}

/// An account of which sockets of this hub want to know whether it is there.
struct WatchedAccount: Sendable {
    /// Nil until the node has told.
    var presence: Presence?
    /// Ascending; those of the account itself are among them, whom it is not told to.
    var sockets: [SocketID] = []
}

/// What the hub does with a response.
enum HubRequest: Sendable {
    case authentication(SocketID)
    case catchUp(LogID, from: LogCursor, [SocketID])
    /// The revocations since the grant, when the inbox itself is too far behind.
    case watch(SocketID, LogGap)
    case command(SocketID, MessageID, ChatID)
    case mark(SocketID, ChatID)
}

/// What a hub waits for.
enum HubTimer: Sendable {
    case socket(SocketID)
    case catchUp(SocketID, ClientLog)
    case drain
}

extension [SocketID] {
    /// Where `socket` is or would be in the ascending list.
    private func place(of socket: SocketID) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < socket { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func has(_ socket: SocketID) -> Bool {
        let place = place(of: socket)
        return place < count && self[place] == socket
    }

    /// Inserts unless it is there.
    mutating func insertSorted(_ socket: SocketID) {
        let place = place(of: socket)
        if place == count || self[place] != socket { insert(socket, at: place) }
    }

    mutating func removeSorted(_ socket: SocketID) {
        let place = place(of: socket)
        if place < count, self[place] == socket { remove(at: place) }
    }
}
