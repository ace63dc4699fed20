internal import Accounts
internal import Chat
internal import Determinism
package import Identity
package import Storage
internal import Wire

/// How a query is answered: at once, or from a range that the host reads without waiting.
package enum QueryPlan {
    case answer(ShardResponse)
    /// Read the range (of the store as the state machine sees it), then make the answer of its pairs.
    case range(KeyRange, finish: @Sendable ([KeyValue]) throws(StorageError) -> ShardResponse)
    /// Ask the store beside the loop; the bytes of its answer are those of the encoded response.
    case question(StoreQuestion)
}

extension ShardExecutor {
    /// Entries of one difference.
    package static let differenceEntriesMax = 1_000
    /// Bytes of the entries of one difference or page, about.
    package static let rangeBytesMax = 1_048_576
    /// Entries of one page.
    package static let pageMax = 100

    /// Answers `query` from the state of `shard`, which `store` has as the state machine sees it
    /// (``ShardStore``). Costs point reads and ranges that are bounded by a chat's members or an
    /// account's chats; histories, differences and searches are left to the host.
    package static func query(
        _ query: ShardQuery, store: ShardStore, shard: ShardID
    ) throws(StorageError) -> QueryPlan {
        switch query {
        case .summaries(let chats, let account):
            var summaries: [ChatSummary] = []
            for chat in chats.prefix(ShardQuery.chatsMax) {
                if let summary = try ChatQueries.summary(of: chat, for: account, in: shard, store) {
                    summaries.append(summary)
                }
            }
            return .answer(.summaries(summaries))
        case .members(let chat, let account):
            return try members(of: chat, for: account, in: shard, store)
        case .banned(let chat, let account):
            return try banned(from: chat, for: account, in: shard, store)
        case .history(let chat, let account, let before, let after, let limit):
            let access = try ChatQueries.access(of: account, to: chat, in: shard, store)
            guard let head = try ChatQueries.head(of: chat, in: shard, store),
                let last = access.last(of: head.seq)
            else { return .failed(.notFound) }
            return history(
                chat, head: head, last: last, limitOfSight: access.limitOfSight, before: before,
                after: after, limit: limit, in: shard)
        case .difference(.chat(let chat), let account, let cursor):
            return try chatDifference(chat, for: account, from: cursor, in: shard, store)
        case .difference(.inbox(let owner), let account, let cursor):
            guard owner == account else { return .failed(.forbidden) }
            return try inboxDifference(owner, from: cursor, in: shard, store)
        case .account(let account):
            return .answer(.account(try AccountQueries.account(account, in: shard, store)))
        case .sessions(let account):
            return .answer(.sessions(try AccountQueries.sessions(of: account, in: shard, store)))
        case .authenticate(let account, let session, let secretHash):
            guard
                let session = try AccountQueries.authenticate(
                    account, session, secretHash: secretHash, in: shard, store),
                let facts = try AccountQueries.account(account, in: shard, store)
            else { return .failed(.unauthorised) }
            return .answer(.authenticated(facts, session))
        case .chatList(let account):
            guard let inbox = try AccountQueries.inboxHead(of: account, in: shard, store) else {
                return .failed(.notFound)
            }
            return .answer(
                .chatList(
                    try AccountQueries.chatList(of: account, in: shard, store), inbox: inbox))
        case .stars(let account): return try stars(of: account, in: shard, store)
        case .owner(let key):
            return .answer(.owner(try ClaimQueries.owner(of: key, in: shard, store)))
        case .people(let accounts): return try people(accounts, in: shard, store)
        case .search(let search):
            guard !search.chats.isEmpty else { return .failed(.badRequest) }
            return .question(question(search, shard: shard, generation: store.generation))
        case .chatSettings(let account, let chat):
            return try chatSettings(account, of: chat, in: shard, store)
        case .drafts(let account, let chat):
            return try drafts(account, of: chat, in: shard, store)
        case .password(let account):
            return .answer(.password(try AccountQueries.password(of: account, in: shard, store)))
        case .links(let chat, let account): return try links(chat, account, in: shard, store)
        case .invitation(let chat, let secret, let account, let time):
            return try invitation(chat, secret, for: account, at: time, in: shard, store)
        }
    }

    private static func links(
        _ chat: ChatID, _ account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> QueryPlan {
        guard let links = try ChatQueries.links(of: chat, for: account, in: shard, store) else {
            return .failed(.notFound)
        }
        return .answer(.links(links))
    }

    private static func invitation(
        _ chat: ChatID, _ secret: InviteSecret, for account: AccountID, at time: WallTime,
        in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> QueryPlan {
        switch try ChatQueries.invitation(
            to: chat, by: secret, for: account, at: time, in: shard, store)
        {
        case .shown(let invitation): .answer(.invitation(invitation))
        case .refused(let rejection):
            .failed(FailureCode(rawValue: rejection.code) ?? .internal)
        }
    }

    private static func people(
        _ accounts: [AccountID], in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> QueryPlan {
        var people: [Person] = []
        for account in accounts.prefix(ShardQuery.chatsMax) {
            if let person = try AccountQueries.person(account, in: shard, store) {
                people.append(person)
            }
        }
        return .answer(.people(people))
    }

    private static func members(
        of chat: ChatID, for account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> QueryPlan {
        guard let members = try ChatQueries.members(of: chat, for: account, in: shard, store)
        else { return .failed(.notFound) }
        return .answer(.members(members))
    }

    private static func banned(
        from chat: ChatID, for account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> QueryPlan {
        guard case .full(let role) = try ChatQueries.access(of: account, to: chat, in: shard, store)
        else { return .failed(.notFound) }
        guard role.mayAdminister else { return .failed(.noRight) }
        return .answer(.banned(try ChatQueries.banned(from: chat, in: shard, store)))
    }

    private static func stars(
        of account: AccountID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> QueryPlan {
        guard let inbox = try AccountQueries.inboxHead(of: account, in: shard, store) else {
            return .failed(.notFound)
        }
        return .range(AccountQueries.starsRange(of: account, in: shard)) {
            pairs throws(StorageError) in
            .stars(try AccountQueries.stars(from: pairs), inbox: inbox)
        }
    }

    private static func drafts(
        _ account: AccountID, of chat: ChatID?, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> QueryPlan {
        guard let inbox = try AccountQueries.inboxHead(of: account, in: shard, store) else {
            return .failed(.notFound)
        }
        guard let chat else {
            return .range(AccountQueries.draftsRange(of: account, in: shard)) {
                pairs throws(StorageError) in
                .drafts(try AccountQueries.drafts(from: pairs), inbox: inbox)
            }
        }
        let draft = try AccountQueries.draft(of: chat, for: account, in: shard, store)
        return .answer(.drafts(draft.map { [$0] } ?? [], inbox: inbox))
    }

    private static func chatSettings(
        _ account: AccountID, of chat: ChatID?, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> QueryPlan {
        guard let inbox = try AccountQueries.inboxHead(of: account, in: shard, store) else {
            return .failed(.notFound)
        }
        guard let chat else {
            return .range(AccountQueries.settingsRange(of: account, in: shard)) {
                pairs throws(StorageError) in
                .chatSettings(try AccountQueries.settings(from: pairs), inbox: inbox)
            }
        }
        let settings = try AccountQueries.settings(of: chat, for: account, in: shard, store)
        return .answer(
            .chatSettings([KeptSettings(chat: chat, settings: settings)], inbox: inbox))
    }

    private static func history(
        _ chat: ChatID, head: ChatHead, last: SequenceNumber, limitOfSight: SequenceNumber?,
        before: SequenceNumber?, after: SequenceNumber?, limit: Int, in shard: ShardID
    ) -> QueryPlan {
        let isForward = before == nil && after != nil
        let end = min(before ?? last.next, last.next)
        let range = ChatQueries.historyRange(
            of: chat, in: shard, after: after ?? .zero, before: end, isNewestFirst: !isForward,
            countMax: max(1, min(limit, pageMax)), bytesMax: rangeBytesMax)
        return .range(range) { pairs throws(StorageError) in
            let entries = (isForward ? pairs : pairs.reversed()).map(\.value)
            return .page(
                StoredPage(
                    epoch: head.epoch,
                    entries: try ChatQueries.seen(entries, through: limitOfSight), headSeq: last,
                    headN: last == head.seq ? head.n : .zero))
        }
    }

    private static func chatDifference(
        _ chat: ChatID, for account: AccountID, from cursor: LogCursor, in shard: ShardID,
        _ store: any ReadableStore
    ) throws(StorageError) -> QueryPlan {
        let access = try ChatQueries.access(of: account, to: chat, in: shard, store)
        guard let head = try ChatQueries.head(of: chat, in: shard, store),
            let last = access.last(of: head.seq)
        else { return .failed(.notFound) }
        let isEnd = access.limitOfSight != nil
        let from = position(of: cursor, epoch: head.epoch)
        if isEnd, from >= last { return .failed(.notMember) }
        let marks =
            isEnd
            ? nil
            : MarksFields(
                try ChatQueries.marks(
                    of: chat, since: cursor.epoch == head.epoch ? cursor.marksVersion : 0,
                    in: shard,
                    store))
        let visibleHead = ChatHead(
            epoch: head.epoch, seq: last, n: last == head.seq ? head.n : .zero,
            marksVersion: isEnd ? 0 : head.marksVersion)
        return difference(
            head: visibleHead, from: from, marks: marks, limitOfSight: access.limitOfSight,
            range: ChatQueries.historyRange(
                of: chat, in: shard, after: from, before: last.next, isNewestFirst: false,
                countMax: differenceEntriesMax, bytesMax: rangeBytesMax))
    }

    private static func inboxDifference(
        _ account: AccountID, from cursor: LogCursor, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> QueryPlan {
        guard let head = try AccountQueries.inboxHead(of: account, in: shard, store) else {
            return .failed(.notFound)
        }
        let from = position(of: cursor, epoch: head.epoch)
        return difference(
            head: ChatHead(epoch: head.epoch, seq: head.seq, n: .zero, marksVersion: 0), from: from,
            marks: nil, limitOfSight: nil,
            range: AccountQueries.inboxRange(
                of: account, in: shard, after: from, countMax: differenceEntriesMax,
                bytesMax: rangeBytesMax))
    }

    /// Where to begin: a position in another copy of the log is worth nothing.
    private static func position(of cursor: LogCursor, epoch: UInt64) -> SequenceNumber {
        cursor.epoch == epoch ? cursor.seq : .zero
    }

    private static func difference(
        head: ChatHead, from: SequenceNumber, marks: MarksFields?, limitOfSight: SequenceNumber?,
        range: KeyRange
    ) -> QueryPlan {
        let isEnd = limitOfSight != nil
        guard from < head.seq else {
            return .answer(
                .difference(
                    StoredDifference(
                        head: head, entries: [], marks: marks, hasMore: false, isEnd: isEnd)))
        }
        let distance = head.seq.rawValue - from.rawValue
        // Only of a chat: behind a gap of its inbox a client would not know its chats.
        let isForced = marks != nil && distance >= 5 && Perturbation.forcedGap.fires
        guard distance <= UInt64(differenceEntriesMax), !isForced else {
            return .answer(.gap(StoredGap(head: head, tail: from, marks: marks, isEnd: isEnd)))
        }
        return .range(range) { pairs throws(StorageError) in
            // The read may be newer than the head; what is beyond it is left for the next.
            let entries = pairs.prefix(Int(distance)).map(\.value)
            return .difference(
                StoredDifference(
                    head: head, entries: try ChatQueries.seen(entries, through: limitOfSight),
                    marks: marks,
                    hasMore: entries.count < Int(distance), isEnd: isEnd))
        }
    }
}

extension QueryPlan {
    /// A refusal.
    static func failed(_ code: FailureCode) -> QueryPlan { .answer(.failed(Failure(code))) }
}
