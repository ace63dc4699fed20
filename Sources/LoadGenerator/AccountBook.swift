import ClientTransport
import Identity
import Wire

/// The accounts that the generator chats as: made once for a cluster, then kept beside it in a file
/// that only its owner can read, since it holds tokens.
struct AccountBook: Sendable {
    let cluster: ClusterFile
    let connector: ClientConnector
    let fileName: String

    private static let concurrentMax = 16

    private var path: String { cluster.directory + "/" + fileName }

    init(
        cluster: ClusterFile, connector: ClientConnector, fileName: String = "load-accounts.jsonl"
    ) {
        self.cluster = cluster
        self.connector = connector
        self.fileName = fileName
    }

    /// The account of somebody who signed in in an earlier run.
    func known(_ profile: Profile) async throws -> Account? {
        try await kept().first { $0.phone == profile.phone }
    }

    /// The accounts of these people, in their order. Throws ``LoadFailure/otherPerson(phone:)``
    /// when the cluster knows one of the numbers under another username.
    func accounts(of profiles: [Profile]) async throws -> [Account] {
        let known = try await kept()
        let missing = profiles.filter { profile in
            !known.contains { $0.phone == profile.phone }
        }
        var all = known
        if !missing.isEmpty { all += try await signIn(Array(missing.enumerated())) }
        return profiles.compactMap { profile in all.first { $0.phone == profile.phone } }
    }

    /// `count` accounts that are signed in.
    func accounts(_ count: Int) async throws -> [Account] {
        var known = try await kept()
        if known.count < count {
            Progress.tell("signing in \(count - known.count) accounts")
            var missing = Array(known.count..<count)[...]
            while !missing.isEmpty {
                let batch = missing.prefix(AccountBook.concurrentMax)
                missing = missing.dropFirst(batch.count)
                known += try await signIn(batch.map { ($0, AccountBook.stranger($0)) })
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

    private static func stranger(_ number: Int) -> Profile {
        var generator = SystemRandomNumberGenerator()
        return Profile(
            phone: "+49151\(UInt32.random(in: 10_000_000...99_999_999))", name: "Load \(number)",
            username: "l" + String(generator.next() % (1 << 60), radix: 36))
    }

    private func signIn(_ profiles: [(Int, Profile)]) async throws -> [Account] {
        let codes = CodeFile(path: cluster.directory + "/sign-in-codes.jsonl")
        let accounts = try await withThrowingTaskGroup(of: (Int, Account).self) { group in
            for (number, profile) in profiles {
                group.addTask { (number, try await signIn(number, profile, codes)) }
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

    private func signIn(
        _ number: Int, _ profile: Profile, _ codes: CodeFile
    ) async throws -> Account {
        let phone = profile.phone
        let url = cluster.nodes[number % cluster.nodes.count].url
        let asker = NodeAsker(connector, url, from: url.isLoopback ? source() : nil)
        defer { Task { await asker.close() } }
        let guarded = NodeCaller(asker, headers: try await guardHeaders(asker))
        await codes.skip(phone)
        _ = try await guarded.ask("POST", "/api/sign-in/code", [("phone", phone)])
        let code = try await codes.code(phone)
        let (answer, _) = try await guarded.ask(
            "POST", "/api/sign-in",
            [("phone", phone), ("code", code), ("session", "token"), ("device", "chaticket-load")])
        let token = try answer.string("token")
        let account = try answer.object("account")
        let before = try account.optionalString("username") ?? ""
        guard before.isEmpty || before == profile.username else {
            throw LoadFailure.otherPerson(phone: phone)
        }
        _ = try await NodeCaller(asker, token: token).ask(
            "PUT", "/api/me", [("name", profile.name), ("username", profile.username)])
        return Account(
            phone: phone, token: token, id: try account.id("id", as: AccountID.self),
            username: profile.username)
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

    /// What came for a phone number up to now is not asked for.
    func skip(_ phone: String) {
        read()
        codes[phone] = nil
    }

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
