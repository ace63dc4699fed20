package import Determinism
package import Identity

/// One entry of a chat log or of an inbox log, as clients see it.
package struct ClientEntry: Hashable, Sendable {
    /// What happened; the word is the entry's `kind` in JSON.
    package enum Content: Hashable, Sendable {
        // Chat logs.
        /// A message; `replyTo` is the earlier one of the chat that it answers.
        case text(String, replyTo: SequenceNumber? = nil)
        /// An earlier message got other words; nil once it has others than these.
        case edited(SequenceNumber, text: String?)
        /// A message was here, and was deleted.
        case erased
        /// An earlier message, which has the ordinal `n`, was deleted.
        case messageDeleted(SequenceNumber, n: Ordinal)
        case created(name: String, fullName: String)
        /// The direct chat of the sender and the account begins.
        case opened(with: AccountID)
        case renamed(name: String, fullName: String)
        /// The account became a member, by an invite link if one is named.
        case memberAdded(AccountID, link: InviteLinkID? = nil)
        case memberRemoved(AccountID)
        case deleted
        /// The account became an admin, or is a plain member again.
        case roleChanged(AccountID, isAdmin: Bool)
        /// The chat is the account's now.
        case ownerChanged(AccountID)
        /// The account stays out; if it was a member, it is one no longer.
        case memberBanned(AccountID, wasMember: Bool)
        case memberUnbanned(AccountID)
        case described(about: String)
        /// Plain members may do this from now on.
        case permissionsChanged([ClientPermission])
        /// The sender says the emoji of an earlier message instead of what it said before, or takes
        /// that back (nil). The tallies are what all say of the message then.
        case reacted(SequenceNumber, emoji: String?, tallies: [ClientReactionTally])
        /// An earlier message is pinned for everybody, or is so no longer.
        case pinned(SequenceNumber)
        case unpinned(SequenceNumber)
        // Inbox logs.
        case chatAdded(ChatID)
        case chatRemoved(ChatID)
        case profileChanged
        case sessionOpened(SessionID, device: String)
        case sessionRevoked(SessionID)
        /// The account has a star at the message, or has none there any more.
        case starred(MessagePlace)
        case unstarred(MessagePlace)
        /// This is what the account keeps about a chat from now on.
        case chatSettings(ClientChatSettings)
        /// What was begun in a chat is another text now, or none.
        case draft(ChatID, isThere: Bool)
        /// Who may know from now on when the account was last there.
        case privacyChanged(ClientLastSeenRule)
        /// A kind that this build does not know; it keeps its place in the numbering and is shown as
        /// "update to view".
        case unknown(kind: String)
    }

    /// The place in the log.
    package let seq: SequenceNumber
    /// The count of messages up to this one; zero unless this is a message.
    package let n: Ordinal
    /// For display; never orders.
    package let time: WallTime
    /// Who did it; nil when it was the cluster.
    package let from: AccountID?
    package let content: Content
    /// The entry that gave a message its words, or took them; nil when nothing did.
    package let edition: Edition?
    /// Of a forwarded message who wrote it first; nil of every other.
    package let origin: Origin?
    /// What people say of a message; nil when nobody ever did, and of what is no message.
    package let reactions: ClientReactions?

    /// Where the words of a forwarded message are from.
    package struct Origin: Hashable, Sendable {
        package let account: AccountID
        /// What the account was called when they were forwarded first; may be empty.
        package let name: String
        /// When they were sent first.
        package let time: WallTime

        package init(account: AccountID, name: String, time: WallTime) {
            self.account = account
            self.name = name
            self.time = time
        }
    }

    /// An `edited` or `messageDeleted` entry by its number and its time.
    package struct Edition: Hashable, Sendable {
        package let seq: SequenceNumber
        package let time: WallTime

        package init(seq: SequenceNumber, time: WallTime) {
            self.seq = seq
            self.time = time
        }
    }

    package init(
        seq: SequenceNumber, n: Ordinal, time: WallTime, from: AccountID?, content: Content,
        edition: Edition? = nil, origin: Origin? = nil, reactions: ClientReactions? = nil
    ) {
        self.seq = seq
        self.n = n
        self.time = time
        self.from = from
        self.content = content
        self.edition = edition
        self.origin = origin
        self.reactions = reactions
    }

    /// Whether it is a line of its chat by itself, and not a change of an earlier one.
    package var isShown: Bool {
        switch content {
        case .edited, .erased, .messageDeleted, .reacted, .unpinned: false
        default: true
        }
    }

    /// Who may see the chat no longer, by this entry.
    package var endedMember: AccountID? {
        switch content {
        case .memberRemoved(let account), .memberBanned(let account, _): account
        default: nil
        }
    }

    /// Whether it changed an earlier entry.
    package var isChange: Bool {
        switch content {
        case .edited, .messageDeleted, .reacted, .unpinned: true
        default: false
        }
    }

    /// A message after an `edited`, `messageDeleted` or `reacted` entry of it, unless that, or a
    /// newer one, has changed it already; `me` is who is told.
    package func changed(by change: ClientEntry, for me: AccountID) -> ClientEntry {
        if case .reacted(seq, let emoji, let tallies) = change.content {
            let mine = change.from == me ? emoji : reactions?.mine
            return reacted(ClientReactions(seq: change.seq, tallies: tallies, mine: mine))
        }
        guard case .text(_, let replyTo) = self.content,
            edition.map({ $0.seq < change.seq }) ?? true
        else { return self }
        let content: Content
        switch change.content {
        case .edited(seq, let text?): content = .text(text, replyTo: replyTo)
        case .messageDeleted(seq, _): content = .erased
        default: return self
        }
        return ClientEntry(
            seq: seq, n: n, time: time, from: from, content: content,
            edition: Edition(seq: change.seq, time: change.time),
            reactions: content == .erased ? nil : reactions)
    }

    /// A message with what people say of it, unless it has that, or newer, already.
    private func reacted(_ newer: ClientReactions) -> ClientEntry {
        guard case .text = content, reactions.map({ $0.seq < newer.seq }) ?? true else {
            return self
        }
        return ClientEntry(
            seq: seq, n: n, time: time, from: from, content: content, edition: edition,
            origin: origin, reactions: newer)
    }
}
