package import Determinism
package import Identity
package import Wire

/// What came of a ``ClientRequest``; one case for each kind of result.
package enum ClientResponse: Hashable, Sendable {
    /// A code of so many digits may be sent; it is good for so long.
    case codeRequested(expiresIn: Interval, digits: Int)
    case signedIn(ClientAccount, SessionID)
    case granted(SessionGrant)
    case account(ClientAccount)
    case people([ClientPerson])
    case devices([ClientDevice])
    case chats([ClientChat], inbox: LogCursor)
    /// In order of chats and messages, at least as the inbox says it up to the cursor.
    case stars([ClientStar], inbox: LogCursor)
    /// At most 1,000 members; empty for who may not see them.
    case chat(ClientChat, members: [ClientMember])
    /// The chat as it is after the change, and the number that the change has in its log.
    case renamed(ClientChat, Receipt)
    case person(ClientPerson)
    case awaited(AwaitedPerson)
    case page(EntryPage)
    case found(FoundMessages)
    case difference(LogDifference)
    case tooLong(LogGap)
    /// At most 1,000, in order of their ids.
    case banned([AccountID])
    case receipt(Receipt)
    /// In the order in which they were made, as far as clocks agree.
    case links([ClientLink])
    case invitation(ClientInvitation)
    /// What is kept about the chat after a change that the inbox had told, if there was anything to
    /// tell, when it came to `told`; it is at least as new as the inbox up to the cursor.
    case settingsChanged(ClientChatSettings, told: SequenceNumber, inbox: LogCursor)
    /// Chats about which nothing is kept are left out; at least as new as the inbox up to the
    /// cursor.
    case chatSettings([ClientChatSettings], inbox: LogCursor)
    /// The inbox had told of it, if there was anything to tell, when it came to `told`.
    case draftSaved(told: SequenceNumber)
    /// At least as new as the inbox up to the cursor.
    case drafts([ClientDraft], inbox: LogCursor)
    /// Whose password it is, nil for a name that no account has, and how it is kept, if it is.
    case password(AccountID?, FoundPassword?)
    case done
    case failed(Failure)
}

/// How a password is kept.
package struct FoundPassword: Hashable, Sendable {
    /// How often the account's password was set, this one included.
    package let number: UInt64
    /// What was made of it.
    package let hash: String

    package init(number: UInt64, hash: String) {
        self.number = number
        self.hash = hash
    }
}

/// Somebody who is invited by a phone number that nobody has claimed.
package struct AwaitedPerson: Hashable, Sendable {
    /// E.164.
    package let phone: String
    /// Who invites, by name; may be empty.
    package let inviter: String
    /// When the invitation is over.
    package let expires: WallTime

    package init(phone: String, inviter: String, expires: WallTime) {
        self.phone = phone
        self.inviter = inviter
        self.expires = expires
    }
}

/// Says that a session is open: who it is and which device.
package struct SessionGrant: Hashable, Sendable {
    package let account: AccountID
    package let session: SessionID
    package let name: String
    package let username: String?
    /// Where the inbox ended when this was found out: what was revoked before is known.
    package let inbox: LogCursor

    package init(
        account: AccountID, session: SessionID, name: String, username: String?, inbox: LogCursor
    ) {
        self.account = account
        self.session = session
        self.name = name
        self.username = username
        self.inbox = inbox
    }
}

/// Where a committed change stands in its chat.
package struct Receipt: Hashable, Sendable {
    package let seq: SequenceNumber
    /// Zero unless it is a message.
    package let n: Ordinal
    package let time: WallTime

    package init(seq: SequenceNumber, n: Ordinal, time: WallTime) {
        self.seq = seq
        self.n = n
        self.time = time
    }
}

/// A page of a chat's history, ascending.
package struct EntryPage: Hashable, Sendable {
    package let epoch: UInt64
    package let entries: [ClientEntry]
    package let head: LogPosition
    /// The oldest that there is.
    package let tail: LogPosition

    package init(epoch: UInt64, entries: [ClientEntry], head: LogPosition, tail: LogPosition) {
        self.epoch = epoch
        self.entries = entries
        self.head = head
        self.tail = tail
    }
}

/// What a log has after a position: dense from the position on.
package struct LogDifference: Hashable, Sendable {
    package let log: LogID
    package let epoch: UInt64
    package let entries: [ClientEntry]
    package let head: LogPosition
    package let marks: MarksFields?
    /// Whether the entries end before the head.
    package let hasMore: Bool
    /// Whether the account may see nothing after the head: it is no longer a member.
    package let isEnd: Bool

    package init(
        log: LogID, epoch: UInt64, entries: [ClientEntry], head: LogPosition, marks: MarksFields?,
        hasMore: Bool, isEnd: Bool = false
    ) {
        self.log = log
        self.epoch = epoch
        self.entries = entries
        self.head = head
        self.marks = marks
        self.hasMore = hasMore
        self.isEnd = isEnd
    }
}

/// A distance that is not sent: the client goes on from `head` and records a hole.
package struct LogGap: Hashable, Sendable {
    package let log: LogID
    package let epoch: UInt64
    package let head: LogPosition
    /// The newest that the client has.
    package let tail: LogPosition
    package let marks: MarksFields?
    /// Whether the account may see nothing after the head: it is no longer a member.
    package let isEnd: Bool

    package init(
        log: LogID, epoch: UInt64, head: LogPosition, tail: LogPosition, marks: MarksFields?,
        isEnd: Bool = false
    ) {
        self.log = log
        self.epoch = epoch
        self.head = head
        self.tail = tail
        self.marks = marks
        self.isEnd = isEnd
    }
}
