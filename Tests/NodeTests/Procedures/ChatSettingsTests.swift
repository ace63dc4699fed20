import Determinism
import Identity
import Node
import Testing
import Wire

@Suite("Procedures: what an account keeps about its chats")
struct ChatSettingsTests {
    /// Somebody with a chat of their own.
    private struct Scene {
        var shards = TestShards()
        let ann: AccountID
        let chat: ChatID

        init() throws {
            ann = try #require(try shards.signIn(1, username: "ann_11"))
            guard
                case .chat(let chat, _)? = try shards.run(
                    .createChat(ann, kind: .private, name: "tea", fullName: "", cmid: cmid(1)))
            else { throw Failure(.internal) }
            self.chat = chat.id
        }

        mutating func set(
            _ change: ClientSettingsChange, _ number: UInt64, of chat: ChatID? = nil
        ) throws -> ClientResponse? {
            try shards.run(.setChat(ann, chat ?? self.chat, change, cmid: cmid(number)))
        }

        mutating func list() throws -> [ClientChatSettings] {
            guard case .chatSettings(let settings, _)? = try shards.run(.chatSettings(ann)) else {
                throw Failure(.internal)
            }
            return settings
        }
    }

    @Test("A change is answered with what is kept then, and stands in the list of all")
    func changed() throws {
        var scene = try Scene()
        let muted = ClientSettingsChange(
            mutedUntil: WallTime(milliseconds: .max), isUnread: true)
        let first = try scene.set(muted, 2)
        guard case .settingsChanged(let settings, let told, let inbox)? = first else {
            Issue.record("\(String(describing: first))")
            return
        }
        #expect(settings.mutedUntil == WallTime(milliseconds: 1 << 48 - 1) && settings.isUnread)
        #expect(told == inbox.seq)
        #expect(try scene.list() == [settings])
        // The same again, with the first number and what is kept by now.
        _ = try scene.set(ClientSettingsChange(archive: .through(Ordinal(3))), 3)
        guard case .settingsChanged(let later, told, _)? = try scene.set(muted, 2) else {
            Issue.record("another answer")
            return
        }
        #expect(later.archived == Ordinal(3) && later.mutedUntil == settings.mutedUntil)
    }

    @Test("A sixth pinned chat and a deleted one are refused, and what was deleted keeps nothing")
    func refused() throws {
        var scene = try Scene()
        let pin = ClientSettingsChange(isPinned: true)
        for number in 1...5 as ClosedRange<UInt64> {
            _ = try scene.set(pin, 10 + number, of: ChatID(high: 1, low: number))
        }
        #expect(try scene.set(pin, 20) == .failed(Failure(.tooManyPinnedChats)))
        _ = try scene.set(ClientSettingsChange(isUnread: true), 21)
        #expect(try scene.list().count == 6)
        _ = try scene.shards.run(.deleteChat(scene.ann, scene.chat, cmid: cmid(22)))
        try scene.shards.drain()
        #expect(try scene.list().count == 5)
        #expect(
            try scene.set(ClientSettingsChange(isUnread: true), 23) == .failed(Failure(.notFound)))
    }

    @Test("A draft is listed until it is sent, and one that nobody may keep is refused")
    func drafts() throws {
        var scene = try Scene()
        let (ann, chat) = (scene.ann, scene.chat)
        func list(of chat: ChatID?) throws -> [String] {
            guard case .drafts(let drafts, _)? = try scene.shards.run(.drafts(ann, of: chat)) else {
                throw Failure(.internal)
            }
            return drafts.map(\.text)
        }
        func save(_ text: String, _ number: UInt64, in chat: ChatID) throws -> ClientResponse? {
            try scene.shards.run(
                .setDraft(ann, chat, text: text, replyTo: nil, cmid: cmid(number)))
        }
        guard case .draftSaved(let told)? = try save("half", 2, in: chat) else {
            Issue.record("not saved")
            return
        }
        #expect(try save("half", 3, in: chat) == .draftSaved(told: told))
        #expect(try list(of: nil) == ["half"] && list(of: chat) == ["half"])
        #expect(try list(of: ChatID(high: 1, low: 1)).isEmpty)
        #expect(try save("", 4, in: chat) == .draftSaved(told: told.next))
        #expect(try list(of: nil).isEmpty)
        let long = String(repeating: "x", count: 4_097)
        #expect(try save(long, 5, in: chat) == .failed(Failure(.badRequest)))
    }
}
