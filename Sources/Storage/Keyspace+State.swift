package import Determinism
package import Identity

/// What a key of a shard's replicated state is for: the byte that follows the shard in the `data`
/// family. The numbers are part of the format; a new kind takes a new one.
package enum StateKind: UInt8, CaseIterable, Sendable {
    /// One chat: title, head, counts.
    case chat = 0x10
    /// One entry of a chat's log.
    case chatEntry = 0x11
    /// One member, present or removed, of a chat.
    case member = 0x12
    /// How far one account has read in a chat.
    case mark = 0x13
    /// Which account's mark changed at a version of a chat's marks.
    case markVersion = 0x14
    /// That a message of a chat was deleted.
    case erased = 0x15
    /// One account.
    case account = 0x20
    /// One entry of an account's inbox.
    case inboxEntry = 0x21
    /// One session of an account.
    case session = 0x22
    /// One chat in an account's list, or that it was taken off.
    case listedChat = 0x23
    /// One redeemed resume ticket.
    case ticket = 0x24
    /// One message at which an account has a star.
    case star = 0x25
    /// What an account keeps about one chat.
    case chatSettings = 0x26
    /// What an account began to write in one chat.
    case draft = 0x27
    /// The password of an account.
    case password = 0x2A
    /// Who owns a phone number or a name.
    case claim = 0x30
    /// The sign-in code of a phone number.
    case code = 0x31
    /// What a command was answered, by its scope and id.
    case commandResult = 0x40
    /// When that answer may be forgotten.
    case commandExpiry = 0x41
    /// The clock by which answers are forgotten.
    case commandClock = 0x42
    /// One effect on its way to another shard.
    case outbox = 0x50
    /// How many effects the shard has ever put into its outbox.
    case outboxHead = 0x51
    /// One account that stays out of a chat.
    case ban = 0x80
    /// One link by which people join a chat.
    case inviteLink = 0x81
    /// Who invites a phone number that nobody has claimed.
    case phoneInvitations = 0x82
}

/// The keys of a shard's replicated state, without the shard's prefix.
///
/// | kind | rest of the key | value |
/// | --- | --- | --- |
/// | `chat` | chat (16) | `ChatRecord` |
/// | `chatEntry` | chat (16) ‖ seq (8) | `ChatEntry` |
/// | `member` | chat (16) ‖ account (16) | `MemberRecord` |
/// | `mark` | chat (16) ‖ account (16) | `MarkRecord` |
/// | `markVersion` | chat (16) ‖ version (8) | account (16) ‖ n (8) |
/// | `erased` | chat (16) ‖ n (8) | nothing |
/// | `account` | account (16) | `AccountRecord` |
/// | `inboxEntry` | account (16) ‖ seq (8) | `InboxEntry` |
/// | `session` | account (16) ‖ session (16) | `SessionRecord` |
/// | `listedChat` | account (16) ‖ chat (16) | `ListedChatRecord` |
/// | `ticket` | account (16) ‖ session (16) ‖ nonce | `TicketRecord` |
/// | `star` | account (16) ‖ chat (16) ‖ seq (8) | `StarRecord` |
/// | `chatSettings` | account (16) ‖ chat (16) | `ChatSettingsRecord` |
/// | `draft` | account (16) ‖ chat (16) | `DraftRecord` |
/// | `password` | account (16) | `PasswordRecord` |
/// | `claim` | `phone:` or `name:` ‖ value, UTF-8 | `ClaimRecord` |
/// | `code` | as `claim` | `CodeRecord` |
/// | `commandResult` | scope ‖ cmid (16) | expiry (8) ‖ the room's result record |
/// | `commandExpiry` | expiry (8) ‖ scope ‖ cmid (16) | nothing |
/// | `commandClock` | | `DeduplicationTable`'s clock |
/// | `outbox` | sequence (8) | `ShardEffect` |
/// | `outboxHead` | | sequence (8) |
/// | `ban` | chat (16) ‖ account (16) | `BanRecord` |
/// | `inviteLink` | chat (16) ‖ link (16) | `InviteLinkRecord` |
/// | `phoneInvitations` | as `claim` | `PhoneInvitationsRecord` |
extension Keyspace {
    /// The key of `kind` and `rest`.
    package static func state(_ kind: StateKind, _ rest: [UInt8] = []) -> [UInt8] {
        [kind.rawValue] + rest
    }

    /// The chat itself.
    package static func chat(_ chat: ChatID) -> [UInt8] { state(.chat, chat.bytes) }

    /// What all entries of `chat` begin with.
    package static func chatEntries(_ chat: ChatID) -> [UInt8] { state(.chatEntry, chat.bytes) }

    /// The entry of `chat` at `seq`.
    package static func chatEntry(_ chat: ChatID, _ seq: SequenceNumber) -> [UInt8] {
        chatEntries(chat) + bytes(seq.rawValue)
    }

    /// What all members of `chat` begin with.
    package static func members(_ chat: ChatID) -> [UInt8] { state(.member, chat.bytes) }

    /// The membership of `account` in `chat`.
    package static func member(_ chat: ChatID, _ account: AccountID) -> [UInt8] {
        members(chat) + account.bytes
    }

    /// The read mark of `account` in `chat`.
    package static func mark(_ chat: ChatID, _ account: AccountID) -> [UInt8] {
        state(.mark, chat.bytes + account.bytes)
    }

    /// What the changes of the marks of `chat` begin with, in the order of their versions.
    package static func markVersions(_ chat: ChatID) -> [UInt8] {
        state(.markVersion, chat.bytes)
    }

    /// The change of the marks of `chat` at `version`.
    package static func markVersion(_ chat: ChatID, _ version: UInt64) -> [UInt8] {
        markVersions(chat) + bytes(version)
    }

    /// What the ordinals of the deleted messages of `chat` begin with, ascending.
    package static func erased(_ chat: ChatID) -> [UInt8] { state(.erased, chat.bytes) }

    /// That the message `n` of `chat` was deleted.
    package static func erased(_ chat: ChatID, _ n: Ordinal) -> [UInt8] {
        erased(chat) + bytes(n.rawValue)
    }

    /// What the keys of the accounts that stay out of `chat` begin with.
    package static func bans(_ chat: ChatID) -> [UInt8] { state(.ban, chat.bytes) }

    /// That `account` stays out of `chat`.
    package static func ban(_ chat: ChatID, _ account: AccountID) -> [UInt8] {
        bans(chat) + account.bytes
    }

    /// What the keys of the invite links of `chat` begin with.
    package static func inviteLinks(_ chat: ChatID) -> [UInt8] { state(.inviteLink, chat.bytes) }

    /// One invite link of `chat`.
    package static func inviteLink(_ chat: ChatID, _ link: InviteLinkID) -> [UInt8] {
        inviteLinks(chat) + link.bytes
    }

    /// The account itself.
    package static func account(_ account: AccountID) -> [UInt8] { state(.account, account.bytes) }

    /// What all entries of `account`'s inbox begin with.
    package static func inboxEntries(_ account: AccountID) -> [UInt8] {
        state(.inboxEntry, account.bytes)
    }

    /// The entry of `account`'s inbox at `seq`.
    package static func inboxEntry(_ account: AccountID, _ seq: SequenceNumber) -> [UInt8] {
        inboxEntries(account) + bytes(seq.rawValue)
    }

    /// What all sessions of `account` begin with.
    package static func sessions(_ account: AccountID) -> [UInt8] { state(.session, account.bytes) }

    /// One session of `account`.
    package static func session(_ account: AccountID, _ session: SessionID) -> [UInt8] {
        sessions(account) + session.bytes
    }

    /// What the chat list of `account` begins with.
    package static func listedChats(_ account: AccountID) -> [UInt8] {
        state(.listedChat, account.bytes)
    }

    /// The place of `chat` in the list of `account`.
    package static func listedChat(_ account: AccountID, _ chat: ChatID) -> [UInt8] {
        listedChats(account) + chat.bytes
    }

    /// What the redeemed tickets of `account` begin with.
    package static func tickets(_ account: AccountID) -> [UInt8] { state(.ticket, account.bytes) }

    /// One redeemed ticket.
    package static func ticket(
        _ account: AccountID, _ session: SessionID, nonce: [UInt8]
    ) -> [UInt8] {
        tickets(account) + session.bytes + nonce
    }

    /// What the stars of `account` begin with.
    package static func stars(_ account: AccountID) -> [UInt8] { state(.star, account.bytes) }

    /// The star of `account` at the message `seq` of `chat`.
    package static func star(
        _ account: AccountID, _ chat: ChatID, _ seq: SequenceNumber
    ) -> [UInt8] {
        stars(account) + chat.bytes + bytes(seq.rawValue)
    }

    /// What everything that `account` keeps about its chats begins with.
    package static func chatSettings(_ account: AccountID) -> [UInt8] {
        state(.chatSettings, account.bytes)
    }

    /// What `account` keeps about `chat`.
    package static func chatSettings(_ account: AccountID, _ chat: ChatID) -> [UInt8] {
        chatSettings(account) + chat.bytes
    }

    /// What everything that `account` began to write begins with.
    package static func drafts(_ account: AccountID) -> [UInt8] { state(.draft, account.bytes) }

    /// What `account` began to write in `chat`.
    package static func draft(_ account: AccountID, _ chat: ChatID) -> [UInt8] {
        drafts(account) + chat.bytes
    }

    /// The password of `account`.
    package static func password(_ account: AccountID) -> [UInt8] {
        state(.password, account.bytes)
    }

    /// One effect of the outbox.
    package static func outbox(_ sequence: UInt64) -> [UInt8] { state(.outbox, bytes(sequence)) }
}

extension WideID {
    /// Reads an identifier of a stored record; `corrupt` when it has not 16 bytes.
    package init(stored bytes: some Collection<UInt8>) throws(StorageError) {
        guard let id = Self(bytes: bytes) else {
            throw .corrupt("an identifier of \(bytes.count) bytes")
        }
        self = id
    }
}

extension WallTime {
    /// The latest time that a command may bring: the 48 bits of a UUIDv7, in the year 10889.
    package static let proposedMax = WallTime(milliseconds: 1 << 48 - 1)

    /// Reads a time of a stored record; `corrupt` when it is so late that no log can have reached
    /// it, so that sums of times cannot overflow.
    package init(stored milliseconds: UInt64) throws(StorageError) {
        guard milliseconds < 1 << 50 else { throw .corrupt("a time of \(milliseconds) ms") }
        self.init(milliseconds: milliseconds)
    }
}

extension Keyspace {
    /// Above every number of an entry, ordinal or version that a log can reach; a stored one from
    /// here on is damage. Clients read these numbers as JSON, which is exact below.
    package static let numberMax: UInt64 = 1 << 53
}
