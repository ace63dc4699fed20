import Chat
import Determinism
import Identity
import Storage
import Testing

/// A chat with one of each: Ann has it, Ben is an admin, Cat and Eve are members, Dan is none.
private struct Roles {
    var chats: ChatFixture
    let dan = AccountID(high: 4, low: 4)
    let eve = AccountID(high: 5, low: 5)

    init(_ kind: ChatKind) throws {
        chats = try ChatFixture.withTwo(kind: kind)
        for account in [chats.cat, eve] { try chats.apply(.addMember(account), by: chats.ann) }
        try chats.apply(.setRole(chats.ben, isAdmin: true), by: chats.ann)
        try chats.apply(.send(text: "Ann's"), by: chats.ann)
    }

    func account(_ role: ChatRole) -> AccountID {
        switch role {
        case .owner: chats.ann
        case .admin: chats.ben
        case .member: chats.cat
        case .visitor: dan
        }
    }

    func role(of account: AccountID) throws -> ChatRole? {
        try chats.summary(for: account)?.role
    }

    func kinds(after seq: UInt64) throws -> [ChatEntry.Kind] {
        try chats.entries().filter { $0.seq.rawValue > seq }.map(\.kind)
    }
}

/// What each role is answered to one act: nil is done.
struct RoleCase: Sendable, CustomTestStringConvertible {
    let act: String
    let body: ChatCommand.Body
    /// The switch that decides, if one does.
    let permission: ChatPermissions
    let owner: ChatRejection?
    let admin: ChatRejection?
    let memberOn: ChatRejection?
    let memberOff: ChatRejection?
    let visitorOn: ChatRejection?
    let visitorOff: ChatRejection?

    var testDescription: String { act }

    init(
        _ act: String, _ body: ChatCommand.Body, _ permission: ChatPermissions = [],
        owner: ChatRejection? = nil, admin: ChatRejection? = nil,
        member: (on: ChatRejection?, off: ChatRejection?),
        visitor: (on: ChatRejection?, off: ChatRejection?)
    ) {
        self.act = act
        self.body = body
        self.permission = permission
        self.owner = owner
        self.admin = admin
        memberOn = member.on
        memberOff = member.off
        visitorOn = visitor.on
        visitorOff = visitor.off
    }

    func expected(of role: ChatRole, isOn: Bool) -> ChatRejection? {
        switch role {
        case .owner: owner
        case .admin: admin
        case .member: isOn ? memberOn : memberOff
        case .visitor: isOn ? visitorOn : visitorOff
        }
    }
}

@Suite("Roles and permissions")
struct RoleTests {
    private static let ann = AccountID(high: 1, low: 1)
    private static let ben = AccountID(high: 2, low: 2)
    private static let eve = AccountID(high: 5, low: 5)
    private static let fay = AccountID(high: 6, low: 6)
    private static let never: (ChatRejection?, ChatRejection?) = (.noRight, .noRight)
    private static let nobody: (ChatRejection?, ChatRejection?) = (.notMember, .notMember)

    /// The whole table, in a public chat, which alone has visitors.
    static let acts: [RoleCase] = [
        RoleCase(
            "send", .send(text: "x"), .send, member: (nil, .noRight), visitor: (nil, .noRight)),
        RoleCase("invite", .addMember(fay), .invite, member: (nil, .noRight), visitor: nobody),
        RoleCase(
            "rename", .rename(name: "x", fullName: ""), .info, member: (nil, .noRight),
            visitor: never),
        RoleCase(
            "describe", .describe(about: "x"), .info, member: (nil, .noRight), visitor: never),
        RoleCase(
            "delete another's", .deleteMessage(SequenceNumber(6)), .delete,
            member: (nil, .notSender), visitor: (.notSender, .notSender)),
        RoleCase("remove a member", .removeMember(eve), member: never, visitor: never),
        RoleCase(
            "remove an admin", .removeMember(ben), admin: nil, member: never, visitor: never),
        RoleCase("ban a member", .ban(eve), member: never, visitor: never),
        RoleCase("ban a visitor", .ban(fay), member: never, visitor: never),
        RoleCase(
            "ban the owner", .ban(ann), owner: .forbidden, admin: .noRight, member: never,
            visitor: never),
        RoleCase("unban", .unban(fay), member: never, visitor: never),
        RoleCase("turn switches", .setPermissions([]), member: never, visitor: never),
        RoleCase(
            "make an admin", .setRole(eve, isAdmin: true), admin: .noRight, member: never,
            visitor: never),
        RoleCase(
            "dismiss an admin", .setRole(ben, isAdmin: false), admin: .noRight, member: never,
            visitor: never),
        RoleCase(
            "pass the chat on", .setOwner(eve), admin: .noRight, member: never, visitor: never),
        RoleCase("delete the chat", .delete, admin: .noRight, member: never, visitor: never),
    ]

    @Test(
        "Each role may do what the table says, with the switch on and off", arguments: acts,
        ChatRole.allCases)
    func table(_ row: RoleCase, _ role: ChatRole) throws {
        for isOn in [true, false] {
            var roles = try Roles(.public)
            let others = ChatPermissions.all.subtracting(row.permission)
            try roles.chats.apply(
                .setPermissions(isOn ? others.union(row.permission) : others), by: roles.chats.ann)
            let before = try roles.chats.entries().count
            let outcome = try roles.chats.apply(row.body, by: roles.account(role))
            #expect(outcome.rejection == row.expected(of: role, isOn: isOn), "on: \(isOn)")
            if outcome.rejection != nil {
                #expect(try roles.chats.entries().count == before, "a refusal leaves nothing")
            }
            #expect(
                try ChatInvariants.violations(
                    of: roles.chats.chat, in: roles.chats.shard, roles.chats.view
                ).isEmpty)
        }
    }

    @Test("In a private chat members write, invite and rename until a switch says no")
    func standard() throws {
        var secret = try Roles(.private)
        let open = try Roles(.public)
        #expect(
            try secret.chats.summary(for: secret.chats.cat)?.permissions
                == [.send, .media, .invite, .pin, .info])
        #expect(try open.chats.summary(for: open.chats.cat)?.permissions == [.send, .media])
        let cat = secret.chats.cat
        #expect(try secret.chats.apply(.addMember(secret.dan), by: cat).receipt != nil)
        #expect(try secret.chats.apply(.rename(name: "x", fullName: ""), by: cat).receipt != nil)
        try secret.chats.apply(.setPermissions([.invite]), by: secret.chats.ben)
        #expect(try secret.chats.apply(.send(text: "x"), by: cat).rejection == .noRight)
        #expect(
            try secret.chats.apply(.edit(target: SequenceNumber(6), text: "x"), by: cat).rejection
                == .noRight)
        #expect(try secret.chats.apply(.mark(Ordinal(1)), by: cat).receipt != nil)
    }

    @Test("A switch that no version knows stays off, and turning to what is changes nothing")
    func unknownSwitches() throws {
        var roles = try Roles(.private)
        let outcome = try roles.chats.apply(
            .setPermissions(ChatPermissions(rawValue: 1 << 20 | 1)), by: roles.chats.ann)
        #expect(
            try outcome.published.map { try ChatEntry(decoding: $0.bytes).kind }
                == [.permissionsChanged([.send])])
        let again = try roles.chats.apply(.setPermissions([.send]), by: roles.chats.ben)
        #expect(again.receipt != nil && again.published.isEmpty)
    }

    @Test("The chat passes to a member, and who had it becomes an admin; nobody else gets it")
    func pass() throws {
        var roles = try Roles(.private)
        let (ann, cat) = (roles.chats.ann, roles.chats.cat)
        #expect(try roles.chats.apply(.setOwner(roles.dan), by: ann).rejection == .notFound)
        #expect(try roles.chats.apply(.setOwner(ann), by: ann).published.isEmpty)
        let cmid = roles.chats.nextID()
        let first = try roles.chats.apply(.setOwner(cat), by: ann, cmid: cmid)
        let again = try roles.chats.apply(.setOwner(cat), by: ann, cmid: cmid)
        #expect(first.result == again.result && again.published.isEmpty)
        #expect(try roles.role(of: cat) == .owner && roles.role(of: ann) == .admin)
        #expect(try roles.chats.apply(.delete, by: ann).rejection == .noRight)
        #expect(
            try roles.chats.apply(.setRole(cat, isAdmin: false), by: cat).rejection == .forbidden)
        #expect(try roles.chats.apply(.delete, by: cat).receipt != nil)
    }

    @Test("When the owner leaves, who has been an admin longest gets the chat")
    func heirOfAdmins() throws {
        var roles = try Roles(.private)
        try roles.chats.apply(.setRole(roles.eve, isAdmin: true), by: roles.chats.ann)
        try roles.chats.apply(.setRole(roles.chats.ben, isAdmin: false), by: roles.chats.ann)
        try roles.chats.apply(.setRole(roles.chats.ben, isAdmin: true), by: roles.chats.ann)
        let head = UInt64(try roles.chats.entries().count)
        let outcome = try roles.chats.apply(.removeMember(roles.chats.ann), by: roles.chats.ann)
        #expect(outcome.published.map(\.seq.rawValue) == [head + 1, head + 2])
        #expect(
            try roles.kinds(after: head)
                == [.memberRemoved(roles.chats.ann), .ownerChanged(roles.eve)])
        #expect(
            try roles.role(of: roles.eve) == .owner && roles.role(of: roles.chats.ben) == .admin)
        #expect(
            outcome.effects.map(\.body) == [
                .unlistChat(roles.chats.ann, roles.chats.chat, at: SequenceNumber(head + 1))
            ])
    }

    @Test("Without admins who has been a member longest gets it, and the last ends the chat")
    func heirOfMembers() throws {
        var chats = try ChatFixture.withTwo()
        try chats.apply(.addMember(chats.cat), by: chats.ann)
        try chats.apply(.removeMember(chats.ben), by: chats.ben)
        try chats.apply(.addMember(chats.ben), by: chats.ann)
        try chats.apply(.removeMember(chats.ann), by: chats.ann)
        #expect(try chats.summary(for: chats.cat)?.role == .owner)
        try chats.apply(.addMember(chats.ann), by: chats.cat)
        #expect(try chats.summary(for: chats.ann)?.role == .member, "who is back is a member")
        for account in [chats.ann, chats.ben] {
            try chats.apply(.removeMember(account), by: chats.cat)
        }
        let last = try chats.apply(.removeMember(chats.cat), by: chats.cat)
        #expect(try last.published.map { try ChatEntry(decoding: $0.bytes).kind } == [.deleted])
        #expect(try chats.summary(for: chats.cat) == nil)
    }

    @Test("Who is banned is out, is invited by nobody and joins no public chat until unbanned")
    func ban() throws {
        for kind in [ChatKind.private, .public] {
            var roles = try Roles(kind)
            let cat = roles.chats.cat
            let count = try #require(try roles.chats.summary(for: roles.chats.ann)?.memberCount)
            let outcome = try roles.chats.apply(.ban(cat), by: roles.chats.ben)
            let seq = try #require(outcome.receipt?.seq)
            #expect(outcome.effects.map(\.body) == [.unlistChat(cat, roles.chats.chat, at: seq)])
            #expect(try roles.chats.summary(for: roles.chats.ann)?.memberCount == count - 1)
            try roles.chats.apply(.send(text: "secret"), by: roles.chats.ann)
            #expect(
                try ChatQueries.access(
                    of: cat, to: roles.chats.chat, in: roles.chats.shard, roles.chats.view)
                    == .until(seq))
            #expect(try roles.chats.apply(.ban(cat), by: roles.chats.ann).published.isEmpty)
            #expect(try roles.chats.apply(.send(text: "x"), by: cat).rejection == .banned)
            #expect(try roles.chats.apply(.addMember(cat), by: cat).rejection == .banned)
            #expect(
                try roles.chats.apply(.addMember(cat), by: roles.chats.ann).rejection == .banned)
            #expect(
                try ChatQueries.banned(
                    from: roles.chats.chat, in: roles.chats.shard, roles.chats.view) == [cat])
            try roles.chats.apply(.unban(cat), by: roles.chats.ben)
            #expect(try roles.chats.apply(.unban(cat), by: roles.chats.ben).published.isEmpty)
            let joins = kind == .public ? cat : roles.chats.ann
            #expect(try roles.chats.apply(.addMember(cat), by: joins).receipt != nil)
            #expect(try roles.role(of: cat) == .member)
        }
    }

    @Test("A visitor who is banned sees a public chat up to the ban, and a stranger nothing")
    func bannedVisitor() throws {
        var open = try Roles(.public)
        let ban = try open.chats.apply(.ban(open.dan), by: open.chats.ben)
        let seq = try #require(ban.receipt?.seq)
        #expect(
            try open.kinds(after: seq.rawValue - 1) == [.memberBanned(open.dan, wasMember: false)])
        #expect(ban.effects.isEmpty)
        #expect(
            try ChatQueries.access(
                of: open.dan, to: open.chats.chat, in: open.chats.shard, open.chats.view)
                == .until(seq))
        var secret = try Roles(.private)
        try secret.chats.apply(.ban(secret.dan), by: secret.chats.ann)
        #expect(
            try ChatQueries.access(
                of: secret.dan, to: secret.chats.chat, in: secret.chats.shard, secret.chats.view)
                == .none)
    }

    @Test("A chat keeps 1,000 accounts out and no more")
    func bannedMax() throws {
        var chats = try ChatFixture.withTwo()
        for low in 1...1_000 as ClosedRange<UInt64> {
            try chats.apply(.ban(AccountID(high: 60, low: low)), by: chats.ann)
        }
        #expect(try chats.apply(.ban(chats.ben), by: chats.ann).rejection == .tooLarge)
        #expect(
            try ChatQueries.banned(from: chats.chat, in: chats.shard, chats.view).count == 1_000)
    }

    @Test("A chat is about 255 characters at most, or nothing; the same again is no entry")
    func about() throws {
        var chats = try ChatFixture.withTwo()
        let longest = String(repeating: "x", count: 254) + "\u{1F600}"
        #expect(try chats.apply(.describe(about: longest), by: chats.ann).receipt != nil)
        #expect(try chats.summary(for: chats.ben)?.about == longest)
        #expect(try chats.apply(.describe(about: longest), by: chats.ben).published.isEmpty)
        #expect(
            try chats.apply(.describe(about: longest + "x"), by: chats.ann).rejection == .badText)
        #expect(try chats.apply(.describe(about: "a\u{7}"), by: chats.ann).rejection == .badText)
        try chats.apply(.describe(about: ""), by: chats.ann)
        #expect(try chats.summary(for: chats.ben)?.about == "")
    }

    @Test("A direct chat and a room of the cluster have nobody who may any of this")
    func withoutOwner() throws {
        var direct = ChatFixture()
        let chat = DirectChat.id(of: direct.ann, and: direct.ben)
        try direct.apply(.open(with: direct.ben), by: direct.ann, chat: chat)
        var room = ChatFixture()
        try room.apply(.create(kind: .public, name: "lobby", fullName: ""), by: nil)
        try room.apply(.addMember(room.ann), by: room.ann)
        let bodies: [ChatCommand.Body] = [
            .setRole(direct.ben, isAdmin: true), .setOwner(direct.ben), .ban(direct.ben),
            .unban(direct.ben), .describe(about: "x"), .setPermissions([]),
        ]
        for body in bodies {
            #expect(try direct.apply(body, by: direct.ann, chat: chat).rejection == .directChat)
            #expect(try room.apply(body, by: room.ann).rejection == .noRight)
            #expect(try room.apply(body, by: nil).rejection != nil)
        }
    }

    @Test("A chat of before there were roles has its creator as owner, and the usual switches")
    func oldRecords() throws {
        let whole = try ChatFixture.withTwo()
        let prefix = Keyspace.statePrefix(whole.shard, generation: 0)
        var chats = whole
        var batch = WriteBatch()
        for (account, isCreator) in [(chats.ann, true), (chats.ben, false)] {
            // Version 1, the creator's mark, and the entry that added the member.
            let seq: UInt8 = isCreator ? 1 : 2
            let bytes: [UInt8] = [8, 1] + (isCreator ? [16, 1] : []) + [24, seq]
            batch.put(bytes, for: prefix + Keyspace.member(chats.chat, account), in: .data)
        }
        let key = prefix + Keyspace.chat(chats.chat)
        let stored = try #require(try chats.store.value(for: key, in: .data))
        // The permissions are field 80, a number of one byte, and the last that is written.
        #expect(stored.suffix(3).prefix(2) == [0x80, 0x05])
        batch.put(Array(stored.dropLast(3)), for: key, in: .data)
        chats.store.apply(batch)
        #expect(try chats.summary(for: chats.ann)?.role == .owner)
        #expect(try chats.summary(for: chats.ben)?.role == .member)
        #expect(
            try chats.summary(for: chats.ben)?.permissions
                == [.send, .media, .invite, .pin, .info])
        #expect(
            try ChatInvariants.violations(of: chats.chat, in: chats.shard, chats.view).isEmpty)
    }

    @Test(
        "Whatever is asked, a chat has one owner and its counts are right",
        arguments: 1...8 as ClosedRange<UInt64>)
    func random(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var chats = ChatFixture()
        let people: [AccountID] = (1...5).map { AccountID(high: 1, low: $0) }
        let kind: ChatKind = seed.isMultiple(of: 2) ? .private : .public
        try chats.apply(.create(kind: kind, name: "room", fullName: ""), by: people[0])
        for _ in 0..<300 {
            chats.time += 10
            let actor = people[Int(generator.next(upperBound: 5 as UInt64))]
            let other = people[Int(generator.next(upperBound: 5 as UInt64))]
            let body: ChatCommand.Body =
                switch generator.next(upperBound: 9 as UInt64) {
                case 0, 1, 2: .addMember(other)
                case 3: .removeMember(other)
                case 4: .setRole(other, isAdmin: generator.chance(2, in: 3))
                case 5: .setOwner(other)
                case 6: .ban(other)
                case 7: .unban(other)
                default: .setPermissions(ChatPermissions(rawValue: UInt32(generator.next() & 63)))
                }
            try chats.apply(body, by: actor)
            #expect(
                try ChatInvariants.violations(of: chats.chat, in: chats.shard, chats.view)
                    .isEmpty)
        }
        #expect(chats.stateHash == (try chats.scannedHash()))
    }
}
