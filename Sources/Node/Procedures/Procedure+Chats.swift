internal import Accounts
internal import Chat
internal import Determinism
internal import Identity
internal import Storage
internal import Wire

// What concerns chats.
extension ProcedureContext {
    /// A command of one chat whose receipt is the answer.
    func receipt(
        _ chat: ChatID, _ cmid: MessageID, by account: AccountID, _ body: ChatCommand.Body
    ) -> Flow {
        let command = ChatCommand(chat: chat, cmid: cmid, actor: account, time: wall, body: body)
        return .command(.chat(command)) { response in
            guard case .receipt(let receipt) = response else { return .failed(.internal) }
            return .done(.receipt(Receipt(receipt)))
        }
    }

    /// The source is read as a page of its history is, so that only who may read it may forward it.
    /// A source that is not there is told to the chat, too: an earlier try may have been done.
    func forward(
        _ account: AccountID, _ source: MessagePlace, to chat: ChatID, _ cmid: MessageID
    ) -> Flow {
        let context = self
        let query = ShardQuery.history(
            source.chat, for: account, before: nil,
            after: SequenceNumber(source.seq.rawValue - 1), limit: 1)
        return .run([(ShardKey(source.chat), .query(query))]) { responses in
            let found: ClientEntry?
            switch responses[0] {
            case .failed(let failure) where failure.isRetryable: return .done(.failed(failure))
            case .failed: found = nil
            case .page(let page):
                guard
                    let entries = ClientEntry.decoded(
                        page.entries, of: .chat(source.chat), for: account)
                else {
                    return .failed(.internal)
                }
                found = entries.first { $0.seq == source.seq }
            default: return .failed(.internal)
            }
            guard let found, case .text(let text, _) = found.content, let author = found.from
            else { return context.receipt(chat, cmid, by: account, .forward(nil)) }
            return context.origin(of: found, by: author) { origin in
                let message = ForwardedMessage(text: text, origin: origin)
                return context.receipt(chat, cmid, by: account, .forward(message))
            }
        }
    }

    /// Who wrote a message first: of a forwarded one it is known, of another it is its sender.
    private func origin(
        of message: ClientEntry, by sender: AccountID,
        then: @escaping @Sendable (ChatOrigin) -> Flow
    ) -> Flow {
        if let origin = message.origin {
            return then(
                ChatOrigin(account: origin.account, name: origin.name, time: origin.time))
        }
        return .ask(ShardKey(sender), .people([sender])) { response in
            guard case .people(let people) = response else { return .failed(.internal) }
            let name = people.first?.name ?? ""
            return then(ChatOrigin(account: sender, name: name, time: message.time))
        }
    }

    func mark(_ account: AccountID, _ chat: ChatID, _ n: Ordinal) -> Flow {
        let command = ChatCommand(
            chat: chat, cmid: MessageID(unkeptAt: wall), actor: account, time: wall, body: .mark(n))
        return .command(.chat(command)) { _ in .done(.done) }
    }

    /// The account's list and the public rooms, each chat as its own shard has it.
    func chats(_ account: AccountID) -> Flow {
        let context = self
        return .ask(ShardKey(account), .chatList(account)) { response in
            guard case .chatList(let listed, let inbox) = response else {
                return .failed(.internal)
            }
            let own = Set(listed)
            let all = listed + context.publicRooms.filter { !own.contains($0) }
            let questions = context.grouped(all) { ShardKey($0) }
                .map { ($0.0, ShardQuery.summaries($0.1, for: account)) }
            return .askAll(questions) { responses in
                var found: [ChatID: ClientChat] = [:]
                for response in responses {
                    guard case .summaries(let summaries) = response else {
                        return .failed(.internal)
                    }
                    for summary in summaries {
                        found[summary.chat] = ClientChat(summary, for: account)
                    }
                }
                return .done(
                    .chats(
                        all.compactMap { found[$0] },
                        inbox: LogCursor(epoch: inbox.epoch, seq: inbox.seq)))
            }
        }
    }

    func chat(_ account: AccountID, _ chat: ChatID) -> Flow {
        let key = ShardKey(chat)
        return .run([
            (key, .query(.summaries([chat], for: account))),
            (key, .query(.members(chat, for: account))),
        ]) { responses in
            if case .failed(let failure) = responses[0] { return .done(.failed(failure)) }
            guard case .summaries(let summaries) = responses[0] else { return .failed(.internal) }
            guard let summary = summaries.first else { return .failed(.notFound) }
            var members: [ClientMember] = []
            switch responses[1] {
            case .members(let found): members = found.map { ClientMember($0) }
            case .failed(let failure) where failure.isRetryable: return .done(.failed(failure))
            default: break
            }
            return .done(.chat(ClientChat(summary, for: account), members: members))
        }
    }

    /// A public chat's name is claimed first; the claim carries the command along, so that it is done
    /// even if nobody comes back here.
    func createChat(
        _ account: AccountID, _ kind: ClientChatKind, name: String, fullName: String,
        _ cmid: MessageID
    ) -> Flow {
        let context = self
        let chat = ChatID(of: account, cmid)
        let create = ShardCommand.chat(
            ChatCommand(
                chat: chat, cmid: cmid, actor: account, time: wall,
                body: .create(
                    kind: kind == .public ? .public : .private, name: name, fullName: fullName)))
        let then: @Sendable (ShardResponse) -> Flow = { _ in
            .command(create) { response in
                guard case .receipt(let receipt) = response else { return .failed(.internal) }
                return context.listed(account, chat, at: receipt.seq, cmid)
            }
        }
        guard kind == .public else { return then(.done) }
        return claim(name, for: chat, cmid, then: create) { then(.done) }
    }

    /// All that two who open their chat at once need agree upon is its id, which both compute.
    func openChat(_ account: AccountID, with invitee: Invitee, _ cmid: MessageID) -> Flow {
        let context = self
        return find(invitee) { person in
            let chat = DirectChat.id(of: account, and: person)
            let open = ChatCommand(
                chat: chat, cmid: cmid, actor: account, time: context.wall,
                body: .open(with: person))
            return .command(.chat(open)) { _ in
                context.listed(account, chat, at: DirectChat.openingSeq, cmid)
            }
        }
    }

    /// Answers with the new chat once it is in its owner's list. The chat's outbox lists it too,
    /// and for sure; this is so that who has the answer finds the chat in the list.
    func listed(
        _ account: AccountID, _ chat: ChatID, at seq: SequenceNumber, _ cmid: MessageID
    ) -> Flow {
        let context = self
        let list = AccountCommand(
            account: account, cmid: cmid, time: wall, body: .listChat(chat, at: seq))
        return .run([(ShardKey(account), .command(.account(list)))]) { _ in
            context.chat(account, chat)
        }
    }

    func renameChat(
        _ account: AccountID, _ chat: ChatID, name: String, fullName: String, _ cmid: MessageID
    ) -> Flow {
        let context = self
        let rename = ShardCommand.chat(
            ChatCommand(
                chat: chat, cmid: cmid, actor: account, time: wall,
                body: .rename(name: name, fullName: fullName)))
        let finish: @Sendable () -> Flow = {
            .command(rename) { response in
                guard case .receipt(let receipt) = response else { return .failed(.internal) }
                return context.summary(account, chat) {
                    .done(.renamed(ClientChat($0, for: account), Receipt(receipt)))
                }
            }
        }
        return summary(account, chat) { summary in
            // Only who may rename gets to claim.
            guard summary.kind != .direct else { return .failed(.directChat) }
            guard summary.may(.info) else { return .failed(.noRight) }
            guard summary.kind == .public else { return finish() }
            return context.claim(name, for: chat, cmid, then: rename, finish)
        }
    }

    private func claim(
        _ name: String, for chat: ChatID, _ cmid: MessageID, then carried: ShardCommand,
        _ next: @escaping @Sendable () -> Flow
    ) -> Flow {
        guard !name.isEmpty, name.utf8.count <= AccountLimits.claimBytesMax else {
            return .failed(.badName)
        }
        let claim = ClaimCommand(
            key: .name(name), cmid: cmid, time: wall,
            body: .claimName(owner: .chat(chat), then: [carried.encoded()]))
        return .command(.claim(claim)) { _ in next() }
    }

    /// Goes on with the chat as the account sees it, or ends with `notFound`.
    func summary(
        _ account: AccountID, _ chat: ChatID, then: @escaping @Sendable (ChatSummary) -> Flow
    ) -> Flow {
        .ask(ShardKey(chat), .summaries([chat], for: account)) { response in
            guard case .summaries(let summaries) = response else { return .failed(.internal) }
            guard let summary = summaries.first else { return .failed(.notFound) }
            return then(summary)
        }
    }

    /// Whether somebody has the number or the name is told to members only.
    func invite(
        _ account: AccountID, _ chat: ChatID, _ invitee: Invitee, _ cmid: MessageID
    ) -> Flow {
        let context = self
        return summary(account, chat) { summary in
            guard summary.kind != .direct else { return .failed(.directChat) }
            guard summary.role != .visitor else { return .failed(.notMember) }
            guard summary.may(.invite) else { return .failed(.noRight) }
            if case .phone(let text) = invitee {
                return context.invitePhone(text, to: chat, cmid, by: account)
            }
            return context.find(invitee) { context.add($0, to: chat, cmid, by: account) }
        }
    }

    /// Who has the number becomes a member; a number that nobody has is kept where it will be
    /// claimed, and there it is decided which of the two it is.
    private func invitePhone(
        _ text: String, to chat: ChatID, _ cmid: MessageID, by account: AccountID
    ) -> Flow {
        guard let phone = PhoneNumber(text) else { return .failed(.badPhone) }
        let context = self
        let claim = ClaimKey.phone(phone)
        let invite = ClaimCommand(
            key: claim, cmid: cmid, time: wall, body: .invite(to: chat, by: account))
        return .ask(ShardKey(claim), .owner(claim)) { response in
            guard case .owner(let owner) = response else { return .failed(.internal) }
            if case .account(let person) = owner {
                return context.add(person, to: chat, cmid, by: account)
            }
            return .command(.claim(invite)) { response in
                guard case .accountReceipt(let receipt) = response else {
                    return .failed(.internal)
                }
                if let person = receipt.account {
                    return context.add(person, to: chat, cmid, by: account)
                }
                return .ask(ShardKey(account), .people([account])) { response in
                    guard case .people(let people) = response else { return .failed(.internal) }
                    return .done(
                        .awaited(
                            AwaitedPerson(
                                phone: phone.text, inviter: people.first?.name ?? "",
                                expires: receipt.time)))
                }
            }
        }
    }

    /// Goes on with the account that is meant, or ends with `notFound`.
    private func find(
        _ invitee: Invitee, then: @escaping @Sendable (AccountID) -> Flow
    ) -> Flow {
        let claim: ClaimKey
        switch invitee {
        case .account(let account):
            return .ask(ShardKey(account), .people([account])) { response in
                guard case .people(let people) = response else { return .failed(.internal) }
                return people.isEmpty ? .failed(.notFound) : then(account)
            }
        case .username(let name):
            guard !name.isEmpty, name.utf8.count <= AccountLimits.claimBytesMax else {
                return .failed(.badUsername)
            }
            claim = .name(name)
        case .phone(let text):
            guard let phone = PhoneNumber(text) else { return .failed(.badPhone) }
            claim = .phone(phone)
        }
        return .ask(ShardKey(claim), .owner(claim)) { response in
            guard case .owner(.some(.account(let person))) = response else {
                return .failed(.notFound)
            }
            return then(person)
        }
    }

    private func add(
        _ person: AccountID, to chat: ChatID, _ cmid: MessageID, by account: AccountID
    ) -> Flow {
        let command = ShardCommand.chat(
            ChatCommand(
                chat: chat, cmid: cmid, actor: account, time: wall, body: .addMember(person)))
        return .command(command) { _ in
            .ask(ShardKey(person), .people([person])) { response in
                guard case .people(let people) = response else { return .failed(.internal) }
                // The number was claimed, but its first sign-in has not come to its end.
                guard let found = people.first else {
                    return .done(.person(ClientPerson(id: person, name: "", username: nil)))
                }
                return .done(.person(ClientPerson(found)))
            }
        }
    }

    func history(
        _ account: AccountID, _ chat: ChatID, before: SequenceNumber?, after: SequenceNumber?,
        limit: Int
    ) -> Flow {
        let query = ShardQuery.history(
            chat, for: account, before: before, after: after, limit: limit)
        return .ask(ShardKey(chat), query) { response in
            guard case .page(let page) = response,
                let entries = ClientEntry.decoded(
                    page.entries, of: .chat(chat), for: account)
            else { return .failed(.internal) }
            return .done(
                .page(
                    EntryPage(
                        epoch: page.epoch, entries: entries,
                        head: LogPosition(seq: page.headSeq, n: page.headN),
                        tail: page.headSeq == .zero
                            ? .zero : LogPosition(seq: SequenceNumber(1), n: .zero))))
        }
    }

    func difference(_ account: AccountID, _ log: LogID, _ cursor: LogCursor) -> Flow {
        .ask(ShardKey(log), .difference(log, for: account, from: cursor)) { response in
            switch response {
            case .difference(let difference):
                guard
                    let entries = ClientEntry.decoded(
                        difference.entries, of: log, for: account)
                else { return .failed(.internal) }
                return .done(
                    .difference(
                        LogDifference(
                            log: log, epoch: difference.head.epoch, entries: entries,
                            head: difference.head.position, marks: difference.marks,
                            hasMore: difference.hasMore, isEnd: difference.isEnd)))
            case .gap(let gap):
                return .done(
                    .tooLong(
                        LogGap(
                            log: log, epoch: gap.head.epoch, head: gap.head.position,
                            tail: LogPosition(seq: gap.tail, n: .zero), marks: gap.marks,
                            isEnd: gap.isEnd)))
            default: return .failed(.internal)
            }
        }
    }
}
