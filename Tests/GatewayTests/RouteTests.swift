import Determinism
import Gateway
import Identity
import Node
import Testing
import Wire

/// One route: what is asked, what the node is asked, and the status.
struct RouteCase: Sendable, CustomTestStringConvertible {
    let method: String
    let path: String
    var body: String?
    let status: Int
    /// A piece of the answer's body.
    let contains: String

    var testDescription: String { "\(method) \(path)" }
}

@Suite("HTTP routes")
struct RouteTests {
    static let chat = "/api/chats/\(FakeNode.chatID.text)"

    static let cases: [RouteCase] = [
        RouteCase(method: "GET", path: "/api/me", status: 200, contains: "\"isComplete\":true"),
        RouteCase(
            method: "PUT", path: "/api/me", body: #"{"name":"Ada","username":"ada"}"#, status: 200,
            contains: "+4915112345678"),
        RouteCase(
            method: "GET", path: "/api/people?ids=\(FakeNode.account.text)", status: 200,
            contains: "\"people\":[{\"id\":"),
        RouteCase(method: "GET", path: "/api/people", status: 200, contains: "\"people\":[]"),
        RouteCase(method: "GET", path: "/api/sessions", status: 200, contains: "\"current\":true"),
        RouteCase(
            method: "DELETE", path: "/api/sessions/\(FakeNode.session.text)", status: 204,
            contains: ""),
        RouteCase(method: "POST", path: "/api/sign-out", status: 204, contains: ""),
        RouteCase(method: "POST", path: "/api/sign-out/everywhere", status: 204, contains: ""),
        RouteCase(
            method: "GET", path: "/api/chats", status: 200,
            contains: "\"inbox\":{\"epoch\":1,\"seq\":3}"),
        RouteCase(
            method: "POST", path: "/api/chats",
            body: #"{"kind":"private","name":"tea","fullName":"Tea at five"}"#, status: 201,
            contains: "\"fullName\":\"Tea at five\""),
        RouteCase(
            method: "POST", path: "/api/chats", body: #"{"kind":"direct","username":"ada"}"#,
            status: 201, contains: "\"members\":1"),
        RouteCase(
            method: "POST", path: "/api/chats",
            body: #"{"kind":"direct","phone":"+4915112345678"}"#, status: 201, contains: "{"),
        RouteCase(
            method: "POST", path: "/api/chats",
            body: #"{"kind":"direct","account":"\#(FakeNode.account.text)"}"#, status: 201,
            contains: "{"),
        RouteCase(
            method: "POST", path: "/api/chats", body: #"{"kind":"direct","account":"ada"}"#,
            status: 400, contains: "badRequest"),
        RouteCase(
            method: "POST", path: "/api/chats", body: #"{"kind":"direct"}"#, status: 400,
            contains: "badRequest"),
        RouteCase(
            method: "POST", path: "/api/chats",
            body: #"{"kind":"direct","username":"ada","phone":"+4915112345678"}"#, status: 400,
            contains: "badRequest"),
        RouteCase(method: "GET", path: chat, status: 200, contains: "\"memberList\":[{"),
        RouteCase(
            method: "PATCH", path: chat, body: #"{"name":"tea","fullName":"Tea"}"#, status: 200,
            contains: "\"role\":\"owner\""),
        RouteCase(method: "DELETE", path: chat, status: 204, contains: ""),
        RouteCase(
            method: "GET", path: chat + "/links", status: 200, contains: "\"links\":[{\"id\":"),
        RouteCase(
            method: "POST", path: chat + "/links", body: #"{"name":"x","expires":9,"uses":2}"#,
            status: 201, contains: "\"expires\":9,\"uses\":2"),
        RouteCase(
            method: "POST", path: chat + "/links", body: #"{"uses":-1}"#, status: 400,
            contains: "badJSON"),
        RouteCase(
            method: "DELETE", path: chat + "/links/\(FakeNode.account.text)", status: 204,
            contains: ""),
        RouteCase(
            method: "DELETE", path: chat + "/links/1", status: 404, contains: "notFound"),
        RouteCase(
            method: "POST", path: chat + "/invitation",
            body: #"{"secret":"\#(FakeNode.account.text)"}"#, status: 200,
            contains: "\"isMember\":false"),
        RouteCase(
            method: "POST", path: chat + "/invitation", body: #"{"secret":"x"}"#, status: 410,
            contains: "badLink"),
        RouteCase(
            method: "POST", path: chat + "/join",
            body: #"{"secret":"\#(FakeNode.account.text)"}"#, status: 201,
            contains: "\"role\":\"owner\""),
        RouteCase(
            method: "POST", path: chat + "/join", body: "{}", status: 400, contains: "badJSON"),
        RouteCase(
            method: "POST", path: chat + "/members", body: #"{"username":"ada"}"#, status: 201,
            contains: "\"person\":{"),
        RouteCase(
            method: "POST", path: chat + "/members", body: #"{"phone":"+4915112345678"}"#,
            status: 201, contains: "\"person\":{"),
        RouteCase(
            method: "POST", path: chat + "/members", body: #"{"phone":"+4915112345999"}"#,
            status: 202, contains: "\"awaited\":{\"phone\":\"+4915112345999\""),
        RouteCase(
            method: "POST", path: chat + "/members",
            body: #"{"account":"\#(FakeNode.account.text)"}"#, status: 201,
            contains: "\"person\":{"),
        RouteCase(
            method: "POST", path: chat + "/members", body: #"{"account":7}"#, status: 400,
            contains: "badJSON"),
        RouteCase(
            method: "DELETE", path: chat + "/members/\(FakeNode.account.text)", status: 204,
            contains: ""),
        RouteCase(
            method: "DELETE", path: chat + "/members/ada", status: 404, contains: "notFound"),
        RouteCase(
            method: "PATCH", path: chat + "/members/\(FakeNode.account.text)", status: 405,
            contains: "methodNotAllowed"),
        RouteCase(
            method: "PUT", path: chat + "/members/\(FakeNode.account.text)",
            body: #"{"role":"admin"}"#, status: 204, contains: ""),
        RouteCase(
            method: "PUT", path: chat + "/members/\(FakeNode.account.text)",
            body: #"{"role":"visitor"}"#, status: 400, contains: "badRequest"),
        RouteCase(
            method: "PATCH", path: chat, body: #"{"about":"Tea"}"#, status: 200,
            contains: "\"permissions\":["),
        RouteCase(method: "PATCH", path: chat, body: "{}", status: 400, contains: "badJSON"),
        RouteCase(
            method: "GET", path: chat + "/bans", status: 200,
            contains: "{\"banned\":[\"\(FakeNode.account.text)\"]}"),
        RouteCase(
            method: "PUT", path: chat + "/bans/\(FakeNode.account.text)", status: 204,
            contains: ""),
        RouteCase(
            method: "DELETE", path: chat + "/bans/\(FakeNode.account.text)", status: 204,
            contains: ""),
        RouteCase(
            method: "PUT", path: chat + "/permissions", body: #"{"permissions":["send","pin"]}"#,
            status: 204, contains: ""),
        RouteCase(
            method: "PUT", path: chat + "/permissions", body: #"{"permissions":["fly"]}"#,
            status: 400, contains: "badRequest"),
        RouteCase(
            method: "PUT", path: chat + "/permissions", body: #"{"permissions":"send"}"#,
            status: 400, contains: "badJSON"),
        RouteCase(
            method: "GET", path: chat + "/entries?before=9&limit=50", status: 200,
            contains: "\"entries\":[{"),
        RouteCase(method: "GET", path: "/api/stars", status: 200, contains: "\"place\":3}]"),
        RouteCase(method: "PUT", path: chat + "/stars/2", status: 204, contains: ""),
        RouteCase(method: "DELETE", path: chat + "/stars/2", status: 204, contains: ""),
        RouteCase(method: "PUT", path: chat + "/pins/2", status: 204, contains: ""),
        RouteCase(
            method: "PUT", path: "/api/me/privacy", body: #"{"lastSeen":"nobody"}"#, status: 200,
            contains: "\"lastSeen\":\"everybody\""),
        RouteCase(
            method: "PUT", path: "/api/me/privacy", body: #"{"lastSeen":"contacts"}"#, status: 400,
            contains: "badRequest"),
        RouteCase(
            method: "PUT", path: "/api/me/privacy", body: "{}", status: 400, contains: "badJSON"),
        RouteCase(method: "DELETE", path: chat + "/pins/2", status: 204, contains: ""),
        RouteCase(method: "PUT", path: chat + "/pins/0", status: 404, contains: "notFound"),
        RouteCase(method: "PUT", path: chat + "/stars/0", status: 404, contains: "notFound"),
        RouteCase(method: "PUT", path: chat + "/stars/x", status: 404, contains: "notFound"),
        RouteCase(
            method: "GET", path: "/api/drafts", status: 200,
            contains: "\"text\":\"begun\",\"replyTo\":2,\"ts\":5}]"),
        RouteCase(
            method: "GET", path: "/api/drafts?chat=\(String(repeating: "c", count: 32))",
            status: 200, contains: "\"chat\":\"cccc"),
        RouteCase(method: "GET", path: "/api/drafts?chat=x", status: 400, contains: "badRequest"),
        RouteCase(
            method: "PUT", path: chat + "/draft", body: #"{"text":"","replyTo":null}"#,
            status: 204, contains: ""),
        RouteCase(
            method: "PUT", path: chat + "/draft", body: "{}", status: 400, contains: "badJSON"),
        RouteCase(
            method: "GET", path: "/api/settings", status: 200,
            contains: "\"mutedUntil\":9,\"pin\":0,\"archived\":2,\"isUnread\":true}]"),
        RouteCase(
            method: "PUT", path: chat + "/settings",
            body: #"{"mutedUntil":9,"isArchived":true,"n":2,"isPinned":null}"#, status: 200,
            contains: "\"inbox\":{\"epoch\":1,\"seq\":4"),
        RouteCase(
            method: "PUT", path: chat + "/settings", body: #"{"isArchived":true}"#, status: 400,
            contains: "badRequest"),
        RouteCase(
            method: "PUT", path: chat + "/settings", body: #"{"isPinned":1}"#, status: 400,
            contains: "badJSON"),
        RouteCase(
            method: "PUT", path: chat + "/settings", body: #"{"mutedUntil":-1}"#, status: 400,
            contains: "badJSON"),
        RouteCase(
            method: "GET", path: chat + "/search?q=hell&limit=5&zone=-120", status: 200,
            contains: "\"marks\":[[0,4]]"),
        RouteCase(
            method: "GET", path: "/api/search?q=hell&cursor=5-0", status: 200,
            contains: "\"isPartial\":false"),
        RouteCase(method: "GET", path: "/healthz", status: 200, contains: "\"ok\""),
        RouteCase(method: "GET", path: "/readyz", status: 200, contains: "\"ready\""),
        RouteCase(method: "GET", path: "/metrics", status: 200, contains: "chaticket_fake 1"),
        RouteCase(method: "GET", path: "/openapi.json", status: 200, contains: "{"),
        RouteCase(method: "GET", path: "/api/csrf", status: 200, contains: "csrftoken"),
    ]

    @Test("The node is asked for the very chat and the very people")
    func asksTheNode() async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            let other = AccountID(high: 0xB, low: 2)
            let body = #"{"kind":"direct","account":"\#(other.text)"}"#
            _ = try await client.change("POST", "/api/chats", body)
            _ = try await client.change("DELETE", RouteTests.chat + "/members/\(other.text)", nil)
            let asked = gateway.node.requests.suffix(2)
            guard case .openChat(FakeNode.account, with: .account(other), cmid: _)? = asked.first,
                case .removeMember(FakeNode.account, FakeNode.chatID, other, cmid: _)? = asked.last
            else {
                Issue.record("\(asked)")
                return
            }
        }
    }

    @Test("Roles, bans, words about a chat and switches reach the node as they were asked")
    func asksForRoles() async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            let (me, chat, other) = (
                FakeNode.account, FakeNode.chatID, AccountID(high: 0xB, low: 2)
            )
            let member = RouteTests.chat + "/members/\(other.text)"
            for role in ["owner", "admin", "member"] {
                _ = try await client.change("PUT", member, #"{"role":"\#(role)"}"#)
            }
            let names = #"{"name":"tea","about":"At five"}"#
            _ = try await client.change("PATCH", RouteTests.chat, names)
            _ = try await client.change("DELETE", RouteTests.chat + "/bans/\(other.text)", nil)
            let words = #"{"permissions":["delete","send"]}"#
            _ = try await client.change("PUT", RouteTests.chat + "/permissions", words)
            let asked = Array(gateway.node.requests.suffix(7))
            guard case .setOwner(me, chat, other, cmid: _)? = asked.first,
                case .setRole(me, chat, other, isAdmin: true, cmid: _) = asked[1],
                case .setRole(me, chat, other, isAdmin: false, cmid: _) = asked[2],
                case .renameChat(me, chat, name: "tea", fullName: "", cmid: _) = asked[3],
                case .describeChat(me, chat, about: "At five", cmid: _) = asked[4],
                case .ban(me, chat, other, isOn: false, cmid: _) = asked[5],
                case .setPermissions(me, chat, [.delete, .send], cmid: _) = asked[6]
            else {
                Issue.record("\(asked)")
                return
            }
        }
    }

    @Test("What is to change of a chat's settings is told to the node, by words as in forms too")
    func settings() async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            let path = RouteTests.chat + "/settings"
            let body = #"{"mutedUntil":9,"isPinned":true,"isArchived":false,"isUnread":false}"#
            _ = try await client.change("PUT", path, body)
            _ = try await client.change("PUT", path, #"{"isArchived":"true","n":"7"}"#)
            let changes = gateway.node.requests.suffix(2).map { request in
                if case .setChat(_, FakeNode.chatID, let change, cmid: _) = request {
                    change
                } else {
                    ClientSettingsChange()
                }
            }
            #expect(
                changes == [
                    ClientSettingsChange(
                        mutedUntil: WallTime(milliseconds: 9), isPinned: true, archive: .no,
                        isUnread: false), ClientSettingsChange(archive: .through(Ordinal(7))),
                ])
        }
    }

    @Test("Every route answers what the protocol says", arguments: cases)
    func answers(_ route: RouteCase) async throws {
        try await TestGateway.run { gateway in
            let client = try await gateway.signedIn()
            let answer =
                route.method == "GET"
                ? try await client.send("GET", route.path)
                : try await client.change(route.method, route.path, route.body)
            #expect(answer.status == route.status, "\(answer.text)")
            #expect(
                route.contains.isEmpty || answer.text.contains(route.contains), "\(answer.text)")
            #expect(route.status != 204 || answer.body.isEmpty)
        }
    }
}
