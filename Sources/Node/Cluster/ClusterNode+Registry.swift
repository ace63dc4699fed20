internal import Determinism
internal import Identity
internal import Membership
internal import Raft
internal import Registry
internal import Storage
internal import Wire

/// The registry on this node: learning it, and, as the leader of its group, keeping it true.
extension ClusterNode {
    // MARK: Learning

    /// The local replica of the registry may have applied something.
    mutating func adoptRegistry(from replica: ShardReplica) throws(StorageError) {
        guard replica.applied.position.index != registryApplied else { return }
        try loadRegistry(from: replica)
    }

    /// Reads the registry from the local replica's state.
    mutating func loadRegistry(from replica: ShardReplica) throws(StorageError) {
        registryApplied = replica.applied.position.index
        guard
            let state = try ShardMachine.registryState(in: replica.store(over: store)),
            state.epoch > registry.epoch
        else { return }
        adopt(state)
    }

    /// Another node has sent its registry.
    mutating func receiveRegistry(_ bytes: [UInt8]) throws(StorageError) {
        guard let state = try? RegistryState(decoding: bytes) else {
            step.events.append(.ignored("a registry that cannot be read"))
            return
        }
        guard state.clusterID == identity.cluster, state.epoch > registry.epoch else { return }
        adopt(state)
    }

    private mutating func adopt(_ state: RegistryState) {
        registry = state
        NodeBootstrap.remember(state, in: &step.batch)
        step.events.append(.registry(state.epoch))
        registryChanged()
    }

    /// Tells everybody who goes by the registry.
    mutating func registryChanged() {
        if registry.isRemoved(identity.node) { ready.exit = .removed }
        members.note(
            registered: registry.members.map(\.node),
            at: registry.members.map {
                let description = $0.description
                return (
                    $0.node, GossipAddress(host: description.host, port: description.gossipPort)
                )
            })
        // The patience with a member whom nobody has heard yet begins when it is admitted, not when
        // this process began: it would be lost before it could start.
        for member in registry.members where member.node != identity.node {
            guard !livenessSince.contains(where: { $0.node == member.node }) else { continue }
            livenessSince.append(
                LivenessSince(node: member.node, isAlive: false, since: step.now))
        }
        livenessSince.removeAll { registry.isRemoved($0.node) }
        livenessSince.sort { $0.node < $1.node }
        let facts = members.local.facts
        let newer = try? MemberFacts(
            zone: facts.zone, protocolMin: facts.protocolMin, protocolMax: facts.protocolMax,
            weight: facts.weight, load: facts.load, registryEpoch: registry.epoch,
            version: facts.version)
        if let newer { members.updateLocal(facts: newer, at: step.now) }
        for peer in peers where registry.isRemoved(peer.node) {
            members.remove(peer.node)
            for replica in replicas { replica.interest.remove(peer.node) }
            ready.peersRemoved.append(peer.node)
        }
        peers.removeAll { registry.isRemoved($0.node) }
        // The registry says where members listened when they joined; gossip knows better later.
        for member in registry.members
        where member.node != identity.node && !peers.contains(where: { $0.node == member.node }) {
            setPeer(
                member.node, host: member.description.host, port: member.description.peerPort)
        }
        deliverNodes()
    }

    /// Asks for the registry where gossip says that somebody has a newer one; once a tick.
    mutating func fetchRegistry() {
        guard nextRegistryFetch <= step.now else { return }
        let newer = members.members.filter {
            $0.node != identity.node && $0.isLive && $0.facts.registryEpoch > registry.epoch
        }
        guard let source = newer.max(by: { $0.facts.registryEpoch < $1.facts.registryEpoch })
        else { return }
        nextRegistryFetch = step.now + .milliseconds(500)
        step.outbound.append(.registryFetch(have: registry.epoch), to: source.node)
    }

    // MARK: Keeping it true

    /// Does what is due for the registry and the replicas; once a tick.
    mutating func reconcile(
        using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        fetchRegistry()
        try matchReplicas(using: &generator)
        leaveGossipIfDue()
        guard nextReconcile <= step.now else { return }
        nextReconcile = step.now + settings.reconcileInterval
        try leaveIfDrained()
        try checkRooms()
        guard let replica = replica(of: .registry), replica.isLeader,
            replica.isReadyToServe
        else { return }
        try adoptRegistry(from: replica)
        let commands = Reconciler.propose(
            state: registry, observations: observations, at: wall)
        for command in commands {
            try request(
                .registry, ShardMachine.encoded(command), origin: .registryChange)
        }
    }

    /// A draining member says itself when it has given everything away: nobody else knows what it
    /// still holds. The registry refuses it while any shard wants this node.
    private mutating func leaveIfDrained() throws(StorageError) {
        guard registry.member(identity.node)?.standing == .draining else { return }
        guard !registry.isWanted(identity.node), replicas.isEmpty else {
            return Mark.drainWaited.hit()
        }
        let command = RegistryCommand(at: wall, .leave(identity.node))
        try request(.registry, ShardMachine.encoded(command), origin: .registryChange)
    }

    private var observations: [MemberObservation] {
        registry.members.map { member in
            if member.node == identity.node {
                return MemberObservation(
                    node: member.node, liveness: .alive(for: step.now - .start))
            }
            guard let since = livenessSince.first(where: { $0.node == member.node }) else {
                return MemberObservation(node: member.node, liveness: .dead(for: .zero))
            }
            let time = step.now - since.since
            return MemberObservation(
                node: member.node,
                liveness: since.isAlive ? .alive(for: time) : .dead(for: time),
                heldReplicas: nil)
        }
    }

    // MARK: Hubs

    /// Tells the hubs where clients may connect: this node first, then whoever is alive, then the
    /// other members that may return. A node that is cut off takes all others for dead; its clients
    /// need their addresses all the more.
    mutating func deliverNodes() {
        let alive = members.members.filter { $0.node != identity.node && $0.isLive }
        let absent = registry.members.compactMap { member -> String? in
            guard member.node != identity.node, member.standing != .lost, member.standing != .left
            else { return nil }
            // Of whom nobody has heard since this process began only the registry knows.
            guard let heard = members.member(member.node) else {
                return member.description.clientURL
            }
            return heard.isLive ? nil : heard.endpoint.clientURL
        }
        let known = [members.local.endpoint.clientURL] + alive.map(\.endpoint.clientURL) + absent
        let urls = known.filter { !$0.isEmpty }
        guard urls != clientURLs else { return }
        clientURLs = urls
        ready.clientURLs = urls
    }
}
