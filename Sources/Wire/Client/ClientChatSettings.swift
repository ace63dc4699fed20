package import Determinism
package import Identity

/// What an account keeps about one of its chats, as its clients see it.
package struct ClientChatSettings: Hashable, Sendable {
    package let chat: ChatID
    /// Until when the chat is muted; zero: not at all, 2^48 - 1: for ever.
    package let mutedUntil: WallTime
    /// Zero: it is not pinned. The greater stands higher.
    package let pin: SequenceNumber
    /// It is archived, and this was its last message then; nil: it is not.
    package let archived: Ordinal?
    /// The account wants to see it as unread.
    package let isUnread: Bool

    package init(
        chat: ChatID, mutedUntil: WallTime, pin: SequenceNumber, archived: Ordinal?,
        isUnread: Bool
    ) {
        self.chat = chat
        self.mutedUntil = mutedUntil
        self.pin = pin
        self.archived = archived
        self.isUnread = isUnread
    }
}

extension ClientChatSettings: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
    }

    /// Writes the members without the braces.
    package func writeMembers(to writer: inout JSONWriter) {
        writer.member("chat", chat.text)
        writer.member("mutedUntil", mutedUntil.milliseconds)
        writer.member("pin", pin.rawValue)
        if let archived { writer.member("archived", archived.rawValue) }
        writer.member("isUnread", isUnread)
    }

    /// Reads `{chat, mutedUntil, pin, archived?, isUnread}`.
    package init(_ object: JSONObject) throws(ClientFrameError) {
        self.init(
            chat: try object.id("chat"), mutedUntil: try object.wallTime("mutedUntil"),
            pin: try object.seq("pin"),
            archived: object["archived"] == nil ? nil : try object.ordinal("archived"),
            isUnread: try object.bool("isUnread"))
    }
}

/// What is to change of a chat's settings; nil: it stays.
package struct ClientSettingsChange: Hashable, Sendable {
    /// Whether a chat is to be archived.
    package enum Archive: Hashable, Sendable {
        /// It is, and this is its last message.
        case through(Ordinal)
        case no
    }

    /// Zero: not any more.
    package let mutedUntil: WallTime?
    package let isPinned: Bool?
    package let archive: Archive?
    package let isUnread: Bool?

    package init(
        mutedUntil: WallTime? = nil, isPinned: Bool? = nil, archive: Archive? = nil,
        isUnread: Bool? = nil
    ) {
        self.mutedUntil = mutedUntil
        self.isPinned = isPinned
        self.archive = archive
        self.isUnread = isUnread
    }
}
