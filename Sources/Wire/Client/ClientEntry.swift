package import Determinism
package import Identity

/// One entry of a chat log or of an inbox log, as clients see it.
package struct ClientEntry: Hashable, Sendable {
    /// What happened; the word is the entry's `kind` in JSON.
    package enum Content: Hashable, Sendable {
        // Chat logs.
        /// A message; `replyTo` is the earlier one of the chat that it answers.
        case text(String, replyTo: SequenceNumber? = nil)
        case created(name: String, fullName: String)
        case renamed(name: String, fullName: String)
        case memberAdded(AccountID)
        case memberRemoved(AccountID)
        case deleted
        // Inbox logs.
        case chatAdded(ChatID)
        case chatRemoved(ChatID)
        case profileChanged
        case sessionOpened(SessionID, device: String)
        case sessionRevoked(SessionID)
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

    package init(
        seq: SequenceNumber, n: Ordinal, time: WallTime, from: AccountID?, content: Content
    ) {
        self.seq = seq
        self.n = n
        self.time = time
        self.from = from
        self.content = content
    }
}
