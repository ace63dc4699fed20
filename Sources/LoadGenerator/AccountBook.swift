import ClientTransport
import Identity
import Wire

/// The accounts that the generator chats as: made once for a cluster, then kept beside it in
/// `load-accounts.jsonl`, which only its owner can read since it holds tokens.
struct AccountBook: Sendable {
    let cluster: ClusterFile
    let connector: ClientConnector

    private static let concurrentMax = 16

    private var path: String { cluster.directory + "/load-accounts.jsonl" }

    /// `count` accounts that are signed in.
    func accounts(_ count: Int) async throws -> [Account] {
        var known = try await kept()
        if known.count < count {
            Progress.tell("signing in \(count - known.count) accounts")
            let codes = CodeFile(path: cluster.directory + "/sign-in-codes.jsonl")
            var missing = Array(known.count..<count)[...]
            while !missing.isEmpty {
                let batch = missing.prefix(AccountBook.concurrentMax)
                missing = missing.dropFirst(batch.count)
                known += try await signIn(Array(batch), codes)
            }
        }
        return Array(known.prefix(count))
    }

    /// What the file has, if the cluster knows the first of them: a fresh cluster does not.
    private func kept() async throws -> [Account] {
        guard let text = SystemFile.text(path) else { return [] }
        let accounts = text.split(separator: "\n").compactMap(Account.init(line:))
        guard let first = accounts.first else { return [] }
        let asker = NodeAsker(connector, cluster.nodes[0].url)
        defer { Task { await asker.close() } }
        do {
            _ = try await NodeCaller(asker, token: first.token).get("/api/me")
            return accounts
        } catch LoadFailure.refused(_, 401, _) {
            // A cluster that was made anew.
            _ = SystemFile.replace(path, by: "")
            return []
        }
    }

    private func signIn(_ numbers: [Int], _ codes: CodeFile) async throws -> [Account] {
        let accounts = try await withThrowingTaskGroup(of: (Int, Account).self) { group in
            for number in numbers {
                group.addTask { (number, try await signIn(number, codes)) }
            }
            var accounts: [(Int, Account)] = []
            for try await account in group { accounts.append(account) }
            return accounts.sorted { $0.0 < $1.0 }.map(\.1)
        }
        for account in accounts where !SystemFile.append(account.line + "\n", to: path) {
            throw LoadFailure.noCluster("\(path) cannot be written")
        }
        return accounts
    }

    private func signIn(_ number: Int, _ codes: CodeFile) async throws -> Account {
        let url = cluster.nodes[number % cluster.nodes.count].url
        let asker = NodeAsker(connector, url, from: url.isLoopback ? source() : nil)
        defer { Task { await asker.close() } }
        let guarded = NodeCaller(asker, headers: try await guardHeaders(asker))
        let phone = "+49151\(UInt32.random(in: 10_000_000...99_999_999))"
        _ = try await guarded.ask("POST", "/api/sign-in/code", [("phone", phone)])
        let code = try await codes.code(phone)
        let (answer, _) = try await guarded.ask(
            "POST", "/api/sign-in",
            [("phone", phone), ("code", code), ("session", "token"), ("device", "chaticket-load")])
        let token = try answer.string("token")
        let id = try answer.object("account").id("id", as: AccountID.self)
        var generator = SystemRandomNumberGenerator()
        let username = "l" + String(generator.next() % (1 << 60), radix: 36)
        _ = try await NodeCaller(asker, token: token).ask(
            "PUT", "/api/me", [("name", "Load \(number)"), ("username", username)])
        return Account(phone: phone, token: token, id: id, username: username)
    }

    /// The cookie and the token against forged requests, which signing in needs.
    private func guardHeaders(_ asker: NodeAsker) async throws -> [(name: String, value: String)] {
        let (object, answer) = try await NodeCaller(asker, headers: []).ask(
            "GET", "/api/csrf", nil)
        let cookies = answer.all("set-cookie").map { $0.prefix { $0 != ";" } }
        return [
            ("Cookie", cookies.joined(separator: "; ")),
            ("X-CSRFToken", try object.string("csrftoken")),
        ]
    }

    /// An address of loopback, so that the limits of one address do not hold for all; at random, so
    /// that a run does not meet the limits of the one before.
    private func source() -> String {
        "127." + (0..<3).map { _ in "\(UInt8.random(in: 16...250))" }.joined(separator: ".")
    }
}

/// The file to which nodes write sign-in codes instead of sending them (for development only).
actor CodeFile {
    private let path: String
    private var codes: [String: String] = [:]
    private var readCount = 0

    private static let triesMax = 400
    private static let pause = Duration.milliseconds(25)

    init(path: String) { self.path = path }

    /// The newest code for a phone number; throws when none comes within 10 s.
    func code(_ phone: String) async throws -> String {
        for _ in 0..<CodeFile.triesMax {
            read()
            if let code = codes[phone] { return code }
            try await Task.sleep(for: CodeFile.pause)
        }
        throw LoadFailure.noCode(phone: phone)
    }

    private func read() {
        guard let bytes = SystemFile.bytes(path), bytes.count > readCount,
            let end = bytes.lastIndex(of: UInt8(ascii: "\n")), end >= readCount
        else { return }
        for line in bytes[readCount...end].split(separator: UInt8(ascii: "\n")) {
            guard let object = try? JSONObject(parsing: Array(line), byteCountMax: 4_096),
                let phone = try? object.string("phone"), let code = try? object.string("code")
            else { continue }
            codes[phone] = code
        }
        readCount = end + 1
    }
}
