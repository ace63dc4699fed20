import Determinism
import Identity
import Node
import Storage
import Testing
import Wire

@Suite("Procedures")
struct ProcedureTests {
    private let rounds: UInt64 = 3

    @Test("A phone and its code open a session of a new account, and of the same account next time")
    func signIn() throws {
        var shards = TestShards()
        #expect(try shards.signIn(1) == account(1))
        let hash = [UInt8](repeating: 9, count: 32)
        shards.wall = shards.wall + .seconds(60)
        try shards.run(
            .requestCode(phone: "+4915112345011", codeHash: hash, cmid: cmid(1, at: shards.wall)))
        let again = SignIn(
            phone: "+4915112345011", codeHash: hash, device: "other", newAccount: account(99),
            session: session(99), secretHash: hash, cmid: cmid(2, at: shards.wall))
        guard case .signedIn(let person, session(99))? = try shards.run(.signIn(again)) else {
            Issue.record("not signed in")
            return
        }
        #expect(person.id == account(1))
        #expect(person.phone == "+4915112345011")
        guard case .devices(let devices)? = try shards.run(.sessions(account(1))) else {
            Issue.record("no sessions")
            return
        }
        #expect(devices.map(\.id).sorted() == [session(1), session(99)])
    }

    @Test("A session opens with the hash of its secret and with no other")
    func authenticate() throws {
        var shards = TestShards()
        _ = try shards.signIn(1, username: "alice")
        let right = ClientRequest.authenticate(
            account: account(1), session: session(1), secretHash: [UInt8](repeating: 1, count: 32))
        guard case .granted(let grant)? = try shards.run(right) else {
            Issue.record("not granted")
            return
        }
        #expect(grant.username == "alice")
        #expect(grant.inbox.seq > .zero)
        let wrong = ClientRequest.authenticate(
            account: account(1), session: session(1), secretHash: [UInt8](repeating: 2, count: 32))
        #expect(try shards.run(wrong) == .failed(Failure(.unauthorised)))
        try shards.run(.closeSession(account(1), session(1), cmid: cmid(5)))
        #expect(try shards.run(right) == .failed(Failure(.unauthorised)))
    }

    @Test("A resume ticket is good once")
    func ticketOnce() throws {
        var shards = TestShards()
        _ = try shards.signIn(1)
        func exchange(_ secret: UInt8) -> ClientRequest {
            .redeemTicket(
                TicketExchange(
                    account: account(1), session: session(1), nonce: [1, 2, 3, 4],
                    expiry: shards.wall + .seconds(600),
                    secretHash: [UInt8](repeating: secret, count: 32)))
        }
        guard case .granted? = try shards.run(exchange(3)) else {
            Issue.record("the first use was refused")
            return
        }
        #expect(try shards.run(exchange(4)) == .failed(Failure(.unauthorised)))
        let bearer = ClientRequest.authenticate(
            account: account(1), session: session(1), secretHash: [UInt8](repeating: 3, count: 32))
        guard case .granted? = try shards.run(bearer) else {
            Issue.record("the new secret is not known")
            return
        }
    }

    @Test("A ticket is not used up by a shard that cannot answer now and commits later")
    func ticketKept() {
        let exchange = TicketExchange(
            account: account(1), session: session(1), nonce: [1, 2, 3, 4],
            expiry: WallTime(milliseconds: 600_000), secretHash: [UInt8](repeating: 3, count: 32))
        var procedure = Procedure(
            .redeemTicket(exchange), wall: WallTime(milliseconds: 1), publicRooms: [],
            shardCount: 1)
        guard case .run(let requests) = procedure.start(), case .query? = requests.first?.1 else {
            Issue.record("the first request could change something")
            return
        }
        let failure = Failure(.unavailable)
        guard case .done(.failed(failure)) = procedure.resume(with: [.failed(failure)]) else {
            Issue.record("it went on without an answer")
            return
        }
    }

    @Test("A username is taken once, and by retries of the same request again")
    func usernames() throws {
        var shards = TestShards()
        _ = try shards.signIn(1, username: "alice")
        _ = try shards.signIn(2)
        let steal = ClientRequest.setProfile(
            account(2), name: "Bob", username: "alice", cmid: cmid(1))
        #expect(try shards.run(steal) == .failed(Failure(.nameTaken)))
        let own = ClientRequest.setProfile(
            account(2), name: "Bob", username: "bobby", cmid: cmid(2))
        for _ in 0..<rounds {
            guard case .account(let person)? = try shards.run(own) else {
                Issue.record("refused")
                return
            }
            #expect(person.username == "bobby")
        }
        #expect(
            try shards.run(.setProfile(account(2), name: "Bob", username: "x", cmid: cmid(3)))
                == .failed(Failure(.badUsername)))
    }

    @Test("A private chat is made once however often it is asked for, and listed for its creator")
    func createChat() throws {
        var shards = TestShards()
        let me = try #require(try shards.signIn(1))
        var ids: Set<ChatID> = []
        for _ in 0..<rounds {
            let response = try shards.run(
                .createChat(me, kind: .private, name: "tea", fullName: "Tea", cmid: cmid(1)))
            guard case .chat(let chat, let members)? = response else {
                Issue.record("not made: \(String(describing: response))")
                return
            }
            ids.insert(chat.id)
            #expect(members == [ClientMember(account: me, role: .owner)])
        }
        #expect(ids.count == 1)
        try shards.drain(times: 2)
        guard case .chats(let chats, _)? = try shards.run(.chats(me)) else {
            Issue.record("no list")
            return
        }
        #expect(chats.map(\.name) == ["tea"])
    }

    @Test("A node that dies after any step of making a public chat leaves no name without its chat")
    func publicChatHeals() throws {
        for steps in 1...3 {
            var shards = TestShards()
            let me = try #require(try shards.signIn(1, username: "alice"))
            let create = ClientRequest.createChat(
                me, kind: .public, name: "news", fullName: "News", cmid: cmid(1))
            try shards.run(create, stepMax: steps)
            try shards.drain()
            guard case .chats(let chats, _)? = try shards.run(.chats(me)) else {
                Issue.record("no list")
                return
            }
            #expect(chats.map(\.name) == ["news"], "after \(steps) steps")
            let other = ClientRequest.createChat(
                me, kind: .public, name: "news", fullName: "Other", cmid: cmid(2))
            #expect(try shards.run(other) == .failed(Failure(.nameTaken)))
        }
    }

    @Test("A renamed public chat lets its old name go")
    func rename() throws {
        var shards = TestShards()
        let me = try #require(try shards.signIn(1, username: "alice"))
        guard
            case .chat(let chat, _)? = try shards.run(
                .createChat(me, kind: .public, name: "news", fullName: "News", cmid: cmid(1)))
        else {
            Issue.record("not made")
            return
        }
        guard
            case .renamed(let renamed, let receipt)? = try shards.run(
                .renameChat(me, chat.id, name: "olds", fullName: "Olds", cmid: cmid(2)))
        else {
            Issue.record("not renamed")
            return
        }
        #expect(renamed.name == "olds")
        #expect(receipt.seq > chat.head.seq)
        try shards.drain(times: 2)
        guard
            case .chat? = try shards.run(
                .createChat(me, kind: .public, name: "news", fullName: "News", cmid: cmid(3)))
        else {
            Issue.record("the old name is still taken")
            return
        }
        let other = try #require(try shards.signIn(2))
        #expect(
            try shards.run(.renameChat(other, chat.id, name: "mine", fullName: "", cmid: cmid(4)))
                == .failed(Failure(.noRight)))
    }

    @Test("An invited person is found by username or phone, once a member invites")
    func invite() throws {
        var shards = TestShards()
        let me = try #require(try shards.signIn(1, username: "alice"))
        let friend = try #require(try shards.signIn(2, username: "bobby"))
        guard
            case .chat(let chat, _)? = try shards.run(
                .createChat(me, kind: .private, name: "tea", fullName: "", cmid: cmid(1)))
        else {
            Issue.record("not made")
            return
        }
        let byName = ClientRequest.invite(me, chat.id, .username("bobby"), cmid: cmid(2))
        for _ in 0..<2 {
            guard case .person(let person)? = try shards.run(byName) else {
                Issue.record("not invited")
                return
            }
            #expect(person.id == friend)
        }
        #expect(
            try shards.run(.invite(me, chat.id, .username("nobody"), cmid: cmid(3)))
                == .failed(Failure(.notFound)))
        try shards.drain()
        guard case .chats(let chats, _)? = try shards.run(.chats(friend)) else {
            Issue.record("no list")
            return
        }
        #expect(chats.map(\.id) == [chat.id])
        let stranger = try #require(try shards.signIn(3))
        #expect(
            try shards.run(.invite(stranger, chat.id, .phone("+4915112345012"), cmid: cmid(4)))
                == .failed(Failure(.notFound)))
    }

    @Test("A send is done once, and history and difference show it in order")
    func sendAndRead() throws {
        var shards = TestShards()
        let me = try #require(try shards.signIn(1))
        guard
            case .chat(let chat, _)? = try shards.run(
                .createChat(me, kind: .private, name: "tea", fullName: "", cmid: cmid(1)))
        else {
            Issue.record("not made")
            return
        }
        var receipts: [Receipt] = []
        for number in UInt64(0)..<5 {
            for _ in 0..<2 {
                let response = try shards.run(
                    .send(me, chat.id, text: "message \(number)", cmid: cmid(10 + number)))
                guard case .receipt(let receipt)? = response else {
                    Issue.record("not sent")
                    return
                }
                receipts.append(receipt)
            }
        }
        #expect(Set(receipts).count == 5)
        guard
            case .page(let page)? = try shards.run(
                .history(me, chat.id, before: nil, after: nil, limit: 3))
        else {
            Issue.record("no page")
            return
        }
        #expect(page.entries.map(\.content) == (2..<5).map { .text("message \($0)") })
        guard
            case .difference(let difference)? = try shards.run(
                .difference(
                    me, .chat(chat.id), from: LogCursor(epoch: page.epoch, seq: chat.head.seq)))
        else {
            Issue.record("no difference")
            return
        }
        #expect(difference.entries.map(\.content) == (0..<5).map { .text("message \($0)") })
        #expect(difference.entries.last?.seq == difference.head.seq)
        #expect(!difference.hasMore)
        let stranger = try #require(try shards.signIn(2))
        #expect(
            try shards.run(.difference(stranger, .chat(chat.id), from: .nothing))
                == .failed(Failure(.notFound)))
        #expect(
            try shards.run(.difference(stranger, .inbox(me), from: .nothing))
                == .failed(Failure(.forbidden)))
    }

    @Test("A reply comes back by history and difference as it was sent, a bad one is refused")
    func reply() throws {
        var shards = TestShards()
        let me = try #require(try shards.signIn(1))
        guard
            case .chat(let chat, _)? = try shards.run(
                .createChat(me, kind: .private, name: "tea", fullName: "", cmid: cmid(1))),
            case .receipt(let question)? = try shards.run(
                .send(me, chat.id, text: "tea?", cmid: cmid(2))),
            case .receipt? = try shards.run(
                .send(me, chat.id, text: "yes", replyTo: question.seq, cmid: cmid(3)))
        else {
            Issue.record("not sent")
            return
        }
        let answer = ClientEntry.Content.text("yes", replyTo: question.seq)
        guard
            case .page(let page)? = try shards.run(
                .history(me, chat.id, before: nil, after: nil, limit: 1)),
            case .difference(let difference)? = try shards.run(
                .difference(
                    me, .chat(chat.id), from: LogCursor(epoch: page.epoch, seq: question.seq)))
        else {
            Issue.record("not read")
            return
        }
        #expect(page.entries.map(\.content) == [answer])
        #expect(difference.entries.map(\.content) == [answer])
        #expect(
            try shards.run(
                .send(me, chat.id, text: "x", replyTo: SequenceNumber(99), cmid: cmid(4)))
                == .failed(Failure(.badReply)))
    }

    @Test("A distance of more than 1,000 entries is told, not sent")
    func tooLong() throws {
        var shards = TestShards(count: 1)
        let me = try #require(try shards.signIn(1))
        guard
            case .chat(let chat, _)? = try shards.run(
                .createChat(me, kind: .private, name: "tea", fullName: "", cmid: cmid(1)))
        else {
            Issue.record("not made")
            return
        }
        for number in UInt64(0)..<1_000 {
            try shards.run(.send(me, chat.id, text: "x", cmid: cmid(100 + number)))
        }
        let log = LogID.chat(chat.id)
        guard
            case .difference(let whole)? = try shards.run(
                .difference(me, log, from: LogCursor(epoch: chat.epoch, seq: chat.head.seq)))
        else {
            Issue.record("1,000 entries are not too many")
            return
        }
        #expect(whole.entries.count == 1_000)
        guard case .tooLong(let gap)? = try shards.run(.difference(me, log, from: .nothing)) else {
            Issue.record("more than 1,000 were sent")
            return
        }
        #expect(gap.head == whole.head)
        #expect(gap.tail.seq == .zero)
    }

    @Test("The chat list asks each shard once for all its chats, 64 shards at a time")
    func manyChats() throws {
        var shards = TestShards(count: 128)
        let me = try #require(try shards.signIn(1))
        var rooms: [ChatID] = []
        for number in UInt64(0)..<200 {
            let response = try shards.run(
                .createChat(
                    me, kind: .private, name: "c\(number)", fullName: "", cmid: cmid(number)))
            if case .chat(let chat, _)? = response { rooms.append(chat.id) }
        }
        try shards.drain()
        var procedure = Procedure(
            .chats(me), wall: shards.wall, publicRooms: [], shardCount: shards.count)
        var step = procedure.start()
        var widest = 0
        var stepCount = 0
        var listed = 0
        while case .run(let requests) = step {
            widest = max(widest, requests.count)
            stepCount += 1
            var responses: [ShardResponse] = []
            for (key, request) in requests {
                responses.append(try shards.answer(request, in: key.shard(count: shards.count)))
            }
            step = procedure.resume(with: responses)
        }
        if case .done(.chats(let chats, _)) = step { listed = chats.count }
        #expect(listed == 200)
        #expect(widest <= Procedure.requestsMax)
        #expect(stepCount == 3)
    }
}
