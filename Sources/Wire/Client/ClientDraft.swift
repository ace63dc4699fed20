package import Determinism
package import Identity

/// What an account began to write in a chat and has not sent.
package struct ClientDraft: Hashable, Sendable {
    package let chat: ChatID
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
}

extension ClientDraft: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("chat", chat.text)
        writer.member("text", text)
        if let replyTo { writer.member("replyTo", replyTo.rawValue) }
        writer.member("ts", time.milliseconds)
        writer.endObject()
    }
}
