package import Determinism
package import Identity

/// An account as its owner sees it.
package struct AccountFacts: Hashable, Sendable {
    /// The account.
    package let account: AccountID
    /// Nil while no code sent to one was given.
    package let phone: PhoneNumber?
    /// The display name; empty until it is chosen.
    package let name: String
    /// Nil until it is chosen.
    package let username: String?
    /// When it was made.
    package let created: WallTime
    /// Where its inbox ends.
    package let inbox: InboxHead
    /// Whether it can be signed in to by a password.
    package let hasPassword: Bool
    /// When it was last there; zero: never, as far as is known.
    package let lastSeen: WallTime
    /// Who may know that.
    package let lastSeenRule: LastSeenRule

    /// Whether name and username are chosen.
    package var isComplete: Bool { !name.isEmpty && username != nil }

    package init(
        account: AccountID, phone: PhoneNumber?, name: String, username: String?,
        created: WallTime, inbox: InboxHead, hasPassword: Bool = false,
        lastSeen: WallTime = WallTime(milliseconds: 0), lastSeenRule: LastSeenRule = .everybody
    ) {
        self.account = account
        self.phone = phone
        self.name = name
        self.username = username
        self.created = created
        self.inbox = inbox
        self.hasPassword = hasPassword
        self.lastSeen = lastSeen
        self.lastSeenRule = lastSeenRule
    }
}

/// Where an inbox log ends.
package struct InboxHead: Hashable, Sendable {
    /// Changes only when the log is restored or made anew.
    package let epoch: UInt64
    /// The newest entry.
    package let seq: SequenceNumber

    package init(epoch: UInt64, seq: SequenceNumber) {
        self.epoch = epoch
        self.seq = seq
    }
}

/// A star that an account has at a message.
package struct Star: Hashable, Sendable {
    /// The chat of the message.
    package let chat: ChatID
    /// The message.
    package let seq: SequenceNumber
    /// The entry of the inbox that says so; the later one has the greater.
    package let place: SequenceNumber

    package init(chat: ChatID, seq: SequenceNumber, place: SequenceNumber) {
        self.chat = chat
        self.seq = seq
        self.place = place
    }
}

/// An account as everybody sees it.
package struct Person: Hashable, Sendable {
    /// The account.
    package let account: AccountID
    /// The display name; may be empty.
    package let name: String
    /// Nil until it is chosen.
    package let username: String?

    package init(account: AccountID, name: String, username: String?) {
        self.account = account
        self.name = name
        self.username = username
    }
}

/// An open session.
package struct SessionFacts: Hashable, Sendable {
    /// The account that it belongs to.
    package let account: AccountID
    /// The session.
    package let session: SessionID
    /// What the device calls itself; may be empty.
    package let device: String
    /// When it was opened.
    package let created: WallTime
    /// When it was last known to be used; coarse.
    package let lastSeen: WallTime

    package init(
        account: AccountID, session: SessionID, device: String, created: WallTime,
        lastSeen: WallTime
    ) {
        self.account = account
        self.session = session
        self.device = device
        self.created = created
        self.lastSeen = lastSeen
    }
}
