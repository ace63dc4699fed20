import Chat
import Identity
import Node
import Testing
import Wire

@Suite("Procedures: direct chats and members")
struct DirectChatTests {
    /// Two people who can be found.
    private struct Scene {
        var shards = TestShards()
        let ann: AccountID
        let ben: AccountID

        init() throws {
            ann = try #require(try shards.signIn(1, username: "ann_11"))
            ben = try #require(try shards.signIn(2, username: "ben_12"))
        }

        mutating func open(
            by account: AccountID, with invitee: Invitee, _ number: UInt64
        ) throws -> ClientChat {
            guard
                case .chat(let chat, _)? = try shards.run(
                    .openChat(account, with: invitee, cmid: cmid(number)))
            else { throw Failure(.internal) }
            return chat
        }

        mutating func list(of account: AccountID) throws -> [ClientChat] {
            guard case .chats(let chats, _)? = try shards.run(.chats(account)) else {
                throw Failure(.internal)
            }
            return chats
        }
    }

    @Test("Found by username, phone or id, from either side, it is the one chat of the two")
    func one() throws {
        var scene = try Scene()
        let chats = [
            try scene.open(by: scene.ann, with: .username("ben_12"), 1),
            try scene.open(by: scene.ann, with: .phone("+4915112345012"), 2),
            try scene.open(by: scene.ben, with: .account(scene.ann), 3),
            try scene.open(by: scene.ann, with: .username("ben_12"), 1),
        ]
        #expect(Set(chats.map(\.id)) == [DirectChat.id(of: scene.ann, and: scene.ben)])
        #expect(chats.map(\.peer) == [scene.ben, scene.ben, scene.ann, scene.ben])
        #expect(chats.allSatisfy { $0.kind == .direct && $0.memberCount == 2 && $0.name.isEmpty })
        for account in [scene.ann, scene.ben] {
            #expect(try scene.list(of: account).map(\.id) == [chats[0].id])
        }
    }

    @Test("Both open it at once, step by step in turn, and come to the same log")
    func atOnce() throws {
        var scene = try Scene()
        var procedures = [(scene.ann, scene.ben), (scene.ben, scene.ann)].map { one, other in
            Procedure(
                .openChat(one, with: .account(other), cmid: cmid(one == scene.ann ? 1 : 2)),
                wall: scene.shards.wall, publicRooms: [], shardCount: scene.shards.count)
        }
        var steps = procedures.indices.map { procedures[$0].start() }
        var ended: [ClientChat] = []
        while ended.count < 2 {
            for index in procedures.indices {
                guard case .run(let requests) = steps[index] else { continue }
                let responses = try requests.map { key, request in
                    try scene.shards.answer(request, in: key.shard(count: scene.shards.count))
                }
                steps[index] = procedures[index].resume(with: responses)
                if case .done(.chat(let chat, _)) = steps[index] { ended.append(chat) }
            }
        }
        #expect(ended[0].id == ended[1].id)
        #expect(scene.shards.published.count { $0.log == .chat(ended[0].id) } == 1)
    }

    @Test("Who did not open it finds it listed with its first message")
    func listing() throws {
        var scene = try Scene()
        let chat = try scene.open(by: scene.ann, with: .username("ben_12"), 1)
        try scene.shards.drain()
        #expect(try scene.list(of: scene.ann).map(\.id) == [chat.id])
        #expect(try scene.list(of: scene.ben).isEmpty)
        try scene.shards.run(.send(scene.ann, chat.id, text: "hello", cmid: cmid(2)))
        try scene.shards.drain(times: 2)
        let listed = try scene.list(of: scene.ben)
        #expect(listed.map(\.id) == [chat.id] && listed.map(\.unread) == [1])
        #expect(listed.first?.last?.content == .text("hello"))
    }

    @Test("Nobody who does not exist is written to, and a direct chat stays as it is")
    func refusals() throws {
        var scene = try Scene()
        let nobody: [(Invitee, FailureCode)] = [
            (.username("nobody"), .notFound), (.username(""), .badUsername),
            (.phone("+4915112345099"), .notFound), (.phone("12"), .badPhone),
            (.account(account(77)), .notFound),
        ]
        for (number, (invitee, code)) in nobody.enumerated() {
            let request = ClientRequest.openChat(
                scene.ann, with: invitee, cmid: cmid(10 + UInt64(number)))
            #expect(try scene.shards.run(request) == .failed(Failure(code)))
        }
        let chat = try scene.open(by: scene.ann, with: .username("ben_12"), 1)
        let unfit: [ClientRequest] = [
            .renameChat(scene.ann, chat.id, name: "us", fullName: "", cmid: cmid(2)),
            .deleteChat(scene.ann, chat.id, cmid: cmid(3)),
            .invite(scene.ann, chat.id, .username("ben_12"), cmid: cmid(4)),
            .removeMember(scene.ann, chat.id, scene.ben, cmid: cmid(5)),
            .removeMember(scene.ann, chat.id, scene.ann, cmid: cmid(6)),
        ]
        for request in unfit {
            #expect(try scene.shards.run(request) == .failed(Failure(.directChat)))
        }
    }

    @Test("A removed member reads up to that entry, has the chat in no list, and may come back")
    func removal() throws {
        var scene = try Scene()
        guard
            case .chat(let chat, _)? = try scene.shards.run(
                .createChat(scene.ann, kind: .private, name: "tea", fullName: "", cmid: cmid(1))),
            case .person? = try scene.shards.run(
                .invite(scene.ann, chat.id, .account(scene.ben), cmid: cmid(2)))
        else { throw Failure(.internal) }
        try scene.shards.drain()
        let remove = ClientRequest.removeMember(scene.ann, chat.id, scene.ben, cmid: cmid(3))
        #expect(
            try scene.shards.run(
                .removeMember(scene.ben, chat.id, scene.ann, cmid: cmid(4)))
                == .failed(Failure(.noRight)))
        guard case .receipt(let removed)? = try scene.shards.run(remove) else {
            throw Failure(.internal)
        }
        #expect(try scene.shards.run(remove) == .receipt(removed))
        try scene.shards.drain(times: 2)
        #expect(try scene.list(of: scene.ben).isEmpty)
        try scene.shards.run(.send(scene.ann, chat.id, text: "later", cmid: cmid(5)))
        guard
            case .page(let page)? = try scene.shards.run(
                .history(scene.ben, chat.id, before: nil, after: nil, limit: 10))
        else { throw Failure(.internal) }
        #expect(page.entries.last?.content == .memberRemoved(scene.ben))
        #expect(page.entries.last?.seq == removed.seq && page.head.seq == removed.seq)
        #expect(
            try scene.shards.run(.send(scene.ben, chat.id, text: "x", cmid: cmid(6)))
                == .failed(Failure(.notMember)))
        try scene.shards.run(.invite(scene.ann, chat.id, .username("ben_12"), cmid: cmid(7)))
        try scene.shards.drain()
        #expect(try scene.list(of: scene.ben).map(\.id) == [chat.id])
        guard
            case .receipt? = try scene.shards.run(
                .removeMember(scene.ben, chat.id, scene.ben, cmid: cmid(8)))
        else { throw Failure(.internal) }
        try scene.shards.drain()
        #expect(try scene.list(of: scene.ben).isEmpty)
    }
}
