internal import Identity
internal import Wire

/// Who may do what in one group chat, told again from its log alone: a model of the rules that
/// knows nothing of the machine that keeps them.
struct ChatRights {
    /// What is known of one member.
    private struct Member {
        var isAdmin = false
        let since: SequenceNumber
        var rankedAt: SequenceNumber
    }

    private let isPublic: Bool
    private var owner: AccountID?
    /// Looked up, and searched for least numbers, which are all different.
    private var members: [AccountID: Member] = [:]
    private var banned: Set<AccountID> = []
    private var open: Set<ClientPermission>
    private var senders: [SequenceNumber: AccountID] = [:]
    private var about = ""
    /// Who has to get the chat by the next entry, because its owner left.
    private var heir: (account: AccountID, from: AccountID)?

    /// A chat before its first entry.
    init(isPublic: Bool) {
        self.isPublic = isPublic
        open = isPublic ? [.send, .media] : [.send, .media, .invite, .pin, .info]
    }

    /// Takes the next entry; whether its sender had the right to it.
    mutating func take(_ entry: ClientEntry) -> Bool {
        if let heir {
            self.heir = nil
            guard entry.content == .ownerChanged(heir.account), entry.from == heir.from else {
                return false
            }
            owner = heir.account
            members[heir.account]?.isAdmin = false
            return true
        }
        guard let from = entry.from else {
            // What the cluster does: it makes its rooms, and no more.
            if case .created = entry.content { return entry.seq == SequenceNumber(1) }
            return false
        }
        if case .created = entry.content {
            owner = from
            members[from] = Member(since: entry.seq, rankedAt: entry.seq)
            return entry.seq == SequenceNumber(1)
        }
        guard
            members[from] != nil || (isPublic && !banned.contains(from))
                || entry.isJoin(of: from)
        else { return false }
        return takeMessage(entry, by: from) ?? takeChange(entry, by: from)
    }

    private mutating func takeMessage(_ entry: ClientEntry, by from: AccountID) -> Bool? {
        switch entry.content {
        case .text, .erased:
            senders[entry.seq] = from
            return may(from, .send)
        case .edited(let target, _): return senders[target] == from && may(from, .send)
        case .messageDeleted(let target, _):
            return senders[target] == from || may(from, .delete)
        case .reacted: return true
        case .pinned, .unpinned: return may(from, .pin)
        default: return nil
        }
    }

    private mutating func takeChange(_ entry: ClientEntry, by from: AccountID) -> Bool {
        switch entry.content {
        case .renamed: return may(from, .info)
        case .described(let text):
            defer { about = text }
            return may(from, .info) && text != about
        case .memberAdded(let account, let link):
            // Which links let people in, and whom, is for ``InviteLinks`` to say.
            let isRight =
                from == account
                ? isPublic || link != nil
                : link == nil && members[from] != nil && may(from, .invite)
            defer { members[account] = Member(since: entry.seq, rankedAt: entry.seq) }
            return isRight && members[account] == nil && !banned.contains(account)
        case .memberRemoved(let account): return takeRemoval(of: account, by: from)
        case .memberBanned(let account, let wasMember):
            let isRight = isAbove(from, account) && !banned.contains(account)
            banned.insert(account)
            return isRight && (members.removeValue(forKey: account) != nil) == wasMember
        case .memberUnbanned(let account):
            return looksAfter(from) && banned.remove(account) != nil
        case .roleChanged(let account, let isAdmin):
            guard from == owner, account != owner, let member = members[account],
                member.isAdmin != isAdmin
            else { return false }
            members[account]?.isAdmin = isAdmin
            members[account]?.rankedAt = entry.seq
            return true
        case .ownerChanged(let account):
            guard from == owner, account != from, members[account] != nil else { return false }
            members[from]?.isAdmin = true
            members[from]?.rankedAt = entry.seq
            members[account]?.isAdmin = false
            owner = account
            return true
        case .permissionsChanged(let named):
            defer { open = Set(named) }
            return looksAfter(from) && Set(named) != open
        case .deleted: return from == owner
        default: return false
        }
    }

    private mutating func takeRemoval(of account: AccountID, by from: AccountID) -> Bool {
        guard members[account] != nil, from == account || isAbove(from, account) else {
            return false
        }
        members[account] = nil
        guard account == owner else { return true }
        let admins = members.filter(\.value.isAdmin)
        let next =
            admins.min { $0.value.rankedAt < $1.value.rankedAt }
            ?? members.min { $0.value.since < $1.value.since }
        // The last of all does not leave, but ends the chat.
        guard let next else { return false }
        heir = (next.key, from)
        return true
    }

    /// Whether the account may write after what was taken.
    func mayWrite(_ account: AccountID) -> Bool {
        guard members[account] != nil || (isPublic && !banned.contains(account)) else {
            return false
        }
        return may(account, .send)
    }

    private func looksAfter(_ account: AccountID) -> Bool {
        account == owner || members[account]?.isAdmin ?? false
    }

    private func isAbove(_ one: AccountID, _ other: AccountID) -> Bool {
        if one == other || other == owner { return false }
        return one == owner || (looksAfter(one) && !looksAfter(other))
    }

    private func may(_ account: AccountID, _ permission: ClientPermission) -> Bool {
        if looksAfter(account) { return true }
        let isForVisitors = permission == .send || permission == .media
        return (members[account] != nil || isForVisitors) && open.contains(permission)
    }
}

extension ClientEntry {
    /// Whether it says that `account` joined by a link.
    fileprivate func isJoin(of account: AccountID) -> Bool {
        guard case .memberAdded(account, _?) = content else { return false }
        return true
    }
}
