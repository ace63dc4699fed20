internal import Determinism
internal import Identity
internal import Membership
internal import Raft
internal import Registry
internal import Storage
internal import Wire

/// Replicas come and go as the registry wants them: each leader changes its group's configuration
/// one step at a time, and each node makes and gives up replicas of its own.
///
/// The order of a move: a learner is added, catches up, becomes a voter while the replica that it
/// replaces stops being one (one joint change), and the group forgets the old one, which then
/// destroys itself. All state is in the registry and the group's log, so any leader can go on at
/// any step.
extension ClusterNode {
    /// Makes the replicas that only this node can make, and moves the groups that it leads towards
    /// what the registry wants; once a tick.
    mutating func matchReplicas(
        using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        if matchedEpoch != registry.epoch {
            matchedEpoch = registry.epoch
            try createInitialReplicas(using: &generator)
        }
        guard nextMoves <= step.now else { return }
        nextMoves = step.now + settings.raft.heartbeatInterval
        var moves = 0
        for replica in replicas {
            guard let wanted = registry.placement(of: replica.shard)?.desired else { continue }
            if replica.isLeader, replica.isReadyToServe {
                if moves < settings.movesMax, try advance(replica, towards: wanted) { moves += 1 }
            } else {
                try reconsider(replica, wanted: wanted)
            }
        }
    }

    // MARK: Making replicas

    /// A group begins with the replicas that the registry recorded before any existed. A node that
    /// once had such a replica, or has a later one, does not make it again: it would forget its
    /// votes.
    private mutating func createInitialReplicas(
        using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        for number in 0..<registry.shardCount {
            let shard = ShardID(UInt32(number))
            guard let placement = registry.placement(of: shard),
                let id = placement.initial.first(where: { $0.node == identity.node }),
                replica(of: shard) == nil, !isDestroyed(id, of: shard)
            else { continue }
            insert(
                ShardReplica.genesis(
                    shard: shard, id: id,
                    configuration: ShardReplica.configuration(of: placement.initial),
                    stateHash: 0, settings: settings, at: step.now, step: &step,
                    using: &generator))
        }
    }

    /// The replica that a message of its group is for. One that the group has added, and that does
    /// not exist yet, is made; one of an earlier incarnation gives way.
    mutating func addressee(
        _ id: ReplicaID, of shard: ShardID, sender: ReplicaID,
        using generator: inout some RandomNumberGenerator
    ) throws(StorageError) -> ShardReplica? {
        guard id.node == identity.node else { return nil }
        if let replica = replica(of: shard) {
            if replica.id == id { return replica }
            guard replica.id.incarnation < id.incarnation else { return nil }
        }
        if isDestroyed(id, of: shard) { Mark.messageForDestroyed.hit() }
        // Only the registry hands out incarnations; a number that it did not give is an error or
        // old.
        guard !isDestroyed(id, of: shard), let placement = registry.placement(of: shard),
            placement.handedOut.contains(id)
        else { return nil }
        if let replica = replica(of: shard) {
            Mark.replicaReplaced.hit()
            destroy(replica)
        }
        let replica = ShardReplica.empty(
            shard: shard, id: id, settings: settings, at: step.now, step: &step,
            using: &generator)
        insert(replica)
        return replica
    }

    private mutating func insert(_ replica: ShardReplica) {
        replicas.insert(replica, at: position(of: replica.shard))
    }

    private func isDestroyed(_ id: ReplicaID, of shard: ShardID) -> Bool {
        destroyed.contains { $0.shard == shard && $0.replica.incarnation >= id.incarnation }
    }

    // MARK: Giving up replicas

    mutating func destroy(_ replica: ShardReplica) {
        replica.destroy(step: &step)
        replicas.removeAll { $0 === replica }
        destroyed.removeAll { $0.shard == replica.shard }
        let position = destroyed.firstIndex { replica.shard < $0.shard } ?? destroyed.count
        destroyed.insert((replica.shard, replica.id), at: position)
    }

    /// A replica that does not lead and is not wanted any more asks its group about it. It never
    /// gives up by itself: until the voters of the new configuration have applied it, the log of
    /// one who was voted out may be the only one that can be elected.
    private mutating func reconsider(
        _ replica: ShardReplica, wanted: [ReplicaID]
    ) throws(StorageError) {
        guard !wanted.contains(replica.id) else {
            replica.unwantedSince = nil
            return
        }
        guard let since = replica.unwantedSince else {
            replica.unwantedSince = step.now
            return
        }
        guard step.now - since >= settings.unwantedPatience else { return }
        replica.unwantedSince = step.now
        for member in wanted where member.node != identity.node {
            step.outbound.append(
                .isMember(shard: replica.shard, replica: replica.id), to: member.node)
        }
    }

    /// Another node asks whether its replica still belongs to a group that this node leads.
    mutating func answerMembership(of id: ReplicaID, in shard: ShardID, to node: NodeID) {
        guard let replica = replica(of: shard), replica.isLeader, replica.isReadyToServe,
            replica.raft.isConfigurationSettled, !replica.raft.configuration.contains(id)
        else { return }
        step.outbound.append(.isNoMember(shard: shard, replica: id), to: node)
    }

    /// The leader of a group says that this node's replica does not belong to it any more.
    mutating func acceptExpulsion(of id: ReplicaID, from shard: ShardID, by node: NodeID) {
        // Whoever still hears another leader is in the group of that one, whatever a leader says
        // that may be deposed by now.
        guard let replica = replica(of: shard), replica.id == id, !replica.isLeader,
            replica.leaderHint == nil || replica.leaderHint == node,
            registry.placement(of: shard)?.desired.contains(id) == false
        else { return Mark.expulsionIgnored.hit() }
        Mark.expelled.hit()
        destroy(replica)
    }

    // MARK: Changing a group

    /// Takes the next step of a group that this node leads; whether the group is on the move.
    private mutating func advance(
        _ replica: ShardReplica, towards wanted: [ReplicaID]
    ) throws(StorageError) -> Bool {
        let configuration = replica.raft.configuration
        guard replica.raft.isConfigurationSettled, !configuration.isJoint else { return true }
        let target = Self.nextVoters(from: configuration, to: wanted.sorted())
        if configuration.voters == target, configuration.learners.isEmpty {
            handOver(replica, to: wanted)
            return false
        }
        if let change = nextChange(of: replica, configuration, target: target) {
            _ = try? replica.raft.proposeConfiguration(change)
            try replica.pump(store: store, step: &step)
        }
        return true
    }

    private func nextChange(
        of replica: ShardReplica, _ configuration: Configuration, target: [ReplicaID]
    ) -> ConfigurationChange? {
        if let stray = configuration.learners.first(where: { !target.contains($0) }) {
            Mark.strayLearnerRemoved.hit()
            return .removeLearner(stray)
        }
        let missing = target.filter { !configuration.contains($0) }
        if let newcomer = missing.first { return .addLearner(newcomer) }
        // Everybody who is wanted gets the log. The swap waits until they have nearly all of it and
        // a majority of the new voters is alive. Whoever is new to this leader counts as active at
        // first, and of a short log lacks little: only who has confirmed something is there.
        let present = replica.raft.progress.filter { $0.isActive && $0.match > .zero }
        let isCaughtUp = configuration.learners.allSatisfy { learner in
            present.contains {
                $0.id == learner && !$0.isRecovering
                    && replica.raft.commitIndex.distance(from: $0.match)
                        <= settings.raft.transferLagMax
            }
        }
        let alive = target.count { id in
            id == replica.id || present.contains { $0.id == id }
        }
        guard isCaughtUp, alive > target.count / 2 else {
            Mark.swapWaited.hit()
            return nil
        }
        if !configuration.learners.isEmpty { Mark.learnerPromoted.hit() }
        return .enterJoint(voters: target, learners: [], autoLeave: true)
    }

    /// Who is to vote next on the way to `wanted`. A node holds one replica of a group: where a
    /// newer one is wanted than the one that it has, that one leaves first.
    static func nextVoters(
        from configuration: Configuration, to wanted: [ReplicaID]
    ) -> [ReplicaID] {
        let voters = configuration.voters
        if let older = ShardPlacement.olderReplicas(among: voters, insteadOf: wanted) {
            Mark.olderReplicaStayed.hit()
            return older
        }
        let outdated = voters.filter { !wanted.contains($0) }.map(\.node)
        let others = wanted.filter { !outdated.contains($0.node) }
        guard others.count < wanted.count else { return wanted }
        Mark.olderReplicaLeft.hit()
        return others
    }

    /// Gives leadership to the preferred owner when it is there and up to date: this is what
    /// spreads the work. One at a time, and only from a leader that is not needed to move anything.
    private mutating func handOver(_ replica: ShardReplica, to wanted: [ReplicaID]) {
        if nextHandOver <= step.now, Perturbation.leadershipTransfer.fires {
            return handOverToAnybody(replica)
        }
        guard let preferred = wanted.first, preferred != replica.id, !isLeaving,
            replica.raft.transferee == nil, links.contains(preferred.node),
            members.member(preferred.node)?.status == .alive,
            replica.proposals.isEmpty, nextHandOver <= step.now
        else { return }
        let isFit = replica.raft.progress.contains {
            $0.id == preferred && $0.isActive && !$0.isRecovering
                && $0.match == replica.raft.lastIndex
        }
        guard isFit else { return }
        guard !Perturbation.handOverDelay.fires else {
            nextHandOver = step.now + settings.raft.electionTimeoutMin
            return
        }
        nextHandOver = step.now + settings.handOverInterval
        try? replica.raft.transferLeadership(to: preferred)
        try? replica.pump(store: store, step: &step)
    }

    /// Perturbed, but never so often that a leader has no time to hear who is there.
    private mutating func handOverToAnybody(_ replica: ShardReplica) {
        nextHandOver = step.now + settings.raft.electionTimeoutMin * 4
        let successor = replica.raft.progress.first { $0.isVoter && $0.id != replica.id }
        guard let successor, !isLeaving else { return }
        try? replica.raft.transferLeadership(to: successor.id)
        try? replica.pump(store: store, step: &step)
    }

    /// Says goodbye: hands over what this node leads, then leaves the gossip.
    mutating func leave(using generator: inout some RandomNumberGenerator) {
        guard leavesGossipAt == nil else { return }
        isLeaving = true
        leavesGossipAt = step.now + settings.leavePatience
        for replica in replicas where replica.isLeader {
            let best = replica.raft.progress.filter {
                $0.isVoter && $0.isActive && !$0.isRecovering && $0.id != replica.id
            }.max { $0.match < $1.match }
            guard let best else { continue }
            try? replica.raft.transferLeadership(to: best.id)
            try? replica.pump(store: store, step: &step)
        }
    }

    /// Leaves the gossip once nothing is left to hand over, or that takes too long: whoever is gone
    /// from the gossip is asked for nothing any more. Once a tick.
    mutating func leaveGossipIfDue() {
        guard let leavesGossipAt else { return }
        let isDone = replicas.allSatisfy { !$0.isLeader || $0.raft.progress.count <= 1 }
        guard isDone || leavesGossipAt <= step.now else { return }
        if !isDone { Mark.leftWithShards.hit() }
        members.leave(at: step.now)
    }
}

extension ShardReplica {
    /// The configuration with which a group begins.
    static func configuration(of voters: [ReplicaID]) -> Configuration {
        guard let configuration = try? Configuration(voters: voters) else {
            preconditionFailure("the registry never hands out a placement without replicas")
        }
        return configuration
    }
}
