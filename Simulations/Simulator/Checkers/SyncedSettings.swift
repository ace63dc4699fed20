internal import Determinism
package import Identity
package import Wire

/// What an account keeps about its chats is the same for all of its clients, is what a node says,
/// and has every change that was acknowledged, in the order of its inbox.
package struct SyncedSettings {
    private struct Told {
        var settings: [ChatID: ClientChatSettings] = [:]
        var last = SequenceNumber.zero
        /// Whether it was told every entry from the first on.
        var isWhole = true
    }

    private struct Inbox {
        /// By their entries; looked up and sorted only.
        var settings: [SequenceNumber: ClientChatSettings] = [:]
        /// Every entry up to this one was told to somebody.
        var reached = SequenceNumber.zero
    }

    private struct Change {
        let account: AccountID
        let chat: ChatID
        let change: ClientSettingsChange
        let told: SequenceNumber
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many settings and acknowledged changes were compared in the end.
    package private(set) var comparedCount: UInt64 = 0
    private var told: [Int: Told] = [:]
    private var inboxes: [AccountID: Inbox] = [:]
    private var changes: [Change] = []

    /// Nothing has happened yet.
    package init() {}

    /// A client was told this entry of the inbox of its account.
    package mutating func told(_ entry: ClientEntry, of account: AccountID, to client: Int) {
        var inbox = inboxes[account, default: Inbox()]
        var told = told[client, default: Told()]
        if entry.seq != told.last.next { told.isWhole = false }
        told.last = entry.seq
        if case .chatSettings(let settings) = entry.content {
            if let other = inbox.settings[entry.seq], other != settings {
                report("\(account)'s entry \(entry.seq) says \(other) and \(settings)")
            }
            inbox.settings[entry.seq] = settings
            told.settings[settings.chat] = settings.isNothing ? nil : settings
        }
        if told.isWhole { inbox.reached = max(inbox.reached, entry.seq) }
        inboxes[account] = inbox
        self.told[client] = told
    }

    /// The client begins anew, with nothing.
    package mutating func forgets(_ client: Int) { told[client] = nil }

    /// A change was acknowledged: the inbox had it when it came to `told`.
    package mutating func acked(
        _ change: ClientSettingsChange, of chat: ChatID, by account: AccountID,
        told: SequenceNumber
    ) {
        changes.append(Change(account: account, chat: chat, change: change, told: told))
    }

    /// A node says what the account of a client keeps, in the end: of an inbox that goes on, what
    /// is newer than the cursor may be in it or not.
    package mutating func lists(
        _ settings: [ClientChatSettings], inbox: LogCursor, to client: Int
    ) {
        guard let told = told[client], told.isWhole, told.last == inbox.seq else { return }
        comparedCount += UInt64(settings.count)
        let said = settings.filter { told.settings[$0.chat] == $0 }.count
        guard said == told.settings.count, said == settings.count else {
            return report(
                "client \(client) has settings of \(told.settings.count) chats, and a node of "
                    + "\(settings.count), \(said) the same")
        }
    }

    /// All is told: every acknowledged change must be there.
    package mutating func judgeChanges() {
        for change in changes {
            guard let inbox = inboxes[change.account], inbox.reached >= change.told else {
                continue
            }
            comparedCount += 1
            let newest = inbox.settings.filter {
                $0.key <= change.told && $0.value.chat == change.chat
            }.max { $0.key < $1.key }
            if !change.change.holds(in: newest?.value) {
                report(
                    "\(change.change) of \(change.account) is not in its inbox at "
                        + "\(change.told): \(String(describing: newest?.value))")
            }
        }
        changes = []
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "synced settings", words: words))
    }
}

extension ClientChatSettings {
    /// Whether nothing is kept about the chat.
    fileprivate var isNothing: Bool {
        mutedUntil.milliseconds == 0 && pin == .zero && archived == nil && !isUnread
    }
}

extension ClientSettingsChange {
    /// Whether `settings` are some after this change; nil: nothing is kept.
    fileprivate func holds(in settings: ClientChatSettings?) -> Bool {
        let isArchived =
            switch archive {
            case .through(let n): settings?.archived.map { $0 >= n } ?? false
            case .no: settings?.archived == nil
            case nil: true
            }
        let pin = settings?.pin ?? .zero
        let mutedUntil = mutedUntil?.milliseconds
        return isArchived && (isPinned.map { $0 == (pin > .zero) } ?? true)
            && (mutedUntil.map { $0 == settings?.mutedUntil.milliseconds ?? 0 } ?? true)
            && (isUnread.map { $0 == settings?.isUnread ?? false } ?? true)
    }
}
