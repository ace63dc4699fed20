internal import Determinism
package import Identity
internal import Membership
internal import Raft
internal import Registry
internal import Storage
internal import Wire

/// What operators, and nodes that want to join, ask of a node.
extension ClusterNode {
    mutating func operate(
        _ request: OperatorRequest, id: UInt64
    ) throws(StorageError) {
        switch request {
        case .status: respond(.status(status), to: id)
        case .locate(let chat): respond(.located(location(of: chat)), to: id)
        case .change(let action):
            let command = RegistryCommand(at: wall, action)
            try self.request(
                .registry, ShardMachine.encoded(command), origin: .operator(id))
        }
    }

    mutating func finishOperation(_ id: UInt64, _ end: RequestEnd) {
        switch end {
        case .failed(let failure): respond(.failed(failure), to: id)
        case .answered(let bytes):
            if let outcome = RegistryAnswer.decoded(bytes) {
                respond(.outcome(outcome), to: id)
            } else {
                respond(.failed(Failure(.unavailable)), to: id)
            }
        }
    }

    /// What this node knows of the cluster.
    package var status: ClusterStatus {
        let shards = (0..<registry.shardCount).map { ShardID(UInt32($0)) } + [.registry]
        return ClusterStatus(
            node: identity.node, cluster: identity.cluster, epoch: registry.epoch,
            members: registry.members.map { member in
                let record = members.member(member.node)
                return MemberStatusLine(
                    node: member.node, standing: member.standing, liveness: record?.status,
                    endpoint: record?.endpoint, name: member.description.name,
                    zone: member.description.zone,
                    wanted: registry.wantedReplicas(on: member.node).count)
            },
            shards: shards.map { status(of: $0) })
    }

    /// What this node knows of one shard.
    package func status(of shard: ShardID) -> ShardStatusLine {
        ShardStatusLine(
            shard: shard, desired: registry.placement(of: shard)?.desired ?? [],
            leader: owner(of: shard), local: replica(of: shard)?.status)
    }

    private func location(of chat: ChatID) -> ChatLocation {
        let shard = ShardKey(chat).shard(count: UInt32(max(1, registry.shardCount)))
        return ChatLocation(
            chat: chat, hash: StableHash.of(chat.bytes), shard: shard, epoch: registry.epoch,
            desired: registry.placement(of: shard)?.desired ?? [],
            actual: replica(of: shard)?.raft.configuration.voters ?? [], owner: owner(of: shard))
    }

    /// Whether clients can be served: this node is a member that is trusted with data, knows a
    /// leader for its own replicas, and has seen the public rooms.
    package var isReadyForClients: Bool {
        guard let standing = registry.member(identity.node)?.standing, standing != .joining,
            !isLeaving, roomsKnown.count == registry.publicRooms.count
        else { return false }
        return replicas.allSatisfy { $0.isLeader || $0.leaderHint != nil }
    }

    /// Whether a shard that this node leads may have effects that wait to reach other shards.
    package var mayHaveEffects: Bool {
        replicas.contains { $0.isLeader && $0.shard != .registry && $0.mayHaveEffects }
    }

    /// Who leads `shard`, as far as this node knows.
    func owner(of shard: ShardID) -> NodeID? {
        if let replica = replica(of: shard) {
            return replica.isLeader ? identity.node : replica.leaderHint ?? leaders[shard]
        }
        return leaders[shard]
    }

    private mutating func respond(_ response: OperatorResponse, to id: UInt64) {
        ready.operatorResponses.append(NodeOperatorResponse(id: id, response: response))
    }
}

extension ShardReplica {
    /// This replica as it sees itself.
    var status: ReplicaStatus {
        let (applied, isSuspect) = (applied, isSuspect)
        return withRaft { raft in
            let (id, last) = (raft.id, raft.lastIndex)
            return ReplicaStatus(
                replica: id, isLeader: raft.role == .leader, term: raft.term.rawValue,
                applied: applied.position.index.rawValue, commit: raft.commitIndex.rawValue,
                last: last.rawValue, voters: raft.configuration.voters,
                learners: raft.configuration.learners,
                outgoing: raft.configuration.votersOutgoing,
                isSuspect: isSuspect, stateHash: applied.stateHash,
                lag: raft.progress.filter { $0.id != id }.map {
                    ReplicaLag(
                        replica: $0.id, entries: last.distance(from: $0.match),
                        isActive: $0.isActive)
                })
        }
    }
}
