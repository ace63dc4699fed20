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
            history.delivery.told(entry.seq, of: log, to: person.index)
            history.saw(entry, in: log.id(for: account), by: account, "client \(person.index)")
            switch (log, entry.content) {
            case (.inbox, .chatAdded(let chat)): met(chat, person)
            case (.chat(let chat), .text):
                person.newest[chat] = max(person.newest[chat] ?? .zero, entry.n)
            default: break
            }
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

    func acked(
        _ cmid: MessageID, in chat: ChatID, _ place: LogPosition, _ person: SimulatedPerson
    ) {
        counters.acks += 1
        history.exactlyOnce.saw(cmid, in: chat, at: place.seq)
        history.durability.acked(cmid, in: chat, at: place.seq)
        if let account = person.account {
            history.unreadCounts.read(place.n, of: chat, by: account)
        }
        guard let pending = person.pending.removeValue(forKey: cmid) else { return }
        history.realTimeOrder.acked(place.seq, in: chat, begunAt: pending.floor)
        guard pending.counts else { return }
        if cluster.now - pending.begun <= Simulation.patience {
            counters.operationsSucceeded += 1
        } else {
            counters.fail("send took too long")
        }
    }

    func marked(_ chat: ChatID, _ fields: MarksFields, _ person: SimulatedPerson) {
        guard let account = person.account else { return }
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
                counters.fail("send has no answer")
            }
            person.pending[item.message.cmid] = SimulatedPerson.PendingSend(
                chat: pending.chat, begun: pending.begun, floor: pending.floor, counts: false)
        }
    }

    func write(to chat: ChatID, by person: SimulatedPerson) {
        guard person.core.outbox.count < 30 else { return }
        let cmid = MessageID(milliseconds: cluster.wall.milliseconds, using: &person.generator)
        let padding = person.generator.number(below: 8)
        let text = cmid.text + String(repeating: " ä\"🙂\n", count: padding) + "."
        person.pending[cmid] = SimulatedPerson.PendingSend(
            chat: chat, begun: cluster.now, floor: history.realTimeOrder.begin(in: chat),
            counts: phase == .safety)
        feed(.send(OutgoingMessage(cmid: cmid, chat: chat, text: text)), to: person)
    }
}
