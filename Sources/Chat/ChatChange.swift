internal import Determinism
internal import Identity
internal import Storage

/// One command on its way through the rules of a chat: who may do it, what it changes, what is
/// told.
struct ChatChange {
    /// The state with the changes so far.
    var chats: ChatState<StateTransaction>
    /// What is asked.
    let command: ChatCommand

    init(_ command: ChatCommand, on state: StateTransaction) {
        chats = ChatState(state)
        self.command = command
    }

    /// Does what the command says, for a command whose id is fresh.
    mutating func make() throws(StorageError) -> ChatOutcome {
        switch command.body {
        case .create(let kind, let name, let fullName):
            try create(kind, name: name, fullName: fullName)
        case .open(let account): try open(with: account)
        case .send(let text, let replyTo): try send(text, replyTo: replyTo)
        case .forward(let message?): try send(message.text, origin: message.origin)
        case .forward(nil): try refused(.badForward)
        case .edit(let target, let text): try edit(target, text)
        case .deleteMessage(let target): try deleteMessage(target)
        case .rename(let name, let fullName): try rename(name: name, fullName: fullName)
        case .delete: try delete()
        case .addMember(let account): try addMember(account)
        case .removeMember(let account): try removeMember(account)
        case .mark(let n): try mark(n)
        case .setRole(let account, let isAdmin): try setRole(of: account, isAdmin: isAdmin)
        case .setOwner(let account): try setOwner(account)
        case .ban(let account): try ban(account)
        case .unban(let account): try unban(account)
        case .describe(let about): try describe(about)
        case .setPermissions(let permissions): try setPermissions(permissions)
        case .react(let target, let emoji): try react(to: target, with: emoji)
        case .pin(let target, let isOn): try pin(target, isOn: isOn)
        case .makeLink(let terms): try makeLink(terms)
        case .revokeLink(let link): try revokeLink(link)
        case .join(let secret): try join(by: secret)
        }
    }

    /// The answer of a command that is not done. A public name that was claimed for it is let go,
    /// unless the chat got its name by this very command, long ago.
    func refused(_ rejection: ChatRejection) throws(StorageError) -> ChatOutcome {
        let claimedName: String?
        let stored = try chats.chat(command.chat)
        switch command.body {
        case .create(let kind, let name, _): claimedName = kind == .public ? name : nil
        case .rename(let name, _): claimedName = stored?.kind ?? .public == .public ? name : nil
        default: claimedName = nil
        }
        guard let claimedName, stored?.nameClaim != command.cmid else {
            return ChatOutcome(result: .rejected(rejection))
        }
        return ChatOutcome(
            result: .rejected(rejection),
            effects: effects([.releaseName(claimedName, command.chat, claim: command.cmid)]))
    }

    // MARK: - The changes

    private mutating func create(
        _ kind: ChatKind, name: String, fullName: String
    ) throws(StorageError) -> ChatOutcome {
        guard ChatChange.isTitle(name, fullName) else { return try refused(.badName) }
        guard kind != .direct, kind == .public || command.actor != nil else {
            return try refused(.forbidden)
        }
        guard try chats.chat(command.chat) == nil else { return try refused(.conflict) }
        var stored = StoredChat(kind: kind, creator: command.actor, created: command.time)
        stored.name = name
        stored.fullName = fullName
        stored.nameClaim = kind == .public ? command.cmid : nil
        var listings: [ChatEffect.Body] = []
        let (receipt, published) = chats.append(
            .created(name: name, fullName: fullName), from: command.actor, at: command.time,
            to: command.chat, &stored)
        if let creator = command.actor {
            stored.memberCount = 1
            try chats.put(
                StoredMember(role: .owner, addedSeq: receipt.seq), creator, of: command.chat)
            listings.append(.listChat(creator, command.chat, at: receipt.seq))
        }
        try chats.put(stored, as: command.chat)
        return ChatOutcome(
            result: .accepted(receipt), published: [published], effects: effects(listings))
    }

    /// Lists the chat for nobody: who opens it is listed by the procedure that asks, and the other
    /// when there is something to read.
    private mutating func open(with other: AccountID) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor, command.chat == DirectChat.id(of: actor, and: other)
        else { return try refused(.forbidden) }
        if let stored = try chats.chat(command.chat) {
            guard stored.kind == .direct else { return try refused(.conflict) }
            return ChatOutcome(
                result: .accepted(
                    ChatReceipt(seq: stored.head.seq, n: .zero, time: stored.headTime)))
        }
        var stored = StoredChat(kind: .direct, creator: nil, created: command.time)
        let (receipt, published) = chats.append(
            .opened(with: other), from: actor, at: command.time, to: command.chat, &stored)
        assert(receipt.seq == DirectChat.openingSeq, "a direct chat begins with its opening")
        stored.memberCount = actor == other ? 1 : 2
        for account in [actor, other] {
            try chats.put(
                StoredMember(role: .member, addedSeq: receipt.seq), account, of: command.chat)
        }
        try chats.put(stored, as: command.chat)
        return ChatOutcome(result: .accepted(receipt), published: [published])
    }

    private mutating func send(
        _ text: String, replyTo: SequenceNumber? = nil, origin: ChatOrigin? = nil
    ) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor else { return try refused(.forbidden) }
        guard ChatChange.isMessageText(text) else { return try refused(.badText) }
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfOutsider(actor, stored, needing: .send) {
            return try refused(rejection)
        }
        if let replyTo, try !isMessage(replyTo) { return try refused(.badReply) }
        let (receipt, published) = chats.append(
            .text(text, replyTo: replyTo), from: actor, at: command.time, to: command.chat, &stored,
            origin: origin)
        assert(replyTo.map { $0 < receipt.seq } ?? true, "a reply answers an earlier message")
        let marks = try chats.moveMark(actor, to: receipt.n, in: command.chat, &stored)
        try chats.put(stored, as: command.chat)
        return ChatOutcome(
            result: .accepted(receipt), published: [published], marks: marks,
            effects: effects(try listings(of: stored, at: receipt.n)))
    }

    /// The first message of a direct chat puts it into the lists of both.
    private func listings(
        of stored: StoredChat, at n: Ordinal
    ) throws(StorageError) -> [ChatEffect.Body] {
        guard stored.kind == .direct, n == Ordinal(1) else { return [] }
        return try chats.members(of: command.chat).map {
            .listChat($0.account, command.chat, at: DirectChat.openingSeq)
        }
    }

    private mutating func edit(
        _ target: SequenceNumber, _ text: String
    ) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor else { return try refused(.forbidden) }
        guard ChatChange.isMessageText(text) else { return try refused(.badText) }
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfOutsider(actor, stored, needing: .send) {
            return try refused(rejection)
        }
        guard let message = try chats.entry(target, of: command.chat) else {
            return try refused(.badTarget)
        }
        if message.kind == .erased { return try refused(.messageDeleted) }
        // The words of a forwarded message are somebody else's.
        guard case .text(_, let replyTo) = message.kind, message.origin == nil else {
            return try refused(.badTarget)
        }
        guard message.from == actor else { return try refused(.notSender) }
        // Times of entries may run ahead of clocks, and these alone are the same everywhere.
        let age = max(command.time, stored.headTime) - message.time
        guard age <= ChatLimits.editTimeMax else { return try refused(.tooOld) }
        let (receipt, published) = chats.append(
            .edited(target, text: text), from: actor, at: command.time, to: command.chat, &stored)
        assert(target < receipt.seq, "an edit changes an earlier message")
        try chats.forgetWords(of: message, in: command.chat)
        let edition = ChatEdition(seq: receipt.seq, time: receipt.time)
        try chats.replace(
            message.changed(to: .text(text, replyTo: replyTo), by: edition), in: command.chat)
        stored.changedSeq = receipt.seq
        try chats.put(stored, as: command.chat)
        return ChatOutcome(
            result: .accepted(receipt), published: [published],
            rewritten: RewrittenMessage(chat: command.chat, seq: target, change: receipt.seq))
    }

    private mutating func deleteMessage(
        _ target: SequenceNumber
    ) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor else { return try refused(.forbidden) }
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfOutsider(actor, stored) {
            return try refused(rejection)
        }
        guard let message = try chats.entry(target, of: command.chat), message.n > .zero else {
            return try refused(.badTarget)
        }
        if message.from != actor,
            try rejectionOfOutsider(actor, stored, needing: .delete) != nil
        {
            return try refused(.notSender)
        }
        // Two may want it at once: both have what they want.
        if message.kind == .erased {
            return ChatOutcome(
                result: .accepted(
                    ChatReceipt(seq: stored.head.seq, n: .zero, time: stored.headTime)))
        }
        let (receipt, published) = chats.append(
            .messageDeleted(target, n: message.n), from: actor, at: command.time,
            to: command.chat, &stored)
        try chats.forgetWords(of: message, in: command.chat)
        let edition = ChatEdition(seq: receipt.seq, time: receipt.time)
        try chats.replace(message.changed(to: .erased, by: edition), in: command.chat)
        chats.state.insert([], for: Keyspace.erased(command.chat, message.n))
        stored.changedSeq = receipt.seq
        stored.pins = StoredChat.pins(stored.pins, with: target, isOn: false)
        if stored.shownSeq == target {
            stored.shownSeq = try chats.newestShown(before: target, of: command.chat)
        }
        try chats.put(stored, as: command.chat)
        return ChatOutcome(
            result: .accepted(receipt), published: [published],
            rewritten: RewrittenMessage(chat: command.chat, seq: target, change: receipt.seq))
    }

    private mutating func rename(
        name: String, fullName: String
    ) throws(StorageError) -> ChatOutcome {
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfChange(stored, needing: .info) {
            return try refused(rejection)
        }
        guard ChatChange.isTitle(name, fullName) else { return try refused(.badName) }
        var releases: [ChatEffect.Body] = []
        if stored.kind == .public {
            // The old name is let go even when it is the new one: each claim is counted by itself.
            if let claim = stored.nameClaim {
                releases.append(.releaseName(stored.name, command.chat, claim: claim))
            }
            stored.nameClaim = command.cmid
        }
        stored.name = name
        stored.fullName = fullName
        let (receipt, published) = chats.append(
            .renamed(name: name, fullName: fullName), from: command.actor, at: command.time,
            to: command.chat, &stored)
        try chats.put(stored, as: command.chat)
        return ChatOutcome(
            result: .accepted(receipt), published: [published], effects: effects(releases))
    }

    /// Ends the chat for everybody, for its owner.
    mutating func delete() throws(StorageError) -> ChatOutcome {
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfChange(stored) { return try refused(rejection) }
        let (receipt, published) = chats.append(
            .deleted, from: command.actor, at: command.time, to: command.chat, &stored)
        var asked: [ChatEffect.Body] = []
        for member in try chats.members(of: command.chat) {
            asked.append(.unlistChat(member.account, command.chat, at: receipt.seq))
        }
        if let claim = stored.nameClaim {
            asked.append(.releaseName(stored.name, command.chat, claim: claim))
        }
        stored.isDeleted = true
        stored.nameClaim = nil
        try chats.put(stored, as: command.chat)
        return ChatOutcome(
            result: .accepted(receipt), published: [published], effects: effects(asked))
    }

    private mutating func addMember(_ account: AccountID) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor else { return try refused(.forbidden) }
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfOutsider(actor, stored) {
            return try refused(rejection)
        }
        guard stored.kind != .direct else { return try refused(.directChat) }
        let isVisitor = try chats.access(of: actor, to: command.chat, stored) == .full(.visitor)
        guard !isVisitor || account == actor else { return try refused(.notMember) }
        if account != actor,
            let rejection = try rejectionOfOutsider(actor, stored, needing: .invite)
        {
            return try refused(rejection)
        }
        guard try chats.ban(account, from: command.chat) == nil else {
            return try refused(.banned)
        }
        let earlier = try chats.member(account, of: command.chat)
        if let earlier, earlier.removedSeq == nil {
            return ChatOutcome(
                result: .accepted(
                    ChatReceipt(seq: stored.head.seq, n: .zero, time: stored.headTime)))
        }
        guard stored.memberCount < ChatLimits.membersMax else { return try refused(.tooLarge) }
        let (receipt, published) = chats.append(
            .memberAdded(account), from: actor, at: command.time, to: command.chat, &stored)
        stored.memberCount += 1
        try chats.put(
            StoredMember(role: .member, addedSeq: receipt.seq), account, of: command.chat)
        try chats.put(stored, as: command.chat)
        return ChatOutcome(
            result: .accepted(receipt), published: [published],
            effects: effects([.listChat(account, command.chat, at: receipt.seq)]))
    }

    private mutating func removeMember(_ account: AccountID) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor else { return try refused(.forbidden) }
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfOutsider(actor, stored) {
            return try refused(rejection)
        }
        guard stored.kind != .direct else { return try refused(.directChat) }
        let role = try role(of: actor, stored)
        if actor == account, role.isOwner { return try leave(stored) }
        let target = try self.role(of: account, stored)
        guard actor == account || role.mayRemove(target) else { return try refused(.noRight) }
        guard var member = try chats.member(account, of: command.chat), member.removedSeq == nil,
            stored.memberCount > 0
        else { return try refused(.notFound) }
        let (receipt, published) = chats.append(
            .memberRemoved(account), from: actor, at: command.time, to: command.chat, &stored)
        member.removedSeq = receipt.seq
        stored.memberCount -= 1
        try chats.put(member, account, of: command.chat)
        try chats.put(stored, as: command.chat)
        return ChatOutcome(
            result: .accepted(receipt), published: [published],
            effects: effects([.unlistChat(account, command.chat, at: receipt.seq)]))
    }

    /// Moves the actor's mark; keeps no answer, because doing it again changes nothing.
    mutating func mark(_ n: Ordinal) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor else { return try refused(.forbidden) }
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfOutsider(actor, stored) {
            return try refused(rejection)
        }
        let marks = try chats.moveMark(actor, to: n, in: command.chat, &stored)
        if marks != nil { try chats.put(stored, as: command.chat) }
        let mark = try chats.mark(actor, in: command.chat)?.n ?? .zero
        return ChatOutcome(
            result: .accepted(
                ChatReceipt(seq: stored.head.seq, n: mark, time: stored.headTime)),
            marks: marks)
    }

    // MARK: - Who may

    /// Why `actor` may not take part and do what `permission` names; nil when it may. A private
    /// chat says to strangers that it does not exist, and only to former members that they are
    /// none.
    func rejectionOfOutsider(
        _ actor: AccountID, _ stored: StoredChat, needing permission: ChatPermissions = []
    ) throws(StorageError) -> ChatRejection? {
        switch try chats.access(of: actor, to: command.chat, stored) {
        case .full(let role):
            return role.may(permission, where: stored.permissions) ? nil : .noRight
        case .until:
            return try chats.ban(actor, from: command.chat) == nil ? .notMember : .banned
        case .none: return .notFound
        }
    }

    /// Why the actor may not change the chat itself; nil when it may. Without a `permission` the
    /// owner alone may. A room of the cluster has no owner, so nobody may, the cluster included.
    func rejectionOfChange(
        _ stored: StoredChat, needing permission: ChatPermissions? = nil
    ) throws(StorageError) -> ChatRejection? {
        guard !stored.isDeleted else { return .notFound }
        guard let actor = command.actor else { return .noRight }
        if let rejection = try rejectionOfOutsider(actor, stored) { return rejection }
        guard stored.kind != .direct else { return .directChat }
        guard let permission else {
            return try role(of: actor, stored).isOwner ? nil : .noRight
        }
        return try rejectionOfOutsider(actor, stored, needing: permission)
    }

    /// What the account is in the chat; whoever is no member is a visitor.
    func role(of account: AccountID, _ stored: StoredChat) throws(StorageError) -> ChatRole {
        guard case .full(let role) = try chats.access(of: account, to: command.chat, stored) else {
            return .visitor
        }
        return role
    }

    /// Whether the chat has a message at `seq`; nothing lies beyond its head.
    private func isMessage(_ seq: SequenceNumber) throws(StorageError) -> Bool {
        guard let entry = try chats.entry(seq, of: command.chat) else { return false }
        if case .text = entry.kind { return true }
        return false
    }

    private static func isMessageText(_ text: String) -> Bool {
        VisibleText.isMessage(
            text, scalarsMax: ChatLimits.textScalarsMax, bytesMax: ChatLimits.textBytesMax)
    }

    private static func isTitle(_ name: String, _ fullName: String) -> Bool {
        VisibleText.isName(name, scalarsMax: ChatLimits.nameScalarsMax)
            && (fullName.isEmpty
                || VisibleText.isName(fullName, scalarsMax: ChatLimits.fullNameScalarsMax))
    }

    /// The effects of this command, with the ids that it gives them.
    func effects(_ bodies: [ChatEffect.Body]) -> [ChatEffect] {
        var effects: [ChatEffect] = []
        for (counter, body) in bodies.enumerated() {
            effects.append(ChatEffect(cmid: command.cmid.derived(counter), body: body))
        }
        return effects
    }
}
