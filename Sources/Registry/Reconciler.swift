package import Determinism
package import Identity
import Placement

/// What the registry's leader sees of one member: gossip's verdict and what the member reports.
package struct MemberObservation: Hashable, Sendable {
    /// Whether the member is there, and for how long it has been (or not been) so.
    package enum Liveness: Hashable, Sendable {
        /// Alive, or only suspected, for this long.
        case alive(for: Interval)
        /// Dead, left or never heard of, for this long.
        case dead(for: Interval)
    }

    /// Who.
    package let node: NodeID
    /// Whether it is there.
    package let liveness: Liveness
    /// How many replicas it still holds, as far as is known; nil when nobody has told.
    package let heldReplicas: Int?

    package init(node: NodeID, liveness: Liveness, heldReplicas: Int? = nil) {
        self.node = node
        self.liveness = liveness
        self.heldReplicas = heldReplicas
    }
}

/// Turns what is seen into what should be written: the only place where liveness, which is a hint,
/// leads to a change of the registry, which is the truth.
///
/// A pure function, run by the registry's leader every few seconds. It proposes one kind of change
/// at a time, and what it proposes is void when the registry has changed meanwhile.
package enum Reconciler {
    /// The next commands for `state`, or none. A member without an observation counts as not alive,
    /// but for no time at all: silence alone makes nobody lost.
    ///
    /// While more than a third of the members are not alive, a partition or a fault of our own is
    /// more likely than their deaths, and nothing is proposed but to let joining nodes come up.
    package static func propose(
        state: RegistryState, observations: [MemberObservation], at wall: WallTime
    ) -> [RegistryCommand] {
        guard state.clusterID != nil else { return [] }
        let view = View(state: state, observations: observations)
        if view.isFrozen { Mark.reconcilerFrozen.hit() }
        let changes = arrivals(view) + (view.isFrozen ? [] : standings(view))
        guard changes.isEmpty else { return changes.map { RegistryCommand(at: wall, $0) } }
        guard !view.isFrozen else { return [] }
        if let action = placement(view, at: wall) ?? voters(view) {
            return [RegistryCommand(at: wall, action)]
        }
        // Who has given everything away goes last: its replicas were in the way until now.
        return departures(view).map { RegistryCommand(at: wall, $0) }
    }

    /// Whether the circuit breaker holds everything back now; for `status` and metrics.
    package static func isFrozen(
        state: RegistryState, observations: [MemberObservation]
    ) -> Bool {
        View(state: state, observations: observations).isFrozen
    }

    /// What the placement would be computed from, as a hash: nothing moves until it changes.
    package static func placementInputs(of state: RegistryState) -> UInt64 {
        inputs(candidates(state), replicas: replicas(state))
    }

    // MARK: Steps

    private static func arrivals(_ view: View) -> [RegistryAction] {
        var upCount = view.state.members.count { $0.standing == .up }
        var actions: [RegistryAction] = []
        for member in view.state.members where member.standing == .joining {
            guard case .alive(let time) = view.liveness(of: member.node) else { continue }
            // The first three come up at once: until then there is nothing to protect.
            if upCount < 3 || time >= view.state.settings.joinDelay {
                upCount += 1
                actions.append(.memberUp(member.node))
            }
        }
        return actions
    }

    private static func standings(_ view: View) -> [RegistryAction] {
        view.state.members.compactMap { member in
            switch (member.standing, view.liveness(of: member.node)) {
            case (.lost, .alive(let time)):
                time >= view.state.settings.joinDelay ? .memberUp(member.node) : nil
            case (.joining, .dead(let time)), (.up, .dead(let time)), (.draining, .dead(let time)):
                time >= view.state.settings.lostGrace ? .markLost(member.node) : nil
            case (.joining, .alive), (.up, .alive), (.draining, .alive), (.left, _), (.lost, .dead):
                nil
            }
        }
    }

    private static func candidates(_ state: RegistryState) -> [PlacementMember] {
        state.members.filter { $0.standing == .up }.map {
            PlacementMember(
                node: $0.node, zone: $0.description.zone, weight: $0.description.weight)
        }
    }

    /// How many replicas there should be: lost members still count, for it is no reason to keep
    /// fewer copies of the data that one of three nodes is gone.
    private static func replicas(_ state: RegistryState) -> Int {
        let up = state.members.count { $0.standing == .up }
        let counted = state.members.count { $0.standing == .up || $0.standing == .lost }
        let setting = Int(state.settings.replicationFactor)
        guard up < 3, counted >= 3 else {
            return Rendezvous.replicationFactor(setting: setting, members: up)
        }
        return min(3, setting)
    }

    private static func inputs(_ members: [PlacementMember], replicas: Int) -> UInt64 {
        var writer = RegistryWriter()
        writer.count(replicas)
        writer.list(members) { writer, member in
            writer.node(member.node)
            writer.text(member.zone)
            writer.number(UInt64(member.weight))
        }
        // Zero means that nothing was placed yet.
        return max(1, StableHash.of(writer.bytes))
    }

    private static func placement(_ view: View, at wall: WallTime) -> RegistryAction? {
        let state = view.state
        let members = candidates(state)
        let replicas = replicas(state)
        let inputs = inputs(members, replicas: replicas)
        // With fewer nodes than replicas the shards keep those that they have, lost or not: they
        // are needed for the quorum, and may come back.
        guard inputs != state.placedFor, members.count >= replicas else { return nil }
        if members.count == 2,
            state.shardMap.shards.allSatisfy({ nodes in
                nodes.allSatisfy { node in members.contains { $0.node == node } }
            })
        {
            // A third is likely to follow: spreading data over two first would move it twice.
            let last = state.members.map(\.changedAt).max() ?? state.time
            guard wall - last >= state.settings.pairPatience else { return nil }
        }
        let placed = Rendezvous.place(
            members: members, shardCount: state.shardCount, replicationFactor: replicas,
            previous: state.shardMap.shards)
        return .setPlacement(expected: state.epoch, placedFor: inputs, shards: placed)
    }

    /// Up to five nodes replicate the registry: one below three members, three below five. Who does
    /// it well stays; new ones are alive, and in other zones where that is possible.
    private static func voters(_ view: View) -> RegistryAction? {
        let state = view.state
        let up = state.members.filter { $0.standing == .up }
        let present = state.registryGroup.desired.map(\.node)
        let counted = state.members.count { $0.standing == .up || $0.standing == .lost }
        // As with shards: one lost of three is no reason to give up the quorum of three.
        guard up.count >= 3 || counted < 3 else { return nil }
        let wanted = up.count >= 5 ? RegistryLimits.registryVotersMax : up.count >= 3 ? 3 : 1
        // Members in good standing stay, the living ones first when there are too many.
        var chosen = present.filter { node in up.contains { $0.node == node } }
        if chosen.count > wanted {
            let living = chosen.filter(view.isAlive)
            let others = chosen.filter { !view.isAlive($0) }
            chosen = Array((living + others).prefix(wanted))
        }
        while chosen.count < wanted {
            let zones = chosen.compactMap { state.member($0)?.description.zone }
            let free = up.filter { !chosen.contains($0.node) && view.isAlive($0.node) }
            let apart = free.first { !zones.contains($0.description.zone) }
            guard let next = apart ?? free.first else { return nil }
            chosen.append(next.node)
        }
        guard chosen.sorted() != present.sorted() else { return nil }
        return .setRegistryVoters(expected: state.epoch, nodes: chosen)
    }

    private static func departures(_ view: View) -> [RegistryAction] {
        view.state.members.filter { member in
            member.standing == .draining && !view.state.isWanted(member.node)
                && view.heldReplicas(of: member.node) == 0
        }.map { .leave($0.node) }
    }
}

/// The state beside what is seen.
private struct View {
    let state: RegistryState
    private let observations: [MemberObservation]

    init(state: RegistryState, observations: [MemberObservation]) {
        self.state = state
        self.observations = observations
    }

    func liveness(of node: NodeID) -> MemberObservation.Liveness {
        observations.first { $0.node == node }?.liveness ?? .dead(for: .zero)
    }

    func isAlive(_ node: NodeID) -> Bool {
        if case .alive = liveness(of: node) { true } else { false }
    }

    func heldReplicas(of node: NodeID) -> Int? {
        observations.first { $0.node == node }?.heldReplicas
    }

    /// Those already lost or gone are not counted again, nor are those who never came up.
    var isFrozen: Bool {
        let counted = state.members.filter { $0.standing == .up || $0.standing == .draining }
        let missing = counted.count { !isAlive($0.node) }
        return missing * 3 > counted.count
    }
}
