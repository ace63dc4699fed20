internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Wire

/// Somebody before a client: what they know, what they want, and their client. The further devices
/// and tabs of one account are people of their own.
final class SimulatedPerson {
    let index: Int
    let owner: SimulatedAccount
    var login: SimulatedSession
    /// Proves by its cookie who it is, at home only; otherwise by a bearer everywhere.
    let usesCookie: Bool
    /// Follows what the account follows, and does nothing.
    let isIdle: Bool
    /// What its clock is ahead of the world's, in milliseconds.
    let clockOffset: Int64
    var generator: SeededGenerator
    var core = ClientCore()
    /// Home is the node of the first socket.
    var home = ""
    /// Whether the session runs.
    var isStarted = false
    /// The socket that the client believes to have.
    var socket: SocketID?
    /// Chats that may be written to, public rooms included, in the order in which they were met.
    var chats: [ChatID] = []
    /// Those of them that are not in the account's list: public chats of others.
    var visiting: [ChatID] = []
    /// Chats that somebody else made for sure.
    var foreign: [ChatID] = []
    /// Members of each chat that others made so, in the order in which that was told; looked up
    /// only.
    var guests: [ChatID: [AccountID]] = [:]
    /// The newest message of each chat that was told; looked up only.
    var newest: [ChatID: Ordinal] = [:]
    /// The numbers of the last messages of each chat that were told: what may be answered; looked
    /// up only.
    var answerable: [ChatID: [SequenceNumber]] = [:]
    /// The last messages of each chat that this person's account wrote: what may be edited; looked
    /// up only.
    var editable: [ChatID: [ClientEntry]] = [:]
    /// Messages that are not acknowledged; looked up only.
    var pending: [MessageID: PendingSend] = [:]
    /// Which setting of each timer counts; looked up only.
    var timers: [ClientTimer: UInt64] = [:]
    var nextTimer: UInt64 = 1
    /// Acts that follow the last one at once.
    var burstLeft: UInt64 = 0

    /// A message that was sent and not acknowledged.
    struct PendingSend {
        let chat: ChatID
        let begun: Instant
        /// What was acknowledged in the chat when it was begun.
        let floor: SequenceNumber
        /// Whether it counts for the share of operations that succeed.
        let counts: Bool
    }

    /// The first client of an account.
    init(index: Int, generator: SeededGenerator, workload: Workload = Workload()) {
        self.index = index
        self.generator = generator
        owner = SimulatedAccount(index: index)
        login = SimulatedSession(of: owner)
        usesCookie = self.generator.chance(1, in: 2)
        isIdle = false
        clockOffset = Self.offset(workload, using: &self.generator)
    }

    /// A further device of the account, to be signed in, or, with a `login`, a tab that shares it.
    init(
        index: Int, generator: SeededGenerator, owner: SimulatedAccount, login: SimulatedSession?,
        isIdle: Bool, workload: Workload
    ) {
        self.index = index
        self.generator = generator
        self.owner = owner
        self.login = login ?? SimulatedSession(of: owner)
        usesCookie = false
        self.isIdle = isIdle
        clockOffset = Self.offset(workload, using: &self.generator)
    }

    private static func offset(
        _ workload: Workload, using generator: inout SeededGenerator
    ) -> Int64 {
        let most = workload.clockOffsetMax.milliseconds
        return Int64(generator.next(upperBound: 2 * most + 1)) - Int64(most)
    }

    var account: AccountID? { owner.id }
    var session: SessionID? { login.id }
    var phone: String { owner.phone }
    var username: String { owner.username }

    /// Messages of one chat that a person remembers, to answer or to edit them.
    private static let answerableMax = 16

    /// A message of the chat was told.
    func remember(_ entry: ClientEntry, of chat: ChatID) {
        answerable[chat, default: []].append(entry.seq)
        if answerable[chat, default: []].count > Self.answerableMax {
            answerable[chat]?.removeFirst()
        }
        guard entry.from == account, entry.cmid != nil else { return }
        editable[chat, default: []].append(entry)
        if editable[chat, default: []].count > Self.answerableMax {
            editable[chat]?.removeFirst()
        }
    }

    /// The message that the command `cmid` edits instead of sending another; nil for most. Its id
    /// decides, as above.
    func editTarget(of cmid: MessageID, in chat: ChatID) -> ClientEntry? {
        guard let own = editable[chat], !own.isEmpty, cmid.low % 5 == 1 else { return nil }
        return own[Int(cmid.low / 5 % UInt64(own.count))]
    }

    /// What the message `cmid` answers, if anything. Its id decides instead of a draw, so that
    /// people do otherwise what they always did under a seed.
    func replyTarget(of cmid: MessageID, in chat: ChatID) -> SequenceNumber? {
        guard let told = answerable[chat], !told.isEmpty, cmid.low.isMultiple(of: 3) else {
            return nil
        }
        return told[Int(cmid.low / 3 % UInt64(told.count))]
    }

    /// The message that the command `cmid` forwards instead of sending another; nil for most. Its
    /// id decides, as above.
    func forwardSource(of cmid: MessageID) -> MessagePlace? {
        cmid.low % 7 == 3 ? message(of: cmid.low / 7) : nil
    }

    /// The message at which the command `cmid` puts a star, or from which it takes it, instead of
    /// sending another; nil for most. Its id decides, as above.
    func starTarget(of cmid: MessageID) -> MessagePlace? {
        cmid.low % 13 == 4 ? message(of: cmid.low / 13) : nil
    }

    /// What the command `cmid` changes of what the account keeps about a chat, instead of sending a
    /// message; nil for most. Its id decides, as above.
    func settingsChange(of cmid: MessageID) -> (chat: ChatID, change: ClientSettingsChange)? {
        guard !chats.isEmpty, cmid.low % 9 == 5 else { return nil }
        let number = cmid.low / 9
        let chat = chats[Int(number % UInt64(chats.count))]
        let isOn = number.isMultiple(of: 3)
        let change =
            switch number / 128 % 6 {
            case 0: ClientSettingsChange(mutedUntil: WallTime(milliseconds: number % 4))
            case 1: ClientSettingsChange(isPinned: true)
            case 2: ClientSettingsChange(isPinned: false, isUnread: isOn)
            case 3: ClientSettingsChange(archive: .through(newest[chat] ?? .zero))
            case 4: ClientSettingsChange(mutedUntil: WallTime(milliseconds: 0), archive: .no)
            default: ClientSettingsChange(isUnread: isOn)
            }
        return (chat, change)
    }

    /// Where the command `cmid` keeps a draft, or clears it, instead of sending a message, and what
    /// that answers; nil for most. Its id decides, as above.
    func draftPlace(of cmid: MessageID) -> (chat: ChatID, replyTo: SequenceNumber?)? {
        guard !chats.isEmpty, cmid.low % 12 == 7 || cmid.low % 12 == 4 else { return nil }
        let chat = chats[Int(cmid.low / 12 % UInt64(chats.count))]
        return (chat, replyTarget(of: cmid, in: chat))
    }

    /// One of the messages that the person remembers.
    private func message(of number: UInt64) -> MessagePlace? {
        guard !chats.isEmpty else { return nil }
        let chat = chats[Int(number % UInt64(chats.count))]
        guard let told = answerable[chat], !told.isEmpty else { return nil }
        return MessagePlace(chat: chat, seq: told[Int(number % UInt64(told.count))])
    }

    /// The message that the command `cmid` deletes instead of sending another; nil for most. Who
    /// made the chat deletes anybody's. Its id decides, as above.
    func deleteTarget(of cmid: MessageID, in chat: ChatID) -> SequenceNumber? {
        let own = editable[chat, default: []].map(\.seq)
        let all = owner.own.contains(chat) ? answerable[chat, default: []] : own
        guard !all.isEmpty, cmid.low % 11 == 2 else { return nil }
        return all[Int(cmid.low / 11 % UInt64(all.count))]
    }

    /// What the command `cmid` says of a message instead of sending another, or takes back; nil for
    /// most. Its id decides, as above.
    func reaction(of cmid: MessageID, in chat: ChatID) -> OutgoingReaction? {
        guard let told = answerable[chat], !told.isEmpty, cmid.low % 6 == 5 else { return nil }
        let number = cmid.low / 6
        let emoji = ["👍", "❤️", "🇩🇪", "👩🏽‍🚀", nil][Int(number % 5)]
        // The newest of all is what most people react to.
        let target = number.isMultiple(of: 2) ? told.last : told[Int(number % UInt64(told.count))]
        return target.map { OutgoingReaction(target: $0, emoji: emoji) }
    }

    /// The message that the command `cmid` pins, or whose pin it takes away, instead of sending
    /// another; nil for most. In a public chat only who made it does. Its id decides, as above.
    func pinTarget(of cmid: MessageID, in chat: ChatID, isPublic: Bool) -> MessagePlace? {
        guard !isPublic || owner.own.contains(chat), let told = answerable[chat], !told.isEmpty,
            cmid.low % 19 == 6
        else { return nil }
        return MessagePlace(chat: chat, seq: told[Int(cmid.low / 19 % UInt64(told.count))])
    }

    /// Whose membership of the chat the command `cmid` ends instead of sending a message; nil for
    /// most. Who made the chat removes a guest, a guest leaves. Its id decides, as above.
    func removalTarget(of cmid: MessageID, in chat: ChatID) -> AccountID? {
        if owner.own.contains(chat) {
            guard let guests = guests[chat], !guests.isEmpty, cmid.low % 10 == 6 else {
                return nil
            }
            return guests[Int(cmid.low / 10 % UInt64(guests.count))]
        }
        // Whoever is no member of a public chat has nothing to leave.
        let isGuest = foreign.contains(chat) && !visiting.contains(chat)
        return isGuest && cmid.low % 29 == 7 ? account : nil
    }

    /// A message of the chat was deleted.
    func forget(_ seq: SequenceNumber, of chat: ChatID) {
        answerable[chat]?.removeAll { $0 == seq }
        editable[chat]?.removeAll { $0.seq == seq }
    }

    /// What the bearer is.
    var token: String? {
        guard let account, let session else { return nil }
        return SessionToken(account: account, session: session, secret: login.secret).text
    }
}

/// A socket between a client and a node.
struct ClientSocket {
    /// Whose it is: a person's client, or a vandal's that breaks the protocol.
    enum Holder {
        case person(Int)
        case vandal(Int)
    }

    let id: SocketID
    let holder: Holder
    let node: Int
    let openedAt: Instant
    /// The run of the node in which its hub knows the socket; nil while it does not.
    var run: UInt64?
    /// When what is under way arrives, in each direction.
    var toNodeAt = Instant.start
    var toClientAt = Instant.start
    /// The client does not read: this waits at the node.
    var isStalled = false
    var waiting: [[UInt8]] = []
    var waitingBytes = 0
    var wasReported = false
    /// Since when as much waits as may; nil while less does.
    var fullSince: Instant?
    /// What was said while client and node were cut off from each other, to the node and to the
    /// client; frames for the client are among those that wait.
    var heldForNode: [ClientArrival] = []
    var heldForClient: [WorldEvent] = []
}
