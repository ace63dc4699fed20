internal import Determinism
internal import Identity
internal import Wire

// The outbox at work: one message of a chat at a time, the same id at every try, in the order in
// which they were written.
extension ClientCore {
    mutating func enqueue(_ message: OutgoingMessage) {
        guard index(of: message.cmid) == nil else { return }
        outbox.append(OutboxItem(message: message, state: .queued))
        effects.append(.keep(message))
        pump(message.chat)
    }

    /// Sends the next message of a chat if it is its turn.
    mutating func pump(_ chat: ChatID) {
        guard phase == .live, !isPaused, !held.contains(chat), let index = next(of: chat),
            outbox[index].state == .queued
        else { return }
        outbox[index].state = .sending
        effects.append(.sendFrame(outbox[index].message.frame))
        effects.append(.setTimer(.ack(chat), after: ClientTimes.ackTimeout))
    }

    mutating func pumpAll() {
        var chats: [ChatID] = []
        for item in outbox where item.state == .queued && !chats.contains(item.message.chat) {
            chats.append(item.message.chat)
        }
        for chat in chats { pump(chat) }
    }

    /// Answers whether the entry has not arrived yet.
    mutating func receiveAck(
        _ cmid: MessageID, _ chat: ChatID, _ place: LogPosition, _ time: WallTime
    ) -> Bool {
        guard let index = index(of: cmid) else { return false }
        switch outbox[index].state {
        case .sent: return false
        case .sending: effects.append(.cancelTimer(.ack(chat)))
        case .queued, .failed: break
        }
        effects.append(.forget(cmid))
        effects.append(.acked(cmid, chat, place, time: time))
        let isMissing = logs[.chat(chat)].map { $0.seq < place.seq } ?? false
        if isMissing {
            outbox[index].state = .sent(place, time: time)
        } else {
            outbox.remove(at: index)
        }
        pump(chat)
        return isMissing
    }

    /// Answers whether the error was about a message: also one that was given up meanwhile, of
    /// whose chat it says nothing.
    mutating func receiveSendError(_ error: ErrorFrame) -> Bool {
        guard let cmid = error.cmid else { return false }
        guard let index = index(of: cmid), outbox[index].state == .sending else { return true }
        let chat = outbox[index].message.chat
        effects.append(.cancelTimer(.ack(chat)))
        if error.isRetryable {
            outbox[index].state = .queued
            Mark.sendHeld.hit()
            held.append(chat)
            effects.append(
                .setTimer(.retry(chat), after: error.retryAfter ?? ClientTimes.retryPause))
        } else {
            outbox[index].state = .failed(code: error.code, message: error.message)
            pump(chat)
        }
        return true
    }

    /// No answer came: ask again with the same id, which the cluster counts once, and whether the
    /// socket is still alive.
    mutating func ackTimerFired(_ chat: ChatID) {
        guard let index = next(of: chat), outbox[index].state == .sending else { return }
        Mark.ackTimedOut.hit()
        outbox[index].state = .queued
        pump(chat)
        heartbeatDue()
    }

    mutating func retry(_ cmid: MessageID) {
        guard let index = index(of: cmid), case .failed = outbox[index].state else { return }
        outbox[index].state = .queued
        pump(outbox[index].message.chat)
    }

    mutating func discard(_ cmid: MessageID) {
        guard let index = index(of: cmid), case .failed = outbox[index].state else { return }
        outbox.remove(at: index)
        effects.append(.forget(cmid))
    }

    /// Acknowledged messages go as soon as their entry is in the log.
    mutating func settleSent(_ log: ClientLog) {
        guard case .chat(let chat) = log, let seq = logs[log]?.seq else { return }
        outbox.removeAll { item in
            if case .sent(let place, _) = item.state {
                item.message.chat == chat && place.seq <= seq
            } else {
                false
            }
        }
    }

    /// Acknowledged messages whose entry will never arrive, because their log is followed no
    /// longer.
    mutating func dropSent(_ log: ClientLog) {
        guard case .chat(let chat) = log else { return }
        outbox.removeAll { item in
            if case .sent = item.state { item.message.chat == chat } else { false }
        }
    }

    /// The socket is gone: what was on its way has an unknown outcome and is sent again once live.
    mutating func requeueAll() {
        for index in outbox.indices where outbox[index].state == .sending {
            Mark.sendRepeated.hit()
            if Canary.newIDOnResend.lives { rename(index) }
            outbox[index].state = .queued
        }
        held = []
        isPaused = false
    }

    private mutating func rename(_ index: Int) {
        let message = outbox[index].message
        outbox[index].message = OutgoingMessage(
            cmid: MessageID(high: message.cmid.high, low: message.cmid.low ^ 1), chat: message.chat,
            text: message.text, replyTo: message.replyTo, edits: message.edits,
            deletes: message.deletes, forwards: message.forwards, reacts: message.reacts)
    }

    /// The oldest message of a chat that is neither acknowledged nor refused.
    private func next(of chat: ChatID) -> Int? {
        outbox.firstIndex { item in
            item.message.chat == chat && (item.state == .queued || item.state == .sending)
        }
    }

    private func index(of cmid: MessageID) -> Int? {
        outbox.firstIndex { $0.message.cmid == cmid }
    }
}
