import ClientTransport
import Glibc
import Identity
import Wire

/// Asks a node as somebody, and again when the node says that it may work later.
struct NodeCaller: Sendable {
    let asker: NodeAsker
    /// The headers that show who asks.
    let headers: [(name: String, value: String)]

    private static let triesMax = 120
    private static let pause = Duration.milliseconds(250)
    /// Longer than a phone number waits for another code; for more nobody waits.
    private static let patienceMilliseconds: UInt64 = 60_000
    private static let answerBytesMax = 64 << 20

    init(_ asker: NodeAsker, headers: [(name: String, value: String)]) {
        self.asker = asker
        self.headers = headers
    }

    /// Asks as the holder of a bearer.
    init(_ asker: NodeAsker, token: String) {
        self.init(asker, headers: [("Authorization", "Bearer \(token)")])
    }

    /// The answer to a question.
    func get(_ path: String) async throws -> JSONObject {
        try await ask("GET", path, nil).object
    }

    /// The answer and its headers. An act carries one id through all tries, until one is refused as
    /// too soon: that answer stays with its id.
    func ask(
        _ method: String, _ path: String, _ fields: [(StaticString, String)]?
    ) async throws -> (object: JSONObject, answer: NodeAnswer) {
        var request = request(method, path, fields)
        var tries = 0
        while true {
            tries += 1
            let answer: NodeAnswer
            do {
                answer = try await asker.ask(request)
            } catch {
                guard tries < NodeCaller.triesMax else { throw error }
                try await Task.sleep(for: NodeCaller.pause)
                continue
            }
            if answer.status < 300 {
                let body = answer.body.isEmpty ? Array("{}".utf8) : answer.body
                return (
                    try JSONObject(parsing: body, byteCountMax: NodeCaller.answerBytesMax), answer
                )
            }
            let wait = answer.status == 429 ? NodeCaller.retryAfter(answer.body) : nil
            let isForNow = answer.status == 429 || answer.status >= 500
            let isSoon = (wait ?? 0) <= NodeCaller.patienceMilliseconds
            guard isForNow, isSoon, tries < NodeCaller.triesMax else {
                throw LoadFailure.refused(
                    request: "\(method) \(path)", status: answer.status,
                    code: NodeCaller.code(answer.body))
            }
            if answer.status == 429 { request = self.request(method, path, fields) }
            try await Task.sleep(for: wait.map { .milliseconds($0 + 1) } ?? NodeCaller.pause)
        }
    }

    private func request(
        _ method: String, _ path: String, _ fields: [(StaticString, String)]?
    ) -> NodeRequest {
        var headers = headers
        if method != "GET" { headers.append(("Idempotency-Key", MessageID.now.text)) }
        return NodeRequest(method, path, body: fields.map(NodeCaller.body), headers: headers)
    }

    /// How many milliseconds the node asks to wait.
    private static func retryAfter(_ body: [UInt8]) -> UInt64? {
        guard let object = try? JSONObject(parsing: body, byteCountMax: answerBytesMax) else {
            return nil
        }
        return try? object.object("error").optionalInteger("retryAfter")
    }

    private static func body(_ fields: [(StaticString, String)]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for (name, value) in fields { writer.member(name, value) }
        writer.endObject()
        return writer.bytes
    }

    private static func code(_ body: [UInt8]) -> String {
        guard let object = try? JSONObject(parsing: body, byteCountMax: answerBytesMax),
            let error = try? object.object("error"), let code = try? error.string("code")
        else { return "?" }
        return code
    }
}

extension NodeCaller {
    /// Makes a chat, of which the caller is the creator.
    func makeChat(_ kind: ClientChatKind, name: String, fullName: String) async throws -> ChatID {
        try await ask(
            "POST", "/api/chats",
            [("kind", kind.rawValue), ("name", name), ("fullName", fullName)]
        ).object.id("id")
    }

    /// Makes the accounts members of the caller's chat.
    func invite(_ accounts: some Sequence<Account>, to chat: ChatID) async throws {
        for account in accounts {
            do {
                _ = try await ask(
                    "POST", "/api/chats/\(chat.text)/members", [("username", account.username)])
            } catch LoadFailure.refused(_, 409, _) {
                // A member already, from a run that was interrupted.
            }
        }
    }
}

extension MessageID {
    /// A fresh id of this moment.
    static var now: MessageID {
        var generator = SystemRandomNumberGenerator()
        return MessageID(milliseconds: Moment.wallMilliseconds, using: &generator)
    }
}

/// The machine's clocks.
enum Moment {
    /// Monotonic time in nanoseconds.
    static var now: UInt64 { nanoseconds(CLOCK_MONOTONIC) }

    /// The calendar's time in milliseconds since 1970.
    static var wallMilliseconds: UInt64 { nanoseconds(CLOCK_REALTIME) / 1_000_000 }

    /// Processor time of this process so far, in nanoseconds.
    static var ownCPU: UInt64 { nanoseconds(CLOCK_PROCESS_CPUTIME_ID) }

    private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(max(0, time.tv_sec)) * 1_000_000_000 + UInt64(max(0, time.tv_nsec))
    }
}
