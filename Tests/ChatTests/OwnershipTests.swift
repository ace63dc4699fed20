import Chat
import Determinism
import Identity
import Storage
import Testing

@Suite("Creating, renaming, deleting")
struct OwnershipTests {
    @Test("The creator becomes the owner and only member, and the chat is to be listed for it")
    func create() throws {
        var chats = ChatFixture()
        let cmid = chats.nextID()
        let outcome = try chats.apply(
            .create(kind: .private, name: "tea", fullName: ""), by: chats.ann, cmid: cmid)
        #expect(outcome.receipt?.seq == SequenceNumber(1))
        #expect(
            outcome.effects == [
                ChatEffect(
                    cmid: cmid.derived(0),
                    body: .listChat(chats.ann, chats.chat, at: SequenceNumber(1)))
            ])
        let summary = try #require(try chats.summary(for: chats.ann))
        #expect(summary.role == .owner && summary.memberCount == 1)
        #expect(summary.name == "tea" && summary.creator == chats.ann)
        #expect(summary.last?.kind == .created(name: "tea", fullName: ""))
    }

    @Test("The same creation again gets the first result, another one of the same chat a conflict")
    func createTwice() throws {
        var chats = ChatFixture()
        let cmid = chats.nextID()
        let body = ChatCommand.Body.create(kind: .private, name: "tea", fullName: "")
        let first = try chats.apply(body, by: chats.ann, cmid: cmid)
        let again = try chats.apply(body, by: chats.ann, cmid: cmid)
        #expect(again.result == first.result && again.published.isEmpty && again.effects.isEmpty)
        #expect(try chats.apply(body, by: chats.ann).rejection == .conflict)
        #expect(try chats.entries().count == 1)
    }

    @Test(
        "A name that is empty, blank at an end, too long, of two lines or turning is refused",
        arguments: [
            "", " ", " tea", "tea ", "t\na", "t\u{7}a", "t\u{202E}a", "t\u{2028}a",
            String(repeating: "x", count: 33),
        ])
    func badName(name: String) throws {
        var chats = try ChatFixture.withTwo()
        let other = ChatID(high: 8, low: 8)
        #expect(
            try chats.apply(
                .create(kind: .private, name: name, fullName: ""), by: chats.ann, chat: other
            ).rejection == .badName)
        #expect(
            try chats.apply(.rename(name: name, fullName: ""), by: chats.ann).rejection == .badName)
    }

    @Test("A full name may be empty or 128 scalars long, and no longer")
    func fullName() throws {
        var chats = try ChatFixture.withTwo()
        let longest = String(repeating: "x", count: 128)
        #expect(
            try chats.apply(.rename(name: "a", fullName: longest), by: chats.ann).receipt != nil)
        #expect(
            try chats.apply(.rename(name: "a", fullName: longest + "x"), by: chats.ann).rejection
                == .badName)
    }

    @Test("Only the owner renames or deletes where a member may not: noRight, a stranger notFound")
    func onlyOwner() throws {
        var chats = try ChatFixture.withTwo()
        try chats.apply(.setPermissions([.send]), by: chats.ann)
        for body in [ChatCommand.Body.rename(name: "x", fullName: ""), .delete] {
            #expect(try chats.apply(body, by: chats.ben).rejection == .noRight)
            #expect(try chats.apply(body, by: chats.cat).rejection == .notFound)
            #expect(try chats.apply(body, by: nil).rejection == .noRight)
        }
        #expect(try chats.apply(.rename(name: "x", fullName: "y"), by: chats.ann).receipt != nil)
        #expect(try chats.summary(for: chats.ben)?.name == "x")
        #expect(try chats.apply(.delete, by: chats.ann).receipt != nil)
    }

    @Test("Nobody renames or deletes a room of the cluster, the cluster included")
    func clusterRoom() throws {
        var chats = ChatFixture()
        let created = try chats.apply(.create(kind: .public, name: "lobby", fullName: ""), by: nil)
        #expect(created.receipt != nil && created.effects.isEmpty)
        for actor in [chats.ann, nil] {
            #expect(try chats.apply(.delete, by: actor).rejection == .noRight)
            #expect(
                try chats.apply(.rename(name: "x", fullName: ""), by: actor).rejection
                    == .noRight)
        }
        let summary = try #require(try chats.summary(for: chats.ann))
        #expect(summary.creator == nil && summary.memberCount == 0 && summary.name == "lobby")
        #expect(
            try chats.apply(
                .create(kind: .private, name: "x", fullName: ""), by: nil,
                chat: ChatID(high: 8, low: 8)
            ).rejection == .forbidden)
    }

    @Test("Renaming a public chat lets the old name go, as it was claimed")
    func renamePublic() throws {
        var chats = ChatFixture()
        let first = chats.nextID()
        let second = chats.nextID()
        let body = ChatCommand.Body.create(kind: .public, name: "tea", fullName: "")
        try chats.apply(body, by: chats.ann, cmid: first)
        let renamed = try chats.apply(
            .rename(name: "coffee", fullName: ""), by: chats.ann, cmid: second)
        #expect(
            renamed.effects.map(\.body) == [.releaseName("tea", chats.chat, claim: first)])
        let deleted = try chats.apply(.delete, by: chats.ann)
        #expect(
            deleted.effects.map(\.body) == [
                .unlistChat(chats.ann, chats.chat, at: SequenceNumber(3)),
                .releaseName("coffee", chats.chat, claim: second),
            ])
        #expect(Set(deleted.effects.map(\.cmid)).count == 2)
    }

    @Test("A refused public name is let go again, and its refusal is remembered")
    func refusedPublicName() throws {
        var chats = try ChatFixture.withTwo(kind: .public)
        let cmid = chats.nextID()
        let body = ChatCommand.Body.rename(name: "mine", fullName: "")
        let outcome = try chats.apply(body, by: chats.ben, cmid: cmid)
        #expect(outcome.rejection == .noRight)
        #expect(outcome.effects.map(\.body) == [.releaseName("mine", chats.chat, claim: cmid)])
        let again = try chats.apply(body, by: chats.ben, cmid: cmid)
        #expect(again.rejection == .noRight && again.effects.isEmpty)
    }

    @Test("A rename that comes again after its answer was forgotten does not let its own name go")
    func lateRetry() throws {
        var chats = try ChatFixture.withTwo(kind: .public)
        let cmid = chats.nextID()
        let body = ChatCommand.Body.rename(name: "coffee", fullName: "")
        try chats.apply(body, by: chats.ann, cmid: cmid)
        chats.time += 9 * ChatFixture.day
        try chats.apply(.send(text: "later"), by: chats.ann)
        let late = try chats.apply(body, by: chats.ann, cmid: cmid)
        #expect(late.rejection == .cmidExpired && late.effects.isEmpty)
        let other = MessageID(high: cmid.high, low: cmid.low ^ 1)
        let unknown = try chats.apply(body, by: chats.ann, cmid: other)
        #expect(unknown.effects.map(\.body) == [.releaseName("coffee", chats.chat, claim: other)])
    }

    @Test("A deleted chat ends with its last entry, is unlisted for every member and is not found")
    func delete() throws {
        var chats = try ChatFixture.withTwo()
        let outcome = try chats.apply(.delete, by: chats.ann)
        #expect(try ChatEntry(decoding: outcome.published[0].bytes).kind == .deleted)
        let seq = SequenceNumber(3)
        #expect(
            outcome.effects.map(\.body) == [
                .unlistChat(chats.ann, chats.chat, at: seq),
                .unlistChat(chats.ben, chats.chat, at: seq),
            ])
        let bodies: [ChatCommand.Body] = [
            .send(text: "x"), .rename(name: "x", fullName: ""), .delete, .addMember(chats.cat),
            .removeMember(chats.ben), .mark(Ordinal(1)),
        ]
        for body in bodies {
            #expect(try chats.apply(body, by: chats.ann).rejection == .notFound)
        }
        #expect(
            try chats.apply(.create(kind: .private, name: "x", fullName: ""), by: chats.ann)
                .rejection == .conflict)
        #expect(try chats.summary(for: chats.ann) == nil)
        #expect(
            try ChatQueries.access(of: chats.ann, to: chats.chat, in: chats.shard, chats.view)
                == .none)
    }
}

@Suite("Members")
struct MemberTests {
    @Test("Any member adds members; adding one who is there changes nothing and is accepted")
    func add() throws {
        var chats = try ChatFixture.withTwo()
        let added = try chats.apply(.addMember(chats.cat), by: chats.ben)
        #expect(
            added.effects.map(\.body) == [.listChat(chats.cat, chats.chat, at: SequenceNumber(3))])
        let again = try chats.apply(.addMember(chats.cat), by: chats.ann)
        #expect(again.receipt != nil && again.published.isEmpty && again.effects.isEmpty)
        let members = try ChatQueries.members(
            of: chats.chat, for: chats.cat, in: chats.shard, chats.view)
        #expect(
            members == [
                ChatMember(account: chats.ann, role: .owner),
                ChatMember(account: chats.ben, role: .member),
                ChatMember(account: chats.cat, role: .member),
            ])
        #expect(try chats.summary(for: chats.ann)?.memberCount == 3)
    }

    @Test("A stranger adds nobody to a private chat; to a public one it adds itself alone")
    func outsiders() throws {
        var secret = try ChatFixture.withTwo()
        #expect(try secret.apply(.addMember(secret.cat), by: secret.cat).rejection == .notFound)
        #expect(try secret.apply(.addMember(secret.cat), by: nil).rejection == .forbidden)
        var open = try ChatFixture.withTwo(kind: .public)
        let dan = AccountID(high: 4, low: 4)
        #expect(try open.apply(.addMember(dan), by: open.cat).rejection == .notMember)
        #expect(try open.apply(.addMember(open.cat), by: open.cat).receipt != nil)
        #expect(try open.summary(for: open.cat)?.role == .member)
    }

    @Test("A chat has 1,000 members and no more")
    func limit() throws {
        var chats = try ChatFixture.withTwo()
        for low in 3...1_000 as ClosedRange<UInt64> {
            try chats.apply(.addMember(AccountID(high: 60, low: low)), by: chats.ann)
        }
        #expect(try chats.summary(for: chats.ann)?.memberCount == 1_000)
        #expect(try chats.apply(.addMember(chats.cat), by: chats.ann).rejection == .tooLarge)
        try chats.apply(.removeMember(chats.ben), by: chats.ann)
        #expect(try chats.apply(.addMember(chats.cat), by: chats.ann).receipt != nil)
        #expect(try chats.apply(.delete, by: chats.ann).effects.count == 1_000)
    }

    @Test("The owner removes others, a member removes itself, and nobody else removes anybody")
    func remove() throws {
        var chats = try ChatFixture.withTwo()
        try chats.apply(.addMember(chats.cat), by: chats.ann)
        #expect(try chats.apply(.removeMember(chats.cat), by: chats.ben).rejection == .noRight)
        #expect(try chats.apply(.removeMember(chats.ann), by: chats.ben).rejection == .noRight)
        let removed = try chats.apply(.removeMember(chats.cat), by: chats.ann)
        #expect(
            removed.effects.map(\.body) == [
                .unlistChat(chats.cat, chats.chat, at: SequenceNumber(4))
            ])
        #expect(try chats.apply(.removeMember(chats.ben), by: chats.ben).receipt != nil)
        #expect(try chats.summary(for: chats.ann)?.memberCount == 1)
    }

    @Test("A former member sees entries up to its removal, is told notMember, and may come back")
    func formerMember() throws {
        var chats = try ChatFixture.withTwo()
        try chats.apply(.send(text: "before"), by: chats.ann)
        let removal = try #require(
            try chats.apply(.removeMember(chats.ben), by: chats.ann).receipt)
        try chats.apply(.send(text: "after"), by: chats.ann)
        let access = try ChatQueries.access(
            of: chats.ben, to: chats.chat, in: chats.shard, chats.view)
        #expect(access == .until(removal.seq))
        #expect(access.last(of: SequenceNumber(5)) == SequenceNumber(4))
        #expect(try chats.summary(for: chats.ben) == nil)
        #expect(
            try ChatQueries.members(of: chats.chat, for: chats.ben, in: chats.shard, chats.view)
                == nil)
        for body in [ChatCommand.Body.send(text: "x"), .mark(Ordinal(2)), .delete] {
            #expect(try chats.apply(body, by: chats.ben).rejection == .notMember)
        }
        try chats.apply(.addMember(chats.ben), by: chats.ann)
        #expect(
            try ChatQueries.access(of: chats.ben, to: chats.chat, in: chats.shard, chats.view)
                == .full(.member))
    }
}

@Suite("History")
struct HistoryTests {
    @Test("A range reads the entries between two cursors, from either end, up to its count")
    func ranges() throws {
        var chats = try ChatFixture.withTwo()
        for n in 3...9 { try chats.apply(.send(text: "\(n)"), by: chats.ann) }
        func read(_ after: UInt64, _ before: UInt64?, _ isNewestFirst: Bool, _ count: Int) throws
            -> [UInt64]
        {
            let range = ChatQueries.historyRange(
                of: chats.chat, in: chats.shard, after: SequenceNumber(after),
                before: before.map { SequenceNumber($0) }, isNewestFirst: isNewestFirst,
                countMax: count)
            return try ChatQueries.entries(from: chats.view.pairs(range)).map(\.seq.rawValue)
        }
        #expect(try read(0, nil, false, 3) == [1, 2, 3])
        #expect(try read(6, nil, false, 100) == [7, 8, 9])
        #expect(try read(0, 6, true, 2) == [4, 5])
        #expect(try read(0, nil, true, 2) == [8, 9])
        #expect(try read(2, 4, false, 10) == [3])
        #expect(try read(5, 3, false, 10).isEmpty)
        #expect(try read(.max, nil, false, 10).isEmpty)
    }

    @Test("The head of a chat is its newest entry and message; a chat that was never made has none")
    func head() throws {
        var chats = try ChatFixture.withTwo()
        try chats.apply(.send(text: "x"), by: chats.ann)
        let head = try ChatQueries.head(of: chats.chat, in: chats.shard, chats.view)
        #expect(
            head == ChatHead(epoch: 1, seq: SequenceNumber(3), n: Ordinal(1), marksVersion: 1))
        let absent = ChatID(high: 9, low: 9)
        #expect(try ChatQueries.head(of: absent, in: chats.shard, chats.view) == nil)
    }
}
