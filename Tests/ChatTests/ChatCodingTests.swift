import Chat
import Determinism
import Identity
import Storage
import Testing

@Suite("What chats store and send")
struct ChatCodingTests {
    private static let ann = AccountID(high: 1, low: 2)
    private static let chat = ChatID(high: 3, low: 4)
    private static let cmid = MessageID(high: 5, low: 6)

    private static let commands: [ChatCommand] = [
        .create(kind: .private, name: "tea", fullName: "Tea at five"),
        .create(kind: .public, name: "tea", fullName: ""),
        .create(kind: .direct, name: "", fullName: ""), .open(with: ann),
        .send(text: "h\u{E9}llo \u{1F600}"),
        .send(text: ""), .send(text: "x", replyTo: SequenceNumber(9)),
        .edit(target: SequenceNumber(9), text: "y"), .edit(target: .zero, text: ""),
        .forward(nil),
        .forward(
            ForwardedMessage(
                text: "",
                origin: ChatOrigin(account: ann, name: "", time: WallTime(milliseconds: 0)))),
        .deleteMessage(SequenceNumber(9)), .deleteMessage(.zero),
        .rename(name: "", fullName: ""), .delete, .addMember(ann), .removeMember(ann), .mark(.zero),
        .mark(Ordinal(.max)), .setRole(ann, isAdmin: true), .setRole(ann, isAdmin: false),
        .setOwner(ann), .ban(ann), .unban(ann), .describe(about: ""), .describe(about: "x"),
        .setPermissions([]), .setPermissions(.all),
        .react(to: .zero, emoji: nil), .pin(SequenceNumber(9), isOn: true),
        .pin(.zero, isOn: false),
        .makeLink(
            InviteLinkTerms(
                secret: InviteSecret(high: 1, low: 2), name: "", expires: nil, usesMax: nil)),
        .makeLink(
            InviteLinkTerms(
                secret: InviteSecret(high: 1, low: 2), name: "x",
                expires: WallTime(milliseconds: 9), usesMax: 3)),
        .revokeLink(InviteLinkID(cmid)), .join(by: InviteSecret(high: 1, low: 2)),
    ].flatMap { body in
        [nil, ann].map { actor in
            ChatCommand(
                chat: chat, cmid: cmid, actor: actor, time: WallTime(milliseconds: 99), body: body)
        }
    }

    private static let effects: [ChatEffect] = [
        .listChat(ann, chat, at: SequenceNumber(9)), .unlistChat(ann, chat, at: .zero),
        .releaseName("tea", chat, claim: cmid),
    ].map { ChatEffect(cmid: cmid, body: $0) }

    private static let entries: [ChatEntry] =
        [
            .text("x"), .text("x", replyTo: SequenceNumber(6)), .created(name: "a", fullName: ""),
            .edited(SequenceNumber(6), text: "y"), .edited(SequenceNumber(6), text: ""),
            .edited(SequenceNumber(6), text: nil), .erased,
            .messageDeleted(SequenceNumber(6), n: Ordinal(2)),
            .renamed(name: "a", fullName: "b"), .memberAdded(ann), .memberRemoved(ann), .deleted,
            .memberAdded(ann, link: InviteLinkID(cmid)),
            .opened(with: ann), .roleChanged(ann, isAdmin: true),
            .roleChanged(ann, isAdmin: false), .ownerChanged(ann),
            .memberBanned(ann, wasMember: true), .memberBanned(ann, wasMember: false),
            .memberUnbanned(ann), .described(about: ""), .permissionsChanged([]),
            .permissionsChanged(.all), .unknown,
            .reacted(
                SequenceNumber(6), emoji: "👍",
                tallies: [ReactionTally(emoji: "👍", count: 4, first: [ann])]),
            .reacted(SequenceNumber(6), emoji: nil, tallies: []), .pinned(SequenceNumber(6)),
            .unpinned(SequenceNumber(6)),
        ].flatMap { kind in
            [nil, ann].map { from in
                ChatEntry(
                    seq: SequenceNumber(7), n: Ordinal(3), time: WallTime(milliseconds: 5),
                    from: from, kind: kind)
            }
        } + [
            ChatEntry(
                seq: SequenceNumber(7), n: Ordinal(3), time: WallTime(milliseconds: 5), from: ann,
                kind: .text("x"),
                edition: ChatEdition(seq: SequenceNumber(8), time: WallTime(milliseconds: 6))),
            ChatEntry(
                seq: SequenceNumber(7), n: Ordinal(3), time: WallTime(milliseconds: 5), from: ann,
                kind: .text("x"),
                origin: ChatOrigin(account: ann, name: "Ann", time: WallTime(milliseconds: 4))),
            ChatEntry(
                seq: SequenceNumber(7), n: Ordinal(3), time: WallTime(milliseconds: 5), from: ann,
                kind: .text("x"),
                reactions: ChatReactions(
                    seq: SequenceNumber(8), groups: [.init(emoji: "👍", accounts: [ann])])),
            ChatEntry(
                seq: SequenceNumber(7), n: Ordinal(3), time: WallTime(milliseconds: 5), from: ann,
                kind: .text("x"),
                reactions: ChatReactions(seq: SequenceNumber(9), groups: [])),
        ]

    @Test("Commands, effects and entries read back as they were written")
    func roundTrips() throws {
        for command in ChatCodingTests.commands {
            #expect(try ChatCommand(decoding: command.encoded()) == command)
        }
        for effect in ChatCodingTests.effects {
            #expect(try ChatEffect(decoding: effect.encoded()) == effect)
        }
        for entry in ChatCodingTests.entries {
            #expect(try ChatEntry(decoding: entry.encoded()) == entry)
        }
    }

    @Test("An entry of a kind that is not known yet keeps its number and reads as unknown")
    func unknownKind() throws {
        let entry = ChatEntry(
            seq: SequenceNumber(7), n: .zero, time: WallTime(milliseconds: 5), from: nil,
            kind: .unknown)
        // Field 100, four bytes.
        let later = entry.encoded() + [0xA2, 0x06, 0x04, 1, 2, 3, 4]
        #expect(try ChatEntry(decoding: later) == entry)
    }

    @Test("Bytes cut short, changed or invented are read or refused, and never trap")
    func fuzz() {
        var generator = SeededGenerator(seed: 11)
        let samples =
            ChatCodingTests.commands.map { $0.encoded() }
            + ChatCodingTests.effects.map { $0.encoded() }
            + ChatCodingTests.entries.map { $0.encoded() } + [[]]
        var refused = 0
        for sample in samples {
            for _ in 0..<200 {
                var bytes = sample
                for _ in 0...generator.next(upperBound: 3 as UInt64) {
                    switch generator.next(upperBound: 3 as UInt64) {
                    case 0 where !bytes.isEmpty:
                        bytes[Int(generator.next(upperBound: UInt64(bytes.count)))] =
                            UInt8(truncatingIfNeeded: generator.next())
                    case 1:
                        bytes = Array(bytes.dropLast(Int(generator.next(upperBound: 5 as UInt64))))
                    default: bytes.append(UInt8(truncatingIfNeeded: generator.next()))
                    }
                }
                do { _ = try ChatCommand(decoding: bytes) } catch { refused += 1 }
                do { _ = try ChatEffect(decoding: bytes) } catch { refused += 1 }
                do { _ = try ChatEntry(decoding: bytes) } catch { refused += 1 }
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
            var chats = try ChatFixture.withTwo()
            try chats.apply(.send(text: "x"), by: chats.ann)
            try chats.apply(.mark(Ordinal(1)), by: chats.ben)
            let prefix = Keyspace.statePrefix(chats.shard, generation: 0)
            let pairs = try chats.store.pairs(KeyRange(.data, prefix: prefix, countMax: 1_000))
            let victim = pairs[round % pairs.count]
            var value = victim.value
            switch generator.next(upperBound: 3 as UInt64) {
            case 0 where !value.isEmpty:
                value[Int(generator.next(upperBound: UInt64(value.count)))] ^=
                    UInt8(truncatingIfNeeded: 1 + generator.next(upperBound: 255 as UInt64))
            case 1: value = Array(value.dropLast())
            default: value.append(UInt8(truncatingIfNeeded: generator.next()))
            }
            var batch = WriteBatch()
            batch.put(value, for: victim.key, in: .data)
            chats.store.apply(batch)
            do throws(any Error) {
                _ = try chats.summary(for: chats.ben)
                chats.time += 9 * ChatFixture.day
                for body in [
                    ChatCommand.Body.send(text: "y"), .mark(Ordinal(2)), .addMember(chats.cat),
                    .removeMember(chats.ben), .rename(name: "n", fullName: ""), .delete,
                ] {
                    try chats.apply(body, by: chats.ann)
                }
            } catch {
                #expect(error is StorageError)
                thrown += 1
            }
        }
        #expect(thrown > 15)
    }

    @Test("A command's time is cut to what a UUID of version 7 can say")
    func latestTime() throws {
        let command = ChatCommand(
            chat: ChatCodingTests.chat, cmid: ChatCodingTests.cmid, actor: nil,
            time: WallTime(milliseconds: .max), body: .delete)
        #expect(try ChatCommand(decoding: command.encoded()).time == .proposedMax)
    }
}
