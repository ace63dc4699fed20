package import Determinism
package import Identity
internal import Records
internal import Storage

/// What an account began to write in a chat and has not sent.
package struct ChatDraft: Hashable, Sendable {
    /// The format that is written, and the only one that is read.
    private static let version: UInt32 = 1

    /// The chat.
    package let chat: ChatID
    /// Never empty; at most ``AccountLimits/draftScalarsMax`` and ``AccountLimits/draftBytesMax``.
    package let text: String
    /// The message that it answers.
    package let replyTo: SequenceNumber?
    /// When it was saved.
    package let time: WallTime

    package init(chat: ChatID, text: String, replyTo: SequenceNumber?, time: WallTime) {
        self.chat = chat
        self.text = text
        self.replyTo = replyTo
        self.time = time
    }

    /// Whether it says the same.
    func says(_ text: String, replyTo: SequenceNumber?) -> Bool {
        self.text.utf8.elementsEqual(text.utf8) && self.replyTo == replyTo
    }

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8], of chat: ChatID) throws(StorageError) {
        guard let record = Records_DraftRecord(recordBytes: bytes),
            record.version == ChatDraft.version
        else { throw .corrupt("a draft") }
        self.init(
            chat: chat, text: record.text,
            replyTo: record.replyTo == 0 ? nil : SequenceNumber(record.replyTo),
            time: try WallTime(stored: record.time))
    }

    /// The stored form; the chat is in the key.
    func encoded() -> [UInt8] {
        var record = Records_DraftRecord()
        record.version = ChatDraft.version
        record.text = text
        record.replyTo = replyTo?.rawValue ?? 0
        record.time = time.milliseconds
        return record.recordBytes()
    }
}
