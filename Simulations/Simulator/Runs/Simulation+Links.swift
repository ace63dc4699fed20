internal import Determinism
internal import Identity
internal import Node
internal import Wire

/// Links that people make, use and revoke.
extension Simulation {
    /// A link that somebody was told of, as one finds it on a poster.
    struct KnownLink {
        let chat: ChatID
        let id: InviteLinkID
        let secret: InviteSecret
    }

    /// How many of them people remember.
    private static let linksMax = 64
    /// People who are invited before they sign up, in one run; their numbers are nobody else's.
    private static let newcomersMax = 3
    private static let firstNewcomer = 500_000

    /// Makes a link of the chat or ends one, or invites somebody who has not signed up, if the id
    /// says so; whether it does.
    func actByLink(
        _ cmid: MessageID, in chat: ChatID, isGroup: Bool, by person: SimulatedPerson,
        _ account: AccountID
    ) -> Bool {
        let number = cmid.low / 9
        if cmid.low % 9 == 7, person.owner.own.contains(chat) {
            return inviteAway(cmid, number, to: chat, by: person, account)
        }
        guard cmid.low % 9 == 2, isGroup else { return false }
        let own = knownLinks.filter { $0.chat == chat }
        guard !own.isEmpty, number % 4 == 3 else {
            makeLink(cmid, number / 4, in: chat, by: person, account)
            return true
        }
        let link = own[Int(number / 4 % UInt64(own.count))]
        ask(
            .revokeLink(account, chat, link.id, cmid: cmid), for: .revokeLink(chat, link.id),
            by: person)
        return true
    }

    /// Looks at a link or joins by it, if the id says so; whether it does.
    func followLink(
        _ cmid: MessageID, by person: SimulatedPerson, _ account: AccountID
    ) -> Bool {
        guard cmid.low % 21 == 10, !knownLinks.isEmpty else { return false }
        let number = cmid.low / 21
        // The newest is what most people have heard of.
        let place = number.isMultiple(of: 2) ? UInt64(knownLinks.count - 1) : number / 2
        let link = knownLinks[Int(place % UInt64(knownLinks.count))]
        if number % 5 == 0 {
            ask(
                .invitation(account, link.chat, link.secret), for: .invitation(link.chat),
                by: person)
            return true
        }
        join(by: link, cmid, person, account)
        // Others have read it at the same time.
        for other in people.filter({ $0.isStarted && !$0.isIdle }).prefix(Int(number / 8 % 4)) {
            guard let account = other.account else { continue }
            join(by: link, freshID(of: other), other, account)
        }
        return true
    }

    private func makeLink(
        _ cmid: MessageID, _ number: UInt64, in chat: ChatID, by person: SimulatedPerson,
        _ account: AccountID
    ) {
        let secret = InviteSecret(
            high: StableHash.of(cmid.bytes, seed: 1), low: StableHash.of(cmid.bytes, seed: 2))
        let terms = ClientLinkTerms(
            name: number.isMultiple(of: 2) ? "Poster" : "",
            expires: number % 3 == 0
                ? WallTime(milliseconds: cmid.milliseconds + 1_000 + number % 20_000) : nil,
            uses: number % 4 == 0 ? nil : number % 4)
        history.inviteLinks.asks(terms, of: chat, as: InviteLinkID(cmid))
        ask(
            .makeLink(account, chat, terms, secret, cmid: cmid), for: .makeLink(chat), by: person)
    }

    private func join(
        by link: KnownLink, _ cmid: MessageID, _ person: SimulatedPerson, _ account: AccountID
    ) {
        ask(
            .join(account, link.chat, link.secret, cmid: cmid), for: .join(link.chat), by: person)
    }

    /// Invites somebody whom nobody has met, who signs up at that moment or a little later: one
    /// message to a number is enough. Whether it does.
    private func inviteAway(
        _ cmid: MessageID, _ number: UInt64, to chat: ChatID, by person: SimulatedPerson,
        _ account: AccountID
    ) -> Bool {
        guard newcomerCount < Self.newcomersMax else { return false }
        let owner = SimulatedAccount(index: Self.firstNewcomer + newcomerCount)
        newcomerCount += 1
        let newcomer = add(owner, login: nil, isIdle: false)
        cluster.schedule(.act(newcomer.index), after: .milliseconds(1 + number % 4 * 400))
        ask(
            .invite(account, chat, .phone(owner.phone), cmid: cmid),
            for: .inviteAway(chat, owner.phone), by: person)
        return true
    }

    /// Whether it was an answer about links.
    func useLinks(
        _ response: ClientResponse, of operation: ClientOperation, _ person: SimulatedPerson
    ) -> Bool {
        switch (operation.purpose, response) {
        case (.makeLink(let chat), .links(let links)):
            for link in links {
                knownLinks.append(KnownLink(chat: chat, id: link.id, secret: link.secret))
            }
            knownLinks.removeFirst(max(0, knownLinks.count - Self.linksMax))
            counters.linksMade += 1
        case (.revokeLink(let chat, let link), .receipt(let receipt)):
            history.inviteLinks.revoked(link, of: chat, at: receipt.seq)
        case (.join, .chat(let chat, _)):
            if let account = person.account { history.inviteLinks.joined(chat, by: account) }
        case (.invitation, .invitation), (.inviteAway, .person): break
        case (.inviteAway(let chat, let phone), .awaited):
            if let account = person.account {
                history.phoneInvitations.awaits(phone, in: chat, by: account)
            }
        case (.finalLinks(let chat), .links(let links)):
            history.inviteLinks.lists(links, of: chat)
        default: return false
        }
        return true
    }

    /// Whether this refusal is right of what concerns links; nil when it does not.
    func expectsOfLink(_ code: FailureCode, _ purpose: ClientOperation.Purpose) -> Bool? {
        switch purpose {
        // Clocks differ, and who revokes may be faster than an answer.
        case .makeLink(let chat):
            [.badTerms, .tooManyLinks, .notFound].contains(code)
                || code == .noRight && publicChats.contains(chat)
        case .revokeLink: code == .noRight
        case .join, .invitation: code == .badLink || code == .banned
        case .inviteAway: code == .notFound
        default: nil
        }
    }

    /// All logs are known, and so is everybody who has signed up.
    func judgeInvitations() {
        history.inviteLinks.judge()
        counters.linkJoins = history.inviteLinks.joinCount
        var accounts: [String: AccountID] = [:]
        for person in people { accounts[person.phone] = person.account }
        let (deleted, authorisation) = (deletedChats, history.authorisation)
        history.phoneInvitations.judge(accounts: accounts) { chat, inviter in
            deleted.contains(chat) || authorisation.mayHaveEnded(inviter, in: chat)
                || authorisation.mayLackRights("noRight", in: chat)
        }
        counters.invitationsAccepted = history.phoneInvitations.acceptedCount
    }

    /// In the end the links of a chat are counted again.
    func askForLinks(of chat: ChatID, by person: SimulatedPerson, _ account: AccountID) {
        guard knownLinks.contains(where: { $0.chat == chat }) else { return }
        ask(.links(account, chat), for: .finalLinks(chat), by: person)
    }
}
