internal import Determinism
internal import Identity

extension ClientEntry: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("seq", seq.rawValue)
        writer.member("n", n.rawValue)
        writer.member("ts", time.milliseconds)
        writer.member("from", orNull: from?.text)
        switch content {
        case .text(let text, let replyTo):
            writer.member("kind", "text")
            writer.member("text", text)
            if let replyTo { writer.member("replyTo", replyTo.rawValue) }
            if let origin { writer.member("origin", origin) }
            if let edition { writer.member("edited", edition) }
            if let reactions { writer.member("reactions", reactions) }
        case .edited(let target, let text):
            writer.member("kind", "edited")
            writer.member("target", target.rawValue)
            if let text { writer.member("text", text) }
        case .erased:
            writer.member("kind", "erased")
            if let edition { writer.member("deleted", edition) }
        case .messageDeleted(let target, let n):
            writer.member("kind", "messageDeleted")
            writer.member("target", target.rawValue)
            writer.member("targetN", n.rawValue)
        case .created(let name, let fullName):
            writer.member("kind", "created")
            writer.member("name", name)
            writer.member("fullName", fullName)
        case .opened(let account):
            writer.member("kind", "opened")
            writer.member("account", account.text)
        case .renamed(let name, let fullName):
            writer.member("kind", "renamed")
            writer.member("name", name)
            writer.member("fullName", fullName)
        case .memberAdded(let account, let link):
            writer.member("kind", "memberAdded")
            writer.member("account", account.text)
            if let link { writer.member("link", link.text) }
        case .memberRemoved(let account):
            writer.member("kind", "memberRemoved")
            writer.member("account", account.text)
        case .deleted: writer.member("kind", "deleted")
        case .reacted, .pinned, .unpinned: writeResponse(to: &writer)
        case .chatAdded(let chat):
            writer.member("kind", "chatAdded")
            writer.member("chat", chat.text)
        case .chatRemoved(let chat):
            writer.member("kind", "chatRemoved")
            writer.member("chat", chat.text)
        case .profileChanged: writer.member("kind", "profileChanged")
        case .sessionOpened(let session, let device):
            writer.member("kind", "sessionOpened")
            writer.member("session", session.text)
            writer.member("device", device)
        case .sessionRevoked(let session):
            writer.member("kind", "sessionRevoked")
            writer.member("session", session.text)
        case .starred, .unstarred, .chatSettings, .draft, .privacyChanged: writeKept(to: &writer)
        case .roleChanged, .ownerChanged, .memberBanned, .memberUnbanned, .described,
            .permissionsChanged:
            writeRoles(to: &writer)
        case .unknown(let kind): writer.member("kind", kind)
        }
        writer.endObject()
    }

    /// Writes what an entry says of what the account keeps.
    private func writeKept(to writer: inout JSONWriter) {
        switch content {
        case .starred(let place):
            writer.member("kind", "starred")
            writer.member("chat", place.chat.text)
            writer.member("target", place.seq.rawValue)
        case .unstarred(let place):
            writer.member("kind", "unstarred")
            writer.member("chat", place.chat.text)
            writer.member("target", place.seq.rawValue)
        case .chatSettings(let settings):
            writer.member("kind", "chatSettings")
            settings.writeMembers(to: &writer)
        case .privacyChanged(let rule):
            writer.member("kind", "privacyChanged")
            writer.member("lastSeen", rule.rawValue)
        case .draft(let chat, let isThere):
            writer.member("kind", "draft")
            writer.member("chat", chat.text)
            writer.member("isThere", isThere)
        default: break
        }
    }
}

extension ClientEntry {
    /// Reads the object of an entry. A kind that is not known, or not in this form, is kept under its
    /// name: it has its place in the numbering.
    package init(_ object: JSONObject) throws(ClientFrameError) {
        let kind = try object.string("kind")
        let content = (try? ClientEntry.content(object)) ?? .unknown(kind: kind)
        self.init(
            seq: try object.seq(), n: try object.ordinal(), time: try object.wallTime("ts"),
            from: try object.optionalID("from"), content: content,
            edition: ClientEntry.edition(object, of: content),
            origin: try ClientEntry.origin(object, of: content),
            reactions: try ClientEntry.reactions(object, of: content))
    }

    private static func origin(
        _ object: JSONObject, of content: Content
    ) throws(ClientFrameError) -> Origin? {
        guard case .text = content, object["origin"] != nil else { return nil }
        return try Origin(object.object("origin"))
    }

    private static func reactions(
        _ object: JSONObject, of content: Content
    ) throws(ClientFrameError) -> ClientReactions? {
        guard case .text = content, object["reactions"] != nil else { return nil }
        return try ClientReactions(object.object("reactions"))
    }

    private static func edition(_ object: JSONObject, of content: Content) -> Edition? {
        let name: String
        switch content {
        case .text: name = "edited"
        case .erased: name = "deleted"
        default: return nil
        }
        return object[name] == nil ? nil : try? Edition(object.object(name))
    }

    private static func content(_ object: JSONObject) throws(ClientFrameError) -> Content {
        let kind = try object.string("kind")
        switch kind {
        case "text":
            if object["edited"] != nil { _ = try Edition(object.object("edited")) }
            if object["origin"] != nil { _ = try Origin(object.object("origin")) }
            if object["reactions"] != nil {
                _ = try ClientReactions(object.object("reactions"))
            }
            return .text(try object.string("text"), replyTo: try object.optionalSeq("replyTo"))
        case "edited":
            return .edited(
                try object.target(),
                text: object["text"] == nil ? nil : try object.string("text"))
        case "erased":
            if object["deleted"] != nil { _ = try Edition(object.object("deleted")) }
            return .erased
        case "messageDeleted":
            return .messageDeleted(try object.target(), n: try object.ordinal("targetN"))
        case "created":
            return .created(
                name: try object.string("name"), fullName: try object.string("fullName"))
        case "opened": return .opened(with: try object.id("account"))
        case "renamed":
            return .renamed(
                name: try object.string("name"), fullName: try object.string("fullName"))
        case "memberAdded":
            return .memberAdded(
                try object.id("account"),
                link: object["link"] == nil ? nil : try object.id("link"))
        case "memberRemoved": return .memberRemoved(try object.id("account"))
        case "deleted": return .deleted
        case "reacted":
            return .reacted(
                try object.target(),
                emoji: object["emoji"] == nil ? nil : try object.string("emoji"),
                tallies: try ClientReactionTally.all(in: object))
        case "pinned": return .pinned(try object.target())
        case "unpinned": return .unpinned(try object.target())
        case "chatAdded": return .chatAdded(try object.id("chat"))
        case "chatRemoved": return .chatRemoved(try object.id("chat"))
        case "profileChanged": return .profileChanged
        case "sessionOpened":
            return .sessionOpened(
                try object.id("session"), device: try object.string("device"))
        case "starred":
            return .starred(
                MessagePlace(chat: try object.id("chat"), seq: try object.target()))
        case "unstarred":
            return .unstarred(
                MessagePlace(chat: try object.id("chat"), seq: try object.target()))
        case "sessionRevoked": return .sessionRevoked(try object.id("session"))
        case "chatSettings": return .chatSettings(try ClientChatSettings(object))
        case "draft":
            return .draft(try object.id("chat"), isThere: try object.bool("isThere"))
        case "privacyChanged":
            guard let rule = ClientLastSeenRule(rawValue: try object.string("lastSeen")) else {
                throw .wrong("lastSeen")
            }
            return .privacyChanged(rule)
        default: return try ClientEntry.roles(object) ?? .unknown(kind: kind)
        }
    }
}

extension ClientEntry.Origin: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("account", account.text)
        writer.member("name", name)
        writer.member("ts", time.milliseconds)
        writer.endObject()
    }

    /// Reads `{account, name, ts}`.
    init(_ object: JSONObject) throws(ClientFrameError) {
        self.init(
            account: try object.id("account"), name: try object.string("name"),
            time: try object.wallTime("ts"))
    }
}

extension ClientEntry.Edition: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("seq", seq.rawValue)
        writer.member("ts", time.milliseconds)
        writer.endObject()
    }

    /// Reads `{seq, ts}`.
    init(_ object: JSONObject) throws(ClientFrameError) {
        self.init(seq: try object.seq(), time: try object.wallTime("ts"))
    }
}
