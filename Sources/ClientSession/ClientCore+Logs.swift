internal import Determinism
internal import Identity
internal import Wire

// Positions: which entries of a log were told, which are missing, and how the missing ones come.
extension ClientCore {
    mutating func receivePush(_ entry: ClientEntry, of log: ClientLog, epoch: UInt64) {
        guard let known = logs[log], epoch >= known.epoch else { return }
        if epoch > known.epoch { adopt(epoch, log) }
        guard let seq = logs[log]?.seq, entry.seq > seq else { return }
        if entry.seq == seq.next {
            apply([entry], log)
        } else {
            keepEarly(entry, log)
            expect(log, entry.seq)
        }
    }

    mutating func receive(_ frame: DifferenceFrame) {
        let log = frame.log
        guard let known = logs[log], frame.epoch >= known.epoch else { return }
        let isNewEpoch = frame.epoch > known.epoch
        if isNewEpoch { adopt(frame.epoch, log) }
        logs[log]?.isAsking = false
        let before = logs[log]?.seq ?? .zero
        apply(frame.entries, log)
        passMarks(frame.marks, log)
        guard let after = logs[log] else { return }
        let hasApplied = after.seq > before
        if frame.hasMore || (isNewEpoch && !hasApplied && frame.head.seq > after.seq) {
            logs[log]?.want = max(after.want, frame.head.seq)
            ask(log)
        } else if !hasApplied {
            // Nothing came although something was missed: that is believed until the next news,
            // instead of asking the same question for ever.
            logs[log]?.want = after.seq
            logs[log]?.early = []
            stopWaiting(log)
        } else {
            expect(log, after.want)
        }
    }

    mutating func receive(_ frame: TooLongFrame) {
        let log = frame.log
        guard let known = logs[log], frame.epoch >= known.epoch else { return }
        if frame.epoch > known.epoch { adopt(frame.epoch, log) }
        let tail = logs[log]?.seq ?? .zero
        logs[log]?.isAsking = false
        guard frame.head.seq > tail else { return }
        Mark.holeKept.hit()
        stopWaiting(log)
        effects.append(.hole(log, epoch: frame.epoch, tail: tail, head: frame.head))
        let want = max(frame.head.seq, logs[log]?.want ?? .zero)
        logs[log]?.early.removeAll { $0.seq <= frame.head.seq }
        logs[log]?.seq = frame.head.seq
        logs[log]?.want = want
        passMarks(frame.marks, log)
        settleSent(log)
        apply([], log)
        expect(log, want)
    }

    /// The log reached `head` without us: ask at once.
    mutating func receiveAdvanced(_ log: ClientLog, _ head: SequenceNumber) {
        guard let known = logs[log], head > known.seq else { return }
        logs[log]?.want = max(known.want, head)
        stopWaiting(log)
        ask(log)
    }

    /// The inbox head in a pong: at most one heartbeat after it moved we hear of it.
    mutating func receiveInboxHead(_ head: LogCursor) {
        guard let known = logs[.inbox], head.epoch >= known.epoch else { return }
        if head.epoch > known.epoch {
            adopt(head.epoch, .inbox)
            ask(.inbox)
        } else {
            receiveAdvanced(.inbox, head.seq)
        }
    }

    mutating func gapTimerFired(_ log: ClientLog) {
        guard let known = logs[log] else { return }
        logs[log]?.isWaiting = false
        guard known.want > known.seq else { return }
        Mark.gapAsked.hit()
        ask(log)
    }

    /// What is gone or not ours is dropped, the rest is asked again.
    mutating func refused(_ log: ClientLog, _ error: ErrorFrame) {
        guard let known = logs[log] else { return }
        if error.isRetryable {
            Mark.logRefusedForNow.hit()
            logs[log]?.isAsking = false
            logs[log]?.isWaiting = true
            logs[log]?.want = max(known.want, known.seq.next)
            effects.append(
                .setTimer(.gap(log), after: error.retryAfter ?? ClientTimes.retryPause))
            return
        }
        stopWaiting(log)
        guard case .chat(let chat) = log else { return }
        dropSent(log)
        logs[log] = nil
        order.removeAll { $0 == chat }
        effects.append(.refused(log, code: error.code))
    }

    mutating func follow(_ chat: ChatID, _ cursor: LogCursor) {
        guard logs[.chat(chat)] == nil else { return }
        logs[.chat(chat)] = Log(cursor)
        order.append(chat)
        named.removeAll { $0 == chat }
        guard isWelcome else { return }
        effects.append(
            .sendFrame(.open(chat, LogCursor(epoch: cursor.epoch, seq: cursor.seq))))
        if phase == .catchingUp { named.append(chat) }
    }

    mutating func unfollow(_ chat: ChatID) {
        guard logs[.chat(chat)] != nil else { return }
        stopWaiting(.chat(chat))
        dropSent(.chat(chat))
        logs[.chat(chat)] = nil
        order.removeAll { $0 == chat }
        guard isWelcome else { return }
        effects.append(.sendFrame(.close(chat)))
        named.removeAll { $0 == chat }
    }

    /// Asks every log for its difference: the server lost track of what it sent us.
    mutating func resync() {
        for log in followed {
            stopWaiting(log)
            ask(log)
        }
    }

    /// The socket is gone; the next hello says where we stand.
    mutating func forgetRequests() {
        for log in followed {
            if let known = logs[log] { logs[log] = Log(known.cursor) }
        }
    }

    /// The inbox, then the chats in the order in which they were followed.
    private var followed: [ClientLog] {
        (logs[.inbox] == nil ? [] : [.inbox]) + order.map { .chat($0) }
    }

    /// Something up to `seq` exists: wait a moment for it, then ask.
    mutating func expect(_ log: ClientLog, _ seq: SequenceNumber) {
        guard let known = logs[log] else { return }
        let want = max(known.want, seq)
        logs[log]?.want = want
        guard want > known.seq, !known.isWaiting, !known.isAsking else { return }
        logs[log]?.isWaiting = true
        let wait = Perturbation.earlyGap.fires ? .zero : ClientTimes.gapWait
        effects.append(.setTimer(.gap(log), after: wait))
    }

    private mutating func apply(_ entries: [ClientEntry], _ log: ClientLog) {
        guard let known = logs[log] else { return }
        var seq = known.seq
        var applied: [ClientEntry] = []
        for entry in entries + known.early where entry.seq == seq.next {
            applied.append(entry)
            seq = entry.seq
        }
        logs[log]?.seq = seq
        logs[log]?.early.removeAll { $0.seq <= seq }
        logs[log]?.want = max(known.want, seq)
        if !applied.isEmpty {
            effects.append(.entries(log, epoch: known.epoch, applied))
            settleSent(log)
        }
        if known.want <= seq { stopWaiting(log) }
    }

    private mutating func keepEarly(_ entry: ClientEntry, _ log: ClientLog) {
        guard var early = logs[log]?.early, !early.contains(where: { $0.seq == entry.seq }) else {
            return
        }
        let place = early.firstIndex { $0.seq > entry.seq } ?? early.endIndex
        early.insert(entry, at: place)
        logs[log]?.early = Array(early.prefix(ClientTimes.earlyEntriesMax))
    }

    /// The log was restored or made anew: our copy is of another log.
    private mutating func adopt(_ epoch: UInt64, _ log: ClientLog) {
        let isKnown = (logs[log]?.epoch ?? 0) > 0
        stopWaiting(log)
        dropSent(log)
        logs[log] = Log(LogCursor(epoch: epoch, seq: .zero))
        if isKnown { effects.append(.reset(log, epoch: epoch)) }
    }

    private mutating func ask(_ log: ClientLog) {
        guard let known = logs[log], !known.isAsking, isWelcome else { return }
        logs[log]?.isAsking = true
        effects.append(.sendFrame(.difference(log, known.cursor)))
    }

    private mutating func stopWaiting(_ log: ClientLog) {
        guard logs[log]?.isWaiting == true else { return }
        logs[log]?.isWaiting = false
        effects.append(.cancelTimer(.gap(log)))
    }

    private mutating func passMarks(_ marks: MarksFields?, _ log: ClientLog) {
        if case .chat(let chat) = log, let marks { effects.append(.marks(chat, marks)) }
    }
}
