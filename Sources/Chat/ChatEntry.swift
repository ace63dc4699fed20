package import Determinism
package import Identity

/// One entry of a chat's log: a message or a durable change, numbered by the chat's owner.
package struct ChatEntry: Hashable, Sendable {
    /// What happened.
    package enum Kind: Hashable, Sendable {
        /// A message, which may answer an earlier one of the chat.
        case text(String, replyTo: SequenceNumber? = nil)
        /// An earlier message got other words; nil once it has others than these.
        case edited(SequenceNumber, text: String?)
        /// A message was here, and was deleted; it keeps its ordinal.
        case erased
        /// An earlier message, which has the ordinal `n`, was deleted.
        case messageDeleted(SequenceNumber, n: Ordinal)
        /// The chat was made.
        case created(name: String, fullName: String)
        /// The direct chat of the sender and the account was made.
        case opened(with: AccountID)
        /// The chat has a new title.
        case renamed(name: String, fullName: String)
        /// The account became a member, by an invite link if one is named.
        case memberAdded(AccountID, link: InviteLinkID? = nil)
        /// The account is no longer a member.
        case memberRemoved(AccountID)
        /// The chat is deleted; the last entry of its log.
        case deleted
        /// The account became an admin, or is a plain member again.
        case roleChanged(AccountID, isAdmin: Bool)
        /// The chat is the account's now.
        case ownerChanged(AccountID)
        /// The account stays out; if it was a member, it is one no longer.
        case memberBanned(AccountID, wasMember: Bool)
        /// The account may come again.
        case memberUnbanned(AccountID)
        /// The chat has another description.
        case described(about: String)
        /// Plain members may do this from now on.
        case permissionsChanged(ChatPermissions)
        /// A kind that this version does not know; it keeps its number.
        case unknown
        /// The sender says an emoji of an earlier message instead of what it said before, or takes
        /// that back (nil). `tallies` is what all say of the message then.
        case reacted(SequenceNumber, emoji: String?, tallies: [ReactionTally])
        /// An earlier message is pinned for everybody.
        case pinned(SequenceNumber)
        /// It is so no longer.
        case unpinned(SequenceNumber)
    }

    /// The place in the log, dense from 1.
    package let seq: SequenceNumber
    /// The place among the messages, dense from 1; zero when the entry is no message.
    package let n: Ordinal
    /// For display only; grows by 1 ms at least from entry to entry.
    package let time: WallTime
    /// Who; nil is the cluster.
    package let from: AccountID?
    /// What; of a message that was edited its newest words.
    package let kind: Kind
    /// The entry that gave a message its words; nil when it has those that it was sent with.
    package let edition: ChatEdition?
    /// Of a forwarded message who wrote it first; nil of every other.
    package let origin: ChatOrigin?
    /// What people say of a message; nil when nobody ever did, and of what is no message.
    package let reactions: ChatReactions?

    package init(
        seq: SequenceNumber, n: Ordinal, time: WallTime, from: AccountID?, kind: Kind,
        edition: ChatEdition? = nil, origin: ChatOrigin? = nil, reactions: ChatReactions? = nil
    ) {
        self.seq = seq
        self.n = n
        self.time = time
        self.from = from
        self.kind = kind
        self.edition = edition
        self.origin = origin
        self.reactions = reactions
    }

    /// Whether it is a line of the chat by itself, and not a change of an earlier one.
    package var isShown: Bool {
        switch kind {
        case .edited, .erased, .messageDeleted, .reacted, .unpinned: false
        default: true
        }
    }

    /// The entry with another `kind`, which `edition` gave it. What was forwarded gets no other
    /// words, and who wrote it, and what was said of it, is nobody's business when it is gone.
    func changed(to kind: Kind, by edition: ChatEdition?) -> ChatEntry {
        let hasWords = if case .text = kind { true } else { false }
        return ChatEntry(
            seq: seq, n: n, time: time, from: from, kind: kind, edition: edition,
            reactions: hasWords ? reactions : nil)
    }

    /// The message with what people say of it.
    func with(_ reactions: ChatReactions?) -> ChatEntry {
        ChatEntry(
            seq: seq, n: n, time: time, from: from, kind: kind, edition: edition, origin: origin,
            reactions: reactions)
    }

    /// The entry for somebody who may see the log up to `last` and no further. Words that came
    /// later are left out, and so the message looks deleted: its earlier words are not kept. So are
    /// its reactions when somebody reacted later.
    package func seen(through last: SequenceNumber) -> ChatEntry {
        if let edition, edition.seq > last { return changed(to: .erased, by: nil) }
        guard let reactions, reactions.seq > last else { return self }
        return with(nil)
    }
}

/// Where the words of a forwarded message are from.
package struct ChatOrigin: Hashable, Sendable {
    /// Who wrote them.
    package let account: AccountID
    /// What that account was called when they were forwarded first; may be empty.
    package let name: String
    /// When they were sent first.
    package let time: WallTime

    package init(account: AccountID, name: String, time: WallTime) {
        self.account = account
        self.name = name
        self.time = time
    }
}

/// The entry that gave a message the words that it has, or took them.
package struct ChatEdition: Hashable, Sendable {
    /// The newest `edited` or `messageDeleted` entry of the message.
    package let seq: SequenceNumber
    /// When it was made.
    package let time: WallTime

    package init(seq: SequenceNumber, time: WallTime) {
        self.seq = seq
        self.time = time
    }
}
