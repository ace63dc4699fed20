internal import Determinism
internal import Identity
internal import Wire

// Bringing a cursor from where the client is to where the hub is.
extension SessionHub {
    // MARK: Asking

    /// Asks anew, from `position`, for what the socket's client does not have.
    mutating func catchUp(of socket: SocketID, _ log: ClientLog, from position: LogCursor) {
        guard let cursor = sockets[socket]?.cursors[log] else { return }
        releaseCatchUp(of: socket, cursor)
        setState(.catching(token: nil), of: socket, log)
        sockets[socket]?.cursors[log]?.position = position
        sockets[socket]?.cursors[log]?.mustAskAgain = false
        sockets[socket]?.cursors[log]?.staleMarksFrom = nil
        startCatchUp(of: socket, log)
    }

    /// Asks for the difference of a cursor that waits for one, now or when it is its turn.
    mutating func startCatchUp(of socket: SocketID, _ log: ClientLog) {
        guard let cursor = sockets[socket]?.cursors[log], cursor.state == .catching(token: nil),
            let account = sockets[socket]?.grant?.account
        else { return }
        guard hasRoomForCatchUp(socket) else {
            if sockets[socket]?.catchUpQueue.contains(log) == false {
                sockets[socket]?.catchUpQueue.append(log)
            }
            return
        }
        let id = log.id(for: account)
        let token = ask(
            .difference(account, id, from: cursor.position),
            .catchUp(id, from: cursor.position, [socket]))
        sockets[socket]?.catchUpCount += 1
        setState(.catching(token: token), of: socket, log)
    }

    /// Asks once for all sockets that were live when the log went on without the hub.
    mutating func catchUpTogether(_ all: [SocketID], _ id: LogID) {
        let log = ClientLog(id)
        let together = all.filter { hasRoomForCatchUp($0) }
        if together.count > 1 { Mark.caughtUpTogether.hit() }
        // All are at one entry; marks that some of them have do no harm.
        let position = together.compactMap { sockets[$0]?.cursors[log]?.position }
            .min { $0.marksVersion < $1.marksVersion }
        if let first = together.first, let account = sockets[first]?.grant?.account, let position {
            let token = ask(
                .difference(account, id, from: position), .catchUp(id, from: position, together))
            for socket in together {
                sockets[socket]?.catchUpCount += 1
                sockets[socket]?.cursors[log]?.state = .catching(token: token)
            }
        }
        for socket in all { startCatchUp(of: socket, log) }
    }

    mutating func startQueuedCatchUps(of socket: SocketID) {
        while hasRoomForCatchUp(socket), sockets[socket]?.catchUpQueue.isEmpty == false,
            let log = sockets[socket]?.catchUpQueue.removeFirst()
        {
            startCatchUp(of: socket, log)
        }
    }

    /// The cursor no longer waits for what it asked for.
    mutating func releaseCatchUp(of socket: SocketID, _ cursor: HubCursor) {
        if cursor.state.token != nil { sockets[socket]?.catchUpCount -= 1 }
    }

    private func hasRoomForCatchUp(_ socket: SocketID) -> Bool {
        guard let state = sockets[socket] else { return false }
        let isBusy = state.catchUpCount > 0 && Perturbation.singleCatchUp.fires
        return state.catchUpCount < SessionLimits.catchUpsInFlightMax && !isBusy
            && !slowSockets.has(socket)
    }

    // MARK: Answers

    mutating func finishCatchUp(
        _ response: ClientResponse, _ token: HubToken, _ id: LogID, from: LogCursor,
        _ waiting: [SocketID], using generator: inout some RandomNumberGenerator
    ) {
        let log = ClientLog(id)
        let active = waiting.filter { sockets[$0]?.cursors[log]?.state == .catching(token: token) }
        for socket in active {
            sockets[socket]?.catchUpCount -= 1
            sockets[socket]?.cursors[log]?.state = .catching(token: nil)
        }
        let asker = waiting.first
        switch response {
        case .difference(let difference):
            deliver(difference, asker: asker, active, from: from, using: &generator)
        case .tooLong(let gap): deliver(gap, asker: asker, active, using: &generator)
        case .failed(let failure):
            for socket in active {
                if failure.isRetryable {
                    retryCatchUp(of: socket, log, using: &generator)
                } else if socket == asker {
                    refuseLog(log, failure, socket)
                } else {
                    startCatchUp(of: socket, log)
                }
            }
        default:
            for socket in active { refuseLog(log, Failure(.internal), socket) }
        }
        for socket in active { startQueuedCatchUps(of: socket) }
    }

    private mutating func retryCatchUp(
        of socket: SocketID, _ log: ClientLog, using generator: inout some RandomNumberGenerator
    ) {
        guard let cursor = sockets[socket]?.cursors[log] else { return }
        let doublings = UInt64(min(cursor.failureCount, 5))
        let delay = min(
            SessionLimits.retryDelay * (1 << doublings), SessionLimits.retryDelayMax)
        Mark.catchUpRetried.hit()
        sockets[socket]?.cursors[log]?.failureCount += 1
        timers.add(
            .catchUp(socket, log), at: now + (delay / 2).jittered(by: delay / 2, using: &generator))
    }

    private mutating func refuseLog(_ log: ClientLog, _ failure: Failure, _ socket: SocketID) {
        guard log != .inbox else {
            return close(socket, .unauthenticated, "the account cannot be read")
        }
        sendError(failure, log: log, to: socket)
        dropCursor(of: socket, log)
    }

    /// Sends a difference to those who wait for it. What `asker` may see has been decided by the
    /// shard; the others were live before, and are asked for on their own if that may have changed.
    private mutating func deliver(
        _ difference: LogDifference, asker: SocketID?, _ active: [SocketID], from: LogCursor,
        using generator: inout some RandomNumberGenerator
    ) {
        let log = ClientLog(difference.log)
        let removed = difference.entries.compactMap(\.endedMember)
        var sent: [SocketID] = []
        for socket in active {
            guard let grant = sockets[socket]?.grant else { continue }
            if log == .inbox, revokes(difference.entries, grant, epoch: difference.epoch) {
                expire(socket)
            } else if socket != asker, difference.isEnd || removed.contains(grant.account) {
                startCatchUp(of: socket, log)
            } else {
                sent.append(socket)
            }
        }
        guard !sent.isEmpty else { return }
        let end =
            difference.entries.last?.seq
            ?? (from.epoch == difference.epoch ? min(from.seq, difference.head.seq) : .zero)
        let position = LogCursor(
            epoch: difference.epoch, seq: end,
            marksVersion: difference.marks?.version
                ?? (from.epoch == difference.epoch ? from.marksVersion : 0))
        // What each has said of a message is for the one who asked; the others are told by the
        // entries that follow the message.
        let isForAsker = sent == asker.map { [$0] }
        let entries =
            isForAsker ? difference.entries : difference.entries.map(\.withoutReactions)
        let frame = SharedFrame(
            ServerFrame.difference(
                DifferenceFrame(
                    log: log, epoch: difference.epoch, entries: entries,
                    head: difference.head, marks: difference.marks, hasMore: difference.hasMore)
            ).jsonBytes)
        let members = sent.filter { isWelcome($0) }
        if !members.isEmpty { effects.append(.send(members, frame, .durable)) }
        for socket in sent {
            if case .joining(_, let hello, _) = sockets[socket]?.phase {
                welcome(
                    socket,
                    inbox: LogCursor(epoch: difference.epoch, seq: difference.head.seq),
                    using: &generator)
                if hello.inbox != nil || !difference.entries.isEmpty {
                    effects.append(.send([socket], frame, .durable))
                }
                openChats(of: hello, socket)
            }
            if difference.isEnd {
                dropCursor(of: socket, log)
            } else {
                settle(socket, log, at: position, hasMore: difference.hasMore)
            }
        }
    }

    private func isWelcome(_ socket: SocketID) -> Bool {
        if case .live = sockets[socket]?.phase { true } else { false }
    }

    private mutating func deliver(
        _ gap: LogGap, asker: SocketID?, _ active: [SocketID],
        using generator: inout some RandomNumberGenerator
    ) {
        let log = ClientLog(gap.log)
        for socket in active {
            guard let phase = sockets[socket]?.phase else { continue }
            if case .joining(let grant, let hello, _) = phase {
                let isSeen =
                    gap.epoch == grant.inbox.epoch && gap.head.seq <= grant.inbox.seq
                if isSeen {
                    sendGap(gap, to: socket, hello: hello, using: &generator)
                } else {
                    let token = ask(
                        .difference(grant.account, gap.log, from: grant.inbox),
                        .watch(socket, gap))
                    sockets[socket]?.catchUpCount += 1
                    setState(.catching(token: token), of: socket, log)
                }
            } else if log == .inbox {
                // Too much to tell whether the session is still open: it has to show its token again.
                send(.goaway(after: .zero, spread: .seconds(1), reason: "resync"), to: socket)
                close(socket, .goingAway, "too far behind")
            } else if gap.isEnd, socket != asker {
                startCatchUp(of: socket, log)
            } else {
                sendGap(gap, to: socket, hello: nil, using: &generator)
            }
        }
    }

    private mutating func sendGap(
        _ gap: LogGap, to socket: SocketID, hello: Hello?,
        using generator: inout some RandomNumberGenerator
    ) {
        Mark.holeTold.hit()
        let log = ClientLog(gap.log)
        if let hello {
            welcome(
                socket, inbox: LogCursor(epoch: gap.epoch, seq: gap.head.seq), using: &generator)
            sendGapFrame(gap, log, to: socket)
            openChats(of: hello, socket)
        } else {
            sendGapFrame(gap, log, to: socket)
        }
        if gap.isEnd {
            dropCursor(of: socket, log)
        } else {
            settle(
                socket, log,
                at: LogCursor(
                    epoch: gap.epoch, seq: gap.head.seq, marksVersion: gap.marks?.version ?? 0),
                hasMore: false)
        }
    }

    private mutating func sendGapFrame(_ gap: LogGap, _ log: ClientLog, to socket: SocketID) {
        send(
            .tooLong(
                TooLongFrame(
                    log: log, epoch: gap.epoch, head: gap.head, tail: gap.tail, marks: gap.marks)),
            to: socket)
    }

    /// What the inbox has had since the grant, when the client itself is further behind than is told.
    mutating func finishWatch(
        of socket: SocketID, _ response: ClientResponse, gap: LogGap,
        using generator: inout some RandomNumberGenerator
    ) {
        guard case .joining(let grant, let hello, _) = sockets[socket]?.phase else { return }
        sockets[socket]?.catchUpCount -= 1
        setState(.catching(token: nil), of: socket, .inbox)
        guard case .difference(let difference) = response, !difference.hasMore,
            difference.epoch == gap.epoch
        else { return close(socket, .goingAway, "the account cannot be read") }
        guard !revokes(difference.entries, grant, epoch: difference.epoch) else {
            return expire(socket)
        }
        sendGap(
            LogGap(
                log: gap.log, epoch: gap.epoch, head: difference.head, tail: gap.tail,
                marks: gap.marks),
            to: socket, hello: hello, using: &generator)
    }

    /// The session has been revoked.
    mutating func expire(_ socket: SocketID) {
        guard !Canary.revokedSessionStays.lives else { return }
        Mark.revokedAtOnce.hit()
        if isWelcome(socket) { send(.authExpired, to: socket) }
        close(socket, .unauthenticated, "the session has ended")
    }

    // MARK: Joining the live ones

    /// The client has everything up to `position`: from there on it gets what the hub gets.
    private mutating func settle(
        _ socket: SocketID, _ log: ClientLog, at position: LogCursor, hasMore: Bool
    ) {
        guard sockets[socket]?.cursors[log] != nil else { return }
        sockets[socket]?.cursors[log]?.position = position
        sockets[socket]?.cursors[log]?.failureCount = 0
        if hasMore { return setState(.waiting, of: socket, log) }
        if sockets[socket]?.cursors[log]?.mustAskAgain == true {
            sockets[socket]?.cursors[log]?.mustAskAgain = false
            return startCatchUp(of: socket, log)
        }
        goLive(socket, log)
    }

    /// Makes a cursor live if the hub is where its client is, or can take it there.
    mutating func goLive(_ socket: SocketID, _ log: ClientLog) {
        guard let cursor = sockets[socket]?.cursors[log], let id = logID(log, of: socket),
            let followed = logs[id]
        else { return }
        let position = cursor.position
        guard let head = followed.head, followed.epoch == position.epoch else {
            setState(.ahead, of: socket, log)
            return noteSettled(socket, log)
        }
        // Of entries it may have more than the hub, and yet miss marks that came meanwhile.
        let isAhead = position.seq > head.seq
        guard let missed = isAhead ? [] : followed.recent(after: position.seq, upTo: head.seq),
            let missedMarks = followed.recentMarks(after: position.marksVersion)
        else {
            Mark.recentLost.hit()
            setState(.catching(token: nil), of: socket, log)
            return startCatchUp(of: socket, log)
        }
        if !missed.isEmpty { Mark.recentReplayed.hit() }
        for frame in missed { effects.append(.send([socket], frame, .durable)) }
        for frame in missedMarks { effects.append(.send([socket], frame, .ephemeral)) }
        if isAhead {
            sockets[socket]?.cursors[log]?.position = LogCursor(
                epoch: position.epoch, seq: position.seq,
                marksVersion: max(position.marksVersion, followed.marksVersion))
        }
        setState(isAhead ? .ahead : .live, of: socket, log)
        noteSettled(socket, log)
    }

    private mutating func noteSettled(_ socket: SocketID, _ log: ClientLog) {
        guard sockets[socket]?.cursors[log]?.isOfHello == true else { return }
        sockets[socket]?.cursors[log]?.isOfHello = false
        noteCaughtUp(socket)
    }
}

extension FollowedLog {
    /// The kept pushes after `seq` up to `last`; nil when not all of them are kept.
    fileprivate func recent(
        after seq: SequenceNumber, upTo last: SequenceNumber
    ) -> [SharedFrame]? {
        if seq >= last { return [] }
        guard let oldest = recent.first, let newest = recent.last,
            oldest.number <= seq.rawValue + 1, newest.number == last.rawValue
        else { return nil }
        return recent.dropFirst(Int(seq.rawValue + 1 - oldest.number)).map(\.frame)
    }

    /// The kept marks after `version`; nil when not all of them are kept.
    fileprivate func recentMarks(after version: UInt64) -> [SharedFrame]? {
        if version >= marksVersion { return [] }
        guard version >= marksKeptAfter else { return nil }
        return recentMarks.filter { $0.number > version }.map(\.frame)
    }
}
