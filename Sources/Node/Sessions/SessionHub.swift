package import Determinism
internal import Identity
internal import Wire

/// The sessions of one I/O loop: which sockets there are, what each of them follows and how far it is.
///
/// Owned by its loop, which carries out the effects in order. Nothing here survives a node: a client's
/// position is the client's, and the hub only decides what to send next. How a cursor goes:
///
/// ```
///            open, hello                       caught up with the hub
///   (none) ─────────────► catching ────────────────────────────────► live
///                          ▲  │  │  answer is newer than the hub       │ head jumps, marks were left
///        client asks       │  │  └──────────────► ahead ──────────────►│ out, removed: catching
///   waiting ───────────────┘  │ there is more                          │ backlog full: waiting
///      ▲──────────────────────┴────────────────────────────────────────┘
/// ```
///
/// Invariants, checked by ``checkInvariants()``:
/// 1. A socket is in a log's `live` list exactly when its cursor of that log is `live`, and in `others`
///    exactly when it has a cursor in another state; both lists ascend.
/// 2. A log counts as many catching cursors as there are.
/// 3. A live cursor's position is the log's head, which is known.
/// 4. A socket without a grant has no cursors.
/// 5. Every log has a cursor, and was told to be followed once.
/// 6. A socket waits for no more differences than it may.
/// 7. An account is active exactly when one of its live sockets is, and watched exactly by the live
///    sockets that say so.
package struct SessionHub {
    let digest: any SecretDigest
    var nodes: [String]
    // Looked up by id; never iterated for output without sorting.
    var sockets: [SocketID: HubSocket] = [:]
    var logs: [LogID: FollowedLog] = [:]
    var requests: [HubToken: HubRequest] = [:]
    var accountSockets: [AccountID: [SocketID]] = [:]
    /// Sockets whose backlog is full: no pushes. Ascending.
    var fullSockets: [SocketID] = []
    /// Sockets whose backlog is high, the full ones included: nothing ephemeral. Ascending.
    var slowSockets: [SocketID] = []
    /// Who is watched, by whom, and what is known of them. Looked up by account.
    var watched: [AccountID: WatchedAccount] = [:]
    var timers = DeadlineQueue<HubTimer>()
    /// When sockets that have not left are closed, once the node goes away.
    var drainDeadline: Instant?
    var effects: [HubEffect] = []
    var now = Instant.start
    var wall = WallTime(milliseconds: 0)
    private var nextToken: UInt64 = 1

    /// A hub whose clients reconnect to `nodes`, base URLs.
    package init(digest: any SecretDigest, nodes: [String] = []) {
        SessionLimits.validate()
        self.digest = digest
        self.nodes = nodes
    }

    // MARK: Handlers

    /// Takes in what happened at `now`; answers what to do, in order.
    package mutating func receive(
        _ input: HubInput, at now: Instant, wall: WallTime,
        using generator: inout some RandomNumberGenerator
    ) -> [HubEffect] {
        self.now = now
        self.wall = wall
        switch input {
        case .opened(let socket, let grant, let origin): open(socket, grant: grant, origin: origin)
        case .frame(let socket, let bytes): receiveFrame(bytes, from: socket, using: &generator)
        case .closed(let socket): forget(socket)
        case .backlog(let socket, let frameCount, let byteCount):
            noteBacklog(of: socket, frameCount: frameCount, byteCount: byteCount)
        case .delivery(let delivery): receiveDelivery(delivery, using: &generator)
        }
        return takeEffects()
    }

    /// Does what is due at `now`.
    package mutating func advance(
        to now: Instant, wall: WallTime, using generator: inout some RandomNumberGenerator
    ) -> [HubEffect] {
        self.now = now
        self.wall = wall
        while let due = timers.takeDue(at: now) {
            switch due.key {
            case .socket(let socket): checkDeadlines(of: socket, timer: due.deadline)
            case .catchUp(let socket, let log): startCatchUp(of: socket, log)
            case .drain: closeAll()
            }
        }
        return takeEffects()
    }

    private mutating func receiveDelivery(
        _ delivery: HubDelivery, using generator: inout some RandomNumberGenerator
    ) {
        switch delivery {
        case .published(let log, let epoch, let entries):
            receivePublished(entries, of: log, epoch: epoch)
        case .marks(let chat, let version, let marks):
            receiveMarks(MarksFields(version: version, marks: marks), of: chat)
        case .head(let log, let epoch, let head, let marksVersion):
            receiveHead(head, of: log, epoch: epoch, marksVersion: marksVersion)
        case .response(let token, let response):
            receiveResponse(response, to: token, using: &generator)
        case .nodes(let nodes): self.nodes = nodes
        case .typing(let chat, let epoch, let seq, let account):
            receiveTyping(of: account, in: chat, epoch: epoch, seq: seq)
        case .presence(let people): receivePresence(people)
        case .goaway(let after, let spread, let reason):
            drain(after: after, spread: spread, reason: reason)
        }
    }

    private mutating func receiveResponse(
        _ response: ClientResponse, to token: HubToken,
        using generator: inout some RandomNumberGenerator
    ) {
        guard let request = requests.removeValue(forKey: token) else { return }
        switch request {
        case .authentication(let socket): finishAuthentication(of: socket, response)
        case .catchUp(let log, let from, let waiting):
            finishCatchUp(response, token, log, from: from, waiting, using: &generator)
        case .watch(let socket, let gap):
            finishWatch(of: socket, response, gap: gap, using: &generator)
        case .command(let socket, let cmid, let chat):
            finishCommand(of: socket, response, cmid: cmid, chat: chat)
        case .mark(let socket, let chat): finishMark(of: socket, response, chat: chat)
        }
    }

    // MARK: Queries

    /// When ``advance(to:wall:using:)`` has something to do; nil when nothing waits for time.
    package var nextDeadline: Instant? { timers.next }

    /// How many sockets there are.
    package var socketCount: Int { sockets.count }

    /// How many logs are followed.
    package var followedLogCount: Int { logs.count }

    // MARK: What the aspects share

    mutating func send(_ frame: ServerFrame, to socket: SocketID, _ kind: FrameClass = .durable) {
        effects.append(.send([socket], SharedFrame(frame.jsonBytes), kind))
    }

    mutating func ask(_ request: ClientRequest, _ purpose: HubRequest) -> HubToken {
        let token = HubToken(nextToken)
        nextToken += 1
        requests[token] = purpose
        effects.append(.request(token, request))
        return token
    }

    private mutating func takeEffects() -> [HubEffect] {
        defer { effects = [] }
        return effects
    }
}
