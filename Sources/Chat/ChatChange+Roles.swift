internal import Identity
internal import Storage

// Who is what in a chat, who stays out, and what plain members may.
extension ChatChange {
    /// Makes a member an admin, or an admin a plain member.
    mutating func setRole(
        of account: AccountID, isAdmin: Bool
    ) throws(StorageError) -> ChatOutcome {
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfChange(stored) { return try refused(rejection) }
        guard var member = try member(account) else { return try refused(.notFound) }
        guard !member.role.isOwner else { return try refused(.forbidden) }
        let role: ChatRole = isAdmin ? .admin : .member
        guard member.role != role else { return unchanged(stored) }
        let (receipt, published) = chats.append(
            .roleChanged(account, isAdmin: isAdmin), from: command.actor, at: command.time,
            to: command.chat, &stored)
        member.role = role
        member.roleSeq = receipt.seq
        try chats.put(member, account, of: command.chat)
        try chats.put(stored, as: command.chat)
        return ChatOutcome(result: .accepted(receipt), published: [published])
    }

    /// Passes the chat to a member; who had it becomes an admin.
    mutating func setOwner(_ account: AccountID) throws(StorageError) -> ChatOutcome {
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfChange(stored) { return try refused(rejection) }
        guard let actor = command.actor, var former = try member(actor),
            let heir = try member(account)
        else { return try refused(.notFound) }
        guard account != actor else { return unchanged(stored) }
        let (receipt, published) = try pass(to: account, heir, &stored)
        former.role = .admin
        former.roleSeq = receipt.seq
        try chats.put(former, actor, of: command.chat)
        try chats.put(stored, as: command.chat)
        return ChatOutcome(result: .accepted(receipt), published: [published])
    }

    /// The owner goes: the chat passes to its heir, or ends where nobody is left.
    mutating func leave(_ stored: StoredChat) throws(StorageError) -> ChatOutcome {
        guard let owner = command.actor, var former = try member(owner),
            let heir = try chats.heir(of: command.chat)
        else { return try delete() }
        var stored = stored
        let (receipt, published) = chats.append(
            .memberRemoved(owner), from: owner, at: command.time, to: command.chat, &stored)
        former.removedSeq = receipt.seq
        stored.memberCount -= 1
        try chats.put(former, owner, of: command.chat)
        let (_, passed) = try pass(to: heir.account, heir.stored, &stored)
        try chats.put(stored, as: command.chat)
        return ChatOutcome(
            result: .accepted(receipt), published: [published, passed],
            effects: effects([.unlistChat(owner, command.chat, at: receipt.seq)]))
    }

    /// Keeps the account out, which ends its membership if it has one.
    mutating func ban(_ account: AccountID) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor else { return try refused(.forbidden) }
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfOutsider(actor, stored) {
            return try refused(rejection)
        }
        guard stored.kind != .direct else { return try refused(.directChat) }
        guard account != actor else { return try refused(.forbidden) }
        let target = try role(of: account, stored)
        guard try role(of: actor, stored).mayRemove(target) else { return try refused(.noRight) }
        guard try chats.ban(account, from: command.chat) == nil else { return unchanged(stored) }
        guard stored.bannedCount < ChatLimits.bannedMax else { return try refused(.tooLarge) }
        var member = try member(account)
        let (receipt, published) = chats.append(
            .memberBanned(account, wasMember: member != nil), from: actor, at: command.time,
            to: command.chat, &stored)
        var asked: [ChatEffect.Body] = []
        if member != nil {
            member?.removedSeq = receipt.seq
            stored.memberCount -= 1
            asked.append(.unlistChat(account, command.chat, at: receipt.seq))
        }
        if let member { try chats.put(member, account, of: command.chat) }
        stored.bannedCount += 1
        try chats.put(StoredBan(seq: receipt.seq), on: account, from: command.chat)
        try chats.put(stored, as: command.chat)
        return ChatOutcome(
            result: .accepted(receipt), published: [published], effects: effects(asked))
    }

    /// Lets the account come again.
    mutating func unban(_ account: AccountID) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor else { return try refused(.forbidden) }
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfOutsider(actor, stored) {
            return try refused(rejection)
        }
        guard stored.kind != .direct else { return try refused(.directChat) }
        guard try role(of: actor, stored).mayAdminister else { return try refused(.noRight) }
        guard try chats.ban(account, from: command.chat) != nil else { return unchanged(stored) }
        let (receipt, published) = chats.append(
            .memberUnbanned(account), from: actor, at: command.time, to: command.chat, &stored)
        assert(stored.bannedCount > 0, "a ban that is there was counted")
        stored.bannedCount -= 1
        try chats.removeBan(on: account, from: command.chat)
        try chats.put(stored, as: command.chat)
        return ChatOutcome(result: .accepted(receipt), published: [published])
    }

    /// Says what the chat is about.
    mutating func describe(_ about: String) throws(StorageError) -> ChatOutcome {
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfChange(stored, needing: .info) {
            return try refused(rejection)
        }
        guard about.isEmpty || ChatChange.isAbout(about) else { return try refused(.badText) }
        guard stored.about != about else { return unchanged(stored) }
        stored.about = about
        let (receipt, published) = chats.append(
            .described(about: about), from: command.actor, at: command.time, to: command.chat,
            &stored)
        try chats.put(stored, as: command.chat)
        return ChatOutcome(result: .accepted(receipt), published: [published])
    }

    /// Turns the switches of plain members; those that this version does not know stay off.
    mutating func setPermissions(
        _ permissions: ChatPermissions
    ) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor else { return try refused(.forbidden) }
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfOutsider(actor, stored) {
            return try refused(rejection)
        }
        guard stored.kind != .direct else { return try refused(.directChat) }
        guard try role(of: actor, stored).mayAdminister else { return try refused(.noRight) }
        let known = permissions.intersection(.all)
        guard stored.permissions != known else { return unchanged(stored) }
        stored.permissions = known
        let (receipt, published) = chats.append(
            .permissionsChanged(known), from: actor, at: command.time, to: command.chat, &stored)
        try chats.put(stored, as: command.chat)
        return ChatOutcome(result: .accepted(receipt), published: [published])
    }

    private mutating func pass(
        to account: AccountID, _ heir: StoredMember, _ stored: inout StoredChat
    ) throws(StorageError) -> (receipt: ChatReceipt, published: PublishedEntry) {
        let appended = chats.append(
            .ownerChanged(account), from: command.actor, at: command.time, to: command.chat,
            &stored)
        var owner = heir
        owner.role = .owner
        owner.roleSeq = appended.receipt.seq
        try chats.put(owner, account, of: command.chat)
        return appended
    }

    /// The membership of the account, if it was not ended.
    private func member(_ account: AccountID) throws(StorageError) -> StoredMember? {
        let member = try chats.member(account, of: command.chat)
        return member?.removedSeq == nil ? member : nil
    }

    /// Two may want the same: whoever comes later has it already.
    func unchanged(_ stored: StoredChat) -> ChatOutcome {
        ChatOutcome(
            result: .accepted(
                ChatReceipt(seq: stored.head.seq, n: .zero, time: stored.headTime)))
    }

    private static func isAbout(_ text: String) -> Bool {
        VisibleText.isMessage(
            text, scalarsMax: ChatLimits.aboutScalarsMax, bytesMax: ChatLimits.aboutBytesMax)
    }
}
