package import Determinism
package import Identity
internal import Membership
internal import Raft
package import Registry
package import Storage

/// What makes an empty store that of a node. Either way happens once, by an operator's word; a
/// store that belongs to a node refuses both.
package enum NodeBootstrap {
    private static let registryKey = Array("registry".utf8)

    /// The batch that makes an empty store the first node of a new cluster, which nodes can join by
    /// `tokens`. To be synced.
    package static func initialise(
        _ origin: RegistryOrigin, tokens: [(hash: [UInt8], expiry: WallTime)] = [],
        at wall: WallTime
    ) -> (batch: WriteBatch, outcome: RegistryOutcome) {
        var registry = RegistryState()
        var batch = WriteBatch()
        let actions: [RegistryAction] =
            [.initialise(origin)]
            + tokens.map { .createToken(hash: $0.hash, expiry: $0.expiry) }
        for action in actions {
            let outcome = registry.apply(RegistryCommand(at: wall, action))
            guard outcome == .done else { return (batch, outcome) }
        }
        // The run counts from the first start, so that none is recorded yet.
        NodeIdentity(cluster: origin.clusterID, node: NodeID(1), generation: 0)
            .write(to: &batch)
        batch.append(contentsOf: registryGroup(holding: registry, on: ReplicaID(node: NodeID(1))))
        remember(registry, in: &batch)
        return (batch, .done)
    }

    /// The batch that makes an empty store that of `node`, which `registry` has admitted. To be
    /// synced.
    package static func join(
        cluster: ClusterID, node: NodeID, registry: RegistryState
    ) -> WriteBatch {
        var batch = WriteBatch()
        NodeIdentity(cluster: cluster, node: node, generation: 0).write(to: &batch)
        remember(registry, in: &batch)
        return batch
    }

    /// The registry as this node knew it last.
    static func remembered(in store: any ReadableStore) throws(StorageError) -> RegistryState? {
        guard let bytes = try store.value(for: registryKey, in: .meta) else { return nil }
        do {
            return try RegistryState(decoding: bytes)
        } catch {
            throw .corrupt("the remembered registry cannot be read: \(error)")
        }
    }

    /// Keeps `registry` for the next start.
    static func remember(_ registry: RegistryState, in batch: inout WriteBatch) {
        batch.put(registry.encoded, for: registryKey, in: .meta)
    }

    /// The first replica of the registry's group, which holds `registry` from the beginning.
    private static func registryGroup(
        holding registry: RegistryState, on id: ReplicaID
    ) -> WriteBatch {
        let shard = ShardID.registry
        let value = registry.encoded
        let key = ShardMachine.registryStateKey
        let genesis = RaftRestoredState.genesis(ShardReplica.configuration(of: [id]))
        let place = LogPlace(index: genesis.originIndex, term: genesis.originTerm, checksum: 0)
        let applied = AppliedRecord(
            position: place, configuration: genesis.configuration,
            stateHash: StateTransaction.hash(key: key, value: value), generation: 0)
        let origin = AppliedRecord(
            position: place, configuration: .empty, stateHash: 0, generation: 0)
        var batch = WriteBatch()
        batch.put(
            value, for: Keyspace.statePrefix(shard, generation: 0) + key, in: .data)
        batch.put(applied.bytes, for: Keyspace.applied(shard), in: .raft)
        batch.put(origin.bytes, for: Keyspace.origin(shard), in: .raft)
        batch.put(
            ReplicaRecord(id: id, hardState: genesis.hardState, watermark: place).bytes,
            for: Keyspace.replica(shard), in: .raft)
        return batch
    }
}
