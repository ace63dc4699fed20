import Determinism
import Identity
import Node
import Testing
import Wire

@Suite("Procedures: forwarding")
struct ForwardTests {
    /// Two people, a chat of each, and a message in the first chat.
    private struct Scene {
        var shards = TestShards()
        let ann: AccountID
        let ben: AccountID
        /// Ann's, in which the message is; Ben is no member.
        let source: MessagePlace
        /// Ben's; Ann is a member.
        let target: ChatID

        init() throws {
            ann = try #require(try shards.signIn(1))
            ben = try #require(try shards.signIn(2))
            try shards.run(.setProfile(ann, name: "Ann", username: "ann_11", cmid: cmid(1)))
            guard
                case .chat(let own, _)? = try shards.run(
                    .createChat(ann, kind: .private, name: "tea", fullName: "", cmid: cmid(2))),
                case .chat(let other, _)? = try shards.run(
                    .createChat(ben, kind: .private, name: "milk", fullName: "", cmid: cmid(3))),
                case .person? = try shards.run(
                    .invite(ben, other.id, .username("ann_11"), cmid: cmid(4))),
                case .receipt(let sent)? = try shards.run(
                    .send(ann, own.id, text: "tea at five", cmid: cmid(5)))
            else { throw Failure(.internal) }
            source = MessagePlace(chat: own.id, seq: sent.seq)
            target = other.id
        }

        /// The newest entry of a chat.
        mutating func newest(of chat: ChatID, for account: AccountID) throws -> ClientEntry? {
            guard
                case .page(let page)? = try shards.run(
                    .history(account, chat, before: nil, after: nil, limit: 1))
            else { return nil }
            return page.entries.first
        }
    }

    @Test("The words and who wrote them are the source's, also of a message that was forwarded")
    func attribution() throws {
        var scene = try Scene()
        let original = try #require(try scene.newest(of: scene.source.chat, for: scene.ann))
        guard
            case .receipt(let first)? = try scene.shards.run(
                .forward(scene.ann, scene.target, source: scene.source, cmid: cmid(6)))
        else {
            Issue.record("not forwarded")
            return
        }
        let forwarded = try #require(try scene.newest(of: scene.target, for: scene.ben))
        let origin = ClientEntry.Origin(account: scene.ann, name: "Ann", time: original.time)
        #expect(forwarded.content == .text("tea at five") && forwarded.from == scene.ann)
        #expect(forwarded.origin == origin && forwarded.seq == first.seq)
        // Ben forwards it back into his own chat: it is still Ann's, under the name of that time.
        try scene.shards.run(.setProfile(scene.ann, name: "Anna", username: nil, cmid: cmid(7)))
        let place = MessagePlace(chat: scene.target, seq: first.seq)
        try scene.shards.run(.forward(scene.ben, scene.target, source: place, cmid: cmid(8)))
        let again = try #require(try scene.newest(of: scene.target, for: scene.ben))
        #expect(again.from == scene.ben && again.origin == origin)
    }

    @Test("What one may not read, what is no message and what is not there cannot be forwarded")
    func unreadable() throws {
        var scene = try Scene()
        let (chat, seq) = (scene.source.chat, scene.source.seq)
        let bad = [
            (scene.ben, scene.source), (scene.ann, MessagePlace(chat: chat, seq: seq.next)),
            (scene.ann, MessagePlace(chat: chat, seq: SequenceNumber(1))),
            (scene.ann, MessagePlace(chat: chat, seq: SequenceNumber(.max))),
            (scene.ann, MessagePlace(chat: ChatID(high: 1, low: 1), seq: seq)),
        ]
        for (index, (account, source)) in bad.enumerated() {
            let request = ClientRequest.forward(
                account, scene.target, source: source, cmid: cmid(10 + UInt64(index)))
            #expect(try scene.shards.run(request) == .failed(Failure(.badForward)))
        }
        #expect(try scene.newest(of: scene.target, for: scene.ben)?.origin == nil)
    }

    @Test("A try that is repeated after the source was deleted gets its first answer")
    func repeated() throws {
        var scene = try Scene()
        let request = ClientRequest.forward(
            scene.ann, scene.target, source: scene.source, cmid: cmid(6))
        let first = try scene.shards.run(request)
        try scene.shards.run(
            .deleteMessage(
                scene.ann, scene.source.chat, target: scene.source.seq, cmid: cmid(7)))
        #expect(try scene.shards.run(request) == first)
        #expect(
            try scene.shards.run(
                .forward(scene.ann, scene.target, source: scene.source, cmid: cmid(8)))
                == .failed(Failure(.badForward)))
    }
}
