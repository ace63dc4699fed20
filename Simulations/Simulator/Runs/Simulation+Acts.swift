internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Registry
internal import Wire

/// What people do, one thing after another.
extension Simulation {
    /// The names that people want for public chats.
    static let contestedNames = ["news", "games", "music"]

    func act(_ person: SimulatedPerson) {
        guard phase == .safety, !person.isIdle else { return }
        cluster.schedule(.act(person.index), after: pause(of: person))
        guard person.isStarted, let account = person.account else {
            let isBusy = openOperations.contains { operations[$0]?.person == person.index }
            if !isBusy, maySignUp(person) { signUp(person) }
            return
        }
        dropRefused(of: person)
        let chat = person.chats[Int(person.generator.next(upperBound: UInt64(person.chats.count)))]
        perform(drawAct(of: person), chat, by: person, account)
        if person.core.phase == .offline, person.generator.chance(1, in: 2) {
            feed(.online, to: person)
        }
    }

    private func pause(of person: SimulatedPerson) -> Interval {
        let workload = settings.workload
        if person.burstLeft > 0 {
            person.burstLeft -= 1
            return .milliseconds(5)
        }
        if person.generator.chance(workload.burstPerCent, in: 100) {
            person.burstLeft = 1 + person.generator.next(upperBound: workload.burstMax)
        }
        return Interval.milliseconds(10).jittered(
            by: workload.thinkTime * 2, using: &person.generator)
    }

    private func drawAct(of person: SimulatedPerson) -> PersonAct {
        let shares = settings.workload.shares
        var place = person.generator.next(upperBound: max(1, shares.reduce(0, +)))
        for (act, share) in zip(PersonAct.allCases, shares) {
            if place < share { return act }
            place -= share
        }
        return .write
    }

    private func perform(
        _ act: PersonAct, _ chat: ChatID, by person: SimulatedPerson, _ account: AccountID
    ) {
        let isHot = person.generator.chance(settings.workload.hotPerCent, in: 100)
        switch act {
        case .write: write(to: isHot ? rooms[0].chat : chat, by: person)
        case .post: post(to: isHot ? rooms[0].chat : chat, by: person)
        case .create: create(by: person, account)
        case .createPublic: createPublic(by: person, account)
        case .visit: visit(by: person)
        case .invite: invite(by: person, account)
        case .read, .refetch: read(chat, by: person, account)
        case .mark: if let newest = person.newest[chat] { feed(.read(chat, newest), to: person) }
        case .list: ask(.chats(account), for: .chats, by: person)
        case .pry: pry(by: person, account)
        case .rename: rename(by: person, account)
        case .delete: delete(by: person, account)
        case .me: ask(.me(account), for: .me, by: person)
        case .goOffline:
            feed(.offline, to: person)
            excuse(person)
        case .goOnline: feed(.online, to: person)
        }
    }

    private func pick<Element>(_ all: [Element], by person: SimulatedPerson) -> Element? {
        guard !all.isEmpty else { return nil }
        return all[Int(person.generator.next(upperBound: UInt64(all.count)))]
    }

    // MARK: Messages

    /// The text of a message: its id, and as much more as the workload says.
    func text(of cmid: MessageID, by person: SimulatedPerson, isLong: Bool? = nil) -> String {
        let text = freshText(of: cmid, by: person, isLong: isLong)
        history.forwards.writes(text, by: person.account)
        return text
    }

    private func freshText(of cmid: MessageID, by person: SimulatedPerson, isLong: Bool?) -> String
    {
        let longPerMille = settings.workload.longPerMille
        guard isLong ?? person.generator.chance(longPerMille, in: 1_000) else {
            let padding = person.generator.number(below: 8)
            return cmid.text + String(repeating: " ä\"🙂\n", count: padding) + "."
        }
        let rest = UInt64(SessionLimits.textCharactersMax - cmid.text.utf8.count)
        let count =
            person.generator.chance(1, in: 2) ? rest : person.generator.next(upperBound: rest)
        // As many bytes as a character may have, and so many characters that both limits are met.
        return cmid.text + String(repeating: "🙂", count: max(1, Int(count)))
    }

    func write(to chat: ChatID, by person: SimulatedPerson, isLong: Bool? = nil) {
        guard person.core.outbox.count < 30 else { return }
        let cmid = freshID(of: person)
        beAround(cmid, in: chat, person)
        if actOtherwise(cmid, in: chat, by: person) { return }
        person.pending[cmid] = SimulatedPerson.PendingSend(
            chat: chat, begun: cluster.now, floor: history.realTimeOrder.begin(in: chat),
            counts: phase == .safety && person.core.phase != .offline)
        if let target = person.deleteTarget(of: cmid, in: chat) {
            history.deletions.asks(cmid, target: target, in: chat)
            return feed(
                .send(OutgoingMessage(cmid: cmid, chat: chat, text: "", deletes: target)),
                to: person)
        }
        if let reaction = person.reaction(of: cmid, in: chat) {
            history.reactions.asks(
                cmid, reaction.emoji, target: reaction.target, in: chat, by: person.account)
            return feed(
                .send(OutgoingMessage(cmid: cmid, chat: chat, text: "", reacts: reaction)),
                to: person)
        }
        history.senderOrder.writes(cmid, in: chat, by: person.index)
        if let edited = person.editTarget(of: cmid, in: chat), let first = edited.cmid {
            let text = first.text + text(of: cmid, by: person, isLong: false)
            history.edits.writes(cmid, target: edited.seq, in: chat, text: text)
            history.forwards.writes(text, by: person.account)
            return feed(
                .send(OutgoingMessage(cmid: cmid, chat: chat, text: text, edits: edited.seq)),
                to: person)
        }
        if let place = person.starTarget(of: cmid), let account = person.account {
            return ask(
                .star(account, place, isOn: !cmid.low.isMultiple(of: 4), cmid: cmid), for: .star,
                by: person)
        }
        if let (chat, change) = person.settingsChange(of: cmid), let account = person.account {
            return ask(
                .setChat(account, chat, change, cmid: cmid), for: .setChat(chat, change),
                by: person)
        }
        if let (chat, replyTo) = person.draftPlace(of: cmid), let account = person.account {
            let text = cmid.low.isMultiple(of: 4) ? "" : cmid.text
            return ask(
                .setDraft(account, chat, text: text, replyTo: replyTo, cmid: cmid),
                for: .setDraft(chat), by: person)
        }
        if let source = person.forwardSource(of: cmid) {
            history.forwards.asks(source, to: chat)
            return feed(
                .send(
                    OutgoingMessage(cmid: cmid, chat: chat, text: cmid.text, forwards: source)),
                to: person)
        }
        let message = OutgoingMessage(
            cmid: cmid, chat: chat, text: text(of: cmid, by: person, isLong: isLong),
            replyTo: person.replyTarget(of: cmid, in: chat))
        history.replies.writes(cmid, replyTo: message.replyTo)
        feed(.send(message), to: person)
    }

    /// A message over HTTP.
    func post(to chat: ChatID, by person: SimulatedPerson, isLong: Bool? = nil) {
        guard let account = person.account else { return }
        let cmid = freshID(of: person)
        let text = text(of: cmid, by: person, isLong: isLong)
        let replyTo = person.replyTarget(of: cmid, in: chat)
        history.replies.writes(cmid, replyTo: replyTo)
        ask(
            .send(account, chat, text: text, replyTo: replyTo, cmid: cmid),
            for: .post(chat, cmid, isRepetition: false), by: person)
    }

    private func read(_ chat: ChatID, by person: SimulatedPerson, _ account: AccountID) {
        let before =
            person.generator.chance(1, in: 2)
            ? nil
            : person.newest[chat].map { _ in
                SequenceNumber(1 + person.generator.next(upperBound: 300))
            }
        search(chat, by: person, account)
        ask(
            .history(
                account, chat, before: before, after: nil,
                limit: 1 + person.generator.number(below: 100)), for: .history(chat),
            by: person)
    }

    /// Looks for a message of its own that it was told of. What, and where, is decided by the
    /// number of the operation, so that people do otherwise what they always did under a seed.
    private func search(_ chat: ChatID, by person: SimulatedPerson, _ account: AccountID) {
        guard nextOperation % 2 == 0, let own = person.editable[chat], !own.isEmpty else { return }
        let entry = own[Int(nextOperation / 2 % UInt64(own.count))]
        guard let id = entry.cmid else { return }
        let isEverywhere = nextOperation % 4 == 0 && !person.visiting.contains(chat)
        let wish = Search.Wish(
            chat: chat, seq: entry.seq, part: String(id.text.dropFirst(20)),
            isEverywhere: isEverywhere)
        let search = MessageSearch(
            in: isEverywhere ? nil : chat, wish.part, zone: 0, cursor: nil, limit: 20)
        ask(.search(account, search), for: .search(wish), by: person, counts: false)
    }

    // MARK: Chats

    private func create(by person: SimulatedPerson, _ account: AccountID) {
        guard person.owner.own.count < settings.workload.ownChatsMax else { return }
        ask(
            .createChat(
                account, kind: .private, name: "chat", fullName: "A chat of \(person.index)",
                cmid: freshID(of: person)), for: .create, by: person)
    }

    private func createPublic(by person: SimulatedPerson, _ account: AccountID) {
        guard person.owner.own.count < settings.workload.ownChatsMax,
            let name = pick(Self.contestedNames, by: person)
        else { return }
        ask(
            .createChat(
                account, kind: .public, name: name, fullName: "About \(name)",
                cmid: freshID(of: person)), for: .createPublic, by: person)
    }

    private func visit(by person: SimulatedPerson) {
        let others = publicChats.filter {
            !person.chats.contains($0) && !deletedChats.contains($0)
                && !person.owner.own.contains($0)
        }
        guard let chat = pick(others, by: person) else { return }
        person.visiting.append(chat)
        met(chat, person)
    }

    private func invite(by person: SimulatedPerson, _ account: AccountID) {
        let others = people.filter { $0.isStarted && $0.owner !== person.owner }
        guard let guest = pick(others, by: person), let chat = pick(person.owner.own, by: person)
        else { return }
        let invitee: Invitee =
            person.generator.chance(1, in: 2) ? .username(guest.username) : .phone(guest.phone)
        ask(
            .invite(account, chat, invitee, cmid: freshID(of: person)), for: .invite(chat),
            by: person)
    }

    /// Looks at a chat of others.
    private func pry(by person: SimulatedPerson, _ account: AccountID) {
        let foreign = allChats.filter {
            !person.owner.own.contains($0) && !person.chats.contains($0)
        }
        guard let chat = pick(foreign, by: person) else { return }
        ask(
            .history(account, chat, before: nil, after: nil, limit: 50), for: .probe(chat),
            by: person)
        let search = MessageSearch(in: chat, "is:reply", zone: 0, cursor: nil, limit: 50)
        ask(.search(account, search), for: .searchProbe(chat), by: person, counts: false)
    }

    private func rename(by person: SimulatedPerson, _ account: AccountID) {
        let isOwn = person.generator.chance(1, in: 2)
        guard let chat = pick(isOwn ? person.owner.own : person.foreign, by: person) else {
            return
        }
        var name = "new name"
        if publicChats.contains(chat), let contested = pick(Self.contestedNames, by: person) {
            name = contested
        }
        ask(
            .renameChat(
                account, chat, name: name, fullName: "Renamed at \(cluster.now)",
                cmid: freshID(of: person)), for: isOwn ? .rename(chat) : .renameForeign(chat),
            by: person)
    }

    private func delete(by person: SimulatedPerson, _ account: AccountID) {
        let chats = person.owner.own.filter { $0 != crowd?.chat }
        guard let chat = pick(chats, by: person) else { return }
        deletedChats.append(chat)
        person.owner.own.removeAll { $0 == chat }
        counters.chatsDeleted += 1
        ask(.deleteChat(account, chat, cmid: freshID(of: person)), for: .delete(chat), by: person)
    }
}
