internal import Identity
internal import Raft
internal import Registry
internal import Storage
internal import Wire

/// Effects on other shards, which the leader of a shard delivers from its durable outbox: at least
/// once, in order of their numbers as far as possible, until each has a definite answer.
extension ClusterNode {
    /// Sends what waits in the outboxes of the shards that this node leads; once a tick.
    mutating func drainOutboxes() throws(StorageError) {
        for replica in replicas where replica.isLeader && replica.shard != .registry {
            try drainOutbox(of: replica)
        }
    }

    private mutating func drainOutbox(of replica: ShardReplica) throws(StorageError) {
        guard replica.mayHaveEffects, replica.raft.isReadyToServe else { return }
        let room = settings.outboxInFlightMax - replica.outboxInFlight.count
        guard room > 0 else { return }
        let after = replica.outboxInFlight.max() ?? 0
        let effects = try Keyspace.pendingOutbox(
            of: replica.shard, in: replica.store(over: store), after: after, countMax: room)
        if effects.isEmpty, replica.outboxInFlight.isEmpty { replica.mayHaveEffects = false }
        for effect in effects {
            let command = try ShardEffect(decoding: effect.bytes).command(at: wall)
            guard let key = command.key else { throw .corrupt("an effect without a target") }
            replica.outboxInFlight.append(effect.sequence)
            try request(
                key.shard(count: UInt32(registry.shardCount)),
                ShardRequest.command(command).encoded(),
                origin: .outbox(replica.shard, place: effect.sequence))
        }
    }

    /// An effect was answered, or was not: forgets it, or leaves it for another try.
    mutating func finishEffect(
        _ place: UInt64, of shard: ShardID, _ response: ShardResponse
    ) throws(StorageError) {
        guard let replica = replica(of: shard) else { return }
        replica.outboxInFlight.removeAll { $0 == place }
        guard response.isSettled, replica.isLeader else { return }
        // The answer to this proposal interests nobody: an effect that stays is delivered again.
        let done = ShardCommand.outboxDone([place])
        _ = try? replica.raft.propose(done.encoded())
        try replica.pump(store: store, step: &step)
    }
}
