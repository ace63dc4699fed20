internal import Determinism
package import Identity

extension ClientPerson: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.text)
        writer.member("name", name)
        writer.member("username", orNull: username)
        writer.endObject()
    }

    package init(_ object: JSONObject) throws(ClientFrameError) {
        self.init(
            id: try object.id("id"), name: try object.string("name"),
            username: try object.optionalString("username"))
    }
}

extension ClientAccount: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.text)
        writer.member("phone", phone)
        writer.member("name", name)
        writer.member("username", orNull: username)
        writer.member("hasPassword", hasPassword)
        writer.member("isComplete", isComplete)
        writer.member("lastSeen", lastSeen.rawValue)
        writer.endObject()
    }

    package init(_ object: JSONObject) throws(ClientFrameError) {
        let rule = try object.optionalString("lastSeen").flatMap(ClientLastSeenRule.init)
        self.init(
            id: try object.id("id"), phone: try object.string("phone"),
            name: try object.string("name"), username: try object.optionalString("username"),
            // A node of an earlier version says nothing of it.
            hasPassword: object["hasPassword"] == nil ? false : try object.bool("hasPassword"),
            lastSeen: rule ?? .everybody)
    }
}

extension ClientDevice {
    /// Writes the JSON form; `current` is the session that asks.
    package func write(to writer: inout JSONWriter, current: SessionID) {
        writer.beginObject()
        writer.member("id", id.text)
        writer.member("device", device)
        writer.member("created", created.milliseconds)
        if let lastSeen { writer.member("lastSeen", lastSeen.milliseconds) }
        writer.member("current", id == current)
        writer.endObject()
    }
}

extension ClientMember: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("account", account.text)
        writer.member("role", role.rawValue)
        writer.endObject()
    }
}

extension ClientChat: JSONEncodable {
    package func write(to writer: inout JSONWriter) { write(to: &writer, memberList: nil) }

    /// Writes the JSON form, with the members when they are given.
    package func write(to writer: inout JSONWriter, memberList: [ClientMember]?) {
        writer.beginObject()
        writer.member("id", id.text)
        writer.member("kind", kind.rawValue)
        writer.member("name", name)
        writer.member("fullName", fullName)
        writer.member("creator", orNull: creator?.text)
        writer.member("role", role.rawValue)
        writer.member("members", memberCount)
        writer.member("epoch", epoch)
        writer.member("head", head)
        writer.member("mark", mark.rawValue)
        writer.member("marksVersion", marksVersion)
        writer.member("marks", marks)
        writer.member("unread", unread)
        writer.key("last")
        if let last { last.write(to: &writer) } else { writer.null() }
        writer.member("changed", changed.rawValue)
        writer.key("erased")
        writer.beginArray()
        for n in erased { writer.integer(n.rawValue) }
        writer.endArray()
        writer.key("pins")
        writer.beginArray()
        for seq in pins { writer.integer(seq.rawValue) }
        writer.endArray()
        if let peer { writer.member("peer", peer.text) }
        writer.member("about", about)
        writer.member("permissions", permissions)
        if let memberList { writer.member("memberList", memberList) }
        writer.endObject()
    }

    /// Reads the object of a chat.
    package init(_ object: JSONObject) throws(ClientFrameError) {
        guard let kind = ClientChatKind(rawValue: try object.string("kind")) else {
            throw .wrong("kind")
        }
        guard let role = ClientRole(rawValue: try object.string("role")) else {
            throw .wrong("role")
        }
        var marks: [ReadMark] = []
        for mark in try object.array("marks") {
            let mark = try JSONObject(mark)
            marks.append(ReadMark(account: try mark.id("account"), n: try mark.ordinal()))
        }
        self.init(
            id: try object.id("id"), kind: kind, name: try object.string("name"),
            fullName: try object.string("fullName"), creator: try object.optionalID("creator"),
            role: role, memberCount: try object.integer("members"),
            epoch: try object.integer("epoch"), head: try object.position("head"),
            mark: try object.ordinal("mark"), marksVersion: try object.integer("marksVersion"),
            marks: marks,
            last: object["last"] == nil ? nil : try ClientEntry(try object.object("last")),
            changed: SequenceNumber(try object.integer("changed")),
            unread: try object.integer("unread"),
            erased: try object.array("erased").map { value throws(ClientFrameError) in
                guard case .integer(let n) = value, n >= 0 else { throw .wrong("erased") }
                return Ordinal(UInt64(n))
            }, peer: try object.optionalID("peer"),
            about: try object.optionalString("about") ?? "",
            permissions: try object.permissions(),
            pins: try object.array("pins").map { value throws(ClientFrameError) in
                guard case .integer(let seq) = value, seq > 0 else { throw .wrong("pins") }
                return SequenceNumber(UInt64(seq))
            })
    }
}
