internal import Identity

// Entries that say who is what in a chat.
extension ClientEntry {
    /// Writes what is particular to an entry of these kinds.
    func writeRoles(to writer: inout JSONWriter) {
        switch content {
        case .roleChanged(let account, let isAdmin):
            writer.member("kind", "roleChanged")
            writer.member("account", account.text)
            writer.member("role", (isAdmin ? ClientRole.admin : .member).rawValue)
        case .ownerChanged(let account):
            writer.member("kind", "ownerChanged")
            writer.member("account", account.text)
        case .memberBanned(let account, let wasMember):
            writer.member("kind", "memberBanned")
            writer.member("account", account.text)
            writer.member("wasMember", wasMember)
        case .memberUnbanned(let account):
            writer.member("kind", "memberUnbanned")
            writer.member("account", account.text)
        case .described(let about):
            writer.member("kind", "described")
            writer.member("about", about)
        case .permissionsChanged(let permissions):
            writer.member("kind", "permissionsChanged")
            writer.member("permissions", permissions)
        default: assertionFailure("only for these kinds")
        }
    }

    /// The content of an object of these kinds; nil for any other.
    static func roles(_ object: JSONObject) throws(ClientFrameError) -> Content? {
        switch try object.string("kind") {
        case "roleChanged":
            switch ClientRole(rawValue: try object.string("role")) {
            case .admin: return .roleChanged(try object.id("account"), isAdmin: true)
            case .member: return .roleChanged(try object.id("account"), isAdmin: false)
            default: throw .wrong("role")
            }
        case "ownerChanged": return .ownerChanged(try object.id("account"))
        case "memberBanned":
            return .memberBanned(
                try object.id("account"), wasMember: try object.bool("wasMember"))
        case "memberUnbanned": return .memberUnbanned(try object.id("account"))
        case "described": return .described(about: try object.string("about"))
        case "permissionsChanged": return .permissionsChanged(try object.permissions())
        default: return nil
        }
    }
}
