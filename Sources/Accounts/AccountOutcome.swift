package import Determinism
package import Identity

/// What applying one command to an account or a claim did and is to be told.
package struct AccountOutcome: Hashable, Sendable {
    /// The answer to whoever asked.
    package let result: AccountResult
    /// New entries of the account's inbox, in order.
    package let published: [PublishedEntry]
    /// What other shards are to do, in order; belongs into the shard's outbox in the same batch.
    package let effects: [AccountEffect]

    package init(
        result: AccountResult, published: [PublishedEntry] = [], effects: [AccountEffect] = []
    ) {
        self.result = result
        self.published = published
        self.effects = effects
    }
}

/// Accepted or refused.
package enum AccountResult: Hashable, Sendable {
    /// It is done (or was, the first time that this id came).
    case accepted(AccountReceipt)
    /// It is not done.
    case rejected(AccountRejection)
}

/// What an accepted command was given.
package struct AccountReceipt: Hashable, Sendable {
    /// The account; for a claim the one that owns the value, nil for a code and for a chat's name.
    package let account: AccountID?
    /// The head of the account's inbox afterwards; zero for a claim.
    package let inbox: SequenceNumber
    /// When it was done; for a code: when the code expires.
    package let time: WallTime

    package init(account: AccountID?, inbox: SequenceNumber = .zero, time: WallTime) {
        self.account = account
        self.inbox = inbox
        self.time = time
    }
}

/// What an account or a claim asks of another shard. Delivered at least once; the targets take
/// that.
package struct AccountEffect: Hashable, Sendable {
    /// What is to be done there.
    package enum Body: Hashable, Sendable {
        /// The username that the account claimed under `claim` is no longer needed for that.
        case releaseName(String, AccountID, claim: MessageID)
        /// One of the commands that came with a claim, as it was given.
        case carried([UInt8])
        /// Somebody has signed up whom the last account had invited by the phone number.
        case accepted(AccountID, ChatID, by: AccountID)
    }

    /// The id of the command that delivers it, derived from that of the causing command. A carried
    /// command has its own.
    package let cmid: MessageID
    /// What is to be done.
    package let body: Body

    package init(cmid: MessageID, body: Body) {
        self.cmid = cmid
        self.body = body
    }
}
