internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Wire

/// What people make of the answers to their operations.
extension Simulation {
    /// An operation was answered for good.
    func finish(_ operation: ClientOperation, _ response: ClientResponse) {
        close(operation)
        let person = people[operation.person]
        var hasSucceeded = true
        if case .failed(let failure) = response {
            hasSucceeded = expects(failure.code, of: operation)
            if case .post(_, let cmid, _) = operation.purpose {
                history.definiteErrors.refused(cmid, with: failure.code.rawValue)
            }
            if hasSucceeded { wasRefused(operation, failure) } else { report(operation, failure) }
        } else {
            use(response, of: operation, person)
        }
        guard operation.counts else { return }
        if hasSucceeded {
            counters.operationsSucceeded += 1
        } else {
            fail("\(operation.request.word)", of: operation.person, since: operation.begun)
        }
    }

    /// Nobody waits for the answer any longer; whether it was done is not known.
    func gaveUp(_ operation: ClientOperation) {
        if case .crowd(let number) = operation.purpose { endCrowdStep(of: number) }
    }

    private func report(_ operation: ClientOperation, _ failure: Failure) {
        history.report(
            "sense",
            "\(operation.request.word) of client \(operation.person) was refused: "
                + "\(failure.code.rawValue)")
    }

    private func answersDeleted(_ request: ClientRequest) -> Bool {
        guard case .send(_, let chat, _, let replyTo?, _) = request else { return false }
        return history.deletions.isAsked(replyTo, in: chat)
    }

    private func pinsDeleted(_ request: ClientRequest) -> Bool {
        guard case .pin(_, let place, _, _) = request else { return false }
        return history.deletions.isAsked(place.seq, in: place.chat)
    }

    /// Whether this refusal is the right answer.
    private func expects(_ code: FailureCode, of operation: ClientOperation) -> Bool {
        let person = people[operation.person]
        let isGone = operation.purpose.chat.map { mayBeOver($0, for: person) } ?? false
        if isGone, [.notFound, .notMember, .banned].contains(code) { return true }
        if expectsPasswordRefusal(code, of: operation) { return true }
        if let chat = operation.purpose.chat,
            history.authorisation.mayLackRights(code.rawValue, in: chat)
        {
            return true
        }
        if let isExpected = expectsOfLink(code, operation.purpose) { return isExpected }
        return switch operation.purpose {
        case .probe, .searchProbe: [.notFound, .notMember, .forbidden].contains(code)
        // Some are members, who may; whether they were is for the log to say.
        case .renameForeign: [.noRight, .nameTaken, .notFound, .notMember].contains(code)
        case .rights: [.noRight, .notFound, .notMember, .banned, .forbidden].contains(code)
        case .nonsense(let codes): codes.contains(code)
        case .createPublic where code == .nameTaken: true
        // It was made, seen in its maker's list and deleted before the answer came.
        case .create, .createPublic: code == .notFound && !deletedChats.isEmpty
        case .rename: code == .nameTaken
        // It was over already.
        case .remove: code == .notFound
        case .pin(let chat):
            code == .tooManyPins || code == .noRight && publicChats.contains(chat)
                || code == .messageDeleted && pinsDeleted(operation.request)
        case .setChat(_, let change): change.isPinned == true && code == .tooManyPinnedChats
        case .finalName(_, let isTaken): isTaken && code == .nameTaken
        case .post: code == .badReply && answersDeleted(operation.request)
        default: false
        }
    }

    private func wasRefused(_ operation: ClientOperation, _ failure: Failure) {
        switch operation.purpose {
        case .nonsense: counters.nonsenseRefused += 1
        case .createPublic, .rename: if failure.code == .nameTaken { counters.namesRefused += 1 }
        default: break
        }
    }

    private func use(
        _ response: ClientResponse, of operation: ClientOperation, _ person: SimulatedPerson
    ) {
        if useKept(response, of: operation, person) { return }
        if useLinks(response, of: operation, person) { return }
        if usePassword(response, of: operation, person) { return }
        switch (operation.purpose, response) {
        case (.requestCode, _), (.signIn, _), (.profile, _), (.firstChats, _):
            signUp(person, goesOnWith: response, of: operation)
        case (.create, .chat(let chat, _)): made(chat.id, by: person.owner)
        case (.createPublic, .chat(let chat, _)):
            made(chat.id, by: person.owner)
            if !publicChats.contains(chat.id) { publicChats.append(chat.id) }
        case (.history(let chat), .page(let page)), (.probe(let chat), .page(let page)),
            (.finalHistory(let chat), .page(let page)):
            if !history.authorisation.mayHaveEnded(person.account, in: chat) {
                history.linearizableReads.read(
                    head: page.head.seq, of: chat, begunAt: operation.known)
            }
            show(page, of: chat, to: person, operation)
        case (.search(let wish), .found(let found)):
            let mayBeGone =
                history.deletions.isAsked(wish.seq, in: wish.chat)
                || deletedChats.contains(wish.chat)
                || history.authorisation.mayHaveEnded(person.account, in: wish.chat)
            history.search.answered(
                found, to: wish, mayBeGone: mayBeGone, by: "client \(person.index)")
            show(found, to: person)
        case (.searchProbe, .found(let found)): show(found, to: person)
        case (.chats, .chats(let chats, _)): list(chats, floors: operation.listFloors, to: person)
        case (.finalChats, .chats(let chats, _)):
            list(chats, floors: operation.listFloors, to: person)
            judge(chats, of: person)
        case (.post(let chat, let cmid, let isRepetition), .receipt(let receipt)):
            posted(receipt, cmid, in: chat, isRepetition ? nil : operation.floor, person)
        case (.revoke(let number), .done): revoked(number)
        case (.crowd(let number), _): advanceCrowd(number, response, person)
        case (.finalMembers(let chat), .chat(let found, let members)):
            judgeCrowd(found, members, of: chat)
        case (.finalName(let name, let isTaken), .chat):
            if isTaken { history.report("names", "two chats are called \(name)") }
        case (.invite, .person), (.rename, .renamed), (.delete, .receipt), (.me, .account),
            (.remove, .receipt), (.renameForeign, .renamed), (.star, .done), (.pin, .receipt),
            (.liveness, .codeRequested), (.setLastSeenRule, .account):
            break
        case (.open(let friend), .chat(let chat, _)):
            if let account = person.account {
                history.directChats.opened(chat, by: account, with: friend)
            }
        case (.lookAgain(let id), .chat(let chat, _)):
            if chat.role != .visitor, person.isStarted { met(id, person) }
        case (.rights, .receipt), (.rights, .renamed), (.rights, .banned):
            counters.rightsChanged += 1
        case (.nonsense(let codes), _):
            history.report(
                "refusals", "\(operation.request.word) was not refused with \(codes): \(response)")
        default:
            history.report("sense", "\(operation.request.word) was answered \(response)")
        }
    }

    /// An account has made a chat, as an answer or its log says.
    func made(_ chat: ChatID, by owner: SimulatedAccount) {
        guard !owner.own.contains(chat), !deletedChats.contains(chat) else { return }
        owner.own.append(chat)
    }

    private func posted(
        _ receipt: Receipt, _ cmid: MessageID, in chat: ChatID, _ floor: SequenceNumber?,
        _ person: SimulatedPerson
    ) {
        counters.acks += 1
        history.exactlyOnce.saw(cmid, in: chat, at: receipt.seq)
        history.durability.acked(cmid, in: chat, at: receipt.seq)
        history.definiteErrors.saw(cmid, in: chat)
        history.linearizableReads.acked(receipt.seq, in: chat)
        if let floor { history.realTimeOrder.acked(receipt.seq, in: chat, begunAt: floor) }
        if let account = person.account {
            history.unreadCounts.read(receipt.n, of: chat, by: account)
        }
    }

    private func show(_ found: FoundMessages, to person: SimulatedPerson) {
        for hit in found.hits {
            history.saw(
                hit.entry, in: .chat(hit.chat), by: person.account, "a hit of \(person.index)")
        }
    }

    private func show(
        _ page: EntryPage, of chat: ChatID, to person: SimulatedPerson,
        _ operation: ClientOperation
    ) {
        for (left, right) in zip(page.entries, page.entries.dropFirst())
        where left.seq.next != right.seq {
            history.report("dense order", "a page of \(chat) has \(right.seq) after \(left.seq)")
        }
        for entry in page.entries {
            history.saw(entry, in: .chat(chat), by: person.account, "a page for \(person.index)")
        }
        // Who may have left has an older copy, or none, and is told nothing of what changed since.
        if history.authorisation.mayHaveEnded(person.account, in: chat) { return }
        var isQuiet = false
        if case .finalHistory = operation.purpose { isQuiet = true }
        history.refetch.fetched(
            page.entries, head: page.head.seq, of: chat, by: person.index, isQuiet: isQuiet)
        if case .finalHistory = operation.purpose { refetchMore(of: chat, before: page, person) }
    }
}
