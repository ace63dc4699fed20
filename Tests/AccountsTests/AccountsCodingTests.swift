import Accounts
import Determinism
import Identity
import Storage
import Testing

@Suite("What accounts store and send")
struct AccountsCodingTests {
    private let ann = AccountID(high: 1, low: 2)
    private let chat = ChatID(high: 3, low: 4)
    private let cmid = MessageID(high: 5, low: 6)
    private let session = SessionID(high: 7, low: 8)
    private let phone: PhoneNumber

    init() throws {
        phone = try #require(PhoneNumber(canonical: "+4915123456789"))
    }

    private var accountCommands: [AccountCommand] {
        let bodies: [AccountCommand.Body] = [
            .openSession(
                NewSession(
                    proof: .phone(phone), session: session, secretHash: [1, 2], device: "Mac")),
            .openSession(
                NewSession(proof: .password(7), session: session, secretHash: [1], device: "")),
            .signUp(
                NewAccount(
                    name: "Ann", username: "annie", hash: "made of it",
                    session: NewSession(
                        proof: .password(1), session: session, secretHash: [3], device: ""))),
            .setPassword(PasswordChange(hash: "made of it", replaced: 0, session: session)),
            .setPassword(PasswordChange(hash: "made of it", replaced: nil, session: session)),
            .setPhone(phone),
            .closeSession(session), .closeAllSessions,
            .redeemTicket(
                TicketRedemption(
                    session: session, nonce: [9], expires: WallTime(milliseconds: 8),
                    newSecretHash: [])),
            .touchSession(session), .setProfile(name: ""), .setUsername("annie"),
            .listChat(chat, at: SequenceNumber(3)), .unlistChat(chat, at: SequenceNumber(.max)),
            .star(chat, SequenceNumber(3)), .unstar(chat, .zero),
            .setDraft(chat, text: "", replyTo: nil),
            .see(at: WallTime(milliseconds: 8)), .setLastSeenRule(.nobody),
            .setLastSeenRule(.everybody),
            .setDraft(chat, text: "begun", replyTo: SequenceNumber(3)),
            .setChat(chat, ChatSettingsChange()),
            .setChat(
                chat,
                ChatSettingsChange(
                    mutedUntil: .proposedMax, isPinned: false, archive: .through(.zero),
                    isUnread: true)),
            .setChat(chat, ChatSettingsChange(isPinned: true, archive: .no)),
        ]
        return bodies.map {
            AccountCommand(
                account: ann, cmid: cmid, time: WallTime(milliseconds: 9), body: $0)
        }
    }

    private var claimCommands: [ClaimCommand] {
        let bodies: [ClaimCommand.Body] = [
            .requestCode(codeHash: [1]), .verifyCode(codeHash: [], proposed: ann),
            .claimName(owner: .account(ann), then: []),
            .claimName(owner: .chat(chat), then: [[], [1]]),
            .releaseName(owner: .chat(chat), claim: cmid), .invite(to: chat, by: ann),
        ]
        return bodies.flatMap { body in
            [ClaimKey.phone(phone), .name("Annie")].map { key in
                ClaimCommand(key: key, cmid: cmid, time: WallTime(milliseconds: 9), body: body)
            }
        }
    }

    private var effects: [AccountEffect] {
        [
            AccountEffect(cmid: cmid, body: .releaseName("annie", ann, claim: cmid)),
            AccountEffect(cmid: cmid, body: .carried([1, 2, 3])),
            AccountEffect(cmid: cmid, body: .carried([])),
            AccountEffect(cmid: cmid, body: .accepted(ann, chat, by: ann)),
        ]
    }

    private var entries: [InboxEntry] {
        let kinds: [InboxEntry.Kind] = [
            .chatAdded(chat), .chatRemoved(chat), .profileChanged,
            .sessionOpened(session, device: ""), .sessionRevoked(session), .unknown,
            .starred(chat, SequenceNumber(3)), .unstarred(chat, SequenceNumber(.max)),
            .draft(chat, isThere: true), .draft(chat, isThere: false),
            .privacyChanged(.nobody), .privacyChanged(.everybody),
            .chatSettings(KeptSettings(chat: chat, settings: .none)),
            .chatSettings(
                KeptSettings(
                    chat: chat,
                    settings: ChatSettings(
                        mutedUntil: WallTime(milliseconds: 4), pin: SequenceNumber(.max),
                        archived: Ordinal(7), isUnread: true))),
        ]
        return kinds.map {
            InboxEntry(seq: SequenceNumber(1), time: WallTime(milliseconds: 4), kind: $0)
        }
    }

    @Test("Commands, effects and entries read back as they were written")
    func roundTrips() throws {
        for command in accountCommands {
            #expect(try AccountCommand(decoding: command.encoded()) == command)
        }
        for command in claimCommands {
            let read = try ClaimCommand(decoding: command.encoded())
            #expect(read.key == command.key && read.body == command.body)
        }
        for effect in effects {
            #expect(try AccountEffect(decoding: effect.encoded()) == effect)
        }
        for entry in entries { #expect(try InboxEntry(decoding: entry.encoded()) == entry) }
    }

    @Test("The key of a claim reads back as it is written, and nothing else reads as one")
    func claimKeys() {
        for key in [ClaimKey.phone(phone), .name("annie"), .name("Lobby")] {
            #expect(ClaimKey(text: key.text) == key)
        }
        for text in ["", "phone:", "name:", "phone:49151", "mail:a", "annie"] {
            #expect(ClaimKey(text: text) == nil)
        }
        #expect(ClaimKey(text: "name:" + String(repeating: "x", count: 129)) == nil)
    }

    @Test("The code of every refusal reads back as that refusal")
    func codes() {
        let all: [AccountRejection] = [
            .badRequest, .badName, .badUsername, .nameTaken, .unauthorised, .notFound,
            .tooLarge, .tooMany(retryAfter: .seconds(3)), .codeWrong, .codeExpired, .codeUsed,
            .codeTooManyTries, .cmidExpired, .cmidInFuture,
        ]
        for rejection in all {
            #expect(
                AccountRejection(code: rejection.code, retryAfter: rejection.retryAfter)
                    == rejection)
        }
        #expect(Set(all.map(\.code)).count == all.count)
        #expect(AccountRejection(code: "other", retryAfter: nil) == nil)
    }

    @Test("Bytes cut short, changed or invented are read or refused, and never trap")
    func fuzz() {
        var generator = SeededGenerator(seed: 11)
        let samples =
            accountCommands.map { $0.encoded() } + claimCommands.map { $0.encoded() }
            + effects.map { $0.encoded() } + entries.map { $0.encoded() } + [[]]
        var refused = 0
        for sample in samples {
            for _ in 0..<200 {
                let bytes = AccountsCodingTests.damaged(sample, using: &generator)
                do { _ = try AccountCommand(decoding: bytes) } catch { refused += 1 }
                do { _ = try ClaimCommand(decoding: bytes) } catch { refused += 1 }
                do { _ = try AccountEffect(decoding: bytes) } catch { refused += 1 }
                do { _ = try InboxEntry(decoding: bytes) } catch { refused += 1 }
            }
        }
        #expect(refused > samples.count * 200)
    }

    @Test(
        "A damaged record of the state is an error of the storage, whatever is asked, and no trap")
    func damage() throws {
        var generator = SeededGenerator(seed: 12)
        var thrown = 0
        for round in 0..<150 {
            var accounts = try AccountsFixture()
            let key = ClaimKey.phone(accounts.phone)
            try accounts.claim(.requestCode(codeHash: [1]), key)
            try accounts.open(1)
            try accounts.apply(.listChat(chat, at: SequenceNumber(1)))
            try accounts.apply(.setUsername("annie"))
            try accounts.claim(
                .claimName(owner: .account(accounts.ann), then: []), .name("annie"))
            let prefix = Keyspace.statePrefix(accounts.shard, generation: 0)
            let pairs = try accounts.store.pairs(KeyRange(.data, prefix: prefix, countMax: 1_000))
            let victim = pairs[round % pairs.count]
            var batch = WriteBatch()
            batch.put(
                AccountsCodingTests.damaged(victim.value, using: &generator), for: victim.key,
                in: .data)
            accounts.store.apply(batch)
            do throws(any Error) {
                try accounts.claim(.verifyCode(codeHash: [1], proposed: accounts.ann), key)
                try accounts.claim(
                    .claimName(owner: .account(accounts.ben), then: []), .name("annie"))
                accounts.time += 9 * AccountsFixture.day
                try accounts.open(2)
                for body in [
                    AccountCommand.Body.setProfile(name: "Ann"), .setUsername("anna1"),
                    .unlistChat(chat, at: SequenceNumber(2)), .closeSession(session),
                    .closeAllSessions,
                ] {
                    try accounts.apply(body)
                }
                _ = try accounts.chatList()
                _ = try accounts.inbox()
            } catch {
                #expect(error is StorageError)
                thrown += 1
            }
        }
        #expect(thrown > 15)
    }

    private static func damaged(
        _ sample: [UInt8], using generator: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = sample
        for _ in 0...generator.next(upperBound: 3 as UInt64) {
            switch generator.next(upperBound: 3 as UInt64) {
            case 0 where !bytes.isEmpty:
                bytes[Int(generator.next(upperBound: UInt64(bytes.count)))] =
                    UInt8(truncatingIfNeeded: generator.next())
            case 1: bytes = Array(bytes.dropLast(Int(generator.next(upperBound: 5 as UInt64))))
            default: bytes.append(UInt8(truncatingIfNeeded: generator.next()))
            }
        }
        return bytes
    }
}
