package import Identity

/// What people say of a message with one emoji each; part of the message's entry.
///
/// Invariants: 1. no emoji is here twice and none without anybody; 2. nobody is here twice; 3.
/// there are ``ChatLimits/reactionEmojiMax`` emoji and ``ChatLimits/reactorsMax`` people at most.
package struct ChatReactions: Hashable, Sendable {
    /// One emoji and who reacted with it, earliest first.
    package struct Group: Hashable, Sendable {
        package let emoji: String
        package let accounts: [AccountID]

        package init(emoji: String, accounts: [AccountID]) {
            self.emoji = emoji
            self.accounts = accounts
        }
    }

    /// The newest `reacted` entry of the message; what that says is in `groups`.
    package let seq: SequenceNumber
    /// In the order in which the emoji came; empty when all was taken back.
    package let groups: [Group]

    package init(seq: SequenceNumber, groups: [Group]) {
        self.seq = seq
        self.groups = groups
    }

    /// With what the account reacted; nil when it did not. Linear in the people.
    package func emoji(of account: AccountID) -> String? {
        groups.first { $0.accounts.contains(account) }?.emoji
    }

    /// What everybody is told of it.
    package var tallies: [ReactionTally] { ChatReactions.tallies(of: groups) }

    /// The groups after `account` reacted with `emoji` instead of what it said before; nil takes
    /// that back. Nil when there would be more than may be. Linear in the people.
    static func groups(
        _ groups: [Group], with emoji: String?, of account: AccountID
    ) -> [Group]? {
        var result: [Group] = []
        var count = 0
        for group in groups {
            var accounts = group.accounts.filter { $0 != account }
            if group.emoji == emoji { accounts.append(account) }
            count += accounts.count
            if !accounts.isEmpty { result.append(Group(emoji: group.emoji, accounts: accounts)) }
        }
        if let emoji, !result.contains(where: { $0.emoji == emoji }) {
            result.append(Group(emoji: emoji, accounts: [account]))
            count += 1
        }
        let isWithin =
            result.count <= ChatLimits.reactionEmojiMax && count <= ChatLimits.reactorsMax
        return isWithin || emoji == nil ? result : nil
    }

    /// What everybody is told of `groups`.
    static func tallies(of groups: [Group]) -> [ReactionTally] {
        groups.map { group in
            ReactionTally(
                emoji: group.emoji, count: group.accounts.count,
                first: Array(group.accounts.prefix(ChatLimits.reactorsShownMax)))
        }
    }
}

/// How many reacted to a message with one emoji.
package struct ReactionTally: Hashable, Sendable {
    package let emoji: String
    package let count: Int
    /// The first of them, ``ChatLimits/reactorsShownMax`` at most.
    package let first: [AccountID]

    package init(emoji: String, count: Int, first: [AccountID]) {
        self.emoji = emoji
        self.count = count
        self.first = first
    }
}
