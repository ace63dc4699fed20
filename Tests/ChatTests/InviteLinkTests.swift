import Chat
import Determinism
import Identity
import Storage
import Testing

@Suite("Invite links")
struct InviteLinkTests {
    private static let people: [AccountID] = (10..<60).map { AccountID(high: 9, low: $0) }

    private func terms(
        _ secret: UInt64 = 1, name: String = "", expires: UInt64? = nil, uses: UInt64? = nil
    ) -> InviteLinkTerms {
        InviteLinkTerms(
            secret: InviteSecret(high: 1, low: secret), name: name,
            expires: expires.map { WallTime(milliseconds: $0) }, usesMax: uses)
    }

    private func secret(_ low: UInt64 = 1) -> InviteSecret { InviteSecret(high: 1, low: low) }

    private func links(_ chats: ChatFixture, for account: AccountID) throws -> [InviteLink] {
        try #require(
            try ChatQueries.links(of: chats.chat, for: account, in: chats.shard, chats.view)
        ).map(\.link)
    }

    private func view(
        _ chats: ChatFixture, _ low: UInt64 = 1, for account: AccountID
    ) throws -> InvitationView {
        try ChatQueries.invitation(
            to: chats.chat, by: secret(low), for: account,
            at: WallTime(milliseconds: chats.time), in: chats.shard, chats.view)
    }

    private func violations(_ chats: ChatFixture) throws -> [String] {
        try ChatInvariants.violations(of: chats.chat, in: chats.shard, chats.view)
    }

    @Test("Who joins by a link is a member by an entry that names it, and finds the chat listed")
    func join() throws {
        var chats = try ChatFixture.withTwo()
        let cmid = chats.nextID()
        let made = try chats.apply(.makeLink(terms(name: "Poster")), by: chats.ben, cmid: cmid)
        #expect(made.receipt?.seq == SequenceNumber(2) && made.published.isEmpty)
        let joined = try chats.apply(.join(by: secret()), by: chats.cat)
        let published = try #require(joined.published.first)
        let entry = try ChatEntry(decoding: published.bytes)
        #expect(entry.kind == .memberAdded(chats.cat, link: InviteLinkID(cmid)))
        #expect(entry.from == chats.cat && entry.isShown)
        #expect(
            joined.effects.map(\.body) == [.listChat(chats.cat, chats.chat, at: entry.seq)])
        #expect(try chats.summary(for: chats.cat)?.memberCount == 3)
        let link = try #require(try links(chats, for: chats.ann).first)
        #expect(link.uses == 1 && link.maker == chats.ben && link.terms.name == "Poster")
        #expect(try violations(chats).isEmpty)
    }

    @Test("A limit is met exactly: retries and members use nothing, leaving gives no use back")
    func uses() throws {
        var chats = try ChatFixture.withTwo()
        try chats.apply(.makeLink(terms(uses: 2)), by: chats.ann)
        let cmid = chats.nextID()
        let first = try chats.apply(.join(by: secret()), by: chats.cat, cmid: cmid)
        // The retry, another try of a member, and a member of before.
        let retry = try chats.apply(.join(by: secret()), by: chats.cat, cmid: cmid)
        #expect(retry.receipt == first.receipt && retry.published.isEmpty)
        #expect(try chats.apply(.join(by: secret()), by: chats.cat).published.isEmpty)
        #expect(try chats.apply(.join(by: secret()), by: chats.ben).published.isEmpty)
        #expect(try links(chats, for: chats.ann).map(\.uses) == [1])
        try chats.apply(.removeMember(chats.cat), by: chats.cat)
        let people = Self.people
        #expect(try chats.apply(.join(by: secret()), by: people[0]).receipt != nil)
        for late in [people[1], chats.cat] {
            #expect(try chats.apply(.join(by: secret()), by: late).rejection == .badLink)
            #expect(try view(chats, for: late) == .refused(.badLink))
        }
        // A retry that comes when the link is used up was done, and is answered so.
        let late = try chats.apply(.join(by: secret()), by: chats.cat, cmid: cmid)
        #expect(late.receipt == first.receipt && late.published.isEmpty)
        #expect(try links(chats, for: chats.ann).map(\.uses) == [2])
        #expect(try violations(chats).isEmpty)
    }

    @Test("From its instant on a link lets nobody in, by the times of the log")
    func expiry() throws {
        var chats = try ChatFixture.withTwo()
        let end = chats.time + 60_000
        try chats.apply(.makeLink(terms(expires: end)), by: chats.ann)
        chats.time = end - 1
        #expect(try chats.apply(.join(by: secret()), by: chats.cat).receipt != nil)
        // A clock that is behind does not open it again: the log has come to the end.
        chats.time = end - 30_000
        #expect(try view(chats, for: Self.people[0]) == .refused(.badLink))
        #expect(try chats.apply(.join(by: secret()), by: Self.people[0]).rejection == .badLink)
        chats.time = end
        #expect(try chats.apply(.join(by: secret()), by: Self.people[0]).rejection == .badLink)
        #expect(
            try chats.apply(.makeLink(terms(2, expires: end)), by: chats.ann).rejection
                == .badTerms)
        #expect(try violations(chats).isEmpty)
    }

    @Test("A wrong, a revoked and another chat's secret are one answer; the banned get another")
    func refusals() throws {
        var chats = try ChatFixture.withTwo()
        let cmid = chats.nextID()
        try chats.apply(.makeLink(terms()), by: chats.ben, cmid: cmid)
        try chats.apply(.makeLink(terms(2)), by: chats.ann)
        let cat = chats.cat
        #expect(try chats.apply(.join(by: secret(7)), by: cat).rejection == .badLink)
        let other = ChatID(high: 7, low: 8)
        #expect(try chats.apply(.join(by: secret()), by: cat, chat: other).rejection == .badLink)
        #expect(try chats.apply(.join(by: secret()), by: nil).rejection == .forbidden)
        try chats.apply(.revokeLink(InviteLinkID(cmid)), by: chats.ben)
        #expect(try chats.apply(.join(by: secret()), by: cat).rejection == .badLink)
        // Twice is once.
        #expect(try chats.apply(.revokeLink(InviteLinkID(cmid)), by: chats.ann).receipt != nil)
        #expect(try view(chats, 2, for: cat).invitation?.memberCount == 2)
        try chats.apply(.ban(cat), by: chats.ann)
        #expect(try chats.apply(.join(by: secret(2)), by: cat).rejection == .banned)
        #expect(try view(chats, 2, for: cat) == .refused(.banned))
        #expect(try view(chats, 7, for: cat) == .refused(.badLink))
        try chats.apply(.delete, by: chats.ann)
        #expect(try chats.apply(.join(by: secret(2)), by: chats.cat).rejection == .badLink)
        #expect(try view(chats, 2, for: chats.ben) == .refused(.badLink))
    }

    @Test("Who may invite makes links and ends its own; owner and admins see and end all")
    func whoMay() throws {
        var chats = try ChatFixture.withTwo()
        #expect(try chats.apply(.makeLink(terms()), by: chats.cat).rejection == .notFound)
        #expect(try chats.apply(.makeLink(terms()), by: nil).rejection == .forbidden)
        let (own, others) = (chats.nextID(), chats.nextID())
        try chats.apply(.makeLink(terms(1)), by: chats.ben, cmid: own)
        try chats.apply(.makeLink(terms(2)), by: chats.ann, cmid: others)
        #expect(try links(chats, for: chats.ben).map(\.id) == [InviteLinkID(own)])
        #expect(try links(chats, for: chats.ann).count == 2)
        #expect(
            try ChatQueries.links(of: chats.chat, for: chats.cat, in: chats.shard, chats.view)
                == nil)
        #expect(
            try chats.apply(.revokeLink(InviteLinkID(others)), by: chats.ben).rejection == .noRight)
        #expect(
            try chats.apply(.revokeLink(InviteLinkID(own)), by: chats.cat).rejection == .notFound)
        #expect(try chats.apply(.revokeLink(InviteLinkID(own)), by: chats.ann).receipt != nil)
        var open = try ChatFixture.withTwo(kind: .public)
        #expect(try open.apply(.makeLink(terms()), by: open.ben).rejection == .noRight)
        #expect(try open.apply(.makeLink(terms()), by: open.ann).receipt != nil)
    }

    @Test("While its maker may not invite, a link lets nobody in, and afterwards it does again")
    func held() throws {
        var chats = try ChatFixture.withTwo()
        try chats.apply(.makeLink(terms()), by: chats.ben)
        try chats.apply(.setPermissions([.send]), by: chats.ann)
        #expect(try chats.apply(.join(by: secret()), by: chats.cat).rejection == .badLink)
        let listed = try ChatQueries.links(
            of: chats.chat, for: chats.ben, in: chats.shard, chats.view)
        #expect(listed?.map(\.isHeld) == [true])
        try chats.apply(.setRole(chats.ben, isAdmin: true), by: chats.ann)
        #expect(try chats.apply(.join(by: secret()), by: chats.cat).receipt != nil)
        try chats.apply(.removeMember(chats.ben), by: chats.ann)
        #expect(try chats.apply(.join(by: secret()), by: Self.people[0]).rejection == .badLink)
    }

    @Test("A chat keeps a hundred links; those that let nobody in give way to new ones")
    func limit() throws {
        var chats = try ChatFixture.withTwo()
        let end = chats.time + 60_000
        for low in 1...UInt64(100) {
            // Later ids stand later.
            chats.time += 1
            let made = try chats.apply(
                .makeLink(terms(low, expires: low == 3 ? end : nil, uses: low == 2 ? 1 : nil)),
                by: chats.ann)
            #expect(made.receipt != nil)
        }
        #expect(try chats.apply(.makeLink(terms(101)), by: chats.ann).rejection == .tooManyLinks)
        try chats.apply(.join(by: secret(2)), by: chats.cat)
        chats.time = end
        for low in [UInt64(101), 102] {
            chats.time += 1
            #expect(try chats.apply(.makeLink(terms(low)), by: chats.ann).receipt != nil)
        }
        #expect(try chats.apply(.makeLink(terms(103)), by: chats.ann).rejection == .tooManyLinks)
        let kept = try links(chats, for: chats.ann).map(\.terms.secret.low)
        #expect(kept.count == 100 && !kept.contains(2) && !kept.contains(3))
        #expect(try violations(chats).isEmpty)
    }

    @Test("What no link can be like is refused, and a secret is not given twice")
    func badTerms() throws {
        var chats = try ChatFixture.withTwo()
        #expect(
            try chats.apply(.makeLink(terms(uses: 100_001)), by: chats.ann).rejection == .badTerms)
        #expect(try chats.apply(.makeLink(terms(expires: 5)), by: chats.ann).rejection == .badTerms)
        let long = String(repeating: "x", count: 33)
        #expect(try chats.apply(.makeLink(terms(name: long)), by: chats.ann).rejection == .badName)
        try chats.apply(.makeLink(terms()), by: chats.ann)
        #expect(try chats.apply(.makeLink(terms()), by: chats.ann).rejection == .conflict)
        let direct = DirectChat.id(of: chats.ann, and: chats.ben)
        try chats.apply(.open(with: chats.ben), by: chats.ann, chat: direct)
        #expect(
            try chats.apply(.makeLink(terms()), by: chats.ann, chat: direct).rejection
                == .directChat)
        #expect(
            try chats.apply(.join(by: secret()), by: chats.cat, chat: direct).rejection == .badLink)
    }

    @Test("The recount finds a use that no entry names")
    func recountFinds() throws {
        var chats = try ChatFixture.withTwo()
        try chats.apply(.makeLink(terms()), by: chats.ann)
        let joined = try #require(try chats.apply(.join(by: secret()), by: chats.cat).receipt)
        var batch = WriteBatch()
        let key = Keyspace.chatEntry(chats.chat, joined.seq)
        batch.delete(Keyspace.statePrefix(chats.shard, generation: 0) + key, in: .data)
        chats.store.apply(batch)
        #expect(try violations(chats).contains { $0.hasPrefix("13: ") })
    }

    @Test("A chat of a thousand takes nobody by a link, and the link keeps its use")
    func full() throws {
        var chats = try ChatFixture.withTwo()
        for low in 1...UInt64(998) {
            try chats.apply(.addMember(AccountID(high: 8, low: low)), by: chats.ann)
        }
        try chats.apply(.makeLink(terms(uses: 1)), by: chats.ann)
        #expect(try chats.apply(.join(by: secret()), by: chats.cat).rejection == .tooLarge)
        try chats.apply(.removeMember(chats.ben), by: chats.ann)
        #expect(try chats.apply(.join(by: secret()), by: chats.cat).receipt != nil)
    }
}

extension InvitationView {
    fileprivate var invitation: ChatInvitation? {
        if case .shown(let invitation) = self { invitation } else { nil }
    }
}
