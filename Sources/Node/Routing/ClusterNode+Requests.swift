internal import Determinism
internal import Identity
internal import Raft
internal import Registry
internal import Storage
internal import Wire

/// Requests to shards: this node's own on their way to the leader, and those that it runs as
/// leader.
extension ClusterNode {
    /// Sends an encoded request to the leader of `shard`, again and again until it answers or the
    /// request's patience ends, that of the settings unless another is given.
    mutating func request(
        _ shard: ShardID, _ bytes: [UInt8], origin: RequestRouter.Origin,
        patience: Interval? = nil
    ) throws(StorageError) {
        guard router.count < settings.requestsMax else {
            try finish(origin, .failed(Failure(.overloaded)))
            return
        }
        let id = router.add(
            RequestRouter.Request(
                shard: shard, bytes: bytes, origin: origin,
                deadline: step.now + (patience ?? settings.requestPatience), target: nil,
                retryAt: step.now))
        try send(id)
    }

    /// Sends the request `id` to whoever is most likely to lead its shard now.
    mutating func send(_ id: UInt64) throws(StorageError) {
        guard let request = router[id] else { return }
        if let replica = replica(of: request.shard), replica.isLeader {
            router.sent(
                id, to: identity.node, retryAt: step.now + settings.requestResendInterval)
            try serve(request.shard, request.bytes, for: .local(id))
            return
        }
        guard let target = likelyLeader(of: request.shard, attempt: request.attempts) else {
            router.sent(id, to: nil, retryAt: step.now + settings.requestRetryInterval)
            return
        }
        // Where no link is up, one is opened for it, and the request is sent again then; but when
        // there is nobody, nothing says so: it is soon tried elsewhere.
        let patience =
            links.contains(target)
            ? settings.requestResendInterval : settings.requestRetryInterval
        router.sent(id, to: target, retryAt: step.now + patience)
        step.outbound.append(
            .request(id: id, shard: request.shard, bytes: request.bytes), to: target)
    }

    /// Runs a request of this or another node, if this node leads the shard.
    mutating func serve(
        _ shard: ShardID, _ bytes: [UInt8], for requester: Requester
    ) throws(StorageError) {
        guard let replica = replica(of: shard), replica.isLeader else {
            let known = replica(of: shard)?.leaderHint ?? leaders[shard]
            let hint = Perturbation.forgottenHint.fires ? nil : known
            step.answers.append(
                NodeStep.Answer(
                    requester: requester,
                    outcome: .notLeader(hint: hint == identity.node ? nil : hint)))
            return
        }
        switch ShardMachine.classify(bytes, shard: shard, shardCount: registry.shardCount) {
        case .command(let payload):
            try replica.propose(payload, for: requester, store: store, step: &step)
            if Perturbation.doubledCommand.fires {
                _ = try? replica.raft.propose(payload)
                try replica.pump(store: store, step: &step)
            }
        case .query(let query):
            try replica.ask(query, for: requester, store: store, step: &step)
        case .malformed:
            step.answers.append(
                NodeStep.Answer(
                    requester: requester, outcome: .done(ShardMachine.failure(.badRequest))))
        }
    }

    /// Whether an answer is lost on its way, perturbed. Of one request each try has its own luck,
    /// or some would never be answered.
    private func isLost(answerTo id: UInt64) -> Bool {
        (id &+ step.now.nanoseconds / 1_000) % 8 == 0 && Perturbation.lostAnswer.fires
    }

    /// Brings an answer to whoever asked.
    mutating func deliver(
        _ answer: NodeStep.Answer, using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        switch (answer.requester, answer.outcome) {
        case (.peer(_, let id), .done) where isLost(answerTo: id): break
        case (.peer(let node, let id), .done(let bytes)):
            step.outbound.append(.response(id: id, bytes: bytes), to: node)
        case (.peer(let node, let id), .notLeader(let hint)):
            step.outbound.append(.notLeader(id: id, hint: hint), to: node)
        case (.local(let id), .done(let bytes)):
            try finishRequest(id, bytes: bytes, from: identity.node, using: &generator)
        case (.local(let id), .notLeader(let hint)):
            try redirectRequest(id, from: identity.node, hint: hint)
        }
    }

    /// A shard has answered.
    mutating func finishRequest(
        _ id: UInt64, bytes: [UInt8], from node: NodeID,
        using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        guard let request = router.remove(id) else { return Mark.answerOfNobody.hit() }
        leaders[request.shard] = node
        try finish(request.origin, .answered(bytes))
    }

    /// Whoever was asked does not lead the shard.
    mutating func redirectRequest(
        _ id: UInt64, from node: NodeID, hint: NodeID?
    ) throws(StorageError) {
        guard let request = router[id], request.target == node else {
            return Mark.notLeaderLate.hit()
        }
        if leaders[request.shard] == node { leaders[request.shard] = nil }
        if let hint, hint != node { leaders[request.shard] = hint }
        // A hint is followed at once, but not for ever in circles.
        if hint != nil, request.attempts % 4 != 0 {
            try send(id)
        } else {
            if hint != nil { Mark.redirectedInCircles.hit() }
            router.postpone(id, until: step.now + settings.requestRetryInterval)
        }
    }

    /// Gives up what took too long and repeats what was not answered; once a tick.
    mutating func retryRequests() throws(StorageError) {
        let due = router.due(at: step.now)
        for id in due.expired {
            guard let request = router.remove(id) else { continue }
            let isCommand = ShardMachine.isCommand(
                request.bytes, shard: request.shard, shardCount: registry.shardCount)
            if isCommand { Mark.outcomeUnknown.hit() }
            try finish(request.origin, .failed(Failure(isCommand ? .unknown : .unavailable)))
        }
        for id in due.retries { try send(id) }
    }

    /// Who probably leads `shard`: the known leader, else each desired replica in turn, those first
    /// that are believed to be alive.
    func likelyLeader(of shard: ShardID, attempt: Int) -> NodeID? {
        if let replica = replica(of: shard), let leader = replica.leaderHint,
            leader != identity.node, attempt % 4 != 3
        {
            return leader
        }
        if let leader = leaders[shard], leader != identity.node, attempt % 4 != 3 {
            return leader
        }
        let placement = registry.placement(of: shard)
        // Now and then somebody who was ever given the shard: until a move has begun, only those
        // who shall lose it know its leader.
        let holders = attempt % 3 == 2 ? placement?.handedOut : placement?.desired
        let candidates = (holders ?? []).map(\.node).filter { $0 != identity.node }
        let living = candidates.filter { links.contains($0) }
        let choice = living.isEmpty ? candidates : living
        return choice.isEmpty ? nil : choice[attempt % choice.count]
    }

    /// Remembers whom a local replica follows, asks there what others were asked and have not
    /// answered, and looks there for the followed logs. Linear in the requests under way.
    mutating func noteLeader(of replica: ShardReplica) {
        guard let leader = replica.leaderHint, leaders[replica.shard] != leader else { return }
        leaders[replica.shard] = leader
        presence.doubt(replica.shard)
        router.retry(replica.shard, exceptAt: leader, at: step.now)
        following.doubt(replica.shard)
        askUnconfirmed(of: replica.shard)
    }
}
