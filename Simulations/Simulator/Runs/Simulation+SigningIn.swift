internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Registry
internal import Wire

/// How people get sessions.
extension Simulation {
    /// An id by the client's clock, wrong as that may be.
    func freshID(of person: SimulatedPerson) -> MessageID {
        let time = Int64(cluster.wall.milliseconds) + person.clockOffset
        return MessageID(milliseconds: UInt64(max(0, time)), using: &person.generator)
    }

    /// Begins what leads to a session.
    func signUp(_ person: SimulatedPerson) {
        if asksForPassword(person) { return }
        person.owner.isSigningIn = true
        ask(
            .requestCode(
                phone: person.phone, codeHash: codeHash(of: person), cmid: freshID(of: person)),
            for: .requestCode, by: person,
            counts: person.login.id == nil && person.index < settings.personCount)
    }

    private func codeHash(of person: SimulatedPerson) -> [UInt8] {
        SimulatedDigest().digest(Array("code of \(person.phone)".utf8))
    }

    func signUp(
        _ person: SimulatedPerson, goesOnWith response: ClientResponse,
        of operation: ClientOperation
    ) {
        switch (operation.purpose, response) {
        case (.requestCode, .codeRequested): signIn(person, counts: operation.counts)
        case (.signIn, .signedIn(let account, let session)):
            person.owner.isSigningIn = false
            if let known = person.account, known != account.id {
                history.report("sense", "\(person.phone) belongs to \(known) and \(account.id)")
            }
            person.owner.id = account.id
            person.login.id = session
            ask(
                .setProfile(
                    account.id, name: "Person \(person.owner.index)", username: person.username,
                    cmid: freshID(of: person)), for: .profile, by: person)
        case (.profile, .account(let account)):
            if account.username != person.username {
                history.report("sense", "\(person.username) is called \(account)")
            }
            ask(.chats(account.id), for: .firstChats, by: person)
        case (.firstChats, .chats): start(person)
        default:
            history.report("sense", "\(operation.request.word) was answered \(response)")
        }
    }

    private func signIn(_ person: SimulatedPerson, counts: Bool) {
        ask(
            .signIn(
                SignIn(
                    phone: person.phone, codeHash: codeHash(of: person), device: "simulated",
                    newAccount: AccountID(using: &person.generator),
                    session: SessionID(using: &person.generator),
                    secretHash: SimulatedDigest().digest(person.login.secret),
                    cmid: freshID(of: person))), for: .signIn, by: person, counts: counts)
    }

    /// The client of somebody who is signed in begins, with nothing.
    func start(_ person: SimulatedPerson, at home: String? = nil) {
        let urls = cluster.nodes.filter { $0.id != nil }.map(\.clientURL)
        person.home =
            home ?? urls[Int(person.generator.next(upperBound: UInt64(urls.count)))]
        person.isStarted = true
        history.delivery.follows(.inbox, after: .zero, by: person.index)
        feed(
            .start(
                ClientStart(
                    home: person.home, nodes: urls, hasCookies: person.usesCookie,
                    bearer: person.usesCookie ? nil : person.token, inbox: .nothing)), to: person)
        for room in rooms { met(room.chat, person) }
    }

    /// The client of somebody has ended: what it knew is gone.
    func end(_ person: SimulatedPerson) {
        person.isStarted = false
        history.senderOrder.ends(person.index)
        for chat in person.chats { forget(chat, person) }
        history.delivery.stops(.inbox, by: person.index)
        history.stars.forgets(person.index)
        history.settings.forgets(person.index)
        history.drafts.forgets(person.index)
        person.chats = []
        person.visiting = []
        person.foreign = []
        person.pending = [:]
        person.timers = [:]
    }
}
