import Identity
import Node
import Testing
import Wire

@Suite("Procedures: messages that change")
struct ChangedMessageTests {
    /// What somebody is told of a message of theirs that was changed.
    private struct Told {
        let me: AccountID
        let chat: ChatID
        let sent: Receipt
        let change: Receipt
        /// The last two entries: the message, and its change.
        let page: [ClientEntry]
        /// What came after the message.
        let difference: [ClientEntry]
        let listed: ClientChat
    }

    /// Sends a message, changes it by what `change` asks for, and reads it in every way.
    private func read(
        in shards: inout TestShards,
        after change: (AccountID, ChatID, SequenceNumber) -> ClientRequest
    ) throws -> Told? {
        let me = try #require(try shards.signIn(1))
        guard
            case .chat(let chat, _)? = try shards.run(
                .createChat(me, kind: .private, name: "tea", fullName: "", cmid: cmid(1))),
            case .receipt(let sent)? = try shards.run(
                .send(me, chat.id, text: "tee", cmid: cmid(2))),
            case .receipt(let changed)? = try shards.run(change(me, chat.id, sent.seq)),
            case .page(let page)? = try shards.run(
                .history(me, chat.id, before: nil, after: nil, limit: 2)),
            case .difference(let difference)? = try shards.run(
                .difference(me, .chat(chat.id), from: LogCursor(epoch: page.epoch, seq: sent.seq))),
            case .chats(let list, _)? = try shards.run(.chats(me))
        else { return nil }
        return Told(
            me: me, chat: chat.id, sent: sent, change: changed, page: page.entries,
            difference: difference.entries,
            listed: try #require(list.first { $0.id == chat.id }))
    }

    @Test("An edit comes by difference, and the message has its words by history and in the list")
    func edit() throws {
        var shards = TestShards()
        let told = try #require(
            try read(in: &shards) { .edit($0, $1, target: $2, text: "tea", cmid: cmid(3)) })
        let (sent, edit) = (told.sent, told.change)
        #expect(edit.n == .zero && edit.seq == sent.seq.next)
        let edition = ClientEntry.Edition(seq: edit.seq, time: edit.time)
        #expect(told.page.map(\.content) == [.text("tea"), .edited(sent.seq, text: "tea")])
        #expect(told.page.map(\.edition) == [edition, nil])
        #expect(told.difference == [told.page[1]])
        #expect(told.listed.last == told.page[0] && told.listed.changed == edit.seq)
        #expect(told.listed.head.seq == edit.seq && told.listed.unread == 0)
        #expect(
            try shards.run(
                .edit(told.me, told.chat, target: edit.seq, text: "x", cmid: cmid(4)))
                == .failed(Failure(.badTarget)))
    }

    @Test("A reaction comes by difference; history and list say what all said, and what one said")
    func react() throws {
        var shards = TestShards()
        let told = try #require(
            try read(in: &shards) { .react($0, $1, target: $2, emoji: "👍", cmid: cmid(3)) })
        let (sent, change) = (told.sent, told.change)
        #expect(change.n == .zero && change.seq == sent.seq.next)
        let tallies = [ClientReactionTally(emoji: "👍", count: 1, first: [told.me])]
        #expect(
            told.page[0].reactions
                == ClientReactions(seq: change.seq, tallies: tallies, mine: "👍"))
        #expect(told.page[1].content == .reacted(sent.seq, emoji: "👍", tallies: tallies))
        #expect(told.difference == [told.page[1]])
        #expect(told.listed.last == told.page[0] && told.listed.changed == change.seq)
        #expect(told.listed.unread == 0)
        // What another is told is not what they said.
        let other = try #require(try shards.signIn(2))
        guard
            case .person? = try shards.run(
                .invite(told.me, told.chat, .account(other), cmid: cmid(5))),
            case .page(let page)? = try shards.run(
                .history(other, told.chat, before: change.seq, after: nil, limit: 1))
        else {
            Issue.record("no page")
            return
        }
        #expect(
            page.entries.map(\.reactions) == [
                ClientReactions(seq: change.seq, tallies: tallies, mine: nil)
            ])
        #expect(
            try shards.run(
                .react(other, told.chat, target: sent.seq, emoji: "tea", cmid: cmid(6)))
                == .failed(Failure(.badEmoji)))
    }

    @Test("A pin comes by difference, and the chat has it in every list")
    func pin() throws {
        var shards = TestShards()
        let told = try #require(
            try read(in: &shards) { account, chat, seq in
                .pin(account, MessagePlace(chat: chat, seq: seq), isOn: true, cmid: cmid(3))
            })
        #expect(told.page[1].content == .pinned(told.sent.seq))
        #expect(told.difference == [told.page[1]])
        #expect(told.listed.pins == [told.sent.seq] && told.listed.last == told.page[1])
        #expect(told.listed.unread == 0 && told.listed.changed == .zero)
        guard case .chat(let chat, _)? = try shards.run(.chat(told.me, told.chat)) else {
            Issue.record("no chat")
            return
        }
        #expect(chat.pins == [told.sent.seq])
    }

    @Test("A deletion comes by difference; history and list have neither words nor a count of it")
    func delete() throws {
        var shards = TestShards()
        let told = try #require(
            try read(in: &shards) { .deleteMessage($0, $1, target: $2, cmid: cmid(3)) })
        let (sent, listed) = (told.sent, told.listed)
        #expect(told.page.map(\.content) == [.erased, .messageDeleted(sent.seq, n: sent.n)])
        #expect(told.page[0].edition?.seq == told.change.seq)
        #expect(told.difference == [told.page[1]])
        #expect(listed.last?.seq == SequenceNumber(1) && listed.changed == told.change.seq)
        #expect(listed.unread == 0 && listed.erased.isEmpty && listed.head.n == sent.n)
        #expect(
            try shards.run(
                .edit(told.me, told.chat, target: sent.seq, text: "x", cmid: cmid(4)))
                == .failed(Failure(.messageDeleted)))
    }
}
