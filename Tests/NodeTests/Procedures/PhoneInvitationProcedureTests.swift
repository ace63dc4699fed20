import Chat
import Determinism
import Identity
import Node
import Testing
import Wire

@Suite("Procedures: invitations of phone numbers")
struct PhoneInvitationProcedureTests {
    /// A chat of Ann's. Ben, who is the second to sign up, has no account yet.
    private struct Scene {
        var shards = TestShards()
        let ann: AccountID
        let chat: ChatID
        static let phone = "+4915112345012"

        init() throws {
            ann = try #require(try shards.signIn(1, username: "ann_11"))
            guard
                case .chat(let made, _)? = try shards.run(
                    .createChat(ann, kind: .private, name: "tea", fullName: "", cmid: cmid(1)))
            else { throw Failure(.internal) }
            chat = made.id
            try shards.drain(times: 2)
        }

        mutating func invite(_ number: UInt64, stepMax: Int = 1_000) throws -> ClientResponse? {
            try shards.run(
                .invite(ann, chat, .phone(Self.phone), cmid: cmid(number)), stepMax: stepMax)
        }

        mutating func chats(of account: AccountID) throws -> [ChatID] {
            guard case .chats(let listed, _)? = try shards.run(.chats(account)) else {
                throw Failure(.internal)
            }
            return listed.map(\.id)
        }
    }

    @Test("Who signs up with an invited number finds the chat in the list")
    func signUp() throws {
        var scene = try Scene()
        guard case .awaited(let awaited)? = try scene.invite(2) else { throw Failure(.internal) }
        #expect(awaited.phone == Scene.phone && awaited.expires > scene.shards.wall)
        #expect(try scene.invite(2) == .awaited(awaited), "a retry is the same invitation")
        let ben = try #require(try scene.shards.signIn(2))
        try scene.shards.drain(times: 2)
        #expect(try scene.chats(of: ben) == [scene.chat])
        guard case .chat(_, let members)? = try scene.shards.run(.chat(scene.ann, scene.chat))
        else { throw Failure(.internal) }
        #expect(members.map(\.account).sorted() == [scene.ann, ben].sorted())
        // A retry that comes late finds who has the number now, and changes nothing.
        guard case .person(let person)? = try scene.invite(2) else { throw Failure(.internal) }
        #expect(person.id == ben)
    }

    @Test("A node that dies after any step leaves an invitation that a retry finishes, once")
    func crashes() throws {
        for stepMax in 1...5 {
            var scene = try Scene()
            _ = try scene.invite(2, stepMax: stepMax)
            guard case .awaited? = try scene.invite(2) else { throw Failure(.internal) }
            let ben = try #require(try scene.shards.signIn(2))
            try scene.shards.drain(times: 3)
            #expect(try scene.chats(of: ben) == [scene.chat])
        }
    }

    @Test("Of who may not invite any more when somebody signs up the invitation does nothing")
    func lostRight() throws {
        var scene = try Scene()
        let cat = try #require(try scene.shards.signIn(3, username: "cat_13"))
        try scene.shards.run(.invite(scene.ann, scene.chat, .account(cat), cmid: cmid(2)))
        guard
            case .awaited? = try scene.shards.run(
                .invite(cat, scene.chat, .phone(Scene.phone), cmid: cmid(3)))
        else { throw Failure(.internal) }
        try scene.shards.run(.setPermissions(scene.ann, scene.chat, [.send], cmid: cmid(4)))
        let ben = try #require(try scene.shards.signIn(2))
        try scene.shards.drain(times: 2)
        #expect(try scene.chats(of: ben).isEmpty)
    }

    @Test("Who may not invite learns nothing of a number, and leaves nothing with it")
    func strangers() throws {
        var scene = try Scene()
        let cat = try #require(try scene.shards.signIn(3, username: "cat_13"))
        for phone in [Scene.phone, "+4915112345011"] {
            #expect(
                try scene.shards.run(.invite(cat, scene.chat, .phone(phone), cmid: cmid(3)))
                    == .failed(Failure(.notFound)))
        }
        let ben = try #require(try scene.shards.signIn(2))
        try scene.shards.drain()
        #expect(try scene.chats(of: ben).isEmpty)
    }
}
