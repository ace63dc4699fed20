internal import Determinism
internal import Identity
internal import Wire

// Who types, and who is there: what clients say of their person, and are told of others. All of it
// is ephemeral: it has no number, and a slow socket is spared it first.
extension SessionHub {
    // MARK: Typing

    /// The person of a socket types in a chat that it follows.
    mutating func noteTyping(in chat: ChatID, by account: AccountID, _ socket: SocketID) {
        guard let state = sockets[socket], state.cursors[.chat(chat)] != nil else { return }
        if let typedAt = state.typedAt, now - typedAt < SessionLimits.typingPauseMin {
            return
        }
        sockets[socket]?.typedAt = now
        effects.append(.signal(.typing(account, chat)))
    }

    /// Tells those who have all of the log of a chat that somebody types there. When that was found
    /// right the log ended at `seq`: a hub that has heard of less does not know who may be told,
    /// and one that has heard of more does not know whether it still is right. Both are rare, as
    /// entries come the same way in order, and it will be said again.
    mutating func receiveTyping(
        of account: AccountID, in chat: ChatID, epoch: UInt64, seq: SequenceNumber
    ) {
        guard let followed = logs[.chat(chat)], let head = followed.head else { return }
        guard followed.epoch == epoch, head.seq == seq else {
            return Mark.typingAhead.hit()
        }
        let own = accountSockets[account] ?? []
        let told = followed.live.filter { !own.has($0) && !slowSockets.has($0) }
        guard !told.isEmpty else { return }
        let frame = SharedFrame(ServerFrame.typing(chat, account, seq: seq).jsonBytes)
        effects.append(.send(told, frame, .ephemeral))
    }

    // MARK: Being there

    /// The person of a socket uses the client, or does so no longer.
    mutating func setActive(_ isActive: Bool, _ socket: SocketID) {
        guard let state = sockets[socket], state.isActive != isActive,
            let account = state.grant?.account
        else { return }
        let wasActive = isActiveHere(account)
        sockets[socket]?.isActive = isActive
        let isActive = isActiveHere(account)
        if isActive != wasActive {
            effects.append(.signal(.presence(account, isActive: isActive)))
        }
    }

    /// Whether the account has somebody at a socket of this hub.
    private func isActiveHere(_ account: AccountID) -> Bool {
        (accountSockets[account] ?? []).contains { sockets[$0]?.isActive == true }
    }

    // MARK: Looking

    /// A socket wants to be told of these, instead of those of the last time. What is known of them
    /// comes at once.
    mutating func watch(_ accounts: [AccountID], of socket: SocketID) {
        guard let state = sockets[socket], let own = state.grant?.account else { return }
        let wanted = Set(accounts).subtracting([own]).sorted()
        // What the own account hides decides what the socket is told of others.
        let before = state.watches.isEmpty ? [] : state.watches + [own]
        let after = wanted.isEmpty ? [] : wanted + [own]
        sockets[socket]?.watches = wanted
        let (old, new) = (Set(before), Set(after))
        var ended: [AccountID] = []
        for account in before where !new.contains(account) {
            watched[account]?.sockets.removeSorted(socket)
            guard watched[account]?.sockets.isEmpty == true else { continue }
            watched[account] = nil
            ended.append(account)
        }
        var begun: [AccountID] = []
        for account in after where !old.contains(account) {
            if watched[account] == nil { begun.append(account) }
            watched[account, default: WatchedAccount()].sockets.insertSorted(socket)
        }
        if !ended.isEmpty { effects.append(.signal(.unwatch(ended))) }
        if !begun.isEmpty { effects.append(.signal(.watch(begun))) }
        tell([socket: wanted.filter { !old.contains($0) }])
    }

    /// The node tells whether watched accounts are there.
    mutating func receivePresence(_ people: [PersonPresence]) {
        var news: [SocketID: [AccountID]] = [:]
        var anew: [SocketID] = []
        for person in people {
            guard let watch = watched[person.account], watch.presence != person.presence else {
                continue
            }
            let hid = watch.presence?.isBlurred
            watched[person.account]?.presence = person.presence
            let own = accountSockets[person.account] ?? []
            for socket in watch.sockets where !own.has(socket) {
                news[socket, default: []].append(person.account)
            }
            // Who begins to hide, or ends it, is told anew of everybody.
            guard hid != person.presence.isBlurred else { continue }
            anew += own
        }
        for socket in anew { news[socket] = sockets[socket]?.watches }
        tell(news)
    }

    /// Tells each socket what it may know of accounts, those alike that are told the same. A slow
    /// one is spared it, and told when it has drained.
    mutating func tell(_ news: [SocketID: [AccountID]]) {
        var frames: [(people: [PersonPresence], sockets: [SocketID])] = []
        var places: [[PersonPresence]: Int] = [:]
        for socket in news.keys.sorted() where !slowSockets.has(socket) {
            let people = visible(news[socket] ?? [], to: socket)
            if people.isEmpty { continue }
            if let place = places[people] {
                frames[place].sockets.append(socket)
            } else {
                places[people] = frames.count
                frames.append((people, [socket]))
            }
        }
        for frame in frames {
            let bytes = SharedFrame(ServerFrame.presence(frame.people).jsonBytes)
            effects.append(.send(frame.sockets, bytes, .ephemeral))
        }
    }

    /// What a socket may know of accounts: who hides when it was there is not told exactly when
    /// others were; and nothing while it is not known whether it hides.
    private func visible(_ accounts: [AccountID], to socket: SocketID) -> [PersonPresence] {
        guard let own = sockets[socket]?.grant?.account,
            let hides = watched[own]?.presence?.isBlurred
        else { return [] }
        return accounts.compactMap { account in
            guard let presence = watched[account]?.presence else { return nil }
            return PersonPresence(
                account: account, presence: hides ? presence.blurred(at: wall) : presence)
        }
    }
}
