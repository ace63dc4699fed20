package import Determinism
package import Identity

/// One entry of an account's inbox log.
package struct InboxEntry: Hashable, Sendable {
    /// What happened.
    package enum Kind: Hashable, Sendable {
        /// The chat is in the account's list.
        case chatAdded(ChatID)
        /// The chat is no longer in the account's list.
        case chatRemoved(ChatID)
        /// Name or username changed.
        case profileChanged
        /// Somebody signed in.
        case sessionOpened(SessionID, device: String)
        /// The session is closed; its sockets are to be, too.
        case sessionRevoked(SessionID)
        /// The account has a star at the message of the chat.
        case starred(ChatID, SequenceNumber)
        /// It has none there any more.
        case unstarred(ChatID, SequenceNumber)
        /// This is what the account keeps about a chat from now on; the default: nothing.
        case chatSettings(KeptSettings)
        /// What was begun in a chat is another text now, or none.
        case draft(ChatID, isThere: Bool)
        /// Who may know when the account was last there.
        case privacyChanged(LastSeenRule)
        /// A kind that this version does not know; it keeps its number.
        case unknown
    }

    /// The place in the log, dense from 1.
    package let seq: SequenceNumber
    /// For display only; grows by 1 ms at least from entry to entry.
    package let time: WallTime
    /// What.
    package let kind: Kind

    package init(seq: SequenceNumber, time: WallTime, kind: Kind) {
        self.seq = seq
        self.time = time
        self.kind = kind
    }
}
