internal import Accounts
internal import Chat
internal import Determinism
internal import Identity
internal import Records
package import Storage
internal import Wire

extension ShardResponse {
    /// The form in which nodes answer each other.
    package func encoded() -> [UInt8] {
        var record = Records_ShardResponse()
        switch self {
        case .receipt(let receipt):
            var answer = Records_ReceiptAnswer()
            answer.seq = receipt.seq.rawValue
            answer.n = receipt.n.rawValue
            answer.time = receipt.time.milliseconds
            record.receipt = answer
        case .accountReceipt(let receipt):
            var answer = Records_AccountReceiptAnswer()
            if let account = receipt.account { answer.account = recordField(account.bytes) }
            answer.inbox = receipt.inbox.rawValue
            answer.time = receipt.time.milliseconds
            record.accountReceipt = answer
        case .summaries(let summaries): record.summaries.summaries = summaries.map(\.answer)
        case .members(let members):
            record.members.members = members.map { member in
                var answer = Records_MemberAnswer()
                answer.account = recordField(member.account.bytes)
                answer.role = member.role.rawValue
                return answer
            }
        case .banned(let accounts):
            record.banned.accounts = accounts.map { recordField($0.bytes) }
        case .page, .difference, .gap: record = logRecord
        case .hits(let hits): record.search = hits.answer
        case .account, .sessions, .authenticated, .chatList, .stars, .owner, .people:
            record = accountRecord
        case .chatSettings(let settings, let inbox):
            record.chatSettings.settings = settings.map(\.record)
            record.chatSettings.inboxEpoch = inbox.epoch
            record.chatSettings.inboxSeq = inbox.seq.rawValue
        case .drafts(let drafts, let inbox): record.drafts = drafts.answer(inbox)
        case .password(let kept): record.password = kept.answer
        case .links(let links): record.links.links = links.map(\.answer)
        case .invitation(let invitation): record.invitation = invitation.answer
        case .done: record.done = Records_Empty()
        case .failed(let failure):
            var answer = Records_FailureAnswer()
            answer.code = failure.code.rawValue
            answer.hasRetryAfter_p = failure.retryAfter != nil
            answer.retryAfter = failure.retryAfter?.milliseconds ?? 0
            record.failed = answer
        }
        return record.recordBytes()
    }

    private var logRecord: Records_ShardResponse {
        var record = Records_ShardResponse()
        switch self {
        case .page(let page):
            var answer = Records_PageAnswer()
            answer.epoch = page.epoch
            answer.entries = page.entries.map { recordField($0) }
            answer.headSeq = page.headSeq.rawValue
            answer.headN = page.headN.rawValue
            record.page = answer
        case .difference(let difference):
            var answer = Records_DifferenceAnswer()
            answer.head = difference.head.answer
            answer.entries = difference.entries.map { recordField($0) }
            if let marks = difference.marks { answer.marks = marks.answer }
            answer.hasMore_p = difference.hasMore
            answer.isEnd = difference.isEnd
            record.difference = answer
        case .gap(let gap):
            var answer = Records_GapAnswer()
            answer.head = gap.head.answer
            answer.tail = gap.tail.rawValue
            if let marks = gap.marks { answer.marks = marks.answer }
            answer.isEnd = gap.isEnd
            record.gap = answer
        default: break
        }
        return record
    }

    private var accountRecord: Records_ShardResponse {
        var record = Records_ShardResponse()
        switch self {
        case .account(let facts):
            var answer = Records_AccountAnswer()
            if let facts {
                answer.exists = true
                answer.facts = facts.answer
            }
            record.account = answer
        case .sessions(let sessions):
            var answer = Records_SessionsAnswer()
            if let first = sessions.first { answer.account = recordField(first.account.bytes) }
            answer.sessions = sessions.map(\.answer)
            record.sessions = answer
        case .authenticated(let facts, let session):
            var answer = Records_AuthenticatedAnswer()
            answer.account = facts.answer
            answer.session = session.answer
            record.authenticated = answer
        case .chatList(let chats, let inbox):
            var answer = Records_ChatListAnswer()
            answer.chats = chats.map { recordField($0.bytes) }
            answer.inboxEpoch = inbox.epoch
            answer.inboxSeq = inbox.seq.rawValue
            record.chatList = answer
        case .stars(let stars, let inbox):
            var answer = Records_StarsAnswer()
            answer.stars = stars.map { star in
                var answer = Records_StarAnswer()
                answer.chat = recordField(star.chat.bytes)
                answer.seq = star.seq.rawValue
                answer.place = star.place.rawValue
                return answer
            }
            answer.inboxEpoch = inbox.epoch
            answer.inboxSeq = inbox.seq.rawValue
            record.stars = answer
        case .owner(let owner):
            var answer = Records_OwnerAnswer()
            switch owner {
            case .account(let account): answer.account = recordField(account.bytes)
            case .chat(let chat): answer.chat = recordField(chat.bytes)
            case nil: break
            }
            record.owner = answer
        case .people(let people):
            record.people = Records_PeopleAnswer()
            record.people.people = people.map(\.answer)
        default: break
        }
        return record
    }

    /// Reads the form of ``encoded()``; `corrupt` for anything else.
    package init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_ShardResponse(recordBytes: bytes), let response = record.response
        else { throw .corrupt("the answer of a shard") }
        switch response {
        case .failed(let answer):
            // A code of a later version is not known here; it stays a failure.
            let code = FailureCode(rawValue: answer.code) ?? .internal
            let wait: Interval? =
                answer.hasRetryAfter_p ? .milliseconds(min(answer.retryAfter, Self.waitMax)) : nil
            self = .failed(Failure(code, retryAfter: wait))
        case .receipt(let answer):
            self = .receipt(
                ChatReceipt(
                    seq: SequenceNumber(answer.seq), n: Ordinal(answer.n),
                    time: try WallTime(stored: answer.time)))
        case .accountReceipt(let answer):
            self = .accountReceipt(
                AccountReceipt(
                    account: answer.account.isEmpty ? nil : try AccountID(stored: answer.account),
                    inbox: SequenceNumber(answer.inbox), time: try WallTime(stored: answer.time)))
        case .summaries(let answer):
            self = .summaries(
                try answer.summaries.map { summary throws(StorageError) in
                    try ChatSummary(summary)
                })
        case .members(let answer):
            self = .members(try answer.list())
        case .banned(let answer): self = .banned(try answer.list())
        case .page(let answer):
            self = .page(
                StoredPage(
                    epoch: answer.epoch, entries: answer.entries.map { Array($0) },
                    headSeq: SequenceNumber(answer.headSeq), headN: Ordinal(answer.headN)))
        case .difference(let answer): self = .difference(try StoredDifference(answer))
        case .gap(let answer): self = .gap(try StoredGap(answer))
        case .done: self = .done
        case .search(let answer): self = .hits(try StoredHits(answer))
        case .account(let answer):
            self = .account(answer.exists ? try AccountFacts(answer.facts) : nil)
        case .sessions(let answer):
            self = .sessions(
                try answer.sessions.map { session throws(StorageError) in
                    try SessionFacts(session, of: answer.account)
                })
        case .authenticated(let answer):
            self = .authenticated(
                try AccountFacts(answer.account),
                try SessionFacts(answer.session, of: answer.account.account))
        case .chatList(let answer):
            self = .chatList(
                try answer.chats.map { chat throws(StorageError) in try ChatID(stored: chat) },
                inbox: InboxHead(epoch: answer.inboxEpoch, seq: SequenceNumber(answer.inboxSeq)))
        case .stars(let answer): self = try answer.response()
        case .owner(let answer): self = .owner(try answer.owner())
        case .drafts(let answer): self = try answer.response()
        case .password(let answer): self = .password(answer.kept)
        case .chatSettings(let answer): self = try answer.response()
        case .links(let answer):
            self = .links(
                try answer.links.map { link throws(StorageError) in try ListedLink(link) })
        case .invitation(let answer): self = .invitation(try ChatInvitation(answer))
        case .people(let answer):
            self = .people(
                try answer.people.map { person throws(StorageError) in
                    Person(
                        account: try AccountID(stored: person.account), name: person.name,
                        username: person.hasUsername_p ? person.username : nil)
                })
        }
    }

    /// A year of milliseconds: longer waits are cut.
    private static let waitMax: UInt64 = 31_536_000_000
}

extension Records_MembersAnswer {
    fileprivate func list() throws(StorageError) -> [ChatMember] {
        try members.map { member throws(StorageError) in
            ChatMember(
                account: try AccountID(stored: member.account),
                role: try ChatRole(stored: member.role))
        }
    }
}

extension Records_BannedAnswer {
    fileprivate func list() throws(StorageError) -> [AccountID] {
        try accounts.map { account throws(StorageError) in try AccountID(stored: account) }
    }
}

extension Person {
    fileprivate var answer: Records_PersonAnswer {
        var answer = Records_PersonAnswer()
        answer.account = recordField(account.bytes)
        answer.name = name
        answer.hasUsername_p = username != nil
        answer.username = username ?? ""
        return answer
    }
}

extension Records_OwnerAnswer {
    /// Nil when nobody owns the value.
    fileprivate func owner() throws(StorageError) -> ClaimOwner? {
        if !account.isEmpty { return .account(try AccountID(stored: account)) }
        if !chat.isEmpty { return .chat(try ChatID(stored: chat)) }
        return nil
    }
}

extension AccountFacts {
    fileprivate var answer: Records_AccountFactsAnswer {
        var answer = Records_AccountFactsAnswer()
        answer.account = recordField(account.bytes)
        answer.phone = phone?.text ?? ""
        answer.name = name
        answer.hasUsername_p = username != nil
        answer.username = username ?? ""
        answer.created = created.milliseconds
        answer.inboxEpoch = inbox.epoch
        answer.inboxSeq = inbox.seq.rawValue
        answer.hasPassword_p = hasPassword
        answer.lastSeen = lastSeen.milliseconds
        answer.lastSeenRule = lastSeenRule.rawValue
        return answer
    }

    fileprivate init(_ answer: Records_AccountFactsAnswer) throws(StorageError) {
        let phone = PhoneNumber(canonical: answer.phone)
        guard phone != nil || answer.phone.isEmpty else { throw .corrupt("a phone number") }
        self.init(
            account: try AccountID(stored: answer.account), phone: phone, name: answer.name,
            username: answer.hasUsername_p ? answer.username : nil,
            created: try WallTime(stored: answer.created),
            inbox: InboxHead(epoch: answer.inboxEpoch, seq: SequenceNumber(answer.inboxSeq)),
            hasPassword: answer.hasPassword_p, lastSeen: try WallTime(stored: answer.lastSeen),
            lastSeenRule: LastSeenRule(stored: answer.lastSeenRule))
    }
}

extension SessionFacts {
    fileprivate var answer: Records_SessionAnswer {
        var answer = Records_SessionAnswer()
        answer.session = recordField(session.bytes)
        answer.device = device
        answer.created = created.milliseconds
        answer.lastSeen = lastSeen.milliseconds
        return answer
    }

    fileprivate init(
        _ answer: Records_SessionAnswer, of account: some Collection<UInt8>
    ) throws(StorageError) {
        self.init(
            account: try AccountID(stored: account), session: try SessionID(stored: answer.session),
            device: answer.device, created: try WallTime(stored: answer.created),
            lastSeen: try WallTime(stored: answer.lastSeen))
    }
}

extension Records_StarsAnswer {
    fileprivate func response() throws(StorageError) -> ShardResponse {
        let list = try stars.map { star throws(StorageError) in
            Star(
                chat: try ChatID(stored: star.chat), seq: SequenceNumber(star.seq),
                place: SequenceNumber(star.place))
        }
        return .stars(list, inbox: InboxHead(epoch: inboxEpoch, seq: SequenceNumber(inboxSeq)))
    }
}

extension KeptPassword? {
    fileprivate var answer: Records_PasswordAnswer {
        var answer = Records_PasswordAnswer()
        guard let kept = self else { return answer }
        answer.number = kept.number
        answer.hash = kept.hash
        return answer
    }
}

extension Records_PasswordAnswer {
    fileprivate var kept: KeptPassword? {
        number > 0 ? KeptPassword(number: number, hash: hash) : nil
    }
}

extension [ChatDraft] {
    fileprivate func answer(_ inbox: InboxHead) -> Records_DraftsAnswer {
        var answer = Records_DraftsAnswer()
        answer.drafts = map { draft in
            var answer = Records_DraftAnswer()
            answer.chat = recordField(draft.chat.bytes)
            answer.text = draft.text
            answer.replyTo = draft.replyTo?.rawValue ?? 0
            answer.time = draft.time.milliseconds
            return answer
        }
        answer.inboxEpoch = inbox.epoch
        answer.inboxSeq = inbox.seq.rawValue
        return answer
    }
}

extension Records_DraftsAnswer {
    fileprivate func response() throws(StorageError) -> ShardResponse {
        let list = try drafts.map { draft throws(StorageError) in
            ChatDraft(
                chat: try ChatID(stored: draft.chat), text: draft.text,
                replyTo: draft.replyTo == 0 ? nil : SequenceNumber(draft.replyTo),
                time: try WallTime(stored: draft.time))
        }
        return .drafts(list, inbox: InboxHead(epoch: inboxEpoch, seq: SequenceNumber(inboxSeq)))
    }
}

extension Records_ChatSettingsAnswer {
    fileprivate func response() throws(StorageError) -> ShardResponse {
        let list = try settings.map { kept throws(StorageError) in try KeptSettings(kept) }
        return .chatSettings(
            list, inbox: InboxHead(epoch: inboxEpoch, seq: SequenceNumber(inboxSeq)))
    }
}
