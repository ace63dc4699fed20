internal import Determinism
internal import Identity
internal import Wire

// Which node, when, and with which proof of who we are.
extension ClientCore {
    /// The close code of a socket that proved nothing, or whose session ended.
    private static let closeUnauthenticated: UInt16 = 4401

    mutating func connect() {
        phase = .connecting
        isAwaitingPong = false
        // A bearer works everywhere; elsewhere than at home a ticket does; the cookie at its host.
        credential =
            bearer != nil ? .bearer : node != home && ticket != nil ? .ticket : .cookie
        effects.append(.connect(node: node))
        effects.append(.setTimer(.connect, after: ClientTimes.connectTimeout))
    }

    mutating func opened() {
        guard phase == .connecting else { return }
        phase = .greeting
        named = Array(order.prefix(ClientTimes.helloChatsMax))
        let open = order.prefix(ClientTimes.helloChatsMax).compactMap { chat in
            logs[.chat(chat)].map { Hello.Open(chat: chat, cursor: $0.cursor) }
        }
        effects.append(
            .sendFrame(
                .hello(
                    Hello(
                        token: credential == .bearer ? bearer : nil,
                        ticket: credential == .ticket ? ticket : nil,
                        inbox: logs[.inbox]?.cursor, open: open))))
    }

    mutating func welcomed(_ welcome: Welcome) {
        guard phase == .greeting else { return }
        phase = .catchingUp
        isDoubted = false
        account = welcome.account.id
        nodes = []
        for node in welcome.nodes where !nodes.contains(node) { nodes.append(node) }
        ticket = welcome.ticket
        heartbeat = welcome.heartbeat
        knowsPresence = welcome.limits.typingPause > 0
        if let bearer = welcome.bearer { self.bearer = bearer }
        effects.append(.cancelTimer(.connect))
        effects.append(.setTimer(.heartbeat, after: heartbeat))
    }

    mutating func wentLive() {
        guard phase == .catchingUp else { return }
        phase = .live
        attempt = 0
        effects.append(.live)
        // First, as many frames at once may be more than the node takes.
        sayPresence()
        let followed = Set(named)
        for chat in order where !followed.contains(chat) {
            if let log = logs[.chat(chat)] { effects.append(.sendFrame(.open(chat, log.cursor))) }
        }
        for chat in named where logs[.chat(chat)] == nil {
            effects.append(.sendFrame(.close(chat)))
        }
        named = []
        for mark in unsentMarks { effects.append(.sendFrame(.mark(mark.chat, n: mark.n))) }
        pumpAll()
    }

    mutating func closed(_ code: UInt16) {
        guard isConnected else { return }
        if code == ClientCore.closeUnauthenticated {
            if mayHaveBeenLate {
                isDoubted = true
            } else if !dropCredential() {
                return end()
            }
        }
        lose()
    }

    /// The socket says nothing any more: close it ourselves.
    mutating func silent() {
        guard isConnected else { return }
        effects.append(.disconnect)
        lose()
    }

    mutating func heartbeatDue() {
        guard phase == .live || phase == .catchingUp, !isAwaitingPong else { return }
        isAwaitingPong = true
        effects.append(.sendFrame(.ping))
        effects.append(.setTimer(.pong, after: ClientTimes.pongTimeout))
    }

    mutating func ponged(_ ticket: String) {
        self.ticket = ticket
        isAwaitingPong = false
        effects.append(.cancelTimer(.pong))
        effects.append(.setTimer(.heartbeat, after: heartbeat))
    }

    /// The node asks us to leave: go after its delay and our share of the spread.
    mutating func goAway(after: Interval, spread: Interval) {
        Mark.sentAway.hit()
        let share = spread.milliseconds * random / ClientTimes.randomScale
        effects.append(.setTimer(.goaway, after: after + .milliseconds(share)))
    }

    mutating func goOffline() {
        guard phase != .idle, phase != .signedOut else { return }
        if isConnected { effects.append(.disconnect) }
        abandon()
        phase = .offline
    }

    /// The network is back, or a person looks: do not wait any longer.
    mutating func hurry() {
        if phase == .waiting { effects.append(.cancelTimer(.reconnect)) }
        if phase == .waiting || phase == .offline { connect() }
    }

    mutating func signOut() {
        if isConnected { effects.append(.disconnect) }
        end()
    }

    private mutating func end() {
        abandon()
        phase = .signedOut
        ticket = nil
        bearer = nil
        effects.append(.signedOut)
    }

    private var isConnected: Bool {
        switch phase {
        case .idle, .waiting, .offline, .signedOut: false
        case .connecting, .greeting, .catchingUp, .live: true
        }
    }

    private mutating func abandon() {
        effects.append(.cancelAllTimers)
        requeueAll()
        forgetRequests()
    }

    private mutating func lose() {
        abandon()
        let failed = attempt
        node = nextNode()
        attempt += 1
        let delay = ClientCore.backoff(attempt: failed, random: random)
        if delay == .zero {
            connect()
        } else {
            Mark.backedOff.hit()
            phase = .waiting
            effects.append(.setTimer(.reconnect, after: delay))
        }
    }

    /// At once, then after a random time up to a cap that doubles to 30 s: the whole interval is
    /// random, so that the clients of a dead node do not come back in step.
    static func backoff(attempt: UInt64, random: UInt64) -> Interval {
        guard attempt > 0 else { return .zero }
        let cap = min(
            ClientTimes.backoffMax, ClientTimes.backoffBase << min(attempt - 1, 16))
        return .milliseconds(cap * random / ClientTimes.randomScale)
    }

    /// A node closes a socket in the same way when its hello comes too late, over a line that was
    /// slow for a moment. That costs nobody the last proof that is left: it is shown once more.
    private var mayHaveBeenLate: Bool {
        guard phase == .connecting || phase == .greeting, !isDoubted else { return false }
        return credential == .cookie || !hasCookies
    }

    /// Drops what the server refused; answers whether anything is left to prove who we are.
    private mutating func dropCredential() -> Bool {
        if credential != .cookie { Mark.credentialDropped.hit() }
        switch credential {
        case .cookie: return false
        case .ticket: ticket = nil
        case .bearer: bearer = nil
        }
        return hasCookies
    }

    /// The first time one of the others at random, so that the clients of a dead node spread; after
    /// that the next of the list, so that every node gets its turn.
    private func nextNode() -> String {
        let all = nodes.contains(home) ? nodes : [home] + nodes
        let canLeave = bearer != nil || ticket != nil
        let usable = all.filter { canLeave || ClientCore.host(of: $0) == ClientCore.host(of: home) }
        let others = usable.filter { $0 != node }
        guard !others.isEmpty else { return usable.first ?? home }
        if attempt == 0 {
            return others[Int(UInt64(others.count) * random / ClientTimes.randomScale)]
        }
        let current = usable.firstIndex(of: node) ?? -1
        return usable[(current + 1) % usable.count]
    }

    /// The host of a base URL, without scheme and port: what decides which cookies go there.
    private static func host(of url: String) -> [UInt8] {
        var rest = Array(url.utf8)[...]
        let separator = Array("://".utf8)
        if let place = rest.indices.first(where: { rest[$0...].starts(with: separator) }) {
            rest = rest[(place + separator.count)...]
        }
        if let colon = rest.lastIndex(of: UInt8(ascii: ":")), colon + 1 < rest.endIndex,
            rest[(colon + 1)...].allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        {
            rest = rest[..<colon]
        }
        return Array(rest)
    }
}

extension ClientCore.Log {
    var cursor: LogCursor {
        LogCursor(epoch: epoch, seq: Canary.cursorBeforeData.lives ? want : seq)
    }
}
