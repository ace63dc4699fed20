import Chat
import Determinism
import Identity
import Storage
import Testing

/// What a chat must be like, recounted by brute force from what was accepted.
private struct Model {
    /// The author of each message, in order.
    var messages: [AccountID] = []
    /// The ordinals of those that were deleted.
    var deleted: Set<Int> = []
    var readUpTo: [AccountID: UInt64] = [:]
    var results: [MessageID: ChatReceipt] = [:]
    var published: [PublishedEntry] = []

    /// What a client makes of everything that was published, in order.
    func folded() throws -> [ChatEntry] {
        var entries: [ChatEntry] = []
        for bytes in published.map(\.bytes) {
            let entry = try ChatEntry(decoding: bytes)
            entries.append(entry)
            switch entry.kind {
            case .edited(let target, let text?):
                guard case .text(_, let replyTo) = entries[target].kind else { continue }
                fold(.text(text, replyTo: replyTo), at: target, by: entry, into: &entries)
            case .messageDeleted(let target, _):
                fold(.erased, at: target, by: entry, into: &entries)
            case .reacted(let target, let emoji, _):
                entries[target] = entries[target].reacted(emoji, by: entry)
            default: break
            }
        }
        return entries
    }

    private func fold(
        _ kind: ChatEntry.Kind, at target: SequenceNumber, by change: ChatEntry,
        into entries: inout [ChatEntry]
    ) {
        let message = entries[target]
        if let before = message.edition {
            let old = entries[before.seq]
            entries[before.seq] = ChatEntry(
                seq: old.seq, n: old.n, time: old.time, from: old.from,
                kind: .edited(target, text: nil))
        }
        entries[target] = ChatEntry(
            seq: message.seq, n: message.n, time: message.time, from: message.from, kind: kind,
            edition: ChatEdition(seq: change.seq, time: change.time),
            reactions: kind == .erased ? nil : message.reactions)
    }

    /// Messages after the newest that the account has read or written itself.
    func unread(_ account: AccountID) -> UInt64 {
        let read = Int(readUpTo[account] ?? 0)
        return UInt64((read..<messages.count).count { !deleted.contains($0 + 1) })
    }
}

extension ChatEntry {
    /// The message after `change` said something of it.
    fileprivate func reacted(_ emoji: String?, by change: ChatEntry) -> ChatEntry {
        var people: [(emoji: String, account: AccountID)] = []
        var order: [String] = []
        for group in reactions?.groups ?? [] {
            order.append(group.emoji)
            for account in group.accounts where account != change.from {
                people.append((group.emoji, account))
            }
        }
        if let emoji, let from = change.from {
            people.append((emoji, from))
            let isThere = people.dropLast().contains { $0.emoji == emoji } || emoji == mine(change)
            if !isThere { order = order.filter { $0 != emoji } + [emoji] }
        }
        let groups = order.compactMap { emoji -> ChatReactions.Group? in
            let accounts = people.filter { $0.emoji == emoji }.map(\.account)
            return accounts.isEmpty ? nil : ChatReactions.Group(emoji: emoji, accounts: accounts)
        }
        return ChatEntry(
            seq: seq, n: n, time: time, from: from, kind: kind, edition: edition, origin: origin,
            reactions: ChatReactions(seq: change.seq, groups: groups))
    }

    private func mine(_ change: ChatEntry) -> String? {
        change.from.flatMap { reactions?.emoji(of: $0) }
    }
}

@Suite("Random commands")
struct RandomCommandTests {
    private static let people: [AccountID] = (1...6).map { AccountID(high: 1, low: $0) }

    /// A link is made or used: one of a few secrets, so that most are met again.
    private static func linkBody(
        at time: UInt64, using generator: inout SeededGenerator
    ) -> ChatCommand.Body {
        let secret = InviteSecret(high: 1, low: generator.next(upperBound: 8 as UInt64))
        guard generator.chance(1, in: 3) else { return .join(by: secret) }
        return .makeLink(
            InviteLinkTerms(
                secret: secret, name: "",
                expires: generator.chance(1, in: 2) ? WallTime(milliseconds: time + 500_000) : nil,
                usesMax: 1 + generator.next(upperBound: 3 as UInt64)))
    }

    private static func command(
        at time: UInt64, chat: ChatID, sent: [ChatCommand], messages: [PublishedEntry],
        using generator: inout SeededGenerator
    ) -> ChatCommand {
        if !sent.isEmpty, generator.chance(1, in: 4) {
            let old = sent[Int(generator.next(upperBound: UInt64(sent.count)))]
            // A retry may come through another node, whose clock differs.
            let skew = generator.next(upperBound: 10_000 as UInt64)
            return ChatCommand(
                chat: old.chat, cmid: old.cmid, actor: old.actor,
                time: WallTime(milliseconds: time - skew), body: old.body)
        }
        let other = people[Int(generator.next(upperBound: 6 as UInt64))]
        var actor: AccountID?
        let body: ChatCommand.Body
        switch generator.next(upperBound: 21 as UInt64) {
        case 0: body = .rename(name: "room", fullName: "")
        case 1, 2: body = .addMember(other)
        // Who made the chat stays, and tells of it.
        case 3: body = .removeMember(other == people[0] ? people[1] : other)
        case 16: body = .setRole(other, isAdmin: generator.chance(1, in: 2))
        case 20: body = linkBody(at: time, using: &generator)
        case 17: body = generator.chance(1, in: 2) ? .ban(other) : .unban(other)
        case 18: body = .setPermissions([.send, ChatPermissions(rawValue: UInt32(time & 63))])
        case 4...8: body = .mark(Ordinal(generator.next(upperBound: 300 as UInt64)))
        case 9: body = .send(text: "")
        case 15:
            let origin = ChatOrigin(account: other, name: "", time: WallTime(milliseconds: 1))
            let isThere = !generator.chance(1, in: 4)
            body = .forward(isThere ? ForwardedMessage(text: "words", origin: origin) : nil)
        case 10, 11:
            let target = SequenceNumber(1 + generator.next(upperBound: 300 as UInt64))
            body = .send(text: "reply", replyTo: target)
        case 12...14 where !messages.isEmpty:
            let target = messages[Int(generator.next(upperBound: UInt64(messages.count)))]
            // Most edits are the sender's.
            let isOther = generator.chance(1, in: 4)
            actor = isOther ? nil : (try? ChatEntry(decoding: target.bytes))?.from
            body =
                generator.chance(1, in: 4)
                ? .deleteMessage(target.seq) : .edit(target: target.seq, text: "edit \(time)")
        case 17 where !messages.isEmpty:
            let target = messages[Int(generator.next(upperBound: UInt64(messages.count)))]
            body = .pin(target.seq, isOn: !generator.chance(1, in: 3))
        case 15...16 where !messages.isEmpty:
            // Most people react to what is new.
            let newest = messages.suffix(3)
            let place = Int(generator.next(upperBound: UInt64(newest.count)))
            let target = newest[newest.startIndex + place]
            let emoji = ["👍", "🔥", "🇩🇪", nil][Int(generator.next(upperBound: 4 as UInt64))]
            body = .react(to: target.seq, emoji: emoji)
        default: body = .send(text: "message")
        }
        return ChatCommand(
            chat: chat, cmid: MessageID(milliseconds: time, using: &generator),
            actor: actor ?? people[Int(generator.next(upperBound: 6 as UInt64))],
            time: WallTime(milliseconds: time), body: body)
    }

    private static func run(seed: UInt64) throws -> (fixture: ChatFixture, model: Model) {
        var generator = SeededGenerator(seed: seed)
        var chats = ChatFixture()
        var model = Model()
        var sent: [ChatCommand] = []
        let kind: ChatKind = seed.isMultiple(of: 2) ? .private : .public
        let created = try chats.apply(
            .create(kind: kind, name: "room", fullName: ""), by: people[0])
        model.published += created.published
        for _ in 0..<500 {
            chats.time += generator.next(upperBound: 5_000 as UInt64)
            let command = command(
                at: chats.time, chat: chats.chat, sent: sent,
                messages: model.published.filter { $0.n > .zero }, using: &generator)
            let outcome = try chats.apply(command)
            sent.append(command)
            model.published += outcome.published
            guard let receipt = outcome.receipt else { continue }
            if case .mark(let n) = command.body, let actor = command.actor {
                let read = min(n.rawValue, UInt64(model.messages.count))
                model.readUpTo[actor] = max(model.readUpTo[actor] ?? 0, read)
                continue
            }
            if let first = model.results[command.cmid] {
                #expect(first == receipt, "one id has one result")
                #expect(outcome.published.isEmpty)
            }
            model.results[command.cmid] = receipt
            for published in outcome.published {
                if case .messageDeleted(_, let n) = try ChatEntry(decoding: published.bytes).kind {
                    model.deleted.insert(Int(n.rawValue))
                }
            }
            if receipt.n > .zero, !outcome.published.isEmpty, let actor = command.actor {
                model.messages.append(actor)
                #expect(receipt.n.rawValue == UInt64(model.messages.count))
                model.readUpTo[actor] = receipt.n.rawValue
            }
        }
        return (chats, model)
    }

    @Test(
        "With retries and duplicates numbers stay dense, results single, unread and the hash exact",
        arguments: 0..<12 as Range<UInt64>)
    func invariants(seed: UInt64) throws {
        let (chats, model) = try RandomCommandTests.run(seed: seed)
        let entries = try chats.entries()
        #expect(entries.map(\.seq.rawValue) == Array(1...UInt64(entries.count)))
        let ordinals = entries.map(\.n.rawValue).filter { $0 > 0 }
        #expect(ordinals == Array(1...UInt64(model.messages.count)))
        #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.time < $1.time })
        #expect(try model.folded() == entries)
        #expect(entries.count { $0.edition != nil } > 3, "some are edited")
        #expect(entries.count { $0.kind == .erased } == model.deleted.count)
        let seqs = model.results.values.filter { $0.n > .zero }.map(\.seq)
        #expect(Set(seqs).count == seqs.count, "one entry has one id")

        var present = 0
        var changed: [MemberMark] = []
        for account in RandomCommandTests.people {
            guard let summary = try chats.summary(for: account) else { continue }
            #expect(summary.unread == model.unread(account))
            if summary.role != .visitor { present += 1 }
            #expect(summary.memberCount == (try members(chats)).count)
        }
        #expect(present == (try members(chats)).count)
        // Telling the marks step by step ends where telling them all at once does.
        var version: UInt64 = 0
        while true {
            let change = try ChatQueries.marks(
                of: chats.chat, since: version, in: chats.shard, chats.view)
            guard change.version > version else { break }
            changed += change.marks
            version = change.version
        }
        for mark in changed { #expect(model.readUpTo[mark.account] == mark.n.rawValue) }
        #expect(
            try ChatInvariants.violations(of: chats.chat, in: chats.shard, chats.view).isEmpty)
        #expect(chats.stateHash == (try chats.scannedHash()))
    }

    @Test("Equal sequences of commands give equal states, other ones other states")
    func equalStates() throws {
        let first = try RandomCommandTests.run(seed: 3).fixture
        let second = try RandomCommandTests.run(seed: 3).fixture
        let third = try RandomCommandTests.run(seed: 4).fixture
        #expect(first.stateHash == second.stateHash)
        #expect(first.stateHash != third.stateHash)
    }

    @Test("The recount finds an entry, a mark, a version or a member that is missing")
    func recountFinds() throws {
        var whole = try ChatFixture.withTwo()
        try whole.apply(.send(text: "x"), by: whole.ann)
        try whole.apply(.mark(Ordinal(1)), by: whole.ben)
        try whole.apply(.edit(target: SequenceNumber(3), text: "y"), by: whole.ann)
        try whole.apply(.send(text: "z"), by: whole.ben)
        try whole.apply(.deleteMessage(SequenceNumber(5)), by: whole.ann)
        let missing = [
            Keyspace.chatEntry(whole.chat, SequenceNumber(2)),
            Keyspace.chatEntry(whole.chat, SequenceNumber(3)),
            Keyspace.chatEntry(whole.chat, SequenceNumber(4)),
            Keyspace.mark(whole.chat, whole.ann), Keyspace.markVersion(whole.chat, 3),
            Keyspace.member(whole.chat, whole.ben), Keyspace.erased(whole.chat, Ordinal(2)),
        ]
        for key in missing {
            var chats = whole
            var batch = WriteBatch()
            batch.delete(
                Keyspace.statePrefix(chats.shard, generation: 0) + key, in: .data)
            chats.store.apply(batch)
            #expect(
                try !ChatInvariants.violations(of: chats.chat, in: chats.shard, chats.view)
                    .isEmpty)
        }
    }

    private func members(_ chats: ChatFixture) throws -> [ChatMember] {
        try #require(
            try ChatQueries.members(
                of: chats.chat, for: RandomCommandTests.people[0], in: chats.shard, chats.view))
    }
}

extension [ChatEntry] {
    fileprivate subscript(seq: SequenceNumber) -> ChatEntry {
        get { self[Int(seq.rawValue) - 1] }
        set { self[Int(seq.rawValue) - 1] = newValue }
    }
}
