internal import Determinism
internal import Identity
internal import Storage

/// One command on its way through the rules of an account.
struct AccountChange {
    /// The state with the changes so far.
    var accounts: AccountState<StateTransaction>
    /// What is asked.
    let command: AccountCommand

    init(_ command: AccountCommand, on state: StateTransaction) {
        accounts = AccountState(state)
        self.command = command
    }

    /// Does what the command says.
    mutating func make() throws(StorageError) -> AccountOutcome {
        switch command.body {
        case .openSession(let new): try openSession(new)
        case .closeSession(let session): try closeSession(session)
        case .closeAllSessions: try closeAllSessions()
        case .redeemTicket(let redemption): try redeem(redemption)
        case .touchSession(let session): try touch(session)
        case .setProfile(let name): try setProfile(name)
        case .setUsername(let username): try setUsername(username)
        case .listChat(let chat, let seq): try list(chat, at: seq)
        case .unlistChat(let chat, let seq): try unlist(chat, at: seq)
        case .star(let chat, let seq): try star(chat, seq)
        case .unstar(let chat, let seq): try unstar(chat, seq)
        case .setChat(let chat, let change): try set(chat, change)
        case .setDraft(let chat, let text, let replyTo): try setDraft(chat, text, replyTo)
        case .signUp(let new): try signUp(new)
        case .setPassword(let change): try setPassword(change)
        case .setPhone(let phone): try setPhone(phone)
        case .see(let time): try see(at: time)
        case .setLastSeenRule(let rule): try setLastSeenRule(rule)
        }
    }

    /// The answer of a command that is not done. A username that was claimed for it is let go,
    /// unless the account got it by this very command, long ago.
    func refused(_ rejection: AccountRejection) throws(StorageError) -> AccountOutcome {
        let claimed: String? =
            switch command.body {
            case .setUsername(let username): username
            case .signUp(let new): new.username
            default: nil
            }
        guard let username = claimed,
            try accounts.account(command.account)?.usernameClaim != command.cmid
        else { return AccountOutcome(result: .rejected(rejection)) }
        return AccountOutcome(
            result: .rejected(rejection), effects: [release(username, claim: command.cmid)])
    }

    // MARK: - Sessions

    private mutating func openSession(_ new: NewSession) throws(StorageError) -> AccountOutcome {
        guard SecretHash.isValid(new.secretHash) else { return try refused(.badRequest) }
        var stored =
            try accounts.account(command.account) ?? StoredAccount(created: command.time)
        // A session keeps its one owner and one opening; the node draws its id at random.
        guard try accounts.session(new.session, of: command.account) == nil else {
            return try refused(.badRequest)
        }
        switch new.proof {
        case .phone(let phone): if stored.phone == nil { stored.phone = phone }
        case .password(let number):
            guard number > 0, number == stored.passwordNumber else {
                return try refused(.passwordWrong)
            }
        }
        let published = try open(new, &stored)
        return try accepted(stored, published)
    }

    /// Opens a session that may be opened, and closes another one if there are too many; `stored`
    /// is the caller's to put.
    mutating func open(
        _ new: NewSession, _ stored: inout StoredAccount
    ) throws(StorageError) -> [PublishedEntry] {
        var published: [PublishedEntry] = []
        if stored.sessionCount >= AccountLimits.sessionsMax {
            let idlest = try accounts.sessions(of: command.account).min {
                ($0.lastSeen, $0.session) < ($1.lastSeen, $1.session)
            }
            guard let idlest else { throw .corrupt("the count of sessions") }
            published.append(try revoke(idlest.session, &stored))
        }
        let device = AccountChange.cut(new.device)
        var session = StoredSession(
            device: device, created: command.time, secretHash: new.secretHash)
        if case .phone = new.proof { session.isByCode = true }
        try accounts.put(session, as: new.session, of: command.account)
        stored.sessionCount += 1
        assert(stored.sessionCount <= AccountLimits.sessionsMax, "sessions have a limit")
        published.append(append(.sessionOpened(new.session, device: device), &stored))
        return published
    }

    private mutating func closeSession(_ session: SessionID) throws(StorageError) -> AccountOutcome
    {
        guard var stored = try accounts.account(command.account),
            try accounts.session(session, of: command.account) != nil
        else { return try refused(.notFound) }
        let published = try revoke(session, &stored)
        return try accepted(stored, [published])
    }

    private mutating func closeAllSessions() throws(StorageError) -> AccountOutcome {
        guard var stored = try accounts.account(command.account) else {
            return try refused(.notFound)
        }
        var published: [PublishedEntry] = []
        for session in try accounts.sessions(of: command.account) {
            published.append(try revoke(session.session, &stored))
        }
        return try accepted(stored, published)
    }

    private mutating func redeem(
        _ redemption: TicketRedemption
    ) throws(StorageError) -> AccountOutcome {
        guard SecretHash.isValid(redemption.newSecretHash),
            (1...AccountLimits.hashBytesMax).contains(redemption.nonce.count)
        else { return try refused(.badRequest) }
        let key = Keyspace.ticket(command.account, redemption.session, nonce: redemption.nonce)
        guard let stored = try accounts.account(command.account),
            var session = try accounts.session(redemption.session, of: command.account),
            redemption.expires > command.time,
            // A ticket from far ahead would have to be remembered for as long.
            redemption.expires <= command.time + AccountLimits.ticketLifetimeMax
        else { return try refused(.unauthorised) }
        guard try accounts.state.value(for: key) == nil else {
            Mark.ticketUsedTwice.hit()
            return try refused(.unauthorised)
        }
        try forgetTickets()
        try accounts.state.put(StoredTicket(expires: redemption.expires).encoded(), for: key)
        session.secretHashes.append(redemption.newSecretHash)
        if session.secretHashes.count > AccountLimits.secretsMax {
            // The first is the sign-in's own, which a cookie holds: it outlives the bearers.
            session.secretHashes.remove(at: 1)
        }
        session.lastSeen = max(session.lastSeen, command.time)
        try accounts.put(session, as: redemption.session, of: command.account)
        return try accepted(stored, [])
    }

    /// Forgets some tickets that are long over. The slack keeps a ticket single although clocks of
    /// nodes differ: one that is forgotten has expired by every clock that the cluster admits.
    private mutating func forgetTickets() throws(StorageError) {
        let prefix = Keyspace.tickets(command.account)
        for pair in try accounts.state.pairs(
            prefix: prefix, countMax: AccountLimits.ticketsForgottenMax)
        {
            let over = try StoredTicket(decoding: pair.value).expires + AccountLimits.ticketSlack
            if over < command.time { try accounts.state.remove(pair.key) }
        }
    }

    private mutating func touch(_ id: SessionID) throws(StorageError) -> AccountOutcome {
        guard let stored = try accounts.account(command.account),
            var session = try accounts.session(id, of: command.account)
        else { return try refused(.notFound) }
        if session.lastSeen + AccountLimits.touchInterval <= command.time {
            session.lastSeen = command.time
            try accounts.put(session, as: id, of: command.account)
        }
        return accepted(stored)
    }

    // MARK: - Profile

    private mutating func setProfile(_ name: String) throws(StorageError) -> AccountOutcome {
        guard var stored = try accounts.account(command.account) else {
            return try refused(.notFound)
        }
        guard VisibleText.isName(name, scalarsMax: AccountLimits.nameScalarsMax) else {
            return try refused(.badName)
        }
        guard stored.name.utf8.elementsEqual(name.utf8) else {
            stored.name = name
            let published = append(.profileChanged, &stored)
            return try accepted(stored, [published])
        }
        return accepted(stored)
    }

    private mutating func setUsername(_ username: String) throws(StorageError) -> AccountOutcome {
        guard var stored = try accounts.account(command.account) else {
            return try refused(.notFound)
        }
        guard Username.isValid(username) else { return try refused(.badUsername) }
        var effects: [AccountEffect] = []
        // The old name is let go even when it is the new one: each claim is counted by itself.
        if let earlier = stored.username, let claim = stored.usernameClaim {
            effects.append(release(earlier, claim: claim))
        }
        let isChanged = stored.username != username
        stored.username = username
        stored.usernameClaim = command.cmid
        let published = isChanged ? [append(.profileChanged, &stored)] : []
        return try accepted(stored, published, effects)
    }

    // MARK: - Chat list

    private mutating func list(
        _ chat: ChatID, at seq: SequenceNumber
    ) throws(StorageError) -> AccountOutcome {
        // Invited before the first sign-in is complete: the account is made now and completed then.
        var stored =
            try accounts.account(command.account) ?? StoredAccount(created: command.time)
        let earlier = try accounts.listing(of: chat, command.account)
        if let earlier, earlier.seq >= seq { return accepted(stored) }
        let isListed = earlier?.isListed ?? false
        guard isListed || stored.chatCount < AccountLimits.chatsMax else {
            return try refused(.tooLarge)
        }
        try putListing(StoredListing(isListed: true, seq: seq), chat)
        // A later entry lists it again: the removal between the two was not heard of here, but may
        // have been by a client, which has let go of the chat.
        if !isListed { stored.chatCount += 1 }
        var published = [append(.chatAdded(chat), &stored)]
        if isListed { published += try forget(chat, &stored) }
        return try accepted(stored, published)
    }

    private mutating func unlist(
        _ chat: ChatID, at seq: SequenceNumber
    ) throws(StorageError) -> AccountOutcome {
        var stored =
            try accounts.account(command.account) ?? StoredAccount(created: command.time)
        let earlier = try accounts.listing(of: chat, command.account)
        if let earlier, earlier.seq >= seq { return accepted(stored) }
        try putListing(StoredListing(isListed: false, seq: seq), chat)
        guard earlier?.isListed ?? false, stored.chatCount > 0 else { return accepted(stored) }
        stored.chatCount -= 1
        var published = [append(.chatRemoved(chat), &stored)]
        published += try forget(chat, &stored)
        return try accepted(stored, published)
    }

    /// Nothing is kept any more of a chat that was left.
    private mutating func forget(
        _ chat: ChatID, _ stored: inout StoredAccount
    ) throws(StorageError) -> [PublishedEntry] {
        let settings = try forgetSettings(of: chat, &stored)
        return [settings, try forgetDraft(of: chat, &stored)].compactMap { $0 }
    }

    private mutating func putListing(
        _ listing: StoredListing, _ chat: ChatID
    ) throws(StorageError) {
        try accounts.state.put(
            listing.encoded(), for: Keyspace.listedChat(command.account, chat))
    }

    // MARK: - Stars

    private mutating func star(
        _ chat: ChatID, _ seq: SequenceNumber
    ) throws(StorageError) -> AccountOutcome {
        guard var stored = try accounts.account(command.account) else {
            return try refused(.notFound)
        }
        guard seq > .zero, seq.rawValue < Keyspace.numberMax else {
            return try refused(.badRequest)
        }
        let key = Keyspace.star(command.account, chat, seq)
        guard try accounts.state.value(for: key) == nil else { return accepted(stored) }
        guard stored.starCount < AccountLimits.starsMax else { return try refused(.tooManyStars) }
        stored.starCount += 1
        let published = append(.starred(chat, seq), &stored)
        let star = Star(chat: chat, seq: seq, place: stored.inbox.seq)
        try accounts.state.put(star.encoded(), for: key)
        return try accepted(stored, [published])
    }

    private mutating func unstar(
        _ chat: ChatID, _ seq: SequenceNumber
    ) throws(StorageError) -> AccountOutcome {
        guard var stored = try accounts.account(command.account) else {
            return try refused(.notFound)
        }
        let key = Keyspace.star(command.account, chat, seq)
        guard try accounts.state.value(for: key) != nil else { return accepted(stored) }
        guard stored.starCount > 0 else { throw .corrupt("the count of stars") }
        try accounts.state.remove(key)
        stored.starCount -= 1
        let published = append(.unstarred(chat, seq), &stored)
        return try accepted(stored, [published])
    }

    // MARK: - Pieces

    /// Closes a session that is open; `stored` is the caller's to put.
    mutating func revoke(
        _ session: SessionID, _ stored: inout StoredAccount
    ) throws(StorageError) -> PublishedEntry {
        guard stored.sessionCount > 0 else { throw .corrupt("the count of sessions") }
        try accounts.state.remove(Keyspace.session(command.account, session))
        stored.sessionCount -= 1
        return append(.sessionRevoked(session), &stored)
    }

    /// Adds an entry to the account's inbox; `stored` is the caller's to put.
    mutating func append(
        _ kind: InboxEntry.Kind, _ stored: inout StoredAccount
    ) -> PublishedEntry {
        accounts.append(kind, at: command.time, to: command.account, &stored)
    }

    /// Done, with the account as it is now.
    mutating func accepted(
        _ stored: StoredAccount, _ published: [PublishedEntry], _ effects: [AccountEffect] = []
    ) throws(StorageError) -> AccountOutcome {
        try accounts.put(stored, as: command.account)
        return AccountOutcome(
            result: accepted(stored).result, published: published, effects: effects)
    }

    /// Done already, or nothing to do.
    func accepted(_ stored: StoredAccount) -> AccountOutcome {
        AccountOutcome(
            result: .accepted(
                AccountReceipt(
                    account: command.account, inbox: stored.inbox.seq, time: command.time)))
    }

    private func release(_ username: String, claim: MessageID) -> AccountEffect {
        AccountEffect(
            cmid: command.cmid.derived(0),
            body: .releaseName(username, command.account, claim: claim))
    }

    private static func cut(_ device: String) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: device.unicodeScalars.prefix(AccountLimits.deviceScalarsMax))
        return String(scalars)
    }
}

/// Usernames.
package enum Username {
    /// Whether this may be one: 5 to 32 of a-z, 0-9 and _, beginning with a letter.
    package static func isValid(_ username: String) -> Bool {
        guard (5...32).contains(username.utf8.count), let first = username.utf8.first,
            isLetter(first)
        else { return false }
        return username.utf8.allSatisfy { byte in
            isLetter(byte) || byte == UInt8(ascii: "_")
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
    }
}
