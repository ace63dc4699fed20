import Determinism
import Identity

/// One other member, with what is needed to judge it.
struct Member: Hashable, Sendable {
    /// What is believed about it.
    var record: MemberRecord
    /// The incarnation of the `alive` that endpoint and facts are from; accusations may be newer.
    var describedBy: Incarnation
    /// When the status last changed.
    var changedAt: Instant
    /// Present exactly while the member is suspect.
    var suspicion: Suspicion?
    /// Who gave it up, while it is dead.
    var killer: NodeID?
    /// When an accusation was last repeated to it.
    var reaccusedAt: Instant?
    /// When two claims to its identity were last reported.
    var conflictAt: Instant?

    /// What its status accuses it of; nil while it is alive.
    func accusation(by local: NodeID) -> MemberUpdate? {
        let node = record.node
        switch record.status {
        case .alive: return nil
        case .suspect:
            return .suspect(
                node: node, incarnation: record.incarnation, from: suspicion?.accuser ?? local)
        case .dead: return .dead(node: node, incarnation: record.incarnation, from: killer ?? local)
        case .left: return .dead(node: node, incarnation: record.incarnation, from: node)
        }
    }
}

/// All other members, by ascending node.
///
/// Invariant: strictly ascending.
struct MembershipTable: Hashable, Sendable {
    /// In order.
    private(set) var members: [Member] = []

    /// How many.
    var count: Int { members.count }

    subscript(node: NodeID) -> Member? {
        get {
            let position = insertionPoint(of: node)
            guard position < members.count, members[position].record.node == node else {
                return nil
            }
            return members[position]
        }
        set {
            let position = insertionPoint(of: node)
            let isPresent = position < members.count && members[position].record.node == node
            switch (newValue, isPresent) {
            case (let member?, true): members[position] = member
            case (let member?, false): members.insert(member, at: position)
            case (nil, true): members.remove(at: position)
            case (nil, false): break
            }
        }
    }

    private func insertionPoint(of node: NodeID) -> Int {
        var low = 0
        var high = members.count
        while low < high {
            let middle = (low + high) / 2
            if members[middle].record.node < node {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
