package import Determinism
internal import Identity
package import Membership
internal import Raft
internal import Records
internal import Registry
package import Storage
internal import Wire

/// What a node needs to start that is neither on its disk nor chance.
package struct NodeStart: Sendable {
    /// Which run of the node: ``NodeIdentity/stored(in:)`` with a generation that is one higher,
    /// and on disk already.
    package let identity: NodeIdentity
    package let endpoint: MemberEndpoint
    package let zone: String
    package let weight: UInt16
    package let version: String
    /// Where to look for the cluster, besides the addresses that the store remembers.
    package let seeds: [GossipAddress]
    package let settings: NodeSettings

    package init(
        identity: NodeIdentity, endpoint: MemberEndpoint, zone: String = "", weight: UInt16 = 100,
        version: String = "", seeds: [GossipAddress] = [], settings: NodeSettings = NodeSettings()
    ) {
        self.identity = identity
        self.endpoint = endpoint
        self.zone = zone
        self.weight = weight
        self.version = version
        self.seeds = seeds
        self.settings = settings
    }
}

/// Why a node cannot start.
package enum NodeStartError: Error, Hashable, Sendable {
    case storage(StorageError)
    /// The endpoint or the facts are too long for a datagram.
    case membership(MembershipError)
}

extension ClusterNode {
    /// The address at which each member was last known.
    private static let knownMembersKey = Array("members".utf8)

    /// A node over `base`, which must belong to `start.identity`. Reads all its replicas: linear in
    /// what they have not applied yet.
    package init(
        _ start: NodeStart, store base: any ReadableStore, at now: Instant, wall: WallTime,
        using generator: inout some RandomNumberGenerator
    ) throws(NodeStartError) {
        start.settings.validate()
        let store = NodeStore(base: base)
        // Peers remember requests and snapshot streams of the run before by their numbers.
        let run = Canary.reusedNumbers.lives ? 0 : UInt64(start.identity.generation)
        let firstNumber = run << 32 | 1
        var step = NodeStep(now: now, nextView: firstNumber)
        let registry: RegistryState
        let replicas: [ShardReplica]
        var destroyed: [(shard: ShardID, replica: ReplicaID)] = []
        let known: [KnownMember]
        do throws(StorageError) {
            registry = try NodeBootstrap.remembered(in: base) ?? RegistryState()
            replicas = try Self.restoredReplicas(
                store: store, settings: start.settings, at: now, destroyed: &destroyed,
                step: &step, using: &generator)
            known = try Self.knownMembers(in: store)
        } catch {
            throw .storage(error)
        }
        let local: MemberRecord
        do throws(MembershipError) {
            local = MemberRecord(
                node: start.identity.node,
                incarnation: Incarnation(generation: start.identity.generation),
                endpoint: start.endpoint,
                facts: try MemberFacts(
                    zone: start.zone, protocolMin: PeerLimits.protocolMin,
                    protocolMax: PeerLimits.protocolMax, weight: start.weight,
                    registryEpoch: registry.epoch, version: start.version))
        } catch {
            throw .membership(error)
        }
        identity = start.identity
        settings = start.settings
        self.registry = registry
        self.store = store
        members = FailureDetector(
            local: local, settings: start.settings.membership, seeds: start.seeds,
            known: known.map { ($0.node, $0.gossip) }, at: now, using: &generator)
        self.replicas = replicas
        self.destroyed = destroyed
        self.step = step
        router = RequestRouter(firstID: firstNumber)
        nextTick = now
        nextFollowRetry = now
        nextFollowRefresh = now + start.settings.followRefreshInterval
        nextReconcile = now
        nextRegistryFetch = now
        self.wall = wall
        for member in known where member.node != identity.node {
            let peer = NodePeer(node: member.node, host: member.gossip.host, port: member.peerPort)
            peers.append(peer)
            ready.peers.append(peer)
        }
        registryChanged()
        do throws(StorageError) {
            if let replica = replica(of: .registry) { try loadRegistry(from: replica) }
        } catch {
            throw .storage(error)
        }
        hasEnded = ready.exit != nil
    }

    private static func restoredReplicas(
        store: NodeStore, settings: NodeSettings, at now: Instant,
        destroyed: inout [(shard: ShardID, replica: ReplicaID)], step: inout NodeStep,
        using generator: inout some RandomNumberGenerator
    ) throws(StorageError) -> [ShardReplica] {
        var replicas: [ShardReplica] = []
        var from = Keyspace.statePrefix(ShardID(0))
        let end = KeyRange.end(of: Keyspace.statePrefix(.registry))
        while true {
            // The first key of the next shard that has any says which shard that is.
            let first = try store.pairs(KeyRange(.raft, from: from, to: end, countMax: 1))
            guard let key = first.first?.key, key.count >= 4 else { return replicas }
            let shard = ShardID(key.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
            let found = try ShardReplica.restored(
                shard: shard, store: store, settings: settings, at: now, step: &step,
                using: &generator)
            switch found {
            case .none: throw .corrupt("\(shard) has a log and no record of its replica")
            case .destroyed(let id):
                Mark.tombstoneFound.hit()
                destroyed.append((shard, id))
            case .replica(let replica):
                replicas.append(replica)
                if replica.isSuspect {
                    step.events.append(
                        .replicaSuspect(
                            shard: shard, replica.id,
                            reason: "the log is shorter than what was acknowledged"))
                }
            }
            from = KeyRange.end(of: Keyspace.statePrefix(shard))
        }
    }

    // MARK: Known members

    private struct KnownMember {
        let node: NodeID
        let gossip: GossipAddress
        let peerPort: UInt16
    }

    private static func knownMembers(
        in store: NodeStore
    ) throws(StorageError) -> [KnownMember] {
        guard let bytes = try store.value(for: knownMembersKey, in: .meta) else { return [] }
        let record: StoredKnownMembers = try storedRecord(bytes, "known members")
        return record.members.compactMap { member in
            guard let gossipPort = UInt16(exactly: member.gossipPort),
                let peerPort = UInt16(exactly: member.peerPort)
            else { return nil }
            return KnownMember(
                node: NodeID(member.node),
                gossip: GossipAddress(host: member.host, port: gossipPort), peerPort: peerPort)
        }
    }

    /// Keeps the members' addresses for the next start; not synced, since they are hints.
    mutating func writeKnownMembers() {
        var record = StoredKnownMembers()
        record.version = 1
        // Also of those who were not heard since this start.
        for peer in peers {
            guard let gossip = members.gossipAddress(of: peer.node) else { continue }
            var known = StoredKnownMember()
            known.node = peer.node.rawValue
            known.host = gossip.host
            known.gossipPort = UInt32(gossip.port)
            known.peerPort = UInt32(peer.port)
            record.members.append(known)
        }
        step.batch.put(
            RecordCoding.encoded(record), for: Self.knownMembersKey, in: .meta)
    }
}
