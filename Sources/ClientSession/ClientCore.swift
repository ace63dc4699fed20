package import Determinism
package import Identity
package import Wire

/// A client of the cluster: positions, gaps, outbox and reconnection. The Swift twin of the browser's
/// core; both pass the vectors of `Tests/Vectors/client-core.json`.
///
/// Owned by whoever has the socket: events in, effects out. What it tells of a log is dense and in
/// order, through any number of sockets and nodes.
///
/// Invariants, checked by ``checkInvariants()``:
/// 1. Early entries of a log ascend, lie beyond the next number and are at most 256.
/// 2. At most one message of a chat is on its way.
/// 3. Nothing is on its way and no difference is asked for without a socket that was welcomed.
package struct ClientCore: Sendable {
    /// idle → connecting → greeting (hello sent) → catchingUp (welcome came) → live. From each of them
    /// a lost socket leads to waiting or straight to connecting, `offline` to offline, and a session
    /// that ended to signedOut.
    package enum Phase: String, Hashable, Sendable {
        case idle
        case connecting
        case greeting
        case catchingUp
        case live
        case waiting
        case offline
        case signedOut
    }

    /// How the socket of the current attempt proves who it is.
    package enum Credential: String, Hashable, Sendable {
        case cookie
        case ticket
        case bearer
    }

    /// What is known of one log.
    package struct Log: Hashable, Sendable {
        package internal(set) var epoch: UInt64
        /// The last entry that was told.
        package internal(set) var seq: SequenceNumber
        /// The highest number that is known to exist; above `seq` something is missing.
        package internal(set) var want: SequenceNumber
        /// Whether the gap timer runs.
        package internal(set) var isWaiting = false
        /// Whether a difference was asked for and has not come.
        package internal(set) var isAsking = false
        /// Pushes that came before their turn, ascending.
        package internal(set) var early: [ClientEntry] = []

        init(_ cursor: LogCursor) {
            epoch = cursor.epoch
            seq = cursor.seq
            want = cursor.seq
        }
    }

    /// A message that the cluster has not put into its chat yet, as far as is known here.
    package struct OutboxItem: Hashable, Sendable {
        package enum State: Hashable, Sendable {
            /// Waits for its turn or for the socket.
            case queued
            /// On its way, or its outcome is not known.
            case sending
            /// Acknowledged as an entry that has not arrived yet.
            case sent(LogPosition, time: WallTime)
            /// Refused; a person may retry or discard it.
            case failed(code: String, message: String)
        }

        package internal(set) var message: OutgoingMessage
        package internal(set) var state: State
    }

    package internal(set) var phase = Phase.idle
    /// The node of which the cookie is.
    package internal(set) var home = ""
    package internal(set) var nodes: [String] = []
    /// The node of the socket, or of the next attempt.
    package internal(set) var node = ""
    /// Attempts that failed since the session was last live.
    package internal(set) var attempt: UInt64 = 0
    package internal(set) var hasCookies = true
    package internal(set) var credential = Credential.cookie
    /// The last proof that is left was refused once: the hello may only have come too late.
    package internal(set) var isDoubted = false
    package internal(set) var ticket: String?
    package internal(set) var bearer: String?
    package internal(set) var heartbeat = ClientTimes.heartbeatDefault
    /// A ping has had no answer yet.
    package internal(set) var isAwaitingPong = false
    package internal(set) var account: AccountID?
    /// By log; looked up only, the order is `order`.
    package internal(set) var logs: [ClientLog: Log] = [:]
    /// The followed chats in the order in which they were followed.
    package internal(set) var order: [ChatID] = []
    /// Until the session is live: the chats that the server was told of, in the hello or since the
    /// welcome. Between the two it takes nothing.
    package internal(set) var named: [ChatID] = []
    /// Oldest first.
    package internal(set) var outbox: [OutboxItem] = []
    /// Chats whose next message waits for its retry timer.
    package internal(set) var held: [ChatID] = []
    /// Whether the server asked us to send slower.
    package internal(set) var isPaused = false
    /// How far I read, until the server says the same.
    package internal(set) var unsentMarks: [(chat: ChatID, n: Ordinal)] = []
    /// Whether the node of the last welcome knows frames of typing and presence.
    package internal(set) var knowsPresence = false
    /// Whether my person uses the client.
    package internal(set) var isActive = false
    /// Whom my person has on the screen, in order of their ids.
    package internal(set) var watched: [AccountID] = []

    var effects: [ClientEffect] = []
    var random: UInt64 = 0

    package init() {}

    // MARK: Handlers

    /// Takes in one event; answers what to do, in order.
    package mutating func receive(
        _ event: ClientEvent, using generator: inout some RandomNumberGenerator
    ) -> [ClientEffect] {
        receive(event, random: generator.next(upperBound: ClientTimes.randomScale))
    }

    /// Takes in one event with the event's random draw, from 0 to 999,999.
    package mutating func receive(_ event: ClientEvent, random: UInt64) -> [ClientEffect] {
        precondition(random < ClientTimes.randomScale, "a draw is below a million")
        self.random = random
        handle(event)
        defer { effects = [] }
        return effects
    }

    private mutating func handle(_ event: ClientEvent) {
        switch event {
        case .start(let start): begin(start)
        case .opened: opened()
        case .closed(let code): closed(code)
        case .frame(let frame): receive(frame)
        case .timer(let timer): fired(timer)
        case .follow(let chat, let cursor): follow(chat, cursor)
        case .unfollow(let chat): unfollow(chat)
        case .send(let message): enqueue(message)
        case .retry(let cmid): retry(cmid)
        case .discard(let cmid): discard(cmid)
        case .read(let chat, let n): read(chat, n)
        case .typing(let chat): sayTyping(in: chat)
        case .active(let isActive): setActive(isActive)
        case .watch(let accounts): watch(accounts)
        case .offline: goOffline()
        case .online, .wake: hurry()
        case .stop: signOut()
        }
    }

    private mutating func begin(_ start: ClientStart) {
        let pending = effects
        let kept = (isActive, watched)
        self = ClientCore()
        effects = pending
        (isActive, watched) = kept
        home = start.home
        nodes = start.nodes
        node = start.home
        hasCookies = start.hasCookies
        bearer = start.bearer
        logs[.inbox] = Log(start.inbox)
        for open in start.logs where logs[.chat(open.chat)] == nil {
            logs[.chat(open.chat)] = Log(open.cursor)
            order.append(open.chat)
        }
        outbox = start.outbox.map { OutboxItem(message: $0, state: .queued) }
        connect()
    }

    private mutating func receive(_ frame: ServerFrame) {
        guard isWelcome || phase == .greeting else { return }
        switch frame {
        case .welcome(let welcome): welcomed(welcome)
        case .difference(let difference): receive(difference)
        case .tooLong(let gap): receive(gap)
        case .live: wentLive()
        case .push(let log, let epoch, let entry): receivePush(entry, of: log, epoch: epoch)
        case .marks(let chat, let marks):
            effects.append(.marks(chat, marks))
            if let mine = marks.marks.first(where: { $0.account == account }) {
                unsentMarks.removeAll { $0.chat == chat && $0.n <= mine.n }
            }
        case .advanced(let log, let head): receiveAdvanced(log, head.seq)
        case .ack(let cmid, let chat, let place, let time):
            if receiveAck(cmid, chat, place, time) { expect(.chat(chat), place.seq) }
        case .error(let error): receive(error)
        case .pong(let inbox, let ticket, _):
            ponged(ticket)
            receiveInboxHead(inbox)
        case .goaway(let after, let spread, _): goAway(after: after, spread: spread)
        case .resync: resync()
        case .authExpired: signOut()
        case .slowDown(let retryAfter):
            isPaused = true
            effects.append(.setTimer(.outbox, after: retryAfter))
        case .typing(let chat, let account, let seq):
            effects.append(.typing(chat, account, seq: seq))
        case .presence(let people): effects.append(.presence(people))
        }
    }

    private mutating func receive(_ error: ErrorFrame) {
        if receiveSendError(error) { return }
        if let log = error.log {
            refused(log, error)
        } else {
            effects.append(.problem(code: error.code, message: error.message))
        }
    }

    private mutating func fired(_ timer: ClientTimer) {
        switch timer {
        case .reconnect: if phase == .waiting { connect() }
        case .connect, .pong, .goaway: silent()
        case .heartbeat: heartbeatDue()
        case .outbox:
            isPaused = false
            repeatPresence()
            pumpAll()
        case .gap(let log): gapTimerFired(log)
        case .ack(let chat): ackTimerFired(chat)
        case .retry(let chat):
            held.removeAll { $0 == chat }
            pump(chat)
        }
    }

    private mutating func read(_ chat: ChatID, _ n: Ordinal) {
        if let index = unsentMarks.firstIndex(where: { $0.chat == chat }) {
            guard n > unsentMarks[index].n else { return }
            unsentMarks[index].n = n
        } else {
            guard n > .zero else { return }
            unsentMarks.append((chat, n))
        }
        if phase == .live { effects.append(.sendFrame(.mark(chat, n: n))) }
    }

    // MARK: Queries

    /// Whether the server has let us in, so that further frames make sense to it.
    var isWelcome: Bool { phase == .catchingUp || phase == .live }

    /// Traps unless the numbered invariants of the type hold.
    package func checkInvariants() {
        for (_, log) in logs {
            precondition(log.early.count <= ClientTimes.earlyEntriesMax, "invariant 1: too many")
            precondition(log.early.allSatisfy { $0.seq > log.seq.next }, "invariant 1: not early")
            for (left, right) in zip(log.early, log.early.dropFirst()) {
                precondition(left.seq < right.seq, "invariant 1: not ascending")
            }
            precondition(!log.isAsking || isWelcome, "invariant 3: asking")
        }
        let sending = outbox.filter { $0.state == .sending }
        precondition(Set(sending.map(\.message.chat)).count == sending.count, "invariant 2")
        precondition(sending.isEmpty || phase == .live, "invariant 3: sending")
    }
}
