import Accounts
import Determinism
import Identity
import Storage
import Testing

@Suite("Random commands")
struct RandomAccountTests {
    private enum Command {
        case account(AccountCommand)
        case claim(ClaimCommand)
    }

    private static let phones = ["+4915100000001", "+4915100000002"].compactMap {
        PhoneNumber(canonical: $0)
    }

    private static func settings(using generator: inout SeededGenerator) -> ChatSettingsChange {
        func draw(_ count: UInt64) -> UInt64 { generator.next(upperBound: count) }
        let archive: ChatSettingsChange.Archive? =
            draw(3) == 0 ? draw(2) == 0 ? .no : .through(Ordinal(draw(9))) : nil
        return ChatSettingsChange(
            mutedUntil: draw(4) == 0 ? WallTime(milliseconds: draw(3)) : nil,
            isPinned: draw(2) == 0 ? draw(4) > 0 : nil, archive: archive,
            isUnread: draw(4) == 0 ? draw(2) == 0 : nil)
    }

    private static func command(
        at time: UInt64, sent: [Command], using generator: inout SeededGenerator
    ) -> Command {
        func draw(_ count: UInt64) -> UInt64 { generator.next(upperBound: count) }
        if !sent.isEmpty, generator.chance(1, in: 4) { return sent[Int(draw(UInt64(sent.count)))] }
        let cmid = MessageID(milliseconds: time, using: &generator)
        let clock = WallTime(milliseconds: time)
        let account = AccountID(high: 1, low: 1 + draw(2))
        let session = SessionID(high: 1, low: draw(40))
        let name = ["annie", "bennie", "Lobby"][Int(draw(3))]
        let phone = phones[Int(draw(2))]
        func claim(_ key: ClaimKey, _ body: ClaimCommand.Body) -> Command {
            .claim(ClaimCommand(key: key, cmid: cmid, time: clock, body: body))
        }
        let owner: ClaimOwner = draw(3) == 0 ? .chat(ChatID(high: 5, low: 5)) : .account(account)
        let body: AccountCommand.Body
        switch draw(23) {
        case 0: return claim(.phone(phone), .requestCode(codeHash: [UInt8(draw(3))]))
        case 1, 2:
            return claim(
                .phone(phone), .verifyCode(codeHash: [UInt8(draw(3))], proposed: account))
        case 3, 4: return claim(.name(name), .claimName(owner: owner, then: [[1]]))
        case 5: return claim(.name(name), .releaseName(owner: owner, claim: cmid))
        case 6: body = .setUsername(name)
        case 7: body = .setProfile(name: name)
        case 8: body = .closeSession(session)
        case 9: body = draw(8) == 0 ? .closeAllSessions : .touchSession(session)
        case 10:
            body = .redeemTicket(
                TicketRedemption(
                    session: session, nonce: [UInt8(draw(20))],
                    expires: WallTime(milliseconds: time + 600_000), newSecretHash: [1]))
        case 11:
            body = .listChat(ChatID(high: 2, low: draw(9)), at: SequenceNumber(draw(50)))
        case 12:
            body = .unlistChat(ChatID(high: 2, low: draw(9)), at: SequenceNumber(draw(50)))
        case 13:
            let (chat, seq) = (ChatID(high: 2, low: draw(3)), SequenceNumber(draw(9)))
            body = draw(3) == 0 ? .unstar(chat, seq) : .star(chat, seq)
        case 14, 15: body = .setChat(ChatID(high: 2, low: draw(9)), settings(using: &generator))
        case 16:
            body = .setDraft(
                ChatID(high: 2, low: draw(9)), text: ["", "tea", "thé"][Int(draw(3))],
                replyTo: draw(2) == 0 ? nil : SequenceNumber(draw(3)))
        case 17:
            body = .setPassword(
                PasswordChange(
                    hash: PasswordTests.hash(UInt8(draw(3))),
                    replaced: draw(3) == 0 ? nil : draw(4), session: session))
        case 18:
            body = .openSession(
                NewSession(
                    proof: .password(1 + draw(3)), session: session, secretHash: [1], device: ""))
        case 19: body = .setPhone(phone)
        case 20:
            body =
                draw(3) == 0
                ? .setLastSeenRule(draw(2) == 0 ? .nobody : .everybody)
                : .see(at: WallTime(milliseconds: clock.milliseconds + draw(2_000) - 1_000))
        default:
            body = .openSession(
                NewSession(proof: .phone(phone), session: session, secretHash: [1], device: "d"))
        }
        return .account(AccountCommand(account: account, cmid: cmid, time: clock, body: body))
    }

    private static func run(seed: UInt64) throws -> AccountsFixture {
        var generator = SeededGenerator(seed: seed)
        var accounts = try AccountsFixture()
        var sent: [Command] = []
        var results: [MessageID: AccountReceipt] = [:]
        var published: [AccountID: [InboxEntry]] = [:]
        for _ in 0..<600 {
            accounts.time += generator.next(upperBound: 60_000 as UInt64)
            let command = command(at: accounts.time, sent: sent, using: &generator)
            sent.append(command)
            switch command {
            case .claim(let claim): try accounts.claim(claim.body, claim.key, cmid: claim.cmid)
            case .account(let command):
                let outcome = try accounts.apply(
                    command.body, to: command.account, cmid: command.cmid)
                for entry in outcome.published {
                    published[command.account, default: []]
                        .append(try InboxEntry(decoding: entry.bytes))
                }
                switch command.body {
                case .touchSession, .listChat, .unlistChat, .see: continue
                default: break
                }
                guard let receipt = outcome.receipt else { continue }
                if let first = results[command.cmid] { #expect(first == receipt) }
                results[command.cmid] = receipt
            }
        }
        for account in [AccountID(high: 1, low: 1), AccountID(high: 1, low: 2)] {
            let inbox = try accounts.inbox(of: account)
            #expect(inbox == published[account] ?? [])
            #expect(inbox.map(\.seq.rawValue) == Array(0..<UInt64(inbox.count)).map { $0 + 1 })
            #expect(zip(inbox, inbox.dropFirst()).allSatisfy { $0.time < $1.time })
            try checkLists(accounts, account, inbox)
            #expect(
                try AccountInvariants.violations(of: account, in: accounts.shard, accounts.view)
                    .isEmpty)
        }
        return accounts
    }

    /// Sessions and chats are what the inbox tells when it is read from the start.
    private static func checkLists(
        _ accounts: AccountsFixture, _ account: AccountID, _ inbox: [InboxEntry]
    ) throws {
        var sessions: Set<SessionID> = []
        var chats: Set<ChatID> = []
        for entry in inbox {
            switch entry.kind {
            case .sessionOpened(let session, _): sessions.insert(session)
            case .sessionRevoked(let session): sessions.remove(session)
            case .chatAdded(let chat): chats.insert(chat)
            case .chatRemoved(let chat): chats.remove(chat)
            case .profileChanged, .starred, .unstarred, .chatSettings, .draft, .privacyChanged,
                .unknown:
                break
            }
        }
        #expect(try accounts.sessions(of: account) == sessions.sorted())
        #expect(sessions.count <= AccountLimits.sessionsMax)
        #expect(try accounts.chatList(of: account) == chats.sorted())
    }

    @Test(
        "With retries and duplicates inboxes stay dense, lists are what they tell, the hash exact",
        arguments: 0..<10 as Range<UInt64>)
    func invariants(seed: UInt64) throws {
        let accounts = try RandomAccountTests.run(seed: seed)
        #expect(accounts.stateHash == (try accounts.scannedHash()))
    }

    @Test("The recount finds an inbox entry, a session or a chat that is missing")
    func recountFinds() throws {
        var whole = try AccountsFixture()
        try whole.open(1)
        try whole.apply(.listChat(whole.room, at: SequenceNumber(1)))
        let missing = [
            Keyspace.inboxEntry(whole.ann, SequenceNumber(1)),
            Keyspace.inboxEntry(whole.ann, SequenceNumber(2)),
            Keyspace.session(whole.ann, AccountsFixture.session(1)),
            Keyspace.listedChat(whole.ann, whole.room),
        ]
        for key in missing {
            var accounts = whole
            var batch = WriteBatch()
            batch.delete(
                Keyspace.statePrefix(accounts.shard, generation: 0) + key, in: .data)
            accounts.store.apply(batch)
            #expect(
                try !AccountInvariants.violations(
                    of: accounts.ann, in: accounts.shard, accounts.view
                ).isEmpty)
        }
    }

    @Test("Equal sequences of commands give equal states, other ones other states")
    func equalStates() throws {
        let first = try RandomAccountTests.run(seed: 3).stateHash
        #expect(try first == RandomAccountTests.run(seed: 3).stateHash)
        #expect(try first != RandomAccountTests.run(seed: 4).stateHash)
    }
}
