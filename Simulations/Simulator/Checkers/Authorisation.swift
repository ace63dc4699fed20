package import Identity
package import Wire

/// Nobody is shown an entry of a private chat who was never made a member of it, or whose
/// membership ended before that entry; and every entry of a group is of somebody who had the right
/// to it at its place in the log (``ChatRights``).
package struct Authorisation {
    private struct Place: Hashable {
        let chat: ChatID
        let account: AccountID
    }

    package private(set) var violations: [Violation] = []
    private var publicRooms: [ChatID] = []
    private var admitted: [Place: SequenceNumber] = [:]
    private var removed: [Place: SequenceNumber] = [:]
    private var banned: [Place: SequenceNumber] = [:]
    private var mayEnd: Set<Place> = []
    /// Chats in which rights were given, taken or passed on, or may have been.
    private var contested: Set<ChatID> = []
    private var shown: [(place: Place, seq: SequenceNumber)] = []

    /// Nothing has happened yet.
    package init() {}

    /// Everybody may see this chat.
    package mutating func isPublic(_ chat: ChatID) {
        if !publicRooms.contains(chat) { publicRooms.append(chat) }
    }

    /// Somebody wants the account's membership to end: from now on it may be over.
    package mutating func asksEnd(of account: AccountID, in chat: ChatID) {
        mayEnd.insert(Place(chat: chat, account: account))
    }

    /// Whether the account may be a former member: it may be refused what members may, and be told
    /// of the chat as it was at its end.
    package func mayHaveEnded(_ account: AccountID?, in chat: ChatID) -> Bool {
        account.map { mayEnd.contains(Place(chat: chat, account: $0)) } ?? false
    }

    /// Somebody wants other rights in the chat: from now on anybody's there may be too few.
    package mutating func asksRights(in chat: ChatID) {
        contested.insert(chat)
    }

    /// Whether anybody may be refused with `code` in the chat, as somebody wanted other rights.
    package func mayLackRights(_ code: String, in chat: ChatID) -> Bool {
        ["noRight", "notSender", "banned", "forbidden"].contains(code) && contested.contains(chat)
    }

    /// A replica holds exactly these entries of `chat`; linear.
    package mutating func holds(_ entries: [ClientEntry], of chat: ChatID, on replica: String) {
        if case .opened? = entries.first?.content { return }
        var rights = ChatRights(isPublic: publicRooms.contains(chat))
        for entry in entries where !rights.take(entry) {
            return report("\(replica) has \(entry) of \(chat), to which its sender had no right")
        }
    }

    /// The log says at `seq` that the account is a member, for the first time or again.
    package mutating func admits(_ account: AccountID, to chat: ChatID, at seq: SequenceNumber) {
        let place = Place(chat: chat, account: account)
        admitted[place] = min(admitted[place] ?? seq, seq)
        if let end = removed[place], end < seq { removed[place] = nil }
    }

    /// The log says at `seq` that the account is a member no longer.
    package mutating func removes(_ account: AccountID, from chat: ChatID, at seq: SequenceNumber) {
        removed[Place(chat: chat, account: account)] = seq
    }

    /// The log says at `seq` that the account is kept out: not even of a public chat it sees more.
    package mutating func bans(_ account: AccountID, from chat: ChatID, at seq: SequenceNumber) {
        banned[Place(chat: chat, account: account)] = seq
    }

    /// The log says that the account may come again, and may see what it missed.
    package mutating func unbans(_ account: AccountID, from chat: ChatID) {
        banned[Place(chat: chat, account: account)] = nil
    }

    /// The account was shown the entry at `seq`; judged at the end, when all of the log is known.
    package mutating func shows(_ seq: SequenceNumber, of chat: ChatID, to account: AccountID) {
        shown.append((Place(chat: chat, account: account), seq))
    }

    /// Judges all that was shown; linear.
    package mutating func judge() {
        for (place, seq) in shown {
            if let end = banned[place], seq > end {
                report("\(place.account) was shown \(seq) of \(place.chat), banned at \(end)")
                continue
            }
            if publicRooms.contains(place.chat) { continue }
            guard admitted[place] != nil else {
                report("\(place.account) was shown \(seq) of \(place.chat) and is no member")
                continue
            }
            if let end = removed[place], seq > end {
                report("\(place.account) was shown \(seq) of \(place.chat) after its end at \(end)")
            }
        }
        shown = []
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "authorisation", words: words))
    }
}
