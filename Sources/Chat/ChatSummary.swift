package import Identity

/// What an account may see of a chat at a position of the log.
package enum ChatAccess: Hashable, Sendable {
    /// Nothing, not even that it exists.
    case none
    /// All of it.
    case full(ChatRole)
    /// A former member: entries up to and including the one that removed it.
    case until(SequenceNumber)

    /// The last entry that may be seen of a log that ends at `head`; nil for nothing.
    package func last(of head: SequenceNumber) -> SequenceNumber? {
        switch self {
        case .none: nil
        case .full: head
        case .until(let seq): min(seq, head)
        }
    }

    /// The last entry of which a former member may know; nil when there is no such limit.
    package var limitOfSight: SequenceNumber? {
        if case .until(let seq) = self { seq } else { nil }
    }
}

/// Where a chat's log and marks end.
package struct ChatHead: Hashable, Sendable {
    /// Changes only when the log is restored or made anew.
    package let epoch: UInt64
    /// The newest entry.
    package let seq: SequenceNumber
    /// The newest message.
    package let n: Ordinal
    /// The version of the read marks.
    package let marksVersion: UInt64

    package init(epoch: UInt64, seq: SequenceNumber, n: Ordinal, marksVersion: UInt64) {
        self.epoch = epoch
        self.seq = seq
        self.n = n
        self.marksVersion = marksVersion
    }
}

/// One member of a chat.
package struct ChatMember: Hashable, Sendable {
    /// Who.
    package let account: AccountID
    /// Owner, admin or member.
    package let role: ChatRole

    package init(account: AccountID, role: ChatRole) {
        self.account = account
        self.role = role
    }
}

/// A chat as one account sees it in its list.
package struct ChatSummary: Hashable, Sendable {
    /// The chat.
    package let chat: ChatID
    /// Private, public or direct.
    package let kind: ChatKind
    /// The short name.
    package let name: String
    /// The long one; may be empty.
    package let fullName: String
    /// Who made it; nil is the cluster.
    package let creator: AccountID?
    /// What the asking account is in it.
    package let role: ChatRole
    /// How many members it has.
    package let memberCount: Int
    /// Where its log and marks end.
    package let head: ChatHead
    /// How far the asking account has read.
    package let mark: Ordinal
    /// Read marks, those that changed last first; 1,000 at most.
    package let marks: [MemberMark]
    /// The newest entry that is a line by itself.
    package let last: ChatEntry?
    /// The newest entry that changed an earlier one; zero when none did.
    package let changed: SequenceNumber

    /// How many messages above the asking account's mark were deleted.
    package let erasedCount: UInt64
    /// The ordinals of the newest of these, ascending; at most ``ChatLimits/erasedMax``.
    package let erased: [Ordinal]
    /// Of a direct chat the other of its two, who is the asking account where that is alone; nil
    /// of every other chat.
    package let peer: AccountID?
    /// What it is about; may be empty.
    package let about: String
    /// What plain members may in it.
    package let permissions: ChatPermissions

    /// Whether the asking account may do that.
    package func may(_ permission: ChatPermissions) -> Bool {
        role.may(permission, where: permissions)
    }
    /// The pinned messages, ascending.
    package let pins: [SequenceNumber]

    /// Messages above the asking account's mark that were not deleted. All are of others, because
    /// one's own move the mark.
    package var unread: UInt64 {
        let above = head.n.rawValue >= mark.rawValue ? head.n.rawValue - mark.rawValue : 0
        return above >= erasedCount ? above - erasedCount : 0
    }

    /// A chat with the usual permissions, if no others are given.
    package init(
        chat: ChatID, kind: ChatKind, name: String, fullName: String, creator: AccountID?,
        role: ChatRole, memberCount: Int, head: ChatHead, mark: Ordinal, marks: [MemberMark],
        last: ChatEntry?, changed: SequenceNumber, erasedCount: UInt64, erased: [Ordinal],
        peer: AccountID? = nil, about: String = "", permissions: ChatPermissions? = nil,
        pins: [SequenceNumber] = []
    ) {
        self.chat = chat
        self.kind = kind
        self.name = name
        self.fullName = fullName
        self.creator = creator
        self.role = role
        self.memberCount = memberCount
        self.head = head
        self.mark = mark
        self.marks = marks
        self.last = last
        self.changed = changed
        self.erasedCount = erasedCount
        self.erased = erased
        self.peer = peer
        self.about = about
        self.permissions = permissions ?? .standard(of: kind)
        self.pins = pins
    }
}
