internal import Accounts
internal import Chat
internal import Determinism
internal import Identity
internal import Search
internal import Storage
internal import Wire

// Searching messages: names are resolved, then every shard that has chats of the account is asked
// at once, and what they have found is put in one order.
extension ProcedureContext {
    /// Chats of which the members are looked through for somebody's name.
    private static let chatsForNamesMax = 64

    func search(_ account: AccountID, _ search: MessageSearch) -> Flow {
        let query: SearchQuery
        do throws(SearchQueryError) {
            query = try SearchQuery(search.text, zone: search.zone)
        } catch {
            if case .badDate = error { return .failed(.badDate) }
            return .failed(.badSearch)
        }
        guard search.chat == nil || query.chats.isEmpty else { return .failed(.badSearch) }
        let after = search.cursor.flatMap { SearchPosition(cursor: $0) }
        guard after != nil || search.cursor == nil else { return .failed(.badRequest) }
        let context = self
        return chats(of: account, search, query) { chats in
            context.senders(query, for: account, in: chats) { senders in
                let criteria = SearchCriteria(
                    words: query.words, senders: senders, facts: query.facts)
                return context.find(criteria, for: account, in: chats, search, after: after)
            }
        }
    }

    // MARK: Where and by whom

    /// The chats to search: the one that is named, or those of the account's list and the public
    /// rooms, as far as the query names them.
    private func chats(
        of account: AccountID, _ search: MessageSearch, _ query: SearchQuery,
        then: @escaping @Sendable ([ChatID]) -> Flow
    ) -> Flow {
        if let chat = search.chat { return then([chat]) }
        let context = self
        return .ask(ShardKey(account), .chatList(account)) { response in
            guard case .chatList(let listed, _) = response else { return .failed(.internal) }
            let own = Set(listed)
            let all = listed + context.publicRooms.filter { !own.contains($0) }
            guard !query.chats.isEmpty else { return then(all) }
            let questions = context.grouped(all) { ShardKey($0) }
                .map { ($0.0, ShardQuery.summaries($0.1, for: account)) }
            return .askEach(questions) { responses in
                var named: Set<ChatID> = []
                for case .summaries(let summaries) in responses {
                    for summary in summaries
                    where query.chats.contains(where: { typed in
                        SearchName.matches(typed, summary.name)
                            || SearchName.matches(typed, summary.fullName)
                    }) {
                        named.insert(summary.chat)
                    }
                }
                return then(all.filter { named.contains($0) })
            }
        }
    }

    /// Whom `from:` names, by username or by name among the members of the chats; nil for anybody.
    private func senders(
        _ query: SearchQuery, for account: AccountID, in chats: [ChatID],
        then: @escaping @Sendable ([AccountID]?) -> Flow
    ) -> Flow {
        guard !query.senders.isEmpty else { return then(nil) }
        let own = query.senders.contains { $0.lowercased() == "me" } ? [account] : []
        let names = query.senders.filter { $0.lowercased() != "me" }
            .map { $0.hasPrefix("@") ? String($0.dropFirst()) : $0 }
        let claims = names.filter {
            !$0.isEmpty && $0.utf8.count <= AccountLimits.claimBytesMax
        }.map { ClaimKey.name($0) }
        guard !names.isEmpty else { return then(own) }
        let context = self
        return .askEach(claims.map { (ShardKey($0), .owner($0)) }) { responses in
            let owners = responses.compactMap { response in
                if case .owner(.some(.account(let person))) = response { person } else { nil }
            }
            return context.members(of: chats, for: account) { members in
                context.people(members, called: names) { then(own + owners + $0) }
            }
        }
    }

    private func members(
        of chats: [ChatID], for account: AccountID,
        then: @escaping @Sendable ([AccountID]) -> Flow
    ) -> Flow {
        let questions = chats.prefix(Self.chatsForNamesMax).map {
            (ShardKey($0), ShardQuery.members($0, for: account))
        }
        return .askEach(questions) { responses in
            var members: [AccountID] = []
            var known: Set<AccountID> = []
            for case .members(let some) in responses {
                for member in some where known.insert(member.account).inserted {
                    members.append(member.account)
                }
            }
            return then(members)
        }
    }

    private func people(
        _ accounts: [AccountID], called names: [String],
        then: @escaping @Sendable ([AccountID]) -> Flow
    ) -> Flow {
        let questions = grouped(accounts) { ShardKey($0) }.map { ($0.0, ShardQuery.people($0.1)) }
        return .askEach(questions) { responses in
            var found: [AccountID] = []
            for case .people(let people) in responses {
                for person in people
                where names.contains(where: { SearchName.matches($0, person.name) }) {
                    found.append(person.account)
                }
            }
            return then(found)
        }
    }

    // MARK: The hits

    private func find(
        _ criteria: SearchCriteria, for account: AccountID, in chats: [ChatID],
        _ search: MessageSearch, after: SearchPosition?
    ) -> Flow {
        let questions = grouped(chats) { ShardKey($0) }.map { key, chats in
            let part = ShardSearch(
                chats, for: account, criteria, after: after, limit: search.limit)
            return (key, ShardQuery.search(part))
        }
        return .askEach(questions) { responses in
            var merge = HitMerge(limit: search.limit, for: account)
            for response in responses {
                if let failure = merge.add(response), search.chat != nil {
                    return .done(.failed(failure))
                }
            }
            return merge.flow()
        }
    }
}

/// The hits of several shards on their way to one page.
private struct HitMerge {
    let limit: Int
    let account: AccountID
    private var hits: [(position: SearchPosition, hit: FoundMessage)] = []
    private var reached: SearchPosition?
    private var failures: [Failure] = []
    private var answerCount = 0

    init(limit: Int, for account: AccountID) {
        self.limit = limit
        self.account = account
    }

    /// Takes the answer of a shard; why there is none.
    mutating func add(_ response: ShardResponse) -> Failure? {
        switch response {
        case .hits(let stored):
            for hit in stored.hits {
                guard
                    let entry = try? ClientEntry(
                        stored: hit.entry, of: .chat(hit.chat), for: account)
                else {
                    failures.append(Failure(.internal))
                    return failures.last
                }
                hits.append(
                    (
                        SearchPosition(time: entry.time, chat: hit.chat),
                        FoundMessage(chat: hit.chat, entry: entry, marks: hit.marks)
                    ))
            }
            answerCount += 1
            if let end = stored.reached { reached = min(reached ?? end, end) }
            return nil
        case .failed(let failure) where failure.code == .notFound:
            // The only chat that was asked for there is not to be seen.
            answerCount += 1
            return failure
        case .failed(let failure):
            failures.append(failure)
            return failure
        default:
            failures.append(Failure(.internal))
            return failures.last
        }
    }

    /// The page: what is after the place up to which all is known is left for the next.
    func flow() -> Flow {
        if answerCount == 0, let failure = failures.first { return .done(.failed(failure)) }
        let known = hits.sorted { $0.position < $1.position }
            .filter { hit in reached.map { hit.position <= $0 } ?? true }
        let page = known.prefix(limit)
        var next = reached
        if let last = page.last?.position, known.count > limit { next = last }
        return .done(
            .found(
                FoundMessages(
                    hits: page.map(\.hit), next: next?.cursor, isPartial: !failures.isEmpty)))
    }
}

extension Flow {
    /// Many questions, a bounded number at a time; what fails is among the answers.
    fileprivate static func askEach(
        _ questions: [(ShardKey, ShardQuery)], answers: [ShardResponse] = [],
        then: @escaping @Sendable ([ShardResponse]) -> Flow
    ) -> Flow {
        guard !questions.isEmpty else { return then(answers) }
        let now = questions.prefix(Procedure.requestsMax).map { ($0.0, ShardRequest.query($0.1)) }
        let later = Array(questions.dropFirst(Procedure.requestsMax))
        return .run(now) { responses in askEach(later, answers: answers + responses, then: then) }
    }
}

extension SearchPosition {
    /// The form that clients carry from page to page.
    fileprivate var cursor: String { "\(time.milliseconds)-\(chat.text)" }

    /// Reads ``cursor``; nil for anything else.
    fileprivate init?(cursor: String) {
        let parts = cursor.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let time = UInt64(parts[0]), time < 1 << 50,
            let chat = ChatID(text: parts[1])
        else { return nil }
        self.init(time: WallTime(milliseconds: time), chat: chat)
    }
}
