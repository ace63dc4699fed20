package import Determinism
package import Identity

/// What is told of whether somebody is there. Somebody who hides it, and somebody who looks and
/// hides the own, is told about it in the last four words.
package enum Presence: Hashable, Sendable {
    case online
    /// Not there, and last there then; zero: never, as far as is known.
    case offline(lastSeen: WallTime)
    /// Within three days.
    case recently
    case withinWeek
    case withinMonth
    case longAgo

    /// The word in JSON, and the number between nodes.
    private static let words = ["online", "offline", "recently", "week", "month", "long"]

    /// What may be known of this by whoever may not know it exactly, at the time `now`.
    package func blurred(at now: WallTime) -> Presence {
        guard case .offline(let lastSeen) = self else { return self == .online ? .recently : self }
        let day = Interval.seconds(86_400)
        return switch now - lastSeen {
        case ...(day * 3): .recently
        case ...(day * 7): .withinWeek
        case ...(day * 30): .withinMonth
        default: .longAgo
        }
    }

    /// Whether it hides when, or whether right now.
    package var isBlurred: Bool { number > 1 }

    /// When the account was last there; zero where that is not told.
    package var lastSeen: WallTime {
        if case .offline(let time) = self { time } else { WallTime(milliseconds: 0) }
    }

    /// Which of the kinds it is.
    package var number: UInt32 {
        switch self {
        case .online: 0
        case .offline: 1
        case .recently: 2
        case .withinWeek: 3
        case .withinMonth: 4
        case .longAgo: 5
        }
    }

    /// Nil for a number that this version does not know.
    package init?(number: UInt32, lastSeen: WallTime) {
        switch number {
        case 0: self = .online
        case 1: self = .offline(lastSeen: lastSeen)
        case 2: self = .recently
        case 3: self = .withinWeek
        case 4: self = .withinMonth
        case 5: self = .longAgo
        default: return nil
        }
    }

    var word: String { Presence.words[Int(number)] }

    init?(word: String, lastSeen: WallTime) {
        guard let number = Presence.words.firstIndex(of: word) else { return nil }
        self.init(number: UInt32(number), lastSeen: lastSeen)
    }
}

/// Whether one account is there.
package struct PersonPresence: Hashable, Sendable {
    package let account: AccountID
    package let presence: Presence

    package init(account: AccountID, presence: Presence) {
        self.account = account
        self.presence = presence
    }
}

extension PersonPresence: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("account", account.text)
        writer.member("is", presence.word)
        if case .offline(let time) = presence { writer.member("lastSeen", time.milliseconds) }
        writer.endObject()
    }

    /// Reads what ``write(to:)`` writes.
    package init(_ object: JSONObject) throws(ClientFrameError) {
        let word = try object.string("is")
        let lastSeen = try object.optionalInteger("lastSeen") ?? 0
        guard let presence = Presence(word: word, lastSeen: WallTime(milliseconds: lastSeen))
        else { throw .wrong("is") }
        self.init(account: try object.id("account"), presence: presence)
    }
}

/// Who may know when an account was last there, and whether it is there now.
package enum ClientLastSeenRule: String, Hashable, Sendable, CaseIterable {
    case everybody
    case nobody
}
