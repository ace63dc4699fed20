package import Identity
package import Search

/// A search of some chats of one shard for messages.
package struct ShardSearch: Hashable, Sendable {
    /// Those that the account may not see are left out; one alone must be to be seen. At most
    /// ``ShardQuery/chatsMax``.
    package let chats: [ChatID]
    /// Who asks.
    package let account: AccountID
    /// What for.
    package let criteria: SearchCriteria
    /// Only hits after this place; nil for the first page.
    package let after: SearchPosition?
    /// Hits at most.
    package let limit: Int

    package init(
        _ chats: [ChatID], for account: AccountID, _ criteria: SearchCriteria,
        after: SearchPosition?, limit: Int
    ) {
        self.chats = chats
        self.account = account
        self.criteria = criteria
        self.after = after
        self.limit = limit
    }
}

/// What a search of a shard has found.
package struct StoredHits: Hashable, Sendable {
    /// A message as its reader may see it.
    package struct Hit: Hashable, Sendable {
        package let chat: ChatID
        /// The entry as it is stored.
        package let entry: [UInt8]
        /// What to mark in its text, in UTF-16 code units.
        package let marks: [Range<Int>]

        package init(chat: ChatID, entry: [UInt8], marks: [Range<Int>]) {
            self.chat = chat
            self.entry = entry
            self.marks = marks
        }
    }

    /// The newest first.
    package let hits: [Hit]
    /// All hits up to and including this place are in ``hits``; nil when these are all there are.
    package let reached: SearchPosition?

    package init(hits: [Hit], reached: SearchPosition?) {
        self.hits = hits
        self.reached = reached
    }
}
