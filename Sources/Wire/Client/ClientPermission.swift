/// One of the switches of a chat: what plain members may do while it is on. The raw value is the
/// protocol's word.
package enum ClientPermission: String, Hashable, Sendable, CaseIterable {
    /// Write messages, and edit one's own.
    case send
    /// Send files and pictures.
    case media
    /// Make others members.
    case invite
    /// Pin messages.
    case pin
    /// Change the chat's names and what it is about.
    case info
    /// Delete the messages of others.
    case delete
}

extension JSONWriter {
    /// The words of the permissions, as an array.
    package mutating func member(_ name: String, _ permissions: [ClientPermission]) {
        key(name)
        beginArray()
        for permission in permissions { string(permission.rawValue) }
        endArray()
    }
}

extension JSONObject {
    /// The permissions that `permissions` names; words that are not known are left out, and so are
    /// all when there is no such member.
    func permissions() throws(ClientFrameError) -> [ClientPermission] {
        guard self["permissions"] != nil else { return [] }
        var named: [ClientPermission] = []
        for value in try array("permissions") {
            guard case .string(let word) = value else { throw .wrong("permissions") }
            if let permission = ClientPermission(rawValue: word) { named.append(permission) }
        }
        return ClientPermission.allCases.filter { named.contains($0) }
    }
}
