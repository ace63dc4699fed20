internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Wire

/// What people do, one thing after another.
extension Simulation {
    private static let ownChatsMax = 4

    func act(_ person: SimulatedPerson) {
        guard phase == .safety else { return }
        let pause = Interval.milliseconds(10).jittered(
            by: settings.thinkTime * 2, using: &person.generator)
        cluster.schedule(.act(person.index), after: pause)
        guard let account = person.account, person.isStarted else {
            if !openOperations.contains(where: { operations[$0]?.person == person.index }) {
                signUp(person)
            }
            return
        }
        let chat = person.chats[Int(person.generator.next(upperBound: UInt64(person.chats.count)))]
        switch person.generator.number(below: 100) {
        case 0..<55: write(to: chat, by: person)
        case 55..<61: create(by: person, account)
        case 61..<72: invite(by: person, account)
        case 72..<80: read(chat, by: person, account)
        case 80..<88:
            if let newest = person.newest[chat] { feed(.read(chat, newest), to: person) }
        case 88..<92: ask(.chats(account), for: .chats, by: person)
        case 92..<95: pry(by: person, account)
        case 95..<97: rename(by: person, account)
        case 97..<98: feed(.offline, to: person)
        case 98..<99: ask(.me(account), for: .me, by: person)
        default: feed(.online, to: person)
        }
        if person.core.phase == .offline, person.generator.chance(1, in: 2) {
            feed(.online, to: person)
        }
    }

    private func create(by person: SimulatedPerson, _ account: AccountID) {
        guard person.own.count < Self.ownChatsMax else { return }
        ask(
            .createChat(
                account, kind: .private, name: "chat", fullName: "A chat of \(person.index)",
                cmid: freshID(of: person)), for: .create, by: person)
    }

    private func invite(by person: SimulatedPerson, _ account: AccountID) {
        let others = people.filter { $0.isStarted && $0.index != person.index }
        guard !others.isEmpty, !person.own.isEmpty else { return }
        let guest = others[Int(person.generator.next(upperBound: UInt64(others.count)))]
        let chat = person.own[Int(person.generator.next(upperBound: UInt64(person.own.count)))]
        let invitee: Invitee =
            person.generator.chance(1, in: 2) ? .username(guest.username) : .phone(guest.phone)
        ask(.invite(account, chat, invitee, cmid: freshID(of: person)), for: .invite, by: person)
    }

    private func read(_ chat: ChatID, by person: SimulatedPerson, _ account: AccountID) {
        ask(
            .history(
                account, chat, before: nil, after: nil,
                limit: 1 + person.generator.number(below: 100)), for: .history(chat),
            by: person)
    }

    /// Looks at a chat of others.
    private func pry(by person: SimulatedPerson, _ account: AccountID) {
        let foreign = allChats.filter { !person.own.contains($0) && !person.chats.contains($0) }
        guard !foreign.isEmpty else { return }
        let chat = foreign[Int(person.generator.next(upperBound: UInt64(foreign.count)))]
        ask(
            .history(account, chat, before: nil, after: nil, limit: 50), for: .probe(chat),
            by: person)
    }

    private func rename(by person: SimulatedPerson, _ account: AccountID) {
        let isOwn = person.generator.chance(1, in: 2)
        let chats =
            isOwn
            ? person.own
            : person.chats.filter { !person.own.contains($0) }
        guard !chats.isEmpty else { return }
        let chat = chats[Int(person.generator.next(upperBound: UInt64(chats.count)))]
        // A chat that is being made is in the list before its maker has heard so.
        let isBeingMade = openOperations.contains {
            operations[$0]?.person == person.index && operations[$0]?.purpose == .create
        }
        guard isOwn || !isBeingMade else { return }
        ask(
            .renameChat(
                account, chat, name: "new name", fullName: "Renamed at \(cluster.now)",
                cmid: freshID(of: person)), for: isOwn ? .rename : .renameForeign, by: person)
    }
}
