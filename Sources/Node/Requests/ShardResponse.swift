package import Accounts
package import Chat
package import Identity
package import Wire

/// What the leader of a shard answers; one case for each kind of request.
package enum ShardResponse: Hashable, Sendable {
    /// A command of a chat is durable (or was, the first time that it came).
    case receipt(ChatReceipt)
    /// The same for an account or a claim.
    case accountReceipt(AccountReceipt)
    case summaries([ChatSummary])
    case members([ChatMember])
    case page(StoredPage)
    case difference(StoredDifference)
    case gap(StoredGap)
    /// Nil when there is none.
    case account(AccountFacts?)
    case sessions([SessionFacts])
    case authenticated(AccountFacts, SessionFacts)
    case chatList([ChatID], inbox: InboxHead)
    /// At least what the inbox says up to this entry.
    case stars([Star], inbox: InboxHead)
    /// Nil when the value is free.
    case owner(ClaimOwner?)
    /// Those that exist.
    case people([Person])
    case hits(StoredHits)
    /// In order of their ids.
    case banned([AccountID])
    /// As the inbox says it up to this entry, or later.
    case chatSettings([KeptSettings], inbox: InboxHead)
    /// As the inbox says it up to this entry, or later.
    case drafts([ChatDraft], inbox: InboxHead)
    /// Nil when there is none.
    case password(KeptPassword?)
    /// In the order in which they were made, as far as clocks agree.
    case links([ListedLink])
    case invitation(ChatInvitation)
    case done
    case failed(Failure)
}

/// A page of a chat's history: entries as they are stored, ascending.
package struct StoredPage: Hashable, Sendable {
    package let epoch: UInt64
    package let entries: [[UInt8]]
    /// The newest that the asking account may see.
    package let headSeq: SequenceNumber
    package let headN: Ordinal

    package init(epoch: UInt64, entries: [[UInt8]], headSeq: SequenceNumber, headN: Ordinal) {
        self.epoch = epoch
        self.entries = entries
        self.headSeq = headSeq
        self.headN = headN
    }
}

/// What a log has after a position: entries as they are stored, dense from the position on.
package struct StoredDifference: Hashable, Sendable {
    /// Where the log ends for the asking account.
    package let head: ChatHead
    package let entries: [[UInt8]]
    /// Nil for an inbox and for who may no longer see them.
    package let marks: MarksFields?
    /// Whether there are more before the head.
    package let hasMore: Bool
    /// Whether the account may see nothing after the head.
    package let isEnd: Bool

    package init(
        head: ChatHead, entries: [[UInt8]], marks: MarksFields?, hasMore: Bool, isEnd: Bool
    ) {
        self.head = head
        self.entries = entries
        self.marks = marks
        self.hasMore = hasMore
        self.isEnd = isEnd
    }
}

/// A position too far behind the head to send what lies between.
package struct StoredGap: Hashable, Sendable {
    package let head: ChatHead
    /// The position that was asked from.
    package let tail: SequenceNumber
    package let marks: MarksFields?
    /// Whether the account may see nothing after the head.
    package let isEnd: Bool

    package init(head: ChatHead, tail: SequenceNumber, marks: MarksFields?, isEnd: Bool) {
        self.head = head
        self.tail = tail
        self.marks = marks
        self.isEnd = isEnd
    }
}
