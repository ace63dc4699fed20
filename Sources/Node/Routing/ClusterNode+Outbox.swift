internal import Determinism
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
        guard replica.mayHaveEffects, replica.isReadyToServe else { return }
        // Always from the oldest on, so that one that has to be tried again is never overtaken for
        // ever by those that come after it.
        let countMax = Perturbation.smallOutbox.fires ? 1 : settings.outboxInFlightMax
        let effects = try Keyspace.pendingOutbox(
            of: replica.shard, in: replica.store(over: store), countMax: countMax)
        // What is not there any more was delivered, and the group knows. Nothing is known of what
        // comes after as many as were looked at.
        let pending = effects.map(\.sequence)
        let last = effects.count < countMax ? UInt64.max : pending.last ?? .max
        replica.outboxInFlight.removeAll { $0 <= last && !pending.contains($0) }
        if effects.isEmpty { replica.mayHaveEffects = false }
        for effect in effects where !replica.outboxInFlight.contains(effect.sequence) {
            guard let command = try? ShardEffect(decoding: effect.bytes).command(at: wall),
                let key = command.key
            else {
                // No node could ever deliver it, and ending here would end every leader in turn.
                step.events.append(
                    .ignored("\(replica.shard): the effect \(effect.sequence) is unreadable"))
                try settleEffect(effect.sequence, of: replica)
                continue
            }
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
        let isAwaited = replica.outboxInFlight.contains(place)
        if replica.isLeader, !isAwaited { Mark.effectAnsweredTwice.hit() }
        replica.outboxInFlight.removeAll { $0 == place }
        guard response.isSettled || Canary.droppedEffect.lives else {
            return Mark.effectDelayed.hit()
        }
        guard replica.isLeader else { return Mark.effectAnsweredLate.hit() }
        guard !Perturbation.doubledEffect.fires else { return }
        // A late answer that finds others in all places waits for none: the effect has its turn
        // once more, and is answered then.
        guard isAwaited || replica.outboxInFlight.count < settings.outboxInFlightMax else {
            return
        }
        try settleEffect(place, of: replica)
    }

    /// Tells the group that an effect needs no delivery any more. Until that is applied the effect
    /// stays in flight; if it cannot be proposed, the effect is delivered again.
    private mutating func settleEffect(
        _ place: UInt64, of replica: ShardReplica
    ) throws(StorageError) {
        let done = ShardCommand.outboxDone([place])
        guard (try? replica.raft.propose(done.encoded())) != nil else {
            return Mark.effectUnsettled.hit()
        }
        replica.outboxInFlight.append(place)
        try replica.pump(store: store, step: &step)
    }
}
