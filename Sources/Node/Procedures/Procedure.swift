internal import Chat
package import Determinism
package import Identity
internal import Wire

/// What a procedure wants next.
package enum ProcedureStep: Sendable {
    /// Ask these shards, all at once; the procedure goes on when every one has answered, with the
    /// answers in the same order. At most ``Procedure/requestsMax``.
    case run([(ShardKey, ShardRequest)])
    /// It is over.
    case done(ClientResponse)
}

/// A client's request as the steps that it takes: which shards are asked, and what is made of their
/// answers.
///
/// Pure: the node carries out the steps. Every command in it has an id that is a function of the
/// client's `cmid`, so that a procedure that is begun anew, on any node, finds its first results. A
/// crash between two steps leaves nothing half done for good: what must follow a claim travels with
/// it, in the outbox of the claim's shard.
package struct Procedure: Sendable {
    /// Requests of one step.
    package static let requestsMax = 64

    private let request: ClientRequest
    private let context: ProcedureContext
    private var waiting: (count: Int, then: Flow.Continuation)?

    /// A procedure for `request`; `wall` is the proposer's clock for all its commands. With
    /// `shardCount`, questions about many chats or people are put together by shard.
    package init(
        _ request: ClientRequest, wall: WallTime, publicRooms: [ChatID], shardCount: UInt32? = nil
    ) {
        self.request = request
        context = ProcedureContext(wall: wall, publicRooms: publicRooms, shardCount: shardCount)
    }

    /// The first step.
    package mutating func start() -> ProcedureStep { take(context.flow(of: request)) }

    /// The next step, after all answers of the last one.
    package mutating func resume(with responses: [ShardResponse]) -> ProcedureStep {
        guard let (count, then) = waiting, count == responses.count else {
            return .done(.failed(Failure(.internal)))
        }
        waiting = nil
        return take(then(responses))
    }

    private mutating func take(_ flow: Flow) -> ProcedureStep {
        switch flow {
        case .run(let requests, let then):
            precondition(
                !requests.isEmpty && requests.count <= Procedure.requestsMax, "a step is bounded")
            waiting = (requests.count, then)
            return .run(requests)
        case .done(let response): return .done(response)
        }
    }
}

/// What all steps of a procedure know.
struct ProcedureContext: Sendable {
    let wall: WallTime
    let publicRooms: [ChatID]
    let shardCount: UInt32?

    func flow(of request: ClientRequest) -> Flow {
        switch request {
        case .requestCode(let phone, let codeHash, let cmid):
            requestCode(phone, codeHash, cmid)
        case .signIn(let signIn): self.signIn(signIn)
        case .authenticate(let account, let session, let secretHash):
            authenticate(account, session, secretHash)
        case .redeemTicket(let exchange): redeem(exchange)
        case .me(let account): me(account)
        case .setProfile(let account, let name, let username, let cmid):
            setProfile(account, name: name, username: username, cmid)
        case .setLastSeenRule(let account, let rule, let cmid):
            setLastSeenRule(account, rule, cmid)
        case .people(let accounts, _): people(accounts)
        case .sessions(let account): sessions(account)
        case .closeSession(let account, let session, let cmid):
            closeSession(account, session, cmid)
        case .star(let account, let place, let isOn, let cmid):
            star(account, place, isOn: isOn, cmid)
        case .stars(let account): stars(account)
        case .closeAllSessions(let account, let cmid): closeAllSessions(account, cmid)
        case .chats(let account): chats(account)
        case .chat(let account, let chat): self.chat(account, chat)
        case .createChat(let account, let kind, let name, let fullName, let cmid):
            createChat(account, kind, name: name, fullName: fullName, cmid)
        case .openChat(let account, let invitee, let cmid):
            openChat(account, with: invitee, cmid)
        case .renameChat(let account, let chat, let name, let fullName, let cmid):
            renameChat(account, chat, name: name, fullName: fullName, cmid)
        case .deleteChat(let account, let chat, let cmid):
            receipt(chat, cmid, by: account, .delete)
        case .invite(let account, let chat, let invitee, let cmid):
            invite(account, chat, invitee, cmid)
        case .removeMember(let account, let chat, let member, let cmid):
            receipt(chat, cmid, by: account, .removeMember(member))
        case .history(let account, let chat, let before, let after, let limit):
            history(account, chat, before: before, after: after, limit: limit)
        case .search(let account, let search): self.search(account, search)
        case .difference(let account, let log, let cursor): difference(account, log, cursor)
        case .send(let account, let chat, let text, let replyTo, let cmid):
            receipt(chat, cmid, by: account, .send(text: text, replyTo: replyTo))
        case .forward(let account, let chat, let source, let cmid):
            forward(account, source, to: chat, cmid)
        case .edit(let account, let chat, let target, let text, let cmid):
            receipt(chat, cmid, by: account, .edit(target: target, text: text))
        case .deleteMessage(let account, let chat, let target, let cmid):
            receipt(chat, cmid, by: account, .deleteMessage(target))
        case .mark(let account, let chat, let n): mark(account, chat, n)
        case .setRole, .setOwner, .ban, .banned, .describeChat, .setPermissions:
            roleFlow(of: request)
        case .react(let account, let chat, let target, let emoji, let cmid):
            receipt(chat, cmid, by: account, .react(to: target, emoji: emoji))
        case .pin(let account, let place, let isOn, let cmid):
            receipt(place.chat, cmid, by: account, .pin(place.seq, isOn: isOn))
        case .makeLink, .links, .revokeLink, .invitation, .join: linkFlow(of: request)
        case .setChat(let account, let chat, let change, let cmid):
            setChat(account, chat, change, cmid)
        case .chatSettings(let account): chatSettings(account)
        case .setDraft(let account, let chat, let text, let replyTo, let cmid):
            setDraft(account, chat, text, replyTo, cmid)
        case .drafts(let account, let chat): drafts(account, of: chat)
        case .password(let owner): password(owner)
        case .signUp(let new): signUp(new)
        case .signInByPassword(let signIn): self.signIn(signIn)
        case .setPassword(let account, let change, let cmid): setPassword(account, change, cmid)
        case .setPhone(let account, let phone, let codeHash, let cmid):
            setPhone(account, phone, codeHash, cmid)
        }
    }
}

/// A step and what comes after it.
enum Flow: Sendable {
    typealias Continuation = @Sendable ([ShardResponse]) -> Flow

    case run([(ShardKey, ShardRequest)], then: Continuation)
    case done(ClientResponse)

    /// The end without a result.
    static func failed(_ code: FailureCode) -> Flow { .done(.failed(Failure(code))) }

    /// One question; a failure ends the procedure.
    static func ask(
        _ key: ShardKey, _ query: ShardQuery, then: @escaping @Sendable (ShardResponse) -> Flow
    ) -> Flow {
        .run([(key, .query(query))]) { responses in unlessFailed(responses[0], then) }
    }

    /// One command; a failure ends the procedure.
    static func command(
        _ command: ShardCommand, then: @escaping @Sendable (ShardResponse) -> Flow
    ) -> Flow {
        guard let key = command.key else { return .failed(.internal) }
        return .run([(key, .command(command))]) { responses in unlessFailed(responses[0], then) }
    }

    private static func unlessFailed(
        _ response: ShardResponse, _ then: (ShardResponse) -> Flow
    ) -> Flow {
        if case .failed(let failure) = response { .done(.failed(failure)) } else { then(response) }
    }

    /// Many questions, a bounded number at a time; the first failure ends the procedure.
    static func askAll(
        _ questions: [(ShardKey, ShardQuery)], answers: [ShardResponse] = [],
        then: @escaping @Sendable ([ShardResponse]) -> Flow
    ) -> Flow {
        guard !questions.isEmpty else { return then(answers) }
        let now = questions.prefix(Procedure.requestsMax).map { ($0.0, ShardRequest.query($0.1)) }
        let later = Array(questions.dropFirst(Procedure.requestsMax))
        return .run(now) { responses in
            for response in responses {
                if case .failed(let failure) = response { return .done(.failed(failure)) }
            }
            return askAll(later, answers: answers + responses, then: then)
        }
    }
}

extension ProcedureContext {
    /// Groups things by shard, if the shards are known, into lists of at most
    /// ``ShardQuery/chatsMax``; each list has the key of its first.
    func grouped<Thing: Sendable>(
        _ things: [Thing], key: (Thing) -> ShardKey
    ) -> [(ShardKey, [Thing])] {
        guard let shardCount else { return things.map { (key($0), [$0]) } }
        var groups: [(key: ShardKey, shard: ShardID, things: [Thing])] = []
        // The newest group of each shard, by its place; looked up only.
        var places: [ShardID: Int] = [:]
        for thing in things {
            let thingKey = key(thing)
            let shard = thingKey.shard(count: shardCount)
            if let place = places[shard], groups[place].things.count < ShardQuery.chatsMax {
                groups[place].things.append(thing)
            } else {
                places[shard] = groups.count
                groups.append((thingKey, shard, [thing]))
            }
        }
        return groups.map { ($0.key, $0.things) }
    }
}
