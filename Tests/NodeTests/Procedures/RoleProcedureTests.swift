import Chat
import Identity
import Node
import Testing
import Wire

@Suite("Procedures: roles and bans")
struct RoleProcedureTests {
    /// A chat of Ann's with Ben in it.
    private struct Scene {
        var shards = TestShards()
        let ann: AccountID
        let ben: AccountID
        let chat: ChatID

        init(_ kind: ClientChatKind = .private) throws {
            ann = try #require(try shards.signIn(1, username: "ann_11"))
            ben = try #require(try shards.signIn(2, username: "ben_12"))
            guard
                case .chat(let made, _)? = try shards.run(
                    .createChat(ann, kind: kind, name: "tea", fullName: "", cmid: cmid(1))),
                case .person? = try shards.run(
                    .invite(ann, made.id, .account(ben), cmid: cmid(2)))
            else { throw Failure(.internal) }
            chat = made.id
            try shards.drain(times: 2)
        }

        mutating func show(_ account: AccountID) throws -> (ClientChat, [ClientMember]) {
            guard case .chat(let chat, let members)? = try shards.run(.chat(account, chat)) else {
                throw Failure(.internal)
            }
            return (chat, members)
        }
    }

    @Test("An admin is shown as one to everybody, and an owner that passed the chat on, too")
    func ranks() throws {
        var scene = try Scene()
        try scene.shards.run(
            .setRole(scene.ann, scene.chat, scene.ben, isAdmin: true, cmid: cmid(3)))
        var (chat, members) = try scene.show(scene.ben)
        #expect(chat.role == .admin)
        #expect(Set(members.map(\.role)) == [.owner, .admin])
        try scene.shards.run(.setOwner(scene.ann, scene.chat, scene.ben, cmid: cmid(4)))
        (chat, members) = try scene.show(scene.ann)
        #expect(chat.role == .admin && chat.creator == scene.ann)
        #expect(members.first { $0.account == scene.ben }?.role == .owner)
    }

    @Test(
        "Who is banned has the chat in no list, cannot be invited, and is told of by admins alone")
    func bans() throws {
        var scene = try Scene()
        #expect(
            try scene.shards.run(.banned(scene.ben, scene.chat)) == .failed(Failure(.noRight)))
        let ban = ClientRequest.ban(scene.ann, scene.chat, scene.ben, isOn: true, cmid: cmid(3))
        let first = try scene.shards.run(ban)
        #expect(try scene.shards.run(ban) == first)
        try scene.shards.drain(times: 2)
        #expect(try scene.shards.run(.banned(scene.ann, scene.chat)) == .banned([scene.ben]))
        guard case .chats(let listed, _)? = try scene.shards.run(.chats(scene.ben)) else {
            throw Failure(.internal)
        }
        #expect(listed.isEmpty)
        #expect(
            try scene.shards.run(.invite(scene.ann, scene.chat, .username("ben_12"), cmid: cmid(4)))
                == .failed(Failure(.banned)))
        #expect(
            try scene.shards.run(.banned(scene.ben, scene.chat)) == .failed(Failure(.notFound)))
        try scene.shards.run(.ban(scene.ann, scene.chat, scene.ben, isOn: false, cmid: cmid(5)))
        guard
            case .person? = try scene.shards.run(
                .invite(scene.ann, scene.chat, .username("ben_12"), cmid: cmid(6)))
        else { throw Failure(.internal) }
        #expect(try scene.shards.run(.banned(scene.ann, scene.chat)) == .banned([]))
    }

    @Test("Names and what a chat is about may be changed under one key, as two entries")
    func description() throws {
        var scene = try Scene()
        let rename = ClientRequest.renameChat(
            scene.ben, scene.chat, name: "coffee", fullName: "", cmid: cmid(3))
        let describe = ClientRequest.describeChat(
            scene.ben, scene.chat, about: "At ten", cmid: cmid(3))
        for _ in 0..<2 {
            guard case .renamed? = try scene.shards.run(rename),
                case .renamed(let chat, let receipt)? = try scene.shards.run(describe)
            else { throw Failure(.internal) }
            #expect(chat.name == "coffee" && chat.about == "At ten")
            #expect(receipt.seq == SequenceNumber(4) && chat.head.seq == SequenceNumber(4))
        }
    }

    @Test("A switch that is off keeps members from it, and their names from being claimed")
    func switches() throws {
        var scene = try Scene(.public)
        #expect(try scene.show(scene.ben).0.permissions == [.send, .media])
        #expect(
            try scene.shards.run(
                .renameChat(scene.ben, scene.chat, name: "mine", fullName: "", cmid: cmid(3)))
                == .failed(Failure(.noRight)))
        #expect(
            try scene.shards.run(.invite(scene.ben, scene.chat, .username("ann_11"), cmid: cmid(4)))
                == .failed(Failure(.noRight)))
        try scene.shards.run(
            .setPermissions(scene.ann, scene.chat, [.info, .invite], cmid: cmid(5)))
        #expect(try scene.show(scene.ben).0.permissions == [.invite, .info])
        #expect(
            try scene.shards.run(.send(scene.ben, scene.chat, text: "x", cmid: cmid(6)))
                == .failed(Failure(.noRight)))
        guard
            case .renamed? = try scene.shards.run(
                .renameChat(scene.ben, scene.chat, name: "mine", fullName: "", cmid: cmid(7)))
        else { throw Failure(.internal) }
    }

    @Test("A node of before there were roles calls the owner by another word")
    func olderWord() throws {
        let visitor = Array("visitor".utf8)
        let bytes = ShardResponse.members([ChatMember(account: account(1), role: .visitor)])
            .encoded()
        let place = try #require(
            bytes.indices.first { bytes[$0...].starts(with: visitor) })
        let older = bytes[..<place] + Array("creator".utf8) + bytes[(place + visitor.count)...]
        #expect(
            try ShardResponse(decoding: Array(older))
                == .members([ChatMember(account: account(1), role: .owner)]))
    }
}
