internal import Determinism
internal import Identity
internal import Wire

// The life of a socket: opening, closing, waiting too long, reading too slowly.
extension SessionHub {
    mutating func open(_ socket: SocketID, grant: SessionGrant?, origin: String?) {
        precondition(sockets[socket] == nil, "a socket is opened once")
        guard drainDeadline == nil, sockets.count < SessionLimits.socketsMax else {
            effects.append(.close(socket, .goingAway, reason: "this node takes no more"))
            return
        }
        sockets[socket] = HubSocket(
            phase: grant.map { .granted($0) } ?? .anonymous, origin: origin, at: now)
        if let grant { note(socket, of: grant.account) }
        setTimer(of: socket, at: now + SessionLimits.helloTimeout)
    }

    mutating func note(_ socket: SocketID, of account: AccountID) {
        accountSockets[account, default: []].insertSorted(socket)
    }

    /// Closes the socket and forgets it.
    mutating func close(_ socket: SocketID, _ code: CloseCode, _ reason: String) {
        guard sockets[socket] != nil else { return }
        forget(socket)
        effects.append(.close(socket, code, reason: reason))
    }

    mutating func forget(_ socket: SocketID) {
        guard let state = sockets[socket] else { return }
        sockets[socket]?.helloCount = 0
        sockets[socket]?.catchUpQueue = []
        for log in state.cursors.keys.sorted() { dropCursor(of: socket, log) }
        watch([], of: socket)
        setActive(false, socket)
        sockets[socket] = nil
        fullSockets.removeSorted(socket)
        slowSockets.removeSorted(socket)
        if let account = state.grant?.account {
            accountSockets[account]?.removeSorted(socket)
            if accountSockets[account]?.isEmpty == true { accountSockets[account] = nil }
        }
    }

    // MARK: Time

    /// Makes sure that the socket's deadlines are looked at by `deadline`.
    mutating func setTimer(of socket: SocketID, at deadline: Instant) {
        guard let state = sockets[socket] else { return }
        if let earlier = state.timerAt, earlier <= deadline { return }
        sockets[socket]?.timerAt = deadline
        timers.add(.socket(socket), at: deadline)
    }

    mutating func checkDeadlines(of socket: SocketID, timer: Instant) {
        // An earlier timer was set meanwhile: this one is void.
        guard let state = sockets[socket], state.timerAt == timer else { return }
        sockets[socket]?.timerAt = nil
        var deadline: Instant
        switch state.phase {
        case .anonymous:
            deadline = state.phaseDeadline
            if deadline <= now { return close(socket, .unauthenticated, "no hello in time") }
        case .granted:
            // Who this is was known: to say that it was not would sign the client out.
            deadline = state.phaseDeadline
            if deadline <= now { return close(socket, .goingAway, "no hello in time") }
        case .authenticating:
            // The cluster did not answer in time, which says nothing about the client.
            deadline = state.phaseDeadline
            if deadline <= now {
                Mark.authenticationLate.hit()
                return close(socket, .goingAway, "the account cannot be reached")
            }
        case .joining:
            deadline = state.phaseDeadline
            if deadline <= now {
                Mark.welcomeLate.hit()
                send(.goaway(after: .zero, spread: .seconds(5), reason: "unavailable"), to: socket)
                return close(socket, .goingAway, "the account cannot be reached")
            }
        case .live:
            deadline = state.lastHeard + SessionLimits.silenceMax
            if deadline <= now { return close(socket, .goingAway, "silent for too long") }
        }
        if let stalledSince = state.stalledSince {
            let stallDeadline = stalledSince + SessionLimits.stallMax
            if stallDeadline <= now { return closeSlow(socket) }
            deadline = min(deadline, stallDeadline)
        }
        setTimer(of: socket, at: deadline)
    }

    // MARK: Backlog

    mutating func noteBacklog(of socket: SocketID, frameCount: Int, byteCount: Int) {
        guard let state = sockets[socket] else { return }
        if frameCount >= SessionLimits.backlogFramesMax
            || byteCount >= SessionLimits.backlogBytesMax
        {
            return closeSlow(socket)
        }
        let isFull =
            frameCount >= SessionLimits.backlogFrames || byteCount >= SessionLimits.backlogBytes
        let isSlow =
            isFull || frameCount >= SessionLimits.backlogSoftFrames
            || byteCount >= SessionLimits.backlogSoftBytes
        let isEased =
            frameCount < SessionLimits.backlogReportFrames
            && byteCount < SessionLimits.backlogReportBytes
        if isFull {
            if state.stalledSince == nil || byteCount < state.backlogBytes {
                sockets[socket]?.stalledSince = now
                setTimer(of: socket, at: now + SessionLimits.stallMax)
            }
            fullSockets.insertSorted(socket)
        } else {
            sockets[socket]?.stalledSince = nil
        }
        if isSlow { slowSockets.insertSorted(socket) }
        sockets[socket]?.backlogBytes = byteCount
        guard isEased else { return }
        fullSockets.removeSorted(socket)
        if slowSockets.has(socket) {
            slowSockets.removeSorted(socket)
            resume(socket)
        }
    }

    /// Catches up what a slow socket was spared.
    private mutating func resume(_ socket: SocketID) {
        guard let state = sockets[socket] else { return }
        for log in state.cursors.keys.sorted() {
            guard let cursor = sockets[socket]?.cursors[log], cursor.staleMarksFrom != nil else {
                continue
            }
            if cursor.state == .live || cursor.state == .ahead {
                catchUp(of: socket, log, from: position(of: socket, log))
            }
        }
        tell([socket: state.watches])
        startQueuedCatchUps(of: socket)
    }

    private mutating func closeSlow(_ socket: SocketID) {
        Mark.closedSlow.hit()
        send(
            .goaway(after: .zero, spread: .seconds(2), reason: "slow"), to: socket, .ephemeral)
        close(socket, .slowConsumer, "reads too slowly")
    }

    // MARK: Going away

    mutating func drain(after: Interval, spread: Interval, reason: String) {
        let all = sockets.keys.sorted()
        if !all.isEmpty {
            let frame = ServerFrame.goaway(after: after, spread: spread, reason: reason)
            let told = all.filter { if case .live = sockets[$0]?.phase { true } else { false } }
            if !told.isEmpty { effects.append(.send(told, SharedFrame(frame.jsonBytes), .durable)) }
        }
        let deadline = now + after + spread + SessionLimits.drainGrace
        drainDeadline = deadline
        timers.add(.drain, at: deadline)
    }

    mutating func closeAll() {
        guard let drainDeadline, drainDeadline <= now else { return }
        for socket in sockets.keys.sorted() { close(socket, .goingAway, "this node goes away") }
    }
}
