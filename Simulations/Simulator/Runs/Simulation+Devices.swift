internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Wire

/// Further devices and tabs of accounts, and the end of sessions.
extension Simulation {
    private static let devicesMax = 3
    private static let tabsMax = 60

    func add(
        _ owner: SimulatedAccount, login: SimulatedSession?, isIdle: Bool
    ) -> SimulatedPerson {
        let person = SimulatedPerson(
            index: people.count,
            generator: SeededGenerator(seed: settings.seed).forked(named: "person \(people.count)"),
            owner: owner, login: login, isIdle: isIdle, workload: settings.workload)
        people.append(person)
        return person
    }

    /// Whether the account of somebody without a session may begin to sign in.
    func maySignUp(_ person: SimulatedPerson) -> Bool {
        let owner = person.owner
        guard !owner.isSigningIn, !owner.isSigningOut else { return false }
        if person.login.id != nil {
            guard owner.codeCount < SimulatedAccount.codesMax else { return false }
            person.login = SimulatedSession(of: owner)
        }
        return true
    }

    /// Somebody takes another device.
    func strikeSecondDevice() {
        let fitting = people.filter { person in
            person.isStarted && !person.isIdle
                && person.owner.codeCount < SimulatedAccount.codesMax
                && people.count { $0.owner === person.owner && !$0.isIdle } < Self.devicesMax
        }
        guard let person = injector.pick(.secondDevice, fitting) else { return }
        injector.count(.secondDevice)
        let device = add(person.owner, login: nil, isIdle: false)
        cluster.schedule(.act(device.index), after: .milliseconds(1))
    }

    /// Some sockets more that do nothing, for long.
    func strikeIdleSockets() {
        let count = 1 + Int(injector.number(.idleSockets, below: 8))
        guard people.count(where: { $0.isIdle && $0.isStarted }) + count <= 12 else { return }
        injector.count(.idleSockets)
        for _ in 0..<count { openTab(.idleSockets, at: nil) }
    }

    /// Many sockets at once at one node, for a moment.
    func strikeConnectStorm() {
        let nodes = cluster.nodes.filter { $0.id != nil }
        guard let node = injector.pick(.connectStorm, nodes) else { return }
        injector.count(.connectStorm)
        let count = 10 + injector.number(.connectStorm, below: UInt64(Self.tabsMax - 10))
        for _ in 0..<count {
            guard let tab = openTab(.connectStorm, at: node.clientURL) else { return }
            let time = injector.draw(.connectStorm, from: .seconds(1), upTo: .seconds(6))
            cluster.schedule(.tabCloses(tab.index), after: time)
        }
    }

    @discardableResult
    private func openTab(_ kind: FaultKind, at home: String?) -> SimulatedPerson? {
        guard let person = writer(for: kind) else { return nil }
        let tab = add(person.owner, login: person.login, isIdle: true)
        start(tab, at: home)
        return tab
    }

    func closeTab(_ person: SimulatedPerson) {
        guard person.isStarted else { return }
        feed(.offline, to: person)
        end(person)
    }

    // MARK: Signing out

    /// Sessions that somebody has asked to close.
    struct Revocation {
        let owner: SimulatedAccount
        let sessions: [SimulatedSession]
        /// Whether all sessions of the owner are to end, those too that began meanwhile.
        let isAll: Bool
    }

    /// Somebody signs out everywhere, or one of their devices.
    func strikeRevocation() {
        let fitting = people.filter {
            $0.isStarted && !$0.isIdle && !$0.owner.isSigningIn && !$0.owner.isSigningOut
                && $0.owner.codeCount < SimulatedAccount.codesMax
        }
        guard let person = injector.pick(.revocation, fitting), let account = person.account,
            let session = person.session
        else { return }
        injector.count(.revocation)
        let isAll = injector.number(.revocation, below: 2) == 0
        var sessions: [SimulatedSession] = []
        for other in people where other.owner === person.owner {
            guard isAll || other.login === person.login,
                !sessions.contains(where: { $0 === other.login })
            else { continue }
            // Of one who is signing in nobody knows yet whether that came before this.
            other.login.isEnding = true
            if other.login.id != nil { sessions.append(other.login) }
        }
        person.owner.isSigningOut = true
        revocations.append(Revocation(owner: person.owner, sessions: sessions, isAll: isAll))
        let cmid = freshID(of: person)
        ask(
            isAll
                ? .closeAllSessions(account, cmid: cmid)
                : .closeSession(account, session, cmid: cmid),
            for: .revoke(revocations.count - 1), by: person)
    }

    /// The cluster says that the sessions are closed.
    func revoked(_ number: Int) {
        let revocation = revocations[number]
        revocation.owner.isSigningOut = false
        if revocation.isAll {
            for person in people where person.owner === revocation.owner {
                person.login.isEnding = true
            }
        }
        for session in revocation.sessions {
            guard let id = session.id, session.endedAt == nil else { continue }
            session.endedAt = cluster.now
            history.sessions.ended(id, at: cluster.now)
        }
    }

    /// A client says that its session is over.
    func signedOut(_ person: SimulatedPerson) {
        guard person.login.isEnding else {
            return history.report(
                "sessions", "the session of client \(person.index) has ended")
        }
        counters.sessionsEnded += 1
        end(person)
    }
}
