internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Registry
internal import Wire

/// People who type, are there and look whether others are.
extension Simulation {
    /// A person who writes types before, is there or not, and has others on the screen. The id of
    /// the command decides, and the client draws nothing, so that people do otherwise what they
    /// always did under a seed.
    func beAround(_ cmid: MessageID, in chat: ChatID, _ person: SimulatedPerson) {
        guard let account = person.account else { return }
        if cmid.low % 3 != 0 {
            history.typing.says(account, in: chat, at: cluster.now)
            feedQuietly(.typing(chat), to: person)
        }
        switch cmid.low / 3 % 8 {
        case 0: feedQuietly(.active(false), to: person)
        case 1, 2, 3: feedQuietly(.active(true), to: person)
        default: break
        }
        let everybody = people.compactMap(\.account)
        if phase == .safety, cmid.low / 24 % 4 == 0 {
            feedQuietly(.watch(everybody.filter { $0 != account }), to: person)
        }
        guard phase == .safety, cmid.low % 37 == 9 else { return }
        ask(
            .setLastSeenRule(
                account, cmid.low / 37 % 2 == 0 ? .nobody : .everybody,
                cmid: freshID(of: person)), for: .setLastSeenRule, by: person)
    }

    private func feedQuietly(_ event: ClientEvent, to person: SimulatedPerson) {
        carryOut(person.core.receive(event, random: 0), of: person)
    }

    /// A node sends a frame that may get lost.
    func note(ephemeral frame: SharedFrame) {
        guard frame.bytes.starts(with: Array(#"{"kind":"typing""#.utf8)),
            case .typing(let chat, let account, _)? = try? ServerFrame(decoding: frame.bytes)
        else { return }
        history.typing.leaves(account, in: chat, at: cluster.now)
    }

    /// A client is told that somebody types.
    func typed(
        _ typist: AccountID, in chat: ChatID, at seq: SequenceNumber, _ person: SimulatedPerson
    ) {
        guard let account = person.account else { return }
        history.typing.shows(typist, in: chat, at: seq, to: account)
        // Who sees that must be let to see the next entry.
        history.authorisation.shows(seq.next, of: chat, to: account)
    }

    /// Whether everybody may read and write there.
    func isOpen(_ chat: ChatID) -> Bool {
        publicChats.contains(chat) || rooms.contains { $0.chat == chat }
    }

    // MARK: In the end

    /// How long after everything else is well every client may take to know who is there: until a
    /// claim ends that nobody repeats, is asked for, and a new leader has heard of everybody.
    private static let presenceTimeMax = Interval.seconds(30)

    /// Lets every client find out who is there.
    func awaitPresence() {
        let isKnown = cluster.run(until: cluster.now + Self.presenceTimeMax) {
            history.isSound
                && !(isCheckDue(every: .milliseconds(250)) && presenceDifferences.isEmpty)
        }
        guard !isKnown, history.isSound else { return }
        for words in presenceDifferences.prefix(4) { history.presences.differs(words) }
    }

    /// What clients have not found out about who is there, in words.
    private var presenceDifferences: [String] {
        var truths: [AccountID: Presences.Truth] = [:]
        for person in people {
            guard let account = person.account else { continue }
            let isThere = person.core.isActive && person.core.phase == .live
            let known = truths[account]?.isThere ?? false
            truths[account] = Presences.Truth(
                isThere: known || isThere, hides: hidesLastSeen(account))
        }
        return people.flatMap { person -> [String] in
            guard person.core.phase == .live, let account = person.account,
                person.core.knowsPresence
            else { return [] }
            return history.presences.differences(
                of: person.index, as: account, watching: person.core.watched, truths)
        }
    }

    /// Whether the inbox says last that nobody may know when the account was there.
    private func hidesLastSeen(_ account: AccountID) -> Bool {
        for entry in (log(.inbox(account)) ?? []).reversed() {
            if case .privacyChanged(let rule) = entry.content { return rule == .nobody }
        }
        return false
    }
}

extension SimulationSettings {
    /// Everything about presence goes faster, so that a run need not wait for it.
    mutating func hastenPresence() {
        node.presenceClaimInterval = .seconds(2)
        node.presenceLifetime = .seconds(6)
        node.presenceWatchInterval = .seconds(4)
        node.presenceWatchLifetime = .seconds(10)
        node.presenceSweepInterval = .milliseconds(500)
        node.presenceGrace = .milliseconds(300)
        node.lastSeenInterval = .seconds(3)
    }
}
