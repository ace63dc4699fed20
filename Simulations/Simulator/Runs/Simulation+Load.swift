internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Registry
internal import Wire

/// What clients do to a cluster that is worse than their daily use of it.
extension Simulation {
    /// Lets a fault of `kind` happen.
    func strike(_ kind: FaultKind) {
        guard !injector.strike(kind, on: cluster) else { return }
        switch kind {
        case .socketBreak, .silentSocket, .slowReader, .neverReader: strikeSocket(kind)
        case .hotChat: heat()
        case .bigChat: strikeBigChat()
        case .connectStorm: strikeConnectStorm()
        case .idleSockets: strikeIdleSockets()
        case .secondDevice: strikeSecondDevice()
        case .revocation: strikeRevocation()
        case .oversizedMessage: strikeOversizedMessage()
        case .duplicateSend: strikeDuplicateSend()
        case .clockNonsense: strikeClockNonsense()
        case .badRequest: strikeBadRequest()
        case .malformedFrames: strikeMalformedFrames()
        case .join, .drain, .removal, .twoRemovals, .readdition, .replacement, .secondInit,
            .badToken:
            strikeOperators(kind)
        default: break
        }
    }

    /// Somebody who writes and is signed in.
    func writer(for kind: FaultKind) -> SimulatedPerson? {
        injector.pick(kind, people.filter { $0.isStarted && !$0.isIdle && !$0.login.isEnding })
    }

    // MARK: Sockets

    private func strikeSocket(_ kind: FaultKind) {
        let open = people.compactMap(\.socket)
        guard let id = injector.pick(kind, open), let socket = sockets[id], socket.run != nil else {
            return
        }
        injector.count(kind)
        switch kind {
        case .slowReader:
            sockets[id]?.isStalled = true
            let time = injector.draw(kind, from: .milliseconds(500), upTo: .seconds(15))
            cluster.schedule(.reads(id), after: time)
        case .neverReader:
            sockets[id]?.isStalled = true
            // So much is written meanwhile that it does not fit into what the node keeps for it.
            if injector.number(kind, below: 3) == 0 { pour(count: 100, isLong: true) }
        default: lose(socket, isSilent: kind == .silentSocket)
        }
    }

    private func lose(_ socket: ClientSocket, isSilent: Bool) {
        let node = cluster.nodes[socket.node]
        if node.run == socket.run, node.isUp {
            cluster.queue.schedule(
                .arrival(node.name, .closed(socket.id)), at: cluster.now + latency())
        }
        guard !isSilent else { return }
        cluster.schedule(.closed(socket.id, code: Self.closedAbnormally), after: latency())
    }

    // MARK: Messages

    /// Everybody writes into one chat at once.
    private func heat() {
        injector.count(.hotChat)
        pour(count: settings.workload.heatCount, isLong: nil)
    }

    /// Open operations to which a crowd adds no more.
    private static let pouredMax = 300

    private func pour(count: Int, isLong: Bool?) {
        let writers = people.filter { $0.isStarted && !$0.isIdle }
        guard !writers.isEmpty else { return }
        for number in 0..<count {
            let person = writers[number % writers.count]
            if person.core.outbox.count < 10 {
                write(to: rooms[0].chat, by: person, isLong: isLong)
            } else if openOperations.count < Self.pouredMax {
                // Not more at once than a small cluster gets done while people have patience.
                post(to: rooms[0].chat, by: person, isLong: isLong)
            }
        }
    }

    /// Everybody has much to say when the faults have ended.
    func burstAfterHealing() {
        guard injector.has(.healBurst) else { return }
        injector.count(.healBurst)
        for person in people where person.isStarted && !person.isIdle {
            for number in 0..<20 {
                write(to: person.chats[number % person.chats.count], by: person)
            }
        }
    }

    private func strikeOversizedMessage() {
        guard let person = writer(for: .oversizedMessage), let account = person.account else {
            return
        }
        injector.count(.oversizedMessage)
        let cmid = freshID(of: person)
        // One character too many, or one byte, or far too many.
        let text =
            switch injector.number(.oversizedMessage, below: 3) {
            case 0: cmid.text + String(repeating: "x", count: 4_096 - 31)
            case 1: String(repeating: "🙂", count: 4_095) + "xxxxx"
            default: cmid.text + String(repeating: "y", count: 30_000)
            }
        history.refusals.sends(cmid, toBeRefusedWith: [FailureCode.badText.rawValue])
        if injector.number(.oversizedMessage, below: 2) == 0 {
            feed(.send(OutgoingMessage(cmid: cmid, chat: rooms[0].chat, text: text)), to: person)
        } else {
            ask(
                .send(account, rooms[0].chat, text: text, cmid: cmid),
                for: .nonsense([.badText]), by: person)
        }
    }

    /// One message over several nodes at once, and again a while later.
    private func strikeDuplicateSend() {
        guard let person = writer(for: .duplicateSend), let account = person.account,
            let chat = injector.pick(
                .duplicateSend, person.chats.filter { !publicChats.contains($0) })
        else { return }
        injector.count(.duplicateSend)
        let cmid = freshID(of: person)
        let text = text(of: cmid, by: person)
        let replyTo = person.replyTarget(of: cmid, in: chat)
        history.replies.writes(cmid, replyTo: replyTo)
        for number in 0..<(2 + injector.number(.duplicateSend, below: 3)) {
            // Whatever a repetition says, it is the message that came first.
            let other = injector.number(.duplicateSend, below: 4) == 0 ? cmid.text + " or so" : text
            history.forwards.writes(other, by: account)
            ask(
                .send(account, chat, text: other, replyTo: replyTo, cmid: cmid),
                for: .post(chat, cmid, isRepetition: number > 0), by: person)
        }
        if injector.number(.duplicateSend, below: 2) == 0 {
            write(
                OutgoingMessage(cmid: cmid, chat: chat, text: text, replyTo: replyTo), by: person)
        }
    }

    private func write(_ message: OutgoingMessage, by person: SimulatedPerson) {
        person.pending[message.cmid] = SimulatedPerson.PendingSend(
            chat: message.chat, begun: cluster.now,
            floor: history.realTimeOrder.begin(in: message.chat),
            counts: phase == .safety && person.core.phase != .offline)
        feed(.send(message), to: person)
    }

    /// A client whose clock is off by more than the cluster takes.
    private func strikeClockNonsense() {
        guard let person = writer(for: .clockNonsense), let account = person.account else {
            return
        }
        injector.count(.clockNonsense)
        let now = cluster.wall.milliseconds
        let isPast = injector.number(.clockNonsense, below: 2) == 0
        let day: UInt64 = 86_400_000
        let distance = 2 * day + injector.number(.clockNonsense, below: 1_000 * day)
        let time = isPast ? now - distance - 6 * day : now + distance
        let cmid = MessageID(milliseconds: time, using: &person.generator)
        let code: FailureCode = isPast ? .cmidExpired : .cmidInFuture
        history.refusals.sends(cmid, toBeRefusedWith: [code.rawValue])
        let text = text(of: cmid, by: person)
        switch injector.number(.clockNonsense, below: 3) {
        case 0:
            feed(.send(OutgoingMessage(cmid: cmid, chat: rooms[0].chat, text: text)), to: person)
        case 1:
            ask(
                .createChat(account, kind: .private, name: "late", fullName: "", cmid: cmid),
                for: .nonsense([code]), by: person)
        default:
            ask(
                .send(account, rooms[0].chat, text: text, cmid: cmid), for: .nonsense([code]),
                by: person)
        }
    }

    /// A request that makes no sense.
    private func strikeBadRequest() {
        guard let person = writer(for: .badRequest), let account = person.account else { return }
        injector.count(.badRequest)
        let cmid = freshID(of: person)
        let room = rooms[0].chat
        let (request, codes): (ClientRequest, [FailureCode]) =
            switch injector.number(.badRequest, below: 16) {
            case 0:
                (.requestCode(phone: "12", codeHash: person.login.secret, cmid: cmid), [.badPhone])
            case 1: (.setProfile(account, name: "x", username: "A b", cmid: cmid), [.badUsername])
            case 2:
                (
                    .createChat(account, kind: .private, name: "", fullName: "", cmid: cmid),
                    [.badName]
                )
            case 3:
                (
                    .createChat(
                        account, kind: .public, name: rooms[1].name, fullName: "", cmid: cmid),
                    [.nameTaken]
                )
            case 4:
                (.renameChat(account, room, name: "mine", fullName: "", cmid: cmid), [.noRight])
            case 5: (.deleteChat(account, room, cmid: cmid), [.noRight])
            case 6: (.send(account, room, text: " \n ", cmid: cmid), [.badText])
            case 7:
                (
                    .send(account, ChatID(using: &person.generator), text: "x", cmid: cmid),
                    [.notFound]
                )
            // The first entry says who made the room; the other is still to come.
            case 8, 9:
                (
                    .send(
                        account, room, text: cmid.text,
                        replyTo: SequenceNumber(cmid.low.isMultiple(of: 2) ? 1 : 1 << 40),
                        cmid: cmid), [.badReply]
                )
            case 10:
                (
                    .edit(account, room, target: SequenceNumber(1), text: cmid.text, cmid: cmid),
                    [.badTarget]
                )
            case 11:
                (
                    .edit(account, room, target: SequenceNumber(1), text: "", cmid: cmid),
                    [.badText]
                )
            case 12:
                (
                    .deleteMessage(account, room, target: SequenceNumber(1), cmid: cmid),
                    [.badTarget]
                )
            case 13, 14:
                (
                    .react(
                        account, room, target: SequenceNumber(1),
                        emoji: cmid.low.isMultiple(of: 2) ? "no" : "👍", cmid: cmid),
                    [cmid.low.isMultiple(of: 2) ? .badEmoji : .badTarget]
                )
            default: (.invite(account, room, .username("nobody_here"), cmid: cmid), [.notMember])
            }
        history.refusals.sends(cmid, toBeRefusedWith: codes.map(\.rawValue))
        ask(request, for: .nonsense(codes), by: person)
    }
}
