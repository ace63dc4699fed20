internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Registry
internal import Wire

/// What people want of the HTTP interface: an operation is tried on any node, with the same id,
/// until it is answered for good.
extension Simulation {
    /// What takes longer has failed, as far as a person is concerned.
    static let patience = Interval.seconds(30)
    private static let attemptPatience = Interval.seconds(12)

    private func latency() -> Interval {
        Interval.milliseconds(1).jittered(by: .milliseconds(30), using: &networkGenerator)
    }

    /// Begins an operation.
    func ask(
        _ request: ClientRequest, for purpose: ClientOperation.Purpose, by person: SimulatedPerson
    ) {
        let id = nextOperation
        nextOperation += 1
        var floor = SequenceNumber.zero
        if case .history(let chat) = purpose { floor = history.realTimeOrder.begin(in: chat) }
        operations[id] = ClientOperation(
            id: id, person: person.index, purpose: purpose, request: request, begun: cluster.now,
            floor: floor, counts: phase == .safety)
        openOperations.append(id)
        attempt(id)
    }

    /// Tries an operation on some node.
    func attempt(_ id: UInt64) {
        guard var operation = operations[id] else { return }
        let person = people[operation.person]
        let reachable = cluster.nodes.filter { $0.id != nil }
        operation.attempt += 1
        operation.node =
            reachable[
                Int(person.generator.next(upperBound: UInt64(reachable.count)))
            ].name
        operation.isWaiting = true
        operations[id] = operation
        let number = id << 8 | operation.attempt & 0xFF
        cluster.queue.schedule(
            .arrival(operation.node, .request(number, operation.request)),
            at: cluster.now + latency())
        cluster.schedule(.timeout(number), after: Self.attemptPatience)
    }

    /// A node answers a request of its host.
    func respond(_ number: UInt64, _ response: ClientResponse) {
        if let socket = upgrades.removeValue(forKey: number) {
            return finishUpgrade(socket, response)
        }
        cluster.schedule(.answer(number, response), after: latency())
    }

    /// Every request that the node had is lost.
    func failRequests(at node: Int) {
        for id in openOperations {
            guard let operation = operations[id], operation.node == node, operation.isWaiting else {
                continue
            }
            cluster.schedule(
                .answer(id << 8 | operation.attempt & 0xFF, nil), after: latency())
        }
    }

    /// The answer to a try reaches the client; nil when there is none.
    func answered(_ number: UInt64, _ response: ClientResponse?) {
        let id = number >> 8
        guard let operation = operations[id], operation.isWaiting,
            operation.attempt & 0xFF == number & 0xFF
        else { return }
        operations[id]?.isWaiting = false
        let person = people[operation.person]
        var pause = Interval.milliseconds(200).jittered(
            by: .milliseconds(500), using: &person.generator)
        switch response {
        case .failed(let failure)? where !failure.isRetryable:
            return finish(operation, .failed(failure))
        case .failed(let failure)?: pause = max(pause, failure.retryAfter ?? .zero)
        case nil: break
        case .some(let response): return finish(operation, response)
        }
        if cluster.now - operation.begun > Self.patience {
            if operation.counts {
                counters.fail("\(operation.request.word) has no answer")
                operations[id]?.counts = false
            }
            if !operation.purpose.isEssential { return close(operation) }
        }
        cluster.schedule(.retry(id), after: pause)
    }

    private func close(_ operation: ClientOperation) {
        operations[operation.id] = nil
        openOperations.removeAll { $0 == operation.id }
    }

    private func finish(_ operation: ClientOperation, _ response: ClientResponse) {
        close(operation)
        let person = people[operation.person]
        var hasSucceeded = true
        if case .failed(let failure) = response {
            hasSucceeded = operation.expects(failure.code)
            if !hasSucceeded { refused(operation, failure) }
        } else {
            use(response, of: operation, person)
        }
        guard operation.counts else { return }
        if hasSucceeded {
            counters.operationsSucceeded += 1
        } else {
            counters.fail("\(operation.request.word)")
        }
    }

    private func refused(_ operation: ClientOperation, _ failure: Failure) {
        history.report(
            "sense",
            "\(operation.request.word) of client \(operation.person) was refused: "
                + "\(failure.code.rawValue)")
    }

    private func use(
        _ response: ClientResponse, of operation: ClientOperation, _ person: SimulatedPerson
    ) {
        switch (operation.purpose, response) {
        case (.requestCode, .codeRequested): signIn(person)
        case (.signIn, .signedIn(let account, let session)):
            person.account = account.id
            person.session = session
            ask(
                .setProfile(
                    account.id, name: "Person \(person.index)", username: person.username,
                    cmid: freshID(of: person)), for: .profile, by: person)
        case (.profile, .account(let account)):
            if account.username != person.username {
                history.report("sense", "\(person.username) is called \(account)")
            }
            ask(.chats(account.id), for: .firstChats, by: person)
        case (.firstChats, .chats(let chats, _)): start(person, with: chats)
        case (.create, .chat(let chat, _)): person.own.append(chat.id)
        case (.history(let chat), .page(let page)), (.probe(let chat), .page(let page)):
            history.realTimeOrder.read(head: page.head.seq, of: chat, begunAt: operation.floor)
            show(page, of: chat, to: person)
        case (.finalChats, .chats(let chats, _)): judge(chats, of: person)
        case (.invite, .person), (.chats, .chats), (.rename, .renamed), (.me, .account): break
        case (.renameForeign, _):
            history.report("authorisation", "client \(person.index) renamed another's chat")
        default:
            history.report("sense", "\(operation.request.word) was answered \(response)")
        }
    }

    private func show(_ page: EntryPage, of chat: ChatID, to person: SimulatedPerson) {
        for (left, right) in zip(page.entries, page.entries.dropFirst())
        where left.seq.next != right.seq {
            history.report("dense order", "a page of \(chat) has \(right.seq) after \(left.seq)")
        }
        for entry in page.entries {
            history.saw(entry, in: .chat(chat), by: person.account, "a page for \(person.index)")
        }
    }

    func freshID(of person: SimulatedPerson) -> MessageID {
        MessageID(milliseconds: cluster.wall.milliseconds, using: &person.generator)
    }

    // MARK: Signing up

    /// Begins what leads to a session.
    func signUp(_ person: SimulatedPerson) {
        ask(
            .requestCode(
                phone: person.phone, codeHash: codeHash(of: person), cmid: freshID(of: person)),
            for: .requestCode, by: person)
    }

    private func codeHash(of person: SimulatedPerson) -> [UInt8] {
        SimulatedDigest().digest(Array("code of \(person.phone)".utf8))
    }

    private func signIn(_ person: SimulatedPerson) {
        ask(
            .signIn(
                SignIn(
                    phone: person.phone, codeHash: codeHash(of: person), device: "simulated",
                    newAccount: AccountID(using: &person.generator),
                    session: SessionID(using: &person.generator),
                    secretHash: SimulatedDigest().digest(person.secret),
                    cmid: freshID(of: person))), for: .signIn, by: person)
    }

    private func start(_ person: SimulatedPerson, with chats: [ClientChat]) {
        let urls = cluster.nodes.filter { $0.id != nil }.map(\.clientURL)
        person.home = urls[Int(person.generator.next(upperBound: UInt64(urls.count)))]
        person.isStarted = true
        history.delivery.follows(.inbox, after: .zero, by: person.index)
        feed(
            .start(
                ClientStart(
                    home: person.home, nodes: urls, hasCookies: person.usesCookie,
                    bearer: person.usesCookie ? nil : person.token, inbox: .nothing)), to: person)
        for room in rooms { met(room.chat, person) }
    }
}

extension ClientOperation {
    /// Whether this refusal is the right answer.
    func expects(_ code: FailureCode) -> Bool {
        switch purpose {
        case .probe: [.notFound, .notMember, .forbidden].contains(code)
        case .renameForeign: [.notCreator, .notFound, .notMember, .forbidden].contains(code)
        default: false
        }
    }
}

extension ClientRequest {
    /// What is asked, in one word.
    var word: String {
        String(String(describing: self).prefix { $0 != "(" })
    }
}

extension SimulationCounters {
    /// An operation failed.
    mutating func fail(_ words: String) {
        operationsFailed += 1
        failureCodes[words, default: 0] += 1
    }
}
