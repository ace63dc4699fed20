package import Accounts
package import Chat
package import Identity
package import Storage
package import Wire

extension ClientEntry {
    /// An entry of a chat's log, as `account` is told of it; nil: as anybody who never reacted.
    package init(_ entry: ChatEntry, for account: AccountID? = nil) {
        let content: Content =
            switch entry.kind {
            case .text(let text, let replyTo): .text(text, replyTo: replyTo)
            case .edited(let target, let text): .edited(target, text: text)
            case .erased: .erased
            case .messageDeleted(let target, let n): .messageDeleted(target, n: n)
            case .created(let name, let fullName): .created(name: name, fullName: fullName)
            case .opened(let account): .opened(with: account)
            case .renamed(let name, let fullName): .renamed(name: name, fullName: fullName)
            case .memberAdded(let account, let link): .memberAdded(account, link: link)
            case .memberRemoved(let account): .memberRemoved(account)
            case .deleted: .deleted
            case .roleChanged(let account, let isAdmin): .roleChanged(account, isAdmin: isAdmin)
            case .ownerChanged(let account): .ownerChanged(account)
            case .memberBanned(let account, let wasMember):
                .memberBanned(account, wasMember: wasMember)
            case .memberUnbanned(let account): .memberUnbanned(account)
            case .described(let about): .described(about: about)
            case .permissionsChanged(let permissions):
                .permissionsChanged(ClientPermission.named(permissions))
            case .unknown: .unknown(kind: "unknown")
            case .reacted(let target, let emoji, let tallies):
                .reacted(target, emoji: emoji, tallies: tallies.map { ClientReactionTally($0) })
            case .pinned(let target): .pinned(target)
            case .unpinned(let target): .unpinned(target)
            }
        self.init(
            seq: entry.seq, n: entry.n, time: entry.time, from: entry.from, content: content,
            edition: entry.edition.map { Edition(seq: $0.seq, time: $0.time) },
            origin: entry.origin.map {
                Origin(account: $0.account, name: $0.name, time: $0.time)
            }, reactions: entry.reactions.map { ClientReactions($0, for: account) })
    }

    /// An entry of an inbox.
    package init(_ entry: InboxEntry) {
        let content: Content =
            switch entry.kind {
            case .chatAdded(let chat): .chatAdded(chat)
            case .chatRemoved(let chat): .chatRemoved(chat)
            case .profileChanged: .profileChanged
            case .sessionOpened(let session, let device): .sessionOpened(session, device: device)
            case .sessionRevoked(let session): .sessionRevoked(session)
            case .starred(let chat, let seq): .starred(MessagePlace(chat: chat, seq: seq))
            case .unstarred(let chat, let seq): .unstarred(MessagePlace(chat: chat, seq: seq))
            case .chatSettings(let kept): .chatSettings(ClientChatSettings(kept))
            case .draft(let chat, let isThere): .draft(chat, isThere: isThere)
            case .privacyChanged(let rule): .privacyChanged(ClientLastSeenRule(rule))
            case .unknown: .unknown(kind: "unknown")
            }
        self.init(seq: entry.seq, n: .zero, time: entry.time, from: nil, content: content)
    }

    /// Reads the stored form of an entry of `log`, as `account` is told of it; nil: as anybody who
    /// never reacted.
    package init(
        stored bytes: [UInt8], of log: LogID, for account: AccountID? = nil
    ) throws(StorageError) {
        switch log {
        case .chat: self.init(try ChatEntry(decoding: bytes), for: account)
        case .inbox: self.init(try InboxEntry(decoding: bytes))
        }
    }
}

extension ClientReactions {
    init(_ reactions: ChatReactions, for account: AccountID?) {
        self.init(
            seq: reactions.seq, tallies: reactions.tallies.map { ClientReactionTally($0) },
            mine: account.flatMap { reactions.emoji(of: $0) })
    }
}

extension ClientReactionTally {
    init(_ tally: ReactionTally) {
        self.init(emoji: tally.emoji, count: UInt64(tally.count), first: tally.first)
    }
}

extension ClientChatSettings {
    /// What an account keeps about a chat.
    package init(_ kept: KeptSettings) {
        self.init(
            chat: kept.chat, mutedUntil: kept.settings.mutedUntil, pin: kept.settings.pin,
            archived: kept.settings.archived, isUnread: kept.settings.isUnread)
    }
}
