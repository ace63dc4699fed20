package import Identity

/// Nobody is shown an entry of a private chat who was never made a member of it, or whose
/// membership ended before that entry.
package struct Authorisation {
    private struct Place: Hashable {
        let chat: ChatID
        let account: AccountID
    }

    package private(set) var violations: [Violation] = []
    private var publicRooms: [ChatID] = []
    private var admitted: [Place: SequenceNumber] = [:]
    private var removed: [Place: SequenceNumber] = [:]
    private var mayEnd: Set<Place> = []
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

    /// The account was shown the entry at `seq`; judged at the end, when all of the log is known.
    package mutating func shows(_ seq: SequenceNumber, of chat: ChatID, to account: AccountID) {
        shown.append((Place(chat: chat, account: account), seq))
    }

    /// Judges all that was shown; linear.
    package mutating func judge() {
        for (place, seq) in shown where !publicRooms.contains(place.chat) {
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
