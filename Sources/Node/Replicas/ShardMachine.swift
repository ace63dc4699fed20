internal import Accounts
internal import Chat
internal import Identity
internal import Raft
internal import Records
internal import Registry
internal import Storage
internal import Wire

/// The two kinds of state that a group replicates, as the replica sees them: bytes in, bytes out.
/// Shards of data hold chats and accounts (``ShardExecutor``); the registry's group holds one
/// value.
enum ShardMachine {
    /// What applying a command did.
    struct Outcome {
        /// The encoded answer to whoever proposed it.
        let response: [UInt8]
        let published: [PublishedEntry]
        let marks: MarksOfChat?
        /// Whether the outbox has got effects to deliver.
        var hasEffects = false
        /// The message whose words were replaced or taken.
        var rewritten: RewrittenMessage?
    }

    /// What a request is.
    enum Request {
        /// To be replicated; the bytes are the payload of a log entry.
        case command([UInt8])
        /// To be answered from the state.
        case query([UInt8])
        /// Not a request at all.
        case malformed
    }

    /// How a query is answered.
    enum Plan {
        case answer([UInt8])
        case range(KeyRange, finish: ([KeyValue]) throws(StorageError) -> [UInt8])
        case question(StoreQuestion)
    }

    /// Under which key of its state the registry's group keeps its value.
    static let registryStateKey: [UInt8] = [0x01]

    // MARK: Requests

    /// A command of the registry, as a request.
    static func encoded(_ command: RegistryCommand) -> [UInt8] { command.encoded }

    /// What the bytes of a request are. Everything that is proposed has been read once before, so
    /// that no replica ever meets a command that it cannot read.
    static func classify(_ bytes: [UInt8], shard: ShardID, shardCount: Int) -> Request {
        if shard == .registry {
            return (try? RegistryCommand(decoding: bytes)) == nil ? .malformed : .command(bytes)
        }
        switch try? ShardRequest(decoding: bytes) {
        case .command(let command):
            // What has no key is the leader's own; what is another shard's came to the wrong place,
            // and once in this log it would be applied here.
            guard shardCount > 0, let key = command.key,
                key.shard(count: UInt32(shardCount)) == shard
            else { return .malformed }
            return .command(command.encoded())
        case .query: return .query(bytes)
        case nil: return .malformed
        }
    }

    /// Whether a request may have changed something although nobody answered.
    static func isCommand(_ bytes: [UInt8], shard: ShardID, shardCount: Int) -> Bool {
        if case .command = classify(bytes, shard: shard, shardCount: shardCount) {
            true
        } else {
            false
        }
    }

    /// The encoded form of a refusal by Raft.
    static func failure(of error: RaftError) -> [UInt8] {
        switch error {
        case .tooLarge: failure(.tooLarge)
        case .overloaded: failure(.overloaded)
        case .notLeader, .transferring, .configurationInFlight, .invalidConfiguration,
            .unfitSuccessor, .malformedConfiguration, .malformedState:
            failure(.unavailable)
        }
    }

    /// The encoded form of a failure.
    static func failure(_ code: FailureCode) -> [UInt8] {
        ShardResponse.failed(Failure(code)).encoded()
    }

    // MARK: State

    /// Applies the payload of a committed entry.
    static func apply(
        _ payload: [UInt8], shard: ShardID, to transaction: inout StateTransaction
    ) throws(StorageError) -> Outcome {
        guard shard != .registry else {
            return try applyToRegistry(payload, transaction: &transaction)
        }
        let outcome = try ShardExecutor.apply(
            try ShardCommand(decoding: payload), to: &transaction)
        return Outcome(
            response: outcome.response.encoded(), published: outcome.published,
            marks: outcome.marks, hasEffects: outcome.hasEffects, rewritten: outcome.rewritten)
    }

    /// Answers a query of the state.
    static func query(
        _ bytes: [UInt8], shard: ShardID, store: ShardStore
    ) throws(StorageError) -> Plan {
        guard case .query(let query) = try ShardRequest(decoding: bytes) else {
            throw .corrupt("a query that is none")
        }
        switch try ShardExecutor.query(query, store: store, shard: shard) {
        case .answer(let response): return .answer(response.encoded())
        case .range(let range, let finish):
            return .range(range) { pairs throws(StorageError) in try finish(pairs).encoded() }
        case .question(let question): return .question(question)
        }
    }

    /// Where a log of the shard ends; nil when there is no such log.
    static func head(
        of log: LogID, shard: ShardID, store: ShardStore
    ) throws(StorageError) -> LogHead? {
        switch log {
        case .chat(let chat):
            guard let head = try ChatQueries.head(of: chat, in: shard, store) else { return nil }
            return LogHead(
                log: log, epoch: head.epoch, seq: head.seq, n: head.n,
                marksVersion: head.marksVersion)
        case .inbox(let account):
            guard let head = try AccountQueries.inboxHead(of: account, in: shard, store) else {
                return nil
            }
            return LogHead(
                log: log, epoch: head.epoch, seq: head.seq, n: .zero, marksVersion: 0)
        }
    }

    /// The registry in the state of its group.
    static func registryState(in store: ShardStore) throws(StorageError) -> RegistryState? {
        let key = Keyspace.statePrefix(.registry) + registryStateKey
        guard let bytes = try store.value(for: key, in: .data) else { return nil }
        return try decodedRegistry(bytes)
    }

    private static func applyToRegistry(
        _ payload: [UInt8], transaction: inout StateTransaction
    ) throws(StorageError) -> Outcome {
        guard let command = try? RegistryCommand(decoding: payload),
            let bytes = try transaction.value(for: registryStateKey)
        else { throw .corrupt("a command of the registry, or its state, cannot be read") }
        var state = try decodedRegistry(bytes)
        let outcome = state.apply(command)
        try transaction.put(state.encoded, for: registryStateKey)
        return Outcome(
            response: RegistryAnswer.encoded(outcome), published: [], marks: nil)
    }

    private static func decodedRegistry(_ bytes: [UInt8]) throws(StorageError) -> RegistryState {
        do {
            return try RegistryState(decoding: bytes)
        } catch {
            throw .corrupt("the registry's state cannot be read: \(error)")
        }
    }
}
