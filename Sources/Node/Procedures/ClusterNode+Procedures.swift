internal import Identity
internal import Registry
internal import Storage
internal import Wire

/// Runs procedures: sends their steps to the shards and brings the answers back.
extension ClusterNode {
    /// How a request to a shard ended for its origin.
    enum RequestEnd {
        case answered([UInt8])
        case failed(Failure)
    }

    /// Begins what a client wants; the answer goes to `source`.
    mutating func begin(
        _ request: ClientRequest, for source: RequestSource,
        using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        guard registry.shardCount > 0, procedures.count < settings.requestsMax else {
            answer(.failed(Failure(.unavailable)), to: source)
            return
        }
        var procedure = Procedure(
            request, wall: wall, publicRooms: registry.publicRooms.map(\.chat),
            shardCount: UInt32(registry.shardCount))
        let first = procedure.start()
        let id = nextProcedure
        nextProcedure += 1
        procedures[id] = RunningProcedure(
            procedure: procedure, source: source, responses: [], missing: 0)
        try proceed(first, of: id)
    }

    private mutating func proceed(
        _ procedureStep: ProcedureStep, of id: UInt64
    ) throws(StorageError) {
        switch procedureStep {
        case .done(let response):
            guard let running = procedures.removeValue(forKey: id) else { return }
            answer(response, to: running.source)
        case .run(let requests):
            procedures[id]?.responses = Array(repeating: nil, count: requests.count)
            procedures[id]?.missing = requests.count
            for (slot, (key, request)) in requests.enumerated() {
                // What one shard does not find must not keep the others' finds for long.
                let isSearch = if case .query(.search) = request { true } else { false }
                try self.request(
                    key.shard(count: UInt32(registry.shardCount)), request.encoded(),
                    origin: .procedure(id, slot: slot),
                    patience: isSearch ? settings.searchPatience : nil)
            }
        }
    }

    /// A request to a shard has ended: tells its origin.
    mutating func finish(
        _ origin: RequestRouter.Origin, _ end: RequestEnd
    ) throws(StorageError) {
        switch origin {
        case .procedure(let id, let slot):
            try resume(id, slot: slot, with: response(of: end))
        case .outbox(let shard, let place):
            try finishEffect(place, of: shard, response(of: end))
        case .registryChange, .lastSeen:
            break
        case .operator(let id):
            finishOperation(id, end)
        case .room(let chat, let isQuestion):
            try finishRoom(chat, isQuestion: isQuestion, response(of: end))
        }
    }

    private mutating func resume(
        _ id: UInt64, slot: Int, with response: ShardResponse
    ) throws(StorageError) {
        guard procedures[id] != nil else { return }
        procedures[id]?.responses[slot] = response
        procedures[id]?.missing -= 1
        guard var running = procedures[id], running.missing == 0 else { return }
        let next = running.procedure.resume(with: running.responses.compactMap { $0 })
        procedures[id] = running
        try proceed(next, of: id)
    }

    private func response(of end: RequestEnd) -> ShardResponse {
        switch end {
        case .failed(let failure): .failed(failure)
        case .answered(let bytes):
            (try? ShardResponse(decoding: bytes)) ?? .failed(Failure(.internal))
        }
    }

    private mutating func answer(_ response: ClientResponse, to source: RequestSource) {
        switch source {
        case .hub(let hub, let token):
            ready.deliveries.append(
                NodeDelivery(hub: hub, delivery: .response(token, response)))
        case .host(let id):
            ready.responses.append(NodeResponse(id: id, response: response))
        }
    }
}
