internal import Identity

/// Decides how much of the data the faults of a run may destroy (the fault atlas of TigerBeetle's
/// simulator).
///
/// Raft keeps what a majority has confirmed, so of the copies that count at most a minority may be
/// lost or damaged at one time: none of one or two, one of three or four, two of five. A copy that
/// was rebuilt counts again. A run that destroys more is beyond what the model promises to survive:
/// it ends at once, and is neither passed nor failed.
///
/// Invariants: 1. Until ``isExceeded`` every group has at most ``tolerance(of:)`` damaged voters.
/// 2. A damage is noted once for each node and shard.
struct FaultBudget {
    /// A group as its leader has it.
    struct Group: Hashable {
        let shard: ShardID
        /// The nodes whose confirmations count, ascending.
        let voters: [NodeID]
        /// Whether its configuration is the one that is wanted, and no change of it is under way:
        /// else nobody can say from outside whose confirmations count.
        let isSettled: Bool
        /// How far its newest log goes.
        let last: UInt64
    }

    /// A copy that is lost or damaged.
    struct Damage: Hashable {
        let node: NodeID
        let shard: ShardID
        /// How far the copy must have come again to count.
        let last: UInt64
    }

    /// Copies that do not count at present.
    private(set) var damages: [Damage] = []
    /// How more was destroyed than the model tolerates; nil when it was not.
    private(set) var excess: String?
    /// How often a fault was refused because of this budget.
    private(set) var refusalCount: UInt64 = 0
    /// Whether faults may destroy more than the model tolerates, on purpose.
    let mayBeExceeded: Bool

    /// More was destroyed than the model tolerates.
    var isExceeded: Bool { excess != nil }

    init(mayBeExceeded: Bool) {
        self.mayBeExceeded = mayBeExceeded
    }

    /// How many of so many voters may be lost at one time.
    static func tolerance(of voterCount: Int) -> Int { max(0, voterCount - 1) / 2 }

    /// Whether everything that `node` has may be lost now; if so it counts as damaged from now on.
    /// `groups` are all groups of the cluster. Whoever asks must then do it.
    mutating func admitsLoss(of node: NodeID, groups: [Group]) -> Bool {
        let isTolerated = groups.allSatisfy { tolerates(lossOf: node, in: $0) }
        guard isTolerated || mayBeExceeded else {
            refusalCount += 1
            return false
        }
        if let group = groups.first(where: { !tolerates(lossOf: node, in: $0) }) {
            let lost = damages.filter { $0.shard == group.shard }.map(\.node) + [node]
            excess =
                "\(group.shard) has the voters \(group.voters)"
                + (group.isSettled ? "" : ", which change,") + " and loses \(lost)"
        }
        for group in groups where concerns(node, group) {
            damages.removeAll { $0.node == node && $0.shard == group.shard }
            damages.append(Damage(node: node, shard: group.shard, last: group.last))
        }
        checkInvariants(groups)
        return true
    }

    /// Copies count again that `isWhole` finds rebuilt, and those do not matter any more whose
    /// group goes on without them.
    mutating func forget(groups: [Group], where isWhole: (Damage) -> Bool) {
        damages.removeAll { damage in
            let group = groups.first { $0.shard == damage.shard }
            if let group, group.isSettled, !group.voters.contains(damage.node) { return true }
            return isWhole(damage)
        }
    }

    /// Whether a node has copies that do not count at present.
    func hasDamage(on node: NodeID) -> Bool { damages.contains { $0.node == node } }

    /// Whether the copy of `shard` on a node does not count at present.
    func hasDamage(on node: NodeID, of shard: ShardID) -> Bool {
        damages.contains { $0.node == node && $0.shard == shard }
    }

    private func concerns(_ node: NodeID, _ group: Group) -> Bool {
        !group.isSettled || group.voters.contains(node)
    }

    private func tolerates(lossOf node: NodeID, in group: Group) -> Bool {
        guard concerns(node, group) else { return true }
        guard group.isSettled else { return false }
        let damaged = group.voters.count { voter in
            voter == node || damages.contains { $0.node == voter && $0.shard == group.shard }
        }
        return damaged <= Self.tolerance(of: group.voters.count)
    }

    private func checkInvariants(_ groups: [Group]) {
        for group in groups where group.isSettled && !isExceeded {
            let damaged = damages.count {
                $0.shard == group.shard && group.voters.contains($0.node)
            }
            precondition(damaged <= Self.tolerance(of: group.voters.count), "invariant 1")
        }
    }
}
