package import Determinism
package import Identity
package import Storage

// Links by which people join.
extension ChatChange {
    /// Makes a link. Where as many are kept as may be, the oldest that lets nobody in any more
    /// gives way. It is no entry of the log: that a link is there concerns who may see the links
    /// alone.
    mutating func makeLink(_ terms: InviteLinkTerms) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor else { return try refused(.forbidden) }
        guard let stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfOutsider(actor, stored) {
            return try refused(rejection)
        }
        guard stored.kind != .direct else { return try refused(.directChat) }
        if let rejection = try rejectionOfOutsider(actor, stored, needing: .invite) {
            return try refused(rejection)
        }
        let time = entryTime(in: stored)
        guard terms.name.isEmpty || ChatChange.isLinkName(terms.name) else {
            return try refused(.badName)
        }
        guard terms.areSound(at: time) else { return try refused(.badTerms) }
        let links = try chats.links(of: command.chat)
        guard links.allSatisfy({ $0.terms.secret != terms.secret }) else {
            return try refused(.conflict)
        }
        if links.count >= ChatLimits.linksMax {
            guard let dead = links.first(where: { !$0.isLive(at: time) }) else {
                return try refused(.tooManyLinks)
            }
            try chats.removeLink(dead.id, of: command.chat)
        }
        let link = InviteLink(
            id: InviteLinkID(command.cmid), terms: terms, maker: actor, created: command.time,
            uses: 0)
        try chats.put(link, of: command.chat)
        return unchanged(stored)
    }

    /// Ends a link: whoever made it may, and who looks after the chat.
    mutating func revokeLink(_ id: InviteLinkID) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor else { return try refused(.forbidden) }
        guard let stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfOutsider(actor, stored) {
            return try refused(rejection)
        }
        guard let link = try chats.link(id, of: command.chat) else { return unchanged(stored) }
        let role = try role(of: actor, stored)
        guard link.maker == actor || role.mayAdminister else { return try refused(.noRight) }
        try chats.removeLink(id, of: command.chat)
        return unchanged(stored)
    }

    /// The actor joins by the link with this secret, which has one use less then. Who is a member
    /// already has what it wants. Of every link that lets nobody in the answer is the same.
    mutating func join(by secret: InviteSecret) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor else { return try refused(.forbidden) }
        guard var stored = try chats.chat(command.chat), !stored.isDeleted,
            stored.kind != .direct
        else { return try refused(.badLink) }
        if let member = try chats.member(actor, of: command.chat), member.removedSeq == nil {
            return unchanged(stored)
        }
        guard
            let link = try chats.openLink(
                to: command.chat, by: secret, stored, at: entryTime(in: stored))
        else { return try refused(.badLink) }
        guard try chats.ban(actor, from: command.chat) == nil else { return try refused(.banned) }
        guard stored.memberCount < ChatLimits.membersMax else { return try refused(.tooLarge) }
        let (receipt, published) = chats.append(
            .memberAdded(actor, link: link.id), from: actor, at: command.time, to: command.chat,
            &stored)
        assert(link.isLive(at: receipt.time), "the entry is a use of the link")
        stored.memberCount += 1
        try chats.put(link.used(), of: command.chat)
        try chats.put(
            StoredMember(role: .member, addedSeq: receipt.seq), actor, of: command.chat)
        try chats.put(stored, as: command.chat)
        return ChatOutcome(
            result: .accepted(receipt), published: [published],
            effects: effects([.listChat(actor, command.chat, at: receipt.seq)]))
    }

    /// The time that an entry of this command would have.
    private func entryTime(in stored: StoredChat) -> WallTime {
        max(command.time, stored.headTime + ChatLimits.timeStep)
    }

    private static func isLinkName(_ name: String) -> Bool {
        VisibleText.isName(name, scalarsMax: ChatLimits.nameScalarsMax)
    }
}

extension ChatState {
    /// One link; nil once it was revoked.
    func link(_ id: InviteLinkID, of chat: ChatID) throws(StorageError) -> InviteLink? {
        guard let bytes = try state.value(for: Keyspace.inviteLink(chat, id)) else { return nil }
        return try InviteLink(decoding: bytes, id: id)
    }

    /// The links that are kept, in the order in which they were made as far as clocks agree.
    func links(of chat: ChatID) throws(StorageError) -> [InviteLink] {
        let prefix = Keyspace.inviteLinks(chat)
        return try state.pairs(prefix: prefix, after: nil, countMax: ChatLimits.linksMax).map {
            pair throws(StorageError) in
            try InviteLink(
                decoding: pair.value,
                id: try InviteLinkID(stored: pair.key.dropFirst(prefix.count)))
        }
    }

    /// The link with this secret, if an entry of this time may be a use of it. Every link is
    /// compared, so that the time says nothing about any of them.
    func openLink(
        to chat: ChatID, by secret: InviteSecret, _ stored: StoredChat, at time: WallTime
    ) throws(StorageError) -> InviteLink? {
        var found: InviteLink?
        for link in try links(of: chat) where link.terms.secret == secret { found = link }
        guard let found, found.isLive(at: time), try !isHeld(found, of: chat, stored) else {
            return nil
        }
        return found
    }

    /// Whether the link's maker may not invite any more.
    func isHeld(
        _ link: InviteLink, of chat: ChatID, _ stored: StoredChat
    ) throws(StorageError) -> Bool {
        guard case .full(let role) = try access(of: link.maker, to: chat, stored) else {
            return true
        }
        return !role.may(.invite, where: stored.permissions)
    }
}

extension ChatState where State == StateTransaction {
    /// Stores a link.
    mutating func put(_ link: InviteLink, of chat: ChatID) throws(StorageError) {
        try state.put(link.encoded(), for: Keyspace.inviteLink(chat, link.id))
    }

    /// Forgets a link.
    mutating func removeLink(_ id: InviteLinkID, of chat: ChatID) throws(StorageError) {
        try state.remove(Keyspace.inviteLink(chat, id))
    }
}

extension ChatQueries {
    /// The links of `chat` that `account` may revoke: all of them for who looks after it, else its
    /// own; nil when it may not see the chat.
    package static func links(
        of chat: ChatID, for account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> [ListedLink]? {
        let state = ChatState(StateView(shard, store))
        guard let stored = try state.chat(chat),
            case .full(let role) = try state.access(of: account, to: chat, stored)
        else { return nil }
        return try state.links(of: chat)
            .filter { role.mayAdminister || $0.maker == account }
            .map { link throws(StorageError) in
                ListedLink(link: link, isHeld: try state.isHeld(link, of: chat, stored))
            }
    }

    /// What `account` is shown of the chat to which it has a secret, or why it is shown nothing:
    /// as ``ChatCommand/Body/join(by:)`` would be decided at `time`.
    package static func invitation(
        to chat: ChatID, by secret: InviteSecret, for account: AccountID, at time: WallTime,
        in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> InvitationView {
        let state = ChatState(StateView(shard, store))
        guard let stored = try state.chat(chat), !stored.isDeleted, stored.kind != .direct else {
            return .refused(.badLink)
        }
        let member = try state.member(account, of: chat)
        let isMember = member.map { $0.removedSeq == nil } ?? false
        if !isMember {
            let time = max(time, stored.headTime + ChatLimits.timeStep)
            guard try state.openLink(to: chat, by: secret, stored, at: time) != nil else {
                return .refused(.badLink)
            }
            guard try state.ban(account, from: chat) == nil else { return .refused(.banned) }
        }
        return .shown(
            ChatInvitation(
                chat: chat, kind: stored.kind, name: stored.name, fullName: stored.fullName,
                memberCount: stored.memberCount, isMember: isMember))
    }
}

extension ChatInvariants {
    /// Recounts the uses of the links from the entries that name them: linear.
    static func violations(
        ofLinks chat: ChatID, _ state: ChatState<StateView>
    ) throws(StorageError) -> [String] {
        let links = try state.links(of: chat)
        guard !links.isEmpty else { return [] }
        var uses: [InviteLinkID: UInt64] = [:]
        for pair in try state.state.pairs(
            prefix: Keyspace.chatEntries(chat), after: nil, countMax: .max)
        {
            guard case .memberAdded(_, let link?) = try ChatEntry(decoding: pair.value).kind
            else { continue }
            uses[link, default: 0] += 1
        }
        var found: [String] = []
        for link in links where uses[link.id] ?? 0 != link.uses {
            found.append("13: \(link.id) was used \(uses[link.id] ?? 0) times, not \(link.uses)")
        }
        for link in links where link.uses > link.terms.usesMax ?? .max {
            found.append("13: \(link.id) let \(link.uses) in")
        }
        let count = try state.state.pairs(
            prefix: Keyspace.inviteLinks(chat), after: nil, countMax: .max
        ).count
        if count > ChatLimits.linksMax { found.append("13: \(count) links") }
        return found
    }
}
