import Chat
import Determinism
import Identity
import Storage
import Testing

@Suite("Direct chats")
struct DirectChatTests {
    /// A shard, and the id of Ann's and Ben's chat.
    private struct Scene {
        var chats = ChatFixture()
        let id: ChatID

        init() { id = DirectChat.id(of: chats.ann, and: chats.ben) }

        /// The chat, opened by Ann.
        static func opened() throws -> Scene {
            var scene = Scene()
            try scene.apply(.open(with: scene.chats.ben), by: scene.chats.ann)
            return scene
        }

        @discardableResult
        mutating func apply(
            _ body: ChatCommand.Body, by actor: AccountID?
        ) throws -> ChatOutcome {
            try chats.apply(body, by: actor, chat: id)
        }

        func summary(for account: AccountID) throws -> ChatSummary? {
            try ChatQueries.summary(of: id, for: account, in: chats.shard, chats.view)
        }

        func violations() throws -> [String] {
            try ChatInvariants.violations(of: id, in: chats.shard, chats.view)
        }
    }

    @Test("The id is the same whoever is named first, and no other pair's")
    func id() {
        var generator = SeededGenerator(seed: 4)
        var seen: Set<ChatID> = []
        for _ in 0..<1_000 {
            let one = AccountID(using: &generator)
            let other = AccountID(using: &generator)
            let id = DirectChat.id(of: one, and: other)
            #expect(id == DirectChat.id(of: other, and: one))
            #expect(seen.insert(id).inserted)
            #expect(seen.insert(DirectChat.id(of: one, and: one)).inserted)
        }
    }

    @Test("The id never changes: chats that exist are found by it")
    func idIsStable() {
        let id = DirectChat.id(of: AccountID(high: 1, low: 1), and: AccountID(high: 2, low: 2))
        #expect(id.text == "2e8ea5d7a24ae8f8848b8e21c043572c")
    }

    @Test("Whoever opens it first makes it, the other finds it, and both are plain members")
    func open() throws {
        var scene = Scene()
        let (ann, ben) = (scene.chats.ann, scene.chats.ben)
        let made = try scene.apply(.open(with: ben), by: ann)
        #expect(made.receipt?.seq == DirectChat.openingSeq && made.effects.isEmpty)
        #expect(
            try ChatEntry(decoding: made.published[0].bytes).kind == .opened(with: ben))
        let found = try scene.apply(.open(with: ann), by: ben)
        #expect(found.receipt?.seq == DirectChat.openingSeq && found.published.isEmpty)
        for (account, peer) in [(ann, ben), (ben, ann)] {
            let summary = try #require(try scene.summary(for: account))
            #expect(summary.kind == .direct && summary.peer == peer && summary.role == .member)
            #expect(summary.creator == nil && summary.memberCount == 2 && summary.name.isEmpty)
        }
        #expect(try scene.summary(for: scene.chats.cat) == nil)
        #expect(try scene.violations().isEmpty)
    }

    @Test("Somebody's chat with itself has one member, who is its own peer")
    func alone() throws {
        var chats = ChatFixture()
        let id = DirectChat.id(of: chats.ann, and: chats.ann)
        try chats.apply(.open(with: chats.ann), by: chats.ann, chat: id)
        let sent = try chats.apply(.send(text: "milk"), by: chats.ann, chat: id)
        #expect(sent.effects.map(\.body) == [.listChat(chats.ann, id, at: DirectChat.openingSeq)])
        let summary = try #require(
            try ChatQueries.summary(of: id, for: chats.ann, in: chats.shard, chats.view))
        #expect(summary.memberCount == 1 && summary.peer == chats.ann)
        #expect(try ChatInvariants.violations(of: id, in: chats.shard, chats.view).isEmpty)
    }

    @Test("The first message, and no other, puts it into the lists of both")
    func firstMessage() throws {
        var scene = try Scene.opened()
        let first = try scene.apply(.send(text: "hello"), by: scene.chats.ben)
        #expect(
            first.effects.map(\.body) == [
                .listChat(scene.chats.ann, scene.id, at: DirectChat.openingSeq),
                .listChat(scene.chats.ben, scene.id, at: DirectChat.openingSeq),
            ])
        #expect(try scene.apply(.send(text: "you"), by: scene.chats.ann).effects.isEmpty)
        try scene.apply(.deleteMessage(SequenceNumber(2)), by: scene.chats.ben)
        #expect(try scene.apply(.send(text: "again"), by: scene.chats.ben).effects.isEmpty)
    }

    @Test("Nobody renames or deletes it, or adds, removes or leaves; a stranger gets notFound")
    func staysAsItIs() throws {
        var scene = try Scene.opened()
        let (ann, ben, cat) = (scene.chats.ann, scene.chats.ben, scene.chats.cat)
        let bodies: [ChatCommand.Body] = [
            .rename(name: "us", fullName: ""), .delete, .addMember(cat), .addMember(ben),
            .removeMember(ben), .removeMember(ann),
        ]
        for body in bodies {
            let refused = try scene.apply(body, by: ann)
            #expect(refused.rejection == .directChat && refused.effects.isEmpty, "\(body)")
            #expect(try scene.apply(body, by: cat).rejection == .notFound)
        }
        #expect(try scene.apply(.send(text: "x"), by: cat).rejection == .notFound)
        #expect(try scene.violations().isEmpty)
    }

    @Test("One deletes one's own messages and not the other's")
    func deletion() throws {
        var scene = try Scene.opened()
        try scene.apply(.send(text: "x"), by: scene.chats.ann)
        let target = ChatCommand.Body.deleteMessage(SequenceNumber(2))
        #expect(try scene.apply(target, by: scene.chats.ben).rejection == .notSender)
        #expect(try scene.apply(target, by: scene.chats.ann).receipt != nil)
    }

    @Test("It is opened by its two and under its id only, and made in no other way")
    func wrongOpenings() throws {
        var scene = Scene()
        let (ann, ben, cat) = (scene.chats.ann, scene.chats.ben, scene.chats.cat)
        #expect(try scene.apply(.open(with: ben), by: cat).rejection == .forbidden)
        #expect(try scene.apply(.open(with: ben), by: nil).rejection == .forbidden)
        #expect(
            try scene.chats.apply(.open(with: ben), by: ann).rejection == .forbidden)
        #expect(
            try scene.apply(.create(kind: .direct, name: "x", fullName: ""), by: ann).rejection
                == .forbidden)
        try scene.apply(.create(kind: .private, name: "x", fullName: ""), by: cat)
        #expect(try scene.apply(.open(with: ben), by: ann).rejection == .conflict)
    }

    @Test("The recount finds a member who is missing and an opening that is")
    func recountFinds() throws {
        let whole = try Scene.opened()
        let missing = [
            Keyspace.member(whole.id, whole.chats.ben),
            Keyspace.chatEntry(whole.id, DirectChat.openingSeq),
        ]
        for key in missing {
            var scene = whole
            var batch = WriteBatch()
            batch.delete(Keyspace.statePrefix(scene.chats.shard, generation: 0) + key, in: .data)
            scene.chats.store.apply(batch)
            #expect(try scene.violations().contains { $0.hasPrefix("9: ") })
        }
    }
}
