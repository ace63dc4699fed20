import Identity

extension RegistryState {
    /// The first of the type's numbered invariants that does not hold; nil when all hold. Also what
    /// a decoded state has to pass.
    package var brokenInvariant: String? {
        guard
            zip(members, members.dropFirst()).allSatisfy({ $0.node < $1.node }),
            members.allSatisfy({ $0.node < nextNodeID && $0.node.rawValue > 0 }),
            nextNodeID.rawValue <= UInt64(UInt32.max)
        else { return "1: members in order and below the next id" }
        guard clusterID != nil else {
            return members.isEmpty && shards.isEmpty && epoch == .zero
                ? nil : "2: nothing before the first command"
        }
        guard shards.count > 0, shards.count & (shards.count - 1) == 0 else {
            return "2: a power of two shards"
        }
        for shard in shards + [registryGroup] {
            guard !shard.desired.isEmpty else { return "2: each shard is wanted by somebody" }
            guard shard.desired.allSatisfy({ shard.handedOut.contains($0) }) else {
                return "4: wanted replicas are the newest"
            }
            guard
                zip(shard.handedOut, shard.handedOut.dropFirst())
                    .allSatisfy({ $0.node < $1.node }),
                shard.handedOut.count <= RegistryLimits.holdersMax,
                shard.desired.count <= RegistryLimits.replicationFactorMax
            else { return "4: one newest replica for each node" }
            guard
                shard.desired.indices.allSatisfy({ place in
                    !shard.desired[..<place].contains { $0.node == shard.desired[place].node }
                })
            else { return "4: no node twice" }
            guard shard.handedOut.allSatisfy({ (1..<1 << 31).contains($0.incarnation) }) else {
                return "4: incarnations count from one and never run out"
            }
        }
        guard epoch > .zero, epoch.rawValue < 1 << 62 else {
            return "3: the first command is a change, and epochs never run out"
        }
        guard members.count <= RegistryLimits.membersMax, tokens.count <= RegistryLimits.tokensMax,
            publicRooms.count <= RegistryLimits.publicRoomsMax,
            shards.count <= RegistryLimits.shardCountMax, settings.isWithinLimits,
            members.allSatisfy(\.description.isWithinLimits)
        else { return "5: limits" }
        return nil
    }

    /// Traps when an invariant is broken.
    package func checkInvariants() {
        let broken = brokenInvariant
        precondition(broken == nil, broken ?? "")
    }
}
