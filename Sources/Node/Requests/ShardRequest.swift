package import Accounts
package import Chat
package import Determinism
package import Identity
package import Wire

/// What is asked of the leader of a shard.
package enum ShardRequest: Hashable, Sendable {
    /// To be replicated and applied.
    case command(ShardCommand)
    /// To be answered from the state.
    case query(ShardQuery)
}

/// A change of a shard's state: the payload of an entry of its Raft log.
package enum ShardCommand: Hashable, Sendable {
    case chat(ChatCommand)
    case account(AccountCommand)
    case claim(ClaimCommand)
    /// Effects of the shard's outbox, by their sequences, that have reached their targets. Proposed by
    /// the leader itself.
    case outboxDone([UInt64])

    /// Where it belongs; nil for what a leader proposes to its own shard.
    package var key: ShardKey? {
        switch self {
        case .chat(let command): ShardKey(command.chat)
        case .account(let command): ShardKey(command.account)
        case .claim(let command): ShardKey(command.key)
        case .outboxDone: nil
        }
    }
}

/// A question about a shard's state. Questions about several things are for those of one shard.
package enum ShardQuery: Hashable, Sendable {
    /// The chats as the account sees them; those that it may not see are left out. At most
    /// ``chatsMax``.
    case summaries([ChatID], for: AccountID)
    case members(ChatID, for: AccountID)
    /// At most `limit` entries: the newest before `before`, or the oldest after `after`, or the
    /// newest.
    case history(
        ChatID, for: AccountID, before: SequenceNumber?, after: SequenceNumber?, limit: Int)
    /// What the log has after a position; an inbox only for its own account.
    case difference(LogID, for: AccountID, from: LogCursor)
    case account(AccountID)
    case sessions(AccountID)
    case authenticate(AccountID, SessionID, secretHash: [UInt8])
    case chatList(AccountID)
    /// The messages at which the account has a star.
    case stars(AccountID)
    case owner(ClaimKey)
    /// At most ``chatsMax``.
    case people([AccountID])
    case search(ShardSearch)
    /// Who is kept out of a chat; for its owner and admins.
    case banned(ChatID, for: AccountID)
    /// What the account keeps about one of its chats, or about all.
    case chatSettings(AccountID, of: ChatID?)
    /// What the account began to write in one of its chats, or in all.
    case drafts(AccountID, of: ChatID?)
    /// How the account's password is kept.
    case password(AccountID)

    /// The invite links that the account may revoke.
    case links(ChatID, for: AccountID)
    /// What a secret shows of the chat before one joins. The time is that of who asks: a query has
    /// none of its own.
    case invitation(ChatID, by: InviteSecret, for: AccountID, at: WallTime)

    /// How many things one question may be about.
    package static let chatsMax = 100
}
