package import Determinism
package import Identity

/// Who may find a chat: `private` is for its members, `public` is listed for everybody, `direct` is
/// the one chat of two people.
package enum ClientChatKind: String, Hashable, Sendable, CaseIterable {
    case `private`
    case `public`
    case direct
}

/// What an account is in a chat; a visitor reads a public chat without being a member.
package enum ClientRole: String, Hashable, Sendable, CaseIterable {
    case owner
    case admin
    case member
    case visitor
}

/// A place in a log: an entry's number and the count of messages up to it.
package struct LogPosition: Hashable, Sendable {
    package let seq: SequenceNumber
    package let n: Ordinal

    package init(seq: SequenceNumber, n: Ordinal) {
        self.seq = seq
        self.n = n
    }

    /// Before the first entry.
    package static let zero = LogPosition(seq: .zero, n: .zero)
}

/// A client's position in one log: it has everything up to `seq` of the copy `epoch`.
package struct LogCursor: Hashable, Sendable {
    /// Which copy of the log: changes only when a log is restored. Zero: nothing is known yet.
    package let epoch: UInt64
    package let seq: SequenceNumber
    /// The version of the chat's read marks that the client has; zero when it has none, and for an
    /// inbox.
    package let marksVersion: UInt64

    package init(epoch: UInt64, seq: SequenceNumber, marksVersion: UInt64 = 0) {
        self.epoch = epoch
        self.seq = seq
        self.marksVersion = marksVersion
    }

    /// Before anything is known.
    package static let nothing = LogCursor(epoch: 0, seq: .zero)
}

/// What others may know of an account.
package struct ClientPerson: Hashable, Sendable {
    package let id: AccountID
    package let name: String
    package let username: String?

    package init(id: AccountID, name: String, username: String?) {
        self.id = id
        self.name = name
        self.username = username
    }
}

/// What an account may know of itself.
package struct ClientAccount: Hashable, Sendable {
    package let id: AccountID
    /// E.164, with the plus sign; empty while there is none.
    package let phone: String
    package let name: String
    package let username: String?
    /// Whether it can be signed in to by a password.
    package let hasPassword: Bool
    /// Who may know when it was last there.
    package let lastSeen: ClientLastSeenRule
    /// Whether name and username are chosen.
    package var isComplete: Bool { !name.isEmpty && username != nil }

    package init(
        id: AccountID, phone: String, name: String, username: String?, hasPassword: Bool = false,
        lastSeen: ClientLastSeenRule = .everybody
    ) {
        self.id = id
        self.phone = phone
        self.name = name
        self.username = username
        self.hasPassword = hasPassword
        self.lastSeen = lastSeen
    }
}

/// One signed-in device, as its owner sees it.
package struct ClientDevice: Hashable, Sendable {
    package let id: SessionID
    package let device: String
    package let created: WallTime
    package let lastSeen: WallTime?

    package init(id: SessionID, device: String, created: WallTime, lastSeen: WallTime?) {
        self.id = id
        self.device = device
        self.created = created
        self.lastSeen = lastSeen
    }
}

/// One member of a chat.
package struct ClientMember: Hashable, Sendable {
    package let account: AccountID
    package let role: ClientRole

    package init(account: AccountID, role: ClientRole) {
        self.account = account
        self.role = role
    }
}

/// A chat as one account sees it in its list.
package struct ClientChat: Hashable, Sendable {
    package let id: ChatID
    package let kind: ClientChatKind
    package let name: String
    package let fullName: String
    /// Nil when the cluster made it.
    package let creator: AccountID?
    package let role: ClientRole
    package let memberCount: UInt64
    package let epoch: UInt64
    package let head: LogPosition
    /// How far the asking account has read.
    package let mark: Ordinal
    package let marksVersion: UInt64
    /// At most 1,000.
    package let marks: [ReadMark]
    /// The newest entry that is a line by itself.
    package let last: ClientEntry?
    /// The newest entry that changed an earlier one; zero when none did.
    package let changed: SequenceNumber
    /// Messages above the mark that were not deleted; a member's own send moves the mark.
    package let unread: UInt64
    /// The ordinals of deleted messages above the mark, ascending: the newest 1,000.
    package let erased: [Ordinal]
    /// Of a direct chat the other of its two, who is the asking account where that is alone.
    package let peer: AccountID?
    /// What it is about; may be empty.
    package let about: String
    /// What plain members may in it, in the order of the protocol.
    package let permissions: [ClientPermission]
    /// The pinned messages, ascending; 100 at most.
    package let pins: [SequenceNumber]

    /// A chat of which, without `unread`, nothing above the mark was deleted.
    package init(
        id: ChatID, kind: ClientChatKind, name: String, fullName: String, creator: AccountID?,
        role: ClientRole, memberCount: UInt64, epoch: UInt64, head: LogPosition, mark: Ordinal,
        marksVersion: UInt64, marks: [ReadMark], last: ClientEntry?,
        changed: SequenceNumber = .zero, unread: UInt64? = nil, erased: [Ordinal] = [],
        peer: AccountID? = nil, about: String = "", permissions: [ClientPermission] = [],
        pins: [SequenceNumber] = []
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.fullName = fullName
        self.creator = creator
        self.role = role
        self.memberCount = memberCount
        self.epoch = epoch
        self.head = head
        self.mark = mark
        self.marksVersion = marksVersion
        self.marks = marks
        self.last = last
        self.changed = changed
        self.unread = unread ?? (head.n > mark ? head.n.rawValue - mark.rawValue : 0)
        self.erased = erased
        self.peer = peer
        self.about = about
        self.permissions = permissions
        self.pins = pins
    }
}
