import Chat
import Determinism
import Identity
import Node
import Testing
import Wire

@Suite("Procedures: invite links")
struct LinkProcedureTests {
    /// A chat of Ann's, and Ben, who is in none.
    private struct Scene {
        var shards = TestShards()
        let ann: AccountID
        let ben: AccountID
        let chat: ChatID

        init() throws {
            ann = try #require(try shards.signIn(1, username: "ann_11"))
            ben = try #require(try shards.signIn(2, username: "ben_12"))
            guard
                case .chat(let made, _)? = try shards.run(
                    .createChat(ann, kind: .private, name: "tea", fullName: "", cmid: cmid(1)))
            else { throw Failure(.internal) }
            chat = made.id
            try shards.drain(times: 2)
        }

        mutating func make(
            _ number: UInt64, secret: UInt64, uses: UInt64? = nil
        ) throws -> ClientLink {
            let terms = ClientLinkTerms(name: "Poster", expires: nil, uses: uses)
            guard
                case .links(let links)? = try shards.run(
                    .makeLink(
                        ann, chat, terms, InviteSecret(high: 1, low: secret), cmid: cmid(number)))
            else { throw Failure(.internal) }
            return try #require(links.first)
        }
    }

    @Test("Who joins has the chat in its list with the answer; before that the link shows it")
    func join() throws {
        var scene = try Scene()
        let link = try scene.make(2, secret: 5)
        guard
            case .invitation(let shown)? = try scene.shards.run(
                .invitation(scene.ben, scene.chat, link.secret))
        else { throw Failure(.internal) }
        #expect(shown.name == "tea" && shown.memberCount == 1 && !shown.isMember)
        guard
            case .chat(let joined, let members)? = try scene.shards.run(
                .join(scene.ben, scene.chat, link.secret, cmid: cmid(3)))
        else { throw Failure(.internal) }
        #expect(joined.role == .member && members.count == 2)
        guard case .chats(let listed, _)? = try scene.shards.run(.chats(scene.ben)) else {
            throw Failure(.internal)
        }
        #expect(listed.map(\.id) == [scene.chat])
        guard case .links(let links)? = try scene.shards.run(.links(scene.ann, scene.chat)) else {
            throw Failure(.internal)
        }
        #expect(links.map(\.used) == [1])
        #expect(try scene.shards.run(.links(scene.ben, scene.chat)) == .links([]))
    }

    @Test("A retry with a fresh secret answers with the link that was made")
    func retry() throws {
        var scene = try Scene()
        let first = try scene.make(2, secret: 5)
        #expect(try scene.make(2, secret: 6) == first)
        #expect(
            try scene.shards.run(
                .invitation(scene.ben, scene.chat, InviteSecret(high: 1, low: 6)))
                == .failed(Failure(.badLink)))
    }

    @Test("What cannot be used is one answer, before and at the join; zero is not no limit")
    func refused() throws {
        var scene = try Scene()
        let link = try scene.make(2, secret: 5, uses: 1)
        try scene.shards.run(.revokeLink(scene.ann, scene.chat, link.id, cmid: cmid(3)))
        for chat in [scene.chat, ChatID(high: 9, low: 9)] {
            #expect(
                try scene.shards.run(.invitation(scene.ben, chat, link.secret))
                    == .failed(Failure(.badLink)))
            #expect(
                try scene.shards.run(.join(scene.ben, chat, link.secret, cmid: cmid(4)))
                    == .failed(Failure(.badLink)))
        }
        for terms in [
            ClientLinkTerms(name: "", expires: nil, uses: 0),
            ClientLinkTerms(name: "", expires: WallTime(milliseconds: 0), uses: nil),
        ] {
            #expect(
                try scene.shards.run(
                    .makeLink(scene.ann, scene.chat, terms, link.secret, cmid: cmid(5)))
                    == .failed(Failure(.badTerms)))
        }
    }
}
