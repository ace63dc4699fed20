package import Determinism
package import Identity
package import Wire

/// Whoever is shown as typing in a chat may write there, as the log says where it ended then;
/// nobody is shown to themselves, and once the faults are over nobody is told of who has stopped.
package struct Typing {
    private struct Place: Hashable {
        let chat: ChatID
        let account: AccountID
    }

    private struct Sight {
        let typist: AccountID
        let seq: SequenceNumber
        let viewer: AccountID
    }

    /// How long after it was said it may be shown, when nothing is broken.
    package static let delayMax = Interval.seconds(10)

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How often somebody was shown.
    package private(set) var shownCount: UInt64 = 0
    /// When it was said last; looked up only.
    private var said: [Place: Instant] = [:]
    /// What has to be judged by the logs; looked up only.
    private var shown: [ChatID: [Sight]] = [:]
    private var healedAt: Instant?

    /// Nothing has happened yet.
    package init() {}

    /// Somebody types.
    package mutating func says(_ account: AccountID, in chat: ChatID, at now: Instant) {
        said[Place(chat: chat, account: account)] = now
    }

    /// The faults are over.
    package mutating func healed(at now: Instant) { healedAt = now }

    /// An account is shown that another types in a chat, whose log ended at `seq`.
    package mutating func shows(
        _ typist: AccountID, in chat: ChatID, at seq: SequenceNumber, to viewer: AccountID
    ) {
        shownCount += 1
        if typist == viewer { report("\(viewer) is shown to itself in \(chat)") }
        shown[chat, default: []].append(Sight(typist: typist, seq: seq, viewer: viewer))
    }

    /// A node tells clients that somebody types. When they read that is theirs.
    package mutating func leaves(_ typist: AccountID, in chat: ChatID, at now: Instant) {
        guard let last = said[Place(chat: chat, account: typist)] else {
            return report("\(typist) is told of in \(chat) and never typed there")
        }
        guard let healedAt, now - healedAt > Typing.delayMax, now - last > Typing.delayMax
        else { return }
        report("\(typist) is told of in \(chat) \(now - last) after it typed")
    }

    /// A replica holds exactly these entries of `chat`; linear.
    package mutating func holds(_ entries: [ClientEntry], of chat: ChatID, isPublic: Bool) {
        guard let sights = shown[chat], !sights.isEmpty else { return }
        var rest = sights.sorted { $0.seq < $1.seq }[...]
        var rights = ChatRights(isPublic: isPublic)
        var two: Set<AccountID>?
        for entry in entries {
            if case .opened(let other) = entry.content { two = [other, entry.from ?? other] }
            if two == nil { _ = rights.take(entry) }
            while let sight = rest.first, sight.seq <= entry.seq {
                rest.removeFirst()
                let isRight = two?.contains(sight.typist) ?? rights.mayWrite(sight.typist)
                if sight.seq < entry.seq || !isRight {
                    report("\(sight.typist) is shown in \(chat) at \(sight.seq) and may not write")
                }
            }
        }
        if let sight = rest.first {
            report("\(sight.typist) is shown in \(chat) at \(sight.seq), beyond its end")
        }
        shown[chat] = nil
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "typing", words: words))
    }
}
