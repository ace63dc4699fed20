internal import Determinism
internal import Identity
internal import Wire

// Cursors and the lists that logs keep of them: the only place that changes either.
extension SessionHub {
    /// The log that the socket calls so; nil without a grant.
    func logID(_ log: ClientLog, of socket: SocketID) -> LogID? {
        sockets[socket]?.grant.map { log.id(for: $0.account) }
    }

    /// Gives the socket a position in a log that it had none in, and asks for what comes after it.
    mutating func addCursor(
        of socket: SocketID, _ log: ClientLog, from position: LogCursor, isOfHello: Bool
    ) {
        guard let id = logID(log, of: socket) else { return }
        var cursor = HubCursor(state: .catching(token: nil), position: position)
        cursor.isOfHello = isOfHello
        sockets[socket]?.cursors[log] = cursor
        if isOfHello { sockets[socket]?.helloCount += 1 }
        if logs[id] == nil {
            logs[id] = FollowedLog()
            effects.append(.follow(id))
        }
        logs[id]?.others.insertSorted(socket)
        logs[id]?.noteCatching(1)
        startCatchUp(of: socket, log)
    }

    /// What the client has of a log that it follows.
    func position(of socket: SocketID, _ log: ClientLog) -> LogCursor {
        guard let cursor = sockets[socket]?.cursors[log] else { return .nothing }
        guard cursor.state == .live, let id = logID(log, of: socket), let followed = logs[id],
            let head = followed.head
        else {
            return LogCursor(
                epoch: cursor.position.epoch, seq: cursor.position.seq,
                marksVersion: min(
                    cursor.staleMarksFrom ?? .max, cursor.position.marksVersion))
        }
        return LogCursor(
            epoch: followed.epoch, seq: head.seq,
            marksVersion: cursor.staleMarksFrom ?? followed.marksVersion)
    }

    /// Takes all live cursors of a log out at once, to catch up from the log's old head; answers whose.
    mutating func stopLive(_ id: LogID) -> [SocketID] {
        guard let followed = logs[id], followed.head != nil, !followed.live.isEmpty else {
            return []
        }
        let log = ClientLog(id)
        for socket in followed.live {
            // A slow one may have been spared marks: it goes on from where it has all of them.
            let position = position(of: socket, log)
            sockets[socket]?.cursors[log]?.state = .catching(token: nil)
            sockets[socket]?.cursors[log]?.position = position
            sockets[socket]?.cursors[log]?.staleMarksFrom = nil
        }
        logs[id]?.live = []
        logs[id]?.others = (followed.others + followed.live).sorted()
        logs[id]?.noteCatching(followed.live.count)
        return followed.live
    }

    /// Changes the state of a cursor, and what its log knows of it.
    mutating func setState(_ state: HubCursor.State, of socket: SocketID, _ log: ClientLog) {
        guard let cursor = sockets[socket]?.cursors[log], let id = logID(log, of: socket) else {
            return
        }
        if cursor.state == .live, state != .live {
            logs[id]?.live.removeSorted(socket)
            logs[id]?.others.insertSorted(socket)
        } else if cursor.state != .live, state == .live {
            logs[id]?.others.removeSorted(socket)
            logs[id]?.live.insertSorted(socket)
        }
        logs[id]?.noteCatching((state.isCatching ? 1 : 0) - (cursor.state.isCatching ? 1 : 0))
        sockets[socket]?.cursors[log]?.state = state
    }

    /// Ends a cursor; the log is no longer followed when it was the last.
    mutating func dropCursor(of socket: SocketID, _ log: ClientLog) {
        guard let cursor = sockets[socket]?.cursors[log], let id = logID(log, of: socket) else {
            return
        }
        releaseCatchUp(of: socket, cursor)
        if cursor.state == .live {
            logs[id]?.live.removeSorted(socket)
        } else {
            logs[id]?.others.removeSorted(socket)
        }
        if cursor.state.isCatching { logs[id]?.noteCatching(-1) }
        sockets[socket]?.cursors[log] = nil
        if logs[id]?.isFollowed == false {
            logs[id] = nil
            effects.append(.unfollow(id))
        }
        if cursor.isOfHello { noteCaughtUp(socket) }
        startQueuedCatchUps(of: socket)
    }

    /// One position of `hello` is settled; with the last one the client hears so.
    mutating func noteCaughtUp(_ socket: SocketID) {
        guard let count = sockets[socket]?.helloCount, count > 0 else { return }
        sockets[socket]?.helloCount = count - 1
        if count == 1, case .live = sockets[socket]?.phase { send(.live, to: socket) }
    }
}

extension HubCursor.State {
    var isCatching: Bool {
        if case .catching = self { true } else { false }
    }

    var token: HubToken? {
        if case .catching(let token) = self { token } else { nil }
    }
}
