import Identity
import Wire

/// How somebody is known to others, and to the cluster.
struct Profile: Hashable, Sendable {
    let phone: String
    let name: String
    let username: String
}

/// Somebody who is signed in: what is kept of an account between runs.
struct Account: Hashable, Sendable {
    let phone: String
    let token: String
    let id: AccountID
    let username: String

    /// One line of the file, without its end.
    var line: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("phone", phone)
        writer.member("token", token)
        writer.member("account", id.text)
        writer.member("username", username)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    init(phone: String, token: String, id: AccountID, username: String) {
        self.phone = phone
        self.token = token
        self.id = id
        self.username = username
    }

    /// Nil unless `line` is one that ``line`` gives.
    init?(line: some StringProtocol) {
        guard let object = try? JSONObject(parsing: Array(line.utf8), byteCountMax: 4_096),
            let phone = try? object.string("phone"), let token = try? object.string("token"),
            let id = try? object.id("account", as: AccountID.self),
            let username = try? object.string("username")
        else { return nil }
        self.init(phone: phone, token: token, id: id, username: username)
    }
}
