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

    /// Begins an operation.
    func ask(
        _ request: ClientRequest, for purpose: ClientOperation.Purpose, by person: SimulatedPerson,
        counts: Bool = true
    ) {
        let id = nextOperation
        nextOperation += 1
        let isList = purpose == .chats || purpose == .finalChats
        operations[id] = ClientOperation(
            id: id, person: person.index, purpose: purpose, request: request, begun: cluster.now,
            floor: purpose.chat.map { history.realTimeOrder.begin(in: $0) } ?? .zero,
            known: purpose.chat.map { history.linearizableReads.begin(in: $0) } ?? .zero,
            listFloors: isList ? listFloors(of: person) : [],
            counts: phase == .safety && counts)
        openOperations.append(id)
        attempt(id)
    }

    /// Tries an operation on some node.
    func attempt(_ id: UInt64) {
        guard var operation = operations[id] else { return }
        let person = people[operation.person]
        // Whether the core can do something is asked there; people do not know who is in it.
        let isOfCore = operation.purpose == .liveness
        let reachable = (isOfCore ? judged : cluster.nodes).filter { $0.id != nil }
        operation.attempt += 1
        operation.node =
            reachable[
                Int(person.generator.next(upperBound: UInt64(reachable.count)))
            ].name
        if core != nil, !isOfCore, operation.attempt > 1 {
            // By now whoever asks takes all in turn, as a client with a list of addresses does.
            let last = operations[id]?.node ?? 0
            operation.node = (reachable.first { $0.name > last } ?? reachable[0]).name
        }
        operation.isWaiting = true
        operations[id] = operation
        let number = id << 8 | operation.attempt & 0xFF
        let latency = latency()
        if !isCutOff(operation) {
            cluster.queue.schedule(
                .arrival(operation.node, .request(number, operation.request)),
                at: cluster.now + latency)
        }
        cluster.schedule(.timeout(number), after: Self.attemptPatience)
    }

    /// A node answers a request of its host.
    func respond(_ number: UInt64, _ response: ClientResponse) {
        if let socket = upgrades.removeValue(forKey: number) {
            return finishUpgrade(socket, response)
        }
        if let operation = operations[number >> 8], isCutOff(operation) { return }
        cluster.schedule(.answer(number, response), after: latency())
    }

    /// Every request that the node had is lost.
    func failRequests(at node: Int) {
        for id in openOperations {
            guard let operation = operations[id], operation.node == node, operation.isWaiting,
                !isCutOff(operation)
            else { continue }
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
        case .failed(let failure)?:
            note(failure.code.rawValue, saidBy: cluster.nodes[operation.node])
            pause = max(pause, failure.retryAfter ?? .zero)
            // Who asks too often is told to wait, whatever the cluster could do.
            if failure.code == .tooMany {
                operations[id]?.heldBack = operation.heldBack + pause
            } else {
                noteVainTry(of: operation, failure.code.rawValue)
            }
        case nil: noteVainTry(of: operation, "no answer")
        case .some(let response): return finish(operation, response)
        }
        let heldBack = operations[id]?.heldBack ?? .zero
        if cluster.now - operation.begun > Self.patience + heldBack {
            if operation.counts {
                fail(
                    "\(operation.request.word) has no answer", of: operation.person,
                    since: operation.begun)
                operations[id]?.counts = false
            }
            if !operation.purpose.isEssential {
                close(operation)
                return gaveUp(operation)
            }
        }
        cluster.schedule(.retry(id), after: pause)
    }

    private func noteVainTry(of operation: ClientOperation, _ word: String) {
        guard phase == .safety else { return }
        history.availability.triedInVain(
            "\(operation.request.word) of client \(operation.person) at node "
                + "\(operation.node): \(word)")
    }

    /// An operation failed, as far as whoever wanted it is concerned.
    func fail(_ words: String, of person: Int, since begun: Instant) {
        counters.fail(words)
        history.availability.failed("\(words), of client \(person), begun at \(begun)")
    }

    func close(_ operation: ClientOperation) {
        operations[operation.id] = nil
        openOperations.removeAll { $0 == operation.id }
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
