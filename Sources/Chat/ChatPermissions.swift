/// What a chat lets plain members do: one switch each. Owner and admins are not bound by them.
///
/// The bits are part of the stored format.
package struct ChatPermissions: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Write messages, and edit one's own.
    package static let send = ChatPermissions(rawValue: 1 << 0)
    /// Send files and pictures.
    package static let media = ChatPermissions(rawValue: 1 << 1)
    /// Make others members.
    package static let invite = ChatPermissions(rawValue: 1 << 2)
    /// Pin messages.
    package static let pin = ChatPermissions(rawValue: 1 << 3)
    /// Change the chat's names and what it is about.
    package static let info = ChatPermissions(rawValue: 1 << 4)
    /// Delete the messages of others.
    package static let delete = ChatPermissions(rawValue: 1 << 5)

    /// Every switch that this version knows.
    package static let all: ChatPermissions = [.send, .media, .invite, .pin, .info, .delete]

    /// What can be let to those who are no members of a public chat.
    package static let ofVisitors: ChatPermissions = [.send, .media]

    /// What a chat of `kind` lets its members do until somebody turns a switch.
    package static func standard(of kind: ChatKind) -> ChatPermissions {
        switch kind {
        case .private: [.send, .media, .invite, .pin, .info]
        case .public: [.send, .media]
        case .direct: [.send, .media, .pin]
        }
    }
}
