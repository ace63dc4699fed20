import Accounts
import Chat
import Determinism
import Identity
import Node
import Storage
import Testing
import Wire

@Suite("Requests to shards")
struct ShardRequestTests {
    @Test(
        "A key's shard is the uppermost bits of its hash, so that twice the shards split each in two"
    )
    func shards() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<100 {
            let key = ShardKey(ChatID(using: &generator))
            #expect(key.shard(count: 1) == ShardID(0))
            for count in [UInt32(2), 16, 256] {
                let shard = key.shard(count: count)
                #expect(shard.rawValue < count)
                #expect(key.shard(count: count * 2).rawValue / 2 == shard.rawValue)
            }
        }
    }

    @Test("Bytes that are no request, command or answer are refused and never trap")
    func garbage() {
        var generator = SeededGenerator(seed: 2)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            _ = try? ShardRequest(decoding: bytes)
            _ = try? ShardResponse(decoding: bytes)
            _ = try? ShardCommand(decoding: bytes)
            _ = try? ShardEffect(decoding: bytes)
        }
        #expect(throws: StorageError.self) { try ShardRequest(decoding: []) }
        #expect(throws: StorageError.self) { try ShardResponse(decoding: []) }
    }

    @Test("A failure arrives with its code and its time to wait")
    func failures() throws {
        for code in FailureCode.allCases {
            let failure = Failure(code, retryAfter: code == .tooMany ? .seconds(3) : nil)
            let response = ShardResponse.failed(failure)
            #expect(try ShardResponse(decoding: response.encoded()) == response)
            #expect(response.isSettled == !code.isRetryable)
        }
    }

    @Test("Every answer arrives as it left")
    func answers() throws {
        let facts = AccountFacts(
            account: account(1), phone: PhoneNumber("+4915112345011"), name: "Ada", username: nil,
            created: WallTime(milliseconds: 5), inbox: InboxHead(epoch: 1, seq: SequenceNumber(4)),
            hasPassword: true)
        let head = ChatHead(epoch: 1, seq: SequenceNumber(9), n: Ordinal(7), marksVersion: 3)
        let marks = MarksFields(
            version: 3, marks: [ReadMark(account: account(1), n: Ordinal(7))])
        let session = SessionFacts(
            account: account(1), session: session(1), device: "x",
            created: WallTime(milliseconds: 1), lastSeen: WallTime(milliseconds: 2))
        let responses: [ShardResponse] = [
            .done, .account(nil), .account(facts), .sessions([session]), .password(nil),
            .password(KeptPassword(number: 2, hash: "made of it")),
            .authenticated(facts, session), .owner(nil), .owner(.account(account(2))),
            .owner(.chat(ChatID(high: 1, low: 2))), .people([]),
            .people([Person(account: account(1), name: "Ada", username: "ada")]),
            .chatList([ChatID(high: 1, low: 2)], inbox: facts.inbox),
            .stars([], inbox: facts.inbox),
            .stars(
                [
                    Star(
                        chat: ChatID(high: 1, low: 2), seq: SequenceNumber(3),
                        place: SequenceNumber(4))
                ], inbox: facts.inbox),
            .members([ChatMember(account: account(1), role: .owner)]),
            .members([ChatMember(account: account(1), role: .admin)]), .banned([]),
            .banned([account(1), account(2)]),
            .chatSettings([], inbox: facts.inbox),
            .chatSettings(
                [
                    KeptSettings(
                        chat: ChatID(high: 1, low: 2),
                        settings: ChatSettings(
                            mutedUntil: .proposedMax, archived: .zero, isUnread: true)),
                    KeptSettings(
                        chat: ChatID(high: 1, low: 3),
                        settings: ChatSettings(pin: SequenceNumber(4))),
                ], inbox: facts.inbox),
            .drafts([], inbox: facts.inbox),
            .drafts(
                [
                    ChatDraft(
                        chat: ChatID(high: 1, low: 2), text: "begun", replyTo: SequenceNumber(3),
                        time: WallTime(milliseconds: 4)),
                    ChatDraft(
                        chat: ChatID(high: 1, low: 3), text: "x", replyTo: nil,
                        time: WallTime(milliseconds: 5)),
                ], inbox: facts.inbox),
            .page(
                StoredPage(
                    epoch: 1, entries: [[1, 2], []], headSeq: SequenceNumber(2), headN: Ordinal(1))),
            .difference(
                StoredDifference(
                    head: head, entries: [[1]], marks: marks, hasMore: true, isEnd: false)),
            .difference(
                StoredDifference(
                    head: head, entries: [], marks: nil, hasMore: false, isEnd: true)),
            .gap(StoredGap(head: head, tail: SequenceNumber(1), marks: marks, isEnd: false)),
            .receipt(
                ChatReceipt(
                    seq: SequenceNumber(1), n: Ordinal(1), time: WallTime(milliseconds: 3))),
            .accountReceipt(AccountReceipt(account: nil, time: WallTime(milliseconds: 3))),
        ]
        for response in responses + invitations {
            #expect(try ShardResponse(decoding: response.encoded()) == response)
        }
    }

    private var invitations: [ShardResponse] {
        [
            .links([]), .links([listed(expires: nil), listed(expires: 9)]),
            .invitation(
                ChatInvitation(
                    chat: ChatID(high: 1, low: 2), kind: .public, name: "tea", fullName: "Tea",
                    memberCount: 3, isMember: true)),
        ]
    }

    private func listed(expires: UInt64?) -> ListedLink {
        ListedLink(
            link: InviteLink(
                id: InviteLinkID(high: 1, low: 2),
                terms: InviteLinkTerms(
                    secret: InviteSecret(high: 3, low: 4), name: "x",
                    expires: expires.map { WallTime(milliseconds: $0) }, usesMax: expires),
                maker: account(1), created: WallTime(milliseconds: 5), uses: 6),
            isHeld: expires != nil)
    }

    @Test("An effect stays in the outbox until it is done, and is numbered once")
    func outbox() throws {
        let shard = ShardID(3)
        var store = MemoryStore()
        var transaction = StateTransaction(shard: shard, base: store, stateHash: 0)
        #expect(try transaction.appendOutbox([1]) == 1)
        #expect(try transaction.appendOutbox([2]) == 2)
        store.apply(transaction.takeBatch())
        transaction = StateTransaction(shard: shard, base: store, stateHash: transaction.stateHash)
        #expect(try transaction.pendingOutbox(countMax: 10).map(\.sequence) == [1, 2])
        #expect(try transaction.pendingOutbox(after: 1, countMax: 10).map(\.bytes) == [[2]])
        try transaction.removeOutbox([1, 2, 7])
        #expect(try transaction.pendingOutbox(countMax: 10).isEmpty)
        #expect(try transaction.appendOutbox([3]) == 3)
        store.apply(transaction.takeBatch())
        let state = ShardStore(shard: shard, generation: 0, base: store)
        let pending = try Keyspace.pendingOutbox(of: shard, in: state, countMax: 10)
        #expect(pending.map(\.sequence) == [3])
    }
}
