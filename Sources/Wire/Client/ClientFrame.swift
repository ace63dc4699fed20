package import Identity

/// What a client says on its socket; one JSON object with a `kind`.
package enum ClientFrame: Hashable, Sendable {
    /// The first frame, once.
    case hello(Hello)
    /// Follow one more chat from this position.
    case open(ChatID, LogCursor)
    /// Follow it no longer.
    case close(ChatID)
    /// Send what the log has after this position.
    case difference(ClientLog, LogCursor)
    /// A message; `replyTo` is the earlier one of the chat that it answers.
    case send(MessageID, ChatID, text: String, replyTo: SequenceNumber? = nil)
    /// The words of another message, which the node reads; a `send` that has a `forward` in JSON.
    case forward(MessageID, ChatID, source: MessagePlace)
    /// Other words for my message `target`.
    case edit(MessageID, ChatID, target: SequenceNumber, text: String)
    /// Take the words of the message `target` for everybody.
    case deleteMessage(MessageID, ChatID, target: SequenceNumber)
    case rename(MessageID, ChatID, name: String, fullName: String)
    case delete(MessageID, ChatID)
    /// I have read up to `n`.
    case mark(ChatID, n: Ordinal)
    case ping
    /// I say the emoji of the message `target` instead of what I said before; nil takes that back.
    case react(MessageID, ChatID, target: SequenceNumber, emoji: String?)
    /// My person types in the chat. Not answered; only to a node whose welcome says how often.
    case typing(ChatID)
    /// Whether my person uses the client. Not answered; as above.
    case presence(isActive: Bool)
    /// Tell me whether these are there, now and at every change, instead of those of the last time;
    /// at most ``watchedMax``. As above.
    case watch([AccountID])
}

/// Where a message stands: its chat and its number there.
package struct MessagePlace: Hashable, Sendable {
    package let chat: ChatID
    package let seq: SequenceNumber

    package init(chat: ChatID, seq: SequenceNumber) {
        self.chat = chat
        self.seq = seq
    }
}

extension MessagePlace: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("chat", chat.text)
        writer.member("seq", seq.rawValue)
        writer.endObject()
    }

    /// Reads `{chat, seq}`.
    package init(_ object: JSONObject) throws(ClientFrameError) {
        guard let seq = try object.optionalSeq("seq") else { throw .missing("seq") }
        self.init(chat: try object.id("chat"), seq: seq)
    }
}

/// A star of an account at a message. `place` is the entry of the inbox that says so: the later
/// star has the greater.
package struct ClientStar: Hashable, Sendable {
    package let message: MessagePlace
    package let place: SequenceNumber

    package init(message: MessagePlace, place: SequenceNumber) {
        self.message = message
        self.place = place
    }
}

extension ClientStar: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("chat", message.chat.text)
        writer.member("seq", message.seq.rawValue)
        writer.member("place", place.rawValue)
        writer.endObject()
    }
}

/// The first frame: who, and what the client has.
package struct Hello: Hashable, Sendable {
    /// A position of one chat.
    package struct Open: Hashable, Sendable {
        package let chat: ChatID
        package let cursor: LogCursor

        package init(chat: ChatID, cursor: LogCursor) {
            self.chat = chat
            self.cursor = cursor
        }
    }

    /// A bearer, when the upgrade carried none.
    package let token: String?
    /// A resume ticket, when there is no bearer for this host.
    package let ticket: String?
    package let device: String?
    /// Nil: from the head on.
    package let inbox: LogCursor?
    /// At most ``ClientFrame/openChatsMax``.
    package let open: [Open]

    package init(
        token: String? = nil, ticket: String? = nil, device: String? = nil, inbox: LogCursor? = nil,
        open: [Open] = []
    ) {
        self.token = token
        self.ticket = ticket
        self.device = device
        self.inbox = inbox
        self.open = open
    }
}

extension ClientFrame {
    /// Bytes of one frame.
    package static let byteCountMax = 65_536
    /// Chats in one `hello`.
    package static let openChatsMax = 512
    /// Accounts in one `watch`.
    package static let watchedMax = 256
    private static let deviceCharactersMax = 64
    private static let secretCharactersMax = 512

    /// Reads the text of a frame.
    package init(decoding bytes: [UInt8]) throws(ClientFrameError) {
        try self.init(JSONObject(parsing: bytes, byteCountMax: ClientFrame.byteCountMax))
    }

    /// Reads the object of a frame. Whether a text or a name is acceptable is for the chat to say.
    package init(_ object: JSONObject) throws(ClientFrameError) {
        let kind = try object.string("kind")
        switch kind {
        case "hello": self = .hello(try ClientFrame.hello(object))
        case "open": self = .open(try object.id("chat"), try object.cursor())
        case "close": self = .close(try object.id("chat"))
        case "difference": self = .difference(try object.log(), try object.cursor())
        case "send" where object["forward"] != nil:
            self = .forward(
                try object.messageID("cmid"), try object.id("chat"),
                source: try MessagePlace(object.object("forward")))
        case "send":
            self = .send(
                try object.messageID("cmid"), try object.id("chat"),
                text: try object.string("text"), replyTo: try object.optionalSeq("replyTo"))
        case "edit":
            self = .edit(
                try object.messageID("cmid"), try object.id("chat"), target: try object.target(),
                text: try object.string("text"))
        case "deleteMessage":
            self = .deleteMessage(
                try object.messageID("cmid"), try object.id("chat"), target: try object.target())
        case "rename":
            self = .rename(
                try object.messageID("cmid"), try object.id("chat"),
                name: try object.string("name"),
                fullName: try object.string("fullName"))
        case "delete": self = .delete(try object.messageID("cmid"), try object.id("chat"))
        case "mark": self = .mark(try object.id("chat"), n: try object.ordinal())
        case "ping": self = .ping
        case "react":
            self = .react(
                try object.messageID("cmid"), try object.id("chat"), target: try object.target(),
                emoji: object["emoji"] == nil ? nil : try object.string("emoji"))
        case "typing": self = .typing(try object.id("chat"))
        case "presence": self = .presence(isActive: try object.bool("active"))
        case "watch": self = .watch(try ClientFrame.watched(object))
        default: throw .unknownKind(String(kind.prefix(32)))
        }
    }

    private static func watched(_ object: JSONObject) throws(ClientFrameError) -> [AccountID] {
        let texts = try object.array("accounts")
        guard texts.count <= watchedMax else { throw .tooLong("accounts") }
        var accounts: [AccountID] = []
        for text in texts {
            guard case .string(let text) = text, let account = AccountID(text: text) else {
                throw .wrong("accounts")
            }
            accounts.append(account)
        }
        return accounts
    }

    private static func hello(_ object: JSONObject) throws(ClientFrameError) -> Hello {
        var open: [Hello.Open] = []
        if object["open"] != nil {
            let chats = try object.array("open")
            guard chats.count <= openChatsMax else { throw .tooLong("open") }
            open.reserveCapacity(chats.count)
            for chat in chats {
                let chat = try JSONObject(chat)
                open.append(Hello.Open(chat: try chat.id("chat"), cursor: try chat.cursor()))
            }
        }
        return Hello(
            token: try object.optionalString("token", characterCountMax: secretCharactersMax),
            ticket: try object.optionalString("ticket", characterCountMax: secretCharactersMax),
            device: try object.optionalString("device", characterCountMax: deviceCharactersMax),
            inbox: object["inbox"] == nil ? nil : try object.object("inbox").cursor(), open: open)
    }
}

extension ClientFrame: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch self {
        case .hello(let hello): hello.writeFields(to: &writer)
        case .open(let chat, let cursor):
            writer.member("kind", "open")
            writer.member("chat", chat.text)
            writer.fields(cursor)
        case .close(let chat):
            writer.member("kind", "close")
            writer.member("chat", chat.text)
        case .difference(let log, let cursor):
            writer.member("kind", "difference")
            writer.member("log", log.text)
            writer.fields(cursor)
        case .send(let cmid, let chat, let text, let replyTo):
            writer.member("kind", "send")
            writer.member("cmid", cmid.text)
            writer.member("chat", chat.text)
            writer.member("text", text)
            if let replyTo { writer.member("replyTo", replyTo.rawValue) }
        case .forward(let cmid, let chat, let source):
            writer.member("kind", "send")
            writer.member("cmid", cmid.text)
            writer.member("chat", chat.text)
            writer.member("forward", source)
        case .edit(let cmid, let chat, let target, let text):
            writer.member("kind", "edit")
            writer.member("cmid", cmid.text)
            writer.member("chat", chat.text)
            writer.member("target", target.rawValue)
            writer.member("text", text)
        case .react(let cmid, let chat, let target, let emoji):
            writer.member("kind", "react")
            writer.member("cmid", cmid.text)
            writer.member("chat", chat.text)
            writer.member("target", target.rawValue)
            if let emoji { writer.member("emoji", emoji) }
        case .deleteMessage(let cmid, let chat, let target):
            writer.member("kind", "deleteMessage")
            writer.member("cmid", cmid.text)
            writer.member("chat", chat.text)
            writer.member("target", target.rawValue)
        case .rename(let cmid, let chat, let name, let fullName):
            writer.member("kind", "rename")
            writer.member("cmid", cmid.text)
            writer.member("chat", chat.text)
            writer.member("name", name)
            writer.member("fullName", fullName)
        case .delete(let cmid, let chat):
            writer.member("kind", "delete")
            writer.member("cmid", cmid.text)
            writer.member("chat", chat.text)
        case .mark(let chat, let n):
            writer.member("kind", "mark")
            writer.member("chat", chat.text)
            writer.member("n", n.rawValue)
        case .ping: writer.member("kind", "ping")
        case .typing, .presence, .watch: writePresence(to: &writer)
        }
        writer.endObject()
    }
}

extension ClientFrame {
    private func writePresence(to writer: inout JSONWriter) {
        switch self {
        case .typing(let chat):
            writer.member("kind", "typing")
            writer.member("chat", chat.text)
        case .presence(let isActive):
            writer.member("kind", "presence")
            writer.member("active", isActive)
        case .watch(let accounts):
            writer.member("kind", "watch")
            writer.key("accounts")
            writer.beginArray()
            for account in accounts { writer.string(account.text) }
            writer.endArray()
        default: assertionFailure("only for these kinds")
        }
    }
}

extension Hello {
    fileprivate func writeFields(to writer: inout JSONWriter) {
        writer.member("kind", "hello")
        if let token { writer.member("token", token) }
        if let ticket { writer.member("ticket", ticket) }
        if let device { writer.member("device", device) }
        if let inbox { writer.member("inbox", inbox) }
        writer.key("open")
        writer.beginArray()
        for chat in open {
            writer.beginObject()
            writer.member("chat", chat.chat.text)
            writer.fields(chat.cursor)
            writer.endObject()
        }
        writer.endArray()
    }
}
