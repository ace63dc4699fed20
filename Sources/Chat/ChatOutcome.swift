package import Determinism
package import Identity

/// What applying one command did and is to be told.
package struct ChatOutcome: Hashable, Sendable {
    /// The answer to whoever asked.
    package let result: ChatResult
    /// New entries of the chat's log, in order.
    package let published: [PublishedEntry]
    /// The read marks that changed.
    package let marks: MarksChange?
    /// What other shards are to do, in order; belongs into the shard's outbox in the same batch.
    package let effects: [ChatEffect]
    /// The message whose words were replaced or taken, and the entry that did it.
    package let rewritten: RewrittenMessage?

    package init(
        result: ChatResult, published: [PublishedEntry] = [], marks: MarksChange? = nil,
        effects: [ChatEffect] = [], rewritten: RewrittenMessage? = nil
    ) {
        self.result = result
        self.published = published
        self.marks = marks
        self.effects = effects
        self.rewritten = rewritten
    }
}

/// A message that has other words than before, or none.
package struct RewrittenMessage: Hashable, Sendable {
    /// The chat.
    package let chat: ChatID
    /// The message.
    package let seq: SequenceNumber
    /// The entry that says so.
    package let change: SequenceNumber
}

/// Accepted or refused.
package enum ChatResult: Hashable, Sendable {
    /// It is done (or was, the first time that this id came).
    case accepted(ChatReceipt)
    /// It is not done.
    case rejected(ChatRejection)
}

/// What an accepted command was given.
package struct ChatReceipt: Hashable, Sendable {
    /// The entry that it made; the head of the log when it made none.
    package let seq: SequenceNumber
    /// The message's ordinal; zero when the entry is no message. For a mark: the mark as it now is.
    package let n: Ordinal
    /// The entry's time.
    package let time: WallTime

    package init(seq: SequenceNumber, n: Ordinal, time: WallTime) {
        self.seq = seq
        self.n = n
        self.time = time
    }
}

/// Read marks of a chat, as absolute values.
package struct MarksChange: Hashable, Sendable {
    /// The chat.
    package let chat: ChatID
    /// The version of the chat's marks after these changes.
    package let version: UInt64
    /// The marks that changed, in the order of their changes.
    package let marks: [MemberMark]

    package init(chat: ChatID, version: UInt64, marks: [MemberMark]) {
        self.chat = chat
        self.version = version
        self.marks = marks
    }
}

/// How far one account has read.
package struct MemberMark: Hashable, Sendable {
    /// Who.
    package let account: AccountID
    /// All messages up to this ordinal are read.
    package let n: Ordinal

    package init(account: AccountID, n: Ordinal) {
        self.account = account
        self.n = n
    }
}

/// What a chat asks of another shard. Delivered at least once and in any order; the targets take
/// that.
package struct ChatEffect: Hashable, Sendable {
    /// What is to be done there.
    package enum Body: Hashable, Sendable {
        /// Put the chat into the account's list; `seq` is the entry that says so, the later one
        /// wins.
        case listChat(AccountID, ChatID, at: SequenceNumber)
        /// Take the chat off the account's list.
        case unlistChat(AccountID, ChatID, at: SequenceNumber)
        /// The name that the chat claimed under `claim` is no longer needed for that.
        case releaseName(String, ChatID, claim: MessageID)
    }

    /// The id of the command that delivers it, derived from that of the causing command.
    package let cmid: MessageID
    /// What is to be done.
    package let body: Body

    package init(cmid: MessageID, body: Body) {
        self.cmid = cmid
        self.body = body
    }
}
