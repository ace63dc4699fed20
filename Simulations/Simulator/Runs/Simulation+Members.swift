internal import Identity
internal import Node
internal import Registry
internal import Wire

/// Direct chats that people open, and memberships that they end.
extension Simulation {
    /// Does something else with `cmid` than sending a message, if its id says so; whether it does.
    func actOtherwise(_ cmid: MessageID, in chat: ChatID, by person: SimulatedPerson) -> Bool {
        guard phase == .safety, let account = person.account else { return false }
        if setPassword(cmid, by: person, account) { return true }
        if cmid.low % 17 == 5 {
            open(cmid, by: person, account)
            return true
        }
        if cmid.low % 23 == 8, history.directChats.has(chat) {
            meddle(cmid, in: chat, by: person, account)
            return true
        }
        let isPublic =
            publicChats.contains(chat) || rooms.contains { $0.chat == chat }
            || person.visiting.contains(chat)
        if let place = person.pinTarget(of: cmid, in: chat, isPublic: isPublic) {
            let isOn = !cmid.low.isMultiple(of: 3)
            ask(.pin(account, place, isOn: isOn, cmid: cmid), for: .pin(chat), by: person)
            return true
        }
        if followLink(cmid, by: person, account) { return true }
        guard chat != crowd?.chat, !rooms.contains(where: { $0.chat == chat }) else { return false }
        let isGroup = person.owner.own.contains(chat) || person.foreign.contains(chat)
        if actByLink(cmid, in: chat, isGroup: isGroup, by: person, account) { return true }
        if cmid.low % 7 == 4, isGroup,
            let request = rightsRequest(cmid, in: chat, by: person, account)
        {
            history.authorisation.asksRights(in: chat)
            ask(request, for: .rights(chat), by: person)
            return true
        }
        guard let member = person.removalTarget(of: cmid, in: chat)
        else { return false }
        history.authorisation.asksEnd(of: member, in: chat)
        // Who was passed the chat and is alone in it ends it by leaving.
        if member == account, passedChats.contains(chat), !deletedChats.contains(chat) {
            deletedChats.append(chat)
        }
        counters.membershipsEnded += 1
        ask(.removeMember(account, chat, member, cmid: cmid), for: .remove(chat), by: person)
        return true
    }

    /// Opens the direct chat with somebody, who may be the person itself and often does the same at
    /// this very moment.
    private func open(_ cmid: MessageID, by person: SimulatedPerson, _ account: AccountID) {
        let others = people.filter { $0.isStarted && $0.account != nil }
        let other = others[Int(cmid.low / 17 % UInt64(others.count))]
        guard let friend = other.account else { return }
        let invitee: Invitee =
            switch cmid.low % 3 {
            case 0: .username(other.username)
            case 1: .phone(other.phone)
            default: .account(friend)
            }
        ask(.openChat(account, with: invitee, cmid: cmid), for: .open(friend), by: person)
        guard friend != account, !other.isIdle, cmid.low.isMultiple(of: 2) else { return }
        ask(
            .openChat(friend, with: .account(account), cmid: freshID(of: other)),
            for: .open(account), by: other)
    }

    /// A wish for other rights in a chat, which may be somebody's to have or not: that is for the
    /// log to judge. The id decides which, and about whom.
    private func rightsRequest(
        _ cmid: MessageID, in chat: ChatID, by person: SimulatedPerson, _ account: AccountID
    ) -> ClientRequest? {
        let number = cmid.low / 7
        let everybody = people.compactMap { $0.isStarted ? $0.account : nil }
        let guests = person.guests[chat] ?? []
        let some = guests.isEmpty || number % 5 == 0 ? everybody : guests
        let other = some[Int(number / 16 % UInt64(some.count))]
        switch number % 16 {
        case 0...3: return .setRole(account, chat, other, isAdmin: true, cmid: cmid)
        case 4: return .setRole(account, chat, other, isAdmin: false, cmid: cmid)
        case 5, 6:
            passedChats.insert(chat)
            return .setOwner(account, chat, other, cmid: cmid)
        case 7, 8:
            history.authorisation.asksEnd(of: other, in: chat)
            return .ban(account, chat, other, isOn: true, cmid: cmid)
        case 9, 10: return .ban(account, chat, other, isOn: false, cmid: cmid)
        case 11: return .banned(account, chat)
        case 12: return .describeChat(account, chat, about: "About \(number)", cmid: cmid)
        default:
            // Most leave their members the word, so that something is said.
            let bits = number / 16 | (number.isMultiple(of: 2) ? 0 : 1)
            let named = ClientPermission.allCases.enumerated()
                .filter { bits >> UInt64($0.offset) & 1 == 1 }.map(\.element)
            return .setPermissions(account, chat, named, cmid: cmid)
        }
    }

    /// Asks of a direct chat what is not for it.
    private func meddle(
        _ cmid: MessageID, in chat: ChatID, by person: SimulatedPerson, _ account: AccountID
    ) {
        let request: ClientRequest =
            switch cmid.low / 23 % 6 {
            case 4: .ban(account, chat, account, isOn: false, cmid: cmid)
            case 5: .setPermissions(account, chat, [], cmid: cmid)
            case 0: .renameChat(account, chat, name: "ours", fullName: "", cmid: cmid)
            case 1: .deleteChat(account, chat, cmid: cmid)
            case 2: .invite(account, chat, .username(person.username), cmid: cmid)
            default: .removeMember(account, chat, account, cmid: cmid)
            }
        ask(request, for: .nonsense([.directChat]), by: person)
    }

    /// Whether a chat may be over for somebody: deleted, or not theirs any more.
    func mayBeOver(_ chat: ChatID, for person: SimulatedPerson) -> Bool {
        deletedChats.contains(chat)
            || history.authorisation.mayHaveEnded(person.account, in: chat)
    }

    /// Somebody heard that a chat is not theirs any more. Whether it is again already is for the
    /// cluster to say: who was invited anew has to be told nothing by a list that it never left.
    func lose(_ chat: ChatID, _ person: SimulatedPerson) {
        leave(chat, person)
        guard let account = person.account else { return }
        ask(.chat(account, chat), for: .lookAgain(chat), by: person, counts: false)
    }
}
