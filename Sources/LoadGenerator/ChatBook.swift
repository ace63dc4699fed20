import ClientTransport
import Identity
import Wire

/// The chats that a run needs: found by their names among those of earlier runs, or made.
struct ChatBook: Sendable {
    /// A chat with its members, the creator first, and where it stands.
    struct Chat: Sendable {
        let id: ChatID
        let members: [Account]
        let cursor: LogCursor
    }

    let cluster: ClusterFile
    let connector: ClientConnector
    let kind: ClientChatKind
    /// Accounts in each chat.
    let memberCount: Int
    /// What tells chats of one purpose from those of another; letters and digits.
    let purpose: String

    private static let concurrentMax = 32

    init(
        cluster: ClusterFile, connector: ClientConnector, kind: ClientChatKind = .private,
        memberCount: Int, purpose: String
    ) {
        self.cluster = cluster
        self.connector = connector
        self.kind = kind
        self.memberCount = memberCount
        self.purpose = purpose
    }

    /// `count` chats among `accounts`, which take turns.
    func chats(_ count: Int, among accounts: [Account]) async throws -> [Chat] {
        precondition(accounts.count >= memberCount, "a member is an account of its own")
        let wanted = (0..<count).map { number in
            (0..<memberCount).map { accounts[(number * memberCount + $0) % accounts.count] }
        }
        let existing = try await existing(Set(wanted.map { $0[0] }))
        var chats: [Chat?] = Array(repeating: nil, count: count)
        var missing: [Int] = []
        for (number, members) in wanted.enumerated() {
            let found = existing[Key(creator: members[0].id, name: name(number))]
            if let found, found.memberCount >= memberCount {
                chats[number] = Chat(id: found.id, members: members, cursor: found.cursor)
            } else {
                missing.append(number)
            }
        }
        if !missing.isEmpty { Progress.tell("making \(missing.count) chats") }
        while !missing.isEmpty {
            let batch = missing.prefix(ChatBook.concurrentMax)
            missing.removeFirst(batch.count)
            try await withThrowingTaskGroup(of: (Int, Chat).self) { group in
                for number in batch {
                    let known = existing[Key(creator: wanted[number][0].id, name: name(number))]
                    group.addTask {
                        (number, try await make(number, wanted[number], known))
                    }
                }
                for try await (number, chat) in group { chats[number] = chat }
            }
        }
        return chats.compactMap { $0 }
    }

    private struct Key: Hashable {
        let creator: AccountID
        let name: String
    }

    private struct Found {
        let id: ChatID
        let memberCount: Int
        let cursor: LogCursor
    }

    private func name(_ number: Int) -> String {
        "load\(purpose)\(kind == .public ? "p" : "")\(memberCount)n\(number)"
    }

    private func existing(_ creators: Set<Account>) async throws -> [Key: Found] {
        var all: [Key: Found] = [:]
        let asker = NodeAsker(connector, cluster.nodes[0].url)
        for creator in creators {
            let object = try await NodeCaller(asker, token: creator.token).get("/api/chats")
            for value in try object.array("chats") {
                let chat = try JSONObject(value)
                guard try chat.optionalID("creator", as: AccountID.self) == creator.id else {
                    continue
                }
                all[Key(creator: creator.id, name: try chat.string("name"))] = try found(chat)
            }
        }
        await asker.close()
        return all
    }

    private func found(_ chat: JSONObject) throws(ClientFrameError) -> Found {
        Found(
            id: try chat.id("id"), memberCount: Int(clamping: try chat.integer("members")),
            cursor: LogCursor(
                epoch: try chat.integer("epoch"), seq: try chat.object("head").seq()))
    }

    private func make(_ number: Int, _ members: [Account], _ known: Found?) async throws -> Chat {
        let asker = NodeAsker(connector, cluster.nodes[number % cluster.nodes.count].url)
        let caller = NodeCaller(asker, token: members[0].token)
        let id: ChatID
        if let known {
            id = known.id
        } else {
            id = try await caller.makeChat(kind, name: name(number), fullName: "")
        }
        try await caller.invite(members.dropFirst(), to: id)
        let now = try found(try await caller.get("/api/chats/\(id.text)"))
        await asker.close()
        return Chat(id: id, members: members, cursor: now.cursor)
    }
}
