internal import Determinism
internal import Identity
internal import Node

/// The nodes that go on while everything else stays broken (the liveness mode of TigerBeetle's
/// simulator): faults that always heal would hide whoever waits for a node that is never seen
/// again.
///
/// Invariants: 1. Of every group the core has enough nodes to decide alone. 2. More than half of
/// all nodes are in the core, so that no client is told of more strangers than of nodes that
/// answer.
struct LivenessCore: Hashable {
    /// What a core must have of one group: so many of these nodes.
    struct Need: Hashable {
        let nodes: [NodeID]
        let count: Int

        init(nodes: [NodeID], count: Int) {
            self.nodes = nodes
            self.count = count
        }

        /// Everybody who may belong to a group whose configuration may be another than it seems:
        /// `voters` and whoever one of its replicas knows of, those too that are about to leave.
        init(everybodyOf replicas: [ReplicaStatus], and voters: [NodeID]) {
            let known = replicas.flatMap { $0.voters + $0.learners + $0.outgoing }.map(\.node)
            nodes = Set(voters + known).sorted()
            count = nodes.count
        }

        /// Whether enough of them are among `core`.
        func isMet(by core: [NodeID]) -> Bool {
            nodes.count { core.contains($0) } >= count
        }
    }

    /// Whoever goes on: those that were drawn, ascending, and who has joined since.
    private(set) var inside: [NodeID]
    /// Ascending.
    let outside: [NodeID]

    /// A core that `generator` draws of `members` and that meets all `needs`; nil when nobody can
    /// be spared.
    init?(members: [NodeID], needs: [Need], using generator: inout SeededGenerator) {
        var inside = members.sorted()
        var candidates = inside
        while !candidates.isEmpty {
            let candidate = candidates.remove(at: generator.number(below: UInt64(candidates.count)))
            let rest = inside.filter { $0 != candidate }
            guard rest.count * 2 > members.count, needs.allSatisfy({ $0.isMet(by: rest) }) else {
                continue
            }
            // Not always as few as possible.
            if rest.count == members.count - 1 || generator.chance(2, in: 3) { inside = rest }
        }
        guard inside.count < members.count else { return nil }
        self.inside = inside
        outside = members.filter { !inside.contains($0) }.sorted()
    }

    /// A node has joined that nothing is wrong with.
    mutating func admit(_ node: NodeID) {
        if !inside.contains(node), !outside.contains(node) { inside.append(node) }
    }
}
