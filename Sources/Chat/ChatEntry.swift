package import Determinism
package import Identity

/// One entry of a chat's log: a message or a durable change, numbered by the chat's owner.
package struct ChatEntry: Hashable, Sendable {
    /// What happened.
    package enum Kind: Hashable, Sendable {
        /// A message, which may answer an earlier one of the chat.
        case text(String, replyTo: SequenceNumber? = nil)
        /// The chat was made.
        case created(name: String, fullName: String)
        /// The chat has a new title.
        case renamed(name: String, fullName: String)
        /// The account became a member.
        case memberAdded(AccountID)
        /// The account is no longer a member.
        case memberRemoved(AccountID)
        /// The chat is deleted; the last entry of its log.
        case deleted
        /// A kind that this version does not know; it keeps its number.
        case unknown
    }

    /// The place in the log, dense from 1.
    package let seq: SequenceNumber
    /// The place among the messages, dense from 1; zero when the entry is no message.
    package let n: Ordinal
    /// For display only; grows by 1 ms at least from entry to entry.
    package let time: WallTime
    /// Who; nil is the cluster.
    package let from: AccountID?
    /// What.
    package let kind: Kind

    package init(
        seq: SequenceNumber, n: Ordinal, time: WallTime, from: AccountID?, kind: Kind
    ) {
        self.seq = seq
        self.n = n
        self.time = time
        self.from = from
        self.kind = kind
    }
}
