package import Determinism
package import Identity
internal import Storage

/// What an account keeps about one of its chats, for all of its devices.
package struct ChatSettings: Hashable, Sendable {
    /// Until when nothing is to be told of the chat; zero: it is not muted,
    /// `WallTime.proposedMax`: for ever.
    package var mutedUntil: WallTime
    /// The entry of the inbox that pinned the chat; zero: it is not pinned. The greater stands
    /// higher in the list.
    package var pin: SequenceNumber
    /// The chat is archived, and was so when this was its last message; nil: it is not. A later
    /// message at which the chat is not muted brings it back, without any entry: who shows the
    /// list knows both.
    package var archived: Ordinal?
    /// The account wants to see the chat as unread.
    package var isUnread: Bool

    package init(
        mutedUntil: WallTime = WallTime(milliseconds: 0), pin: SequenceNumber = .zero,
        archived: Ordinal? = nil, isUnread: Bool = false
    ) {
        self.mutedUntil = mutedUntil
        self.pin = pin
        self.archived = archived
        self.isUnread = isUnread
    }

    /// What is kept about a chat of which nothing was ever said.
    package static let none = ChatSettings()

    /// These settings after `change`, which the entry `place` of the inbox tells.
    ///
    /// What is archived is not pinned, and what gets pinned is not archived. A pinned chat that is
    /// pinned again comes to the top. An archived chat that is archived again never forgets a
    /// message that it knew: a device that is behind brings nothing back.
    package func changed(
        by change: ChatSettingsChange, at place: SequenceNumber
    ) -> ChatSettings {
        var settings = self
        if let mutedUntil = change.mutedUntil { settings.mutedUntil = mutedUntil }
        if let isUnread = change.isUnread { settings.isUnread = isUnread }
        switch change.archive {
        case .through(let n)?:
            settings.archived = max(settings.archived ?? .zero, n)
            settings.pin = .zero
        case .no?: settings.archived = nil
        case nil: break
        }
        switch change.isPinned {
        case true?:
            settings.pin = place
            settings.archived = nil
        case false?: settings.pin = .zero
        case nil: break
        }
        assert(settings.pin == .zero || settings.archived == nil, "a chat has one place")
        return settings
    }
}

/// What is to change of a chat's settings; nil: it stays.
package struct ChatSettingsChange: Hashable, Sendable {
    /// Whether a chat is to be archived.
    package enum Archive: Hashable, Sendable {
        /// It is, and this is its last message.
        case through(Ordinal)
        /// It is not.
        case no
    }

    /// Zero: not any more.
    package let mutedUntil: WallTime?
    /// To be on top of the list, or at its place again.
    package let isPinned: Bool?
    /// To be archived or not.
    package let archive: Archive?
    /// To be marked as unread or not.
    package let isUnread: Bool?

    /// A time beyond `WallTime.proposedMax` is brought back to it.
    package init(
        mutedUntil: WallTime? = nil, isPinned: Bool? = nil, archive: Archive? = nil,
        isUnread: Bool? = nil
    ) {
        self.mutedUntil = mutedUntil.map { min($0, .proposedMax) }
        self.isPinned = isPinned
        self.archive = archive
        self.isUnread = isUnread
    }
}

/// A chat with what an account keeps about it.
package struct KeptSettings: Hashable, Sendable {
    /// The chat.
    package let chat: ChatID
    /// What is kept.
    package let settings: ChatSettings

    package init(chat: ChatID, settings: ChatSettings) {
        self.chat = chat
        self.settings = settings
    }
}
