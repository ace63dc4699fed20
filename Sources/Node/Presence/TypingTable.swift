internal import Determinism
internal import Identity

/// Who was passed on as typing of late, in the chats that a node owns.
///
/// However many people type in a chat, followers hear of few of them: more than "5 people are
/// typing" says nothing, and of a crowd each keystroke would reach each of the crowd. Soft, bounded
/// by what is said within ``SessionLimits/typingLifetime``, and never replicated.
///
/// Invariant: 1. a chat has between one and ``typistsMax`` typists.
struct TypingTable {
    /// People of a chat whom others are told of at a time.
    static let typistsMax = 5
    /// What is said again sooner, by another device or a hurried client, adds nothing.
    static let repetitionMin = SessionLimits.typingPauseMin

    private struct Typist {
        let account: AccountID
        var at: Instant
    }

    // Looked up by chat.
    private var typists: [ChatID: [Typist]] = [:]
    private var nextSweep = Instant.start

    /// Of how many chats something is known.
    var count: Int { typists.count }

    /// Whether others are to be told at `now` that `account` types in `chat`.
    mutating func admits(_ account: AccountID, in chat: ChatID, at now: Instant) -> Bool {
        sweep(at: now)
        var typists = (typists[chat] ?? []).filter { isFresh($0, at: now) }
        if let place = typists.firstIndex(where: { $0.account == account }) {
            guard now - typists[place].at >= TypingTable.repetitionMin else { return false }
            typists[place].at = now
        } else {
            guard typists.count < TypingTable.typistsMax else { return false }
            typists.append(Typist(account: account, at: now))
        }
        self.typists[chat] = typists
        return true
    }

    private func isFresh(_ typist: Typist, at now: Instant) -> Bool {
        now - typist.at < SessionLimits.typingLifetime
    }

    /// Forgets chats in which nobody types any more; linear in the chats, at most once in the time
    /// that typing lasts.
    private mutating func sweep(at now: Instant) {
        guard nextSweep <= now else { return }
        nextSweep = now + SessionLimits.typingLifetime
        typists = typists.filter { $0.value.contains { isFresh($0, at: now) } }
    }
}
