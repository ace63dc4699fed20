internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Wire

/// What people are told of their logs.
extension Simulation {
    func told(_ entries: [ClientEntry], of log: ClientLog, _ person: SimulatedPerson) {
        guard let account = person.account else { return }
        for entry in entries {
            // What comes after the entry that ended it is of no use to this client.
            if case .chat(let chat) = log, !person.chats.contains(chat) { return }
            history.delivery.told(entry.seq, of: log, to: person.index)
            history.saw(entry, in: log.id(for: account), by: account, "client \(person.index)")
            if case .chat(let chat) = log {
                history.refetch.told(entry, of: chat, to: person.index, as: account)
                history.pins.told(entry, of: chat, to: person.index)
            }
            if log == .inbox {
                history.stars.told(entry, to: person.index)
                history.settings.told(entry, of: account, to: person.index)
                history.drafts.told(entry, to: person.index)
            }
            heed(entry, of: log, isLast: entry == entries.last, person)
        }
    }

    private func heed(
        _ entry: ClientEntry, of log: ClientLog, isLast: Bool, _ person: SimulatedPerson
    ) {
        switch (log, entry.content) {
        case (.inbox, .chatAdded(let chat)):
            person.visiting.removeAll { $0 == chat }
            met(chat, person)
        case (.inbox, .chatRemoved(let chat)): leave(chat, person)
        case (.inbox, .sessionRevoked(let session)):
            history.sessions.told(endOf: session, to: person.session)
        case (.chat(let chat), .text):
            person.newest[chat] = max(person.newest[chat] ?? .zero, entry.n)
            person.remember(entry, of: chat)
        case (.chat(let chat), .messageDeleted(let target, _)): person.forget(target, of: chat)
        case (.chat(let chat), .created(let name, _)):
            noteMaker(entry.from, name, of: chat, person)
        case (.chat(let chat), .deleted): leave(chat, person)
        case (.chat(let chat), .memberAdded(let account, _)):
            person.guests[chat, default: []].append(account)
        case (.chat(let chat), .memberRemoved(let account)):
            person.guests[chat]?.removeAll { $0 == account }
            // What follows it was told to a member: it is of an earlier membership.
            if account == person.account, isLast { lose(chat, person) }
        case (.chat(let chat), .memberBanned(let account, _)):
            person.guests[chat]?.removeAll { $0 == account }
            if account == person.account, isLast { lose(chat, person) }
        default: break
        }
    }

    private func noteMaker(
        _ maker: AccountID?, _ name: String, of chat: ChatID, _ person: SimulatedPerson
    ) {
        guard let maker else { return }
        if maker == person.account {
            made(chat, by: person.owner)
        } else if !person.foreign.contains(chat) {
            person.foreign.append(chat)
        }
        if Self.contestedNames.contains(name), !publicChats.contains(chat) {
            publicChats.append(chat)
        }
    }

    /// Somebody is in a chat from now on.
    func met(_ chat: ChatID, _ person: SimulatedPerson) {
        guard !person.chats.contains(chat) else { return }
        person.chats.append(chat)
        if !allChats.contains(chat) { allChats.append(chat) }
        history.delivery.follows(.chat(chat), after: .zero, by: person.index)
        feed(.follow(chat, .nothing), to: person)
    }

    /// Somebody is in a chat no longer.
    func leave(_ chat: ChatID, _ person: SimulatedPerson) {
        guard person.chats.contains(chat) else { return }
        person.chats.removeAll { $0 == chat }
        person.visiting.removeAll { $0 == chat }
        person.foreign.removeAll { $0 == chat }
        forget(chat, person)
        feed(.unfollow(chat), to: person)
    }

    func forget(_ chat: ChatID, _ person: SimulatedPerson) {
        history.delivery.stops(.chat(chat), by: person.index)
        history.refetch.forgets(chat, by: person.index)
        history.pins.forgets(chat, person.index)
        person.newest[chat] = nil
        person.guests[chat] = nil
        person.answerable[chat] = nil
        person.editable[chat] = nil
    }

    func skipped(
        _ log: ClientLog, after tail: SequenceNumber, to head: LogPosition,
        _ person: SimulatedPerson
    ) {
        counters.holes += 1
        history.delivery.skipped(to: head.seq, of: log, by: person.index)
        guard case .chat(let chat) = log, let account = person.account else { return }
        history.refetch.skipped(
            after: tail, to: head.seq, of: chat, by: person.index, as: account)
    }

    /// The cluster does not let a client follow a log.
    func refused(_ log: ClientLog, _ code: String, _ person: SimulatedPerson) {
        if case .chat(let chat) = log, mayBeOver(chat, for: person) {
            lose(chat, person)
        } else {
            history.report("delivery", "client \(person.index) may not follow \(log): \(code)")
        }
    }

    func acked(
        _ cmid: MessageID, in chat: ChatID, _ place: LogPosition, _ person: SimulatedPerson
    ) {
        counters.acks += 1
        // Who deletes what is deleted already, or says again what was said, is answered with the
        // end of the log.
        let isDeletion = history.deletions.acked(cmid)
        let mayBeNothing = isDeletion || history.reactions.has(cmid)
        if !mayBeNothing {
            history.exactlyOnce.saw(cmid, in: chat, at: place.seq)
            history.durability.acked(cmid, in: chat, at: place.seq)
        }
        history.definiteErrors.saw(cmid, in: chat)
        if let account = person.account {
            history.unreadCounts.read(place.n, of: chat, by: account)
        }
        guard let pending = person.pending.removeValue(forKey: cmid) else { return }
        if !mayBeNothing {
            history.realTimeOrder.acked(place.seq, in: chat, begunAt: pending.floor)
        }
        history.linearizableReads.acked(place.seq, in: chat)
        history.senderOrder.acked(cmid, at: place.seq)
        guard pending.counts else { return }
        if cluster.now - pending.begun <= Simulation.patience {
            counters.operationsSucceeded += 1
        } else {
            fail("send took too long", of: person.index, since: pending.begun)
        }
    }

    func marked(_ chat: ChatID, _ fields: MarksFields, _ person: SimulatedPerson) {
        guard let account = person.account else { return }
        history.refetch.marked(fields, of: chat, by: person.index, as: account)
        for mark in fields.marks where mark.account == account {
            history.unreadCounts.read(mark.n, of: chat, by: account)
        }
    }

    /// Messages that were written long ago and have no acknowledgement when the faults end have
    /// failed, whatever becomes of them; younger ones do not count.
    func countOverdue(of person: SimulatedPerson) {
        for item in person.core.outbox {
            guard let pending = person.pending[item.message.cmid], pending.counts else { continue }
            if cluster.now - pending.begun > Simulation.patience {
                fail("send has no answer", of: person.index, since: pending.begun)
            }
            person.pending[item.message.cmid] = SimulatedPerson.PendingSend(
                chat: pending.chat, begun: pending.begun, floor: pending.floor, counts: false)
        }
    }

    /// Nobody owes an answer to somebody who is offline: what waits does not count.
    func excuse(_ person: SimulatedPerson) {
        for item in person.core.outbox {
            guard let pending = person.pending[item.message.cmid] else { continue }
            person.pending[item.message.cmid] = SimulatedPerson.PendingSend(
                chat: pending.chat, begun: pending.begun, floor: pending.floor, counts: false)
        }
    }

    /// Gives up the messages that were refused; each must have been refused with good reason.
    func dropRefused(of person: SimulatedPerson) {
        for item in person.core.outbox {
            guard case .failed(let code, _) = item.state else { continue }
            let message = item.message
            history.definiteErrors.refused(message.cmid, with: code)
            let isGone =
                mayBeOver(message.chat, for: person) && code != FailureCode.badText.rawValue
            // A node whose clock ran ahead has made all that was before it old.
            let isOld = code == FailureCode.tooOld.rawValue && message.edits != nil
            if history.authorisation.mayLackRights(code, in: message.chat) {
                counters.rightsMissed += 1
            } else if history.refusals.expects(code, for: message.cmid) {
                counters.nonsenseRefused += 1
            } else if !isGone, !isOld, !isDeleted(code, message),
                !isSourceGone(code, message, person)
            {
                history.report(
                    "sense", "client \(person.index) may not send \(message.cmid): \(code)")
            }
            person.pending[message.cmid] = nil
            feed(.discard(message.cmid), to: person)
        }
    }

    /// Whether a message was refused because what it forwards is deleted, alone or with its chat.
    private func isSourceGone(
        _ code: String, _ message: OutgoingMessage, _ person: SimulatedPerson
    ) -> Bool {
        guard code == FailureCode.badForward.rawValue, let source = message.forwards else {
            return false
        }
        return mayBeOver(source.chat, for: person)
            || history.deletions.isAsked(source.seq, in: source.chat)
    }

    /// Whether a message was refused because what it answers, edits or reacts to is deleted.
    private func isDeleted(_ code: String, _ message: OutgoingMessage) -> Bool {
        let target =
            switch FailureCode(rawValue: code) {
            case .messageDeleted: message.edits ?? message.reacts?.target
            case .badReply: message.replyTo
            default: SequenceNumber?.none
            }
        return target.map { history.deletions.isAsked($0, in: message.chat) } ?? false
    }

    // MARK: Lists

    /// What a list that the person asks for now must at least say.
    func listFloors(of person: SimulatedPerson) -> [ClientOperation.ListFloor] {
        guard let account = person.account else { return [] }
        return person.chats.map { chat in
            ClientOperation.ListFloor(
                chat: chat, head: history.linearizableReads.begin(in: chat),
                mark: history.unreadCounts.mark(of: chat, by: account))
        }
    }

    /// A chat list says at least what had been said before it was asked for.
    func list(
        _ chats: [ClientChat], floors: [ClientOperation.ListFloor], to person: SimulatedPerson
    ) {
        for chat in chats {
            history.pins.lists(chat, to: person.index)
            if let last = chat.last {
                history.saw(
                    last, in: .chat(chat.id), by: person.account, "the list of \(person.index)")
                if max(last.seq, chat.changed) != chat.head.seq || !last.isShown {
                    history.report(
                        "unread counts", "\(chat.id) ends at \(chat.head) and with \(last)")
                }
            }
            guard let floor = floors.first(where: { $0.chat == chat.id }) else { continue }
            history.linearizableReads.read(
                head: chat.head.seq, of: chat.id, begunAt: floor.head)
            history.unreadCounts.lists(mark: chat.mark, of: chat.id, atLeast: floor.mark)
        }
    }
}
