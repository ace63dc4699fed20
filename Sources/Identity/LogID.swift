/// A durable, ordered log that clients follow: that of a chat, or the inbox of an account.
package enum LogID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The messages and changes of one chat.
    case chat(ChatID)
    /// What concerns one account: its chats, sessions and profile.
    case inbox(AccountID)

    package var description: String {
        switch self {
        case .chat(let chat): "chat:\(chat)"
        case .inbox(let account): "inbox:\(account)"
        }
    }

    package static func < (lhs: LogID, rhs: LogID) -> Bool {
        switch (lhs, rhs) {
        case (.chat(let left), .chat(let right)): left < right
        case (.inbox(let left), .inbox(let right)): left < right
        case (.chat, .inbox): true
        case (.inbox, .chat): false
        }
    }
}
