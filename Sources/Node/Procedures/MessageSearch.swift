package import Identity
package import Wire

/// What somebody types to find messages, and where.
package struct MessageSearch: Hashable, Sendable {
    /// The chat; nil for all that the account has, public rooms included.
    package let chat: ChatID?
    /// Words and operators, as typed.
    package let text: String
    /// How many minutes the asking clock is ahead of UTC: of `before:` and `after:`.
    package let zone: Int
    /// ``FoundMessages/next`` of the page before; nil for the first.
    package let cursor: String?
    /// Hits at most, up to 100.
    package let limit: Int

    package init(in chat: ChatID?, _ text: String, zone: Int, cursor: String?, limit: Int) {
        self.chat = chat
        self.text = text
        self.zone = zone
        self.cursor = cursor
        self.limit = limit
    }
}

/// Messages that were found, the newest first.
package struct FoundMessages: Hashable, Sendable {
    package let hits: [FoundMessage]
    /// Where the next page begins; nil when there is none. A page may be short, even empty, and
    /// have a next one: then there was more to look through than one request may.
    package let next: String?
    /// Whether some chats were left out because their nodes did not answer.
    package let isPartial: Bool

    package init(hits: [FoundMessage], next: String?, isPartial: Bool) {
        self.hits = hits
        self.next = next
        self.isPartial = isPartial
    }
}

/// A message that was found.
package struct FoundMessage: Hashable, Sendable, JSONEncodable {
    package let chat: ChatID
    package let entry: ClientEntry
    /// What to mark in its text: ranges of UTF-16 code units, ascending and apart.
    package let marks: [Range<Int>]

    package init(chat: ChatID, entry: ClientEntry, marks: [Range<Int>]) {
        self.chat = chat
        self.entry = entry
        self.marks = marks
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("chat", chat.text)
        writer.member("entry", entry)
        writer.key("marks")
        writer.beginArray()
        for mark in marks {
            writer.beginArray()
            writer.integer(UInt64(mark.lowerBound))
            writer.integer(UInt64(mark.upperBound))
            writer.endArray()
        }
        writer.endArray()
        writer.endObject()
    }
}
