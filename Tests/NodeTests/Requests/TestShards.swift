import Chat
import Determinism
import Identity
import Node
import Storage
import Wire

/// The shards of a cluster without the cluster: commands are applied as they come, effects are
/// delivered when asked for.
struct TestShards {
    let count: UInt32
    var store = MemoryStore()
    var wall = WallTime(milliseconds: 1_700_000_000_000)
    private(set) var published: [PublishedEntry] = []
    private(set) var commandCount = 0
    private var stateHashes: [ShardID: UInt64] = [:]

    init(count: UInt32 = 8) {
        self.count = count
    }

    /// Runs a client's request to its end; with `stepMax` the procedure is dropped after so many steps,
    /// as if its node had died.
    @discardableResult
    mutating func run(
        _ request: ClientRequest, publicRooms: [ChatID] = [], stepMax: Int = 1_000
    ) throws -> ClientResponse? {
        var procedure = Procedure(
            request, wall: wall, publicRooms: publicRooms, shardCount: count)
        var step = procedure.start()
        for _ in 0..<stepMax {
            switch step {
            case .done(let response): return response
            case .run(let requests):
                var responses: [ShardResponse] = []
                for (key, request) in requests {
                    // What travels between nodes must arrive as it left.
                    let arrived = try ShardRequest(decoding: request.encoded())
                    precondition(arrived == request)
                    let response = try answer(arrived, in: key.shard(count: count))
                    let returned = try ShardResponse(decoding: response.encoded())
                    precondition(returned == response)
                    responses.append(returned)
                }
                step = procedure.resume(with: responses)
            }
        }
        return nil
    }

    mutating func answer(_ request: ShardRequest, in shard: ShardID) throws -> ShardResponse {
        switch request {
        case .command(let command): return try apply(command, in: shard)
        case .query(let query):
            let state = ShardStore(shard: shard, generation: 0, base: store)
            switch try ShardExecutor.query(query, store: state, shard: shard) {
            case .answer(let response): return response
            case .range(let range, let finish): return try finish(try state.pairs(range))
            case .question(let question):
                return try ShardResponse(decoding: question.answer(from: store).bytes)
            }
        }
    }

    mutating func apply(_ command: ShardCommand, in shard: ShardID) throws -> ShardResponse {
        commandCount += 1
        var transaction = StateTransaction(
            shard: shard, base: store, stateHash: stateHashes[shard, default: 0])
        let outcome = try ShardExecutor.apply(
            ShardCommand(decoding: command.encoded()), to: &transaction)
        store.apply(transaction.takeBatch())
        stateHashes[shard] = transaction.stateHash
        published += outcome.published
        return outcome.response
    }

    /// Delivers the effects of all outboxes, and what they cause, until there are none; each one
    /// `times` times.
    mutating func drain(times: Int = 1) throws {
        for _ in 0..<100 {
            var isIdle = true
            for number in 0..<count {
                let shard = ShardID(number)
                let state = ShardStore(shard: shard, generation: 0, base: store)
                let pending = try Keyspace.pendingOutbox(of: shard, in: state, countMax: 100)
                guard !pending.isEmpty else { continue }
                isIdle = false
                var done: [UInt64] = []
                for effect in pending {
                    let command = try ShardEffect(decoding: effect.bytes).command(at: wall)
                    guard let key = command.key else { continue }
                    for _ in 0..<times {
                        let response = try apply(command, in: key.shard(count: count))
                        if response.isSettled { done.append(effect.sequence) }
                    }
                }
                _ = try apply(.outboxDone(done), in: shard)
            }
            if isIdle { return }
        }
    }
}

/// Ids for tests: small numbers.
func cmid(_ number: UInt64, at wall: WallTime = WallTime(milliseconds: 1_700_000_000_000))
    -> MessageID
{
    MessageID(high: wall.milliseconds << 16 | 0x7000, low: 1 << 63 | number)
}

func account(_ number: UInt64) -> AccountID { AccountID(high: 0xACC, low: number) }

func session(_ number: UInt64) -> SessionID { SessionID(high: 0x5E5, low: number) }

extension TestShards {
    /// Signs in by phone; answers whose account it is.
    mutating func signIn(_ number: UInt64, username: String? = nil) throws -> AccountID? {
        let phone = "+49151123450\(10 + number)"
        let code = [UInt8](repeating: 7, count: 32)
        try run(.requestCode(phone: phone, codeHash: code, cmid: cmid(9_000 + number * 10)))
        let response = try run(
            .signIn(
                SignIn(
                    phone: phone, codeHash: code, device: "test", newAccount: account(number),
                    session: session(number), secretHash: [UInt8](repeating: 1, count: 32),
                    cmid: cmid(9_001 + number * 10))))
        guard case .signedIn(let person, _)? = response else { return nil }
        if let username {
            try run(
                .setProfile(
                    person.id, name: "Person \(number)", username: username,
                    cmid: cmid(9_002 + number * 10)))
        }
        try drain()
        return person.id
    }
}
