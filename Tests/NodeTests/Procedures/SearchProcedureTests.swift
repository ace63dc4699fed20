import Determinism
import Identity
import Node
import Testing
import Wire

@Suite("Procedures: search")
struct SearchProcedureTests {
    /// Alice and Bob, a chat of both, one of Alice alone, and what they wrote.
    private struct Place {
        var shards = TestShards()
        let alice: AccountID
        let bob: AccountID
        let both: ChatID
        let alone: ChatID
        private var nextID: UInt64 = 100

        init() throws {
            alice = try #require(try shards.signIn(1, username: "alice"))
            bob = try #require(try shards.signIn(2, username: "bobby"))
            var chats: [ChatID] = []
            for (number, name) in ["tea club", "Diary"].enumerated() {
                guard
                    case .chat(let chat, _)? = try shards.run(
                        .createChat(
                            alice, kind: .private, name: name, fullName: "",
                            cmid: cmid(UInt64(number) + 1)))
                else { throw Missing() }
                chats.append(chat.id)
            }
            (both, alone) = (chats[0], chats[1])
            try shards.run(.invite(alice, both, .username("bobby"), cmid: cmid(50)))
            try shards.drain()
        }

        struct Missing: Error {}

        @discardableResult
        mutating func say(
            _ text: String, by whom: AccountID, in chat: ChatID, replyTo: SequenceNumber? = nil
        ) throws -> SequenceNumber {
            nextID += 1
            shards.wall = shards.wall + .seconds(60)
            guard
                case .receipt(let receipt)? = try shards.run(
                    .send(
                        whom, chat, text: text, replyTo: replyTo,
                        cmid: cmid(nextID, at: shards.wall)))
            else { throw Missing() }
            return receipt.seq
        }

        mutating func find(
            _ text: String, by whom: AccountID? = nil, in chat: ChatID? = nil, limit: Int = 20,
            cursor: String? = nil
        ) throws -> FoundMessages? {
            let search = MessageSearch(in: chat, text, zone: 0, cursor: cursor, limit: limit)
            let response = try shards.run(.search(whom ?? alice, search))
            if case .found(let found)? = response { return found }
            return nil
        }

        mutating func texts(
            _ text: String, by whom: AccountID? = nil, in chat: ChatID? = nil
        ) throws -> [String]? {
            try find(text, by: whom, in: chat)?.hits.map(\.text)
        }

        mutating func failure(_ text: String, in chat: ChatID? = nil) throws -> FailureCode? {
            let search = MessageSearch(in: chat, text, zone: 0, cursor: nil, limit: 20)
            guard case .failed(let failure)? = try shards.run(.search(alice, search)) else {
                return nil
            }
            return failure.code
        }
    }

    @Test("Words are found in one chat and in all, the newest first, with what to mark")
    func words() throws {
        var place = try Place()
        try place.say("Green TEA", by: place.alice, in: place.both)
        try place.say("teapots", by: place.alice, in: place.alone)
        try place.say("coffee", by: place.bob, in: place.both)
        try place.say("no steam", by: place.bob, in: place.both)
        #expect(try place.texts("tea") == ["no steam", "teapots", "Green TEA"])
        #expect(try place.texts("tea", in: place.both) == ["no steam", "Green TEA"])
        #expect(try place.texts("TEA green") == ["Green TEA"])
        let found = try #require(try place.find("tea"))
        #expect(found.hits.map(\.marks) == [[4..<7], [0..<3], [6..<9]])
        #expect(found.next == nil && !found.isPartial)
    }

    @Test("Nobody finds what is in others' chats")
    func access() throws {
        var place = try Place()
        try place.say("secret tea", by: place.alice, in: place.alone)
        try place.say("common tea", by: place.alice, in: place.both)
        #expect(try place.texts("tea", by: place.bob) == ["common tea"])
        let foreign = MessageSearch(in: place.alone, "tea", zone: 0, cursor: nil, limit: 20)
        #expect(try place.shards.run(.search(place.bob, foreign)) == .failed(Failure(.notFound)))
    }

    @Test("Edits and deletions are reflected at once")
    func changes() throws {
        var place = try Place()
        let seq = try place.say("tee", by: place.alice, in: place.both)
        #expect(try place.texts("tea") == [])
        try place.shards.run(
            .edit(
                place.alice, place.both, target: seq, text: "tea",
                cmid: cmid(7, at: place.shards.wall)))
        #expect(try place.texts("tea") == ["tea"])
        #expect(try place.texts("tee") == [])
        #expect(try place.texts("tea is:edited") == ["tea"])
        try place.shards.run(
            .deleteMessage(
                place.alice, place.both, target: seq, cmid: cmid(8, at: place.shards.wall)))
        #expect(try place.texts("tea") == [])
    }

    @Test("Operators say who, where, when and what kind")
    func operators() throws {
        var place = try Place()
        let first = try place.say("tea https://a.example", by: place.alice, in: place.both)
        try place.say("tea please", by: place.bob, in: place.both, replyTo: first)
        try place.say("tea diary", by: place.alice, in: place.alone)
        #expect(try place.texts("tea from:@bobby") == ["tea please"])
        #expect(try place.texts("from:BOBBY") == ["tea please"])
        #expect(try place.texts("from:\"Person 2\" tea") == ["tea please"])
        #expect(try place.texts("tea from:me in:diary") == ["tea diary"])
        #expect(try place.texts("from:nobody tea") == [])
        #expect(try place.texts("tea in:nowhere") == [])
        #expect(try place.texts("has:link") == ["tea https://a.example"])
        #expect(try place.texts("is:reply") == ["tea please"])
        #expect(try place.texts("tea after:2023-11-14") == [])
        #expect(try place.texts("tea before:2023-11-14") == [])
        #expect(try place.texts("tea after:2023-11-13 before:2023-11-15")?.count == 3)
        #expect(try place.failure("tea before:2023-02-30") == .badDate)
        #expect(try place.failure("has:gold") == .badSearch)
        #expect(try place.failure("  ") == .badSearch)
        #expect(try place.failure("in:diary", in: place.both) == .badSearch)
    }

    @Test("Page by page, of any size, all hits of all chats come once, the newest first")
    func pages() throws {
        var place = try Place()
        for number in 0..<40 {
            let chat = number % 3 == 0 ? place.alone : place.both
            try place.say("tea \(number)", by: place.alice, in: chat)
        }
        for limit in [1, 3, 20, 40] {
            var texts: [String] = []
            var cursor: String?
            repeat {
                let found = try #require(try place.find("tea", limit: limit, cursor: cursor))
                #expect(found.hits.count <= limit)
                texts += found.hits.map(\.text)
                cursor = found.next
            } while cursor != nil
            #expect(texts == (0..<40).reversed().map { "tea \($0)" })
        }
        let search = MessageSearch(in: nil, "tea", zone: 0, cursor: "x-y", limit: 1)
        #expect(
            try place.shards.run(.search(place.alice, search)) == .failed(Failure(.badRequest)))
    }
}

extension FoundMessage {
    fileprivate var text: String {
        if case .text(let text, _) = entry.content { text } else { "" }
    }
}
