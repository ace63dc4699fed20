package import Identity

/// Which log a frame is about, seen from one account: a chat, or its own inbox.
package enum ClientLog: Hashable, Comparable, Sendable {
    case inbox
    case chat(ChatID)

    /// The chat's id, or the word `inbox`.
    package var text: String {
        switch self {
        case .inbox: "inbox"
        case .chat(let chat): chat.text
        }
    }

    /// Nil unless `text` is a chat's id or the word `inbox`.
    package init?(text: String) {
        if text == "inbox" {
            self = .inbox
        } else if let chat = ChatID(text: text) {
            self = .chat(chat)
        } else {
            return nil
        }
    }

    /// How `account` calls `log`.
    package init(_ log: LogID) {
        switch log {
        case .chat(let chat): self = .chat(chat)
        case .inbox: self = .inbox
        }
    }

    /// What this means for `account`.
    package func id(for account: AccountID) -> LogID {
        switch self {
        case .inbox: .inbox(account)
        case .chat(let chat): .chat(chat)
        }
    }

    package static func < (lhs: ClientLog, rhs: ClientLog) -> Bool {
        switch (lhs, rhs) {
        case (.inbox, .chat): true
        case (.chat(let left), .chat(let right)): left < right
        default: false
        }
    }
}

extension JSONObject {
    /// The log that a field names.
    package func log(_ name: String = "log") throws(ClientFrameError) -> ClientLog {
        guard let log = ClientLog(text: try string(name)) else { throw .wrong(name) }
        return log
    }

    /// A position of one log: the fields `epoch` and `seq`, and `marksVersion` if it is there.
    package func cursor() throws(ClientFrameError) -> LogCursor {
        LogCursor(
            epoch: try integer("epoch"), seq: try seq(),
            marksVersion: try optionalInteger("marksVersion") ?? 0)
    }

    /// A place of one log: an object with `seq` and `n`.
    package func position(_ name: String) throws(ClientFrameError) -> LogPosition {
        let place = try object(name)
        return LogPosition(seq: try place.seq(), n: try place.ordinal())
    }
}
